//! Why a cell could not be read, in words for the officer who will mend it.

use crate::number::decimal::Decimal;

/// Why a cell was left unread. A wrong reading is far worse than an unread cell, so every doubt ends here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// More text than a cell can hold.
    #[error("the cell has more than {} characters", super::MOST_CHARACTERS)]
    TooLong,
    /// Words only.
    #[error("the cell has words but no figure")]
    NoFigure,
    /// A period and nothing else, or what may be one.
    #[error("the cell has only \u{2018}{0}\u{2019}, which is a period or may be one, and no figure")]
    OnlyPeriod(String),
    /// A figure in brackets and none outside them.
    #[error("the only figure stands in brackets, so it may be a remark or a negative number")]
    OnlyInBrackets,
    /// A number or sign that has no place in the notation.
    #[error("it is not clear what \u{2018}{0}\u{2019} means here")]
    Stray(String),
    /// A second figure without a name of its own.
    #[error(
        "there is more than one figure, and it is not clear which of them counts or what \u{2018}{0}\u{2019} is"
    )]
    SecondFigure(String),
    /// A change, not a level.
    #[error("\u{2018}{0}\u{2019} speaks of a change or a comparison, not of a level")]
    Change(String),
    /// A number spelled out among other words.
    #[error("\u{2018}{0}\u{2019} may be a number, and it is not clear what it counts")]
    NumberInWords(String),
    /// Brackets inside brackets, or one without its partner.
    #[error("the brackets do not match, or stand one inside another")]
    Brackets,
    /// A promise and a figure.
    #[error("the cell says that something is still to be set, and gives a figure")]
    StillToBeSet,
    /// Two periods for one figure.
    #[error("one figure has two periods")]
    TwoPeriods,
    /// A period that cannot be.
    #[error("there is no such period as \u{2018}{0}\u{2019}")]
    NoSuchPeriod(String),
    /// A period whose year is not stated.
    #[error("\u{2018}{0}\u{2019} does not say of which year")]
    NoYear(String),
    /// A range that runs backwards.
    #[error("the range from {0} to {1} runs backwards")]
    Backwards(Decimal, Decimal),
    /// More than the whole, or out of none.
    #[error("{0} out of {1} is no share of a whole")]
    Ratio(Decimal, Decimal),
    /// Counts and a share that do not agree.
    #[error("{0} out of {1} is not {2}%")]
    Share(Decimal, Decimal, Decimal),
    /// A reading that could be taken in another way.
    #[error("the cell can be taken in more than one way, for one as \u{2018}{0}\u{2019}")]
    TwoWays(String),
    /// Words that contradict each other.
    #[error("it is called both {0} and {1}")]
    Contradiction(&'static str, &'static str),
    /// A range or bound in the place of a result.
    #[error("the cell gives a range or a limit, not one value")]
    NotOneValue,
    /// A yearly step where a value belongs.
    #[error("the cell gives a step for each year, not a value")]
    NotAValue,
    /// Figures of several times in the place of one.
    #[error("the cell has figures for several dates")]
    SeveralDates,
    /// Milestones that do not follow each other.
    #[error("the dates of the milestones do not follow each other")]
    MilestoneOrder,
    /// Parts with different units.
    #[error("the parts have different units")]
    MixedUnits,
    /// A result of a period that is not over.
    #[error("the period {period} ends after the report\u{2019}s date, {report}")]
    AfterReport {
        /// The period.
        period: String,
        /// The report's date.
        report: chrono::NaiveDate,
    },
    /// A forecast or target in the place of a result.
    #[error("the figure is called \u{2018}{0}\u{2019}, so it is not what was measured")]
    NotMeasured(String),
    /// A figure of another organisation.
    #[error("the figure is said to be \u{2018}{0}\u{2019}, so it may not be this organisation\u{2019}s own")]
    NotOwn(String),
    /// A number, name or note beyond its bounds.
    #[error("a name or a part of the cell is too long, or there are too many parts")]
    TooMuch,
    /// A unit that differs from that of the indicator.
    #[error("the cell is in {cell}, the indicator in {indicator}")]
    Unit {
        /// What the cell's sign says.
        cell: &'static str,
        /// What the indicator is measured in.
        indicator: String,
    },
    /// Target parts that add up to more than a whole, where the other parts add up to a whole.
    #[error(
        "the parts of the target add up to {0}%, those measured to about 100%: they look cumulative, \
         and cannot be compared"
    )]
    Cumulative(Decimal),
    /// A yearly step from another year than the baseline's.
    #[error("the yearly step counts from {0}, and no baseline of that period is given")]
    StepFrom(String),
    /// A yearly step without a baseline to count from.
    #[error("a yearly step needs a baseline to count from")]
    StepWithoutBaseline,
}
