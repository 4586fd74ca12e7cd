//! The status of a plan of 200 measures, as the service makes it: how long it takes, and what memory it asks for.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "what cannot go on should say where; criterion's macros have no docs"
)]

mod allocations;

use std::hint::black_box;

use chrono::NaiveDate;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::{Frequency, Indicator};
use waymark_domain::measure::{Composite, Line, Measure};
use waymark_domain::observation::{Figure, Observation, Standing};
use waymark_domain::period::Period;
use waymark_domain::plan::Plan;
use waymark_domain::scheme::Scheme;
use waymark_domain::status::{Position, Received, status};
use waymark_domain::target::{Baseline, Condition, Target, TargetState};
use waymark_domain::text::Title;
use waymark_domain::tracker::ExceptionRule;
use waymark_domain::trajectory::Trajectory;
use waymark_domain::value::{Unit, Value};

const MEASURES: u64 = 200;

fn title() -> Title {
    Title::new("A title").expect("a title")
}

fn number(number: u32) -> Value {
    Value::Number(Decimal::from(number))
}

fn plan() -> Plan {
    Plan {
        title: title(),
        span: "2008-04-01/2018-03-31".parse().expect("a period"),
        themes: Vec::new(),
        priorities: Vec::new(),
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::Quarterly,
        exception_rules: ExceptionRule::shipped(),
    }
}

/// From 20 per cent to at least 80.
fn measure() -> Measure {
    let baseline = Baseline::Known { value: number(20), period: None, definition_version: 1, note: None };
    let target = Target::Set {
        period: None,
        condition: Condition::AtLeast(number(80)),
        state: TargetState::Agreed,
        note: None,
        review_on: None,
        origin: None,
    };
    let line = Line {
        component: None,
        baseline: Some(baseline),
        target: Some(target),
        trajectory: Trajectory::Linear,
    };
    Measure {
        theme: Code::new("be-healthy").expect("a code"),
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines: vec![line],
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

/// So many months from April 2008 on, the later ones first, as a database may give them.
fn results(months: usize) -> Vec<Received> {
    let first = Period::month(2008, 4).ok();
    let months = std::iter::successors(first, |month| month.next().ok()).take(months);
    let mut results: Vec<Received> =
        months.zip(20..).map(|(month, figure)| received(month, figure)).collect();
    results.reverse();
    results
}

fn received(period: Period, figure: u32) -> Received {
    let result = Observation {
        period,
        breakdown: None,
        component: None,
        figure: Figure::Value(number(figure % 80)),
        definition_version: 1,
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    };
    Received { result, on: period.last_day(), is_suppressed: false }
}

fn status_of_a_plan(criterion: &mut Criterion) {
    let (plan, measure) = (plan(), measure());
    let indicator =
        Indicator { frequency: Some(Frequency::Monthly), ..Indicator::new(title(), Unit::Percent, 1) };
    let as_at = NaiveDate::from_ymd_opt(2018, 2, 10).expect("a day");
    let mut group = criterion.benchmark_group("status of 200 measures");
    group.throughput(Throughput::Elements(MEASURES));
    for months in [12, 36, 120] {
        let results = results(months);
        let position = Position {
            plan: &plan,
            indicator: &indicator,
            measure: &measure,
            results: &results,
            judgements: &[],
            as_at,
            previous_report: None,
        };
        let of_plan = || {
            for _ in 0..MEASURES {
                black_box(status(black_box(position), 5));
            }
        };
        println!("{months} results each: {} allocations", allocations::during(of_plan));
        group.bench_function(BenchmarkId::new("results each", months), |bencher| bencher.iter(of_plan));
    }
}

criterion_group!(benches, status_of_a_plan);
criterion_main!(benches);
