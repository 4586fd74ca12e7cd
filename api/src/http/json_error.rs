//! The words of the libraries that read JSON, query strings, dates and numbers, replaced by our own: what was found, what
//! is expected, and what to do.

use serde_json::error::Category;

use crate::http::sentence::{nearest, one_of, quoted};

/// What a library says, and what we say in its place.
const SAYINGS: [(&str, &str, &str); 17] = [
    ("invalid digit found in string", "invalid_value", "expected a whole number, in digits only"),
    (
        "cannot parse integer from empty string",
        "invalid_value",
        "the value is empty; expected a whole number",
    ),
    ("number too large to fit in target type", "invalid_value", "the number is too large"),
    ("number too small to fit in target type", "invalid_value", "the number is too small"),
    ("number out of range", "too_large", "the number is too large"),
    ("provided string was not `true` or `false`", "invalid_value", "expected `true` or `false`"),
    ("input contains invalid characters", "invalid_value", EXPECTED_DATE),
    ("premature end of input", "invalid_value", EXPECTED_DATE),
    ("trailing input", "invalid_value", EXPECTED_DATE),
    ("input is out of range", "invalid_value", "there is no such date or time"),
    ("input is not enough for unique date and time", "invalid_value", EXPECTED_DATE),
    ("no possible date and time matching input", "invalid_value", "there is no such date or time"),
    ("UUID parsing failed", "invalid_value", EXPECTED_UUID),
    ("UUID has a wrong", "invalid_value", EXPECTED_UUID),
    ("invalid character: ", "invalid_value", EXPECTED_UUID),
    ("invalid length: expected length 32", "invalid_value", EXPECTED_UUID),
    ("invalid number", "invalid_value", "expected a number"),
];

const EXPECTED_DATE: &str =
    "expected a date such as 2010-03-31, or a date and time such as 2010-03-31T09:00:00Z";
/// What an identifier looks like.
pub(crate) const EXPECTED_UUID: &str =
    "expected an identifier (UUID) such as 01890a5d-ac96-774b-bcce-b302099a8057";

/// What serde_json says of a text that is not JSON, and what we say.
const SYNTAX: [(&str, &str); 17] = [
    (
        "EOF while parsing an object",
        "the text ends inside an object: a `}` is missing, or the body was cut off",
    ),
    ("EOF while parsing a list", "the text ends inside an array: a `]` is missing, or the body was cut off"),
    (
        "EOF while parsing a string",
        "the text ends inside a string: a closing `\"` is missing, or the body was cut off",
    ),
    ("EOF while parsing a value", "the text ends where a value is expected"),
    ("expected `:`", "a `:` is expected between a name and its value"),
    ("expected `,` or `]`", "a `,` or `]` is expected here"),
    ("expected `,` or `}`", "a `,` or `}` is expected here"),
    ("expected ident", "expected `true`, `false` or `null`, in lower case"),
    (
        "expected value",
        "a value is expected here: an object, array, string, number, `true`, `false` or `null`",
    ),
    ("key must be a string", "the name of a field is expected here, in double quotation marks"),
    ("trailing comma", "remove the `,` before the closing bracket"),
    (
        "control character",
        "a line break, tab or other control character stands in a string: write it as \\n, \\t or \\u00XX",
    ),
    ("invalid escape", "there is no such escape in JSON: write a backslash as \\\\"),
    ("invalid unicode code point", "the escape names no character"),
    (
        "lone leading surrogate",
        "the escape names half of a character: write both halves, or the character itself",
    ),
    ("recursion limit exceeded", "the value is nested too deeply (more than 128 levels)"),
    (
        "invalid number",
        "this is not a number in JSON: digits, at most one point, no leading zeros, no separators",
    ),
];

/// Why a text is not JSON, with its line and column.
pub(crate) fn not_json(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!("line {}, column {}", error.line(), error.column());
    if error.classify() == Category::Eof && error.line() <= 1 && error.column() == 0 {
        return "the body is empty; expected JSON".to_owned();
    }
    if text.starts_with("trailing characters") {
        return format!(
            "there is more text after the end of the JSON value, at {place}: send one value; a list of objects, one \
             a line, is application/x-ndjson"
        );
    }
    let ours = SYNTAX.iter().find(|(theirs, _)| text.starts_with(theirs)).map(|(_, ours)| *ours);
    format!("the body is not JSON: {} ({place})", ours.unwrap_or("it cannot be read here"))
}

/// The stable code of what a library says of a value, and the same in our words.
pub(crate) fn reason(theirs: &str) -> (&'static str, String) {
    let theirs = theirs.rsplit_once(" at line ").map_or(theirs, |(theirs, _)| theirs);
    if let Some((_, code, ours)) = SAYINGS.iter().find(|(begin, _, _)| theirs.starts_with(begin)) {
        return (code, (*ours).to_owned());
    }
    let name = theirs.split('`').nth(1).unwrap_or_default();
    if let Some(rest) = theirs.strip_prefix("unknown field ") {
        return ("unknown_field", unknown_field(name, &names_in(rest)));
    }
    if theirs.starts_with("missing field ") {
        return ("missing_field", missing_field(name));
    }
    if theirs.starts_with("duplicate field ") {
        return ("duplicate_field", duplicate_field(name));
    }
    if let Some(rest) = theirs.strip_prefix("unknown variant ") {
        return ("unknown_value", unknown_value(name, &names_in(rest)));
    }
    for (begin, code) in [
        ("invalid type: ", "wrong_type"),
        ("invalid value: ", "invalid_value"),
        ("invalid length ", "invalid_value"),
    ] {
        if let Some((found, expected)) =
            theirs.strip_prefix(begin).and_then(|rest| rest.rsplit_once(", expected "))
        {
            return (
                code,
                format!("found {}, expected {}", found_in_words(found), expected_in_words(expected)),
            );
        }
    }
    ("invalid_value", theirs.to_owned())
}

