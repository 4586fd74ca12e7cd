//! Organisations and peer groups on the wire.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use waymark_domain::{code, organisation as domain};
use waymark_persistence::{Record, Versioned};

use crate::http::list::Page;
use crate::http::params::PathCode;
use crate::http::problem::Problem;
use crate::http::schema::{Code, Title};
use crate::http::validation::Faults;

/// The most members of a peer group.
const MOST_MEMBERS: usize = 100;

/// Which organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrganisationPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub(crate) organisation: PathCode,
}

/// A council or a partner, as it is created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrganisation {
    code: Code,
    /// Its title.
    title: Title,
    /// Numerators and denominators below this are suppressed for callers without the right to see small counts.
    #[serde(default = "default_threshold")]
    #[schema(minimum = 0, maximum = 1000, default = 5)]
    small_count_threshold: u32,
}

/// An organisation's record. Its peer group is replaced separately.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationContent {
    /// Its title.
    title: Title,
    /// Numerators and denominators below this are suppressed for callers without the right to see small counts.
    #[serde(default = "default_threshold")]
    #[schema(minimum = 0, maximum = 1000, default = 5)]
    small_count_threshold: u32,
}

fn default_threshold() -> u32 {
    domain::Organisation::SMALL_COUNT_THRESHOLD
}

/// A council or a partner: a health trust, a police force, a district.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organisation {
    code: Code,
    /// Its title.
    title: Title,
    /// Numerators and denominators below this are suppressed for callers without the right to see small counts.
    #[schema(minimum = 0, maximum = 1000)]
    small_count_threshold: u32,
    /// Its statistical neighbours; null if it names none.
    #[schema(nullable = false)]
    peer_group: Option<PeerGroup>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// The organisations with which one compares itself: its statistical neighbours.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeerGroup {
    /// Its title.
    title: Title,
    /// The codes of its members, each once. They need not be organisations of this service.
    #[schema(max_items = 100)]
    members: Vec<Code>,
}

pub(crate) type OrganisationPage = Page<Organisation>;

impl NewOrganisation {
    /// Into the domain, with the code.
    pub(crate) fn read(self) -> Result<(code::Code, domain::Organisation), Problem> {
        let Self { code, title, small_count_threshold } = self;
        let mut faults = Faults::default();
        let code = code.read(&mut faults, "/code");
        let content = OrganisationContent { title, small_count_threshold }.read_with(None, &mut faults);
        faults.finish(code.zip(content))
    }
}

impl OrganisationContent {
    /// Into the domain; the peer group stays as it is.
    pub(crate) fn read(self, peer_group: Option<domain::PeerGroup>) -> Result<domain::Organisation, Problem> {
        let mut faults = Faults::default();
        let content = self.read_with(peer_group, &mut faults);
        faults.finish(content)
    }

    fn read_with(
        self,
        peer_group: Option<domain::PeerGroup>,
        faults: &mut Faults,
    ) -> Option<domain::Organisation> {
        let Self { title, small_count_threshold } = self;
        let title = title.read(faults, "/title");
        let most = domain::Organisation::MOST_SMALL_COUNT_THRESHOLD;
        if small_count_threshold > most {
            faults.note("/small_count_threshold", "too_large", format_args!("at most {most}"));
        }
        Some(domain::Organisation { title: title?, small_count_threshold, peer_group })
    }
}

impl PeerGroup {
    /// Into the domain; an organisation is no peer of its own.
    pub(crate) fn read(self, own: &code::Code) -> Result<domain::PeerGroup, Problem> {
        let Self { title, members } = self;
        let mut faults = Faults::default();
        let title = title.read(&mut faults, "/title");
        let mut seen = HashSet::from([own.clone()]);
        let members = faults.each("/members", MOST_MEMBERS, members, |faults, member| {
            let member = member.read(faults, "")?;
            if !seen.insert(member.clone()) {
                faults.note("", "duplicate", "a member is named once, and is not the organisation itself");
            }
            Some(member)
        });
        let group = title.zip(members).map(|(title, members)| domain::PeerGroup { title, members });
        faults.finish(group)
    }
}

impl From<&domain::PeerGroup> for PeerGroup {
    fn from(group: &domain::PeerGroup) -> Self {
        let domain::PeerGroup { title, members } = group;
        Self { title: title.into(), members: members.iter().map(Code::from).collect() }
    }
}

impl From<&Record<domain::Organisation>> for Organisation {
    fn from(record: &Record<domain::Organisation>) -> Self {
        let Record { organisation: _, code, versioned } = record;
        let Versioned { id: _, revision, recorded_at, author: _, content } = versioned;
        let domain::Organisation { title, small_count_threshold, peer_group } = content;
        Self {
            code: code.into(),
            title: title.into(),
            small_count_threshold: *small_count_threshold,
            peer_group: peer_group.as_ref().map(PeerGroup::from),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}
