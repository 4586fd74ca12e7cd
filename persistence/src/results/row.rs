//! A result as a row, and back.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::observation::{Figure, Observation, QualityGrade, Standing};
use waymark_domain::value::{Ratio, Value};

use super::{RatedResult, ResultKey, StoredResult};
use crate::StoreError;
use crate::db::schema::results;
use crate::db::types::{Id, Instant};

const KIND: &str = "result";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = results, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) organisation_id: Id,
    pub(super) id: Id,
    pub(super) indicator_id: Id,
    pub(super) period: String,
    pub(super) period_first: NaiveDate,
    pub(super) period_last: NaiveDate,
    pub(super) breakdown: String,
    pub(super) component: String,
    #[diesel(embed)]
    pub(super) said: Said,
    pub(super) submission_id: Id,
    pub(super) recorded_at: Instant,
    pub(super) superseded_at: Option<Instant>,
}

/// What a row says beside its key.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = results, treat_none_as_default_value = false)]
pub(super) struct Said {
    pub(super) definition_version: i32,
    pub(super) value: Option<String>,
    pub(super) numerator: Option<String>,
    pub(super) denominator: Option<String>,
    pub(super) unread: Option<String>,
    pub(super) unread_reason: Option<String>,
    pub(super) standing: String,
    pub(super) quality: Option<String>,
    pub(super) note: Option<String>,
    pub(super) is_baseline: bool,
}

/// What of a row counts where a measure is rated.
#[derive(Queryable, Selectable)]
#[diesel(table_name = results)]
pub(super) struct RatedRow {
    indicator_id: Id,
    period: String,
    breakdown: String,
    component: String,
    #[diesel(embed)]
    said: Said,
    recorded_at: Instant,
}

/// What a new row has beside its observation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) organisation: Uuid,
    pub(super) submission: Uuid,
    pub(super) recorded_at: Instant,
}

/// The text of a part of a key: empty where there is none, so that keys can be compared.
pub(super) fn text_of<T: Display>(part: Option<&T>) -> String {
    part.map(T::to_string).unwrap_or_default()
}

/// The natural key that a row's texts tell.
pub(super) fn key_of(
    indicator: Uuid,
    period: &str,
    breakdown: &str,
    component: &str,
) -> Result<ResultKey, StoreError> {
    Ok(ResultKey {
        indicator,
        period: parsed(period)?,
        breakdown: part(breakdown)?,
        component: part(component)?,
    })
}

impl Row {
    pub(super) fn new(
        origin: Origin,
        id: Uuid,
        indicator: Uuid,
        observation: &Observation,
    ) -> Result<Self, StoreError> {
        let Observation {
            period,
            breakdown,
            component,
            figure,
            definition_version,
            standing,
            quality,
            is_baseline,
            note,
        } = observation;
        let mut said = Said {
            definition_version: i32::try_from(*definition_version)
                .map_err(|_| corrupt("its definition version is out of range"))?,
            value: None,
            numerator: None,
            denominator: None,
            unread: None,
            unread_reason: None,
            standing: standing.name().to_owned(),
            quality: quality.map(|grade| grade.name().to_owned()),
            note: note.as_ref().map(ToString::to_string),
            is_baseline: *is_baseline,
        };
        match figure {
            Figure::Value(Value::Number(number)) => said.value = Some(number.to_string()),
            Figure::Value(Value::Ratio(ratio)) => {
                said.numerator = Some(ratio.numerator().to_string());
                said.denominator = Some(ratio.denominator().to_string());
            }
            Figure::Unread { text, reason } => {
                said.unread = Some(text.to_string());
                said.unread_reason = Some(reason.to_string());
            }
        }
        Ok(Self {
            organisation_id: Id(origin.organisation),
            id: Id(id),
            indicator_id: Id(indicator),
            period: period.to_string(),
            period_first: period.first_day(),
            period_last: period.last_day(),
            breakdown: text_of(breakdown.as_ref()),
            component: text_of(component.as_ref()),
            said,
            submission_id: Id(origin.submission),
            recorded_at: origin.recorded_at,
            superseded_at: None,
        })
    }

