//! Who may do what: roles, the grants that give them, and the one table that decides.

use crate::code::Code;
use crate::framework::organisation::Organisation;
use std::{fmt, str::FromStr};

/// What a caller is, for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads frameworks, results and status; small counts are suppressed.
    Reader,
    /// A system that sends results.
    Submitter,
    /// Keeps the framework: indicators, plans, measures, imports.
    PerformanceOfficer,
    /// Answers for a priority and assigns its status.
    AccountableOfficer,
    /// Agrees the status that an accountable officer assigned.
    AccountableDirector,
    /// Records what a board decided.
    BoardClerk,
    /// Keeps the organisation's own record.
    Admin,
}

crate::named!(Role {
    Reader = "reader",
    Submitter = "submitter",
    PerformanceOfficer = "performance_officer",
    AccountableOfficer = "accountable_officer",
    AccountableDirector = "accountable_director",
    BoardClerk = "board_clerk",
    Admin = "admin",
});

impl Role {
    /// Whether this role allows the action at all.
    pub fn allows(self, action: Action) -> bool {
        match action {
            Action::ReadFramework | Action::ReadResults => true,
            Action::ReadSmallCounts => {
                matches!(
                    self,
                    Self::PerformanceOfficer | Self::AccountableOfficer | Self::AccountableDirector
                )
            }
            Action::JudgeMeasures => {
                matches!(
                    self,
                    Self::PerformanceOfficer | Self::AccountableOfficer | Self::AccountableDirector
                )
            }
            Action::SubmitResults | Action::ReadSubmissions => {
                matches!(self, Self::Submitter | Self::PerformanceOfficer)
            }
            Action::DefineIndicators | Action::DefinePlans | Action::ImportPlan => {
                matches!(self, Self::PerformanceOfficer)
            }
            Action::CreateOrganisation | Action::ChangeOrganisation => matches!(self, Self::Admin),
            Action::ProposeTargets | Action::ProposeDeletions | Action::ReportProgress => {
                matches!(self, Self::PerformanceOfficer | Self::AccountableOfficer)
            }
            Action::RecordDecisions => matches!(self, Self::BoardClerk),
            Action::DraftTrackers => matches!(self, Self::AccountableOfficer),
            Action::AgreeTrackers => matches!(self, Self::AccountableDirector),
            Action::PublishTrackers | Action::DefineCommitments | Action::KeepNotices | Action::GradeData => {
                matches!(self, Self::PerformanceOfficer)
            }
            Action::ReadTrail => {
                // The trail shows small counts too.
                matches!(self, Self::PerformanceOfficer | Self::AccountableDirector)
            }
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a text is no [`Role`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a role is reader, submitter, performance_officer, accountable_officer, accountable_director, \
     board_clerk or admin"
)]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::from_name(text).ok_or(RoleError)
    }
}

/// What a caller wants to do. Every operation of the service names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See organisations, indicators, plans and measures.
    ReadFramework,
    /// See results, ratings, status and reports, small counts suppressed.
    ReadResults,
    /// See counts below the organisation's threshold.
    ReadSmallCounts,
    /// Send results.
    SubmitResults,
    /// See what became of the results that were sent.
    ReadSubmissions,
    /// Create and change indicators.
    DefineIndicators,
    /// Create and change plans and their measures.
    DefinePlans,
    /// Override a rating, or predict one.
    JudgeMeasures,
    /// Import a whole performance table.
    ImportPlan,
    /// Create an organisation.
    CreateOrganisation,
    /// Change an organisation's record and its peer group.
    ChangeOrganisation,
    /// Propose targets, and revise what was sent back.
    ProposeTargets,
    /// Propose that measures leave a plan.
    ProposeDeletions,
    /// Record what a board or an authority decided.
    RecordDecisions,
    /// Draft, change and submit action trackers.
    DraftTrackers,
    /// Agree action trackers, or return them.
    AgreeTrackers,
    /// Publish action trackers that are agreed.
    PublishTrackers,
    /// Create and change commitments.
    DefineCommitments,
    /// Report the progress of commitments and of an improvement notice's requirements.
    ReportProgress,
    /// Create and change improvement notices.
    KeepNotices,
    /// Grade the quality of data by the checklist.
    GradeData,
    /// Read who changed what.
    ReadTrail,
}

/// Where a grant counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reach {
    /// In every organisation, written `*`.
    Everywhere,
    /// In this one.
    Organisation(Code),
}

