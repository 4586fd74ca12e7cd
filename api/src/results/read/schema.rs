//! Results as they are read: which are asked for, and how each is told.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_domain::indicator;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::value::Value;
use waymark_domain::{code, text};
use waymark_persistence::results::{Part, ResultFilter, StoredResult};

use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::{Breakdown, Code, Name, Note, Number, Period, QualityGrade, Standing, Title};
use crate::http::validation::Coded;

/// Which results, and which page of them.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultQuery {
    /// Only of this indicator.
    #[param(value_type = Code, required = false)]
    pub(crate) indicator: Option<String>,
    /// Only of this period.
    #[param(value_type = Period, required = false)]
    pub(crate) period: Option<String>,
    /// Only of periods that begin on this day or later.
    #[param(nullable = false)]
    pub(crate) from: Option<NaiveDate>,
    /// Only of periods that end on this day or earlier.
    #[param(nullable = false)]
    pub(crate) to: Option<NaiveDate>,
    /// Only of this category, as `dimension=category`; only of the whole where it is empty.
    #[param(
        max_length = 185,
        nullable = false,
        pattern = r"^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}=[^\s\u0000-\u001f\u007f-\u009f](?:[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]{0,118}[^\s\u0000-\u001f\u007f-\u009f])?)?$"
    )]
    pub(crate) breakdown: Option<String>,
    /// Only of this part; only results of one part where it is empty.
    #[param(
        max_length = 120,
        nullable = false,
        pattern = r"^(?:[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?)?$"
    )]
    pub(crate) component: Option<String>,
    /// Only of this standing.
    #[param(nullable = false, inline)]
    pub(crate) standing: Option<Standing>,
    /// Only those that this submission brought.
    #[param(nullable = false)]
    pub(crate) submission: Option<Uuid>,
    /// The position on this date: only of periods that had ended by then.
    #[param(nullable = false)]
    pub(crate) as_at: Option<NaiveDate>,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    pub(crate) as_known_at: Option<DateTime<Utc>>,
    /// Results on a page.
    #[serde(skip_serializing_if = "crate::http::page::not_of_filter")]
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    pub(crate) limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[serde(skip_serializing_if = "crate::http::page::not_of_filter")]
    #[param(max_length = 3000, nullable = false)]
    pub(crate) cursor: Option<String>,
}

/// A page of results, in an order that does not change: by indicator, period, breakdown and component.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultPage {
    /// The results.
    #[schema(max_items = 500)]
    pub(crate) items: Vec<RecordedResult>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 8000, nullable = false)]
    pub(crate) next: Option<String>,
}

/// A result as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Result)]
pub(crate) struct RecordedResult {
    /// Its id; a correction has one of its own.
    id: Uuid,
    /// The indicator's code.
    indicator: Code,
    /// What it is about.
    period: Period,
    /// The category; null for the whole.
    breakdown: Option<Breakdown>,
    /// The named part; null for a result of one part.
    component: Option<Name>,
    /// What was measured, in the indicator's unit.
    value: Option<Number>,
    /// So many.
    numerator: Option<Number>,
    /// Out of so many.
    denominator: Option<Number>,
    /// Whether the figure is withheld, because it would tell the caller of a small count.
    suppressed: bool,
    /// A cell that nobody could read, as it was written.
    unread: Option<Note>,
    /// Why it could not be read.
    unread_reason: Option<Title>,
    /// The definition version under which it was measured.
    #[schema(minimum = 1)]
    definition_version: u32,
    /// How settled it is.
    #[schema(inline)]
    standing: Standing,
    /// How good the data are.
    quality: Option<QualityGrade>,
    /// What else was said of it.
    note: Option<Note>,
    /// Whether it only repeats the baseline.
    is_baseline: bool,
    /// The submission that brought it.
    submission: Uuid,
    /// From when on it was known.
    recorded_at: DateTime<Utc>,
    /// Until when it was known; null while it is.
    superseded_at: Option<DateTime<Utc>>,
}

