//! The quality of the data of a plan, measure by measure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use waymark_domain::observation;
use waymark_domain::quality::{DataQuality, data_quality};
use waymark_persistence::measure::MeasureOfPlan;

use crate::http::list::List;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::schema::{Code, Name, Period, Rating, Title};
use crate::position::{PlanPosition, When};

/// Which date, and which grade.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanQualityFilter {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// Only measures of this grade.
    #[param(nullable = false, inline)]
    grade: Option<DataGrade>,
}

/// The quality of the data behind a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DataGrade {
    /// No concern.
    Good,
    /// Some concern.
    Fair,
    /// Not reliable.
    Weak,
    /// Not checked.
    Ungraded,
}

/// The quality of the data of a plan on a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanDataQuality {
    /// The plan's code.
    plan: Code,
    /// The date of the position.
    as_at: NaiveDate,
    /// The requested `as_known_at`; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// The number of measures of each grade.
    counts: DataQualityCounts,
    /// A page of measures, in the order of their codes.
    #[schema(max_items = 500)]
    items: Vec<MeasureDataQuality>,
    /// The next page; null on the last one.
    #[schema(max_length = 4000)]
    next: Option<String>,
}

/// The number of measures of each grade.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct DataQualityCounts {
    /// Measures whose data are good.
    #[schema(minimum = 0, maximum = 100000)]
    good: usize,
    /// Measures whose data are fair.
    #[schema(minimum = 0, maximum = 100000)]
    fair: usize,
    /// Measures whose data are weak.
    #[schema(minimum = 0, maximum = 100000)]
    weak: usize,
    /// Measures whose data were not checked.
    #[schema(minimum = 0, maximum = 100000)]
    ungraded: usize,
    /// Measures with good, fair or weak data whose check is of another period than the latest result.
    #[schema(minimum = 0, maximum = 100000)]
    stale: usize,
}

/// The quality of the data behind a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureDataQuality {
    /// The measure's code.
    measure: Code,
    /// The indicator's code.
    indicator: Code,
    /// The indicator's title.
    title: Title,
    /// The theme of the measure.
    theme: Code,
    /// The post of the lead officer.
    lead: Option<Name>,
    /// The rating that depends on the data, as the status shows it.
    rating: Rating,
    /// The period of the latest result.
    actual_period: Option<Period>,
    /// The grade.
    grade: DataGrade,
    /// The score of the check in whole per cent.
    #[schema(minimum = 0, maximum = 100)]
    score: Option<u32>,
    /// Whether the check is of another period than the latest result.
    stale: bool,
    /// The period whose data were checked.
    checked_period: Option<Period>,
    /// The version of the checklist that they were checked by.
    #[schema(minimum = 1, maximum = 1000)]
    checklist: Option<u32>,
    /// Who checked them.
    checked_by: Option<Name>,
}

/// Which measures are wanted, and when.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) when: When,
    grade: Option<DataGrade>,
    page: Page,
}

impl Wanted {
    /// The page of the list, the grade and the date.
    pub(super) fn read(list: &List<PlanQualityFilter>) -> Result<Self, Problem> {
        let PlanQualityFilter { as_at, grade } = list.filter;
        let when = When::of(as_at, list.moment());
        Ok(Self { when, grade, page: list.page_with(1, &[("as_at", &when.as_at.to_string())])? })
    }
}

impl PlanDataQuality {
    /// The wanted page.
    pub(super) fn of(position: &PlanPosition, wanted: &Wanted) -> Self {
        let mut all: Vec<_> =
            position.measures.iter().map(|of| (of, MeasureDataQuality::of(position, of))).collect();
        let counts = DataQualityCounts::of(all.iter().map(|(_, measure)| measure));
        let code = |of: &MeasureOfPlan| vec![of.measure.code.to_string()];
        all.retain(|(of, measure)| {
            wanted.grade.is_none_or(|grade| grade == measure.grade)
                && wanted.page.after.as_ref().is_none_or(|after| code(of) > *after)
        });
        all.sort_by_key(|(of, _)| code(of));
        let next = wanted.page.cut(&mut all, |(of, _)| code(of));
        Self {
            plan: Code::from(&position.plan.code),
            as_at: wanted.when.as_at,
            as_known_at: wanted.when.known_at,
            counts,
            items: all.into_iter().map(|(_, measure)| measure).collect(),
            next,
        }
    }
}

impl DataQualityCounts {
    fn of<'a>(all: impl Iterator<Item = &'a MeasureDataQuality>) -> Self {
        let mut counts = Self::default();
        for measure in all {
            let counted = match measure.grade {
                DataGrade::Good => &mut counts.good,
                DataGrade::Fair => &mut counts.fair,
                DataGrade::Weak => &mut counts.weak,
                DataGrade::Ungraded => &mut counts.ungraded,
            };
            *counted += 1;
            counts.stale += usize::from(measure.stale);
        }
        counts
    }
}

impl MeasureDataQuality {
    fn of(position: &PlanPosition, of: &MeasureOfPlan) -> Self {
        let status = position.status(of);
        let measure = &of.measure.versioned.content;
        let actual = status.decisive.latest.map(|received| received.result.period);
        let (check, stale) = match data_quality(position.checks(&of.measure.code), actual, position.as_at) {
            DataQuality::Checked(check) => (Some(check), false),
            DataQuality::Stale(check) => (Some(check), true),
            DataQuality::Ungraded => (None, false),
        };
        Self {
            measure: Code::from(&of.measure.code),
            indicator: Code::from(&of.indicator.code),
            title: Title::from(&of.indicator.versioned.content.title),
            theme: Code::from(&measure.theme),
            lead: measure.lead.as_ref().map(Name::from),
            rating: status.rating().into(),
            actual_period: actual.map(Period::from),
            grade: check.map_or(DataGrade::Ungraded, |check| check.graded.grade.into()),
            score: check.map(|check| check.graded.score),
            stale,
            checked_period: check.map(|check| Period::from(check.period)),
            checklist: check.map(|check| check.checklist),
            checked_by: check.map(|check| Name::from(&check.checked_by)),
        }
    }
}

impl From<observation::QualityGrade> for DataGrade {
    fn from(grade: observation::QualityGrade) -> Self {
        match grade {
            observation::QualityGrade::Good => Self::Good,
            observation::QualityGrade::Fair => Self::Fair,
            observation::QualityGrade::Weak => Self::Weak,
        }
    }
}
