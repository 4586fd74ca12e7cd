//! A small framework to store: one plan of one council, with an indicator and a measure.

use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::{Breakdown, DefinitionVersion, Dimension, Frequency, Indicator};
use waymark_domain::measure::{Composite, Line, Measure};
use waymark_domain::observation::{Figure, Observation, Standing};
use waymark_domain::plan::{Plan, Priority, Theme};
use waymark_domain::polarity::Polarity;
use waymark_domain::scheme::Scheme;
use waymark_domain::text::Text;
use waymark_domain::trajectory::Trajectory;
use waymark_domain::value::{Unit, Value};
use waymark_persistence::measure::{self, Place};
use waymark_persistence::results::{NewResult, Outcome, Writing};
use waymark_persistence::submission::{Format, Mode, RejectedRow, Submission};
use waymark_persistence::{Change, Connection, Store, StoreError, indicator, plan};

use crate::engines::{change, organisation};

/// The ids of what is there.
pub(crate) struct Framework {
    pub(crate) organisation: Uuid,
    pub(crate) indicator: Uuid,
    pub(crate) plan: Uuid,
    pub(crate) measure: Uuid,
}

pub(crate) fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

pub(crate) fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::new(text).unwrap()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn an_indicator() -> Indicator {
    Indicator {
        polarity: Some(Polarity::HigherIsBetter),
        frequency: Some(Frequency::HalfYearly),
        lag_days: 42,
        static_threshold: decimal("0.50"),
        source: Some(text("School census")),
        references: vec![text("NI 52")],
        versions: vec![
            DefinitionVersion { number: 1, from: None, note: None },
            DefinitionVersion { number: 2, from: "2009-04-01".parse().ok(), note: Some(text("New count")) },
        ],
        components: vec![text("Dose 1"), text("Dose 2")],
        dimensions: vec![Dimension {
            code: code("district"),
            title: text("District"),
            categories: vec![text("Blaby"), text("Melton & Rutland = both")],
        }],
        ..Indicator::new(text("School lunches"), Unit::Rate { per: 10_000 }, 2)
    }
}

pub(crate) fn a_plan() -> Plan {
    Plan {
        title: text("Children and young people's plan"),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: vec![Theme { code: code("BH"), title: text("Being healthy") }],
        priorities: vec![Priority {
            code: code("BH-1d"),
            theme: code("BH"),
            title: text("Food in schools"),
            cross_references: vec![text("LAA 7")],
        }],
        scheme: Scheme::tolerance(),
        reporting_cycle: Frequency::Quarterly,
        exception_rules: waymark_domain::tracker::ExceptionRule::shipped(),
    }
}

pub(crate) fn a_measure() -> Measure {
    Measure {
        theme: code("BH"),
        priority: Some(code("BH-1d")),
        breakdown: None,
        lead: Some(text("Head of school meals")),
        contact: None,
        lines: vec![Line { component: None, baseline: None, target: None, trajectory: Trajectory::Linear }],
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

pub(crate) fn observed(period: &str, value: &str) -> Observation {
    Observation {
        period: period.parse().unwrap(),
        breakdown: None,
        component: None,
        figure: Figure::Value(Value::Number(decimal(value))),
        definition_version: 1,
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    }
}

pub(crate) fn in_district(observation: Observation, category: &str) -> Observation {
    let breakdown = Breakdown { dimension: code("district"), category: text(category) };
    Observation { breakdown: Some(breakdown), ..observation }
}

pub(crate) fn framework(store: &Store) -> Framework {
    let organisation = organisation(store, "leicestershire");
    let founded = change("2008-04-01T00:00:00Z");
    store
        .write(|c| {
            let indicator = indicator::create(c, organisation, &code("NI52"), &an_indicator(), &founded)?;
            let plan = plan::create(c, organisation, &code("cypp"), &a_plan(), &founded)?;
            let (indicator, plan) = (indicator.versioned.id, plan.versioned.id);
            let place = Place { organisation, plan, indicator };
            let measure = measure::create(c, place, &code("NI52"), &a_measure(), &founded)?;
            Ok::<_, StoreError>(Framework { organisation, indicator, plan, measure: measure.versioned.id })
        })
        .unwrap()
}

/// The results of one organisation that are sent together, and the rows that are refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Push<'a> {
    pub(crate) organisation: Uuid,
    pub(crate) format: Format,
    pub(crate) mode: Mode,
    pub(crate) results: &'a [NewResult],
    pub(crate) rejected: &'a [RejectedRow],
}

/// What became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pushed {
    pub(crate) submission: Submission,
    pub(crate) outcomes: Vec<Outcome>,
}

/// Writes a submission of one chunk.
pub(crate) fn push(
    connection: &mut Connection,
    push: Push<'_>,
    change: &Change,
) -> Result<Pushed, StoreError> {
    let mut writing = Writing::begin(connection, push.organisation, push.format, push.mode, change)?;
    writing.reject(connection, push.rejected)?;
    let outcomes = writing.write(connection, push.results)?;
    Ok(Pushed { submission: writing.end(connection)?, outcomes })
}