impl ResultQuery {
    /// The indicator that is asked for, and all other wishes as the store takes them.
    ///
    /// # Errors
    /// 400 with the parameters that cannot be read.
    pub(crate) fn read(&self, now: DateTime<Utc>) -> Result<(Option<code::Code>, ResultFilter), Problem> {
        let Self {
            indicator,
            period,
            from,
            to,
            breakdown,
            component,
            standing,
            submission,
            as_at,
            as_known_at,
            limit: _,
            cursor: _,
        } = self;
        let mut faults = Vec::new();
        let indicator =
            indicator.as_deref().and_then(|text| keep(&mut faults, "indicator", code::Code::new(text)));
        let filter = ResultFilter {
            indicators: None,
            period: period.as_deref().and_then(|text| keep(&mut faults, "period", text.parse())),
            from: *from,
            to: *to,
            breakdown: part::<indicator::Breakdown>(&mut faults, "breakdown", breakdown.as_deref()),
            component: part::<text::Name>(&mut faults, "component", component.as_deref()),
            standing: standing.map(Into::into),
            submission: *submission,
            as_at: *as_at,
            known_at: *as_known_at,
        };
        if as_known_at.is_some_and(|moment| moment > now) {
            let detail = "what will be known is not known yet";
            faults.push(Fault::in_parameter("as_known_at", "in_future", detail));
        }
        match faults.is_empty() {
            true => Ok((indicator, filter)),
            false => Err(Problem::new(Kind::InvalidQuery).faults(faults)),
        }
    }
}

fn keep<T, E: Coded>(faults: &mut Vec<Fault>, name: &str, read: Result<T, E>) -> Option<T> {
    read.map_err(|error| faults.push(Fault::in_parameter(name, error.code(), error))).ok()
}

fn part<T: std::str::FromStr<Err: Coded>>(
    faults: &mut Vec<Fault>,
    name: &str,
    sent: Option<&str>,
) -> Part<T> {
    match sent {
        None => Part::Any,
        Some("") => Part::Whole,
        Some(text) => keep(faults, name, text.parse()).map_or(Part::Any, Part::Only),
    }
}

impl RecordedResult {
    /// The result as a caller may see it.
    pub(crate) fn of(stored: &StoredResult, suppressed: bool) -> Self {
        let StoredResult {
            id,
            indicator: _,
            indicator_code,
            observation,
            submission,
            recorded_at,
            superseded_at,
        } = stored;
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
        let mut result = Self {
            id: *id,
            indicator: Code::from(indicator_code),
            period: Period::from(*period),
            breakdown: breakdown.as_ref().map(Breakdown::from),
            component: component.as_ref().map(Name::from),
            value: None,
            numerator: None,
            denominator: None,
            suppressed,
            unread: None,
            unread_reason: None,
            definition_version: *definition_version,
            standing: (*standing).into(),
            quality: quality.map(QualityGrade::from),
            // What was said of a figure may repeat it.
            note: note.as_ref().filter(|_| !suppressed).map(Note::from),
            is_baseline: *is_baseline,
            submission: *submission,
            recorded_at: *recorded_at,
            superseded_at: *superseded_at,
        };
        result.tell(figure);
        result
    }

    /// The figure, as far as the caller may see it.
    fn tell(&mut self, figure: &Figure) {
        match figure {
            Figure::Value(_) if self.suppressed => {}
            Figure::Value(Value::Number(number)) => self.value = Some(Number::from(*number)),
            Figure::Value(Value::Ratio(ratio)) => {
                self.numerator = Some(Number::from(ratio.numerator()));
                self.denominator = Some(Number::from(ratio.denominator()));
            }
            Figure::Unread { text, reason } => {
                self.unread = (!self.suppressed).then(|| Note::from(text));
                self.unread_reason = Some(Title::from(reason));
            }
        }
    }
}
