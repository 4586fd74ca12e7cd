//! Results as they are read: the filters, and the representation of each.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_domain::indicator;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::value::Value;
use waymark_domain::{code, text};
use waymark_persistence::results::{Part, ResultFilter, StoredResult};

use crate::http::known::Moment;
use crate::http::list::Page;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::{Breakdown, Code, Name, Note, Number, Period, QualityGrade, Standing, Title};
use crate::http::validation::Coded;

/// Which results.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultQuery {
    /// Only results of this indicator.
    #[param(value_type = Code, required = false)]
    indicator: Option<String>,
    /// Only results of this period.
    #[param(value_type = Period, required = false)]
    pub(crate) period: Option<String>,
    /// Only results of periods that begin on this day or later.
    #[param(nullable = false)]
    pub(crate) from: Option<NaiveDate>,
    /// Only results of periods that end on this day or earlier.
    #[param(nullable = false)]
    pub(crate) to: Option<NaiveDate>,
    /// Only results of this category, as `dimension=category`; an empty value means only the whole.
    #[param(
        max_length = 185,
        nullable = false,
        pattern = r"^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}=[^\s\u0000-\u001f\u007f-\u009f](?:[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]{0,118}[^\s\u0000-\u001f\u007f-\u009f])?)?$"
    )]
    pub(crate) breakdown: Option<String>,
    /// Only results of this component; an empty value means only results without a component.
    #[param(
        max_length = 120,
        nullable = false,
        pattern = r"^(?:[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?)?$"
    )]
    pub(crate) component: Option<String>,
    /// Only results of this standing.
    #[param(nullable = false, inline)]
    pub(crate) standing: Option<Standing>,
    /// Only results of this submission.
    #[param(nullable = false)]
    pub(crate) submission: Option<Uuid>,
    /// The position on this date: only results of periods that had ended by then.
    #[param(nullable = false)]
    pub(crate) as_at: Option<NaiveDate>,
}

pub(crate) type ResultRecordPage = Page<ResultRecord>;

/// A result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultRecord {
    /// The result's id; a correction has its own.
    id: Uuid,
    /// The indicator's code.
    indicator: Code,
    /// The period that the result is about.
    period: Period,
    /// The category; null for the whole.
    breakdown: Option<Breakdown>,
    /// The component; null if the result has none.
    component: Option<Name>,
    /// The value, in the indicator's unit.
    value: Option<Number>,
    /// The count.
    numerator: Option<Number>,
    /// The total that it is out of.
    denominator: Option<Number>,
    /// Whether the figure is withheld, because it would disclose a small count to the caller.
    suppressed: bool,
    /// The content of an imported cell that could not be read.
    unread: Option<Note>,
    /// Why the cell could not be read.
    unread_reason: Option<Title>,
    /// The definition version of the result.
    #[schema(minimum = 1)]
    definition_version: u32,
    /// How final the figure is.
    #[schema(inline)]
    standing: Standing,
    /// The quality of the data.
    quality: Option<QualityGrade>,
    /// A note on the result.
    note: Option<Note>,
    /// Whether the result only repeats the baseline.
    is_baseline: bool,
    /// The submission that it came with.
    submission: Uuid,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
    /// When it was superseded; null if it is current.
    superseded_at: Option<DateTime<Utc>>,
}

impl ResultQuery {
    /// The indicator, and all other filters for the store.
    ///
    /// # Errors
    /// 400 with the parameters that cannot be read.
    pub(crate) fn read(&self, known_at: Moment) -> Result<(Option<code::Code>, ResultFilter), Problem> {
        let Self { indicator, period, from, to, breakdown, component, standing, submission, as_at } = self;
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
            known_at,
        };
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

impl ResultRecord {
    /// The result as the caller may see it.
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
            // A note on a figure may repeat it.
            note: note.as_ref().filter(|_| !suppressed).map(Note::from),
            is_baseline: *is_baseline,
            submission: *submission,
            recorded_at: *recorded_at,
            superseded_at: *superseded_at,
        };
        result.set(figure);
        result
    }

    /// Sets the figure, as far as the caller may see it.
    fn set(&mut self, figure: &Figure) {
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
