//! The parsers that a push goes through, and the one that reads the cells of a table.

#![allow(missing_docs, reason = "criterion's macros have no docs")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::Breakdown;
use waymark_domain::notation;
use waymark_domain::period::Period;

/// Times a reader of texts, in texts a second.
fn read<T, E>(
    criterion: &mut Criterion,
    name: &str,
    texts: &[&'static str],
    reader: impl Fn(&'static str) -> Result<T, E>,
) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1));
    for text in texts {
        assert!(reader(text).is_ok(), "{name} does not read {text}");
        group.bench_with_input(BenchmarkId::from_parameter(text), text, |bencher, text| {
            bencher.iter(|| reader(black_box(text)));
        });
    }
}

fn parsers(criterion: &mut Criterion) {
    read(criterion, "decimal", &["29", "82.4", "-123456789012345.123456789"], str::parse::<Decimal>);
    let periods = ["2010-06", "FY2009-10", "FY2009-10-Q3", "2009-04-01/2009-12-31", "2009-09-30"];
    read(criterion, "period", &periods, str::parse::<Period>);
    read(criterion, "code", &["NI52", "cypp-2008-2011"], Code::new);
    read(criterion, "breakdown", &["district=Harborough"], str::parse::<Breakdown>);
    let cells = ["82.4%", "12 (Dec 09)", "10% - 15%", "823 (08/09)", "To be set once baseline available"];
    read(criterion, "notation", &cells, notation::parse);
}

criterion_group!(benches, parsers);
criterion_main!(benches);
