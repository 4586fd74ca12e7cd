//! Action trackers on the wire.

mod read;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::tracker as domain;
use waymark_domain::workflow::Actor;
use waymark_persistence::Versioned;

use super::markdown;
use crate::http::content::content;
use crate::http::schema::{
    ActionStatus, Code, Colour, Direction, Name, Narrative, Note, Rating, Title, TrackerAction, TrackerState,
};

content! {
    /// An action tracker, as it is created.
    new NewTracker {
        /// The priority, one of the plan's.
        priority: Code,
        /// The quarter that it accounts for.
        quarter: Quarter,
    }
    /// What an action tracker says.
    content TrackerContent {
        /// What happened, in Markdown.
        narrative: Narrative,
        /// The measures of the plan that show how the priority does, by their codes.
        #[serde(default)]
        #[schema(max_items = 100)]
        aligned_measures: Vec<Code>,
        /// What is done about it.
        #[serde(default)]
        #[schema(max_items = 100)]
        key_actions: Vec<KeyAction>,
        /// What stands in the way.
        #[serde(default)]
        #[schema(max_items = 100)]
        risks: Vec<Risk>,
        /// The money and the people that it takes.
        #[serde(default)]
        resources: Option<Note>,
        /// The overall status. A draft may do without; what is submitted has one.
        #[serde(default)]
        status: Option<Colour>,
        /// Which way the priority goes. A draft may do without; what is submitted has one.
        #[serde(default)]
        direction: Option<Direction>,
    }
}

/// A quarter of a financial year: the third of 2009/10 is `FY2009-10-Q3`, October to December 2009.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(pattern = "^FY(?:19|20|21)[0-9]{2}-[0-9]{2}-Q[1-4]$", max_length = 12, example = "FY2009-10-Q3")]
pub(crate) struct Quarter(String);

/// Something that somebody does by a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyAction {
    /// What is done.
    title: Title,
    /// The post of who does it.
    owner: Name,
    /// The last day on which it is in time.
    due: NaiveDate,
    /// How it goes.
    #[serde(default)]
    progress: Option<Note>,
    status: ActionStatus,
}

/// A key action, and whether it is late.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyActionTold {
    #[serde(flatten)]
    action: KeyAction,
    /// Whether it was due before, and is neither done nor dropped: today while the tracker is written, on the day of
    /// the submission after that.
    overdue: bool,
}

/// Something that may go wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Risk {
    /// What may go wrong.
    text: Title,
    /// How likely it is, from 1, the least, to 5.
    #[schema(minimum = 1, maximum = 5)]
    likelihood: u8,
    /// How bad it would be, from 1, the least, to 5.
    #[schema(minimum = 1, maximum = 5)]
    impact: u8,
    /// What is done against it.
    #[serde(default)]
    mitigation: Option<Note>,
}

/// A risk and its score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RiskTold {
    #[serde(flatten)]
    risk: Risk,
    /// Likelihood times impact.
    #[schema(minimum = 1, maximum = 25)]
    score: u8,
}

/// Why a tracker is sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackerReturn {
    /// What is wanted.
    pub(super) comment: Note,
}

/// The account of a priority for a quarter.
///
/// The status is assigned by an officer. What the ratings of the aligned measures suggest stands beside it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tracker {
    /// The priority, one of the plan's.
    priority: Code,
    /// The quarter.
    quarter: Quarter,
    state: TrackerState,
    /// What the caller may do with it in this state.
    #[schema(max_items = 5)]
    allowed_actions: Vec<TrackerAction>,
    /// What happened, as it was written in Markdown.
    narrative: Narrative,
    /// The same as HTML without anything that could act or fetch.
    #[schema(max_length = 2000000)]
    narrative_html: String,
    /// The measures of the plan that show how the priority does.
    #[schema(max_items = 100)]
    aligned_measures: Vec<Code>,
    /// What is done about it.
    #[schema(max_items = 100)]
    key_actions: Vec<KeyActionTold>,
    /// What stands in the way.
    #[schema(max_items = 100)]
    risks: Vec<RiskTold>,
    /// The money and the people that it takes.
    resources: Option<Note>,
    /// The overall status that the accountable officer assigned.
    status: Option<Colour>,
    /// Which way the priority goes.
    direction: Option<Direction>,
    /// The worst judged rating of the aligned measures; null where none is judged.
    suggested_status: Option<Colour>,
    /// Whether the assigned status is another one than the suggested.
    differs: bool,
    /// The ratings of the aligned measures. A revision from before a submission tells none in the history.
    #[schema(max_items = 100)]
    ratings: Vec<AlignedRating>,
    /// The date of the ratings: the last day of the quarter, or the day of the reading or the submission where that
    /// was earlier.
    ratings_as_at: Option<NaiveDate>,
    /// Whether the ratings are those of the submission, which later results do not change.
    ratings_frozen: bool,
    /// Who gave the account.
    submission: Option<Signed>,
    /// Who sent it back.
    returned: Option<Signed>,
    /// What was wanted when it was sent back.
    return_comment: Option<Note>,
    /// Who agreed.
    agreement: Option<Signed>,
    /// Who published it.
    publication: Option<Signed>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// Who did something, and on which day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Signed {
    /// Who.
    by: Name,
    /// When.
    on: NaiveDate,
}

/// The rating of an aligned measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlignedRating {
    /// The measure's code.
    measure: Code,
    /// The indicator's title.
    title: Title,
    /// The rating to be shown: an officer's override, else the computed one.
    rating: Rating,
    /// The rating that the rules computed.
    computed_rating: Rating,
    /// The rule and the figures in a sentence or two.
    explanation: Note,
    /// Whether the figures are withheld because a count behind them is small.
    suppressed: bool,
}

