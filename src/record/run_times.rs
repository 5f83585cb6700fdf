//! When a run was ordered and when it began, by following its own records: one that was given a time waits for it first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// The times of a run, each in milliseconds since 1970 by the clock of the machine that carried it out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunTimes {
    /// When it was ordered, where it was given a time to wait for.
    pub ordered_ms: Option<i64>,
    /// When it began; nothing where it ended while it waited, or still waits.
    pub begun_ms: Option<i64>,
    /// The time that it waits for.
    due_ms: Option<i64>,
}

impl RunTimes {
    /// Follows one more record of the run itself, in their order.
    pub fn take(&mut self, at_ms: i64, kind: &Kind) {
        match kind {
            Kind::Begun { .. } => *self = Self { begun_ms: Some(at_ms), ..Self::default() },
            Kind::Scheduled { at } => {
                self.ordered_ms = self.begun_ms.take();
                self.due_ms = at.parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
            }
            Kind::TimeReached => self.begun_ms = Some(at_ms),
            Kind::Continued { .. } => drop(self.begun_ms.get_or_insert(at_ms)),
            // Earlier versions did not record that the time had come.
            Kind::RunEnded { .. } if self.begun_ms.is_none() => self.begun_ms = self.due_ms.filter(|due| *due <= at_ms),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RunTimes;
    use crate::record::Kind;
    use crate::record::fixtures::begun;

    /// The ordered and the begun time, in seconds after the records' beginning.
    fn times(records: &[(i64, Kind)]) -> [Option<i64>; 2] {
        let mut times = RunTimes::default();
        records.iter().for_each(|(at, kind)| times.take(at * 1000, kind));
        [times.ordered_ms, times.begun_ms].map(|ms| ms.map(|ms| ms / 1000))
    }

    fn scheduled() -> Kind {
        Kind::Scheduled { at: "1970-01-01T00:01:40Z".to_owned() }
    }

    #[test]
    fn a_run_that_was_given_a_time_began_when_that_had_come_and_not_when_it_was_ordered() {
        let ended = || Kind::RunEnded { exit: 0 };
        assert_eq!(times(&[(1, begun(["r1"])), (9, ended())]), [None, Some(1)]);
        let waits = || vec![(1, begun(["r1"])), (1, scheduled())];
        let after = |more: Vec<(i64, Kind)>| times(&waits().into_iter().chain(more).collect::<Vec<_>>());
        assert_eq!(after(Vec::new()), [Some(1), None], "it still waits");
        assert_eq!(after(vec![(101, Kind::TimeReached), (120, ended())]), [Some(1), Some(101)]);
        assert_eq!(after(vec![(120, ended())]), [Some(1), Some(100)], "as an earlier version recorded it");
        assert_eq!(after(vec![(50, ended())]), [Some(1), None], "it was ended while it waited");
        let goes_on = Kind::Continued { by: String::new(), machine: String::new(), routers: Vec::new(), policy: None };
        assert_eq!(after(vec![(50, ended()), (60, goes_on)]), [Some(1), Some(60)]);
    }
}
