//! How long the rest of a plan takes on this cable: at first by the speed of the wire, then by what the lines so far have taken.

use std::time::{Duration, UNIX_EPOCH};

use super::page::Left;
use crate::message::Lang;
use crate::plan::Plan;
use crate::record::{Envelope, Kind};

/// Bytes on the wire beside a line itself: its end, the prompt after it.
const AROUND: usize = 32;
/// From so many lines on, what was measured says more than the wire.
const MEASURED: usize = 3;

/// A line of a plan that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number, from 1.
    pub number: usize,
    /// When, by the clock of this machine, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Outgoing {
    /// The line that is recorded here; nothing of what is no line of the plan, or one that takes it back.
    pub fn of(envelope: &Envelope) -> Option<Self> {
        let Kind::Sending { number, undo: false, .. } = envelope.kind else { return None };
        let since = envelope.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Some(Self { number, at_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX) })
    }
}

/// The length of each line of a plan, in bytes.
pub fn lengths(plan: &Plan) -> Vec<usize> {
    plan.commands.iter().map(|command| command.text.len()).collect()
}

/// The lines of a plan, and the time they take.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    speed: u32,
    lengths: Vec<usize>,
    begun_ms: Option<u64>,
}

impl Pace {
    /// For lines of these lengths over a wire of this speed, in bit/s.
    pub fn new(lengths: Vec<usize>, speed: u32) -> Self {
        Self { speed, lengths, begun_ms: None }
    }

    /// How long it takes from this line on, which goes out now; nothing where nothing is known of it.
    pub fn left(&mut self, Outgoing { number, at_ms: now_ms }: Outgoing) -> Option<Duration> {
        let begun = *self.begun_ms.get_or_insert(now_ms);
        let done = number.checked_sub(1)?;
        let cost = |lengths: &[usize]| {
            lengths.iter().map(|length| u64::try_from(length + AROUND).unwrap_or(u64::MAX)).sum::<u64>()
        };
        let (sent, rest) = (cost(self.lengths.get(..done)?), cost(self.lengths.get(done..)?));
        let taken = now_ms.saturating_sub(begun);
        let millis = match done >= MEASURED && taken > 0 {
            true => rest.saturating_mul(taken) / sent.max(1),
            // Ten bits a byte.
            false => rest.saturating_mul(10_000) / u64::from(self.speed).max(1),
        };
        (self.speed > 0).then(|| Duration::from_millis(millis))
    }
}

/// How long the lines of a plan still take, and that they are not all.
pub fn lines_left(left: Duration, lang: Lang) -> Left {
    let time = time_left(left, lang);
    let whole = match lang {
        Lang::En => format!("{time} for the lines; then they are read again, checked and saved"),
        Lang::Ja => format!("送信の{time}。その後、読み直し・確認・保存"),
    };
    Left { time, whole }
}

/// How long the rest takes, in words.
pub fn time_left(left: Duration, lang: Lang) -> String {
    let seconds = left.as_secs();
    let clock = format!("{}:{:02}", seconds / 60, seconds % 60);
    match lang {
        Lang::En => format!("{clock} left"),
        Lang::Ja => format!("残り {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outgoing, Pace};

    fn line(number: usize, at_ms: u64) -> Outgoing {
        Outgoing { number, at_ms }
    }

    #[test]
    fn the_first_lines_are_reckoned_by_the_wire_and_the_others_by_what_they_took() {
        let mut pace = Pace::new(vec![64; 10], 9600);
        let wire = pace.left(line(1, 1_000)).map(|left| left.as_millis());
        assert_eq!(wire, Some(1000), "960 bytes at 960 a second");
        let measured = pace.left(line(6, 11_000)).map(|left| left.as_millis());
        assert_eq!(measured, Some(10_000), "five took ten seconds");
        assert_eq!(pace.left(line(12, 12_000)), None, "a line that the plan has not");
        assert_eq!(Pace::default().left(line(1, 0)), None, "no speed is known");
    }
}
