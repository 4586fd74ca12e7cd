//! Results to push: the same ones to the service and, as SQL or CSV, to the yardsticks.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{Datelike, Months, NaiveDate, Utc};

use crate::process::Say;

/// How many indicators a council has, and how many measures its plan.
pub(crate) const INDICATORS: usize = 200;

/// The whole, and the districts that are counted by themselves.
pub(crate) const PARTS: [&str; 5] =
    ["", "district=Blaby", "district=Charnwood", "district=Harborough", "district=Melton"];

/// The rows of a push: every indicator, whole and by district, for one month.
pub(crate) const ROWS: usize = INDICATORS * PARTS.len();

/// One result.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The number of the indicator, from 0.
    pub(crate) indicator: usize,
    /// The month's first day.
    pub(crate) month: NaiveDate,
    /// The category, or nothing.
    pub(crate) breakdown: &'static str,
    /// The figure.
    pub(crate) value: String,
}

/// The code of an indicator, and of its measure.
pub(crate) fn code(indicator: usize) -> String {
    format!("M{:03}", indicator + 1)
}

/// The first day of a month that is over: the last one for 0, the one before it for 1, and so on.
pub(crate) fn month(back: usize) -> Result<NaiveDate, String> {
    let this = Utc::now().date_naive().with_day(1).say("the month")?;
    let months = u32::try_from(back + 1).say("the months")?;
    this.checked_sub_months(Months::new(months)).say("the month")
}

/// The rows of one month.
pub(crate) fn rows(back: usize) -> Result<Vec<Row>, String> {
    let month = month(back)?;
    let all = (0..INDICATORS).flat_map(|indicator| {
        PARTS.iter().enumerate().map(move |(part, breakdown)| {
            let tenths = (indicator * 37 + back * 11 + part * 5) % 900 + 50;
            Row { indicator, month, breakdown, value: format!("{}.{}", tenths / 10, tenths % 10) }
        })
    });
    Ok(all.collect())
}

impl Row {
    /// Its period, as the service writes it.
    pub(crate) fn period(&self) -> String {
        self.month.format("%Y-%m").to_string()
    }

    /// The last day of its period.
    pub(crate) fn last_day(&self) -> NaiveDate {
        (self.month + Months::new(1)).pred_opt().unwrap_or(self.month)
    }

    /// As an object of JSON.
    pub(crate) fn json(&self) -> String {
        let mut text = format!(
            r#"{{"indicator":"{}","period":"{}","value":{}"#,
            code(self.indicator),
            self.period(),
            self.value
        );
        if !self.breakdown.is_empty() {
            let _ = write!(text, r#","breakdown":"{}""#, self.breakdown);
        }
        text.push('}');
        text
    }

    /// As a line of CSV, without its end.
    pub(crate) fn csv(&self) -> String {
        format!("{},{},{},{}", code(self.indicator), self.period(), self.value, self.breakdown)
    }

    /// The lines of [`Row::csv`].
    pub(crate) const CSV_HEADER: &'static str = "indicator,period,value,breakdown";
}

/// The body of a push of these rows as JSON.
pub(crate) fn json_body(rows: &[Row]) -> String {
    let rows: Vec<String> = rows.iter().map(Row::json).collect();
    format!(r#"{{"results":[{}]}}"#, rows.join(","))
}

/// Writes a file of so many months' rows, a line each.
pub(crate) fn write_file(
    place: &Path,
    header: Option<&str>,
    months: usize,
    line: impl Fn(&Row, usize) -> String,
) -> Result<(), String> {
    let mut file = BufWriter::new(File::create(place).say("a file of rows")?);
    if let Some(header) = header {
        writeln!(file, "{header}").say("a file of rows")?;
    }
    let mut number = 0;
    for back in 0..months {
        for row in rows(back)? {
            number += 1;
            writeln!(file, "{}", line(&row, number)).say("a file of rows")?;
        }
    }
    file.flush().say("a file of rows")
}
