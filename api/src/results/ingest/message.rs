//! Messages about a cell: what it holds, what is expected, and how to correct it.

use waymark_domain::decimal::Decimal;
use waymark_domain::period::Period;

use super::raw_row::Cell;

/// The most characters of a cell that are quoted.
const QUOTED: usize = 60;

/// A text as it is quoted.
pub(super) fn quoted(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let start: String = text.chars().take(QUOTED).map(shown).collect();
    let more = if text.chars().nth(QUOTED).is_some() { "…" } else { "" };
    format!("`{start}{more}`")
}

/// Names as they are listed, at most 20 of them.
pub(super) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let listed: Vec<String> = names.by_ref().take(20).map(quoted).collect();
    let more = match names.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match listed.as_slice() {
        [] => "none exist".to_owned(),
        [only] => format!("expected {only}"),
        all => format!("expected one of {}{more}", all.join(", ")),
    }
}

/// What a cell holds.
pub(super) fn found(cell: &Cell) -> String {
    match cell {
        Cell::Untyped(text) => format!("found {}", quoted(text)),
        Cell::Text(text) => format!("found the text {} in quotation marks", quoted(text)),
        Cell::Number(number) => format!("found the number {}", quoted(number)),
        Cell::Truth(truth) => format!("found `{truth}`"),
        Cell::Nested => "found an array or an object".to_owned(),
    }
}

/// A cell that holds no text.
pub(super) fn not_a_text(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => {
            format!("{}, expected a text: write it in quotation marks, as \"{number}\"", found(cell))
        }
        Cell::Untyped(_) | Cell::Text(_) | Cell::Truth(_) | Cell::Nested => {
            format!("{}, expected a text in quotation marks", found(cell))
        }
    }
}

/// A cell that holds no number.
pub(super) fn not_a_number(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.parse::<Decimal>().is_ok() => {
            format!("{}, expected a number: write {text} without quotation marks", found(cell))
        }
        Cell::Untyped(_) | Cell::Text(_) | Cell::Number(_) | Cell::Truth(_) | Cell::Nested => {
            format!("{}, expected a number such as 82.4", found(cell))
        }
    }
}

/// What to do about a text that is no decimal number.
pub(super) fn number_hint(text: &str) -> &'static str {
    if text.starts_with('=') {
        "; send the value of the cell instead of its formula"
    } else if text.contains(',') {
        "; write a decimal point, and no separators between thousands"
    } else if text.starts_with(|c: char| c.is_ascii_digit() || "+-£$€".contains(c)) {
        "; write digits only, without a unit, a currency, an abbreviation or a plus sign"
    } else {
        "; write a number such as 82.4, or omit the row if there is no result"
    }
}

/// A cell that is neither true nor false.
pub(super) fn not_a_truth(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text == "true" || text == "false" => {
            format!("{}, expected `true` or `false`: write {text} without quotation marks", found(cell))
        }
        Cell::Untyped(_) | Cell::Text(_) | Cell::Number(_) | Cell::Truth(_) | Cell::Nested => {
            format!("{}, expected `true` or `false`", found(cell))
        }
    }
}

/// A word that is none of those allowed.
pub(super) fn unknown_word<'a>(word: &str, allowed: impl Iterator<Item = &'a str> + Clone) -> String {
    let lower = word.to_lowercase();
    match allowed.clone().find(|name| *name == lower) {
        Some(name) => format!("found {}: values are written in lower case, here `{name}`", quoted(word)),
        None => format!("found {}, {}", quoted(word), one_of(allowed)),
    }
}

/// What to do about a text that is no period; none if the error says enough.
pub(super) fn period_hint(text: &str) -> Option<String> {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    match parts.as_slice() {
        [day, month, year] if digits(year, 4) && digits(day, 2) && digits(month, 2) => {
            let date = format!("{year}-{month}-{day}");
            date.parse::<Period>().is_ok().then(|| format!("a date is written year-month-day, here {date}"))
        }
        // A month of the year is 01 to 12: this is a year that begins in April or September.
        [year, next] if digits(year, 4) && (digits(next, 2) || digits(next, 4)) => {
            let next = next.get(next.len().saturating_sub(2)..)?;
            let candidates = [format!("FY{year}-{next}"), format!("AY{year}-{next}")];
            let [financial, academic] = candidates;
            (financial.parse::<Period>().is_ok())
                .then(|| format!("a financial year is written {financial}, and an academic year {academic}"))
        }
        [year] if digits(year, 4) => {
            let next = year.parse::<u32>().ok()? + 1;
            let next = format!("{:02}", next % 100);
            Some(format!("a calendar year is written CY{year}, and a financial year FY{year}-{next}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_of_other_notations_are_recognised() {
        for (text, expected) in [
            ("31/03/2010", Some("a date is written year-month-day, here 2010-03-31")),
            ("31.03.2010", Some("a date is written year-month-day, here 2010-03-31")),
            ("03/31/2010", None),
            ("2016-17", Some("a financial year is written FY2016-17, and an academic year AY2016-17")),
            ("2016/2017", Some("a financial year is written FY2016-17, and an academic year AY2016-17")),
            ("2010", Some("a calendar year is written CY2010, and a financial year FY2010-11")),
            ("2099", Some("a calendar year is written CY2099, and a financial year FY2099-00")),
            ("2016-18", None),
            ("June 2010", None),
            ("", None),
        ] {
            assert_eq!(period_hint(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_in_quotation_marks_are_recognised() {
        assert_eq!(
            not_a_number(&Cell::Text("82.4".into())),
            "found the text `82.4` in quotation marks, expected a number: write 82.4 without quotation marks"
        );
        assert_eq!(not_a_number(&Cell::Truth(true)), "found `true`, expected a number such as 82.4");
    }

    #[test]
    fn words_are_corrected_or_listed() {
        let words = ["provisional", "final"];
        let said = |word: &str| unknown_word(word, words.into_iter());
        assert_eq!(
            said("Provisional"),
            "found `Provisional`: values are written in lower case, here `provisional`"
        );
        assert_eq!(said("settled"), "found `settled`, expected one of `provisional`, `final`");
        assert_eq!(quoted(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }
}
