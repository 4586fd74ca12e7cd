//! Who may do what with a tracker, and what comes of it.

use super::{AlignedRating, Content, Progress, Quarter, Signed, State, Submission, Tracker};
use crate::access;
use crate::code::Code;
use crate::framework::plan::Plan;
use crate::text::Note;
use crate::workflow::{Actor, Refusal};
use chrono::NaiveDate;

/// What can be done with a tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Change what it says.
    Edit,
    /// Give the account.
    Submit,
    /// Agree what was submitted.
    Agree,
    /// Send it back with a comment.
    Return,
    /// Publish what was agreed.
    Publish,
}

crate::named!(Action {
    Edit = "edit",
    Submit = "submit",
    Agree = "agree",
    Return = "return",
    Publish = "publish",
});

impl Action {
    fn needs(self) -> access::Action {
        match self {
            Self::Edit | Self::Submit => access::Action::DraftTrackers,
            Self::Agree | Self::Return => access::Action::AgreeTrackers,
            Self::Publish => access::Action::PublishTrackers,
        }
    }

    fn is_in_place(self, state: State) -> bool {
        match (self, state) {
            (Self::Edit | Self::Submit, State::Draft | State::Returned)
            | (Self::Agree | Self::Return, State::Submitted)
            | (Self::Publish, State::Agreed) => true,
            (Self::Edit | Self::Submit, State::Submitted | State::Agreed | State::Published)
            | (
                Self::Agree | Self::Return,
                State::Draft | State::Returned | State::Agreed | State::Published,
            )
            | (Self::Publish, State::Draft | State::Submitted | State::Returned | State::Published) => false,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Edit => "change",
            Self::Submit => "submit",
            Self::Agree => "agree",
            Self::Return => "return",
            Self::Publish => "publish",
        }
    }
}

/// What the actor may do with it in the state that it is in.
pub fn allowed(tracker: &Tracker, actor: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| tracker.permit(*action, actor).is_ok()).collect()
}

impl Tracker {
    /// A new account, as a draft.
    ///
    /// # Errors
    /// The rule that it breaks: of the role, the priority or the quarter.
    pub fn draft(
        (priority, quarter): (Code, Quarter),
        content: Content,
        actor: &Actor,
        plan: &Plan,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        actor.must(access::Action::DraftTrackers)?;
        quarter.check(plan.span, today)?;
        if plan.priority(&priority).is_none() {
            return Err(Refusal::UnknownPriority(priority));
        }
        Ok(Self { priority, quarter, content, progress: Progress::Draft })
    }

    /// The account with another content. What was returned stays so until it is submitted again.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn edit(&self, content: Content, actor: &Actor) -> Result<Self, Refusal> {
        self.permit(Action::Edit, actor)?;
        Ok(Self { content, ..self.clone() })
    }

    /// The account as it is given: the ratings, which stood at [`Quarter::as_at`], are frozen into it.
    ///
    /// # Errors
    /// The rule that it breaks; [`Refusal::Incomplete`] without status or direction.
    pub fn submit(
        &self,
        ratings: Vec<AlignedRating>,
        actor: &Actor,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Submit, actor)?;
        if self.content.status.is_none() {
            return Err(Refusal::Incomplete("the overall status"));
        }
        if self.content.direction.is_none() {
            return Err(Refusal::Incomplete("the overall direction"));
        }
        let signed = sign(actor, today);
        let as_at = self.quarter.as_at(today);
        Ok(self.with(Progress::Submitted(Submission { signed, as_at, ratings })))
    }

    /// The account with the accountable director's agreement.
    ///
    /// # Errors
    /// The rule that it breaks; [`Refusal::SubmitterAgrees`] where the actor gave the account.
    pub fn agree(&self, actor: &Actor, today: NaiveDate) -> Result<Self, Refusal> {
        let submission = self.permitted(Action::Agree, actor)?.clone();
        Ok(self.with(Progress::Agreed { submission, agreement: sign(actor, today) }))
    }

    /// The account sent back, with what is wanted.
    ///
    /// # Errors
    /// The rule that it breaks; [`Refusal::SubmitterAgrees`] where the actor gave the account.
    pub fn send_back(&self, comment: Note, actor: &Actor, today: NaiveDate) -> Result<Self, Refusal> {
        self.permit(Action::Return, actor)?;
        Ok(self.with(Progress::Returned { signed: sign(actor, today), comment }))
    }

    /// The account as it is published. Nothing changes after that.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn publish(&self, actor: &Actor, today: NaiveDate) -> Result<Self, Refusal> {
        self.permit(Action::Publish, actor)?;
        match &self.progress {
            Progress::Agreed { submission, agreement } => Ok(self.with(Progress::Published {
                submission: submission.clone(),
                agreement: agreement.clone(),
                publication: sign(actor, today),
            })),
            Progress::Draft
            | Progress::Submitted(_)
            | Progress::Returned { .. }
            | Progress::Published { .. } => Err(self.out_of_place(Action::Publish)),
        }
    }

    /// The next quarter's draft, made from this account: without the actions that are done or dropped, and without
    /// status and direction, which the officer assigns again. Ratings are never carried forward.
    ///
    /// # Errors
    /// Those of [`Tracker::draft`].
    pub fn carry_forward(&self, actor: &Actor, plan: &Plan, today: NaiveDate) -> Result<Self, Refusal> {
        let next = self.quarter.next().map_err(|_| Refusal::AfterPlan {
            what: crate::workflow::DateOf::Period,
            last: plan.last_day(),
        })?;
        let mut content = Content { status: None, direction: None, ..self.content.clone() };
        content.key_actions.retain(|action| action.status.is_open());
        Self::draft((self.priority.clone(), next), content, actor, plan, today)
    }

    fn with(&self, progress: Progress) -> Self {
        Self { progress, ..self.clone() }
    }

    /// By role, by state, and by who did the step before.
    fn permit(&self, action: Action, actor: &Actor) -> Result<(), Refusal> {
        actor.must(action.needs())?;
        if !action.is_in_place(self.state()) {
            return Err(self.out_of_place(action));
        }
        match (action, &self.progress) {
            (Action::Agree | Action::Return, Progress::Submitted(submission))
                if submission.signed.by == actor.name =>
            {
                Err(Refusal::SubmitterAgrees)
            }
            (Action::Edit | Action::Submit | Action::Agree | Action::Return | Action::Publish, _) => Ok(()),
        }
    }

    /// The same, with the submission that the action is about.
    fn permitted(&self, action: Action, actor: &Actor) -> Result<&Submission, Refusal> {
        self.permit(action, actor)?;
        self.submission().ok_or_else(|| self.out_of_place(action))
    }

    fn out_of_place(&self, action: Action) -> Refusal {
        Refusal::State { action: action.word(), state: self.state().word() }
    }
}

fn sign(actor: &Actor, today: NaiveDate) -> Signed {
    Signed { by: actor.name.clone(), on: today }
}
