//! Plans: created, changed, found by code, listed.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::plan::Plan;

use crate::db::schema::plans;
use crate::db::types::Id;
use crate::history::entity::{Coded, Identity, Record, Slice, of_organisation, repository};
use crate::history::noun::Noun;
use crate::history::revision::{Change, Versioned, known_by};
use crate::history::{entity, noun};
use crate::{Connection, StoreError, new_id};

of_organisation!(Plan, plans, "plan code");
repository!(Plan, Record<Plan>, Uuid, organisation);
