//! What is written in a cell: the syntax tree, before it is interpreted.
//!
//! `W` is how a time is stated: [`When`] as written, [`Period`] once the context has settled it.

use crate::number::decimal::Decimal;
use crate::number::value::Ratio;
use crate::time::period::Period;
use std::collections::BTreeSet;

/// A cell that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<W = Period> {
    /// It says that there is nothing.
    Nothing {
        /// What it says.
        absence: Absence,
        /// What else it says, in words.
        note: Option<String>,
    },
    /// A sentence that says that something will be set.
    ToBeSet(String),
    /// One figure, or several named parts.
    Figures(Vec<Part<W>>),
    /// Values by dates.
    Milestones {
        /// At least two.
        points: Vec<(Figure, W)>,
        /// What is said of all of them.
        marks: BTreeSet<Mark>,
    },
}

/// What a cell without a figure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absence {
    /// Nothing at all.
    Empty,
    /// Dashes or dots.
    Dashes,
    /// `N/A`: not applicable or not available, the cell does not say which.
    NotApplicable,
    /// No data, or not known.
    NoData,
    /// Data to come.
    Awaited,
    /// A figure that is withheld, for one because it is small.
    Withheld,
}

/// One figure with all that is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<W = Period> {
    /// The name of this part, where there is one.
    pub name: Option<String>,
    /// The figure.
    pub amount: Amount<W>,
    /// What is said of it.
    pub about: About<W>,
}

/// What is said of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About<W = Period> {
    /// Its period.
    pub when: Option<W>,
    /// The same thing in another form: `(2%)` beside a count, a count beside a percentage.
    pub beside: Option<Beside>,
    /// Standing and state.
    pub marks: BTreeSet<Mark>,
    /// Free words.
    pub notes: Vec<String>,
}

/// The same thing in another form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// A percentage beside a count or a ratio.
    Share(Decimal),
    /// A count of things beside a percentage.
    Count(Decimal, String),
    /// A ratio beside a percentage.
    Ratio(Ratio),
}

/// A figure in one of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount<W = Period> {
    /// `85%`.
    Exactly(Figure),
    /// `<10%`.
    Limit(Limit, Figure),
    /// `10% - 15%`, the sign stated once.
    Range {
        /// The lower bound.
        low: Decimal,
        /// The upper bound.
        high: Decimal,
        /// Their unit.
        sign: Sign,
    },
    /// `2 out of 15`.
    Ratio(Ratio),
    /// `All (287)`.
    AllOf(Decimal),
    /// `2% increase per year to 2011`.
    PerYear {
        /// How much each year, below zero for a reduction.
        rise: Figure,
        /// The year from which it counts.
        from: Option<W>,
        /// The time until which it goes on.
        until: Option<W>,
    },
}

/// A number with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The number.
    pub number: Decimal,
    /// What it counts.
    pub sign: Sign,
}

/// What a number counts, as far as the cell says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Nothing beside the number.
    None,
    /// Words for what is counted: `6 schools`.
    Things(String),
    /// `%`, `per cent`.
    Percent,
    /// `percentage points`, `pp`.
    PercentagePoints,
    /// `points`.
    Points,
    /// `£`.
    Pounds,
    /// `per 10,000`.
    Per(u32),
}

/// A bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// This or more.
    AtLeast,
    /// This or less.
    AtMost,
    /// More than this.
    Above,
    /// Less than this.
    Below,
}

/// Words with a fixed meaning that stand beside a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// It is the baseline.
    Baseline,
    /// Likely to change.
    Provisional,
    /// Not measured in full.
    Estimate,
    /// About so much.
    Approximate,
    /// Settled.
    Final,
    /// Corrected.
    Revised,
    /// Settled for the time being.
    Tentative,
    /// Put forward.
    Proposed,
    /// To be confirmed.
    Unconfirmed,
    /// Agreed.
    Agreed,
    /// It is the target.
    Target,
}

