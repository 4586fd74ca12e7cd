//! What holds for every cell: it is read or refused, what is read reads back, and the work is linear.

use super::*;
use proptest::prelude::*;

/// What cells are made of, for cells that have not been written yet.
const FRAGMENTS: &[&str] = &[
    "85%",
    "2",
    "15",
    "1,084",
    "0.26",
    "-22.8%",
    "2009",
    "10/11",
    "2006/7",
    "(",
    ")",
    "(Dec 09)",
    "Apr",
    "Dec 2009",
    "May",
    "-",
    "\u{2013}",
    " ",
    " ",
    " ",
    "to",
    "out of",
    "between",
    "and",
    "<",
    ">=",
    "at least",
    "or more",
    "+",
    "%",
    "per",
    "year",
    "increase",
    "reduction",
    "each",
    "a",
    "All",
    "all (287)",
    ".",
    ",",
    ";",
    ":",
    "=",
    "/",
    "Q3",
    "H1",
    "Qtr 4",
    "summer",
    "end of",
    "KS2",
    "Dose 1",
    "Physics",
    "Good",
    "schools",
    "boys",
    "(2%)",
    "(6 schools)",
    "baseline",
    "estimate",
    "provisional",
    "revised",
    "tentative",
    "target",
    "to be set",
    "N/A",
    "no data",
    "TBC",
    "n",
    "aged",
    "16-18",
    "year olds",
    "points",
    "per 1,000",
    "\u{a3}",
    "FY2009-10",
    "AY2008-09",
    "CY2009",
    "2009-04-01",
    "31/03/2010",
    "31.3.10",
    "academic year",
    "financial year",
    "average",
    "not",
    "the",
    "in",
    "by",
    "for",
    "gap",
    "maximum",
    "'",
    "*",
    "&",
    "\n",
    "\0",
    "\u{a0}",
    "one",
    "national",
    "pp",
    "about",
    "c.",
    "12 months",
];

/// Cells of the real table.
const CELLS: &[&str] = &[
    "87% (08/09)LAA 75% Dec 09 (national)",
    "26% (revised figure)",
    "42.5% Qtr 4 09/10",
    "Dose 1 = 92.1%. Dose 2 = 91.5% Dose 3 = 87% (Apr-Aug 09)",
    "88.95%. (Apr 09 - Jan 10)",
    "63.8% (2008) \u{2013} weighting changed, figure recalculated",
    "To be reset following change in method of calculation",
    "16 points (maximum score)",
    "(97.2% increase)",
    "10% - 15%",
    "16 (end of 2010)",
    "6 schools (2%)",
    "KS2 25% (2008) KS4 31.1% (2008)",
    "21.7% (KS2) 22.5% (KS4)",
    "2 out of 15",
    "Outstanding - 4.4% Good - 48.8% Satisfactory - 44% Inadequate 2.4%",
    "PNC target 2008/09 823 DCSF require a 1% reduction each year between 2008/9 and 2010/11",
    "386 (Apr - Dec 10)",
    "4.0% Nov 2010/Jan 2011 average",
    "40% Mar 09, 50% Mar 10, 60% Mar 11",
    "1.5% increase per year to 2011 (tentative)",
    "Physics = 247 Chemistry=351 Biology=612 Maths=769",
    "22% gap (aged 19 in 2005/6).",
    "All (287)",
    "----",
];

/// Reads a cell in every role; what is read is written in a notation that reads the same, with nothing assumed.
fn reads_back(cell: &str) -> Result<(), TestCaseError> {
    for read in [read_result, read_baseline] {
        if let Ok(reading) = read(cell, &context()) {
            let again = read(&reading.text, &context());
            let reread = again.as_ref().map(|again| (&again.content, &again.text, again.assumed.len()));
            prop_assert_eq!(
                reread,
                Ok((&reading.content, &reading.text, 0)),
                "{:?} reads as {:?}",
                cell,
                reading.text
            );
        }
    }
    if let Ok(reading) = read_target(cell, &context()) {
        let again = read_target(&reading.text, &context());
        let reread = again.as_ref().map(|again| (&again.content, &again.text, again.assumed.len()));
        prop_assert_eq!(
            reread,
            Ok((&reading.content, &reading.text, 0)),
            "{:?} reads as {:?}",
            cell,
            reading.text
        );
    }
    Ok(())
}

