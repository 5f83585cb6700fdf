//! The place of a switch on the router itself that undoes when nobody says that all is well: off, since none is proven.
//!
//! One note names a watch-group action `command-action-list` (fact sheet on the manual, section 1, T: in passing). Its syntax is
//! not known, and right after `network-monitor NAME enable` the loss event fires at once, before any probe: such a switch would
//! undo the moment it is armed. `docs/reliability.md` has the procedure by which somebody with a spare router can find out.
//! Whoever has proven one adds its variant here: what it types before the first line and after the save is then asked of it.

use crate::message::Text;
use crate::plan::Command;

/// What undoes on the router by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DeadManSwitch {
    /// Nothing.
    #[default]
    Off,
}

impl DeadManSwitch {
    /// The lines that arm it, sent before the first line of a plan.
    pub(super) fn arm(self) -> Vec<Command> {
        match self {
            Self::Off => Vec::new(),
        }
    }

    /// The lines that disarm it, sent before the save.
    pub(super) fn disarm(self) -> Vec<Command> {
        match self {
            Self::Off => Vec::new(),
        }
    }

    /// What a plan says of it.
    pub(super) fn words(self) -> Text {
        match self {
            Self::Off => Text::new(
                "not available: a timer on the router that undoes by itself (none is proven on an IX)",
                "利用不可: ルータ自身による自動復旧タイマ(IX では実証されていません)",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DeadManSwitch;

    #[test]
    fn it_is_off_types_nothing_and_says_so() {
        let switch = DeadManSwitch::default();
        assert!(switch.arm().is_empty() && switch.disarm().is_empty());
        assert!(switch.words().en.starts_with("not available"));
    }
}
