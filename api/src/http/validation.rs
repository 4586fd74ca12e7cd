//! From the wire to the domain: every fault of a body is collected, each with its JSON pointer, so that a
//! caller can correct all of them at once.

use std::fmt::Display;

use waymark_domain::code::CodeError;
use waymark_domain::decimal::DecimalError;
use waymark_domain::period::PeriodError;
use waymark_domain::text::TextError;

use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::sentence::{one_of, quoted};

/// An error of the domain with a stable code, for programs.
pub(crate) trait Coded: Display {
    /// The code, for example `too_long`.
    fn code(&self) -> &'static str;
}

/// The faults so far, and the place that is being read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    place: String,
    found: Vec<Fault>,
}

impl Faults {
    /// Returns a valid value; notes an error at `field` of the present place.
    pub(crate) fn take<T, E: Coded>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.note(field, error.code(), error)).ok()
    }

    /// Notes a fault at `field` (`/title`, or empty for the present place itself).
    pub(crate) fn note(&mut self, field: &str, code: &str, detail: impl Display) {
        if self.found.len() < MAX_FAULTS {
            self.found.push(Fault::at(format!("{}{field}", self.place), code, detail));
        }
    }

    /// Reads what is inside `field`: pointers of its faults begin there.
    pub(crate) fn within<T>(&mut self, field: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.enter(field);
        let result = read(self);
        self.leave(outside);
        result
    }

    /// The present place is inside `field` until [`Faults::leave`] is called with what this returns.
    pub(crate) fn enter(&mut self, field: &str) -> usize {
        let outside = self.place.len();
        self.place.push_str(field);
        outside
    }

    /// Back to the place before [`Faults::enter`].
    pub(crate) fn leave(&mut self, outside: usize) {
        self.place.truncate(outside);
    }

    /// Reads the items of a list of at most `most`; none if any of them is not valid.
    pub(crate) fn each<T, U>(
        &mut self,
        field: &str,
        most: usize,
        items: Vec<T>,
        mut read: impl FnMut(&mut Self, T) -> Option<U>,
    ) -> Option<Vec<U>> {
        if items.len() > most {
            self.note(
                field,
                "too_many",
                format_args!("found {} items, at most {most} are allowed", items.len()),
            );
            return None;
        }
        self.within(field, |faults| {
            let whole = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| faults.within(&format!("/{index}"), |faults| read(faults, item)));
            // Every item is read, also after one that is not valid.
            let all: Vec<Option<U>> = whole.collect();
            all.into_iter().collect()
        })
    }

    /// What was read, if there are no faults.
    ///
    /// # Errors
    /// 422 with every fault.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, Problem> {
        match read {
            Some(read) if self.found.is_empty() => Ok(read),
            None if self.found.is_empty() => Err(Problem::internal("a body was rejected without a reason")),
            _ => Err(Problem::new(Kind::InvalidBody).faults(self.found)),
        }
    }

    /// The faults, for a row of a push.
    pub(crate) fn into_found(self) -> Vec<Fault> {
        self.found
    }
}

/// 422 for a filter of a query whose value names something that does not exist, with what does: `what` is the kind of
/// thing, for example `theme`, and `existing` are the values that can be sent. At most 20 are listed, the nearest first.
pub(crate) fn unknown_filter_value<'a>(
    parameter: &str,
    what: &str,
    value: &str,
    existing: impl IntoIterator<Item = &'a str>,
) -> Problem {
    Problem::new(Kind::UnknownFilterValue).faults([filter_fault(parameter, what, value, existing)])
}

/// The fault of [`unknown_filter_value`], for an operation that collects several.
pub(crate) fn filter_fault<'a>(
    parameter: &str,
    what: &str,
    value: &str,
    existing: impl IntoIterator<Item = &'a str>,
) -> Fault {
    let names: Vec<&str> = existing.into_iter().collect();
    let detail =
        format_args!("there is no {what} {}; expected {}", quoted(value), one_of(value, &names)).to_string();
    Fault::in_parameter(parameter, "unknown_value", detail)
}

impl Coded for CodeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Character => "bad_character",
        }
    }
}

impl Coded for TextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Control => "bad_character",
        }
    }
}

impl Coded for DecimalError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::TooLarge => "too_large",
            Self::TooPrecise => "too_precise",
        }
    }
}

impl Coded for PeriodError {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "bad_period",
            Self::NoSuchDate => "no_such_date",
            Self::YearsDoNotFollow => "years_do_not_follow",
            Self::EndsBeforeItBegins => "ends_before_it_begins",
            Self::OutOfRange => "out_of_range",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use waymark_domain::code::Code;

    #[test]
    fn every_fault_is_reported_with_its_place() {
        let mut faults = Faults::default();
        let codes = vec!["a", "b c", "d", ""];
        let read = faults.each("/members", 10, codes, |faults, text| faults.take("/code", Code::new(text)));
        assert_eq!(read, None);
        faults.note("/title", "empty", "the text is empty");
        let problem = faults.finish(read).unwrap_err();
        let places: Vec<_> = problem.errors().iter().filter_map(|fault| fault.pointer.clone()).collect();
        assert_eq!(places, ["/members/1/code", "/members/3/code", "/title"]);
    }

    #[test]
    fn a_list_has_a_bound() {
        let mut faults = Faults::default();
        assert_eq!(faults.each("/x", 2, vec![1, 2, 3], |_, item| Some(item)), None);
        assert!(faults.finish(Some(())).is_err());
    }
}
