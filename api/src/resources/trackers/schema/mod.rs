//! Action trackers on the wire.

mod read;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::tracker as domain;
use waymark_persistence::Versioned;

use super::markdown;
use crate::http::content::content;
use crate::http::list::{History, Page};
use crate::http::schema::{
    ActionStatus, Code, Colour, Direction, Name, Narrative, Note, Rating, Title, TrackerAction, TrackerState,
};
use crate::workflow::item::{Shown, Viewer};

content! {
    /// An action tracker, as it is created.
    new NewTracker {
        /// The priority, one of the plan's.
        priority: Code,
        /// The quarter that it reports on.
        quarter: Quarter,
    }
    /// The content of an action tracker.
    content TrackerContent {
        /// What happened in the quarter, in Markdown.
        narrative: Narrative,
        /// The codes of the measures of the plan that are aligned to the priority.
        #[serde(default)]
        #[schema(max_items = 100)]
        aligned_measures: Vec<Code>,
        /// The actions that are taken.
        #[serde(default)]
        #[schema(max_items = 100)]
        key_actions: Vec<KeyAction>,
        /// The risks.
        #[serde(default)]
        #[schema(max_items = 100)]
        risks: Vec<Risk>,
        /// The money and staff that are needed.
        #[serde(default)]
        resources: Option<Note>,
        /// The overall status. Required when the tracker is submitted.
        #[serde(default)]
        status: Option<Colour>,
        /// The direction of travel. Required when the tracker is submitted.
        #[serde(default)]
        direction: Option<Direction>,
    }
}

/// A quarter of a financial year: the third of 2009/10 is `FY2009-10-Q3`, October to December 2009.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(pattern = "^FY(?:19|20|21)[0-9]{2}-[0-9]{2}-Q[1-4]$", max_length = 12, example = "FY2009-10-Q3")]
pub(crate) struct Quarter(String);

/// A key action of a tracker.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyAction {
    /// What is to be done.
    title: Title,
    /// The post of its owner.
    owner: Name,
    /// The due date.
    due_on: NaiveDate,
    /// The progress so far.
    #[serde(default)]
    progress: Option<Note>,
    status: ActionStatus,
}

/// A key action, and whether it is overdue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyActionView {
    #[serde(flatten)]
    action: KeyAction,
    /// Whether its due date has passed and it is neither done nor dropped: today until the tracker is submitted, then on
    /// the day of the submission.
    overdue: bool,
}

/// A risk of a tracker.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Risk {
    /// What may go wrong.
    text: Title,
    /// How likely it is, from 1 (least) to 5.
    #[schema(minimum = 1, maximum = 5)]
    likelihood: u8,
    /// How severe it would be, from 1 (least) to 5.
    #[schema(minimum = 1, maximum = 5)]
    impact: u8,
    /// What is done to mitigate it.
    #[serde(default)]
    mitigation: Option<Note>,
}

/// A risk and its score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RiskView {
    #[serde(flatten)]
    risk: Risk,
    /// Likelihood times impact.
    #[schema(minimum = 1, maximum = 25)]
    score: u8,
}

/// Why a tracker is returned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackerReturn {
    /// What should change.
    pub(super) comment: Note,
}

/// A priority's report for a quarter.
///
/// The status is assigned by an officer; `suggested_status` follows from the ratings of the aligned measures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tracker {
    /// The priority, one of the plan's.
    priority: Code,
    /// The quarter.
    quarter: Quarter,
    state: TrackerState,
    /// What the caller can do with it now; empty for earlier revisions and with `as_known_at`.
    #[schema(max_items = 5)]
    allowed_actions: Vec<TrackerAction>,
    /// What happened in the quarter, in Markdown.
    narrative: Narrative,
    /// The narrative as sanitised HTML, without scripts, styles or images.
    #[schema(max_length = 2000000)]
    narrative_html: String,
    /// The codes of the measures of the plan that are aligned to the priority.
    #[schema(max_items = 100)]
    aligned_measures: Vec<Code>,
    /// The actions that are taken.
    #[schema(max_items = 100)]
    key_actions: Vec<KeyActionView>,
    /// The risks.
    #[schema(max_items = 100)]
    risks: Vec<RiskView>,
    /// The money and staff that are needed.
    resources: Option<Note>,
    /// The overall status that the accountable officer assigned.
    status: Option<Colour>,
    /// The direction of travel.
    direction: Option<Direction>,
    /// The worst rating of the aligned measures; null if none of them is rated.
    suggested_status: Option<Colour>,
    /// Whether the assigned status differs from the suggested one.
    differs: bool,
    /// The ratings of the aligned measures; in the history, empty for revisions before a submission.
    #[schema(max_items = 100)]
    ratings: Vec<AlignedRating>,
    /// The date of the ratings: the last day of the quarter, or the day of the request or the submission if that is
    /// earlier.
    ratings_as_at: Option<NaiveDate>,
    /// Whether the ratings are those at the submission, which later results do not change.
    ratings_frozen: bool,
    /// Who submitted it.
    submission: Option<SignOff>,
    /// Who returned it.
    returned: Option<SignOff>,
    /// What should change, if it was returned.
    return_comment: Option<Note>,
    /// Who agreed it.
    agreement: Option<SignOff>,
    /// Who published it.
    publication: Option<SignOff>,
    /// 1 for the first revision, increasing by one with each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// Who completed a step of the workflow, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignOff {
    /// Who completed it.
    signed_by: Name,
    /// The date on which it was completed.
    signed_on: NaiveDate,
}

