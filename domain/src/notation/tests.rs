//! Cells of this table and of others, with the reading that a human gives them.

use super::*;
use proptest::prelude::*;

fn context() -> Context {
    Context { report_date: "2010-03-31".parse().unwrap(), year: YearKind::Financial }
}

fn result(cell: &str) -> String {
    read_result(cell, &context()).map_or_else(|reason| format!("unread: {reason}"), |reading| reading.text)
}

fn target(cell: &str) -> String {
    read_target(cell, &context()).map_or_else(|reason| format!("unread: {reason}"), |reading| reading.text)
}

#[test]
fn periods_are_read_in_the_forms_that_people_write() {
    for (written, period) in [
        ("(2006/7)", "FY2006-07"),
        ("2006/07", "FY2006-07"),
        ("(2006-07)", "FY2006-07"),
        ("(2006/2007)", "FY2006-07"),
        ("(99/00)", "FY1999-00"),
        ("(08/09)", "FY2008-09"),
        ("(08-09)", "FY2008-09"),
        ("FY2008/09", "FY2008-09"),
        ("(FY 08/09)", "FY2008-09"),
        ("(financial year 2008/09)", "FY2008-09"),
        ("(2008/9 academic year)", "AY2008-09"),
        ("(academic year 2008/09)", "AY2008-09"),
        ("(2008)", "CY2008"),
        ("(calendar year 2008)", "CY2008"),
        ("in 2008", "CY2008"),
        ("(Sept 07)", "Sep 2007"),
        ("(September 2007)", "Sep 2007"),
        ("(Sep '07)", "Sep 2007"),
        ("Sep-07", "Sep 2007"),
        ("(Sep. 07)", "Sep 2007"),
        ("(May 2009)", "May 2009"),
        ("(month of June 2009)", "Jun 2009"),
        ("(Dec 2009/10)", "Dec 2009"),
        ("(Mar 09/10)", "Mar 2010"),
        ("(Dec)", "Dec 2009"),
        ("(2009-06)", "Jun 2009"),
        ("(end Feb 10)", "2010-02-28"),
        ("(end of February 2010)", "2010-02-28"),
        ("(end of 2009)", "2009-12-31"),
        ("(year end 2008/09)", "2009-03-31"),
        ("(as at 31 March 2010)", "2010-03-31"),
        ("(31st March 2010)", "2010-03-31"),
        ("(March 31, 2010)", "2010-03-31"),
        ("(31/03/2010)", "2010-03-31"),
        ("(31.3.10)", "2010-03-31"),
        ("(2010-03-31)", "2010-03-31"),
        ("(Apr-Aug 09)", "2009-04-01/2009-08-31"),
        ("(Apr.-Jun 09)", "2009-04-01/2009-06-30"),
        ("(Apr 09 - Jan 10)", "2009-04-01/2010-01-31"),
        ("(Apr \u{2013} Jan 10)", "2009-04-01/2010-01-31"),
        ("(Apr to Dec 2007)", "2007-04-01/2007-12-31"),
        ("(Apr - Dec 2009/10)", "2009-04-01/2009-12-31"),
        ("(Nov 2009/Jan 2010)", "2009-11-01/2010-01-31"),
        ("Qtr 4 09/10", "FY2009-10-Q4"),
        ("Q3 2009/10", "FY2009-10-Q3"),
        ("(2009/10 Q3)", "FY2009-10-Q3"),
        ("(quarter 3, 2009/10)", "FY2009-10-Q3"),
        ("(3rd quarter 2009/10)", "FY2009-10-Q3"),
        ("(Q3)", "FY2009-10-Q3"),
        ("(FY2009-10-Q3)", "FY2009-10-Q3"),
        ("(Q1-Q3 2009/10)", "2009-04-01/2009-12-31"),
        ("(H1 2009/10)", "FY2009-10-H1"),
        ("(first half of 2009/10)", "FY2009-10-H1"),
        ("(summer 09)", "2009-06-01/2009-08-31"),
        ("(2006-2008)", "2006-01-01/2008-12-31"),
        ("(2006/07 to 2008/09)", "2006-04-01/2009-03-31"),
        ("(year to Dec 2009)", "2009-01-01/2009-12-31"),
        ("(12 months to 30 September 2009)", "2008-10-01/2009-09-30"),
        ("(year to date)", "2009-04-01/2010-03-31"),
    ] {
        assert_eq!(result(&format!("85% {written}")), format!("85% ({period})"), "{written}");
    }
}

