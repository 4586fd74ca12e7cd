//! The parameters of deletions.

use chrono::{DateTime, Utc};
use form_urlencoded::Serializer;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::deletion::Deletion;
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::affected::Surroundings;
use super::schema::State;
use crate::http::list_query::{Moment, past};
use crate::http::page::Page;
use crate::http::params::PathCode;
use crate::http::problem::Problem;
use crate::workflow::filter::{known_measure, known_theme};
use crate::workflow::item::ItemPath;
use crate::workflow::read::Filter;
use crate::workflow::scope::PlanScope;

/// Which deletion.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct DeletionPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The deletion's id.
    deletion: Uuid,
}

/// Which page of which deletions, and which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeletionQuery {
    /// Items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
    /// What was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// Only deletions in this state.
    #[param(nullable = false, inline)]
    state: Option<State>,
    /// Only deletions of this measure.
    #[param(value_type = crate::http::schema::Code, required = false)]
    measure: Option<PathCode>,
    /// Only deletions of measures of this theme.
    #[param(value_type = crate::http::schema::Code, required = false)]
    theme: Option<PathCode>,
}

/// Which deletions are wanted.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    state: Option<State>,
    measure: Option<Code>,
    theme: Option<Code>,
}

impl From<DeletionPath> for ItemPath {
    fn from(path: DeletionPath) -> Self {
        let DeletionPath { organisation, plan, deletion } = path;
        Self { plan: (organisation.0, plan.0), key: deletion.to_string() }
    }
}

impl DeletionQuery {
    /// The page of the list at `path`, what is wanted, and the moment.
    ///
    /// # Errors
    /// 400 for a bad limit or cursor, or a moment in the future.
    pub(super) fn read(self, path: &str) -> Result<(Page, Wanted, Moment), Problem> {
        let Self { limit, cursor, as_known_at, state, measure, theme } = self;
        let moment = past(as_known_at)?;
        let mut filter = Serializer::new(String::new());
        let (measure, theme) = (measure.map(|code| code.0), theme.map(|code| code.0));
        let wanted = [
            ("as_known_at", moment.map(|moment| moment.to_rfc3339())),
            ("state", state.map(|state| state.name().to_owned())),
            ("measure", measure.as_ref().map(Code::to_string)),
            ("theme", theme.as_ref().map(Code::to_string)),
        ];
        for (name, value) in wanted {
            if let Some(value) = value {
                filter.append_pair(name, &value);
            }
        }
        let page = Page::read(path, &filter.finish(), 1, limit, cursor.as_deref())?;
        Ok((page, Wanted { state, measure, theme }, moment))
    }
}

impl Filter<Deletion> for Wanted {
    fn check(
        &self,
        connection: &mut Connection,
        scope: &PlanScope,
        known_at: Moment,
        _: &[Filed<Deletion>],
    ) -> Result<(), Problem> {
        if let Some(measure) = &self.measure {
            known_measure(connection, scope, known_at, measure)?;
        }
        self.theme.as_ref().map_or(Ok(()), |theme| known_theme(scope, theme))
    }

    fn selects(&self, item: &Filed<Deletion>, context: &Surroundings) -> bool {
        let content = &item.versioned.content;
        let theme = context.measure(&content.measure).map(|of| &of.measure.versioned.content.theme).ok();
        self.state.is_none_or(|state| state == content.state().into())
            && self.measure.as_ref().is_none_or(|measure| *measure == content.measure)
            && (self.theme.is_none() || self.theme.as_ref() == theme)
    }
}
