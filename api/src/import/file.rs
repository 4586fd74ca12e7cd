//! A performance table as CSV: which column is which, and its rows as texts.

use csv::{ReaderBuilder, StringRecord};
use waymark_domain::table::{Column, Row};

use crate::http::problem::{Fault, Kind, Problem};

/// The most rows of a table.
pub(super) const MOST_ROWS: usize = 5000;
/// The most columns of a table.
pub(super) const MOST_COLUMNS: usize = 100;
/// The byte order mark.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Without these a row is about nothing.
const NEEDED: [Column; 2] = [Column::Theme, Column::Indicator];
/// Without any of these a table says nothing.
const FIGURES: [Column; 3] = [Column::Baseline, Column::Target, Column::Result];
/// The topmost rows among which the column names are looked for, below titles.
const MOST_TITLES: usize = 20;

/// The names of columns from the query; a column without one is found by its usual names.
pub(super) type Names = Vec<(Column, String)>;

/// The content of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// The rows below the heading.
    pub(super) rows: Vec<Row>,
    /// The names of the columns that the table does not have.
    pub(super) ignored: Vec<String>,
}

/// Reads a table; reports every error of its header, and of the first rows that do not fit it.
///
/// Titles may stand above the header. Rows of empty cells are kept, so that rows keep their numbers; those behind the last
/// row that a table may have are not, however many they are.
pub(super) fn read(text: &str, names: &Names) -> Result<File, Problem> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Vec::new();
    for record in reader.into_records() {
        let record = record
            .map_err(|error| Problem::new(Kind::MalformedBody).detail(format_args!("not a CSV: {error}")))?;
        match (records.len() < MOST_ROWS + MOST_TITLES, is_blank(&record)) {
            (true, _) => records.push(record),
            (false, true) => {}
            (false, false) => return Err(too_many_rows()),
        }
    }
    let (heading, records) = split_at_heading(&records, names)?;
    let columns = columns(heading, names)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut is_empty = true;
    for (record, number) in records.iter().zip(1..) {
        if is_blank(record) {
            rows.push(Row::default());
            continue;
        }
        is_empty = false;
        if number > MOST_ROWS {
            return Err(too_many_rows());
        }
        let is_whole = record.len() >= heading.len()
            && record.iter().skip(heading.len()).all(|cell| cell.trim().is_empty());
        if !is_whole {
            let detail =
                format_args!("there are {} columns, and {} cells in this row", heading.len(), record.len());
            faults.push(Fault::at(format!("/{number}"), "wrong_number_of_cells", detail));
        } else if let Some(place) = record.iter().position(|cell| cell.contains('\0')) {
            let name = heading.get(place).unwrap_or_default();
            faults.push(Fault::at(
                format!("/{number}/{name}"),
                "bad_character",
                "there is a null byte in the cell",
            ));
        }
        rows.push(row(record, &columns));
    }
    if is_empty {
        faults.push(Fault::at("", "empty", "there are no rows below the column names"));
    }
    if !faults.is_empty() {
        return Err(refuse(faults));
    }
    let is_known = |place: &usize| columns.iter().any(|(_, known)| known == place);
    let ignored =
        heading.iter().enumerate().filter(|(place, name)| !is_known(place) && !name.trim().is_empty());
    Ok(File { rows, ignored: ignored.map(|(_, name)| name.to_owned()).collect() })
}

/// The row of column names, and the rows below it: the first of the topmost rows that has the columns which a table needs;
/// if none has, the first row that is not blank.
fn split_at_heading<'r>(
    records: &'r [StringRecord],
    names: &Names,
) -> Result<(&'r StringRecord, &'r [StringRecord]), Problem> {
    let has_needed = |record: &&StringRecord| {
        NEEDED.iter().all(|column| place_of(record, *column, given(*column, names)).is_some())
    };
    let top = records.iter().take(MOST_TITLES);
    let place = top
        .clone()
        .position(|record| has_needed(&record))
        .or_else(|| records.iter().position(|record| !is_blank(record)));
    let below = place.and_then(|place| records.get(place..)).and_then(<[StringRecord]>::split_first);
    below.ok_or_else(|| refuse(vec![Fault::at("", "empty", "there is no row of column names")]))
}

fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

/// The name that the query gives a column.
fn given(column: Column, names: &Names) -> Option<&str> {
    names.iter().find(|(named, _)| *named == column).map(|(_, name)| name.as_str())
}