/// The names in back quotes after the first.
fn names_in(list: &str) -> Vec<&str> {
    list.split('`').skip(3).step_by(2).collect()
}

/// A field that does not exist.
pub(crate) fn unknown_field(name: &str, names: &[&str]) -> String {
    let meant = nearest(name, names).map(|near| format!(": did you mean {}?", quoted(near)));
    match (meant, names.is_empty()) {
        (Some(meant), _) => format!("there is no field {}{meant}", quoted(name)),
        (None, true) => format!("there is no field {}: remove it", quoted(name)),
        (None, false) => {
            format!("there is no field {}: remove it, or use {}", quoted(name), one_of(name, names))
        }
    }
}

/// A field that is required and not there.
pub(crate) fn missing_field(name: &str) -> String {
    format!("the required field {} is missing", quoted(name))
}

/// A field that is there twice.
pub(crate) fn duplicate_field(name: &str) -> String {
    format!("the field {} is there twice: send it once", quoted(name))
}

/// A word that is none of those allowed.
pub(crate) fn unknown_value(value: &str, allowed: &[&str]) -> String {
    let lower = value.to_lowercase();
    if lower != value && allowed.contains(&lower.as_str()) {
        return format!("found {}: values are written in lower case, here {}", quoted(value), quoted(&lower));
    }
    let meant = nearest(value, allowed).map(|near| format!("; did you mean {}?", quoted(near)));
    format!("found {}, expected {}{}", quoted(value), one_of(value, allowed), meant.unwrap_or_default())
}

/// What serde found, in the words of JSON.
fn found_in_words(found: &str) -> String {
    match found {
        "sequence" | "Sequence" => "an array".to_owned(),
        "map" => "an object".to_owned(),
        "null" | "unit value" | "Option value" => "`null`".to_owned(),
        _ => {
            let quoted_part = found.strip_prefix("string \"").map(|text| text.trim_end_matches('"'));
            let number = ["integer `", "floating point `", "number `"]
                .into_iter()
                .find_map(|begin| found.strip_prefix(begin))
                .map(|number| number.trim_end_matches('`'));
            match (quoted_part, number, found.strip_prefix("boolean ")) {
                (Some(text), _, _) => format!("the text {}", quoted(text)),
                (_, Some(number), _) => format!("the number {}", quoted(number)),
                (_, _, Some(boolean)) => boolean.to_owned(),
                _ => found.to_owned(),
            }
        }
    }
}

/// What serde expected, in the words of JSON: no names of Rust types.
fn expected_in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => "a whole number in range",
        "f32" | "f64" | "a JSON number" => "a number",
        "a string" | "string" | "str" => "a text",
        "a boolean" => "`true` or `false`",
        "a sequence" => "an array",
        "a map" => "an object",
        "a formatted date string" => "a date such as 2010-03-31",
        "a formatted date and time string or a unix timestamp"
        | "an RFC 3339 formatted date and time string" => "a date and time such as 2010-03-31T09:00:00Z",
        "a formatted UUID string" | "a UUID string" => "an identifier (UUID)",
        _ if expected.starts_with("struct ") => "an object",
        _ if expected.starts_with("tuple struct ") => "a value",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_not_quoted() {
        let said = |theirs: &str| reason(theirs).1;
        assert_eq!(said("invalid digit found in string"), "expected a whole number, in digits only");
        assert_eq!(
            said("invalid type: string \"92.1\", expected a JSON number"),
            "found the text `92.1`, expected a number"
        );
        assert_eq!(
            said("unknown variant `Provisional`, expected one of `provisional`, `final`"),
            "found `Provisional`: values are written in lower case, here `provisional`"
        );
        assert_eq!(
            said("unknown field `titel`, expected `code` or `title`"),
            "there is no field `titel`: did you mean `title`?"
        );
        assert_eq!(said("missing field `code`"), "the required field `code` is missing");
        assert_eq!(
            said("invalid type: sequence, expected struct Outer"),
            "found an array, expected an object"
        );
        assert_eq!(
            said("invalid value: integer `-1`, expected u32"),
            "found the number `-1`, expected a whole number in range"
        );
    }

    #[test]
    fn what_is_not_json_is_explained_with_its_place() {
        let said = |text: &str| not_json(&serde_json::from_str::<serde_json::Value>(text).unwrap_err());
        assert_eq!(said(""), "the body is empty; expected JSON");
        assert_eq!(
            said("{\"a\": [1, 2"),
            "the body is not JSON: the text ends inside an array: a `]` is missing, or the body was cut off \
             (line 1, column 11)"
        );
        assert!(said("{}\n{}").contains("application/x-ndjson"));
        assert!(said("[NaN]").contains("a value is expected here"));
    }
}
