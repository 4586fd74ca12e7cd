//! The real table of Leicestershire's plan of 2008 to 2011, read whole and compared with what a human reads in it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use waymark_domain::{
    measure::Line,
    notation::YearKind,
    observation::{Figure, Observation, Standing},
    period::Period,
    table::{self, Column, Outcome, Row, RowReading, TableContext, TableReading},
    target::{Baseline, Condition, Target, TargetState},
    trajectory::{Step, Trajectory},
    value::Value,
};

const TABLE: &str = include_str!("../../../api/data/leicestershire-cypp-2008-2011.csv");
const EXPECTED: &str = include_str!("expected.txt");

/// The fields of a line of comma-separated values; no field of the table has a line break.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => field.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(character),
        }
    }
    fields.push(field);
    fields
}

fn rows() -> Vec<Row> {
    let row = |line: &str| {
        let mut fields = fields(line).into_iter();
        let mut next = || fields.next().unwrap();
        Row {
            theme: next(),
            indicator: next(),
            group: next(),
            baseline: next(),
            target: next(),
            comments: next(),
            result: next(),
            ..Row::default()
        }
    };
    TABLE.lines().skip(1).map(row).collect()
}

fn read() -> TableReading {
    table::read(
        &rows(),
        &TableContext {
            report_date: "2010-03-31".parse().unwrap(),
            year: YearKind::Financial,
            plan: "2008-04-01/2011-03-31".parse().unwrap(),
            known: &|_| None,
        },
    )
}

fn number(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Ratio(ratio) => format!("{}/{}", ratio.numerator(), ratio.denominator()),
    }
}

fn at(period: Option<Period>) -> String {
    period.map_or(String::new(), |period| format!(" @{period}"))
}

fn noted(note: Option<&impl ToString>) -> String {
    note.map_or(String::new(), |note| format!(" [{}]", note.to_string()))
}

/// Each line's part, named where it is that of a component; written once where all are the same.
fn written_of(lines: &[Line], part: impl Fn(&Line) -> Option<String>) -> String {
    let parts: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| {
            let name = line.component.as_ref().map_or(String::new(), |name| format!("{name}: "));
            part(line).map(|part| (name, part))
        })
        .collect();
    match parts.first() {
        None => "nothing".to_owned(),
        Some((_, first)) if ["to be set", "unread"].contains(&first.as_str()) => {
            assert!(parts.iter().all(|(_, part)| part == first));
            first.clone()
        }
        Some(_) => parts.iter().map(|(name, part)| format!("{name}{part}")).collect::<Vec<_>>().join("; "),
    }
}

fn baseline(line: &Line) -> Option<String> {
    Some(match line.baseline.as_ref()? {
        Baseline::Known { value, period, note, .. } => {
            format!("{}{}{}", number(value), at(*period), noted(note.as_ref()))
        }
        Baseline::Unread { .. } => "unread".to_owned(),
    })
}

fn target(line: &Line) -> Option<String> {
    let Target::Set { period, condition, state, note, .. } = line.target.as_ref()? else {
        return Some(match line.target.as_ref()? {
            Target::ToBeSet { .. } => "to be set".to_owned(),
            _ => "unread".to_owned(),
        });
    };
    let (aim, period) = match (condition, &line.trajectory) {
        (Condition::Reach(value), Trajectory::Linear) => (format!("reach {}", number(value)), *period),
        (Condition::Below(value), Trajectory::Linear) => (format!("below {}", number(value)), *period),
        (Condition::Above(value), Trajectory::Linear) => (format!("above {}", number(value)), *period),
        (Condition::Between { low, high }, Trajectory::Linear) => {
            (format!("between {} and {}", number(low), number(high)), *period)
        }
        (Condition::AllOf(total), Trajectory::Linear) => (format!("all of {total}"), *period),
        (Condition::EndOfTrajectory, Trajectory::Milestones(points)) => {
            let points: Vec<String> =
                points.iter().map(|point| format!("{} @{}", number(&point.value), point.period)).collect();
            (format!("milestones {}", points.join(", ")), None)
        }
        (
            Condition::EndOfTrajectory,
            Trajectory::YearlyStep { step: Step::Points(step), until: Some(until) },
        ) => (format!("{step} points a year until {until}"), None),
        other => (format!("{other:?}"), *period),
    };
    let state = match state {
        TargetState::Agreed => "",
        TargetState::Tentative => " tentative",
        TargetState::Proposed => " proposed",
    };
    Some(format!("{aim}{}{state}{}", at(period), noted(note.as_ref())))
}

fn result(observations: &[Observation]) -> String {
    let one = |observation: &Observation| {
        let Figure::Value(value) = &observation.figure else { return "unread".to_owned() };
        let name = observation.component.as_ref().map_or(String::new(), |name| format!("{name}: "));
        let version = if observation.definition_version == 1 { "" } else { " v2" };
        let baseline = if observation.is_baseline { " baseline" } else { "" };
        let standing = match observation.standing {
            Standing::Final => "",
            Standing::Estimate => " estimate",
            Standing::Provisional => " provisional",
            Standing::Revised => " revised",
        };
        let figure = format!("{name}{}{}", number(value), at(Some(observation.period)));
        format!("{figure}{version}{standing}{baseline}{}", noted(observation.note.as_ref()))
    };
    match observations {
        [] => "nothing".to_owned(),
        some => some.iter().map(one).collect::<Vec<_>>().join("; "),
    }
}

