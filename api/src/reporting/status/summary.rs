//! Summaries of a plan, and what changed between two of its positions.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::{rating, status::Status, summary};
use waymark_persistence::measure::MeasureOfPlan;

use crate::http::schema::{Breakdown, Code, Rating, Title};
use crate::position::{PlanPosition, When, withheld};

/// The number of measures of a plan with each rating.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanSummary {
    /// The plan's code.
    plan: Code,
    /// The date of the position.
    as_at: NaiveDate,
    /// The moment as of which the data were known; null for now.
    as_known_at: Option<DateTime<Utc>>,
    /// The number of measures.
    #[schema(minimum = 0, maximum = 100000)]
    total: usize,
    /// The number of measures that have left the plan by that date. They are in no total and no share.
    #[schema(minimum = 0, maximum = 100000)]
    deleted: usize,
    /// Every rating with its share of the whole.
    #[schema(max_items = 9)]
    ratings: Vec<RatingShare>,
    /// The same by theme, in the plan's order.
    #[schema(max_items = 1000)]
    themes: Vec<ThemeSummary>,
}

/// The number of measures of a theme with each rating.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThemeSummary {
    /// The theme's code.
    theme: Code,
    /// Its title.
    title: Title,
    /// The number of measures.
    #[schema(minimum = 0, maximum = 100000)]
    total: usize,
    /// Every rating with its share of the theme.
    #[schema(max_items = 9)]
    ratings: Vec<RatingShare>,
}

/// A rating and its share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RatingShare {
    /// The rating.
    rating: Rating,
    /// The number of measures with it.
    #[schema(minimum = 0, maximum = 100000)]
    count: usize,
    /// In whole per cent of all measures in scope, half up.
    #[schema(minimum = 0, maximum = 100)]
    percent: usize,
}

/// The changes of a plan's ratings between two dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanChanges {
    /// The plan's code.
    plan: Code,
    /// The earlier date.
    from: NaiveDate,
    /// The later date.
    to: NaiveDate,
    /// Red at the later date, and not at the earlier one.
    #[schema(max_items = 100000)]
    newly_red: Vec<RatingMove>,
    /// Red at both dates.
    #[schema(max_items = 100000)]
    still_red: Vec<RatingMove>,
    /// Red at the earlier date, and not at the later one.
    #[schema(max_items = 100000)]
    no_longer_red: Vec<RatingMove>,
    /// Red at the earlier date, and deleted from the plan by the later one.
    #[schema(max_items = 100000)]
    left_deleted: Vec<RatingMove>,
}

/// A measure that is red at one or both of two dates.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RatingMove {
    /// The measure's code.
    measure: Code,
    /// The indicator's title.
    title: Title,
    /// The category that is measured; null for the whole.
    breakdown: Option<Breakdown>,
    /// The code of its theme.
    theme: Code,
    /// The rating at the earlier date; null if the measure was not in the plan.
    before: Option<Rating>,
    /// The rating at the later date; null if the measure has left the plan.
    now: Option<Rating>,
    /// The explanation of the later rating, or of the earlier one if the measure has left.
    #[schema(max_length = 2000)]
    explanation: String,
}

impl PlanSummary {
    pub(super) fn of(position: &PlanPosition, when: When) -> Self {
        let rated: Vec<_> = position
            .measures
            .iter()
            .map(|of_plan| (&of_plan.measure.versioned.content.theme, position.status(of_plan).rating()))
            .collect();
        let all: Vec<rating::Rating> = rated.iter().map(|(_, rating)| *rating).collect();
        let plan = &position.plan;
        let theme = |theme: &waymark_domain::plan::Theme| {
            let own: Vec<_> =
                rated.iter().filter(|(of, _)| **of == theme.code).map(|(_, rating)| *rating).collect();
            ThemeSummary {
                theme: Code::from(&theme.code),
                title: Title::from(&theme.title),
                total: own.len(),
                ratings: shares(&own),
            }
        };
        Self {
            plan: Code::from(&plan.code),
            as_at: when.as_at,
            as_known_at: when.known_at,
            total: all.len(),
            deleted: position.left.len(),
            ratings: shares(&all),
            themes: plan.versioned.content.themes.iter().map(theme).collect(),
        }
    }
}

fn shares(ratings: &[rating::Rating]) -> Vec<RatingShare> {
    let share = |rating: rating::Rating| {
        let count = ratings.iter().filter(|each| **each == rating).count();
        let summary::Share { count, percent } = summary::share(count, ratings.len());
        RatingShare { rating: rating.into(), count, percent }
    };
    rating::Rating::ALL.into_iter().map(share).collect()
}

impl PlanChanges {
    pub(super) fn between(
        before: (&PlanPosition, When),
        now: (&PlanPosition, When),
        sees_small_counts: bool,
    ) -> Self {
        let ((before, from), (now, to)) = (before, now);
        let rated = |position: &PlanPosition, of_plan: &MeasureOfPlan| {
            let status = position.status(of_plan);
            (status.rating(), explanation(&status, sees_small_counts, position.threshold()))
        };
        let mut earlier: HashMap<_, _> =
            before.measures.iter().map(|of| (of.measure.versioned.id, (of, rated(before, of)))).collect();
        let mut measures = Vec::with_capacity(now.measures.len());
        for of_plan in &now.measures {
            let was = earlier.remove(&of_plan.measure.versioned.id).map(|(_, (rating, _))| rating);
            let (is, explanation) = rated(now, of_plan);
            measures.push((RatingMove::of(of_plan, was, Some(is), explanation), was, Some(is)));
        }
        for of_plan in &before.measures {
            if let Some((_, (was, explanation))) = earlier.remove(&of_plan.measure.versioned.id) {
                measures.push((RatingMove::of(of_plan, Some(was), None, explanation), Some(was), None));
            }
        }
        let summary::Changes { newly_red, still_red, no_longer_red, left_deleted } =
            summary::changes(measures);
        Self {
            plan: Code::from(&now.plan.code),
            from: from.as_at,
            to: to.as_at,
            newly_red,
            still_red,
            no_longer_red,
            left_deleted,
        }
    }
}

impl RatingMove {
    fn of(
        of: &MeasureOfPlan,
        before: Option<rating::Rating>,
        now: Option<rating::Rating>,
        explanation: String,
    ) -> Self {
        let measure = &of.measure.versioned.content;
        Self {
            measure: Code::from(&of.measure.code),
            title: Title::from(&of.indicator.versioned.content.title),
            breakdown: measure.breakdown.as_ref().map(Breakdown::from),
            theme: Code::from(&measure.theme),
            before: before.map(Rating::from),
            now: now.map(Rating::from),
            explanation,
        }
    }
}

fn explanation(status: &Status<'_>, sees_small_counts: bool, threshold: u32) -> String {
    let explained = &status.decisive.explanation;
    if status.decisive.is_suppressed && !sees_small_counts {
        withheld(explained.rating().words(), threshold)
    } else {
        explained.to_string()
    }
}
