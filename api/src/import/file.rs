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
pub(super) fn read(text: &str, names: &Names) -> Result<File, Problem> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records().map(|record| {
        record.map_err(|error| Problem::new(Kind::MalformedBody).detail(format_args!("not a CSV: {error}")))
    });
    let heading =
        records.next().transpose()?.filter(|heading| heading.iter().any(|name| !name.trim().is_empty()));
    let heading =
        heading.ok_or_else(|| refuse(vec![Fault::at("", "empty", "there is no row of column names")]))?;
    let columns = columns(&heading, names)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for record in records {
        let record = record?;
        let number = rows.len() + 1;
        if number > MOST_ROWS {
            return Err(refuse(vec![Fault::at("", "too_many", format_args!("at most {MOST_ROWS} rows"))]));
        }
        if record.len() != heading.len() {
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
        rows.push(row(&record, &columns));
    }
    if rows.is_empty() {
        faults.push(Fault::at("", "empty", "there are no rows below the column names"));
    }
    if !faults.is_empty() {
        return Err(refuse(faults));
    }
    let is_known = |place: &usize| columns.iter().any(|(_, known)| known == place);
    let ignored = heading.iter().enumerate().filter(|(place, _)| !is_known(place));
    Ok(File { rows, ignored: ignored.map(|(_, name)| name.to_owned()).collect() })
}

/// The position of each column of the table.
fn columns(heading: &StringRecord, names: &Names) -> Result<Vec<(Column, usize)>, Problem> {
    let mut faults = Vec::new();
    if heading.len() > MOST_COLUMNS {
        return Err(refuse(vec![Fault::at("", "too_many", format_args!("at most {MOST_COLUMNS} columns"))]));
    }
    for (place, name) in heading.iter().enumerate() {
        if heading.iter().take(place).any(|before| before == name) {
            faults.push(Fault::at(format!("/{name}"), "duplicate_column", "the column is there twice"));
        }
    }
    let mut found = Vec::new();
    for column in Column::ALL {
        let given = names.iter().find(|(named, _)| *named == column).map(|(_, name)| name.as_str());
        let place = match given {
            Some(name) => heading.iter().position(|there| there.trim() == name),
            None => {
                usual(column).iter().find_map(|name| heading.iter().position(|there| there.trim() == *name))
            }
        };
        match (place, given) {
            (Some(place), _) => found.push((column, place)),
            (None, Some(name)) => {
                let parameter = format!("{}_column", column.name());
                let detail = format_args!("the table has no column `{name}`");
                faults.push(Fault::in_parameter(&parameter, "missing_column", detail));
            }
            (None, None) if NEEDED.contains(&column) => {
                let detail = format_args!(
                    "the table has no column `{0}`; name the one that takes its place as {0}_column",
                    column.name()
                );
                faults.push(Fault::at(format!("/{}", column.name()), "missing_column", detail));
            }
            (None, None) => {}
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(refuse(faults)) }
}

/// The names of a column for which the query has none.
fn usual(column: Column) -> &'static [&'static str] {
    match column {
        Column::Baseline => &["baseline", "start_of_plan_position"],
        Column::Target => &["target", "end_of_plan_target"],
        Column::Result => &["result", "march_2010_result"],
        Column::Theme => &["theme"],
        Column::Indicator => &["indicator"],
        Column::Group => &["group"],
        Column::Comments => &["comments"],
        Column::Code => &["code"],
        Column::Polarity => &["polarity"],
        Column::Unit => &["unit"],
        Column::Frequency => &["frequency"],
        Column::Lead => &["lead"],
    }
}

fn row(record: &StringRecord, columns: &[(Column, usize)]) -> Row {
    let mut row = Row::default();
    for (column, place) in columns {
        let cell = record.get(*place).unwrap_or_default().to_owned();
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
        *field = cell;
    }
    row
}

fn refuse(faults: Vec<Fault>) -> Problem {
    Problem::new(Kind::InvalidBody).faults(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_usual_and_by_given_names() {
        let text = "\u{feff}theme,Measure,start_of_plan_position,Q4,notes\nBe healthy,Lunches,26%,29%,x\n";
        let names = vec![(Column::Indicator, "Measure".to_owned()), (Column::Result, "Q4".to_owned())];
        let file = read(text, &names).unwrap();
        let row = file.rows.first().unwrap();
        let cells = (row.theme.as_str(), row.indicator.as_str(), row.baseline.as_str(), row.result.as_str());
        assert_eq!(cells, ("Be healthy", "Lunches", "26%", "29%"));
        assert_eq!(file.ignored, ["notes"]);
    }

    #[test]
    fn a_table_that_cannot_be_taken_says_where() {
        for text in [
            "",
            "theme,indicator\n",
            "theme\nx\n",
            "theme,indicator,theme\na,b,c\n",
            "theme,indicator\na\n",
            "theme,indicator\na,b\0\n",
        ] {
            assert_eq!(read(text, &Vec::new()).unwrap_err().kind(), Kind::InvalidBody, "{text:?}");
        }
        let unknown = vec![(Column::Lead, "Owner".to_owned())];
        assert!(read("theme,indicator\na,b\n", &unknown).is_err());
    }
}