impl Mark {
    /// Every mark, in the order in which they are written.
    pub const ALL: [Self; 11] = [
        Self::Baseline,
        Self::Provisional,
        Self::Estimate,
        Self::Approximate,
        Self::Final,
        Self::Revised,
        Self::Tentative,
        Self::Proposed,
        Self::Unconfirmed,
        Self::Agreed,
        Self::Target,
    ];

    /// The word that is written for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Provisional => "provisional",
            Self::Estimate => "estimate",
            Self::Approximate => "approximate",
            Self::Final => "final",
            Self::Revised => "revised",
            Self::Tentative => "tentative",
            Self::Proposed => "proposed",
            Self::Unconfirmed => "unconfirmed",
            Self::Agreed => "agreed",
            Self::Target => "target",
        }
    }

    /// The mark that a word stands for, in lower case.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "baseline" => Self::Baseline,
            "provisional" | "prov" | "provisionally" | "unvalidated" | "p" => Self::Provisional,
            "estimate" | "estimated" | "est" | "e" => Self::Estimate,
            "approximate" | "approximately" | "approx" => Self::Approximate,
            "final" | "validated" => Self::Final,
            "revised" | "r" => Self::Revised,
            "tentative" => Self::Tentative,
            "proposed" | "draft" => Self::Proposed,
            "unconfirmed" | "tbc" => Self::Unconfirmed,
            "agreed" => Self::Agreed,
            "target" => Self::Target,
            _ => return None,
        })
    }
}

/// A time as it is written, before the context settles its century, its kind of year or its year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// A canonical period.
    Exact(Period),
    /// `2006`.
    Year(Year),
    /// `2006/7`, and the kind of year where it is stated.
    Years(Year, Option<YearKind>),
    /// `2006-2008`, `2006/07 to 2008/09`.
    YearsTo(Box<When>, Box<When>),
    /// `31 March 2010`.
    Day {
        /// 1 to 31.
        day: u32,
        /// 1 to 12.
        month: u32,
        /// Its year.
        year: Year,
        /// Whether it was written in figures only, so that day and month could be changed about.
        figures_only: bool,
    },
    /// `Sept 07`, `Dec 2009/10`, `Dec`.
    Month(u32, InYear),
    /// `Apr-Aug 09`, `Apr 09 - Jan 10`. A first month without a year takes that of the last one.
    Months {
        /// The first month.
        first: (u32, InYear),
        /// The last month.
        last: (u32, InYear),
    },
    /// `Qtr 4 09/10`, `Q1-Q3 2009/10`, `Q3`: the first and last quarter, and the year in which the financial
    /// year began.
    Quarters(u32, u32, Option<Year>),
    /// `H1 2009/10`.
    Half(u32, Option<Year>),
    /// `summer 10`.
    Season(Season, Year),
    /// `end Feb 10`, `end of 2010`.
    EndOf(Box<When>),
    /// `year to March 2010`: so many months that end with this.
    MonthsEnding(u32, Box<When>),
    /// `year to date`.
    YearToDate,
}

/// A year as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// 2009, or 9 where the century is left out.
    pub number: u32,
    /// Whether the century is left out.
    pub short: bool,
}

/// Where the year of a month is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InYear {
    /// Nowhere.
    Unstated,
    /// `2009`.
    Year(Year),
    /// `2009/10`: one of the twelve months from the year's beginning on.
    Years(Year),
}

/// A season with fixed months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Season {
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Autumn,
}

/// The kind of a year that is written as two: `2009/10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum YearKind {
    /// April to March.
    #[default]
    Financial,
    /// September to August.
    Academic,
}

impl<W> About<W> {
    /// Nothing said.
    pub fn nothing() -> Self {
        Self { when: None, beside: None, marks: BTreeSet::new(), notes: Vec::new() }
    }
}

impl<W> Amount<W> {
    /// What it counts; a ratio and a total tell nothing.
    pub fn sign(&self) -> Option<&Sign> {
        match self {
            Amount::Exactly(figure) | Amount::Limit(_, figure) => Some(&figure.sign),
            Amount::PerYear { rise, .. } => Some(&rise.sign),
            Amount::Range { sign, .. } => Some(sign),
            Amount::Ratio(_) | Amount::AllOf(_) => None,
        }
    }
}
