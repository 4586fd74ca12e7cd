//! The document of an organisation.

use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::organisation::{Organisation, PeerGroup};
use waymark_domain::text::Title;

use super::scalar::{Text, of_texts, texts};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationDocument {
    title: Text<Title>,
    small_count_threshold: u32,
    peer_group: Option<PeerGroupDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeerGroupDocument {
    title: Text<Title>,
    members: Vec<Text<Code>>,
}

impl From<&Organisation> for OrganisationDocument {
    fn from(organisation: &Organisation) -> Self {
        let Organisation { title, small_count_threshold, peer_group } = organisation;
        Self {
            title: title.into(),
            small_count_threshold: *small_count_threshold,
            peer_group: peer_group.as_ref().map(|group| {
                let PeerGroup { title, members } = group;
                PeerGroupDocument { title: title.into(), members: texts(members) }
            }),
        }
    }
}

impl From<OrganisationDocument> for Organisation {
    fn from(document: OrganisationDocument) -> Self {
        let OrganisationDocument { title, small_count_threshold, peer_group } = document;
        Self {
            title: title.0,
            small_count_threshold,
            peer_group: peer_group.map(|group| {
                let PeerGroupDocument { title, members } = group;
                PeerGroup { title: title.0, members: of_texts(members) }
            }),
        }
    }
}
