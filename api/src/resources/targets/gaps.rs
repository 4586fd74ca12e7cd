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
use crate::position::PlanPosition;
use crate::workflow::filter::known;
use crate::workflow::scope::PlanScope;

words! {
    /// What is missing: a target although there are results, a new target after a change of method, the review of a
    /// target whose review date has passed, or a lead officer.
    GapKind = gap::GapKind
}

/// A page of the gaps of a plan, in the order of the measures' codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapPage {
    /// The date of the position.
    as_at: NaiveDate,
    /// The requested `as_known_at`; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// The number of gaps of each kind, on all pages and regardless of the filter `kind`.
    #[schema(min_items = 4, max_items = 4)]
    counts: Vec<GapCount>,
    /// The gaps.
    #[schema(max_items = 500)]
    items: Vec<Gap>,
    /// The next page; null on the last one.
    #[schema(max_length = 4000)]
    next: Option<String>,
}

/// The number of gaps of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapCount {
    kind: GapKind,
    /// The number of gaps.
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
    /// The theme of the measure.
    theme: Code,
    /// The post of the lead officer.
    lead: Option<Name>,
    /// The component of the indicator; null for the whole indicator.
    component: Option<Name>,
    kind: GapKind,
    /// Why it is a gap, in a sentence.
    #[schema(max_length = 5000)]
    explanation: String,
    /// The date since which it has been missing, if known.
    since: Option<NaiveDate>,
    /// The id of the open target proposal for it.
    proposal: Option<Uuid>,
}

/// What a proposal or a gap is about.
type Of<'a> = (&'a DomainCode, Option<&'a text::Name>);

/// Where a gap stands in the list.
type Key = (String, String, gap::GapKind);

impl GapPage {
    /// The page of the wanted gaps.
    pub(super) fn find(
        connection: &mut Connection,
        scope: PlanScope,
        wanted: &WantedGaps,
    ) -> Result<Self, Problem> {
        let stored: Vec<Filed<TargetProposal>> =
            plan_item::all(connection, scope.place(), wanted.when.known_at)?;
        let PlanScope { organisation, plan } = scope;
        let open: HashMap<Of<'_>, Uuid> = stored
            .iter()
            .filter(|filed| filed.versioned.content.state.is_open())
            .map(|filed| {
                let TargetProposal { measure, component, .. } = &filed.versioned.content;
                ((measure, component.as_ref()), filed.versioned.id)
            })
            .collect();
        let position = PlanPosition::load(connection, &organisation, plan, wanted.when)?;
        if let Some(lead) = &wanted.lead {
            let leads = position.measures.iter().filter_map(|of| of.measure.versioned.content.lead.as_ref());
            known("lead", "lead", lead, leads.map(|lead| lead.as_str()))?;
        }
        let mut found = keyed(&position, wanted, &open);
        let counts = gap::GapKind::ALL.map(|kind| GapCount {
            kind: kind.into(),
            count: found.iter().filter(|((.., of), _)| *of == kind).count(),
        });
        found.retain(|(key, _)| wanted.kind.is_none_or(|kind| key.2 == kind) && is_after(key, &wanted.page));
        let next = wanted.page.cut(&mut found, |((measure, component, kind), _)| {
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
            // A target does not close this gap.
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
