//! The baseline, target and trajectory of a row: one line for the whole, or one for each component.

use super::{
    CellReading, Column, Parsed, TableContext,
    definition::Definition,
    results::{kept, notes},
    unit::{unit_name, values},
};
use crate::framework::measure::Line;
use crate::framework::target::{Baseline, Condition, Target};
use crate::framework::trajectory::{Point, Trajectory};
use crate::notation::{Aim, Measured, MeasuredPart, Sign, TargetPart, Targeted, Unread, YearlyStep};
use crate::number::decimal::Decimal;
use crate::number::value::{Unit, Value};
use crate::text::{Name, Note, Title};

/// The lines of a row, and what became of their two cells.
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    pub(super) baseline: CellReading,
    pub(super) target: CellReading,
}

/// What a cell gives: something for the whole, or something for each of several components.
type Given<T> = Vec<(Option<Name>, T)>;
/// The same with the report of the cell.
type Reported<T> = (Given<T>, CellReading);

/// The lines in the indicator's unit.
pub(super) fn lines(parsed: &Parsed<'_>, definition: &Definition, context: &TableContext<'_>) -> Lines {
    let (baselines, baseline) = baselines(parsed, definition, context)
        .unwrap_or_else(|reason| unread_baseline(&parsed.row.baseline, &reason));
    let (mut targets, mut target) = targets(parsed, definition, &baselines)
        .unwrap_or_else(|reason| unread_target(&parsed.row.target, &reason));
    let named = |name: &Option<Name>| name.is_some();
    let baseline_named = baselines.iter().any(|(name, _)| named(name));
    // One target for the whole is that of every part that has a baseline of its own.
    if let ([(None, whole)], true) = (targets.as_slice(), baseline_named) {
        let whole = whole.clone();
        if let Target::Set { .. } = whole.0 {
            target.assumed.push("the target is taken for each of the parts".to_owned());
        }
        targets = baselines.iter().map(|(name, _)| (name.clone(), whole.clone())).collect();
    }
    let mut names: Vec<Option<Name>> = Vec::new();
    for name in baselines.iter().map(|(name, _)| name).chain(targets.iter().map(|(name, _)| name)) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        names.push(None);
    }
    let lines = names
        .into_iter()
        .map(|component| {
            let baseline =
                baselines.iter().find(|(name, _)| *name == component).map(|(_, baseline)| baseline.clone());
            let target =
                targets.iter().find(|(name, _)| *name == component).map(|(_, target)| target.clone());
            let (target, trajectory) =
                target.map_or((None, Trajectory::Linear), |(target, way)| (Some(target), way));
            Line { component, baseline, target, trajectory }
        })
        .collect();
    Lines { lines, baseline, target }
}

fn baselines(
    parsed: &Parsed<'_>,
    definition: &Definition,
    context: &TableContext<'_>,
) -> Result<Reported<Baseline>, Unread> {
    let text = parsed.row.baseline.as_str();
    let reading = parsed.baseline.as_ref().map_err(Unread::clone)?;
    let Measured::Parts(parts) = &reading.content else {
        return Ok((Vec::new(), CellReading::nothing(Column::Baseline, text)));
    };
    let baseline = |part: &MeasuredPart| {
        let (value, note) = definition.settled.value(part.value, &part.sign, part.beside.as_ref())?;
        let day = part.period.map_or(context.plan.first_day(), |period| period.last_day());
        let known = Baseline::Known {
            value,
            period: part.period,
            definition_version: definition.version_on(day),
            note: notes(note, &part.notes),
        };
        Ok((definition.component(part.name.as_ref()), known))
    };
    let given = parts.iter().map(baseline).collect::<Result<_, Unread>>()?;
    Ok((given, CellReading::read(Column::Baseline, text, reading.text.clone(), reading.assumed.clone())))
}

fn unread_baseline(text: &str, reason: &Unread) -> Reported<Baseline> {
    let unread_text = kept(text).zip(Title::fitted(&reason.to_string()));
    let given =
        unread_text.map(|(text, reason)| (None, Baseline::Unread { text, reason })).into_iter().collect();
    (given, CellReading::unread(Column::Baseline, text, reason))
}

fn unread_target(text: &str, reason: &Unread) -> Reported<(Target, Trajectory)> {
    let unread_text = kept(text).zip(Title::fitted(&reason.to_string()));
    let unread =
        unread_text.map(|(text, reason)| (None, (Target::Unread { text, reason }, Trajectory::Linear)));
    (unread.into_iter().collect(), CellReading::unread(Column::Target, text, reason))
}

fn targets(
    parsed: &Parsed<'_>,
    definition: &Definition,
    baselines: &Given<Baseline>,
) -> Result<Reported<(Target, Trajectory)>, Unread> {
    let text = parsed.row.target.as_str();
    let reading = parsed.target.as_ref().map_err(Unread::clone)?;
    let mut assumed = reading.assumed.clone();
    let given = match &reading.content {
        Targeted::Nothing(..) => return Ok((Vec::new(), CellReading::nothing(Column::Target, text))),
        Targeted::ToBeSet(sentence) => {
            let reason = Note::fitted(sentence).ok_or(Unread::NoFigure)?;
            vec![(None, (Target::ToBeSet { reason }, Trajectory::Linear))]
        }
        Targeted::Parts(parts) => {
            refuse_cumulative(parts, parsed)?;
            let target = |part: &TargetPart| {
                let name = definition.component(part.name.as_ref());
                let baseline = baselines.iter().find(|(of, _)| *of == name).map(|(_, baseline)| baseline);
                set(part, definition, baseline, &mut assumed).map(|target| (name, target))
            };
            parts.iter().map(target).collect::<Result<_, Unread>>()?
        }
    };
    Ok((given, CellReading::read(Column::Target, text, reading.text.clone(), assumed)))
}

