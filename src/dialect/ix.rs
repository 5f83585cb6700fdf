//! The dialect of the IX2000 and IX3000 series, as data.
//!
//! T, C, M and I after a text say how sure we are of it, as in the grammar's table; sections are those of the fact sheet.

use super::Definition;
use super::commands::{Commands, ConfigWords};
use super::device_strings::{Around, DeviceStrings, LogForm};
use super::diagnostic::DiagnosticTexts;
use super::prompt::PromptForm;

/// The grammar's table.
pub(super) const TABLE: &str = include_str!("grammar/table.ixg");

/// All of it.
pub(super) static DEFINITION: Definition = Definition {
    name: "ix",
    seen: true,
    tables: &[TABLE],
    commands: COMMANDS,
    words: WORDS,
    strings: STRINGS,
    prompts: PROMPTS,
    diagnostics: DIAGNOSTICS,
};

pub(super) const COMMANDS: Commands = Commands {
    // Modes: section 2.
    enable_config: "enable-config",
    steal_config: "svintr-config",
    top: "configure",
    tops: &["configure", "configure terminal", "enable-config"],
    exit: "exit",
    // The terminal: section 3; log lines: section 1.
    no_pager: "terminal length 0",
    wide: "terminal width 512",
    no_events: "event-terminal stop",
    // Saving and restarting: section 5.
    save: "write memory",
    reload: "reload",
    yes: "yes",
    no: "no",
    // Section 9.
    generate_host_key: "pki private-key generate rsa",
    show_running: "show running-config",
    show_startup: "show startup-config",
    // A firmware may know one of them only (M).
    show_startup_otherwise: &["show config"],
    show_version: "show version",
    show_hardware: "show hardware",
    // Section 8: answered in every mode.
    show_clock: "show clock",
    show_flash: "show flash",
    // Section 2.
    comment: "!",
};

pub(super) const WORDS: ConfigWords = ConfigWords {
    negation: "no",
    host_name: "hostname",
    user: "username",
    // Section 1, T: the right is the line's last word.
    administrator: "administrator",
    // Section 9: T that the key had to be generated on one firmware, M that SSH is impossible without, T that another made it
    // by itself.
    ssh_server: "ssh-server ip enable",
};

pub(super) const STRINGS: DeviceStrings = DeviceStrings {
    // Section 3.
    pager: "--More--",
    pager_next: b' ',
    pager_quit: b'q',
    // Ctrl-U: section 10.
    erase_line: 0x15,
    // Section 1; telnet drivers of others expect `Username:` (section 16).
    login: "login:",
    other_logins: &["Username:"],
    password: "Password:",
    banner: "NEC Portable Internetwork Core Operating System Software",
    // At a reload, and in the boot monitor: section 5.
    question_ends: &["(Yes or [No])"],
    question_begins: &["Enter \"Y\" to "],
    boot_monitor: Around { before: "boot[", behind: "]>" },
    around_display: &["Enter configuration commands", "Building configuration..."],
    // From the boot of an IX2105.
    boot: &[
        "NEC Diagnostic Software",
        "NEC Bootstrap Software",
        "%DIAG-INFO",
        "%BOOT-INFO",
        "Loading: #",
        "Starting at 0x",
        "Configuring router subsystems",
        "Initializing router subsystems",
    ],
    // Section 5 shows one in `show logging`; the form on a terminal is not attested, so the stamp may be missing.
    log: LogForm { stamp: "0000/00/00 00:00:00 ", facility: [2, 8], digits: 3 },
    // Section 3.
    width: 80,
    // Section 1: 9600 from the factory, 38400 and 115200 seen.
    console_speed: 9600,
    console_speeds: &[9600, 115_200, 38_400, 19_200, 57_600, 4800],
};

/// Section 2: `Router# `, `Router(config)# `, `Router(config-GigaEthernet2.0)# `; with `%` for a monitor user.
pub(super) const PROMPTS: PromptForm = PromptForm { administrator: '#', monitor: '%', config: "config" };

/// Section 4.
pub(super) const DIAGNOSTICS: DiagnosticTexts = DiagnosticTexts {
    sign: '%',
    // With and without the sign (sections 4 and 16).
    occupied: &["CONFIG process is occupied"],
    // What a monitor user is told.
    bare_refusals: &["?Invalid command"],
    quote: " -- ",
    reasons: &["Invalid", "Ambiguous", "Incomplete"],
    restart_required: &["You must restart the router"],
    not_saved: &["running-configuration is not saved yet"],
    user_added: Around { before: "User ", behind: "has been added" },
    notices: &[
        "do NOT enter CNTL/Z while saving",
        "Downloading",
        "Check ...",
        "Update file name is",
        "Writing ...",
        "Software update completed",
        "is cleared.",
    ],
    notice_begins: &["You may use `svintr-config'"],
    // The first six are recorded on devices (`Sequence number 5 has been ignored`: the line was taken with another meaning than
    // was typed); the rest appear in drivers' lists only.
    refusals: &[
        "-- Invalid command",
        "-- Ambiguous command",
        "Expects a subcommand or item selection",
        "?Invalid command",
        "out of range",
        "has been ignored",
        "Incomplete command",
        "Invalid input",
        "Invalid parameter",
        "Command not found",
        "already exists",
        "ambiguous",
        "cannot",
        "denied",
        "duplicate",
        "error",
        "failed",
        "insufficient",
        "not allowed",
        "not exist",
        "not found",
        "not permitted",
        "not supported",
        "unable",
        "unsupported",
    ],
    save_failures: &[
        "error",
        "fail",
        "denied",
        "unable",
        "cannot",
        "insufficient",
        "not present",
        "not enough",
        "no space",
        "aborted",
    ],
};
