//! From one row of filters on an interface to another, without a moment in which it passes what both rows drop.
//!
//! Filters are asked in the order of their numbers until one decides; once there is one, what none decides is dropped (fact sheet
//! 11). The new filters are bound next to the old ones before these go: with the old ones still before the new ones, or the new
//! before the old, a packet passes only if one of the two rows alone would let it pass. No number is bound while it is in use,
//! because what the router does then is not known.

/// A filter at a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter<'a> {
    /// The number, lowest first.
    pub seq: u64,
    /// The list.
    pub list: &'a str,
    /// Words after the direction.
    pub options: &'a str,
}

/// One line to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// Bind the filter.
    Bind(Filter<'a>),
    /// Take the filter away.
    Unbind(Filter<'a>),
}

/// The largest number used for a filter that temporarily replaces another.
const HIGHEST: u64 = 65_535;

/// The lines from one row of filters to another; both in the order of their numbers.
pub fn change<'a>(old: &[Filter<'a>], new: &[Filter<'a>]) -> Vec<Change<'a>> {
    let (stand_in, mut changes) = stand_in(old, new, false);
    changes.extend(direct(&stand_in, new));
    changes
}

/// The lines to a row that filters like `new` but is bound beside `old`, and that row: what the final row replaces in a second
/// step.
pub fn to_stand_in<'a>(old: &[Filter<'a>], new: &[Filter<'a>]) -> (Vec<Filter<'a>>, Vec<Change<'a>>) {
    stand_in(old, new, true)
}

/// The second go, from the row that [`to_stand_in`] gave.
pub fn from_stand_in<'a>(stand_in: &[Filter<'a>], new: &[Filter<'a>]) -> Vec<Change<'a>> {
    direct(stand_in, new)
}

/// The row reached after the first go: `new` itself if its numbers can be used at once.
fn stand_in<'a>(old: &[Filter<'a>], new: &[Filter<'a>], always: bool) -> (Vec<Filter<'a>>, Vec<Change<'a>>) {
    let mut head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - head;
    let mut tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count().min(most);
    loop {
        let old_middle = old.get(head..old.len() - tail).unwrap_or_default();
        let new_middle = new.get(head..new.len() - tail).unwrap_or_default();
        let at_once = old_middle.is_empty() || apart(old_middle, new_middle);
        if new_middle.is_empty() || (at_once && !always) {
            return (new.to_vec(), direct(old, new));
        }
        let below = head.checked_sub(1).and_then(|at| old.get(at)).map_or(0, |filter| filter.seq);
        let above = old.get(old.len() - tail).map_or(HIGHEST + 1, |filter| filter.seq);
        let all = || old_middle.iter().chain(new_middle).map(|filter| filter.seq);
        let (lowest, highest) = (all().min().unwrap_or(1), all().max().unwrap_or(1));
        let count = new_middle.len() as u64;
        let first = if highest + count < above {
            Some(highest + 1)
        } else if lowest > below + count {
            Some(lowest - count)
        } else {
            None
        };
        if let Some(first) = first {
            let mut row = old.get(..head).unwrap_or_default().to_vec();
            row.extend((first..).zip(new_middle).map(|(seq, filter)| Filter { seq, ..*filter }));
            row.extend_from_slice(old.get(old.len() - tail..).unwrap_or_default());
            row.sort_by_key(|filter| filter.seq);
            let changes = direct(old, &row);
            return (row, changes);
        }
        // No room beside them: the neighbours move too.
        match (tail, head) {
            (1.., _) => tail -= 1,
            (0, 1..) => head -= 1,
            (0, 0) => return (new.to_vec(), direct(old, new)),
        }
    }
}

/// Whether all numbers of one lie on the same side of all numbers of the other.
fn apart(old: &[Filter<'_>], new: &[Filter<'_>]) -> bool {
    let range = |filters: &[Filter<'_>]| {
        let numbers = || filters.iter().map(|filter| filter.seq);
        (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0))
    };
    let ((old_low, old_high), (new_low, new_high)) = (range(old), range(new));
    old_high < new_low || new_high < old_low
}

/// New ones first to last, then old ones last to first.
fn direct<'a>(old: &[Filter<'a>], new: &[Filter<'a>]) -> Vec<Change<'a>> {
    let binds = new.iter().filter(|filter| !old.contains(filter)).copied().map(Change::Bind);
    let unbinds = old.iter().rev().filter(|filter| !new.contains(filter)).copied().map(Change::Unbind);
    binds.chain(unbinds).collect()
}

#[cfg(test)]
mod tests {
    use super::{Change, Filter, change};

    fn row(text: &str) -> Vec<Filter<'_>> {
        text.split_whitespace()
            .filter_map(|item| item.split_once('@'))
            .map(|(list, seq)| Filter { seq: seq.parse().unwrap_or(0), list, options: "" })
            .collect()
    }

    fn shown(old: &str, new: &str) -> String {
        let shown: Vec<String> = change(&row(old), &row(new))
            .iter()
            .map(|change| match change {
                Change::Bind(filter) => format!("+{}@{}", filter.list, filter.seq),
                Change::Unbind(filter) => format!("-{}@{}", filter.list, filter.seq),
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn new_filters_are_entered_before_old_ones_are_removed() {
        for (old, new, expected) in [
            ("", "a@1 b@2", "+a@1 +b@2"),
            ("a@1 b@2", "", "-b@2 -a@1"),
            ("a@100 z@200", "a@100 z@200", ""),
            ("a@100", "b@200", "+b@200 -a@100"),
            ("a@100", "b@100", "+b@101 -a@100 +b@100 -b@101"),
            ("a@100 z@200", "b@100 z@200", "+b@101 -a@100 +b@100 -b@101"),
            ("a@1 z@2", "b@1 z@2", "+b@3 +z@4 -z@2 -a@1 +b@1 +z@2 -z@4 -b@3"),
            ("a@1 b@2", "b@1 a@2", "+b@3 +a@4 -b@2 -a@1 +b@1 +a@2 -a@4 -b@3"),
        ] {
            assert_eq!(shown(old, new), expected, "{old} -> {new}");
        }
    }
}