fn as_read(table: &TableReading, row: &RowReading) -> String {
    let indicator = table.indicators.iter().find(|indicator| indicator.code == row.indicator).unwrap();
    let code = if row.indicator.as_str().starts_with("NI") { row.indicator.as_str() } else { "-" };
    let lines = &row.measure.lines;
    format!(
        "{} | {code} | {} | {} | {} | {}",
        row.number,
        indicator.content.unit,
        written_of(lines, baseline),
        written_of(lines, target),
        result(&row.observations)
    )
}

#[test]
fn every_row_reads_as_a_human_reads_it() {
    let table = read();
    assert_eq!(table.faults, []);
    assert_eq!(table.rows.len(), 100);
    let expected: Vec<&str> = EXPECTED.lines().filter(|line| !line.starts_with('#')).collect();
    let wrong: Vec<String> = table
        .rows
        .iter()
        .zip(expected)
        .map(|(row, expected)| (as_read(&table, row), expected))
        .filter(|(read, expected)| read != expected)
        .map(|(read, expected)| format!("expected {expected}\n    read {read}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The cells that cannot be read, with the reason that an officer is given.
#[test]
fn what_cannot_be_read_is_listed_with_its_reason() {
    let table = read();
    let unread: Vec<(usize, Column, &str)> = table
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().map(move |cell| (row.number, cell)))
        .filter_map(|(number, cell)| match &cell.outcome {
            Outcome::Unread { reason } => Some((number, cell.column, reason.as_str())),
            Outcome::Nothing | Outcome::Read(_) => None,
        })
        .collect();
    let places: Vec<(usize, Column)> = unread.iter().map(|(number, column, _)| (*number, *column)).collect();
    assert_eq!(
        places,
        [
            (1, Column::Target),
            (16, Column::Result),
            (55, Column::Target),
            (72, Column::Baseline),
            (72, Column::Target),
            (72, Column::Result),
            (77, Column::Baseline),
            (77, Column::Target),
            (77, Column::Result),
            (96, Column::Target),
        ]
    );
    let reason =
        |row, column| unread.iter().find(|(n, c, _)| (*n, *c) == (row, column)).map(|(.., reason)| *reason);
    for (row, column, part) in [
        (1, Column::Target, "more than one figure"),
        (16, Column::Result, "change"),
        (55, Column::Target, "cumulative"),
        (72, Column::Baseline, "no figure"),
        (72, Column::Target, "change"),
        (72, Column::Result, "no figure"),
        (77, Column::Baseline, "more than one figure"),
        (77, Column::Target, "more than one figure"),
        (77, Column::Result, "after the report"),
        (96, Column::Target, "change"),
    ] {
        assert!(
            reason(row, column).is_some_and(|reason| reason.contains(part)),
            "{row}: {:?}",
            reason(row, column)
        );
    }
}

/// Nothing that the table says is dropped: every cell for a baseline, target or result is reported.
#[test]
fn every_cell_is_reported() {
    let table = read();
    for (row, written) in table.rows.iter().zip(rows()) {
        let written_of =
            |column| row.cells.iter().find(|cell| cell.column == column).map(|cell| cell.text.as_str());
        assert_eq!(written_of(Column::Baseline), Some(written.baseline.as_str()));
        assert_eq!(written_of(Column::Target), Some(written.target.as_str()));
        assert_eq!(written_of(Column::Result), Some(written.result.as_str()));
    }
}

#[test]
fn indicators_measures_and_breakdowns_fit_each_other() {
    let table = read();
    // Two indicators stand in five rows each, one for each ethnic group.
    assert_eq!(table.indicators.len(), 92);
    let themes: Vec<&str> = table.themes.iter().map(|theme| theme.title.as_str()).collect();
    assert_eq!(
        themes,
        [
            "Be healthy",
            "Stay safe",
            "Enjoy and achieve",
            "Make a positive contribution",
            "Achieve economic well-being"
        ]
    );
    let plan = waymark_domain::plan::Plan {
        title: "Plan".parse().unwrap(),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: table.themes.clone(),
        priorities: Vec::new(),
        scheme: waymark_domain::scheme::Scheme::baseline_to_target(),
        reporting_cycle: waymark_domain::indicator::Frequency::HalfYearly,
        exception_rules: waymark_domain::tracker::ExceptionRule::shipped(),
    };
    for row in &table.rows {
        let indicator = table.indicators.iter().find(|indicator| indicator.code == row.indicator).unwrap();
        assert_eq!(indicator.content.check(), Ok(()));
        assert_eq!(row.measure.check(&plan, &indicator.content), Ok(()), "row {}", row.number);
    }
    let mixed = table.rows.get(59).unwrap();
    assert_eq!(mixed.code.as_str(), "NI107-mixed-group");
    assert_eq!(mixed.measure.breakdown.as_ref().unwrap().to_string(), "group=Mixed group");
}
