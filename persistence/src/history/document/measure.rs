//! The document of a measure, with its baselines, targets and trajectories.

use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::Breakdown;
use waymark_domain::measure::{Composite, Line, Measure};
use waymark_domain::period::Period;
use waymark_domain::target::{Baseline, Target};
use waymark_domain::text::{Name, Note};
use waymark_domain::trajectory::{Point, Step, Trajectory};

use super::deletion::DepartureDocument;
use super::each;
use super::scalar::{Text, ValueDocument, of_text, text};
use super::target::{BaselineDocument, TargetDocument};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureDocument {
    theme: Text<Code>,
    priority: Option<Text<Code>>,
    breakdown: Option<Text<Breakdown>>,
    lead: Option<Text<Name>>,
    contact: Option<Text<Name>>,
    lines: Vec<LineDocument>,
    composite: CompositeDocument,
    note: Option<Text<Note>>,
    // Measures that were written before there were deletions have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    departures: Vec<DepartureDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineDocument {
    component: Option<Text<Name>>,
    baseline: Option<BaselineDocument>,
    target: Option<TargetDocument>,
    trajectory: TrajectoryDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CompositeDocument {
    Worst,
    Best,
    Headline(Text<Name>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TrajectoryDocument {
    Linear,
    Milestones(Vec<PointDocument>),
    YearlyStep { step: StepDocument, until: Option<Text<Period>> },
    Profile(Vec<PointDocument>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PointDocument {
    period: Text<Period>,
    value: ValueDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StepDocument {
    Points(Text<Decimal>),
    Percent(Text<Decimal>),
}

impl From<&Measure> for MeasureDocument {
    fn from(measure: &Measure) -> Self {
        let Measure { theme, priority, breakdown, lead, contact, lines, composite, note, departures } =
            measure;
        Self {
            theme: theme.into(),
            priority: text(priority),
            breakdown: text(breakdown),
            lead: text(lead),
            contact: text(contact),
            lines: each(lines),
            composite: match composite {
                Composite::Worst => CompositeDocument::Worst,
                Composite::Best => CompositeDocument::Best,
                Composite::Headline(component) => CompositeDocument::Headline(component.into()),
            },
            note: text(note),
            departures: each(departures),
        }
    }
}

impl From<MeasureDocument> for Measure {
    fn from(document: MeasureDocument) -> Self {
        let MeasureDocument { theme, priority, breakdown, lead, contact, lines, composite, note, departures } =
            document;
        Self {
            theme: theme.0,
            priority: of_text(priority),
            breakdown: of_text(breakdown),
            lead: of_text(lead),
            contact: of_text(contact),
            lines: each(lines),
            composite: match composite {
                CompositeDocument::Worst => Composite::Worst,
                CompositeDocument::Best => Composite::Best,
                CompositeDocument::Headline(component) => Composite::Headline(component.0),
            },
            note: of_text(note),
            departures: each(departures),
        }
    }
}

impl From<&Line> for LineDocument {
    fn from(line: &Line) -> Self {
        let Line { component, baseline, target, trajectory } = line;
        Self {
            component: text(component),
            baseline: baseline.as_ref().map(BaselineDocument::from),
            target: target.as_ref().map(TargetDocument::from),
            trajectory: trajectory.into(),
        }
    }
}

impl From<LineDocument> for Line {
    fn from(document: LineDocument) -> Self {
        let LineDocument { component, baseline, target, trajectory } = document;
        Self {
            component: of_text(component),
            baseline: baseline.map(Baseline::from),
            target: target.map(Target::from),
            trajectory: trajectory.into(),
        }
    }
}

impl From<&Trajectory> for TrajectoryDocument {
    fn from(trajectory: &Trajectory) -> Self {
        match trajectory {
            Trajectory::Linear => Self::Linear,
            Trajectory::Milestones(points) => Self::Milestones(each(points)),
            Trajectory::YearlyStep { step, until } => Self::YearlyStep {
                step: match step {
                    Step::Points(points) => StepDocument::Points(points.into()),
                    Step::Percent(percent) => StepDocument::Percent(percent.into()),
                },
                until: text(until),
            },
            Trajectory::Profile(points) => Self::Profile(each(points)),
        }
    }
}

impl From<TrajectoryDocument> for Trajectory {
    fn from(document: TrajectoryDocument) -> Self {
        match document {
            TrajectoryDocument::Linear => Self::Linear,
            TrajectoryDocument::Milestones(points) => Self::Milestones(each(points)),
            TrajectoryDocument::YearlyStep { step, until } => Self::YearlyStep {
                step: match step {
                    StepDocument::Points(points) => Step::Points(points.0),
                    StepDocument::Percent(percent) => Step::Percent(percent.0),
                },
                until: of_text(until),
            },
            TrajectoryDocument::Profile(points) => Self::Profile(each(points)),
        }
    }
}

impl From<&Point> for PointDocument {
    fn from(point: &Point) -> Self {
        let Point { period, value } = point;
        Self { period: period.into(), value: (*value).into() }
    }
}

impl From<PointDocument> for Point {
    fn from(document: PointDocument) -> Self {
        let PointDocument { period, value } = document;
        Self { period: period.0, value: value.into() }
    }
}
