//! The validation snapshots of organisations, cached from one push to the next.
//!
//! A snapshot belongs to a state of the organisation and of the catalogue, and to a day. If others have pushed results
//! since, these are read and added; if anything else was changed, a new snapshot is loaded. A push stores its own
//! snapshot under the state after it: if its transaction is rolled back, that state is never found, because the push is not
//! among the organisation's submissions.

use std::sync::Arc;

use chrono::NaiveDate;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::results::State;
use waymark_persistence::{Connection, versions};

use super::snapshot::ValidationSnapshot;
use crate::http::problem::Problem;
use crate::store::organisations;

/// The most indicators and measures in memory: a hundred councils with a plan of two hundred measures.
const CAPACITY: u64 = 100_000;
/// About how many organisations that may be.
const ORGANISATIONS: usize = 200;

/// The latest snapshot of each organisation, by its code.
pub(crate) struct SnapshotCache(Cache<Code, Arc<(SnapshotKey, ValidationSnapshot)>, Size>);

/// What a snapshot belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SnapshotKey {
    state: State,
    catalogue: Option<i64>,
    day: NaiveDate,
}

#[derive(Clone)]
struct Size;

impl Weighter<Code, Arc<(SnapshotKey, ValidationSnapshot)>> for Size {
    fn weight(&self, _: &Code, cached: &Arc<(SnapshotKey, ValidationSnapshot)>) -> u64 {
        cached.1.size() as u64 + 1
    }
}

impl SnapshotCache {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(ORGANISATIONS, CAPACITY, Size))
    }

    /// The id of an organisation, which never changes.
    ///
    /// # Errors
    /// 404 if no organisation has the code.
    pub(crate) fn organisation(
        &self,
        connection: &mut Connection,
        code: &Code,
    ) -> Result<uuid::Uuid, Problem> {
        match self.0.get(code) {
            Some(cached) => Ok(cached.0.state.organisation),
            None => Ok(organisations::find(connection, code)?.versioned.id),
        }
    }

    /// The cached snapshot of an organisation for that day, if nothing was changed since but results. It can become
    /// outdated until the organisation is locked.
    pub(crate) fn recent(
        &self,
        connection: &mut Connection,
        code: &Code,
        day: NaiveDate,
    ) -> Result<Option<ValidationSnapshot>, Problem> {
        let Some(cached) = self.0.get(code).filter(|cached| cached.0.day == day) else {
            return Ok(None);
        };
        let framework = versions::of_framework(connection, code.as_str())?;
        let is_current = framework == Some(cached.0.state.framework);
        Ok(is_current.then(|| cached.1.clone()))
    }

    /// The snapshot of an organisation, which is locked in this state, from the cached one and the results received since;
    /// `None` if none is cached.
    pub(crate) fn find(
        &self,
        connection: &mut Connection,
        code: &Code,
        state: State,
        day: NaiveDate,
    ) -> Result<Option<(SnapshotKey, ValidationSnapshot)>, Problem> {
        let key = SnapshotKey::now(connection, state, day)?;
        let snapshot = self.at(connection, code, key)?;
        Ok(snapshot.map(|snapshot| (key, snapshot)))
    }

    /// The snapshot of an organisation, which is locked in this state, and of which nothing was changed yet.
    pub(crate) fn load(
        &self,
        connection: &mut Connection,
        code: &Code,
        state: State,
        day: NaiveDate,
    ) -> Result<(SnapshotKey, ValidationSnapshot), Problem> {
        // Before anything of the catalogue is read: the snapshot may be newer than its key, and is never older.
        let key = SnapshotKey::now(connection, state, day)?;
        if let Some(snapshot) = self.at(connection, code, key)? {
            return Ok((key, snapshot));
        }
        let snapshot = ValidationSnapshot::load(connection, state.organisation, day)?;
        self.store(code, key, state, snapshot.clone());
        Ok((key, snapshot))
    }

    fn at(
        &self,
        connection: &mut Connection,
        code: &Code,
        key: SnapshotKey,
    ) -> Result<Option<ValidationSnapshot>, Problem> {
        let Some(cached) = self.0.get(code).filter(|cached| cached.0.has_framework_of(key)) else {
            return Ok(None);
        };
        let (SnapshotKey { state, .. }, snapshot) = &*cached;
        match state.submission {
            last if last == key.state.submission => Ok(Some(snapshot.clone())),
            // Others pushed since. A snapshot of a transaction that was rolled back is detected here.
            Some(last) => snapshot.clone().caught_up(connection, state.organisation, last),
            None => Ok(None),
        }
    }

    /// Stores the snapshot of the state after a push.
    pub(crate) fn store(&self, code: &Code, key: SnapshotKey, state: State, snapshot: ValidationSnapshot) {
        self.0.insert(code.clone(), Arc::new((SnapshotKey { state, ..key }, snapshot)));
    }
}

impl SnapshotKey {
    fn now(connection: &mut Connection, state: State, day: NaiveDate) -> Result<Self, Problem> {
        Ok(Self { state, catalogue: versions::of_framework(connection, Organisation::CATALOGUE)?, day })
    }

    /// Whether the two differ in results at most.
    fn has_framework_of(self, other: Self) -> bool {
        let Self { state: State { organisation, framework, submission: _ }, catalogue, day } = self;
        let State { organisation: others, framework: at_other, submission: _ } = other.state;
        (organisation, framework, catalogue, day) == (others, at_other, other.catalogue, other.day)
    }
}
