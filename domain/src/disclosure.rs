//! Suppression: small counts identify children, so a caller without the right to see them does not.

use crate::code::Code;
use crate::framework::observation::Observation;
use crate::number::decimal::Decimal;
use crate::number::value::{Unit, Value};
use crate::text::Name;
use crate::time::period::Period;
use std::collections::HashMap;

/// Whether a value has a count below the threshold in it: a numerator, a denominator, or a plain count.
pub fn is_small(value: Value, unit: Unit, threshold: u32) -> bool {
    let below = |count: Decimal| count < Decimal::from(threshold);
    match (value, unit) {
        (Value::Ratio(ratio), _) => below(ratio.numerator()) || below(ratio.denominator()),
        (Value::Number(count), Unit::Count) => below(count.abs()),
        (Value::Number(_), Unit::Percent | Unit::Points | Unit::Number | Unit::Rate { .. }) => false,
    }
}

/// One of several values that add up: a category of a breakdown, or the whole that they make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The value; `None` where there is none to hide.
    pub value: Option<Value>,
    /// Whether it is the whole.
    pub is_whole: bool,
}

/// Which cells of one breakdown are suppressed, in their order: the small ones, and one more where a single hidden
/// category could be had by taking the others from the whole. That one is the smallest category in sight, or the
/// whole where no category is left.
pub fn suppress(cells: &[Cell], unit: Unit, threshold: u32) -> Vec<bool> {
    let mut hidden: Vec<bool> =
        cells.iter().map(|cell| cell.value.is_some_and(|value| is_small(value, unit, threshold))).collect();
    let whole_in_sight =
        cells.iter().zip(&hidden).any(|(cell, hidden)| cell.is_whole && cell.value.is_some() && !hidden);
    let hidden_categories =
        cells.iter().zip(&hidden).filter(|(cell, hidden)| !cell.is_whole && **hidden).count();
    if hidden_categories != 1 || !whole_in_sight {
        return hidden;
    }
    let in_sight =
        cells.iter().zip(&hidden).enumerate().filter(|(_, (cell, hidden))| !**hidden && cell.value.is_some());
    let (wholes, categories): (Vec<_>, Vec<_>) = in_sight.partition(|(_, (cell, _))| cell.is_whole);
    let smallest =
        categories.into_iter().min_by_key(|(_, (cell, _))| cell.value.map(count)).map(|(index, _)| index);
    let also: Vec<usize> = match smallest {
        Some(index) => vec![index],
        None => wholes.into_iter().map(|(index, _)| index).collect(),
    };
    for index in also {
        if let Some(cell) = hidden.get_mut(index) {
            *cell = true;
        }
    }
    hidden
}

/// Which results of one indicator are suppressed, in their order. For every period, component and dimension the
/// whole and all categories are weighed together, so all of them must be among the results.
pub fn suppressed(results: &[&Observation], unit: Unit, threshold: u32) -> Vec<bool> {
    let mut groups: HashMap<(Period, Option<&Name>), Vec<usize>> = HashMap::new();
    for (index, result) in results.iter().enumerate() {
        groups.entry((result.period, result.component.as_ref())).or_default().push(index);
    }
    let mut hidden = vec![false; results.len()];
    for group in groups.into_values() {
        let dimension = |index: &usize| {
            results
                .get(*index)
                .and_then(|result| result.breakdown.as_ref())
                .map(|breakdown| &breakdown.dimension)
        };
        let mut dimensions: Vec<Option<&Code>> = group.iter().map(dimension).collect();
        dimensions.sort_unstable();
        dimensions.dedup();
        for wanted in dimensions {
            let adds_up = |index: &usize| dimension(index).is_none() || dimension(index) == wanted;
            let members: Vec<usize> = group.iter().copied().filter(adds_up).collect();
            let cell = |index: &usize| Cell {
                value: results.get(*index).and_then(|result| result.value()),
                is_whole: dimension(index).is_none(),
            };
            let cells: Vec<Cell> = members.iter().map(cell).collect();
            for (index, is_hidden) in members.into_iter().zip(suppress(&cells, unit, threshold)) {
                if let Some(hidden) = hidden.get_mut(index) {
                    *hidden |= is_hidden;
                }
            }
        }
    }
    hidden
}

/// Whether a cell that could not be read may hold a count: any number in it could be one.
pub fn may_tell_a_count(cell: &str) -> bool {
    cell.chars().any(char::is_numeric)
}