#[test]
fn what_is_assumed_of_a_period_is_told() {
    let assumed = |cell: &str| read_result(cell, &context()).unwrap().assumed;
    assert_eq!(assumed("85% (FY2008-09)"), [""; 0]);
    assert_eq!(assumed("85% (2008/09)"), ["2008/09 is taken as a financial year"]);
    assert_eq!(assumed("85% (Sept 07)"), ["the year 07 is taken as 2007"]);
    assert_eq!(assumed("85% (2008)"), ["2008 is taken as the calendar year"]);
    assert_eq!(
        assumed("85% (Q3)"),
        ["Q3 without a year is taken as FY2009-10-Q3, the last one before the report"]
    );
    assert_eq!(assumed("85% (03/04/2009)"), ["3/4 is taken as day and month"]);
    let academic = Context { year: YearKind::Academic, ..context() };
    let reading = read_result("85% (2008/09)", &academic).unwrap();
    assert_eq!(reading.text, "85% (AY2008-09)");
    assert_eq!(reading.assumed, ["2008/09 is taken as an academic year"]);
}

#[test]
fn results_are_read_as_a_human_reads_them() {
    for (cell, read) in [
        ("67%", "67%"),
        ("67 %", "67%"),
        ("67 per cent", "67%"),
        ("\u{2013}22.80%", "-22.80%"),
        ("\u{2212}12.9%", "-12.9%"),
        ("13 points", "13 points"),
        ("1,084", "1084"),
        ("\u{a3}1,234.50", "\u{a3}1234.50"),
        (".5%", "0.5%"),
        ("104.3 per 10,000", "104.3 per 10000"),
        ("8.2 per thousand", "8.2 per 1000"),
        ("104.3 per 10,000 population", "104.3 per 10000 (population)"),
        ("2 out of 15", "2 out of 15"),
        ("2 of the 15", "2 out of 15"),
        ("2/15", "2 out of 15"),
        ("2 schools out of 15", "2 out of 15"),
        ("2 out of 15 (13.3%)", "2 out of 15 (13.3%)"),
        ("13.3% (2/15)", "13.3% (2 out of 15)"),
        ("6 schools (2%)", "6 schools (2%)"),
        ("2% (6 schools)", "2% (6 schools)"),
        ("6 (2%)", "6 (2%)"),
        ("85.30% (estimate)", "85.30% (estimate)"),
        ("85% (provisional)", "85% (provisional)"),
        ("85% (p)", "85% (provisional)"),
        ("85% prov.", "85% (provisional)"),
        ("85% (provisional, Dec 09)", "85% (Dec 2009) (provisional)"),
        ("85% - provisional data", "85% (provisional)"),
        ("85% (TBC)", "85% (unconfirmed)"),
        ("85% (to be confirmed)", "85% (unconfirmed)"),
        ("c. 85%", "85% (approximate)"),
        ("approximately 85%", "85% (approximate)"),
        ("~85%", "85% (approximate)"),
        ("16.7% (baseline)", "16.7% (baseline)"),
        ("73% (05/06 baseline)", "73% (FY2005-06) (baseline)"),
        ("Baseline: 45%", "45% (baseline)"),
        ("75.6% (2007/08 results)", "75.6% (FY2007-08)"),
        ("71% for the 2008/9 academic year", "71% (AY2008-09)"),
        ("8.2% for the full year to March 2010", "8.2% (2009-04-01/2010-03-31)"),
        (
            "63.8% (2008) \u{2013} weighting changed, figure recalculated",
            "63.8% (CY2008) (weighting changed, figure recalculated)",
        ),
        ("22% gap (aged 19 in 2005/6).", "22% (FY2005-06) (gap) (aged 19)"),
        ("16 points (maximum score)", "16 points (maximum score)"),
        ("8.84% LCR (08/09)", "8.84% (FY2008-09) (LCR)"),
        ("41% (n = 23)", "41% (n = 23)"),
        ("55% (16-18 year olds)", "55% (16-18 year olds)"),
        ("Mar 09: 45%", "45% (Mar 2009)"),
        ("1984", "1984"),
        ("2010 (2008/09)", "2010 (FY2008-09)"),
        ("Twelve", "12"),
        ("Dose 1 = 92.1%. Dose 2 = 91.5% Dose 3 = 87%", "Dose 1 = 92.1%; Dose 2 = 91.5%; Dose 3 = 87%"),
        (
            "Dose 1 = 92.1%. Dose 2 = 91.5% (Apr-Aug 09)",
            "Dose 1 = 92.1% (2009-04-01/2009-08-31); Dose 2 = 91.5% (2009-04-01/2009-08-31)",
        ),
        ("KS2 25% (2008) KS4 31.1% (2008)", "KS2 = 25% (CY2008); KS4 = 31.1% (CY2008)"),
        ("25% (KS2) 31.2% (KS4)", "KS2 = 25%; KS4 = 31.2%"),
        ("Outstanding - 4.4% Good - 48.8%", "Outstanding = 4.4%; Good = 48.8%"),
        ("Outstanding-4.4%, Good-48.8%", "Outstanding = 4.4%; Good = 48.8%"),
        ("Physics = 247 Chemistry=351", "Physics = 247; Chemistry = 351"),
        ("Boys 45%, Girls 55%", "Boys = 45%; Girls = 55%"),
        ("45% boys, 55% girls", "boys = 45%; girls = 55%"),
        ("Boys: 45\nGirls: 55", "Boys = 45; Girls = 55"),
        ("Level 4: 83%; Level 5: 25%", "Level 4 = 83%; Level 5 = 25%"),
        ("Key Stage 2: 25%", "Key Stage 2 = 25%"),
        ("N/A", "N/A"),
        ("n.a.", "N/A"),
        ("----", "----"),
        ("\u{2014}", "----"),
        ("", ""),
        (" \u{a0} ", ""),
        ("no data available", "no data"),
        ("Not yet available - due in June", "data awaited, due in June"),
        ("To be confirmed", "To be confirmed"),
        ("*", "withheld"),
    ] {
        assert_eq!(result(cell), read, "{cell:?}");
    }
}