impl Reach {
    /// Whether a grant of this reach counts in the organisation.
    pub fn covers(&self, organisation: &Code) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Organisation(own) => own == organisation,
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere => f.write_str("*"),
            Self::Organisation(code) => code.fmt(f),
        }
    }
}

impl FromStr for Reach {
    type Err = crate::code::CodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "*" => Ok(Self::Everywhere),
            code => Code::new(code).map(Self::Organisation),
        }
    }
}

/// A role somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What its holder is.
    pub role: Role,
    /// Where.
    pub reach: Reach,
}

/// The answer to "may I?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Yes.
    Granted,
    /// No: the caller belongs to the organisation, but has no role that allows it.
    Refused,
    /// The caller has no role in the organisation: the response does not reveal that it exists.
    Foreign,
}

/// Whether these grants allow the action in the organisation. The catalogue's framework is read by everybody.
pub fn permits(grants: &[Grant], action: Action, organisation: &Code) -> Permission {
    let mut here = grants.iter().filter(|grant| grant.reach.covers(organisation)).peekable();
    let belongs = here.peek().is_some();
    let catalogue = organisation.as_str() == Organisation::CATALOGUE;
    if here.any(|grant| grant.role.allows(action)) || (catalogue && action == Action::ReadFramework) {
        Permission::Granted
    } else if belongs || catalogue {
        Permission::Refused
    } else {
        Permission::Foreign
    }
}

/// What their holder is in the organisation.
pub fn roles_in(grants: &[Grant], organisation: &Code) -> Vec<Role> {
    grants.iter().filter(|grant| grant.reach.covers(organisation)).map(|grant| grant.role).collect()
}

/// Whether these grants allow the action in every organisation, those to come too.
pub fn permits_everywhere(grants: &[Grant], action: Action) -> bool {
    grants.iter().any(|grant| grant.reach == Reach::Everywhere && grant.role.allows(action))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::new(text).unwrap()
    }

    fn grant(role: Role, reach: &str) -> Grant {
        Grant { role, reach: reach.parse().unwrap() }
    }

    #[test]
    fn what_is_foreign_does_not_exist_and_what_is_own_may_be_refused() {
        let grants = [grant(Role::Reader, "leicestershire")];
        let ask = |action, organisation: &str| permits(&grants, action, &code(organisation));
        assert_eq!(ask(Action::ReadResults, "leicestershire"), Permission::Granted);
        assert_eq!(ask(Action::SubmitResults, "leicestershire"), Permission::Refused);
        assert_eq!(ask(Action::ReadResults, "rutland"), Permission::Foreign);
    }

    #[test]
    fn a_role_in_one_organisation_is_no_role_in_another() {
        let grants = [grant(Role::Reader, "a"), grant(Role::PerformanceOfficer, "b")];
        assert_eq!(permits(&grants, Action::DefinePlans, &code("a")), Permission::Refused);
        assert_eq!(permits(&grants, Action::DefinePlans, &code("b")), Permission::Granted);
    }

    #[test]
    fn everybody_reads_the_catalogue_and_only_its_officers_change_it() {
        let national = code(Organisation::CATALOGUE);
        assert_eq!(permits(&[], Action::ReadFramework, &national), Permission::Granted);
        assert_eq!(permits(&[], Action::DefineIndicators, &national), Permission::Refused);
        assert_eq!(permits(&[], Action::ReadResults, &national), Permission::Refused);
        let keeper = [grant(Role::PerformanceOfficer, Organisation::CATALOGUE)];
        assert_eq!(permits(&keeper, Action::DefineIndicators, &national), Permission::Granted);
    }

    #[test]
    fn only_a_grant_everywhere_reaches_organisations_to_come() {
        assert!(permits_everywhere(&[grant(Role::Admin, "*")], Action::CreateOrganisation));
        assert!(!permits_everywhere(&[grant(Role::Admin, "leicestershire")], Action::CreateOrganisation));
        assert!(!permits_everywhere(&[grant(Role::Reader, "*")], Action::CreateOrganisation));
    }

    #[test]
    fn roles_and_reaches_read_back_as_written() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert_eq!("owner".parse::<Role>(), Err(RoleError));
        assert_eq!("*".parse::<Reach>().unwrap().to_string(), "*");
        assert!("".parse::<Reach>().is_err());
    }
}
