//! What is known of organisations, kept in memory from one push to the next.
//!
//! It holds for the state of the organisation and of the catalogue, and for the day, that it was made for. Where others have
//! pushed results since, these are read and learnt; where anything else was changed, all is read anew. A push leaves what
//! it learnt under the state that it leaves behind: where its transaction is not kept, nobody ever finds that state,
//! because the push is not among the organisation's submissions.

use std::sync::Arc;

use chrono::NaiveDate;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::results::State;
use waymark_persistence::{Connection, versions};

use super::snapshot::Known;
use crate::http::problem::Problem;
use crate::resources::organisations;

/// The most indicators and measures that are kept in memory: a hundred councils with a plan of two hundred measures.
const CAPACITY: u64 = 100_000;
/// About how many organisations that may be.
const ORGANISATIONS: usize = 200;

/// What is remembered of each organisation, by its code.
pub(crate) struct Remembered(Cache<Code, Arc<(Moment, Known)>, Size>);

/// What something is known for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    state: State,
    catalogue: Option<i64>,
    day: NaiveDate,
}

#[derive(Clone)]
struct Size;

impl Weighter<Code, Arc<(Moment, Known)>> for Size {
    fn weight(&self, _: &Code, remembered: &Arc<(Moment, Known)>) -> u64 {
        remembered.1.size() as u64 + 1
    }
}

impl Remembered {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(ORGANISATIONS, CAPACITY, Size))
    }

    /// The id of an organisation, which never changes.
    ///
    /// # Errors
    /// 404 where there is none of that code.
    pub(crate) fn organisation(
        &self,
        connection: &mut Connection,
        code: &Code,
    ) -> Result<uuid::Uuid, Problem> {
        match self.0.get(code) {
            Some(remembered) => Ok(remembered.0.state.organisation),
            None => Ok(organisations::find(connection, code)?.versioned.id),
        }
    }

    /// What was known of an organisation lately, for that day, where nothing was changed since but results. That may change
    /// until the caller holds the organisation.
    pub(crate) fn lately(
        &self,
        connection: &mut Connection,
        code: &Code,
        day: NaiveDate,
    ) -> Result<Option<Known>, Problem> {
        let Some(remembered) = self.0.get(code).filter(|remembered| remembered.0.day == day) else {
            return Ok(None);
        };
        let framework = versions::of_framework(connection, code.as_str())?;
        let is_current = framework == Some(remembered.0.state.framework);
        Ok(is_current.then(|| remembered.1.clone()))
    }

    /// What is known of an organisation, which the caller holds in this state, from what is remembered and what was received
    /// since.
    pub(crate) fn find(
        &self,
        connection: &mut Connection,
        code: &Code,
        state: State,
        day: NaiveDate,
    ) -> Result<Option<(Moment, Known)>, Problem> {
        let moment = Moment::now(connection, state, day)?;
        let known = self.known_at(connection, code, moment)?;
        Ok(known.map(|known| (moment, known)))
    }

    /// What is known of an organisation, which the caller holds in this state, and of which nothing was changed yet.
    pub(crate) fn known(
        &self,
        connection: &mut Connection,
        code: &Code,
        state: State,
        day: NaiveDate,
    ) -> Result<(Moment, Known), Problem> {
        // Before anything of the catalogue is read: what is made may be newer than it says, and is never older.
        let moment = Moment::now(connection, state, day)?;
        if let Some(known) = self.known_at(connection, code, moment)? {
            return Ok((moment, known));
        }
        let known = Known::load(connection, state.organisation, day)?;
        self.keep(code, moment, state, known.clone());
        Ok((moment, known))
    }

    fn known_at(
        &self,
        connection: &mut Connection,
        code: &Code,
        moment: Moment,
    ) -> Result<Option<Known>, Problem> {
        let Some(remembered) = self.0.get(code).filter(|remembered| remembered.0.has_framework_of(moment))
        else {
            return Ok(None);
        };
        let (Moment { state, .. }, known) = &*remembered;
        match state.submission {
            last if last == moment.state.submission => Ok(Some(known.clone())),
            // Somebody else's were received since. Where it is one that was not kept, that is found now.
            Some(last) => known.clone().caught_up(connection, state.organisation, last),
            None => Ok(None),
        }
    }

    /// Keeps what is known in the state that a push leaves behind.
    pub(crate) fn keep(&self, code: &Code, moment: Moment, state: State, known: Known) {
        self.0.insert(code.clone(), Arc::new((Moment { state, ..moment }, known)));
    }
}

impl Moment {
    fn now(connection: &mut Connection, state: State, day: NaiveDate) -> Result<Self, Problem> {
        Ok(Self { state, catalogue: versions::of_framework(connection, Organisation::CATALOGUE)?, day })
    }

    /// Whether nothing but results may be another at the two of them.
    fn has_framework_of(self, other: Self) -> bool {
        let Self { state: State { organisation, framework, submission: _ }, catalogue, day } = self;
        let State { organisation: others, framework: at_other, submission: _ } = other.state;
        (organisation, framework, catalogue, day) == (others, at_other, other.catalogue, other.day)
    }
}