#[test]
fn targets_are_read_as_a_human_reads_them() {
    for (cell, read) in [
        ("<10%", "below 10%"),
        (">95%", "above 95%"),
        ("\u{2264} 10%", "at most 10%"),
        (">=95%", "at least 95%"),
        ("at least 5", "at least 5"),
        ("no more than 12.5%", "at most 12.5%"),
        ("fewer than 20", "below 20"),
        ("not less than 80%", "at least 80%"),
        ("85% or more", "at least 85%"),
        ("85%+", "at least 85%"),
        ("10 or fewer", "at most 10"),
        ("85% (minimum)", "at least 85%"),
        ("max 5%", "at most 5%"),
        ("10% - 15%", "between 10% and 15%"),
        ("10-15%", "between 10% and 15%"),
        ("10% to 15%", "between 10% and 15%"),
        ("between 10 and 15 per cent", "between 10% and 15%"),
        ("10%\u{2013}15%", "between 10% and 15%"),
        ("All (287)", "All (287)"),
        ("all 287", "All (287)"),
        ("16 (end of 2010)", "16 (2010-12-31)"),
        ("4.0% Nov 2010/Jan 2011 average", "4.0% (2010-11-01/2011-01-31) (average)"),
        ("1.07 2010/11", "1.07 (FY2010-11)"),
        ("54% (10/11)", "54% (FY2010-11)"),
        ("85% by March 2011", "85% (Mar 2011)"),
        ("By 2011: 85%", "85% (CY2011)"),
        ("33% (revised target)", "33% (revised) (target)"),
        ("85% (proposed)", "85% (proposed)"),
        ("40% Mar 09, 50% Mar 10, 60% Mar 11", "40% (Mar 2009), 50% (Mar 2010), 60% (Mar 2011)"),
        ("40% (08/09) 50% (09/10) and 60% (10/11)", "40% (FY2008-09), 50% (FY2009-10), 60% (FY2010-11)"),
        ("2008/09: 40%; 2009/10: 50%", "40% (FY2008-09), 50% (FY2009-10)"),
        ("2% increase per year to 2011", "2% increase per year to CY2011"),
        ("1.5% increase per year to 2011 (tentative)", "1.5% increase per year to CY2011 (tentative)"),
        (
            "1% reduction each year between 2008/9 and 2010/11",
            "1% reduction per year between FY2008-09 and FY2010-11",
        ),
        ("reduce by 2 percentage points a year", "2 percentage points reduction per year"),
        ("annual increase of 5", "5 increase per year"),
        ("+2% per annum", "2% increase per year"),
        ("To be set now baseline available", "To be set now baseline available"),
        ("Target to be set in April 2010", "Target to be set in April 2010"),
        ("Under development", "Under development"),
        ("TBC", "TBC"),
        ("N/A", "N/A"),
    ] {
        assert_eq!(target(cell), read, "{cell:?}");
    }
}

