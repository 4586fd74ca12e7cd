//! Commitments of the demonstration: facts and figures from a council's monitoring of its annual plan of 2007-08.
//!
//! They were reported in the autumn of 2007. The demonstration's plan begins in April 2008, and nothing can be reported
//! before its plan: they stand under its first half-year, and say so.

use waymark_domain::access::Role;
use waymark_domain::code::Code;
use waymark_domain::commitment::{Commitment, Milestone, Parts, Progress, Promise};
use waymark_domain::plan::Plan;
use waymark_domain::rating::Colour;
use waymark_domain::text::{Name, Note, Text, Title};
use waymark_domain::workflow::Actor;
use waymark_persistence::plan_item::{self, PlanPlace};
use waymark_persistence::{Change, Connection, Record};

use crate::http::problem::Problem;

/// The first half-year of the plan.
const PERIOD: &str = "FY2008-09-H1";
/// What every commentary ends with.
const MOVED: &str = "(Figures of the monitoring of autumn 2007, shown in the first half-year of this plan.)";

/// A commitment and its one report.
struct Example {
    code: &'static str,
    theme: &'static str,
    text: &'static str,
    responsible: &'static str,
    deputies: &'static [&'static str],
    measures: &'static [&'static str],
    milestone: Option<(u32, &'static str, &'static str)>,
    status: Option<Colour>,
    qualifier: Option<&'static str>,
    commentary: &'static str,
    parts: Option<Parts>,
}

const EXAMPLES: [Example; 5] = [
    Example {
        code: "exclusions",
        theme: "make-a-positive-contribution",
        text: "Raise attendance, and exclude fewer pupils for good.",
        responsible: "Assistant director, education",
        deputies: &["Head of behaviour support", "Head of pupil services"],
        measures: &["NI114"],
        milestone: None,
        status: Some(Colour::Amber),
        qualifier: None,
        commentary: "112 permanent exclusions in 2006-07 after 144 the year before, the fewest since 2001-02. \
                     Attendance rose by 0.46 points in primary and by 0.72 in secondary schools.",
        parts: None,
    },
    Example {
        code: "foster-carers",
        theme: "stay-safe",
        text: "Recruit and keep enough foster carers to match every child with a fitting home.",
        responsible: "Assistant director, children's social care",
        deputies: &[],
        measures: &[],
        milestone: None,
        status: Some(Colour::Green),
        qualifier: None,
        commentary: "284 enquiries about fostering in 2006-07, up from 270.",
        parts: None,
    },
    Example {
        code: "special-schools",
        theme: "enjoy-and-achieve",
        text: "Help pupils with special needs to achieve more, and build five area special schools.",
        responsible: "Assistant director, education",
        deputies: &["Head of behaviour support"],
        measures: &[],
        milestone: None,
        status: Some(Colour::Amber),
        qualifier: Some("depends on national capital funding"),
        commentary: "Two of the five schools are open and a third opens in January 2009. For the next one the county \
                     waits to hear how to bid for capital.",
        parts: None,
    },
    Example {
        code: "support-service",
        theme: "stay-safe",
        text: "Try out intensive support by several agencies for vulnerable young people, and bring it to the whole \
               county by 2009.",
        responsible: "Assistant director, education",
        deputies: &["Assistant director, children's social care"],
        measures: &[],
        milestone: None,
        status: Some(Colour::Amber),
        qualifier: Some("roll-out later than planned"),
        commentary: "One worker and a budget so far, tried out in one district while ways of working are compared.",
        parts: None,
    },
    Example {
        code: "childrens-centres",
        theme: "be-healthy",
        text: "Open 24 children's centres by 2008.",
        responsible: "Head of early years",
        deputies: &[],
        measures: &[],
        milestone: Some((24, "children's centres", "CY2008")),
        status: None,
        qualifier: None,
        commentary: "The regional office rates 20 projects green and 4 red. It agreed that these four may finish by \
                     July 2008. No colour was given for the whole.",
        parts: Some(Parts { green: 20, amber: 0, red: 4 }),
    },
];

/// Makes the commitments of the demonstration's plan, each with its report.
pub(super) fn make(connection: &mut Connection, plan: &Record<Plan>, change: &Change) -> Result<(), Problem> {
    let place = PlanPlace { organisation: plan.organisation, plan: plan.versioned.id };
    let plan = &plan.versioned.content;
    let actor = Actor { name: text(&change.author)?, roles: vec![Role::PerformanceOfficer] };
    for example in EXAMPLES {
        let code = code(example.code)?;
        let (promise, report) = example.read()?;
        let made = Commitment::make(promise, &actor, plan).map_err(Problem::internal)?;
        let filed = plan_item::create(connection, place, Some(code.as_str()), &made, change)?;
        let reported = made.report(report, &actor, plan.span, change.at.date_naive());
        plan_item::update(connection, &filed, &reported.map_err(Problem::internal)?, change)?;
    }
    Ok(())
}

impl Example {
    fn read(self) -> Result<(Promise, Progress), Problem> {
        let Self { theme, responsible, deputies, measures, milestone, .. } = self;
        let milestone = milestone.map(|(count, what, by)| {
            let by = by.parse().map_err(Problem::internal)?;
            Ok::<_, Problem>(Milestone { count, what: text(what)?, by })
        });
        let promise = Promise {
            theme: code(theme)?,
            text: text(self.text)?,
            responsible: text(responsible)?,
            deputies: deputies.iter().map(|post| text(post)).collect::<Result<Vec<Name>, _>>()?,
            measures: measures.iter().map(|measure| code(measure)).collect::<Result<_, _>>()?,
            milestone: milestone.transpose()?,
        };
        let commentary: Note = text(&format!("{} {MOVED}", self.commentary))?;
        let qualifier: Option<Title> = self.qualifier.map(text).transpose()?;
        let period = PERIOD.parse().map_err(Problem::internal)?;
        Ok((promise, Progress { period, status: self.status, qualifier, commentary, parts: self.parts }))
    }
}

fn code(text: &str) -> Result<Code, Problem> {
    Code::new(text).map_err(Problem::internal)
}

fn text<const MAX: usize>(text: &str) -> Result<Text<MAX>, Problem> {
    Text::new(text).map_err(Problem::internal)
}
