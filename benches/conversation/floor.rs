//! The round trips that a change over SSH needs if no rule is broken and no wait is wasted.

use std::time::Duration;

use ixdeploy::plan::Plan;
use ixdeploy::session::Settings;

/// What must follow one on the other, and how many round trips each needs.
pub struct Floor {
    /// Name and round trips.
    pub parts: Vec<(&'static str, usize)>,
}

/// TCP, versions and algorithms together, two for the group exchange, the request for authentication, the password, the channel,
/// and terminal and shell together.
const CONNECT: usize = 8;

impl Floor {
    /// Of a plan: line by line, or with windows. What depends on nothing (what only shows, the set-up of the terminal, the way out)
    /// goes together then.
    pub fn of(plan: &Plan, checks: usize, windows: bool) -> Self {
        let lines = plan.windows(if windows { Settings::default().window } else { 1 }).len();
        let together = |count: usize| if windows { count.min(1) } else { count };
        let fresh = if plan.commands.iter().any(|command| command.may_cut) { CONNECT + 1 } else { 0 };
        let parts = vec![
            ("connect and log in", CONNECT),
            ("config mode", 1),
            ("prove type-ahead", usize::from(windows)),
            ("terminal: no pager, wide", together(2)),
            ("read model and serial number, firmware, running, startup", together(4)),
            (if windows { "push, window by window" } else { "push, line by line" }, lines),
            ("verify: read running", 1),
            ("a fresh login, because the lifeline is touched", fresh),
            ("checks", together(checks)),
            ("save, and read startup", 2),
            ("leave config mode, log out", together(2)),
        ];
        Self { parts }
    }

    /// All of them.
    pub fn round_trips(&self) -> usize {
        self.parts.iter().map(|(_, trips)| trips).sum()
    }

    /// In seconds.
    pub fn seconds(&self, one_way: Duration) -> f64 {
        self.round_trips() as f64 * 2.0 * one_way.as_secs_f64()
    }

    /// The derivation, in one line.
    pub fn derivation(&self) -> String {
        let parts: Vec<String> =
            self.parts.iter().filter(|(_, trips)| *trips > 0).map(|(name, trips)| format!("{name} {trips}")).collect();
        parts.join("; ")
    }
}
