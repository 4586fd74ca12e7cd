//! What a cell means as a result, a baseline or a target.

use super::{
    Context, Unread,
    cell::{About, Absence, Amount, Beside, Cell, Figure, Limit, Mark, Part, Sign},
    is_a_bare_year, parse,
    resolve::Settling,
    words::{NOT_MEASURED, NOT_OWN, has},
};
use crate::framework::observation::Standing;
use crate::framework::target::{Condition, TargetState};
use crate::framework::trajectory::{Point, Step};
use crate::number::decimal::Decimal;
use crate::number::value::{Unit, Value};
use crate::text::Name;
use crate::time::period::Period;
use std::collections::BTreeSet;

/// What was read from a cell, in which canonical notation, and what had to be assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// What it means.
    pub content: T,
    /// The cell in the canonical notation.
    pub text: String,
    /// What the cell does not say and the context gave, in sentences.
    pub assumed: Vec<String>,
}

/// A result or baseline cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// There is nothing, and what the cell says of that.
    Nothing(Absence, Option<String>),
    /// One value, or several named ones.
    Parts(Vec<MeasuredPart>),
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredPart {
    /// The component.
    pub name: Option<Name>,
    /// The value.
    pub value: Value,
    /// What it counts; [`Sign::None`] for a ratio.
    pub sign: Sign,
    /// The same thing in another form.
    pub beside: Option<Beside>,
    /// Its period, where the cell states one.
    pub period: Option<Period>,
    /// How settled it is.
    pub standing: Standing,
    /// Whether it is called the baseline.
    pub is_baseline: bool,
    /// What else is said of it.
    pub notes: Vec<String>,
}

/// A target cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Targeted {
    /// There is no target.
    Nothing(Absence, Option<String>),
    /// There will be one; the sentence that says so.
    ToBeSet(String),
    /// One target, or one for each named part.
    Parts(Vec<TargetPart>),
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetPart {
    /// The component.
    pub name: Option<Name>,
    /// What is aimed at.
    pub aim: Aim,
    /// What the numbers count; `None` for a ratio or a total.
    pub sign: Option<Sign>,
    /// The same thing in another form.
    pub beside: Option<Beside>,
    /// For which period, where the cell states one.
    pub period: Option<Period>,
    /// How far it is settled.
    pub state: TargetState,
    /// What else is said of it.
    pub notes: Vec<String>,
}

/// What a target aims at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// A condition on the value.
    Level(Condition),
    /// Values by dates, each later than the one before.
    Milestones(Vec<Point>),
    /// The same step each year.
    Yearly(YearlyStep),
}

/// The same step each year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearlyStep {
    /// How much a year, below zero for a reduction.
    pub rise: Figure,
    /// From when it counts, where the cell says.
    pub from: Option<Period>,
    /// Until when it goes on, where the cell says.
    pub until: Option<Period>,
}

impl YearlyStep {
    /// The step for an indicator in `unit`, and what is assumed by taking it so: on a percentage, per cent are
    /// percentage points; on anything else they compound.
    pub fn step(&self, unit: Unit) -> (Step, Option<String>) {
        let number = self.rise.number;
        match (&self.rise.sign, unit) {
            (Sign::Percent, Unit::Percent) => {
                (Step::Points(number), Some(format!("{number}% a year is taken as percentage points")))
            }
            (Sign::Percent, Unit::Count | Unit::Points | Unit::Number | Unit::Rate { .. }) => {
                (Step::Percent(number), Some(format!("{number}% a year is taken as compound per cent")))
            }
            (
                Sign::None
                | Sign::Things(_)
                | Sign::PercentagePoints
                | Sign::Points
                | Sign::Pounds
                | Sign::Per(_),
                _,
            ) => (Step::Points(number), None),
        }
    }
}

/// Reads a result.
pub fn read_result(text: &str, context: &Context) -> Result<Reading<Measured>, Unread> {
    confirmed(text, context, result)
}

/// Reads a baseline: a value like a result, whose standing is a note.
pub fn read_baseline(text: &str, context: &Context) -> Result<Reading<Measured>, Unread> {
    confirmed(text, context, baseline)
}

/// Reads a target.
pub fn read_target(text: &str, context: &Context) -> Result<Reading<Targeted>, Unread> {
    confirmed(text, context, target)
}

/// How a cell is read in one of its places.
type Read<T> = fn(&str, &Context) -> Result<Reading<T>, Unread>;

/// A reading whose canonical notation reads the same, with nothing left to assume. Words and figures can meet in
/// ways that no grammar foresees; where the two differ, the cell can be taken in two ways.
fn confirmed<T: PartialEq>(text: &str, context: &Context, read: Read<T>) -> Result<Reading<T>, Unread> {
    let reading = read(text, context)?;
    match read(&reading.text, context) {
        Ok(again) if again.content == reading.content && again.assumed.is_empty() => Ok(reading),
        Ok(_) | Err(_) => Err(Unread::TwoWays(reading.text)),
    }
}

