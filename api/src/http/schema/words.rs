//! Words that stand for one of a few things: the enumerations of the domain on the wire, under the domain's names.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, VariantAccess, Visitor};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use waymark_domain::named::Named;
use waymark_domain::{direction, indicator, judgement, observation, polarity, rating, target, tracker};

/// Declares the wire form of an enumeration of the domain whose cases have names: `Colour = rating::Colour`. Its names are
/// those of the domain, in JSON and in the contract; its description is the doc comment.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident = $domain:path) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name($domain);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::http::schema::words::read(stringify!($name), deserializer).map(Self)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::http::schema::words::schema::<$domain>(&[$($doc),+]).into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}
pub(crate) use words;

/// Reads a name as serde's derive reads a case without fields, with the same errors.
pub(crate) fn read<'de, N: Named, D: Deserializer<'de>>(
    type_name: &'static str,
    deserializer: D,
) -> Result<N, D::Error> {
    deserializer.deserialize_enum(type_name, N::NAMES, Name(PhantomData))
}

/// The schema of an enumeration, described by the lines of a doc comment.
pub(crate) fn schema<N: Named>(description: &[&str]) -> Schema {
    let lines: Vec<&str> = description.iter().map(|line| line.trim()).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(lines.join("\n")))
        .enum_values(Some(N::NAMES.iter().copied()))
        .into()
}

struct Name<N>(PhantomData<N>);

impl<'de, N: Named> Visitor<'de> for Name<N> {
    type Value = N;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", N::NAMES.join(", "))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<N, E> {
        N::from_name(name).ok_or_else(|| E::unknown_variant(name, N::NAMES))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<N, A::Error> {
        let (case, content) = access.variant_seed(self)?;
        content.unit_variant()?;
        Ok(case)
    }
}

impl<'de, N: Named> DeserializeSeed<'de> for Name<N> {
    type Value = N;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<N, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

words! {
    /// Which way is better.
    Polarity = polarity::Polarity
}

words! {
    /// How the polarity came to be known. What is inferred should be confirmed by an officer.
    PolaritySource = polarity::PolaritySource
}

words! {
    /// How often a result is due.
    Frequency = indicator::Frequency
}

words! {
    /// How settled a result is.
    Standing = observation::Standing
}

words! {
    /// How good the data behind a result are.
    QualityGrade = observation::QualityGrade
}

words! {
    /// A judged rating.
    Colour = rating::Colour
}

words! {
    /// Whether a judgement is about the rating now or about the one at the end of the year.
    JudgementKind = judgement::JudgementKind
}

words! {
    /// Whose target it is: set for every council, or by the council and its partners for themselves.
    TargetScope = target::Scope
}

words! {
    /// Which way the results go, with the polarity taken into account.
    Direction = direction::Direction
}

words! {
    /// How far a key action is.
    ActionStatus = tracker::ActionStatus
}

words! {
    /// How far an action tracker has come.
    TrackerState = tracker::State
}

words! {
    /// What can be done with an action tracker.
    TrackerAction = tracker::Action
}

words! {
    /// Green, amber or red, or the reason why there is no rating.
    Rating = rating::Rating
}

#[cfg(test)]
mod tests {
    use utoipa::{PartialSchema, ToSchema};

    use super::*;

    #[test]
    fn a_word_is_read_and_written_as_the_domain_names_it() {
        let colour: Colour = serde_json::from_str(r#""amber""#).unwrap();
        assert_eq!(rating::Colour::from(colour), rating::Colour::Amber);
        assert_eq!(serde_json::to_string(&colour).unwrap(), r#""amber""#);
        let no_data: Rating = serde_json::from_str(r#""no_data""#).unwrap();
        assert_eq!(rating::Rating::from(no_data), rating::Rating::None(rating::NoRating::NoData));
    }

    #[test]
    fn another_word_is_rejected_with_those_that_there_are() {
        let error = serde_json::from_str::<Colour>(r#""blue""#).unwrap_err().to_string();
        assert!(
            error.starts_with("unknown variant `blue`, expected one of `green`, `amber`, `red`"),
            "{error}"
        );
        assert!(serde_json::from_str::<Colour>("3").is_err());
        assert!(serde_json::from_str::<Colour>("null").is_err());
    }

    #[test]
    fn the_contract_lists_the_names_in_the_order_of_the_domain() {
        let schema = serde_json::to_value(<Direction as PartialSchema>::schema()).unwrap();
        let expected = serde_json::json!({
            "type": "string",
            "description": "Which way the results go, with the polarity taken into account.",
            "enum": ["improving", "static", "deteriorating"],
        });
        assert_eq!(schema, expected);
        assert_eq!(Direction::name(), "Direction");
    }
}
