//! The document of a measure, with its baselines, targets and trajectories.

use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::Breakdown;
use waymark_domain::measure::{Composite, Line, Measure};
use waymark_domain::period::Period;
use waymark_domain::text::{Name, Note};
use waymark_domain::trajectory::{Point, Step, Trajectory};

use super::deletion::DepartureDocument;
use super::document;
use super::scalar::{Text, ValueDocument};
use super::target::{BaselineDocument, TargetDocument};
use crate::history::noun::Noun;

impl Noun for Measure {
    const KIND: &'static str = "measure";
    type Document = MeasureDocument;
}

document! {
    pub struct MeasureDocument of Measure {
        theme: Text<Code>,
        priority: Option<Text<Code>>,
        breakdown: Option<Text<Breakdown>>,
        lead: Option<Text<Name>>,
        contact: Option<Text<Name>>,
        lines: Vec<LineDocument>,
        composite: CompositeDocument,
        note: Option<Text<Note>>,
        // Measures that were stored before there were deletions have none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        departures: Vec<DepartureDocument>,
    }

    struct LineDocument of Line {
        component: Option<Text<Name>>,
        baseline: Option<BaselineDocument>,
        target: Option<TargetDocument>,
        trajectory: TrajectoryDocument,
    }

    pub(super) struct PointDocument of Point {
        period: Text<Period>,
        value: ValueDocument,
    }
}

document! {
    enum CompositeDocument of Composite {
        Worst,
        Best,
        Headline(Text<Name>),
    }

    pub(super) enum TrajectoryDocument of Trajectory {
        Linear,
        Milestones(Vec<PointDocument>),
        YearlyStep { step: StepDocument, until: Option<Text<Period>> },
        Profile(Vec<PointDocument>),
    }

    pub(super) enum StepDocument of Step {
        Points(Text<Decimal>),
        Percent(Text<Decimal>),
    }
}
