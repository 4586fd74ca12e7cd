//! Action trackers: a priority's account for one quarter, and how it comes to be agreed and published.
//!
//! [`Tracker`] and what it says stand here, who may do what with it in `workflow`, what is read from many of them
//! in `overview`.

mod overview;
mod quarter;
#[cfg(test)]
mod tests;
mod workflow;

pub use crate::framework::exception_rule::ExceptionRule;
pub use overview::{Tally, tally};
pub use quarter::{Quarter, QuarterError};
pub use workflow::{Action, allowed};

use crate::code::Code;
use crate::rating::direction::Direction;
use crate::rating::{Colour, Rating};
use crate::text::{Name, Narrative, Note, Title};
use chrono::NaiveDate;

/// The account of a priority for a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracker {
    /// The priority, one of the plan's.
    pub priority: Code,
    /// The quarter.
    pub quarter: Quarter,
    /// What it says.
    pub content: Content,
    /// How far it has come.
    pub progress: Progress,
}

/// What a tracker says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What happened, in Markdown.
    pub narrative: Narrative,
    /// The measures of the plan that show how the priority does, by their codes.
    pub aligned_measures: Vec<Code>,
    /// What is done about it.
    pub key_actions: Vec<KeyAction>,
    /// What stands in the way.
    pub risks: Vec<Risk>,
    /// The money and the people that it takes.
    pub resources: Option<Note>,
    /// The overall status that the accountable officer assigns; a draft may do without.
    pub status: Option<Colour>,
    /// Which way the priority goes; a draft may do without.
    pub direction: Option<Direction>,
}

/// An action that is due by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAction {
    /// What is done.
    pub title: Title,
    /// The post of who does it.
    pub owner: Name,
    /// The last day on which it is in time.
    pub due: NaiveDate,
    /// How it goes.
    pub progress: Option<Note>,
    /// How far it is.
    pub status: ActionStatus,
}

/// How far a key action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionStatus {
    /// Nothing is done yet.
    NotStarted,
    /// Something is done.
    InProgress,
    /// All is done.
    Done,
    /// It is not done any more.
    Dropped,
}

crate::named!(ActionStatus {
    NotStarted = "not_started",
    InProgress = "in_progress",
    Done = "done",
    Dropped = "dropped",
});

impl ActionStatus {
    /// Whether something remains to be done.
    pub fn is_open(self) -> bool {
        match self {
            Self::NotStarted | Self::InProgress => true,
            Self::Done | Self::Dropped => false,
        }
    }
}

impl KeyAction {
    /// Whether on this day it was due before, and is neither done nor dropped.
    pub fn is_overdue(&self, day: NaiveDate) -> bool {
        self.status.is_open() && self.due < day
    }
}

/// Something that may go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// What may go wrong.
    pub text: Title,
    /// How likely it is.
    pub likelihood: Level,
    /// How bad it would be.
    pub impact: Level,
    /// What is done against it.
    pub mitigation: Option<Note>,
}

impl Risk {
    /// Likelihood times impact, 1 to 25.
    pub fn score(&self) -> u8 {
        self.likelihood.0 * self.impact.0
    }
}

/// A step from 1, the least, to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

/// Why a number is no [`Level`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a level is 1, 2, 3, 4 or 5")]
pub struct LevelError;

impl Level {
    /// The level of that number.
    ///
    /// # Errors
    /// [`LevelError`] for a number other than 1 to 5.
    pub fn new(number: u8) -> Result<Self, LevelError> {
        if (1..=5).contains(&number) { Ok(Self(number)) } else { Err(LevelError) }
    }

    /// Its number, 1 to 5.
    pub fn number(self) -> u8 {
        self.0
    }
}

