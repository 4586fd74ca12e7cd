//! Values that are written as a text.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};
use waymark_domain::{
    code::Code,
    indicator::Breakdown,
    period::Period,
    text::{Name, Note, Text, Title},
    value::Unit,
};

/// A value of the domain as its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AsText<T>(pub T);

/// What the contract says of the text form of a type.
pub trait TextForm {
    /// The name of its schema.
    const NAME: &'static str;
    /// What it is, for the reader of the contract.
    const DESCRIPTION: &'static str;
    /// An example of it.
    const EXAMPLE: &'static str;
    /// The fewest and the most characters.
    const LENGTH: (usize, usize);
    /// The regular expression that it matches, where there is one.
    const PATTERN: Option<&'static str>;
}

impl TextForm for Code {
    const NAME: &'static str = "Code";
    const DESCRIPTION: &'static str = "A short name, unique in its parent, that never changes.";
    const EXAMPLE: &'static str = "NI112";
    const LENGTH: (usize, usize) = (1, Code::MAX_LEN);
    const PATTERN: Option<&'static str> = Some("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
}

impl TextForm for Period {
    const NAME: &'static str = "Period";
    const DESCRIPTION: &'static str = "A period in its canonical text form: a month, a quarter, half or whole of a \
        financial year (April to March), an academic year (September to August), a calendar year, a span of days, or \
        a day.";
    const EXAMPLE: &'static str = "FY2009-10-Q3";
    const LENGTH: (usize, usize) = (6, 21);
    const PATTERN: Option<&'static str> = Some(
        "^(FY(19|20|21)[0-9]{2}-[0-9]{2}(-(Q[1-4]|H[12]))?|AY(19|20|21)[0-9]{2}-[0-9]{2}|CY(19|20|21)[0-9]{2}\
         |(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(/(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])\
         -(0[1-9]|[12][0-9]|3[01]))?)?)$",
    );
}

impl TextForm for Unit {
    const NAME: &'static str = "Unit";
    const DESCRIPTION: &'static str =
        "What the numbers of an indicator count: per cent, a count, points, any other number, or a rate per so many.";
    const EXAMPLE: &'static str = "percent";
    const LENGTH: (usize, usize) = (5, 11);
    const PATTERN: Option<&'static str> =
        Some("^(percent|count|points|number|per_([1-9][0-9]{0,5}|1000000))$");
}

impl TextForm for Breakdown {
    const NAME: &'static str = "Breakdown";
    const DESCRIPTION: &'static str = "A category of a dimension of the indicator, as dimension=category.";
    const EXAMPLE: &'static str = "group=White group";
    const LENGTH: (usize, usize) = (3, Code::MAX_LEN + 1 + Name::MAX_LEN);
    const PATTERN: Option<&'static str> =
Some(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}=[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b-\x1f\x7f-\x9f]*$");
}

/// No control characters but tab and line feed, and something other than white space.
const PLAIN: Option<&str> =
    Some(r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b-\x1f\x7f-\x9f]*$");

impl TextForm for Name {
    const NAME: &'static str = "Name";
    const DESCRIPTION: &'static str = "A short name: a component, a category, a post.";
    const EXAMPLE: &'static str = "Head of Safeguarding";
    const LENGTH: (usize, usize) = (1, Name::MAX_LEN);
    const PATTERN: Option<&'static str> = PLAIN;
}

impl TextForm for Title {
    const NAME: &'static str = "Title";
    const DESCRIPTION: &'static str = "A title or a line of explanation.";
    const EXAMPLE: &'static str = "Core assessments within 35 working days";
    const LENGTH: (usize, usize) = (1, Title::MAX_LEN);
    const PATTERN: Option<&'static str> = PLAIN;
}

impl TextForm for Note {
    const NAME: &'static str = "Note";
    const DESCRIPTION: &'static str = "A note or a reason of some paragraphs.";
    const EXAMPLE: &'static str = "The method was changed in January 2009.";
    const LENGTH: (usize, usize) = (1, Note::MAX_LEN);
    const PATTERN: Option<&'static str> = PLAIN;
}

impl<T: Display> Serialize for AsText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for AsText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

impl<T: TextForm> PartialSchema for AsText<T> {
    fn schema() -> RefOr<Schema> {
        let (fewest, most) = T::LENGTH;
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(T::DESCRIPTION))
            .examples([T::EXAMPLE])
            .min_length(Some(fewest))
            .max_length(Some(most))
            .pattern(T::PATTERN)
            .into()
    }
}

impl<T: TextForm> ToSchema for AsText<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }
}

impl<T: Display> Display for AsText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> From<T> for AsText<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// Notes and titles of any bound are told apart only by it.
impl<const MAX: usize> AsText<Text<MAX>> {
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}
