//! The gaps of a plan on the wire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::code::Code as DomainCode;
use waymark_domain::gap::{self, gaps};
use waymark_domain::target_setting::TargetProposal;
use waymark_domain::text;
use waymark_persistence::Connection;
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::plan_item::{self, Filed};

use super::query::WantedGaps;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::schema::{Code, Name, Title, words};
use crate::reporting::status::PlanPosition;
use crate::workflow::scope::PlanScope;

words! {
    /// What is missing: a target though there are results, a new target after a change of method, a look at a target
    /// whose day of review has passed, or somebody who leads.
    GapKind = gap::GapKind
}

/// A page of the gaps of a plan, in the order of the measures' codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapPage {
    /// The date of the position.
    as_at: NaiveDate,
    /// The moment whose knowledge counts; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// How many gaps there are of each kind, on all pages and of all kinds.
    #[schema(min_items = 4, max_items = 4)]
    counts: Vec<GapCount>,
    /// The gaps.
    #[schema(max_items = 500)]
    items: Vec<Gap>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    next: Option<String>,
}

/// How many gaps there are of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapCount {
    kind: GapKind,
    /// How many.
    #[schema(minimum = 0, maximum = 10_000_000)]
    count: usize,
}

/// One gap of one measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gap {
    /// The measure's code, unique in its plan.
    measure: Code,
    /// The title of its indicator.
    title: Title,
    /// The theme under which it stands.
    theme: Code,
    /// The post of the officer who leads on it.
    lead: Option<Name>,
    /// The component that it is about; null for the whole.
    component: Option<Name>,
    kind: GapKind,
    /// Why it is a gap, in a sentence.
    #[schema(max_length = 5000)]
    explanation: String,
    /// The day since which it has been missing, where that is known.
    since: Option<NaiveDate>,
    /// The target proposal that is open for it.
    proposal: Option<Uuid>,
}

/// What a proposal or a gap is about.
type Of<'a> = (&'a DomainCode, Option<&'a text::Name>);

/// Where a gap stands in the list.
type Key = (String, String, gap::GapKind);

impl GapPage {
    /// The page of the gaps that are wanted.
    pub(super) fn find(
        connection: &mut Connection,
        codes: &(DomainCode, DomainCode),
        page: &Page,
        wanted: &WantedGaps,
    ) -> Result<Self, Problem> {
        let in_plan = PlanScope::find(connection, codes, wanted.when.known_at)?;
        let kept: Vec<Filed<TargetProposal>> =
            plan_item::all(connection, in_plan.place(), wanted.when.known_at)?;
        let PlanScope { organisation, plan } = in_plan;
        let open: HashMap<Of<'_>, Uuid> = kept
            .iter()
            .filter(|filed| filed.versioned.content.state.is_open())
            .map(|filed| {
                let TargetProposal { measure, component, .. } = &filed.versioned.content;
                ((measure, component.as_ref()), filed.versioned.id)
            })
            .collect();
        let position = PlanPosition::load(connection, &organisation, plan, wanted.when)?;
        let mut found = keyed(&position, wanted, &open);
        let counts = gap::GapKind::ALL.map(|kind| GapCount {
            kind: kind.into(),
            count: found.iter().filter(|((.., of), _)| *of == kind).count(),
        });
        found.retain(|(key, _)| wanted.kind.is_none_or(|kind| key.2 == kind) && is_after(key, page));
        let next = page.cut(&mut found, |((measure, component, kind), _)| {
            vec![measure.clone(), component.clone(), kind.name().to_owned()]
        });
        Ok(Self {
            as_at: wanted.when.as_at,
            as_known_at: wanted.when.known_at,
            counts: counts.into(),
            items: found.into_iter().map(|(_, gap)| gap).collect(),
            next,
        })
    }
}

/// The gaps of the measures that are wanted, in their order.
fn keyed(position: &PlanPosition, wanted: &WantedGaps, open: &HashMap<Of<'_>, Uuid>) -> Vec<(Key, Gap)> {
    let is_wanted = |of_plan: &&MeasureOfPlan| {
        let lead = of_plan.measure.versioned.content.lead.as_ref();
        wanted.lead.as_ref().is_none_or(|name| lead.is_some_and(|lead| lead.as_str() == name))
    };
    let mut found: Vec<(Key, Gap)> = Vec::new();
    for of_plan in position.measures.iter().filter(is_wanted) {
        for gap in gaps(position.of(of_plan)) {
            let component = gap.component.map(ToString::to_string).unwrap_or_default();
            let key = (of_plan.measure.code.to_string(), component, gap.kind);
            found.push((key, Gap::of(of_plan, gap, open)));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

fn is_after((measure, component, kind): &Key, page: &Page) -> bool {
    let Some([after_measure, after_component, after_kind]) = page.after.as_deref() else { return true };
    let last = gap::GapKind::from_name(after_kind);
    (measure, component, Some(*kind)) > (after_measure, after_component, last)
}

impl Gap {
    fn of(of_plan: &MeasureOfPlan, gap: gap::Gap<'_>, open: &HashMap<Of<'_>, Uuid>) -> Self {
        let gap::Gap { component, kind, since, why } = gap;
        let measure = &of_plan.measure.versioned.content;
        let proposal = match kind {
            gap::GapKind::NoTarget | gap::GapKind::ResetAfterMethodChange | gap::GapKind::ReviewOverdue => {
                open.get(&(&of_plan.measure.code, component)).copied()
            }
            // No target mends it.
            gap::GapKind::NoLead => None,
        };
        Self {
            measure: Code::from(&of_plan.measure.code),
            title: Title::from(&of_plan.indicator.versioned.content.title),
            theme: Code::from(&measure.theme),
            lead: measure.lead.as_ref().map(Name::from),
            component: component.map(Name::from),
            kind: kind.into(),
            explanation: why,
            since,
            proposal,
        }
    }
}