fn result(text: &str, context: &Context) -> Result<Reading<Measured>, Unread> {
    let reading = read_measured(text, context)?;
    if let Measured::Parts(parts) = &reading.content {
        for part in parts {
            part.notes.iter().try_for_each(|note| refuse_words_of_others(note))?;
        }
    }
    Ok(reading)
}

fn baseline(text: &str, context: &Context) -> Result<Reading<Measured>, Unread> {
    let mut reading = read_measured(text, context)?;
    if let Measured::Parts(parts) = &mut reading.content {
        for part in parts {
            part.notes.iter().try_for_each(|note| refuse_words_of_others(note))?;
            part.is_baseline = true;
            match part.standing {
                Standing::Provisional => part.notes.insert(0, "provisional".to_owned()),
                Standing::Estimate => part.notes.insert(0, "estimate".to_owned()),
                Standing::Revised => part.notes.insert(0, "revised".to_owned()),
                Standing::Final => {}
            }
        }
    }
    Ok(reading)
}

fn target(text: &str, context: &Context) -> Result<Reading<Targeted>, Unread> {
    if is_a_bare_year(text) {
        return Err(Unread::OnlyPeriod(text.trim().to_owned()));
    }
    let mut settling = Settling::new(context, false);
    let cell = match settling.cell(parse(text)?)? {
        // What is awaited in the place of a target is the target.
        Cell::Nothing { absence: Absence::Awaited, .. } => {
            Cell::ToBeSet(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        cell => cell,
    };
    let cell = match cell {
        Cell::Figures(parts) => Cell::Figures(shared_period(parts, &mut settling)),
        cell => cell,
    };
    let written = cell.to_string();
    let content = match cell {
        Cell::Nothing { absence, note } => Targeted::Nothing(absence, note),
        Cell::ToBeSet(sentence) => Targeted::ToBeSet(sentence),
        Cell::Milestones { points, marks } => Targeted::Parts(vec![milestones(points, &marks)?]),
        Cell::Figures(parts) => {
            Targeted::Parts(parts.into_iter().map(target_part).collect::<Result<_, _>>()?)
        }
    };
    Ok(Reading { content, text: written, assumed: settling.assumed })
}

fn read_measured(text: &str, context: &Context) -> Result<Reading<Measured>, Unread> {
    let mut settling = Settling::new(context, true);
    let cell = settling.cell(parse(text)?)?;
    let (content, written) = match cell {
        Cell::Nothing { absence, ref note } => (Measured::Nothing(absence, note.clone()), cell.to_string()),
        Cell::ToBeSet(ref sentence) => {
            (Measured::Nothing(Absence::Awaited, Some(sentence.clone())), cell.to_string())
        }
        Cell::Milestones { .. } => return Err(Unread::SeveralDates),
        Cell::Figures(parts) => {
            let parts = shared_period(parts, &mut settling);
            let written = Cell::Figures(parts.clone()).to_string();
            let read = parts.into_iter().map(|part| measured_part(part, context));
            (Measured::Parts(read.collect::<Result<_, _>>()?), written)
        }
    };
    Ok(Reading { content, text: written, assumed: settling.assumed })
}

/// A period after the last of several parts is that of all of them, where none has one of its own.
fn shared_period(mut parts: Vec<Part<Period>>, settling: &mut Settling<'_>) -> Vec<Part<Period>> {
    let Some((last, others)) = parts.split_last_mut() else { return parts };
    let Some(period) = last.about.when else { return parts };
    if !others.is_empty() && others.iter().all(|part| part.about.when.is_none()) {
        settling.assume(format!("{period}, written after the last part, is taken for all parts"));
        others.iter_mut().for_each(|part| part.about.when = Some(period));
    }
    parts
}

fn part_name(name: Option<String>) -> Result<Option<Name>, Unread> {
    name.map(|name| Name::new(&name)).transpose().map_err(|_| Unread::TooMuch)
}

fn measured_part(part: Part<Period>, context: &Context) -> Result<MeasuredPart, Unread> {
    let About { when, beside, marks, notes } = part.about;
    refuse_contradictions(&marks)?;
    let (value, sign) = match part.amount {
        Amount::Exactly(Figure { number, sign }) => (Value::Number(number), sign),
        Amount::Ratio(ratio) => (Value::Ratio(ratio), Sign::None),
        Amount::Limit(..) | Amount::Range { .. } | Amount::AllOf(_) => return Err(Unread::NotOneValue),
        Amount::PerYear { .. } => return Err(Unread::NotAValue),
    };
    if marks.contains(&Mark::Target) {
        return Err(Unread::NotMeasured(Mark::Target.word().to_owned()));
    }
    if let Some(period) = when.filter(|period| period.last_day() > context.report_date) {
        return Err(Unread::AfterReport { period: period.to_string(), report: context.report_date });
    }
    let has = |these: &[Mark]| these.iter().any(|mark| marks.contains(mark));
    let standing = if has(&[Mark::Estimate, Mark::Approximate]) {
        Standing::Estimate
    } else if has(&[Mark::Provisional, Mark::Unconfirmed, Mark::Proposed]) {
        Standing::Provisional
    } else if has(&[Mark::Revised]) {
        Standing::Revised
    } else {
        Standing::Final
    };
    let kept =
        [Mark::Approximate, Mark::Tentative, Mark::Agreed].into_iter().filter(|mark| marks.contains(mark));
    let notes = kept.map(|mark| mark.word().to_owned()).chain(notes).collect();
    let is_baseline = marks.contains(&Mark::Baseline);
    Ok(MeasuredPart {
        name: part_name(part.name)?,
        value,
        sign,
        beside,
        period: when,
        standing,
        is_baseline,
        notes,
    })
}

fn milestones(points: Vec<(Figure, Period)>, marks: &BTreeSet<Mark>) -> Result<TargetPart, Unread> {
    refuse_contradictions(marks)?;
    let sign = points.first().map(|(figure, _)| figure.sign.clone());
    let period = points.last().map(|(_, period)| *period);
    let points = points
        .into_iter()
        .map(|(figure, period)| Point { period, value: Value::Number(figure.number) })
        .collect();
    let (state, notes) = state_and_notes(marks, Vec::new());
    Ok(TargetPart { name: None, aim: Aim::Milestones(points), sign, beside: None, period, state, notes })
}

fn target_part(part: Part<Period>) -> Result<TargetPart, Unread> {
    let About { when, beside, marks, notes } = part.about;
    refuse_contradictions(&marks)?;
    if marks.contains(&Mark::Baseline) {
        return Err(Unread::Contradiction(Mark::Target.word(), Mark::Baseline.word()));
    }
    let sign = part.amount.sign().cloned();
    let number = |figure: Figure| Value::Number(figure.number);
    let aim = match part.amount {
        Amount::Exactly(figure) => Aim::Level(Condition::Reach(number(figure))),
        Amount::Ratio(ratio) => Aim::Level(Condition::Reach(Value::Ratio(ratio))),
        Amount::Limit(Limit::AtLeast, figure) => Aim::Level(Condition::AtLeast(number(figure))),
        Amount::Limit(Limit::AtMost, figure) => Aim::Level(Condition::AtMost(number(figure))),
        Amount::Limit(Limit::Above, figure) => Aim::Level(Condition::Above(number(figure))),
        Amount::Limit(Limit::Below, figure) => Aim::Level(Condition::Below(number(figure))),
        Amount::Range { low, high, .. } => {
            Aim::Level(Condition::Between { low: Value::Number(low), high: Value::Number(high) })
        }
        Amount::AllOf(total) => Aim::Level(Condition::AllOf(total)),
        Amount::PerYear { rise, from, until } => Aim::Yearly(YearlyStep { rise, from, until }),
    };
    let period = match &aim {
        Aim::Yearly(step) => when.or(step.until),
        Aim::Level(_) | Aim::Milestones(_) => when,
    };
    let (state, notes) = state_and_notes(&marks, notes);
    Ok(TargetPart { name: part_name(part.name)?, aim, sign, beside, period, state, notes })
}

fn state_and_notes(marks: &BTreeSet<Mark>, notes: Vec<String>) -> (TargetState, Vec<String>) {
    let has = |these: &[Mark]| these.iter().any(|mark| marks.contains(mark));
    let state = if has(&[Mark::Proposed, Mark::Unconfirmed]) {
        TargetState::Proposed
    } else if has(&[Mark::Tentative, Mark::Provisional]) {
        TargetState::Tentative
    } else {
        TargetState::Agreed
    };
    let kept =
        [Mark::Revised, Mark::Estimate, Mark::Approximate].into_iter().filter(|mark| marks.contains(mark));
    (state, kept.map(|mark| mark.word().to_owned()).chain(notes).collect())
}

fn refuse_contradictions(marks: &BTreeSet<Mark>) -> Result<(), Unread> {
    let pairs = [
        (Mark::Final, Mark::Provisional),
        (Mark::Final, Mark::Estimate),
        (Mark::Final, Mark::Unconfirmed),
        (Mark::Agreed, Mark::Tentative),
        (Mark::Agreed, Mark::Proposed),
        (Mark::Agreed, Mark::Unconfirmed),
        (Mark::Baseline, Mark::Target),
    ];
    let both = pairs.into_iter().find(|(a, b)| marks.contains(a) && marks.contains(b));
    both.map_or(Ok(()), |(a, b)| Err(Unread::Contradiction(a.word(), b.word())))
}

/// A note that says that the figure was not measured, or not here.
fn refuse_words_of_others(note: &str) -> Result<(), Unread> {
    note.split(|c: char| !c.is_alphanumeric()).try_for_each(|word| {
        let lower = word.to_lowercase();
        if has(NOT_MEASURED, &lower) {
            return Err(Unread::NotMeasured(word.to_owned()));
        }
        if has(NOT_OWN, &lower) { Err(Unread::NotOwn(word.to_owned())) } else { Ok(()) }
    })
}

impl MeasuredPart {
    /// The number, where it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self.value {
            Value::Number(number) => Some(number),
            Value::Ratio(_) => None,
        }
    }
}
