//! What the sender of a sound row should know: that no plan of the organisation measures its indicator any more.

use std::collections::HashMap;

use uuid::Uuid;
use waymark_domain::deletion::is_no_longer_measured;
use waymark_domain::measure::Measure;
use waymark_domain::organisation::Organisation;
use waymark_persistence::result::NewResult;
use waymark_persistence::{Connection, Record, StoreError, measure};

use super::wire::{RowWarning, WarningCode};

/// The measures of the indicators of a push, in all plans of the organisation.
#[derive(Debug, Default)]
pub(super) struct Measured(HashMap<Uuid, Vec<Measure>>);

impl Measured {
    pub(super) fn load(
        connection: &mut Connection,
        organisation: &Record<Organisation>,
        indicators: &[Uuid],
    ) -> Result<Self, StoreError> {
        let mut measures: HashMap<Uuid, Vec<Measure>> = HashMap::new();
        for found in measure::of_indicators(connection, organisation.versioned.id, indicators, None)? {
            measures.entry(found.place.indicator).or_default().push(found.versioned.content);
        }
        Ok(Self(measures))
    }

    /// The warning that a row of this result carries, if any.
    pub(super) fn warning(&self, result: &NewResult) -> Option<RowWarning> {
        let measures = self.0.get(&result.indicator)?;
        let day = result.observation.period.last_day();
        is_no_longer_measured(measures, day).then(|| RowWarning {
            code: WarningCode::NoLongerMeasured,
            detail: format!("no plan of the organisation measures this indicator on {day} any more"),
        })
    }
}
