//! Reads any text as a result, a baseline and a target: no panic, and what is read reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waymark_domain::notation::{Context, YearKind, read_baseline, read_result, read_target};

fuzz_target!(|cell: &str| {
    let Ok(report_date) = "2010-03-31".parse() else { return };
    let context = Context { report_date, year: YearKind::Financial };
    for read in [read_result, read_baseline] {
        if let Ok(reading) = read(cell, &context) {
            let again = read(&reading.text, &context);
            assert_eq!(again.map(|again| again.content), Ok(reading.content));
        }
    }
    if let Ok(reading) = read_target(cell, &context) {
        let again = read_target(&reading.text, &context);
        assert_eq!(again.map(|again| again.content), Ok(reading.content));
    }
});