/// A target with its trajectory.
fn set(
    part: &TargetPart,
    definition: &Definition,
    baseline: Option<&Baseline>,
    assumed: &mut Vec<String>,
) -> Result<(Target, Trajectory), Unread> {
    let sign = part.sign.as_ref().unwrap_or(&Sign::None);
    let mut beside_note = None;
    let mut in_unit = |value: Value| {
        let (value, note) = definition.settled.value(value, sign, part.beside.as_ref())?;
        beside_note = note;
        Ok::<Value, Unread>(value)
    };
    let (condition, trajectory) = match &part.aim {
        Aim::Level(condition) => {
            (level(condition, &mut in_unit, definition.settled.unit)?, Trajectory::Linear)
        }
        Aim::Milestones(points) => {
            let point = |point: &Point| Ok(Point { period: point.period, value: in_unit(point.value)? });
            let points = points.iter().map(point).collect::<Result<_, Unread>>()?;
            (Condition::EndOfTrajectory, Trajectory::Milestones(points))
        }
        Aim::Yearly(step) => (Condition::EndOfTrajectory, yearly(step, definition, baseline, assumed)?),
    };
    if condition == Condition::Reach(Value::Number(Decimal::ZERO)) && *sign == Sign::None {
        assumed.push(format!("0 is taken as zero in {}", unit_name(definition.settled.unit)));
    }
    let note = notes(beside_note, &part.notes);
    let target = Target::Set {
        period: part.period,
        condition,
        state: part.state,
        note,
        review_on: None,
        origin: None,
    };
    Ok((target, trajectory))
}

fn level(
    condition: &Condition,
    in_unit: &mut dyn FnMut(Value) -> Result<Value, Unread>,
    unit: Unit,
) -> Result<Condition, Unread> {
    Ok(match condition {
        Condition::Reach(value) => Condition::Reach(in_unit(*value)?),
        Condition::AtLeast(value) => Condition::AtLeast(in_unit(*value)?),
        Condition::AtMost(value) => Condition::AtMost(in_unit(*value)?),
        Condition::Above(value) => Condition::Above(in_unit(*value)?),
        Condition::Below(value) => Condition::Below(in_unit(*value)?),
        Condition::Exactly(value) => Condition::Exactly(in_unit(*value)?),
        Condition::Between { low, high } => Condition::Between { low: in_unit(*low)?, high: in_unit(*high)? },
        Condition::AllOf(total) => match unit {
            Unit::Count | Unit::Number => Condition::AllOf(*total),
            Unit::Percent | Unit::Points | Unit::Rate { .. } => {
                return Err(Unread::Unit { cell: "a total", indicator: unit_name(unit) });
            }
        },
        Condition::EndOfTrajectory => Condition::EndOfTrajectory,
    })
}

/// A yearly step counts from its baseline; one that names another year to count from is not that step.
fn yearly(
    step: &YearlyStep,
    definition: &Definition,
    baseline: Option<&Baseline>,
    assumed: &mut Vec<String>,
) -> Result<Trajectory, Unread> {
    let Some(Baseline::Known { period, .. }) = baseline else { return Err(Unread::StepWithoutBaseline) };
    if let Some(from) = step.from
        && period.is_none_or(|period| period.last_day() != from.last_day())
    {
        return Err(Unread::StepFrom(from.to_string()));
    }
    let unit = definition.settled.unit;
    let bare = matches!(step.rise.sign, Sign::None | Sign::Things(_));
    if bare && !definition.settled.takes_bare && matches!(unit, Unit::Percent | Unit::Rate { .. }) {
        return Err(Unread::Unit { cell: "plain numbers", indicator: unit_name(unit) });
    }
    let (step_in_unit, assumption) = step.step(unit);
    assumed.extend(assumption);
    Ok(Trajectory::YearlyStep { step: step_in_unit, until: step.until })
}

/// Refuses the parts of a target that add up to more than a whole where those measured make up one: they are
/// cumulative, and the others are not.
fn refuse_cumulative(parts: &[TargetPart], parsed: &Parsed<'_>) -> Result<(), Unread> {
    if parts.len() < 2 || !parts.iter().all(|part| part.sign == Some(Sign::Percent)) {
        return Ok(());
    }
    let aimed = sum(parts.iter().flat_map(|part| values(&part.aim)));
    let is_whole = |cell: &Result<crate::notation::Reading<Measured>, Unread>| match cell {
        Ok(reading) => match &reading.content {
            Measured::Parts(parts) if parts.len() > 1 => {
                let whole = sum(parts.iter().map(|part| part.value));
                whole.is_some_and(|whole| {
                    (whole.raw() - Decimal::HUNDRED.raw()).abs() <= rust_decimal::Decimal::ONE
                })
            }
            Measured::Parts(_) | Measured::Nothing(..) => false,
        },
        Err(_) => false,
    };
    match aimed {
        Some(aimed)
            if aimed.raw() > Decimal::HUNDRED.raw() + rust_decimal::Decimal::ONE
                && (is_whole(&parsed.baseline) || is_whole(&parsed.result)) =>
        {
            Err(Unread::Cumulative(aimed))
        }
        _ => Ok(()),
    }
}

fn sum(values: impl Iterator<Item = Value>) -> Option<Decimal> {
    let mut sum = Decimal::ZERO.raw();
    for value in values {
        let Value::Number(number) = value else { return None };
        sum = sum.checked_add(number.raw())?;
    }
    Decimal::new(sum).ok()
}
