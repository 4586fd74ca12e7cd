//! What differs from run to run (ids, times, hashes, tokens) becomes fixed values of the same form, so that two runs can
//! be compared and the examples still fit their schemas.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

/// When everything happened that happened during the run.
const INSTANT: &str = "2026-04-01T09:30:00Z";
const DAY: &str = "2026-04-01";
/// As many items of a long list stay in an example.
const ITEMS: usize = 2;
/// A list with more items is long.
const SHORT: usize = 4;
/// As many lines of a text: of a table, the heading and two rows.
const LINES: usize = 3;

struct Form {
    find: Regex,
    put: &'static str,
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let form = |find: &str, put| Form { find: Regex::new(find).unwrap(), put };
    vec![
        // Years of the run; the plan and all that is reported on it is older.
        form(
            r"20(?:2[4-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d|%2B\d\d:\d\d)",
            INSTANT,
        ),
        form(r"20(?:2[4-9]|[3-9]\d)-\d\d-\d\d\b", DAY),
        form(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"),
        form(r"\bcursor=[\w%.-]+", "cursor=WyJleGFtcGxlIl0"),
        form(r#""(\d+)-[0-9a-f]{12}""#, "\"${1}-0a1b2c3d4e5f\""),
        form(r#""[0-9a-f]{32}""#, "\"0a1b2c3d4e5f60718293a4b5c6d7e8f9\""),
    ]
});

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap());

/// Makes the values of one exchange comparable. The same id becomes the same fixed id throughout the exchange.
pub(super) struct Normal {
    ids: Vec<String>,
    hidden: Vec<(String, &'static str)>,
}

impl Normal {
    /// With texts that are replaced by what stands beside them.
    pub(super) fn hiding(hidden: Vec<(String, &'static str)>) -> Self {
        Self { ids: Vec::new(), hidden }
    }

    pub(super) fn text(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, put) in &self.hidden {
            text = text.replace(secret, put);
        }
        for Form { find, put } in FORMS.iter() {
            text = find.replace_all(&text, *put).into_owned();
        }
        let ids = &mut self.ids;
        let numbered = |found: &Captures<'_>| {
            let id = &found[0];
            let place = ids.iter().position(|known| known == id).unwrap_or_else(|| {
                ids.push(id.to_owned());
                ids.len() - 1
            });
            format!("019d4700-0000-7000-8000-{:012}", place + 1)
        };
        ID.replace_all(&text, numbered).into_owned()
    }

    /// The first lines of a text.
    pub(super) fn lines(&mut self, text: &str) -> String {
        let kept: String = text.split_inclusive('\n').take(LINES).collect();
        self.text(&kept)
    }

    /// The whole value.
    pub(super) fn whole(&mut self, value: &Value) -> Value {
        self.with_items(value, false)
    }

    /// The value, with the first items of each long list of objects.
    pub(super) fn beginning(&mut self, value: &Value) -> Value {
        self.with_items(value, true)
    }

    fn with_items(&mut self, value: &Value, cut: bool) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => {
                let is_long = items.len() > SHORT && items.iter().any(Value::is_object);
                let most = if cut && is_long { ITEMS } else { items.len() };
                items.iter().take(most).map(|item| self.with_items(item, cut)).collect()
            }
            Value::Object(object) => {
                object.iter().map(|(name, value)| (name.clone(), self.with_items(value, cut))).collect()
            }
            other => other.clone(),
        }
    }
}