/// Where a column stands: under the given name, or else under one of its usual names, alone or with a year
/// (`Target 2010/11`) that no other column has.
fn place_of(heading: &StringRecord, column: Column, given: Option<&str>) -> Option<usize> {
    let position = |is: &dyn Fn(&str) -> bool| heading.iter().position(is);
    if let Some(name) = given {
        return position(&|there| there.trim() == name.trim())
            .or_else(|| position(&|there| normal(there) == normal(name)));
    }
    let named = |name: &&str| position(&|there| normal(there) == **name);
    let dated = |name: &&str| {
        let is_dated = |there: &str| {
            let there = normal(there);
            let rest = there.strip_prefix(*name).and_then(|rest| rest.strip_prefix(' '));
            rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b' '))
        };
        let mut places = heading.iter().enumerate().filter(|(_, there)| is_dated(there));
        let first = places.next().map(|(place, _)| place);
        first.filter(|_| places.next().is_none())
    };
    usual(column).iter().find_map(named).or_else(|| usual(column).iter().find_map(dated))
}

/// A column name in lower case, with single spaces for everything that is no letter or digit.
fn normal(name: &str) -> String {
    let spaced: String =
        name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The position of each column of the table.
fn columns(heading: &StringRecord, names: &Names) -> Result<Vec<(Column, usize)>, Problem> {
    let mut faults = Vec::new();
    if heading.len() > MOST_COLUMNS {
        return Err(refuse(vec![Fault::at("", "too_many", format_args!("at most {MOST_COLUMNS} columns"))]));
    }
    for (place, name) in heading.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()) {
        if heading.iter().take(place).any(|before| before == name) {
            faults.push(Fault::at(format!("/{name}"), "duplicate_column", "the column is there twice"));
        }
    }
    let mut found = Vec::new();
    for column in Column::ALL {
        let given = given(column, names);
        match (place_of(heading, column, given), given) {
            (Some(place), _) => found.push((column, place)),
            (None, Some(name)) => {
                let parameter = format!("{}_column", column.name());
                let detail = format_args!("the table has no column `{name}`; {}", listed(heading));
                faults.push(Fault::in_parameter(&parameter, "missing_column", detail));
            }
            (None, None) if NEEDED.contains(&column) => {
                let detail = format_args!(
                    "the table has no column `{0}`; {1}; name the one that takes its place as {0}_column",
                    column.name(),
                    listed(heading)
                );
                faults.push(Fault::at(format!("/{}", column.name()), "missing_column", detail));
            }
            (None, None) => {}
        }
    }
    if faults.is_empty() && !found.iter().any(|(column, _)| FIGURES.contains(column)) {
        let detail =
            format_args!("the table has no column for a baseline, a target or a result; {}", listed(heading));
        faults.push(Fault::at("", "missing_column", detail));
    }
    if faults.is_empty() { Ok(found) } else { Err(refuse(faults)) }
}

/// The columns that there are, for a message.
fn listed(heading: &StringRecord) -> String {
    let names: Vec<String> = heading
        .iter()
        .filter(|name| !name.trim().is_empty())
        .take(20)
        .map(|name| format!("`{}`", name.trim()))
        .collect();
    format!("its columns are {}", names.join(", "))
}

/// The names of a column for which the query has none, in the form of [`normal`].
fn usual(column: Column) -> &'static [&'static str] {
    match column {
        Column::Baseline => &["baseline", "start of plan position", "baseline value", "starting position"],
        Column::Target => &["target", "end of plan target", "target value"],
        Column::Result => {
            &["result", "march 2010 result", "outturn", "actual", "latest result", "latest outturn"]
        }
        Column::Theme => &["theme", "outcome", "priority area"],
        Column::Indicator => &[
            "indicator",
            "measure",
            "kpi",
            "pi",
            "performance indicator",
            "key performance indicator",
            "indicator title",
            "indicator name",
            "indicator description",
            "measure title",
            "measure name",
        ],
        Column::Group => &["group", "category", "breakdown"],
        Column::Comments => &["comments", "comment", "commentary", "remarks", "notes"],
        Column::Code => {
            &["code", "indicator code", "indicator ref", "ref", "reference", "kpi ref", "pi ref", "ref no"]
        }
        Column::Polarity => {
            &["polarity", "good is", "good to be", "aim to", "better is", "desired direction"]
        }
        Column::Unit => &["unit", "units", "unit of measure", "unit of measurement"],
        Column::Frequency => &["frequency", "reporting frequency", "reported"],
        Column::Lead => &["lead", "lead officer", "responsible officer", "accountable officer", "owner"],
    }
}

