//! Words for messages: values as they are quoted, lists of names, and the nearest of them.

/// The longest quotation of what a caller sent, in characters.
const LONGEST_QUOTE: usize = 60;
/// The most names that a message lists.
const MOST_NAMES: usize = 20;

/// The value in back quotes, shortened, and without characters that cannot be shown.
pub(crate) fn quoted(value: &str) -> String {
    let shown = |c: char| if c.is_control() || c == '`' { '\u{fffd}' } else { c };
    let mut text: String = value.chars().take(LONGEST_QUOTE).map(shown).collect();
    if value.chars().nth(LONGEST_QUOTE).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}

/// The names that exist, the nearest to `value` first: "one of `a`, `b`", at most 20 of them.
pub(crate) fn one_of(value: &str, names: &[&str]) -> String {
    let mut ordered: Vec<(usize, &str)> = names.iter().map(|name| (distance(value, name), *name)).collect();
    let all = names.len() <= MOST_NAMES;
    // A stable sort: of names that are all listed, those that were not meant keep their order.
    ordered.sort_by_key(|(distance, name)| {
        let is_far = *distance >= nearness_limit(name);
        (is_far, if is_far && all { 0 } else { *distance })
    });
    let listed: Vec<String> = ordered.iter().take(MOST_NAMES).map(|(_, name)| quoted(name)).collect();
    match names.len() {
        0 => "none exist".to_owned(),
        1 => listed.join(""),
        count if count > MOST_NAMES => {
            format!("one of {} and {} more", listed.join(", "), count - MOST_NAMES)
        }
        _ => format!("one of {}", listed.join(", ")),
    }
}

/// The name that a caller probably meant, if one is near enough.
pub(crate) fn nearest<'a>(value: &str, names: &[&'a str]) -> Option<&'a str> {
    let near = names.iter().map(|name| (distance(value, name), *name));
    let near = near.filter(|(distance, name)| *distance < nearness_limit(name));
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// From this distance on a name is not what was meant: at most a third of its characters, or two, may differ; one in a
/// name of up to three.
fn nearness_limit(name: &str) -> usize {
    match name.chars().count() {
        0..=3 => 2,
        count => (count / 3).max(2) + 1,
    }
}

/// The edits (insert, delete, replace a character) that lead from one text to the other, without regard to case.
fn distance(one: &str, other: &str) -> usize {
    let fold = |text: &str| -> Vec<char> {
        text.chars()
            .take(LONGEST_QUOTE)
            .flat_map(char::to_lowercase)
            .map(|c| if c == '-' { '_' } else { c })
            .collect()
    };
    let (one, other) = (fold(one), fold(other));
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, from) in one.iter().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        let mut next = vec![left];
        for (to, above) in other.iter().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        let names = ["provisional", "estimate", "final", "revised"];
        assert_eq!(nearest("Provisional", &names), Some("provisional"));
        assert_eq!(nearest("finl", &names), Some("final"));
        assert_eq!(nearest("settled", &names), None);
        assert_eq!(one_of("revise", &names), "one of `revised`, `provisional`, `estimate`, `final`");
        assert_eq!(one_of("x", &[]), "none exist");
        let many: Vec<String> = (0..25).map(|number| format!("NI{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(one_of("x", &many).ends_with(" and 5 more"));
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("not-due", "NOT_DUE"), 0);
    }

    #[test]
    fn a_quotation_is_short_and_printable() {
        assert_eq!(quoted("a\0b`c"), "`a\u{fffd}b\u{fffd}c`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }
}
