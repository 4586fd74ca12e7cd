//! A statement as Diesel writes it: its text, and what it was given.

/// A statement that reads or writes rows.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) text: String,
    given: Vec<String>,
}

/// Marks a list that is certainly an array.
const COLUMN: &str = "column";

/// The same text is the same question, whatever is given.
impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Statement {
    /// Reads what Diesel writes: `SELECT ... -- binds: [1, "x", ...]`.
    pub(super) fn read(written: &str) -> Option<Self> {
        let (text, given) = written.split_once(" -- binds: ")?;
        let reads_rows = ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| text.starts_with(verb));
        let mut given = items(given);
        if text.contains("unnest(") {
            // Here small numbers in brackets are a column of numbers, and no bytes.
            given
                .iter_mut()
                .filter(|value| value.starts_with('['))
                .for_each(|value| value.insert_str(0, COLUMN));
        }
        reads_rows.then(|| Self { text: text.to_owned(), given })
    }

    /// The types of what it is given, where PostgreSQL cannot know them from the text.
    pub(super) fn types(&self) -> String {
        let types: Vec<String> = self.given.iter().map(|value| type_of(value)).collect();
        types.join(", ")
    }

    /// What it is given, as PostgreSQL's literals.
    pub(super) fn literals(&self) -> String {
        let literals: Vec<String> = self.given.iter().map(|value| literal(value)).collect();
        literals.join(", ")
    }
}

/// What stands in brackets, split at its commas: `[1, [2, 3]]` is `1` and `[2, 3]`.
fn items(list: &str) -> Vec<String> {
    let inner = list.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap();
    let (mut items, mut depth, mut in_quotes, mut escaped) = (vec![String::new()], 0, false, false);
    for character in inner.chars() {
        match character {
            '"' if !escaped => in_quotes = !in_quotes,
            '[' | '(' if !in_quotes => depth += 1,
            ']' | ')' if !in_quotes => depth -= 1,
            ',' if !in_quotes && depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = character == '\\' && !escaped;
        items.last_mut().unwrap().push(character);
    }
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// The inside of `Some(...)`, `Id(...)` and the like.
fn inside<'a>(value: &'a str, of: &str) -> Option<&'a str> {
    value.strip_prefix(of)?.strip_prefix('(')?.strip_suffix(')')
}

fn type_of(value: &str) -> String {
    let column = value.strip_prefix(COLUMN);
    if column.is_none() && (!value.starts_with('[') || bytes(value).is_some()) {
        return "unknown".to_owned();
    }
    let value = column.unwrap_or(value);
    let of = |item: &String| match item {
        item if inside(item, "Id").is_some() => Some("bytea"),
        item if inside(item, "Instant").is_some() => Some("bigint"),
        item if item.starts_with('"') => Some("text"),
        item if item == "true" || item == "false" => Some("boolean"),
        item if item.parse::<i64>().is_ok() => Some("bigint"),
        item if item.parse::<chrono::NaiveDate>().is_ok() => Some("date"),
        _ => None,
    };
    let some = |item: String| inside(&item, "Some").map_or(item.clone(), str::to_owned);
    format!("{}[]", items(value).into_iter().map(some).find_map(|item| of(&item)).unwrap_or("text"))
}

fn literal(value: &str) -> String {
    match plain(value) {
        None => "NULL".to_owned(),
        Some(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

/// A value as PostgreSQL reads it between quotes; none for null.
fn plain(value: &str) -> Option<String> {
    if value == "None" {
        return None;
    }
    if let Some(value) = inside(value, "Some") {
        return plain(value);
    }
    if let Some(id) = inside(value, "Id") {
        return Some(format!("\\x{}", id.replace('-', "")));
    }
    if let Some(instant) = inside(value, "Instant") {
        return Some(instant.to_owned());
    }
    if value.starts_with('"') {
        return Some(serde_json::from_str(value).unwrap());
    }
    if let Some(column) = value.strip_prefix(COLUMN) {
        return Some(array(column));
    }
    if value.starts_with('[') {
        return Some(bytes(value).unwrap_or_else(|| array(value)));
    }
    Some(value.to_owned())
}

fn array(value: &str) -> String {
    let quoted = |item: &String| plain(item).map_or("NULL".to_owned(), |text| format!("{text:?}"));
    format!("{{{}}}", items(value).iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// A list of small numbers is written where bytes were given.
fn bytes(list: &str) -> Option<String> {
    let of = |item: &String| item.parse::<u8>().ok().map(|byte| format!("{byte:02x}"));
    let bytes: Vec<String> = items(list).iter().map(of).collect::<Option<_>>()?;
    (!bytes.is_empty()).then(|| format!("\\x{}", bytes.concat()))
}