/// A page of action trackers, in the order of their priorities' codes and of their quarters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackerPage {
    /// The trackers.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Tracker>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// A page of the revisions of one action tracker.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackerRevisions {
    /// The revisions, the newest first.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Tracker>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// Who reads a tracker, and when.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    pub(super) actor: Actor,
    pub(super) sees_small_counts: bool,
    pub(super) today: NaiveDate,
}

/// Ratings that stand at a date, as they are while a tracker is written.
pub(super) struct Live {
    pub(super) as_at: NaiveDate,
    pub(super) ratings: Vec<domain::AlignedRating>,
}

impl Tracker {
    /// Whether the assigned status is another one than the suggested.
    pub(super) fn differs(&self) -> bool {
        self.differs
    }

    /// Whether what is told changes with its revision only.
    pub(super) fn is_frozen(&self) -> bool {
        self.ratings_frozen
    }

    /// A revision as the viewer may see it; with the ratings of its submission, else with those that are given.
    pub(super) fn of(versioned: &Versioned<domain::Tracker>, live: Option<&Live>, viewer: &Viewer) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content: tracker } = versioned;
        let domain::Tracker { priority, quarter, content, progress: _ } = tracker;
        let domain::Content { narrative, aligned_measures, key_actions, risks, resources, status, direction } =
            content;
        let day = tracker.day(viewer.today);
        let (ratings_as_at, ratings) = match tracker.submission() {
            Some(given) => (Some(given.as_at), given.ratings.as_slice()),
            None => (live.map(|live| live.as_at), live.map_or(&[] as &[_], |live| live.ratings.as_slice())),
        };
        let steps = Steps::of(&tracker.progress);
        Self {
            priority: priority.into(),
            quarter: (*quarter).into(),
            state: tracker.state().into(),
            allowed_actions: domain::allowed(tracker, &viewer.actor).into_iter().map(Into::into).collect(),
            narrative: narrative.into(),
            narrative_html: markdown::to_html(narrative.as_str()),
            aligned_measures: aligned_measures.iter().map(Code::from).collect(),
            key_actions: key_actions.iter().map(|action| KeyActionTold::of(action, day)).collect(),
            risks: risks.iter().map(RiskTold::from).collect(),
            resources: resources.as_ref().map(Note::from),
            status: status.map(Into::into),
            direction: direction.map(Into::into),
            suggested_status: domain::suggested(ratings).map(Into::into),
            differs: content.differs(ratings),
            ratings: ratings.iter().map(|rating| AlignedRating::of(rating, viewer)).collect(),
            ratings_as_at,
            ratings_frozen: tracker.submission().is_some(),
            submission: steps.submission.map(Signed::from),
            returned: steps.returned.map(Signed::from),
            return_comment: steps.comment.map(Note::from),
            agreement: steps.agreement.map(Signed::from),
            publication: steps.publication.map(Signed::from),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

/// The steps that a tracker has taken.
#[derive(Default)]
struct Steps<'a> {
    submission: Option<&'a domain::Signed>,
    returned: Option<&'a domain::Signed>,
    comment: Option<&'a waymark_domain::text::Note>,
    agreement: Option<&'a domain::Signed>,
    publication: Option<&'a domain::Signed>,
}

impl<'a> Steps<'a> {
    fn of(progress: &'a domain::Progress) -> Self {
        use domain::Progress as P;
        match progress {
            P::Draft => Self::default(),
            P::Submitted(submission) => Self { submission: Some(&submission.signed), ..Self::default() },
            P::Returned { signed, comment } => {
                Self { returned: Some(signed), comment: Some(comment), ..Self::default() }
            }
            P::Agreed { submission, agreement } => {
                Self { submission: Some(&submission.signed), agreement: Some(agreement), ..Self::default() }
            }
            P::Published { submission, agreement, publication } => Self {
                submission: Some(&submission.signed),
                agreement: Some(agreement),
                publication: Some(publication),
                ..Self::default()
            },
        }
    }
}

impl AlignedRating {
    fn of(aligned: &domain::AlignedRating, viewer: &Viewer) -> Self {
        let domain::AlignedRating { measure, title, rating, computed, explanation, withheld } = aligned;
        let withheld = withheld.as_ref().filter(|_| !viewer.sees_small_counts);
        Self {
            measure: measure.into(),
            title: title.into(),
            rating: (*rating).into(),
            computed_rating: (*computed).into(),
            explanation: withheld.unwrap_or(explanation).into(),
            suppressed: withheld.is_some(),
        }
    }
}

impl From<domain::Quarter> for Quarter {
    fn from(quarter: domain::Quarter) -> Self {
        Self(quarter.to_string())
    }
}

impl From<&domain::Signed> for Signed {
    fn from(signed: &domain::Signed) -> Self {
        let domain::Signed { by, on } = signed;
        Self { by: by.into(), on: *on }
    }
}

impl KeyActionTold {
    fn of(action: &domain::KeyAction, day: NaiveDate) -> Self {
        let domain::KeyAction { title, owner, due, progress, status } = action;
        let told = KeyAction {
            title: title.into(),
            owner: owner.into(),
            due: *due,
            progress: progress.as_ref().map(Note::from),
            status: (*status).into(),
        };
        Self { action: told, overdue: action.is_overdue(day) }
    }
}

impl From<&domain::Risk> for RiskTold {
    fn from(risk: &domain::Risk) -> Self {
        let domain::Risk { text, likelihood, impact, mitigation } = risk;
        let told = Risk {
            text: text.into(),
            likelihood: likelihood.number(),
            impact: impact.number(),
            mitigation: mitigation.as_ref().map(Note::from),
        };
        Self { risk: told, score: risk.score() }
    }
}