/// The count by which the smallest category is found.
fn count(value: Value) -> Decimal {
    match value {
        Value::Number(count) => count,
        Value::Ratio(ratio) => ratio.numerator(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::value::Ratio;

    fn ratio(numerator: u32, denominator: u32) -> Value {
        Value::Ratio(Ratio::new(numerator.into(), denominator.into()).unwrap())
    }

    fn hidden(cells: &[(Value, bool)]) -> Vec<bool> {
        let cells: Vec<Cell> =
            cells.iter().map(|&(value, is_whole)| Cell { value: Some(value), is_whole }).collect();
        suppress(&cells, Unit::Percent, 5)
    }

    #[test]
    fn small_is_below_the_threshold() {
        assert!(is_small(ratio(4, 100), Unit::Percent, 5));
        assert!(!is_small(ratio(5, 100), Unit::Percent, 5));
        assert!(is_small(ratio(3, 4), Unit::Percent, 3 + 2));
        assert!(is_small(ratio(0, 32), Unit::Percent, 5));
        assert!(is_small(Value::Number(3.into()), Unit::Count, 5));
        assert!(!is_small(Value::Number(3.into()), Unit::Percent, 5));
        assert!(!is_small(ratio(1, 2), Unit::Percent, 0));
    }

    #[test]
    fn a_count_is_small_by_its_size_and_at_the_threshold_it_is_not() {
        assert!(!is_small(Value::Number(5.into()), Unit::Count, 5));
        assert!(is_small(Value::Number("-4".parse().unwrap()), Unit::Count, 5));
        assert!(!is_small(Value::Number("-6".parse().unwrap()), Unit::Count, 5));
        for unit in [Unit::Points, Unit::Number, Unit::Rate { per: 1000 }] {
            assert!(!is_small(Value::Number(3.into()), unit, 5), "{unit}");
        }
    }

    /// Plain counts 3, 9 and 7 of 19: beside the 3 the smallest in sight is the 7.
    #[test]
    fn of_plain_counts_the_smallest_is_hidden_too() {
        let cell = |count: u32, is_whole| Cell { value: Some(Value::Number(count.into())), is_whole };
        let cells = [cell(3, false), cell(9, false), cell(7, false), cell(19, true)];
        assert_eq!(suppress(&cells, Unit::Count, 5), [true, false, true, false]);
    }

    /// A whole that is small is hidden, and its only part needs no other beside it; a whole without a value reveals nothing.
    #[test]
    fn where_the_whole_is_not_in_sight_no_other_category_is_hidden() {
        let (part, other) = (ratio(3, 30), ratio(20, 40));
        assert_eq!(hidden(&[(part, false), (other, false), (ratio(4, 70), true)]), [true, false, true]);
        let cells = [
            Cell { value: Some(part), is_whole: false },
            Cell { value: Some(other), is_whole: false },
            Cell { value: None, is_whole: true },
        ];
        assert_eq!(suppress(&cells, Unit::Percent, 5), [true, false, false]);
    }

    #[test]
    fn a_category_without_a_value_is_not_the_one_that_is_hidden_too() {
        let cells = [
            Cell { value: Some(ratio(3, 30)), is_whole: false },
            Cell { value: None, is_whole: false },
            Cell { value: Some(ratio(20, 40)), is_whole: false },
            Cell { value: Some(ratio(30, 100)), is_whole: true },
        ];
        assert_eq!(suppress(&cells, Unit::Percent, 5), [true, false, true, false]);
    }

    #[test]
    fn a_cell_without_a_number_holds_no_count() {
        assert!(may_tell_a_count("2 of 15, see note"));
        assert!(!may_tell_a_count("Varies according to organisation"));
    }

    /// 30 of 100 in all, of which 3, 7 and 20: with the 3 alone hidden, 30 - 7 - 20 would tell it.
    #[test]
    fn a_lone_hidden_category_takes_another_with_it() {
        let (a, b, c, whole) = (ratio(3, 30), ratio(20, 40), ratio(7, 30), ratio(30, 100));
        assert_eq!(hidden(&[(a, false), (b, false), (c, false), (whole, true)]), [true, false, true, false]);
    }

    #[test]
    fn results_are_weighed_within_their_period_and_dimension() {
        let result = |period: &str, breakdown: Option<&str>, value| Observation {
            period: period.parse().unwrap(),
            breakdown: breakdown.map(|text| text.parse().unwrap()),
            component: None,
            figure: crate::framework::observation::Figure::Value(value),
            definition_version: 1,
            standing: crate::framework::observation::Standing::Final,
            quality: None,
            is_baseline: false,
            note: None,
        };
        let results = [
            result("FY2009-10", None, ratio(30, 100)),
            result("FY2009-10", Some("group=A"), ratio(3, 30)),
            result("FY2009-10", Some("group=B"), ratio(27, 70)),
            result("FY2009-10", Some("gender=girls"), ratio(14, 50)),
            result("FY2008-09", Some("group=B"), ratio(27, 70)),
        ];
        let results: Vec<&Observation> = results.iter().collect();
        assert_eq!(suppressed(&results, Unit::Percent, 5), [false, true, true, false, false]);
    }

    #[test]
    fn two_hidden_categories_hide_each_other() {
        let (a, b, c, whole) = (ratio(3, 30), ratio(2, 40), ratio(25, 30), ratio(30, 100));
        assert_eq!(hidden(&[(a, false), (b, false), (c, false), (whole, true)]), [true, true, false, false]);
    }

    #[test]
    fn the_whole_is_hidden_where_it_would_tell_its_only_part() {
        assert_eq!(hidden(&[(ratio(3, 30), false), (ratio(30, 100), true)]), [true, true]);
        assert_eq!(hidden(&[(ratio(3, 30), false), (ratio(7, 30), false)]), [true, false]);
    }
}