fn tokens_and_steps(cell: &str) -> (usize, usize) {
    let steps = Counter::new(0);
    // The reading itself is of no interest here.
    let _ = parse_counted(cell, &steps);
    (token::tokens(cell).len(), steps.get())
}

/// The most looks that the grammar takes at one token, with room for the end of the cell.
const MOST_LOOKS: usize = 400;

/// The work grows with the text and no faster, whatever is repeated.
#[test]
fn the_work_is_linear_in_the_length() {
    for fragment in FRAGMENTS.iter().chain(CELLS) {
        for repeated in [format!("{fragment} "), format!("{fragment}/")] {
            let times = 2_000 / repeated.chars().count() / 8;
            let looks = |times: usize| {
                let (tokens, steps) = tokens_and_steps(&repeated.repeat(times));
                assert!(steps <= MOST_LOOKS * (tokens + 1), "{repeated:?}: {steps} looks at {tokens} tokens");
                steps
            };
            let (short, long) = (looks(times), looks(8 * times));
            assert!(
                long <= 9 * short + MOST_LOOKS,
                "{repeated:?}: {short} looks, {long} at eight times the text"
            );
        }
    }
    assert_eq!(parse(&"1".repeat(MOST_CHARACTERS + 1)), Err(Unread::TooLong));
}

fn any_number() -> impl Strategy<Value = crate::number::decimal::Decimal> {
    (-99_999_i64..1_000_000, 0_u32..4).prop_map(|(number, places)| {
        crate::number::decimal::Decimal::new(rust_decimal::Decimal::new(number, places)).unwrap()
    })
}

fn any_period() -> impl Strategy<Value = Period> {
    let year = 1990_i32..2009;
    prop_oneof![
        (year.clone(), 1_u32..=12).prop_map(|(year, month)| Period::month(year, month).unwrap()),
        (year.clone(), 1_u32..=4).prop_map(|(year, quarter)| Period::quarter(year, quarter).unwrap()),
        (year.clone(), 1_u32..=2).prop_map(|(year, half)| Period::half(year, half).unwrap()),
        year.clone().prop_map(|year| Period::financial_year(year).unwrap()),
        year.clone().prop_map(|year| Period::academic_year(year).unwrap()),
        year.clone().prop_map(|year| Period::calendar_year(year).unwrap()),
        year.clone().prop_map(|year| Period::point(Period::calendar_year(year).unwrap().last_day()).unwrap()),
        (year, 0_i32..3, 1_u32..12).prop_map(|(year, more, month)| {
            let first = Period::month(year, month).unwrap().first_day();
            Period::span(first, Period::month(year + more, month + 1).unwrap().last_day()).unwrap()
        }),
    ]
}

fn any_sign() -> impl Strategy<Value = Sign> {
    prop_oneof![
        Just(Sign::None),
        Just(Sign::Percent),
        Just(Sign::Points),
        Just(Sign::PercentagePoints),
        Just(Sign::Pounds),
        Just(Sign::Per(1_000)),
        Just(Sign::Things("foster carers".to_owned())),
    ]
}

fn any_amount() -> impl Strategy<Value = Amount> {
    let figure = || (any_number(), any_sign()).prop_map(|(number, sign)| Figure { number, sign });
    let limit =
        prop_oneof![Just(Limit::AtLeast), Just(Limit::AtMost), Just(Limit::Above), Just(Limit::Below)];
    prop_oneof![
        figure().prop_map(Amount::Exactly),
        (limit, figure()).prop_map(|(limit, figure)| Amount::Limit(limit, figure)),
        (any_number(), any_number(), any_sign()).prop_map(|(a, b, sign)| Amount::Range {
            low: a.min(b),
            high: a.max(b),
            sign
        }),
        (0_u32..100, 1_u32..100).prop_map(|(a, b)| {
            Amount::Ratio(crate::number::value::Ratio::new(a.min(b).into(), b.max(1).into()).unwrap())
        }),
        (1_u32..5_000).prop_map(|total| Amount::AllOf(total.into())),
        (
            any_number().prop_filter("a step is not zero", |n| *n != crate::number::decimal::Decimal::ZERO),
            any_period(),
            proptest::option::of(any_period())
        )
            .prop_map(|(number, until, from)| Amount::PerYear {
                rise: Figure { number, sign: Sign::Percent },
                from,
                until: Some(until),
            }),
    ]
}

