//! Action trackers from the wire into the domain, with a pointer for every fault.

use std::collections::HashSet;

use waymark_domain::period::PeriodError;
use waymark_domain::{code, tracker as domain};

use super::{KeyAction, NewTracker, Quarter, Risk, TrackerContent, TrackerReturn};
use crate::http::content::{once, part};
use crate::http::problem::Problem;
use crate::http::validation::{Coded, Faults};

/// The most of each list.
const MOST: usize = 100;

impl NewTracker {
    /// Into the domain, with the place.
    pub(in crate::resources::trackers) fn read(
        self,
    ) -> Result<((code::Code, domain::Quarter), domain::Content), Problem> {
        let ((priority, quarter), content) = self.apart();
        let mut faults = Faults::default();
        let priority = priority.read(&mut faults, "/priority");
        let quarter = faults.take("/quarter", quarter.0.parse::<domain::Quarter>());
        let content = content.read_with(&mut faults);
        faults.finish(priority.zip(quarter).zip(content))
    }
}

impl TrackerContent {
    /// Into the domain.
    pub(in crate::resources::trackers) fn read(self) -> Result<domain::Content, Problem> {
        let mut faults = Faults::default();
        let content = self.read_with(&mut faults);
        faults.finish(content)
    }

    fn read_with(self, faults: &mut Faults) -> Option<domain::Content> {
        let Self { narrative, aligned_measures, key_actions, risks, resources, status, direction } = self;
        let narrative = narrative.read(faults, "/narrative");
        let mut seen = HashSet::new();
        let aligned_measures = faults.each("/aligned_measures", MOST, aligned_measures, |faults, code| {
            let code = code.read(faults, "")?;
            once(faults, "", &mut seen, code)
        });
        let key_actions =
            faults.each("/key_actions", MOST, key_actions, |faults, action| action.read(faults));
        let risks = faults.each("/risks", MOST, risks, |faults, risk| risk.read(faults));
        let resources = part(resources, |note| note.read(faults, "/resources"));
        Some(domain::Content {
            narrative: narrative?,
            aligned_measures: aligned_measures?,
            key_actions: key_actions?,
            risks: risks?,
            resources: resources?,
            status: status.map(Into::into),
            direction: direction.map(Into::into),
        })
    }
}

impl KeyAction {
    fn read(self, faults: &mut Faults) -> Option<domain::KeyAction> {
        let Self { title, owner, due_on, progress, status } = self;
        let title = title.read(faults, "/title");
        let owner = owner.read(faults, "/owner");
        let progress = part(progress, |note| note.read(faults, "/progress"));
        Some(domain::KeyAction {
            title: title?,
            owner: owner?,
            due: due_on,
            progress: progress?,
            status: status.into(),
        })
    }
}

impl Risk {
    fn read(self, faults: &mut Faults) -> Option<domain::Risk> {
        let Self { text, likelihood, impact, mitigation } = self;
        let text = text.read(faults, "/text");
        let likelihood = faults.take("/likelihood", domain::Level::new(likelihood));
        let impact = faults.take("/impact", domain::Level::new(impact));
        let mitigation = part(mitigation, |note| note.read(faults, "/mitigation"));
        Some(domain::Risk { text: text?, likelihood: likelihood?, impact: impact?, mitigation: mitigation? })
    }
}

impl TrackerReturn {
    /// Into the domain.
    pub(in crate::resources::trackers) fn read(self) -> Result<waymark_domain::text::Note, Problem> {
        let mut faults = Faults::default();
        let comment = self.comment.read(&mut faults, "/comment");
        faults.finish(comment)
    }
}

impl Coded for domain::LevelError {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
}

impl Coded for domain::QuarterError {
    fn code(&self) -> &'static str {
        match self {
            Self::Period(error) => PeriodError::code(error),
            Self::Kind => "not_a_quarter",
        }
    }
}

/// A text in a path or a query.
impl TryFrom<Quarter> for domain::Quarter {
    type Error = domain::QuarterError;
    fn try_from(quarter: Quarter) -> Result<Self, Self::Error> {
        quarter.0.parse()
    }
}
