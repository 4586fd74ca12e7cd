//! Three action trackers over five quarters, as in source 003 (4.1): directions as in its table, colours where
//! the sources have them. Each is drafted, submitted, agreed and published.

use chrono::{Days, NaiveDate};
use waymark_domain::access::Role;
use waymark_domain::code::Code;
use waymark_domain::direction::Direction;
use waymark_domain::plan::{Plan, Priority};
use waymark_domain::rating::Colour;
use waymark_domain::text::{Name, Narrative, Note, Title};
use waymark_domain::tracker::{ActionStatus, Content, KeyAction, Level, Quarter, Risk, Tracker};
use waymark_domain::workflow::Actor;
use waymark_persistence::{Change, Connection, plan, plan_item};

use crate::http::problem::Problem;
use crate::resources::trackers;
use crate::workflow::scope::PlanScope;
use Direction::{Deteriorating as Down, Improving as Up, Static as Flat};

/// The first quarter of the table.
const FIRST: &str = "FY2009-10-Q3";
/// How long after a quarter's end its account is given.
const DAYS_TO_WRITE: Days = Days::new(20);

/// A priority of source 003, in words of our own, and how it went.
struct Example {
    priority: &'static str,
    theme: &'static str,
    title: &'static str,
    also: &'static [&'static str],
    aligned: &'static [&'static str],
    action: &'static str,
    risk: &'static str,
    /// For each quarter the direction, the colour, and whether a source has the colour.
    quarters: [(Direction, Colour, Source); 5],
}

/// Where a colour is from.
#[derive(Clone, Copy)]
enum Source {
    /// Source 003 or 004 has it.
    Published,
    /// The sources' colours are lost: it is assumed here.
    Assumed,
}

use Colour::{Amber, Red};
use Source::{Assumed, Published};

const EXAMPLES: [Example; 3] = [
    Example {
        priority: "HW-1d",
        theme: "be-healthy",
        title: "Fewer teenage conceptions, better sexual health",
        also: &["CYPP 7"],
        aligned: &["NI112", "NI113"],
        action: "Open clinics for young people where rates are highest",
        risk: "Figures of conceptions come a year late, so that a change is seen too late",
        quarters: [
            (Down, Amber, Assumed),
            (Down, Red, Published),
            (Flat, Red, Assumed),
            (Flat, Red, Assumed),
            (Flat, Red, Assumed),
        ],
    },
    Example {
        priority: "HW-3a",
        theme: "stay-safe",
        title: "Vulnerable children are safe: risk is seen, reported and answered",
        also: &[],
        aligned: &["NI59", "NI60", "NI65"],
        action: "Follow the timeliness of assessments week by week",
        risk: "Referrals grow faster than the teams that assess them",
        quarters: [
            (Down, Amber, Assumed),
            (Up, Amber, Assumed),
            (Up, Amber, Assumed),
            (Up, Amber, Assumed),
            (Up, Amber, Assumed),
        ],
    },
    Example {
        priority: "LN-1d",
        theme: "achieve-economic-well-being",
        title: "More vulnerable young people in education, training or work",
        also: &[],
        aligned: &["NI117", "NI148"],
        action: "Find the young people whose destination is not known",
        risk: "Fewer jobs and places for those who leave school",
        quarters: [
            (Flat, Red, Published),
            (Up, Red, Published),
            (Flat, Red, Published),
            (Up, Red, Published),
            (Flat, Amber, Published),
        ],
    },
];

/// Makes them in the demonstration plan, with the priorities that they account for.
pub(super) fn make(
    connection: &mut Connection,
    codes: &(Code, Code),
    change: &Change,
) -> Result<(), Problem> {
    let found = PlanScope::hold(connection, codes)?;
    let mut content = found.plan.versioned.content.clone();
    for example in &EXAMPLES {
        content.priorities.push(example.priority()?);
    }
    content.check().map_err(Problem::internal)?;
    let (organisation, kept) = (found.plan.organisation, &found.plan.versioned);
    plan::update(connection, organisation, kept.id, kept.revision, &content, change)?;
    let found = PlanScope::find(connection, codes, None)?;
    for example in &EXAMPLES {
        let mut quarter: Quarter = FIRST.parse().map_err(Problem::internal)?;
        for (direction, colour, source) in example.quarters {
            example.account(connection, &found, (quarter, direction, colour, source), change)?;
            quarter = quarter.next().map_err(Problem::internal)?;
        }
    }
    Ok(())
}

impl Example {
    fn priority(&self) -> Result<Priority, Problem> {
        Ok(Priority {
            code: code(self.priority)?,
            theme: code(self.theme)?,
            title: title(self.title)?,
            cross_references: self.also.iter().map(|name| text(name)).collect::<Result<_, _>>()?,
        })
    }

