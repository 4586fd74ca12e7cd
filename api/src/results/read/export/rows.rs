//! The rows of an export: which are written, and what of each. A small count, and what it could be worked out from, is
//! weighed as in the list: together with all results of its indicator and period, asked for or not.

use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::disclosure::suppressed;
use waymark_domain::observation::Observation;
use waymark_domain::organisation::Organisation;
use waymark_domain::value::Unit;
use waymark_persistence::results::{KeptResult, Part, ResultFilter, Texts, each};
use waymark_persistence::{Connection, Record, StoreError, indicator};

use super::writer::Writer;
use super::{Export, Pipe, Stop};
use crate::results::read::list::{check_submission, ids_of, is_unread_count};

/// Writes one export.
pub(super) struct Rows<'a> {
    organisation: &'a Record<Organisation>,
    /// Where groups are weighed as a whole, what of each is asked for.
    asked: &'a ResultFilter,
    is_weighed: bool,
    writer: Writer,
    /// The indicator of the row before.
    indicator: Option<Measured>,
    /// Results of one indicator and period that are not weighed yet.
    group: Vec<KeptResult>,
}

/// What is known of an indicator.
struct Measured {
    id: Uuid,
    code: Code,
    unit: Unit,
}

impl Rows<'_> {
    /// Writes all of them.
    pub(super) fn write(
        export: &Export,
        organisation: &Record<Organisation>,
        connection: &mut Connection,
        pipe: Pipe,
    ) -> Result<(), Stop> {
        let Export { indicator, filter, sees_small_counts, format, .. } = export;
        let asked = filter;
        let mut filter = filter.clone();
        if let Some(code) = indicator {
            filter.indicators = Some(ids_of(connection, organisation, code)?);
        }
        check_submission(connection, organisation, filter.submission)?;
        if !sees_small_counts {
            filter = ResultFilter {
                breakdown: Part::Any,
                component: Part::Any,
                standing: None,
                submission: None,
                ..filter
            };
        }
        let mut rows = Rows {
            organisation,
            asked,
            is_weighed: !sees_small_counts,
            writer: Writer::begin(*format, pipe)?,
            indicator: None,
            group: Vec::new(),
        };
        each(connection, organisation.versioned.id, &filter, |connection, row| rows.take(connection, row))?;
        rows.weigh()?;
        rows.writer.end()
    }

    fn take(&mut self, connection: &mut Connection, row: KeptResult) -> Result<(), Stop> {
        let texts = row.texts();
        let is_of_group = |first: &KeptResult| {
            let first = first.texts();
            (first.indicator, first.period) == (texts.indicator, texts.period)
        };
        if self.group.first().is_some_and(|first| !is_of_group(first)) {
            self.weigh()?;
        }
        if self.indicator.as_ref().is_none_or(|measured| measured.id != texts.indicator) {
            self.indicator = Some(measured(connection, texts.indicator)?);
        }
        if self.is_weighed {
            self.group.push(row);
            return Ok(());
        }
        self.tell(&texts, false)
    }

    /// Writes the selected rows of the group.
    fn weigh(&mut self) -> Result<(), Stop> {
        let group = std::mem::take(&mut self.group);
        let Some(Measured { unit, .. }) = self.indicator else { return Ok(()) };
        let observations: Vec<Observation> =
            group.iter().map(KeptResult::observation).collect::<Result<_, StoreError>>()?;
        let threshold = self.organisation.versioned.content.small_count_threshold;
        let hidden = suppressed(&observations.iter().collect::<Vec<_>>(), unit, threshold);
        for ((row, observation), is_small) in group.iter().zip(&observations).zip(hidden) {
            let texts = row.texts();
            if is_asked_for(self.asked, texts.submission, observation) {
                self.tell(&texts, is_small || is_unread_count(&observation.figure))?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, texts: &Texts<'_>, is_withheld: bool) -> Result<(), Stop> {
        match &self.indicator {
            Some(Measured { code, .. }) => self.writer.tell(code, texts, is_withheld),
            None => Ok(()),
        }
    }
}

fn measured(connection: &mut Connection, id: Uuid) -> Result<Measured, StoreError> {
    let lost = || StoreError::Corrupt { what: "result", detail: "its indicator is gone".to_owned() };
    let record = indicator::of_ids(connection, &[id], None)?.pop().ok_or_else(lost)?;
    Ok(Measured { id, code: record.code, unit: record.versioned.content.unit })
}

/// Whether a result of a group that was weighed as a whole is asked for.
fn is_asked_for(asked: &ResultFilter, submission: Uuid, observation: &Observation) -> bool {
    let Observation { breakdown, component, standing, .. } = observation;
    is_part(&asked.breakdown, breakdown.as_ref())
        && is_part(&asked.component, component.as_ref())
        && asked.standing.is_none_or(|wanted| wanted == *standing)
        && asked.submission.is_none_or(|wanted| wanted == submission)
}

fn is_part<T: PartialEq>(wanted: &Part<T>, part: Option<&T>) -> bool {
    match wanted {
        Part::Any => true,
        Part::Whole => part.is_none(),
        Part::Only(wanted) => part == Some(wanted),
    }
}
