//! Stretches of time between two instants, and what is left of them.

use jiff::Timestamp;

/// From an instant to another one, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The first instant of it.
    pub start: Timestamp,
    /// The first instant after it; later than `start`.
    pub end: Timestamp,
}

impl Interval {
    /// The stretch between two instants; nothing where the second is not the later one.
    pub fn new(start: Timestamp, end: Timestamp) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Whether an instant is in it.
    pub fn contains(&self, instant: Timestamp) -> bool {
        (self.start..self.end).contains(&instant)
    }

    /// The part of it between two instants.
    pub fn within(self, from: Timestamp, until: Timestamp) -> Option<Self> {
        Self::new(self.start.max(from), self.end.min(until))
    }
}

/// The same time as stretches in order that neither overlap nor touch.
pub(super) fn union(mut all: Vec<Interval>) -> Vec<Interval> {
    all.sort_unstable();
    let mut joined: Vec<Interval> = Vec::with_capacity(all.len());
    for next in all {
        match joined.last_mut().filter(|last| next.start <= last.end) {
            Some(last) => last.end = last.end.max(next.end),
            None => joined.push(next),
        }
    }
    joined
}

/// What is in the first ones and not in the others; both in order, without overlaps, and so is the result.
pub(super) fn without(from: Vec<Interval>, taken: &[Interval]) -> Vec<Interval> {
    let mut left = Vec::with_capacity(from.len());
    let mut taken = taken.iter().copied().peekable();
    for one in from {
        let mut start = one.start;
        while let Some(next) = taken.peek().copied().filter(|next| next.start < one.end) {
            left.extend(Interval::new(start, next.start));
            start = start.max(next.end);
            if next.end > one.end {
                break;
            }
            taken.next();
        }
        left.extend(Interval::new(start, one.end));
    }
    left
}
