//! The document of an organisation.

use waymark_domain::code::Code;
use waymark_domain::organisation::{Organisation, PeerGroup};
use waymark_domain::text::Title;

use super::document;
use super::scalar::Text;
use crate::history::noun::Noun;

impl Noun for Organisation {
    const KIND: &'static str = "organisation";
    type Document = OrganisationDocument;
}

document! {
    pub struct OrganisationDocument of Organisation {
        title: Text<Title>,
        small_count_threshold: u32,
        peer_group: Option<PeerGroupDocument>,
    }

    struct PeerGroupDocument of PeerGroup {
        title: Text<Title>,
        members: Vec<Text<Code>>,
    }
}
