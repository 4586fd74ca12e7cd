//! Words that mean something beside a figure, and those that make it doubtful.

use super::unread::Unread;

/// Words that lead to a time: `as at 31 March`.
pub(super) const LEADING: &str = "in at as by for to on of during the from position";

/// Words that add nothing beside a period or a mark: `2007/08 results`.
pub(super) const FILLERS: &str = "result results figure figures data outturn actual value year is the a";

/// Words that speak of a change or a comparison.
const CHANGES: &str = "increase increased increases increasing decrease decreased decreases reduction reduced reduce \
    reduces reducing rise rises rose risen fall falls fell fallen drop drops dropped improvement improve improved \
    improves growth up down higher lower fewer more less above below over under better worse change changes difference \
    variance versus vs against compared comparison than double doubled halve halved half twice plus minus was were \
    previously previous last prior formerly since until cut between least most every each annum annual annually yearly \
    or about around top bottom quartile rank ranked ranking within outside \
    exceed exceeds beat ish";

/// Numbers that are spelled out.
const NUMBERS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million \
    dozen third thirds quarter quarters tenth fifth zero nil none both neither";

/// Words of a time that is not stated in full.
const HALF_TIMES: &str = "ytd spring summer autumn winter quarterly monthly today yesterday";

/// Words that turn what follows them: `not final`, `not 45%`.
pub(super) const NEGATIONS: &str = "not no non pre without awaiting never";

/// Words that tell whose figure it is or when it was, and so name no part of one result.
pub(super) const NO_NAMES: &str = "england national nationally regional region neighbour neighbours average target \
    baseline actual result results local data laa now and or of to from in by at this current year then for is are be \
    per the a";

/// Words that may follow a number and are not what it counts.
pub(super) const NO_THINGS: &str = "in at by to of for and or from as on with per a the each every max maximum min \
    minimum result results figure figures data";

/// Words for the whole of something, which name no part of it.
pub(super) const WHOLE: &str = "total overall all result figure value data outturn actual rate number percentage score count current currently latest";

/// Words that say that a figure was not measured.
pub(super) const NOT_MEASURED: &str = "forecast forecasted predicted prediction projected projection expected planned \
    aim aspiration target targets anticipated will would should shall";

/// Words that say that a figure is another organisation's.
pub(super) const NOT_OWN: &str =
    "national nationally england english uk regional region neighbour neighbours comparator comparators";

/// Words after which a small whole number is a name: `Year 6`, `Level 4`.
pub(super) const NUMBERED: &[&str] = &[
    "level", "stage", "year", "dose", "grade", "tier", "band", "group", "phase", "area", "ward", "cohort",
    "wave", "type", "part", "class", "category", "ni",
];

/// Whether a list of words has this one, in lower case.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Refuses a word that speaks of a change, spells a number out, or has a number in it that is no name.
pub(super) fn refuse(word: &str) -> Result<(), Unread> {
    let lower = word.to_lowercase();
    if has(CHANGES, &lower) {
        return Err(Unread::Change(word.to_owned()));
    }
    if has(NUMBERS, &lower) {
        return Err(Unread::NumberInWords(word.to_owned()));
    }
    // A month's name is no verb.
    let half_time = has(HALF_TIMES, &lower) || word == "May" || word == "MAY";
    if half_time || !is_name_or_plain(word) { Err(Unread::Stray(word.to_owned())) } else { Ok(()) }
}

/// Before a number these are times of which a part is missing, and no names: `FY10`, `HY1`, `P9`.
const HALF_PERIODS: &str = "FY AY CY HY YE P PD M MTH W WK Y YR";

/// Whether a word has no digits, or is one of the names that have: `KS2`, `NI112`, `Dose1`.
fn is_name_or_plain(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - letters.len();
    if letters.bytes().any(|b| b.is_ascii_digit()) || (digits > 0 && has(HALF_PERIODS, letters)) {
        return false;
    }
    let short_name = letters.len() <= 4 && letters.bytes().all(|b| b.is_ascii_uppercase()) && digits <= 3;
    digits == 0 || short_name || (digits <= 2 && NUMBERED.contains(&letters.to_lowercase().as_str()))
}