/// The rating of an aligned measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlignedRating {
    /// The measure's code.
    measure: Code,
    /// The indicator's title.
    title: Title,
    /// The effective rating: an officer's override if there is one, otherwise the computed one.
    rating: Rating,
    /// The rating that the rules computed.
    computed_rating: Rating,
    /// The rule and the figures in one or two sentences.
    explanation: Note,
    /// Whether the figures are withheld because a count behind them is too small.
    suppressed: bool,
}

pub(crate) type TrackerPage = Page<Tracker>;
pub(crate) type TrackerHistory = History<Tracker>;

/// The current ratings of aligned measures, for a tracker without frozen ones.
pub(super) struct Current {
    pub(super) as_at: NaiveDate,
    pub(super) ratings: Vec<domain::AlignedRating>,
}

impl Tracker {
    /// Whether the assigned status differs from the suggested one.
    pub(super) fn differs(&self) -> bool {
        self.differs
    }

    /// Whether the view changes only with the revision.
    pub(super) fn is_frozen(&self) -> bool {
        self.ratings_frozen
    }

    /// A revision as it is shown, with the ratings of its submission, otherwise with the current ones.
    pub(super) fn of(shown: &Shown<'_, domain::Tracker>, current: Option<&Current>) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content: tracker } = shown.revision;
        let viewer = shown.viewer;
        let domain::Tracker { priority, quarter, content, progress: _ } = tracker;
        let domain::Content { narrative, aligned_measures, key_actions, risks, resources, status, direction } =
            content;
        let day = tracker.day(viewer.today);
        let (ratings_as_at, ratings) = match tracker.submission() {
            Some(given) => (Some(given.as_at), given.ratings.as_slice()),
            None => match current {
                Some(current) => (Some(current.as_at), current.ratings.as_slice()),
                None => (None, &[] as &[_]),
            },
        };
        let steps = Steps::of(&tracker.progress);
        let allowed = shown.actor().map(|actor| domain::allowed(tracker, actor)).unwrap_or_default();
        Self {
            priority: priority.into(),
            quarter: (*quarter).into(),
            state: tracker.state().into(),
            allowed_actions: allowed.into_iter().map(Into::into).collect(),
            narrative: narrative.into(),
            narrative_html: markdown::to_html(narrative.as_str()),
            aligned_measures: aligned_measures.iter().map(Code::from).collect(),
            key_actions: key_actions.iter().map(|action| KeyActionView::of(action, day)).collect(),
            risks: risks.iter().map(RiskView::from).collect(),
            resources: resources.as_ref().map(Note::from),
            status: status.map(Into::into),
            direction: direction.map(Into::into),
            suggested_status: domain::suggested(ratings).map(Into::into),
            differs: content.differs(ratings),
            ratings: ratings.iter().map(|rating| AlignedRating::of(rating, viewer)).collect(),
            ratings_as_at,
            ratings_frozen: tracker.submission().is_some(),
            submission: steps.submission.map(SignOff::from),
            returned: steps.returned.map(SignOff::from),
            return_comment: steps.comment.map(Note::from),
            agreement: steps.agreement.map(SignOff::from),
            publication: steps.publication.map(SignOff::from),
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

impl From<&domain::Signed> for SignOff {
    fn from(signed: &domain::Signed) -> Self {
        let domain::Signed { by, on } = signed;
        Self { signed_by: by.into(), signed_on: *on }
    }
}

impl KeyActionView {
    fn of(action: &domain::KeyAction, day: NaiveDate) -> Self {
        let domain::KeyAction { title, owner, due, progress, status } = action;
        let action_view = KeyAction {
            title: title.into(),
            owner: owner.into(),
            due_on: *due,
            progress: progress.as_ref().map(Note::from),
            status: (*status).into(),
        };
        Self { overdue: action.is_overdue(day), action: action_view }
    }
}

impl From<&domain::Risk> for RiskView {
    fn from(risk: &domain::Risk) -> Self {
        let domain::Risk { text, likelihood, impact, mitigation } = risk;
        let risk_view = Risk {
            text: text.into(),
            likelihood: likelihood.number(),
            impact: impact.number(),
            mitigation: mitigation.as_ref().map(Note::from),
        };
        Self { score: risk.score(), risk: risk_view }
    }
}
