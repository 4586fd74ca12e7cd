//! Rows of results as PostgreSQL copies them, in its binary form: each is sent as it comes, while the server stores those
//! before it. Diesel writes this form as well, but wants to have all rows before it sends the first.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};
use diesel::pg::CopyFormat;
use diesel::prelude::*;
use diesel::{ExecuteCopyFromDsl, copy_from};

use super::row::{Row, Said};
use crate::StoreError;
use crate::db::schema::results;

/// So many columns there are, in the order in which [`Copying::row`] writes them.
const COLUMN_COUNT: i16 = 20;

/// The signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: i16 = -1;
const NULL: i32 = -1;
/// PostgreSQL counts days from the first of 2000, which is this one in the Common Era.
const FIRST_DAY: i32 = 730_120;
/// So many bytes are sent at a time, or a few more.
const PIECE: usize = 8 * 1024;

/// Stores rows as they come.
///
/// # Errors
/// [`StoreError::Conflict`] (`result`) where something is current under the key of one of them.
pub(super) fn copy<R: Borrow<Row>>(
    postgres: &mut PgConnection,
    rows: impl Iterator<Item = Result<R, StoreError>>,
) -> Result<(), StoreError> {
    // Diesel calls this once, and does not say so.
    let rows = RefCell::new(rows);
    let columns = (
        results::organisation_id,
        results::id,
        results::indicator_id,
        results::period,
        results::period_first,
        results::period_last,
        results::breakdown,
        results::component,
        results::definition_version,
        results::value,
        results::numerator,
        results::denominator,
        results::unread,
        results::unread_reason,
        results::standing,
        results::quality,
        results::note,
        results::is_baseline,
        results::submission_id,
        results::recorded_at,
    );
    copy_from(results::table)
        .from_raw_data(columns, |out: &mut dyn Write| -> Result<(), StoreError> {
            let mut copying = Copying { out, piece: HEADER.to_vec() };
            for row in &mut *rows.borrow_mut() {
                copying.row(row?.borrow()).map_err(broken)?;
            }
            copying.end().map_err(broken)
        })
        .with_format(CopyFormat::Binary)
        .execute(postgres)
        .map_err(|error: StoreError| error.on_conflict(StoreError::Conflict("result")))?;
    Ok(())
}

fn broken(error: io::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

struct Copying<'a> {
    out: &'a mut dyn Write,
    /// What is not sent yet.
    piece: Vec<u8>,
}

impl Copying<'_> {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        let Row {
            organisation_id,
            id,
            indicator_id,
            period,
            period_first,
            period_last,
            breakdown,
            component,
            said,
            submission_id,
            recorded_at,
            superseded_at: _,
        } = row;
        let Said {
            definition_version,
            value,
            numerator,
            denominator,
            unread,
            unread_reason,
            standing,
            quality,
            note,
            is_baseline,
        } = said;
        self.piece.extend(COLUMN_COUNT.to_be_bytes());
        for id in [organisation_id, id, indicator_id] {
            self.field(id.0.as_bytes())?;
        }
        self.field(period.as_bytes())?;
        self.day(*period_first)?;
        self.day(*period_last)?;
        self.field(breakdown.as_bytes())?;
        self.field(component.as_bytes())?;
        self.field(&definition_version.to_be_bytes())?;
        for text in [value, numerator, denominator, unread, unread_reason] {
            self.text(text.as_deref())?;
        }
        self.field(standing.as_bytes())?;
        self.text(quality.as_deref())?;
        self.text(note.as_deref())?;
        self.field(&[u8::from(*is_baseline)])?;
        self.field(submission_id.0.as_bytes())?;
        self.field(&recorded_at.micros().to_be_bytes())?;
        if self.piece.len() >= PIECE { self.send() } else { Ok(()) }
    }

    fn field(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = i32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.piece.extend(length.to_be_bytes());
        self.piece.extend(bytes);
        Ok(())
    }

    fn text(&mut self, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) => self.field(text.as_bytes()),
            None => {
                self.piece.extend(NULL.to_be_bytes());
                Ok(())
            }
        }
    }

    fn day(&mut self, day: NaiveDate) -> io::Result<()> {
        self.field(&(day.num_days_from_ce() - FIRST_DAY).to_be_bytes())
    }

    fn end(mut self) -> io::Result<()> {
        self.piece.extend(TRAILER.to_be_bytes());
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        self.out.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}