    /// The account of one quarter, through all its steps.
    fn account(
        &self,
        connection: &mut Connection,
        found: &PlanScope,
        (quarter, direction, colour, source): (Quarter, Direction, Colour, Source),
        change: &Change,
    ) -> Result<(), Problem> {
        let (officer, director, publisher) = (
            actor("Accountable officer (demonstration)", Role::AccountableOfficer)?,
            actor("Accountable director (demonstration)", Role::AccountableDirector)?,
            actor("Performance officer (demonstration)", Role::PerformanceOfficer)?,
        );
        let plan: &Plan = &found.plan.versioned.content;
        let day = quarter.period().last_day() + DAYS_TO_WRITE;
        let content = self.content(quarter, direction, colour, source)?;
        let place = (code(self.priority)?, quarter);
        let draft = Tracker::draft(place.clone(), content, &officer, plan, day).map_err(Problem::internal)?;
        let ratings = trackers::ratings_on(connection, found, &draft, day)?;
        let submitted = draft.submit(ratings, &officer, day).map_err(Problem::internal)?;
        let agreed = submitted.agree(&director, day).map_err(Problem::internal)?;
        let published = agreed.publish(&publisher, day).map_err(Problem::internal)?;
        let key = trackers::key(&place.0, place.1);
        let mut filed = plan_item::create(connection, found.place(), Some(&key), &draft, change)?;
        for step in [submitted, agreed, published] {
            filed = plan_item::update(connection, &filed, &step, change)?;
        }
        Ok(())
    }

    fn content(
        &self,
        quarter: Quarter,
        direction: Direction,
        colour: Colour,
        source: Source,
    ) -> Result<Content, Problem> {
        let about_colour = match source {
            Source::Published => "Status and direction are as in the published reports.",
            Source::Assumed => {
                "The direction is as in the published reports. *The colour is assumed for this demonstration: \
                 that of the reports is lost.*"
            }
        };
        let narrative = format!("## {}\n\nThe account of {quarter}. {about_colour}", self.title);
        let level = |number| Level::new(number).map_err(Problem::internal);
        // The action runs until the end of the plan's last year.
        let due = NaiveDate::from_ymd_opt(2011, 3, 31).ok_or_else(|| Problem::internal("no such day"))?;
        Ok(Content {
            narrative: Narrative::new(&narrative).map_err(Problem::internal)?,
            aligned_measures: self.aligned.iter().map(|measure| code(measure)).collect::<Result<_, _>>()?,
            key_actions: vec![KeyAction {
                title: title(self.action)?,
                owner: text("Head of service")?,
                due,
                progress: None,
                status: ActionStatus::InProgress,
            }],
            risks: vec![Risk {
                text: title(self.risk)?,
                likelihood: level(3)?,
                impact: level(4)?,
                mitigation: Some(Note::new("It is watched every month.").map_err(Problem::internal)?),
            }],
            resources: None,
            status: Some(colour),
            direction: Some(direction),
        })
    }
}

fn actor(name: &str, role: Role) -> Result<Actor, Problem> {
    Ok(Actor { name: text(name)?, roles: vec![role] })
}

fn code(code: &str) -> Result<Code, Problem> {
    Code::new(code).map_err(Problem::internal)
}

fn text(text: &str) -> Result<Name, Problem> {
    Name::new(text).map_err(Problem::internal)
}

fn title(text: &str) -> Result<Title, Problem> {
    Title::new(text).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The demonstration shows each tracker with the ratings of real measures, all of them in the table.
    #[test]
    fn every_example_is_published_with_its_ratings() {
        let place = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", place.path().join("demo.db").display());
        let store = crate::application::open(&url, 2).unwrap();
        let change = Change {
            author: "demo".to_owned(),
            roles: String::new(),
            request_id: "demo".to_owned(),
            at: chrono::Utc::now(),
        };
        store.write(|connection| super::super::make(connection, &change)).unwrap();
        let codes = (code(super::super::ORGANISATION).unwrap(), code(super::super::PLAN).unwrap());
        let filed = store
            .read(|connection| {
                let found = PlanScope::find(connection, &codes, None)?;
                Ok::<_, Problem>(plan_item::all::<Tracker>(connection, found.place(), None)?)
            })
            .unwrap();
        assert_eq!(filed.len(), 15);
        for tracker in filed.iter().map(|filed| &filed.versioned.content) {
            assert_eq!(tracker.state(), waymark_domain::tracker::State::Published);
            let rated = tracker.submission().unwrap().ratings.len();
            assert_eq!(rated, tracker.content.aligned_measures.len(), "{}", tracker.priority);
        }
    }
}