/// Where a human would ask back, the cell stays unread.
#[test]
fn what_is_in_doubt_is_unread() {
    let results = [
        "(97.2% increase)",
        "97.2% increase",
        "5% higher than last year",
        "up 3%",
        "+2%",
        "87% (08/09)LAA 75% Dec 09 (national)",
        "903 Local Data 831 PNC Data",
        "England 62% Leicestershire 57%",
        "67% (England 70%)",
        "75% (national)",
        "85% (40)",
        "85% 40",
        "45%, 55%",
        "Boys 45%, Girls 55",
        "Boys 45%, boys 55%",
        "(85%)",
        "- 22%",
        "Good -70%",
        "10 -15%",
        "15% - 10%",
        "10% - 15",
        "10-15%",
        "<5",
        "85% target",
        "78% (forecast)",
        "none",
        "nil",
        "85% in two schools",
        "two or three",
        "1/2/3",
        "10/11",
        "15 out of 2",
        "0 out of 0",
        "2 out of 15 (20%)",
        "16 Mar 09",
        "16 March",
        "2008/09",
        "Q3 76",
        "85% (Q3 2009)",
        "85% (Dec 09) (Jan 10)",
        "85% (academic year 2009)",
        "85% (2008-11)",
        "85% (31/02/2010)",
        "85% (2009/11)",
        "386 (Apr - Dec 10)",
        "85% (final, provisional)",
        "85% ((Dec 09))",
        "85% (Dec 09",
        "40,50",
        "1,08%",
        "12,34,567",
        "09%",
        "10k",
        "16th",
        "\u{bd}",
        "5 \u{b1} 2",
        "1:12",
        "9999999999999999",
        "0.0000000001",
        "40% Mar 09, 50% Mar 10",
        "2% increase per year to 2011",
        "Varies according to organisation",
        "see comments",
        "85% \0",
        "None of 15",
        "baseline8.95%",
        "KS2.5%",
        "2 ot of15",
        "Chemistry3=51",
        "Qtr 4 '-22.8%",
        "per 1,000 schools",
        "survey 2008",
        "15 2009",
        "386 (Arp - Dec 09)",
        "386 (Arp to Dec 09)",
        "87% (Ap-Aug 09)",
        "85% (summer)",
        "85% May",
        "85% (Year 10/11)",
        "5 per year",
    ];
    let read = |cells: &[&str], read: fn(&str) -> String| -> Vec<(String, String)> {
        let pairs = cells.iter().map(|cell| ((*cell).to_owned(), read(cell)));
        pairs.filter(|(_, read)| !read.starts_with("unread: ")).collect()
    };
    assert_eq!(read(&results, result), []);
    let targets = [
        "PNC target 2008/09 823 DCSF require a 1% reduction each year between 2008/9 and 2010/11",
        "Increase % FSM with L2 by 2% per year to reach national average of 62% by 2011",
        "Each organisation increase by at least one HBR level",
        "5% reduction",
        "reduce from 12% to 8%",
        "85% (Q3)",
        "85% by December",
        "50% Mar 10, 40% Mar 09",
        "40% Mar 09, 50% Mar 09",
        "Target to be set at 85%",
        "top quartile",
        "All",
        "85% (baseline)",
        "2% per year",
        "2% increase per year on the 2005/06 baseline",
    ];
    assert_eq!(read(&targets, target), []);
}

/// What cells are made of, for cells that nobody has written yet.
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
            let told = again.as_ref().map(|again| (&again.content, &again.text, again.assumed.len()));
            prop_assert_eq!(
                told,
                Ok((&reading.content, &reading.text, 0)),
                "{:?} reads as {:?}",
                cell,
                reading.text
            );
        }
    }
    if let Ok(reading) = read_target(cell, &context()) {
        let again = read_target(&reading.text, &context());
        let told = again.as_ref().map(|again| (&again.content, &again.text, again.assumed.len()));
        prop_assert_eq!(
            told,
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
        for repeated in
            [format!("{fragment} "), (*fragment).to_owned(), format!("{fragment} 1"), format!("{fragment}/")]
        {
            let times = MOST_CHARACTERS / repeated.chars().count() / 8;
            let looks = |times: usize| {
                let (tokens, steps) = tokens_and_steps(&repeated.repeat(times));
                assert!(steps <= MOST_LOOKS * (tokens + 1), "{repeated:?}: {steps} looks at {tokens} tokens");
                steps
            };
            let (short, long) = (looks(times), looks(8 * times));
            assert!(
                long <= 9 * short + MOST_LOOKS,
                "{repeated:?}: {short} looks, then {long} at eight times the text"
            );
        }
    }
    assert_eq!(parse(&"1".repeat(MOST_CHARACTERS + 1)), Err(Unread::TooLong));
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
}
