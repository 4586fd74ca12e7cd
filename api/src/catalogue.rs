//! The catalogue of national indicators that ships with the service: their units and polarities, which an imported
//! table seldom states.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::organisation::Organisation;
use waymark_domain::text::Title;
use waymark_domain::value::Unit;
use waymark_persistence::{Change, Connection, Store, StoreError, indicator, organisation};

use crate::http::schema::{Frequency, Polarity};

const INDICATORS: &str = include_str!("../data/national-indicators.csv");

/// At how many decimal places national indicators are compared.
const PRECISION: u32 = 2;

#[derive(Deserialize)]
struct Row {
    code: String,
    title: String,
    unit: String,
    polarity: Option<Polarity>,
    frequency: Option<Frequency>,
    lag_days: u32,
}

/// Creates the catalogue organisation with its indicators if it is missing. What exists is not changed:
/// its officers keep it.
///
/// # Errors
/// A sentence about the cause.
pub(crate) fn ensure(store: &Store, now: DateTime<Utc>) -> Result<(), String> {
    let indicators = read()?;
    let change = Change {
        author: "waymark".to_owned(),
        roles: String::new(),
        request_id: "start".to_owned(),
        at: now,
    };
    let made = store.write(|connection| make(connection, &indicators, &change));
    match made {
        // Another instance that started at the same moment made it.
        Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
        Err(error) => Err(format!("the catalogue of national indicators could not be made: {error}")),
    }
}

fn make(
    connection: &mut Connection,
    indicators: &[(Code, Indicator)],
    change: &Change,
) -> Result<(), StoreError> {
    let missing = StoreError::Missing("catalogue");
    let code = Code::new(Organisation::CATALOGUE).map_err(|_| missing)?;
    if organisation::find(connection, &code, None)?.is_some() {
        return Ok(());
    }
    let title = Title::new("National indicators").map_err(|_| StoreError::Missing("catalogue"))?;
    let content =
        Organisation { title, small_count_threshold: Organisation::SMALL_COUNT_THRESHOLD, peer_group: None };
    let made = organisation::create(connection, &code, &content, change)?;
    for (code, content) in indicators {
        indicator::create(connection, made.versioned.id, code, content, change)?;
    }
    Ok(())
}

fn read() -> Result<Vec<(Code, Indicator)>, String> {
    let mut rows = csv::Reader::from_reader(INDICATORS.as_bytes());
    rows.deserialize()
        .map(|row| {
            let Row { code, title, unit, polarity, frequency, lag_days } =
                row.map_err(|error| error.to_string())?;
            let bad = |error: &dyn std::fmt::Display| format!("the national indicator {code}: {error}");
            let title = Title::new(&title).map_err(|error| bad(&error))?;
            let unit: Unit = unit.parse().map_err(|error| bad(&error))?;
            let content = Indicator {
                polarity: polarity.map(Into::into),
                frequency: frequency.map(Into::into),
                lag_days,
                ..Indicator::new(title, unit, PRECISION)
            };
            content.check().map_err(|error| bad(&error))?;
            Ok((Code::new(code.as_str()).map_err(|error| bad(&error))?, content))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_is_sound() {
        let indicators = read().unwrap();
        let core = indicators.iter().find(|(code, _)| code.as_str() == "NI60").unwrap();
        assert_eq!(core.1.polarity, Some(waymark_domain::polarity::Polarity::HigherIsBetter));
        let mut codes: Vec<&Code> = indicators.iter().map(|(code, _)| code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), indicators.len());
    }
}
