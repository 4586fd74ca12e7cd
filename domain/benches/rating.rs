//! The rating engine on one core: how many measures a second, and how much memory it asks for on the way.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "what cannot go on should say where; criterion's macros have no docs"
)]

mod allocations;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::Indicator;
use waymark_domain::measure::Line;
use waymark_domain::observation::{Figure, Observation, Standing};
use waymark_domain::period::Period;
use waymark_domain::polarity::Polarity;
use waymark_domain::rating::{Case, rate};
use waymark_domain::scheme::Scheme;
use waymark_domain::target::{Baseline, Condition, Target, TargetState};
use waymark_domain::text::Title;
use waymark_domain::trajectory::{Point, Trajectory};
use waymark_domain::value::{Ratio, Unit, Value};

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn number(text: &str) -> Value {
    Value::Number(decimal(text))
}

fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

/// One measure: what is rated, and what it is called among the figures.
struct Measure {
    name: &'static str,
    indicator: Indicator,
    line: Line,
    result: Option<Observation>,
}

fn measure(
    name: &'static str,
    from: Value,
    condition: Condition,
    trajectory: Trajectory,
    actual: Option<Value>,
) -> Measure {
    let title = Title::new("An indicator").expect("a title");
    let polarity = Some(Polarity::HigherIsBetter);
    let indicator = Indicator { polarity, ..Indicator::new(title, Unit::Percent, 1) };
    let baseline = Baseline::Known { value: from, period: None, definition_version: 1, note: None };
    let target = Target::Set {
        period: None,
        condition,
        state: TargetState::Agreed,
        note: None,
        origin: None,
        review_on: None,
    };
    let line = Line { component: None, baseline: Some(baseline), target: Some(target), trajectory };
    let result = actual.map(|value| Observation {
        period: period("2009-12"),
        breakdown: None,
        component: None,
        figure: Figure::Value(value),
        definition_version: 1,
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    });
    Measure { name, indicator, line, result }
}

/// A measure of each kind, as plans have them.
fn measures() -> Vec<Measure> {
    let points = ["FY2008-09", "FY2009-10", "FY2010-11"].into_iter().zip(["29", "31", "33"]);
    let points: Vec<Point> =
        points.map(|(text, value)| Point { period: period(text), value: number(value) }).collect();
    let ratio = Value::Ratio(Ratio::new(decimal("731"), decimal("2311")).expect("a ratio"));
    let reach = || Condition::AtLeast(number("33"));
    vec![
        measure("straight line", number("26"), reach(), Trajectory::Linear, Some(number("29.1"))),
        measure("ratio", number("26"), reach(), Trajectory::Linear, Some(ratio)),
        measure("milestones", number("26"), reach(), Trajectory::Milestones(points), Some(number("29.1"))),
        measure("target met", number("26"), reach(), Trajectory::Linear, Some(number("40"))),
        measure("no result", number("26"), reach(), Trajectory::Linear, None),
    ]
}

fn rating(criterion: &mut Criterion) {
    let (plan, scheme) = (period("2008-04-01/2011-03-31"), Scheme::baseline_to_target());
    let mut group = criterion.benchmark_group("rate");
    group.throughput(Throughput::Elements(1));
    for Measure { name, indicator, line, result } in &measures() {
        let case = Case { plan, scheme: &scheme, indicator, line, result: result.as_ref() };
        let asked = allocations::during(|| {
            for _ in 0..1000 {
                black_box(rate(black_box(case)));
            }
        });
        println!("rate/{name}: {asked} allocations in 1000 measures");
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| rate(black_box(case)));
        });
    }
}

criterion_group!(benches, rating);
criterion_main!(benches);
