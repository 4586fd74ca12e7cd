//! The parameters of commitments: which one, which of them, and at which date.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use waymark_domain::code::Code;
use waymark_domain::commitment::{Commitment, Position, Standing};
use waymark_domain::period::Period;
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::schema::{CommitmentState, CommitmentStatus};
use crate::http::known::{Moment, past};
use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::runtime::now;
use crate::http::validation::Coded;
use crate::workflow::filter::{known, known_theme};
use crate::workflow::item::ItemPath;
use crate::workflow::read::Filter;
use crate::workflow::scope::PlanScope;

/// Which commitment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct CommitmentPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The commitment's code.
    #[param(value_type = crate::http::schema::Code)]
    commitment: PathCode,
}

/// Which commitments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitmentFilter {
    /// Only commitments of this theme.
    #[param(value_type = crate::http::schema::Code, required = false)]
    theme: Option<PathCode>,
    /// Only commitments that this post is responsible for.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    responsible: Option<String>,
    /// Only commitments of this status: in `period` if it is given, otherwise in their latest report.
    #[param(nullable = false, inline)]
    status: Option<CommitmentStatus>,
    /// Only commitments in this state.
    #[param(nullable = false, inline)]
    state: Option<CommitmentState>,
    /// Only commitments with a report for exactly this period; with `status=not_reported`, those without one.
    #[param(value_type = crate::http::schema::Period, required = false)]
    period: Option<String>,
}

/// Which reports are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitmentSummaryQuery {
    /// The date of the position: of each commitment, the latest report whose period had begun counts. Defaults to today
    /// if `period` is omitted too.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// Counts the reports for exactly this period instead of those at a date.
    #[param(value_type = crate::http::schema::Period, required = false)]
    period: Option<String>,
    /// What was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which commitments are wanted.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    theme: Option<Code>,
    responsible: Option<String>,
    status: Option<CommitmentStatus>,
    state: Option<CommitmentState>,
    period: Option<Period>,
}

impl From<CommitmentPath> for ItemPath {
    fn from(path: CommitmentPath) -> Self {
        let CommitmentPath { organisation, plan, commitment } = path;
        Self { plan: (organisation.0, plan.0), key: commitment.0.to_string() }
    }
}

impl CommitmentFilter {
    /// # Errors
    /// 400 for a value that is not a period.
    pub(super) fn read(self) -> Result<Wanted, Problem> {
        let Self { theme, responsible, status, state, period } = self;
        let period = period.map(|text| in_query(&text)).transpose()?;
        Ok(Wanted { theme: theme.map(|code| code.0), responsible, status, state, period })
    }
}

impl CommitmentSummaryQuery {
    /// The position to count, and the moment.
    pub(super) fn read(self) -> Result<(Position, Moment), Problem> {
        let Self { as_at, period, as_known_at } = self;
        let moment = past(as_known_at)?;
        let today = moment.unwrap_or_else(now).date_naive();
        let position = match (as_at, period) {
            (Some(_), Some(_)) => {
                let detail = "send `as_at` or `period`, not both";
                let fault = Fault::in_parameter("period", "superfluous", detail);
                return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
            }
            (None, Some(text)) => Position::In(in_query(&text)?),
            (as_at, None) => Position::AsAt(as_at.unwrap_or(today)),
        };
        Ok((position, moment))
    }
}

impl Filter<Commitment> for Wanted {
    fn check(
        &self,
        _: &mut Connection,
        scope: &PlanScope,
        _: Moment,
        items: &[Filed<Commitment>],
    ) -> Result<(), Problem> {
        if let Some(theme) = &self.theme {
            known_theme(scope, theme)?;
        }
        let posts = items.iter().map(|item| item.versioned.content.promise.responsible.as_str());
        self.responsible.as_ref().map_or(Ok(()), |post| known("responsible", "responsible post", post, posts))
    }

    fn selects(&self, item: &Filed<Commitment>, (): &()) -> bool {
        let commitment = &item.versioned.content;
        let Self { theme, responsible, status, state, period } = self;
        let report = match period {
            Some(period) => commitment.reported_for(*period),
            None => commitment.latest(),
        };
        let is_wanted_status = match status {
            Some(status) => CommitmentStatus::from(Standing::of(report)) == *status,
            None => period.is_none() || report.is_some(),
        };
        let promise = &commitment.promise;
        is_wanted_status
            && theme.as_ref().is_none_or(|theme| promise.theme == *theme)
            && responsible.as_ref().is_none_or(|post| promise.responsible.as_str() == post)
            && state.is_none_or(|state| CommitmentState::from(&commitment.state) == state)
    }
}

fn in_query(text: &str) -> Result<Period, Problem> {
    text.parse().map_err(|error: waymark_domain::period::PeriodError| {
        Problem::new(Kind::InvalidQuery).faults([Fault::in_parameter("period", error.code(), error)])
    })
}
