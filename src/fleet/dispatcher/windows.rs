//! When something may begin: only in a window, and only where it can end in it.

use std::time::Duration;

use crate::fleet::clock::Moment;
use crate::fleet::rules::Window;

/// When something may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Now, and it must have ended then.
    Now(Option<Moment>),
    /// Not before this instant.
    Later(Moment),
    /// Never: no window that is still to come is long enough.
    Never,
}

/// When something may begin that takes so long and must keep to every one of these sets of windows.
pub(super) fn fit<'a>(sets: impl Iterator<Item = &'a [Window]> + Clone, now: Moment, needed: Duration) -> Fit {
    let mut at = now;
    // This ends: every round moves on to a later opening, and there are only so many.
    loop {
        let mut closes: Option<Moment> = None;
        let mut opens = at;
        for windows in sets.clone() {
            let fits = |window: &&Window| opens.max(window.from) + needed <= window.until;
            let Some(window) = windows.iter().find(fits) else { return Fit::Never };
            opens = opens.max(window.from);
            closes = Some(closes.map_or(window.until, |closes| closes.min(window.until)));
        }
        if opens == at {
            return if at == now { Fit::Now(closes) } else { Fit::Later(at) };
        }
        at = opens;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fit, fit};
    use crate::fleet::clock::Moment;
    use crate::fleet::rules::Window;

    fn at(millis: u64) -> Moment {
        Moment::from_millis(millis)
    }

    fn windows(from_until: &[[u64; 2]]) -> Vec<Window> {
        from_until.iter().map(|[from, until]| Window { from: at(*from), until: at(*until) }).collect()
    }

    #[test]
    fn nothing_begins_outside_a_window_or_too_late_in_one() {
        let set = windows(&[[10, 20], [30, 50]]);
        let fit = |now, needed| fit([set.as_slice()].into_iter(), at(now), Duration::from_millis(needed));
        assert_eq!(fit(5, 10), Fit::Later(at(10)));
        assert_eq!(fit(10, 10), Fit::Now(Some(at(20))), "it may end when the window closes");
        assert_eq!(fit(11, 10), Fit::Later(at(30)));
        assert_eq!(fit(41, 10), Fit::Never);
        assert_eq!(fit(5, 21), Fit::Never, "no window is long enough");
    }

    #[test]
    fn every_set_of_windows_must_allow_it() {
        let (one, other) = (windows(&[[0, 100], [200, 300]]), windows(&[[90, 150], [250, 280]]));
        let fit = |now, needed| fit([one.as_slice(), &other].into_iter(), at(now), Duration::from_millis(needed));
        assert_eq!(fit(0, 10), Fit::Later(at(90)));
        assert_eq!(fit(0, 20), Fit::Later(at(250)));
        assert_eq!(fit(250, 20), Fit::Now(Some(at(280))));
        assert_eq!(super::fit([].into_iter(), at(7), Duration::MAX), Fit::Now(None), "no windows, no limit");
    }
}
