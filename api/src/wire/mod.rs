//! Values of the domain on the wire: how each is written in JSON, and how the contract describes it.
//!
//! Texts and numbers are read with the domain's own constructors, so a rule stands in one place.

mod enums;
mod text;

pub use enums::{Colour, Direction, Frequency, Polarity, PolaritySource, QualityGrade, Rating, Standing};
pub use text::{AsText, Breakdown, Code, Name, Note, Period, Title, Unit};

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};

/// A decimal as a JSON number with the digits that it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal(pub waymark_domain::decimal::Decimal);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = self.0.to_string().parse().map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        number.to_string().parse().map(Self).map_err(de::Error::custom)
    }
}

impl PartialSchema for Decimal {
    fn schema() -> RefOr<Schema> {
        let bound = 999_999_999_999_999.0_f64;
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some(format!(
                "An exact decimal with at most {} digits before the point and {} after it.",
                waymark_domain::decimal::Decimal::INTEGER_DIGITS,
                waymark_domain::decimal::Decimal::PLACES,
            )))
            .minimum(Some(-bound))
            .maximum(Some(bound))
            .into()
    }
}

impl ToSchema for Decimal {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Decimal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_round_trips_with_its_digits() {
        for text in ["0", "70.0", "-22.80", "999999999999999.123456789", "0.000000001"] {
            let decimal: Decimal = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&decimal).unwrap(), text);
        }
        assert_eq!(serde_json::to_string(&serde_json::from_str::<Decimal>("1.5e3").unwrap()).unwrap(), "1500");
        for text in ["1e16", "0.0000000001", "\"1\"", "null", "true", "1e99999"] {
            assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
        }
    }
}
