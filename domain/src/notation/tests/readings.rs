//! What is read.

use super::*;

const PERIODS: &[(&str, &str)] = &[
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
    ("31-Mar-10", "2010-03-31"),
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
    ("2009-2010", "FY2009-10"),
    ("(2008-2009)", "FY2008-09"),
    ("(2006/07 to 2008/09)", "2006-04-01/2009-03-31"),
    ("(year to Dec 2009)", "2009-01-01/2009-12-31"),
    ("(12 months to 30 September 2009)", "2008-10-01/2009-09-30"),
    ("(year to date)", "2009-04-01/2010-03-31"),
];

#[test]
fn periods_are_read_in_the_forms_that_people_write() {
    for (written, period) in PERIODS {
        assert_eq!(result(&format!("85% {written}")), format!("85% ({period})"), "{written}");
    }
}

#[test]
fn what_is_assumed_of_a_period_is_reported() {
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

const RESULTS: &[(&str, &str)] = &[
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
    ("1984", "1,984"),
    ("Physics = 1984 Chemistry=351", "Physics = 1,984; Chemistry = 351"),
    ("2010 (2008/09)", "2,010 (FY2008-09)"),
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
    ("rate: 7.5 per 10,000", "7.5 per 10000 (rate)"),
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
    ("Not due", "data awaited"),
    ("Data due Q4", "data awaited, Q4"),
    ("*", "withheld"),
];

#[test]
fn results_are_read_as_a_human_reads_them() {
    for (cell, read) in RESULTS {
        assert_eq!(result(cell), *read, "{cell:?}");
    }
}

const TARGETS: &[(&str, &str)] = &[
    ("<10%", "below 10%"),
    (">95%", "above 95%"),
    ("\u{2264} 10%", "at most 10%"),
    (">=95%", "at least 95%"),
    ("=>80%", "at least 80%"),
    ("=< 5", "at most 5"),
    ("2,012", "2,012"),
    ("2012 (2011/12)", "2,012 (FY2011-12)"),
    ("at least 5", "at least 5"),
    ("no more than 12.5%", "at most 12.5%"),
    ("fewer than 20", "below 20"),
    ("not less than 80%", "at least 80%"),
    ("85% or more", "at least 85%"),
    ("85%+", "at least 85%"),
    ("10 or fewer", "at most 10"),
    ("85% (minimum)", "at least 85%"),
    ("max 5%", "at most 5%"),
    ("Increase to 85%", "at least 85%"),
    ("Reduce to 8% by March 2011", "at most 8% (Mar 2011)"),
    ("Maintain 90%", "90% (Maintain)"),
    ("Not below 45%", "at least 45%"),
    ("not over 5", "at most 5"),
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
];

#[test]
fn targets_are_read_as_a_human_reads_them() {
    for (cell, read) in TARGETS {
        assert_eq!(target(cell), *read, "{cell:?}");
    }
}
