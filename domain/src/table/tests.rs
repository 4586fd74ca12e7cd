//! Small tables, each for one rule.

use super::*;
use crate::framework::indicator::Frequency;
use crate::framework::observation::Figure;
use crate::framework::polarity::Polarity;
use crate::framework::target::{Baseline, Condition, Target};
use crate::framework::trajectory::{Step, Trajectory};
use crate::number::value::{Unit, Value};
use crate::text::Title;

fn row(indicator: &str, baseline: &str, target: &str, result: &str) -> Row {
    Row {
        theme: "Be healthy".to_owned(),
        indicator: indicator.to_owned(),
        baseline: baseline.to_owned(),
        target: target.to_owned(),
        result: result.to_owned(),
        ..Row::default()
    }
}

fn read_knowing(rows: &[Row], known: &dyn Fn(&Code) -> Option<Indicator>) -> TableReading {
    read(
        rows,
        &TableContext {
            report_date: "2010-03-31".parse().unwrap(),
            year: YearKind::Financial,
            plan: "2008-04-01/2011-03-31".parse().unwrap(),
            known,
        },
    )
}

fn read_all(rows: &[Row]) -> TableReading {
    read_knowing(rows, &|_| None)
}

/// The unit of the first indicator, and the columns that could not be read in the first row.
fn unit_and_unread(rows: &[Row]) -> (Unit, Vec<Column>) {
    let table = read_all(rows);
    assert_eq!(table.faults, []);
    let is_unread = |cell: &&CellReading| matches!(cell.outcome, Outcome::Unread { .. });
    let unread = table.rows[0].cells.iter().filter(is_unread).map(|cell| cell.column).collect();
    (table.indicators[0].content.unit, unread)
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

#[test]
fn signs_tell_the_unit_and_the_odd_cell_is_unread() {
    let unit = |baseline, target, result| unit_and_unread(&[row("Take up", baseline, target, result)]);
    assert_eq!(unit("26%", "33%", "29%"), (Unit::Percent, vec![]));
    assert_eq!(unit("26%", "33%", "29"), (Unit::Percent, vec![Column::Result]));
    assert_eq!(unit("26", "33%", "29"), (Unit::Count, vec![Column::Target]));
    assert_eq!(unit("26%", "0", "29%"), (Unit::Percent, vec![]));
    assert_eq!(unit("13 points", "16", "16 points"), (Unit::Points, vec![]));
    assert_eq!(unit("8.1 per 1,000", "7 per 1,000", "8.2 per 1,000"), (Unit::Rate { per: 1000 }, vec![]));
    assert_eq!(
        unit("8.1 per 1,000", "7 per 100,000", "8.2 per 1,000"),
        (Unit::Rate { per: 1000 }, vec![Column::Target])
    );
    assert_eq!(unit("2 out of 15", "5", "4 out of 11"), (Unit::Percent, vec![Column::Target]));
    assert_eq!(unit("1.05", "1.07", "0.51"), (Unit::Number, vec![]));
    assert_eq!(unit("2%", "0", "6 schools (2%)"), (Unit::Percent, vec![]));
    assert_eq!(unit("7", "0", "6 schools (2%)"), (Unit::Count, vec![]));
    assert_eq!(unit("171", "All (287)", "283"), (Unit::Count, vec![]));
    assert_eq!(unit("60%", "All (287)", "83%"), (Unit::Percent, vec![Column::Target]));
}

#[test]
fn the_title_gives_the_unit_where_the_cells_do_not() {
    let unit = |title| unit_and_unread(&[row(title, "45", "60", "63")]).0;
    assert_eq!(unit("% of settings led by a professional"), Unit::Percent);
    assert_eq!(unit("Proportion of young people in poverty"), Unit::Percent);
    assert_eq!(unit("Number of schools"), Unit::Count);
    assert_eq!(unit("Foster carers"), Unit::Count);
    // A proportion written as a part of one is no percentage.
    let share = unit_and_unread(&[row("Proportion of young people in poverty", "0.45", "0.6", "0.63")]).0;
    assert_eq!(share, Unit::Number);
    let table = read_all(&[row("Foster carers", "45", "60", "63")]);
    assert_eq!(table.indicators[0].assumed, ["the unit is not stated; whole numbers are taken as a count"]);
}

#[test]
fn columns_beat_what_is_inferred() {
    let mut stated = row("Take up", "45", "60", "63");
    stated.code = "HW-1d".to_owned();
    stated.unit = "%".to_owned();
    stated.polarity = "Higher is better".to_owned();
    stated.frequency = "quarterly".to_owned();
    stated.lead = "Head of Service".to_owned();
    stated.comments = "National indicator 52".to_owned();
    let table = read_all(&[stated]);
    assert_eq!(table.faults, []);
    let indicator = &table.indicators[0];
    assert_eq!(indicator.code.as_str(), "HW-1d");
    assert_eq!(indicator.content.unit, Unit::Percent);
    assert_eq!(indicator.content.polarity, Some(Polarity::HigherIsBetter));
    assert_eq!(indicator.content.frequency, Some(Frequency::Quarterly));
    assert_eq!(indicator.content.references[0].as_str(), "NI 52");
    assert_eq!(table.rows[0].measure.lead.as_ref().unwrap().as_str(), "Head of Service");
    assert_eq!(table.rows[0].observations[0].value(), Some(number("63")));
}

#[test]
fn a_known_indicator_keeps_its_definition() {
    let known = |code: &Code| {
        let mut indicator = Indicator::new(Title::new("School lunches").unwrap(), Unit::Percent, 1);
        indicator.polarity = Some(Polarity::HigherIsBetter);
        (code.as_str() == "NI52").then_some(indicator)
    };
    let mut lunches = row("Take up of school lunches", "26.25%", "33%", "29 meals");
    lunches.comments = "NI 52".to_owned();
    let table = read_knowing(&[lunches], &known);
    let indicator = &table.indicators[0];
    assert!(indicator.known);
    assert_eq!(indicator.content.title.as_str(), "School lunches");
    assert_eq!(
        (indicator.content.precision, indicator.content.polarity),
        (1, Some(Polarity::HigherIsBetter))
    );
    let Figure::Unread { reason, .. } = &table.rows[0].observations[0].figure else { panic!("read") };
    assert_eq!(reason.as_str(), "the cell is in plain numbers, the indicator in per cent");
}

/// A plain row says nothing new of an indicator of the catalogue, so the organisation needs none of its own; a
/// remark that the method changed does.
#[test]
fn a_known_indicator_is_taken_as_it_is_unless_the_table_adds_to_it() {
    let known = Indicator::new(Title::new("Sport").unwrap(), Unit::Percent, 2);
    let look_up = |_: &Code| Some(known.clone());
    let of = |comments: &str| {
        let row = Row { comments: comments.to_owned(), ..row("Sport in school", "70%", "80%", "76%") };
        read_knowing(&[row], &look_up).indicators[0].content.clone()
    };
    assert_eq!(of("National indicator 57"), known);
    let changed = of("National indicator 57. Definition changed Jan 09");
    assert_eq!(changed.version_on("2009-01-01".parse().unwrap()), 2);
}

#[test]
fn what_no_officer_could_mean_refuses_the_table() {
    let fault = |rows: &[Row]| {
        let faults = read_all(rows).faults;
        faults.into_iter().map(|fault| (fault.row, fault.column, fault.code)).collect::<Vec<_>>()
    };
    let good = row("Take up", "26%", "33%", "29%");
    let with = |change: fn(&mut Row)| {
        let mut changed = row("Other", "26%", "33%", "29%");
        change(&mut changed);
        fault(&[good.clone(), changed])
    };
    assert_eq!(with(|_| {}), []);
    let homeless = Row { theme: " ".to_owned(), ..good.clone() };
    assert_eq!(fault(&[homeless]), [(1, Column::Theme, FaultCode::Missing)]);
    assert_eq!(with(|row| row.indicator.clear()), [(2, Column::Indicator, FaultCode::Missing)]);
    assert_eq!(with(|row| row.indicator = "x".repeat(501)), [(2, Column::Indicator, FaultCode::Invalid)]);
    assert_eq!(with(|row| row.code = "&&".to_owned()), [(2, Column::Code, FaultCode::Invalid)]);
    assert_eq!(with(|row| row.lead = "a\0b".to_owned()), [(2, Column::Lead, FaultCode::Invalid)]);
    assert_eq!(
        with(|row| row.indicator = "Take up".to_owned()),
        [(2, Column::Indicator, FaultCode::DuplicateRow)]
    );
    assert_eq!(
        with(|row| row.code = "take-up".to_owned()),
        [(2, Column::Indicator, FaultCode::CodeOfAnother)]
    );
    let grouped = |unit: &str, group: &str| Row {
        unit: unit.to_owned(),
        group: group.to_owned(),
        ..row("Attainment", "", "", "74.7%")
    };
    assert_eq!(fault(&[grouped("percent", "White"), grouped("", "Black")]), []);
    assert_eq!(
        fault(&[grouped("percent", "White"), grouped("count", "Black")]),
        [(2, Column::Unit, FaultCode::Disagreement)]
    );
    assert_eq!(
        fault(&[grouped("", "White"), grouped("", "White")]),
        [(2, Column::Indicator, FaultCode::DuplicateRow)]
    );
}

/// Words of a definition that are not known are reported, and the row is taken without them.
#[test]
fn unknown_words_refuse_no_table() {
    let row = Row {
        unit: "bananas".to_owned(),
        polarity: "Sideways".to_owned(),
        frequency: "Termly".to_owned(),
        ..row("Take up", "26%", "33%", "29%")
    };
    let table = read_all(&[row]);
    assert_eq!(table.faults, []);
    let unread: Vec<(Column, &str)> = table.rows[0]
        .cells
        .iter()
        .filter(|cell| matches!(cell.outcome, Outcome::Unread { .. }))
        .map(|cell| (cell.column, cell.text.as_str()))
        .collect();
    assert_eq!(
        unread,
        [(Column::Polarity, "Sideways"), (Column::Unit, "bananas"), (Column::Frequency, "Termly")]
    );
    let content = &table.indicators[0].content;
    assert_eq!((content.unit, content.polarity, content.frequency), (Unit::Percent, None, None));
}

/// A merged cell has its text in the first of its rows; a row that only names a theme is the heading of those below it.
#[test]
fn a_theme_holds_for_the_rows_below_it() {
    let heading = |theme: &str| Row { theme: theme.to_owned(), ..Row::default() };
    let below = |indicator: &str| Row { theme: String::new(), ..row(indicator, "26%", "33%", "29%") };
    let rows = [
        row("Lunches", "1%", "2%", "3%"),
        below("Smoking"),
        Row::default(),
        heading("Stay safe"),
        below("Visits"),
        below("Reviews"),
    ];
    let table = read_all(&rows);
    assert_eq!(table.faults, []);
    let themes: Vec<(usize, &str)> =
        table.rows.iter().map(|row| (row.number, row.measure.theme.as_str())).collect();
    assert_eq!(themes, [(1, "be-healthy"), (2, "be-healthy"), (5, "stay-safe"), (6, "stay-safe")]);
    let assumed = |place: usize| {
        let cells = &table.rows[place].cells;
        cells.iter().find(|cell| cell.column == Column::Theme).map(|cell| cell.outcome.clone())
    };
    assert_eq!(assumed(0), None);
    assert_eq!(assumed(1), Some(Outcome::Read("Be healthy".to_owned())));
    assert_eq!(assumed(2), Some(Outcome::Read("Stay safe".to_owned())));
}

#[test]
fn a_code_is_normalised_and_what_it_is_taken_as_is_reported() {
    for (written, code) in
        [("NI 59", "NI59"), ("ni 059", "NI59"), ("LAC 1.2", "LAC-1.2"), ("CP & CiN/3", "CP-CiN-3")]
    {
        let table = read_all(&[Row { code: written.to_owned(), ..row("Take up", "26%", "33%", "29%") }]);
        assert_eq!(table.faults, []);
        assert_eq!(table.indicators[0].code.as_str(), code);
        let cell = table.rows[0].cells.iter().find(|cell| cell.column == Column::Code).unwrap();
        assert_eq!(cell.outcome, Outcome::Read(code.to_owned()));
        assert_eq!(cell.assumed, [format!("{written} is taken as the code {code}")]);
    }
    let plain = read_all(&[Row { code: "HW-1d".to_owned(), ..row("Take up", "26%", "33%", "29%") }]);
    assert!(plain.rows[0].cells.iter().all(|cell| cell.column != Column::Code));
}

fn first_line(table: &TableReading) -> &crate::framework::measure::Line {
    &table.rows[0].measure.lines[0]
}

#[test]
fn a_yearly_step_counts_from_the_baseline() {
    let points =
        read_all(&[row("Level 2 by 19", "73% (05/06 baseline)", "2% increase per year to 2011", "75.6%")]);
    let until = "CY2011".parse().ok();
    let step = |number: &str| Step::Points(number.parse().unwrap());
    assert_eq!(first_line(&points).trajectory, Trajectory::YearlyStep { step: step("2"), until });
    let assumed = &points.rows[0].cells[1].assumed;
    assert!(assumed.contains(&"2% a year is taken as percentage points".to_owned()), "{assumed:?}");

    let target = "1% reduction each year between 2008/9 and 2010/11";
    let percent = read_all(&[row("First time entrants", "823 (2008/09)", target, "386")]);
    let until = "FY2010-11".parse().ok();
    let step = Step::Percent("-1".parse().unwrap());
    assert_eq!(first_line(&percent).trajectory, Trajectory::YearlyStep { step, until });
    let assumed = &percent.rows[0].cells[1].assumed;
    assert!(assumed.contains(&"-1% a year is taken as compound per cent".to_owned()), "{assumed:?}");

    for baseline in ["823 (2005/06)", "823", "N/A"] {
        let table = read_all(&[row("First time entrants", baseline, target, "386")]);
        assert!(matches!(first_line(&table).target, Some(Target::Unread { .. })), "{baseline}");
    }
}

#[test]
fn parts_make_lines_and_one_target_is_that_of_each_part() {
    let table = read_all(&[row("Uptake", "Boys 25% girls 31%", "40%", "Boys = 26%, Girls = 32%")]);
    let lines = &table.rows[0].measure.lines;
    let names: Vec<&str> = lines.iter().map(|line| line.component.as_ref().unwrap().as_str()).collect();
    assert_eq!(names, ["Boys", "girls"]);
    assert!(lines.iter().all(|line| matches!(
        &line.target,
        Some(Target::Set { condition: Condition::Reach(value), .. }) if *value == number("40")
    )));
    // One spelling for one part.
    assert_eq!(table.indicators[0].content.components.len(), 2);
    assert_eq!(table.rows[0].observations[1].component.as_ref().unwrap().as_str(), "girls");
}

#[test]
fn parts_that_add_up_to_more_than_a_whole_are_cumulative() {
    let baseline = "Outstanding 5% Good 49% Satisfactory 44% Inadequate 2%";
    let target = |target| {
        let table = read_all(&[row("Judgements", baseline, target, "")]);
        table.rows[0].measure.lines[0].target.clone().unwrap()
    };
    assert!(matches!(target("Outstanding 15% Good 70% Satisfactory 100%"), Target::Unread { .. }));
    assert!(matches!(target("Outstanding 15% Good 55% Satisfactory 30%"), Target::Set { .. }));
}

#[test]
fn a_change_of_method_divides_the_results() {
    let mut sport = row("Sport in school", "70%", "80%", "76%");
    sport.comments = "National indicator 57. Definition changed Jan 09".to_owned();
    let table = read_all(&[sport]);
    let versions = &table.indicators[0].content.versions;
    assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(versions[1].from, "2009-01-01".parse().ok());
    assert!(matches!(first_line(&table).baseline, Some(Baseline::Known { definition_version: 1, .. })));
    assert_eq!(table.rows[0].observations[0].definition_version, 2);
}

#[test]
fn a_result_without_a_period_stands_at_the_reports_date_and_says_so() {
    let table = read_all(&[row("Take up", "26%", "33%", "29%")]);
    assert_eq!(table.rows[0].observations[0].period.to_string(), "2010-03-31");
    let assumed = &table.rows[0].cells[2].assumed;
    assert_eq!(assumed, &["without a period of its own it stands at the report\u{2019}s date, 2010-03-31"]);
}

#[test]
fn precision_is_that_of_the_finest_cell_within_bounds() {
    let precision = |baseline| read_all(&[row("Rate", baseline, "1", "1")]).indicators[0].content.precision;
    assert_eq!((precision("1"), precision("1.234"), precision("1.12345678")), (2, 3, 6));
}

#[test]
fn a_share_keeps_its_count_as_a_note() {
    let table = read_all(&[row("Schools in categories", "2%", "0", "6 schools (2%)")]);
    let observation = &table.rows[0].observations[0];
    assert_eq!(observation.value(), Some(number("2")));
    assert_eq!(observation.note.as_ref().unwrap().as_str(), "6 schools");
}