fn row(record: &StringRecord, columns: &[(Column, usize)]) -> Row {
    let mut row = Row::default();
    for (column, place) in columns {
        let cell = record.get(*place).unwrap_or_default();
        if cell.trim().is_empty() {
            continue;
        }
        let field = match column {
            Column::Theme => &mut row.theme,
            Column::Indicator => &mut row.indicator,
            Column::Group => &mut row.group,
            Column::Baseline => &mut row.baseline,
            Column::Target => &mut row.target,
            Column::Comments => &mut row.comments,
            Column::Result => &mut row.result,
            Column::Code => &mut row.code,
            Column::Polarity => &mut row.polarity,
            Column::Unit => &mut row.unit,
            Column::Frequency => &mut row.frequency,
            Column::Lead => &mut row.lead,
        };
        cell.clone_into(field);
    }
    row
}

fn too_many_rows() -> Problem {
    refuse(vec![Fault::at("", "too_many", format_args!("at most {MOST_ROWS} rows"))])
}

fn refuse(faults: Vec<Fault>) -> Problem {
    Problem::new(Kind::InvalidBody).faults(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_usual_and_by_given_names() {
        let text = "\u{feff}theme,Activity,start_of_plan_position,Q4,colour\nBe healthy,Lunches,26%,29%,x\n";
        let names = vec![(Column::Indicator, "Activity".to_owned()), (Column::Result, "Q4".to_owned())];
        let file = read(text, &names).unwrap();
        let row = file.rows.first().unwrap();
        let cells = (row.theme.as_str(), row.indicator.as_str(), row.baseline.as_str(), row.result.as_str());
        assert_eq!(cells, ("Be healthy", "Lunches", "26%", "29%"));
        assert_eq!(file.ignored, ["colour"]);
    }

    #[test]
    fn column_names_are_found_in_any_spelling() {
        let text = "Theme,KPI,Baseline ,TARGET 2010/11,Lead_Officer,,\nBe healthy,Lunches,26%,33%,Head,,\n";
        let file = read(text, &Vec::new()).unwrap();
        let row = file.rows.first().unwrap();
        let cells = (row.indicator.as_str(), row.baseline.as_str(), row.target.as_str(), row.lead.as_str());
        assert_eq!(cells, ("Lunches", "26%", "33%", "Head"));
        assert_eq!(file.ignored, [""; 0]);
        // Which of two years is meant is for the query to say.
        let two =
            read("theme,indicator,result,Target 2009/10,Target 2010/11\na,b,1,2,3\n", &Vec::new()).unwrap();
        assert_eq!(two.rows.first().unwrap().target, "");
        assert_eq!(two.ignored, ["Target 2009/10", "Target 2010/11"]);
    }

    #[test]
    fn titles_and_empty_rows_are_no_rows_of_the_table() {
        let text = "Performance 2009/10,,\n,,\ntheme,indicator,result\nBe healthy,Lunches,26%\n,,\nStay safe,Visits,3%,,\n,,\n";
        let file = read(text, &Vec::new()).unwrap();
        let indicators: Vec<&str> = file.rows.iter().map(|row| row.indicator.as_str()).collect();
        assert_eq!(indicators, ["Lunches", "", "Visits", ""]);
    }

    /// However many empty rows there are, no more than a table may have are held.
    #[test]
    fn empty_rows_at_the_end_are_not_held() {
        let table = |end: &str| format!("theme,indicator,result\na,b,1\n{}{end}", ",,\n".repeat(100_000));
        let file = read(&table(""), &Vec::new()).unwrap();
        assert!(file.rows.len() < MOST_ROWS + MOST_TITLES, "{}", file.rows.len());
        let problem = read(&table("c,d,2\n"), &Vec::new()).unwrap_err();
        assert_eq!(problem.errors().first().unwrap().code, "too_many");
    }

    #[test]
    fn a_table_that_cannot_be_taken_says_where() {
        for text in [
            "",
            "theme,indicator,result\n",
            "theme,indicator,result\n,,\n",
            "theme\nx\n",
            "theme,indicator\na,b\n",
            "theme,indicator,theme\na,b,c\n",
            "theme,indicator,result\na\n",
            "theme,indicator,result\na,b,c,d\n",
            "theme,indicator,result\na,b\0,c\n",
        ] {
            assert_eq!(read(text, &Vec::new()).unwrap_err().kind(), Kind::InvalidBody, "{text:?}");
        }
        let unknown = vec![(Column::Lead, "Owner".to_owned())];
        let problem = read("theme,indicator,result\na,b,1\n", &unknown).unwrap_err();
        let detail = &problem.errors().first().unwrap().detail;
        assert!(detail.contains("`Owner`") && detail.contains("`indicator`, `result`"), "{detail}");
    }
}
