//! The unit of an indicator, read from the signs in its cells, and values in that unit.

use super::Parsed;
use crate::framework::target::Condition;
use crate::notation::{Aim, Beside, Measured, Sign, Targeted, Unread};
use crate::number::decimal::Decimal;
use crate::number::value::{Unit, Value};

/// What the cells of an indicator say of its unit.
#[derive(Default)]
pub(super) struct Votes {
    signed: Vec<(Unit, usize)>,
    bare: usize,
    fractions: bool,
    /// Whether every bare number lies between -1 and 1 and some are no whole numbers.
    all_small: bool,
    either: usize,
}

/// A unit, how numbers without a sign are taken, and what was assumed.
pub(super) struct Settled {
    pub(super) unit: Unit,
    /// Whether a number without a sign may stand in a percentage or rate, because nothing disagrees.
    pub(super) takes_bare: bool,
    pub(super) assumed: Option<String>,
}

impl Votes {
    /// Counts the cells of these rows.
    pub(super) fn of(rows: &[&Parsed<'_>]) -> Self {
        let mut votes = Self { all_small: true, ..Self::default() };
        for row in rows {
            for cell in [&row.baseline, &row.result] {
                if let Ok(reading) = cell
                    && let Measured::Parts(parts) = &reading.content
                {
                    parts.iter().for_each(|part| votes.count(&part.value, &part.sign, part.beside.as_ref()));
                }
            }
            if let Ok(reading) = &row.target
                && let Targeted::Parts(parts) = &reading.content
            {
                for part in parts {
                    let sign = part.sign.as_ref().unwrap_or(&Sign::None);
                    values(&part.aim).iter().for_each(|value| votes.count(value, sign, part.beside.as_ref()));
                }
            }
        }
        votes
    }

    fn count(&mut self, value: &Value, sign: &Sign, beside: Option<&Beside>) {
        if let Some(Beside::Share(_) | Beside::Count(..)) = beside
            && let Value::Number(_) = value
        {
            self.either += 1;
            return;
        }
        let unit = match (value, sign) {
            (Value::Ratio(_), _) | (_, Sign::Percent | Sign::PercentagePoints) => Some(Unit::Percent),
            (_, Sign::Points) => Some(Unit::Points),
            (_, Sign::Pounds) => Some(Unit::Number),
            (_, Sign::Per(per)) => Some(Unit::Rate { per: *per }),
            (_, Sign::None | Sign::Things(_)) => None,
        };
        match (unit, value) {
            (Some(unit), _) => match self.signed.iter_mut().find(|(known, _)| *known == unit) {
                Some((_, count)) => *count += 1,
                None => self.signed.push((unit, 1)),
            },
            // Zero is zero in every unit.
            (None, Value::Number(number)) if *number == Decimal::ZERO => {}
            (None, Value::Number(number)) => {
                self.bare += 1;
                self.fractions |= !number.is_whole();
                self.all_small &= number.abs() <= Decimal::from(1);
            }
            (None, Value::Ratio(_)) => {}
        }
    }

    /// The unit: as stated, else as the most cells have it, else as the title implies.
    pub(super) fn settle(&self, stated: Option<Unit>, title: &str) -> Settled {
        let most = self.signed.iter().max_by_key(|(_, count)| *count).copied();
        if let Some(unit) = stated {
            let takes_bare = self.signed.iter().all(|(signed, _)| *signed != unit);
            return Settled { unit, takes_bare, assumed: None };
        }
        let titled = unit_in_title(title);
        match most {
            Some((unit, signed))
                if signed > self.bare || (signed == self.bare && titled != Some(Unit::Count)) =>
            {
                Settled { unit, takes_bare: false, assumed: None }
            }
            None if self.bare == 0 && self.either > 0 => {
                Settled { unit: Unit::Percent, takes_bare: false, assumed: None }
            }
            Some(_) => self.of_bare(titled.filter(|unit| *unit != Unit::Percent)),
            None => self.of_bare(titled),
        }
    }

    /// The unit where most numbers have no sign.
    fn of_bare(&self, titled: Option<Unit>) -> Settled {
        let a_share_of_one = self.bare > 0 && self.fractions && self.all_small;
        let (unit, assumed) = match titled {
            Some(Unit::Percent) if !a_share_of_one => {
                (Unit::Percent, "the title says that the unit is per cent")
            }
            Some(unit) if unit != Unit::Percent && !self.fractions => {
                (unit, "the title says that it is a count")
            }
            _ if self.bare > 0 && !self.fractions => {
                (Unit::Count, "the unit is not stated; whole numbers are taken as a count")
            }
            _ => (Unit::Number, "the unit is not stated; it is taken as a plain number"),
        };
        Settled { unit, takes_bare: true, assumed: Some(assumed.to_owned()) }
    }
}

fn unit_in_title(title: &str) -> Option<Unit> {
    let lower = title.to_lowercase();
    let begins = |words: &str| lower.starts_with(words);
    if begins("number of") || begins("numbers of") || begins("no. of") || begins("count of") {
        return Some(Unit::Count);
    }
    let percent = lower.contains('%') || lower.contains("percentage") || lower.contains("per cent");
    let share = begins("proportion of") || lower.contains(" proportion of ");
    if percent || share { Some(Unit::Percent) } else { None }
}

/// The values that a target names. A total of all and the end of a trajectory are none.
pub(super) fn values(aim: &Aim) -> Vec<Value> {
    match aim {
        Aim::Level(
            Condition::Reach(value)
            | Condition::AtLeast(value)
            | Condition::AtMost(value)
            | Condition::Above(value)
            | Condition::Below(value)
            | Condition::Exactly(value),
        ) => vec![*value],
        Aim::Level(Condition::Between { low, high }) => vec![*low, *high],
        Aim::Level(Condition::AllOf(total)) => vec![Value::Number(*total)],
        Aim::Level(Condition::EndOfTrajectory) | Aim::Yearly(_) => Vec::new(),
        Aim::Milestones(points) => points.iter().map(|point| point.value).collect(),
    }
}

impl Settled {
    /// A value in the unit, with a note of the form that is not kept.
    pub(super) fn value(
        &self,
        value: Value,
        sign: &Sign,
        beside: Option<&Beside>,
    ) -> Result<(Value, Option<String>), Unread> {
        let disagree = |cell| Err(Unread::Unit { cell, indicator: unit_name(self.unit) });
        let number = match value {
            Value::Ratio(_) => {
                return match self.unit {
                    Unit::Percent | Unit::Rate { .. } | Unit::Number => Ok((value, None)),
                    Unit::Count | Unit::Points => disagree("so many out of so many"),
                };
            }
            Value::Number(number) => number,
        };
        if let Some(other_form) = self.other_form(number, sign, beside) {
            return Ok(other_form);
        }
        match (sign, beside, self.unit) {
            (Sign::Percent | Sign::PercentagePoints, _, Unit::Percent) => Ok((value, None)),
            (Sign::Percent | Sign::PercentagePoints, ..) => disagree("per cent"),
            (Sign::Points, _, Unit::Points) => Ok((value, None)),
            (Sign::Points, ..) => disagree("points"),
            (Sign::Pounds, _, Unit::Number) => Ok((value, None)),
            (Sign::Pounds, ..) => disagree("pounds"),
            (Sign::Per(per), _, Unit::Rate { per: base }) if *per == base => Ok((value, None)),
            (Sign::Per(_), ..) => disagree("a rate per so many"),
            (Sign::None | Sign::Things(_), beside, Unit::Count | Unit::Number | Unit::Points) => {
                let share = match beside {
                    Some(Beside::Share(share)) => Some(format!("{share}%")),
                    Some(Beside::Count(..) | Beside::Ratio(_)) | None => None,
                };
                let things = match sign {
                    Sign::Things(things) => Some(things.clone()),
                    _ => None,
                };
                let note: Vec<String> = things.into_iter().chain(share).collect();
                Ok((value, if note.is_empty() { None } else { Some(note.join(", ")) }))
            }
            (Sign::None | Sign::Things(_), None, Unit::Percent | Unit::Rate { .. })
                if self.takes_bare || number == Decimal::ZERO =>
            {
                Ok((value, None))
            }
            (Sign::None | Sign::Things(_), _, Unit::Percent | Unit::Rate { .. }) => disagree("plain numbers"),
        }
    }

