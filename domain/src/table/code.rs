//! Codes of national indicators that remarks name: `National indicator 52`, `NI 52`.

/// The number of the one national indicator that a remark names; `None` where it names none, or several.
pub(super) fn national_indicator(comments: &str) -> Option<u32> {
    let lower = comments.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found: Option<u32> = None;
    for place in 0..words.len() {
        let number = match words.get(place..).unwrap_or_default() {
            ["national", "indicator", number, ..] | ["ni", number, ..] => number_of(number),
            [word, ..] => word.strip_prefix("ni").and_then(number_of),
            [] => None,
        };
        match (number, found) {
            (Some(number), Some(other)) if number != other => return None,
            (Some(number), _) => found = Some(number),
            (None, _) => {}
        }
    }
    found
}

/// One to three digits.
fn number_of(text: &str) -> Option<u32> {
    let short = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if short { text.parse().ok().filter(|number| *number > 0) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_one_indicator_that_is_named() {
        for (comments, number) in [
            ("National indicator 52", Some(52)),
            ("National indicator 56 Leics. LAA 08/11 indicator", Some(56)),
            ("NI 112, local", Some(112)),
            ("see NI059", Some(59)),
            ("National indicator 102, local LAA indicator", Some(102)),
            ("NI 52 and NI 53", None),
            ("Local indicator", None),
            ("Vaccinations start autumn 08", None),
            ("nice 12", None),
        ] {
            assert_eq!(national_indicator(comments), number, "{comments}");
        }
    }
}