fn any_about() -> impl Strategy<Value = About> {
    let notes = [
        "weighting changed, figure recalculated",
        "aged 16-18",
        "LCR",
        "maximum score",
        "n = 23",
        "A*-C only",
    ];
    let mark =
        proptest::sample::select(&[Mark::Baseline, Mark::Estimate, Mark::Revised, Mark::Tentative][..]);
    (
        proptest::option::of(any_period()),
        proptest::collection::btree_set(mark, 0..3),
        proptest::sample::subsequence(notes.to_vec(), 0..3),
    )
        .prop_map(|(when, marks, notes)| About {
            when,
            beside: None,
            marks,
            notes: notes.into_iter().map(str::to_owned).collect(),
        })
}

fn settled(text: &str) -> Result<Cell, Unread> {
    resolve::Settling::new(&context(), true).cell(parse(text)?)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        reads_back(&text)?;
    }

    #[test]
    fn any_characters_at_all_are_read_or_refused(text in proptest::collection::vec(any::<char>(), 0..40)) {
        reads_back(&text.into_iter().collect::<String>())?;
    }

    #[test]
    fn whatever_is_made_of_fragments_reads_back(picks in proptest::collection::vec((0..FRAGMENTS.len(), any::<bool>()), 1..12)) {
        let text: String = picks.iter().map(|(pick, space)| format!("{}{}", FRAGMENTS[*pick], if *space { " " } else { "" })).collect();
        reads_back(&text)?;
        let (tokens, steps) = tokens_and_steps(&text);
        prop_assert!(steps <= MOST_LOOKS * (tokens + 1));
    }

    #[test]
    fn real_cells_with_slips_of_the_pen_read_back(
        cell in 0..CELLS.len(),
        slips in proptest::collection::vec((any::<prop::sample::Index>(), 0..3_u8, 0..FRAGMENTS.len()), 1..4),
    ) {
        let mut characters: Vec<char> = CELLS[cell].chars().collect();
        for (place, slip, fragment) in slips {
            let place = place.index(characters.len() + 1);
            match slip {
                0 if place < characters.len() => { characters.remove(place); }
                1 if place + 1 < characters.len() => characters.swap(place, place + 1),
                _ => { characters.splice(place..place, FRAGMENTS[fragment].chars()); }
            }
        }
        reads_back(&characters.into_iter().collect::<String>())?;
    }

    #[test]
    fn whatever_can_be_said_of_a_figure_is_written_so_that_it_reads_back(amount in any_amount(), about in any_about()) {
        let about = match amount {
            Amount::PerYear { .. } => About { when: None, ..about },
            _ => about,
        };
        let cell = Cell::Figures(vec![Part { name: None, amount, about }]);
        prop_assert_eq!(settled(&cell.to_string()), Ok(cell.clone()), "{}", cell);
    }

    #[test]
    fn named_parts_are_written_so_that_they_read_back(
        names in proptest::sample::subsequence(vec!["KS2", "KS4", "Dose 1", "Dose 2", "Physics", "Good", "White British"], 2..6),
        figures in proptest::collection::vec((any_number(), any_about()), 6),
        sign in prop_oneof![Just(Sign::None), Just(Sign::Percent), Just(Sign::Points)],
    ) {
        let parts = names.iter().zip(figures).map(|(name, (number, about))| Part {
            name: Some((*name).to_owned()),
            amount: Amount::Exactly(Figure { number, sign: sign.clone() }),
            about: About { notes: Vec::new(), ..about },
        });
        let cell = Cell::Figures(parts.collect());
        prop_assert_eq!(settled(&cell.to_string()), Ok(cell.clone()), "{}", cell);
    }

    #[test]
    fn milestones_are_written_so_that_they_read_back(
        numbers in proptest::collection::vec(any_number(), 2..6),
        percent in any::<bool>(),
        tentative in any::<bool>(),
    ) {
        let sign = if percent { Sign::Percent } else { Sign::None };
        let points = numbers.into_iter().zip(2008..).map(|(number, year)| {
            (Figure { number, sign: sign.clone() }, Period::month(year, 3).unwrap())
        });
        let marks = if tentative { [Mark::Tentative].into() } else { std::collections::BTreeSet::new() };
        let cell = Cell::Milestones { points: points.collect(), marks };
        prop_assert_eq!(settled(&cell.to_string()), Ok(cell.clone()), "{}", cell);
    }
}
