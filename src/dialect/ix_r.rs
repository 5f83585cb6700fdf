//! The dialect of the IX-R and IX-V series, as data: what differs from that of the IX2000 and IX3000 series.
//!
//! Second hand, from both official manuals (fact sheet 12); no display of such a router was ever seen. What the manuals do not call
//! different refers to the other dialect's value by name: a display that shows otherwise is corrected here and nowhere else.

use super::Definition;
use super::commands::{Commands, ConfigWords};
use super::device_strings::DeviceStrings;
use super::diagnostic::DiagnosticTexts;
use super::ix;
use super::prompt::PromptForm;

/// What the grammar's table says otherwise: commands that are missing, moved or new.
const DIFFERENCES: &str = include_str!("grammar/ix-r.ixg");

/// All of it.
pub(super) static DEFINITION: Definition = Definition {
    name: "ix-r",
    seen: false,
    tables: &[ix::TABLE, DIFFERENCES],
    commands: COMMANDS,
    words: WORDS,
    strings: STRINGS,
    prompts: PROMPTS,
    diagnostics: DIAGNOSTICS,
};

const COMMANDS: Commands = Commands {
    // `show config` is gone (M).
    show_startup_otherwise: &[],
    // The same two modes, `enable-config`, `svintr-config`, `reload` (M), `terminal width` from 60 to 512 (C). Unknown whether
    // `event-terminal stop` is taken: its refusal is harmless.
    ..ix::COMMANDS
};

/// Users and their right as there (M).
const WORDS: ConfigWords = ConfigWords { ..ix::WORDS };

/// The width of 80 columns is known (C); login, pager, banner, boot and log lines are not. Without the banner the first prompt is
/// waited for a moment longer, and a log line of another form belongs to the answer. `login:` and `Username:` are both answered
/// over a network; on a console only the first, since there the second one is asked by a console server.
const STRINGS: DeviceStrings = DeviceStrings { width: 80, ..ix::STRINGS };

/// Not shown by any source; that there are two modes and submodes is (M).
const PROMPTS: PromptForm = ix::PROMPTS;

/// A restart is known to be announced (C), the words are not known. Another text after `%` is shown, and taken for a refusal only
/// if it quotes the line or holds one of the usual words.
const DIAGNOSTICS: DiagnosticTexts = ix::DIAGNOSTICS;