    /// The form beside a number, where that is the one in the unit, or the one with more in it.
    fn other_form(
        &self,
        number: Decimal,
        sign: &Sign,
        beside: Option<&Beside>,
    ) -> Option<(Value, Option<String>)> {
        match (sign, beside?, self.unit) {
            (Sign::Percent, Beside::Ratio(ratio), Unit::Percent) => {
                Some((Value::Ratio(*ratio), Some(format!("{number}%"))))
            }
            (Sign::Percent, Beside::Count(count, things), Unit::Count) => {
                Some((Value::Number(*count), Some(format!("{number}%, {things}"))))
            }
            (Sign::Percent, Beside::Count(count, things), Unit::Percent) => {
                Some((Value::Number(number), Some(format!("{count} {things}"))))
            }
            (Sign::None | Sign::Things(_), Beside::Share(share), Unit::Percent) => {
                Some((Value::Number(*share), Some(count(number, sign))))
            }
            _ => None,
        }
    }
}

fn count(number: Decimal, sign: &Sign) -> String {
    match sign {
        Sign::Things(things) => format!("{number} {things}"),
        _ => format!("{number} in number"),
    }
}

/// A unit in words.
pub(super) fn unit_name(unit: Unit) -> String {
    match unit {
        Unit::Percent => "per cent".to_owned(),
        Unit::Count => "a count".to_owned(),
        Unit::Points => "points".to_owned(),
        Unit::Number => "plain numbers".to_owned(),
        Unit::Rate { per } => format!("a rate per {per}"),
    }
}
