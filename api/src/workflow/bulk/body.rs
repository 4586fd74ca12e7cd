//! The bodies of bulk requests: what can be read of each item is checked further, even if another one cannot be read.

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::workflow::{Actor, Decision};

use crate::http::content::part;
use crate::http::problem::Fault;
use crate::http::schema::{Name, Note};
use crate::http::validation::Faults;

/// The most proposals or decisions in one request.
const MOST: usize = 500;

/// Proposals as they were read: none for one that could not be, for which there is a fault.
#[derive(Debug)]
pub(crate) struct Proposals<N> {
    /// The day of the proposals; today if omitted.
    pub(crate) proposed_on: Option<NaiveDate>,
    pub(crate) items: Vec<Option<N>>,
    pub(crate) faults: Vec<Fault>,
}

/// The decisions of a meeting as they were read: none for what could not be, for which there is a fault.
#[derive(Debug)]
pub(crate) struct Decisions<O> {
    pub(crate) decision: Option<Decision>,
    pub(crate) items: Vec<Ruled<O>>,
    pub(crate) faults: Vec<Fault>,
}

/// A decision on one item.
#[derive(Debug)]
pub(crate) struct Ruled<O> {
    /// The id of the item.
    pub(crate) item: Uuid,
    /// The revision that was decided on.
    pub(crate) revision: i64,
    /// What was decided; none if it could not be read.
    pub(crate) outcome: Option<O>,
}

/// Reads the items of a list of 1 to [`MOST`].
pub(crate) fn read_items<T, U>(
    faults: &mut Faults,
    field: &str,
    items: Vec<T>,
    mut read: impl FnMut(&mut Faults, T) -> U,
) -> Vec<U> {
    if items.is_empty() {
        faults.note(field, "too_few", "at least 1 item");
    }
    faults.each(field, MOST, items, |faults, item| Some(read(faults, item))).unwrap_or_default()
}

/// Reads what all decisions of a meeting have in common.
pub(crate) fn meeting(
    faults: &mut Faults,
    (body, meeting, minute): (Name, NaiveDate, Name),
    note: Option<Note>,
    actor: &Actor,
) -> Option<Decision> {
    let body = body.read(faults, "/body");
    let minute = minute.read(faults, "/minute");
    let note = part(note, |note| note.read(faults, "/note"));
    let recorded_by = actor.name.clone();
    Some(Decision { body: body?, meeting, minute: minute?, note: note?, recorded_by })
}

/// Declares the body of a bulk decision, whose items are read by their own `read`, which also gets the meeting date.
macro_rules! decisions {
    ($(#[$doc:meta])* $name:ident of $item:ty => $outcome:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// The body that decided: a board, an executive.
            body: $crate::http::schema::Name,
            /// The date of its meeting: not before the proposals, not in the future.
            decided_on: chrono::NaiveDate,
            /// The reference of the minute.
            minute: $crate::http::schema::Name,
            /// Other remarks in the minute.
            note: Option<$crate::http::schema::Note>,
            /// The decisions, one for each item.
            #[schema(min_items = 1, max_items = 500)]
            decisions: Vec<$item>,
        }

        impl $name {
            /// Into the domain, recorded by the actor.
            pub(crate) fn read(
                self,
                actor: &waymark_domain::workflow::Actor,
            ) -> $crate::workflow::bulk::Decisions<$outcome> {
                use $crate::workflow::bulk;
                let Self { body, decided_on, minute, note, decisions } = self;
                let mut faults = $crate::http::validation::Faults::default();
                let decision = bulk::meeting(&mut faults, (body, decided_on, minute), note, actor);
                let items = bulk::read_items(&mut faults, "/decisions", decisions, |faults, item| {
                    item.read(faults, decided_on)
                });
                bulk::Decisions { decision, items, faults: faults.into_found() }
            }
        }
    };
}
pub(crate) use decisions;
