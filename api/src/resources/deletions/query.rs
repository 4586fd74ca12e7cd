//! Which deletions are asked for.

use chrono::{DateTime, Utc};
use form_urlencoded::Serializer;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::deletion::Deletion;
use waymark_persistence::plan_item::Filed;

use super::affected::Surroundings;
use super::schema::State;
use crate::http::list_query::{Moment, past};
use crate::http::page::{Page, bad_cursor};
use crate::http::params::PathCode;
use crate::http::problem::Problem;

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
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// Only deletions that stand so.
    #[param(nullable = false, inline)]
    state: Option<State>,
    /// Only deletions of this measure.
    #[param(value_type = crate::http::schema::Code, required = false)]
    measure: Option<PathCode>,
    /// Only deletions of measures of this theme.
    #[param(value_type = crate::http::schema::Code, required = false)]
    theme: Option<PathCode>,
}

/// Which deletions are wanted. One without wishes wants all.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    state: Option<State>,
    measure: Option<Code>,
    theme: Option<Code>,
    /// The id after which the page begins.
    after: Option<Uuid>,
}

/// Where the deletions of a plan are found.
pub(super) fn address((organisation, plan): &(Code, Code)) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/deletions")
}

impl DeletionPath {
    /// The codes of the organisation and the plan, and the id.
    pub(super) fn parts(self) -> ((Code, Code), Uuid) {
        ((self.organisation.0, self.plan.0), self.deletion)
    }
}

impl DeletionQuery {
    /// The page of the list at `path`, what is wanted, and the moment.
    ///
    /// # Errors
    /// 400 for a bad limit or cursor, or a moment that has not come.
    pub(super) fn read(self, path: &str) -> Result<(Page, Filter, Moment), Problem> {
        let Self { limit, cursor, as_known_at, state, measure, theme } = self;
        let moment = past(as_known_at)?;
        let mut filter = Serializer::new(String::new());
        let (measure, theme) = (measure.map(|code| code.0), theme.map(|code| code.0));
        let wishes = [
            ("as_known_at", moment.map(|moment| moment.to_rfc3339())),
            ("state", state.map(|state| state.name().to_owned())),
            ("measure", measure.as_ref().map(Code::to_string)),
            ("theme", theme.as_ref().map(Code::to_string)),
        ];
        for (name, wish) in wishes {
            if let Some(wish) = wish {
                filter.append_pair(name, &wish);
            }
        }
        let page = Page::read(path, &filter.finish(), 1, limit, cursor.as_deref())?;
        let after = page.after.as_ref().and_then(|parts| parts.first()).map(|text| text.parse());
        let after = after.transpose().map_err(|_| bad_cursor())?;
        Ok((page, Filter { state, measure, theme, after }, moment))
    }
}

impl Filter {
    pub(super) fn wants(&self, deletion: &Filed<Deletion>, around: &Surroundings) -> bool {
        let content = &deletion.versioned.content;
        let theme = around.measure(&content.measure).map(|of| &of.measure.versioned.content.theme).ok();
        self.after.is_none_or(|after| deletion.versioned.id > after)
            && self.state.is_none_or(|state| state == content.state().into())
            && self.measure.as_ref().is_none_or(|measure| *measure == content.measure)
            && (self.theme.is_none() || self.theme.as_ref() == theme)
    }
}