/// How far a tracker has come, and who brought it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It is being written.
    Draft,
    /// The accountable officer has given the account.
    Submitted(Submission),
    /// The accountable director has sent it back, with what is wanted.
    Returned {
        /// Who, and when.
        signed: Signed,
        /// What is wanted.
        comment: Note,
    },
    /// The accountable director agrees.
    Agreed {
        /// What was submitted.
        submission: Submission,
        /// Who agreed, and when.
        agreement: Signed,
    },
    /// Everybody may hold the council to it. Nothing changes any more.
    Published {
        /// What was submitted.
        submission: Submission,
        /// Who agreed, and when.
        agreement: Signed,
        /// Who published it, and when.
        publication: Signed,
    },
}

/// The words for how far a tracker has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It is being written.
    Draft,
    /// It waits for the accountable director.
    Submitted,
    /// The accountable director has sent it back.
    Returned,
    /// The accountable director agrees.
    Agreed,
    /// It is published, and nothing changes any more.
    Published,
}

crate::named!(State {
    Draft = "draft",
    Submitted = "submitted",
    Returned = "returned",
    Agreed = "agreed",
    Published = "published",
});

impl State {
    /// Whether its account has been given, so that its status counts in histories and exceptions.
    pub fn counts(self) -> bool {
        match self {
            Self::Submitted | Self::Agreed | Self::Published => true,
            Self::Draft | Self::Returned => false,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Agreed => "agreed",
            Self::Published => "published",
        }
    }
}

/// Who did something, and on which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub by: Name,
    /// When.
    pub on: NaiveDate,
}

/// The account as it was given, with the ratings as they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Who gave it, and when.
    pub signed: Signed,
    /// The date of the ratings.
    pub as_at: NaiveDate,
    /// The ratings of the aligned measures.
    pub ratings: Vec<AlignedRating>,
}

/// The rating of an aligned measure at a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlignedRating {
    /// The measure's code.
    pub measure: Code,
    /// The title of its indicator.
    pub title: Title,
    /// The rating to be shown: an officer's override, else the computed one.
    pub rating: Rating,
    /// The rating that the rules computed.
    pub computed: Rating,
    /// Why, with the figures.
    pub explanation: Note,
    /// Replaces the explanation for callers who may not see small counts, if it reveals one.
    pub withheld: Option<Note>,
}

/// What the ratings of aligned measures suggest: the worst of those that are judged. None where none is.
pub fn suggested(ratings: &[AlignedRating]) -> Option<Colour> {
    let judged = ratings.iter().filter_map(|aligned| match aligned.rating {
        Rating::Judged(colour) => Some(colour),
        Rating::None(_) => None,
    });
    judged.max_by_key(|colour| match colour {
        Colour::Green => 0,
        Colour::Amber => 1,
        Colour::Red => 2,
    })
}

impl Content {
    /// Whether an assigned status differs from what the ratings suggest. Where either is missing it does not.
    pub fn differs(&self, ratings: &[AlignedRating]) -> bool {
        self.status.zip(suggested(ratings)).is_some_and(|(assigned, suggested)| assigned != suggested)
    }
}

impl Tracker {
    /// How far it has come, in a word.
    pub fn state(&self) -> State {
        match self.progress {
            Progress::Draft => State::Draft,
            Progress::Submitted(_) => State::Submitted,
            Progress::Returned { .. } => State::Returned,
            Progress::Agreed { .. } => State::Agreed,
            Progress::Published { .. } => State::Published,
        }
    }

    /// The account as it was given, unless it is still being written.
    pub fn submission(&self) -> Option<&Submission> {
        match &self.progress {
            Progress::Draft | Progress::Returned { .. } => None,
            Progress::Submitted(submission)
            | Progress::Agreed { submission, .. }
            | Progress::Published { submission, .. } => Some(submission),
        }
    }

    /// The day on which its key actions are overdue or not: that of the submission, or today while it is written.
    pub fn day(&self, today: NaiveDate) -> NaiveDate {
        self.submission().map_or(today, |submission| submission.signed.on)
    }
}