    pub(super) fn read(self, indicator_code: Code) -> Result<StoredResult, StoreError> {
        Ok(StoredResult {
            id: self.id.0,
            indicator: self.indicator_id.0,
            indicator_code,
            observation: self.observation()?,
            submission: self.submission_id.0,
            recorded_at: self.recorded_at.into(),
            superseded_at: self.superseded_at.map(DateTime::from),
        })
    }

    pub(super) fn observation(&self) -> Result<Observation, StoreError> {
        self.said.observation(&self.period, &self.breakdown, &self.component)
    }
}

impl RatedRow {
    /// Its indicator, period and component: all that it is weighed with.
    pub(super) fn group(&self) -> (Id, String, String) {
        (self.indicator_id, self.period.clone(), self.component.clone())
    }

    pub(super) fn read(self) -> Result<RatedResult, StoreError> {
        let Self { indicator_id, period, breakdown, component, said, recorded_at } = self;
        Ok(RatedResult {
            indicator: indicator_id.0,
            observation: said.observation(&period, &breakdown, &component)?,
            recorded_at: recorded_at.into(),
        })
    }
}

impl Said {
    /// The observation that it makes together with a key.
    fn observation(&self, period: &str, breakdown: &str, component: &str) -> Result<Observation, StoreError> {
        let Self { definition_version, standing, quality, is_baseline, note, .. } = self;
        Ok(Observation {
            period: parsed(period)?,
            breakdown: part(breakdown)?,
            component: part(component)?,
            figure: self.figure()?,
            definition_version: u32::try_from(*definition_version)
                .map_err(|_| corrupt("its definition version is out of range"))?,
            standing: Standing::from_name(standing)
                .ok_or_else(|| corrupt("its standing has no such name"))?,
            quality: match quality {
                None => None,
                Some(name) => Some(
                    QualityGrade::from_name(name).ok_or_else(|| corrupt("its quality has no such name"))?,
                ),
            },
            is_baseline: *is_baseline,
            note: note.as_deref().map(parsed).transpose()?,
        })
    }

    /// Whether both mean the same: of a figure it is the number that counts, not its digits (`70` and `70.0`).
    pub(super) fn means(&self, other: &Self) -> Result<bool, StoreError> {
        if self == other {
            return Ok(true);
        }
        let beside_figure = |said: &Self| Self {
            value: None,
            numerator: None,
            denominator: None,
            unread: None,
            unread_reason: None,
            ..said.clone()
        };
        Ok(beside_figure(self) == beside_figure(other) && self.figure()? == other.figure()?)
    }

    fn figure(&self) -> Result<Figure, StoreError> {
        match (&self.value, &self.numerator, &self.denominator, &self.unread, &self.unread_reason) {
            (Some(number), None, None, None, None) => Ok(Figure::Value(Value::Number(parsed(number)?))),
            (None, Some(numerator), Some(denominator), None, None) => {
                let (numerator, denominator): (Decimal, Decimal) = (parsed(numerator)?, parsed(denominator)?);
                let ratio =
                    Ratio::new(numerator, denominator).map_err(|error| corrupt(&error.to_string()))?;
                Ok(Figure::Value(Value::Ratio(ratio)))
            }
            (None, None, None, Some(text), Some(reason)) => {
                Ok(Figure::Unread { text: parsed(text)?, reason: parsed(reason)? })
            }
            _ => Err(corrupt("it is neither a number, nor a ratio, nor an unread cell")),
        }
    }
}

fn part<T: FromStr<Err: Display>>(text: &str) -> Result<Option<T>, StoreError> {
    if text.is_empty() { Ok(None) } else { parsed(text).map(Some) }
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error: T::Err| corrupt(&error.to_string()))
}

fn corrupt(detail: &str) -> StoreError {
    StoreError::Corrupt { what: KIND, detail: detail.to_owned() }
}
