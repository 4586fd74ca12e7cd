//! The shape that the contract gives to a body or to query parameters, and the search for everything in which what was
//! sent departs from it. The shape is compiled from the same declarations as the published contract, so the two cannot
//! disagree. It is used once serde has found a first fault, so requests without faults do not pay for it.

mod body;
mod compile;
mod leaf;
mod node;
mod query;

pub(crate) use body::body_faults;
pub(crate) use leaf::day_first;
pub(crate) use query::{convert, query_faults, read_query};

use std::collections::HashMap;

use crate::http::schema::TextCheck;

/// The shapes of a type and of all named schemas that it refers to.
struct Shapes {
    root: Shape,
    named: HashMap<String, Shape>,
}

/// What one value has to be.
#[derive(Clone)]
struct Shape {
    rule: Rule,
    nullable: bool,
}

#[derive(Clone)]
enum Rule {
    /// Nothing is checked here.
    Anything,
    /// A schema with a name.
    Named(String),
    Object {
        fields: Vec<(String, Shape)>,
        required: Vec<String>,
    },
    /// An object whose field names are data.
    Map(Box<Shape>),
    Array {
        item: Box<Shape>,
        least: usize,
        most: usize,
    },
    /// One of these texts.
    Word(Vec<String>),
    Text(Text),
    /// A text with a rule of the domain.
    Checked(TextCheck),
    Integer {
        least: Option<i64>,
        most: Option<i64>,
    },
    /// A decimal number with 15 digits before the point and 9 after it.
    Decimal,
    Number,
    Boolean,
}

#[derive(Clone)]
struct Text {
    form: Form,
    least: usize,
    most: usize,
    /// Whether a null byte is refused.
    no_null: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Free,
    Date,
    DateTime,
    Uuid,
}
