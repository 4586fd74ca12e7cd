//! Summaries: how many measures have which rating, and which reds came, stayed and went.

use crate::rating::{Colour, Rating};

/// So many of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub count: usize,
    /// In whole per cent of all, half rounded up; zero where there are none at all.
    pub percent: usize,
}

/// A count as a whole percentage of a total, half rounded up. Shares need not add up to 100.
pub fn share(count: usize, total: usize) -> Share {
    // (200 c + t) / 2t is 100 c / t and a half, cut to a whole number.
    let percent = if total == 0 { 0 } else { (200 * count + total) / (2 * total) };
    Share { count, percent }
}

/// Four separate lists of what changed between two reports (source 000).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes<K> {
    /// Red now and not before.
    pub newly_red: Vec<K>,
    /// Red now and before.
    pub still_red: Vec<K>,
    /// Red before, and now judged or explained otherwise.
    pub no_longer_red: Vec<K>,
    /// Red before, and gone because the indicator was deleted from the plan.
    pub left_deleted: Vec<K>,
}

/// What changed between two positions of one plan, each measure with its rating, `None` where it had been deleted
/// or was not there yet. The lists keep the order of the measures.
pub fn changes<K>(measures: impl IntoIterator<Item = (K, Option<Rating>, Option<Rating>)>) -> Changes<K> {
    let is_red = |rating: Rating| rating == Rating::Judged(Colour::Red);
    let mut lists = Changes {
        newly_red: Vec::new(),
        still_red: Vec::new(),
        no_longer_red: Vec::new(),
        left_deleted: Vec::new(),
    };
    for (measure, before, now) in measures {
        let list = match (before.is_some_and(is_red), now.map(is_red)) {
            (true, None) => &mut lists.left_deleted,
            (true, Some(true)) => &mut lists.still_red,
            (true, Some(false)) => &mut lists.no_longer_red,
            (false, Some(true)) => &mut lists.newly_red,
            (false, Some(false) | None) => continue,
        };
        list.push(measure);
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rating::NoRating;

    /// Source 003: 4, 11, 15 and 3 of 33 are 12, 33, 45 and 9 per cent; source 004: 27, 23, 23, 2 and 11 of 86 are
    /// 31, 27, 27, 2 and 13.
    #[test]
    fn shares_come_out_as_in_the_reports() {
        let percents = |counts: &[usize]| {
            let total = counts.iter().sum();
            counts.iter().map(|count| share(*count, total).percent).collect::<Vec<_>>()
        };
        assert_eq!(percents(&[4, 11, 15, 3]), [12, 33, 45, 9]);
        assert_eq!(percents(&[27, 23, 23, 2, 11]), [31, 27, 27, 2, 13]);
        assert_eq!(share(1, 200).percent, 1, "a half is rounded up");
        assert_eq!(share(0, 0), Share { count: 0, percent: 0 });
    }

    #[test]
    fn each_red_stands_in_one_list() {
        let (red, green) = (Rating::Judged(Colour::Red), Rating::Judged(Colour::Green));
        let no_data = Rating::None(NoRating::NoNewData);
        let lists = changes([
            ("placements", Some(red), Some(green)),
            ("conceptions", Some(green), Some(red)),
            ("progression", Some(red), Some(red)),
            ("key stage 3", Some(red), None),
            ("a new one", None, Some(red)),
            ("lunches", Some(green), Some(no_data)),
            ("a deleted one", Some(green), None),
            ("attainment", Some(red), Some(no_data)),
        ]);
        assert_eq!(lists.newly_red, ["conceptions", "a new one"]);
        assert_eq!(lists.still_red, ["progression"]);
        assert_eq!(lists.no_longer_red, ["placements", "attainment"]);
        assert_eq!(lists.left_deleted, ["key stage 3"]);
    }
}
