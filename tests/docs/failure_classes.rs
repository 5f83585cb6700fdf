//! Every router that failed by itself has one class of failure: each code with which one can fail says which, and the table of the classes
//! names their budgets.

use ixdeploy::cli::codes::errors;
use ixdeploy::record::{CauseMeaning, failure_class, meaning_of};
use ixdeploy::state::{DefaultBudget, FailureClass, State};

use crate::text;

/// Areas whose errors end a command before any router is met.
const BEFORE_ANY_ROUTER: [&str; 36] = [
    "backup",
    "continue",
    "control",
    "credential",
    "demo",
    "detach",
    "export",
    "facts",
    "file",
    "holidays",
    "import",
    "init",
    "input",
    "kit",
    "laptop",
    "limit",
    "line",
    "lint",
    "look",
    "model",
    "name",
    "ownership",
    "playbook",
    "replay",
    "rerun",
    "role",
    "rollout",
    "start-time",
    "swap",
    "template",
    "usage",
    "value",
    "variable",
    "window",
    "working-folder",
    "yaml",
];

/// Other codes that end a command before any router is met.
const NEVER_A_CAUSE: [&str; 37] = [
    "apply.nobody-to-ask",
    "connection.baud",
    "connection.clear-text",
    "connection.command",
    "connection.host-key",
    "connection.passphrase",
    "connection.port",
    "connection.same-address",
    "connection.usb",
    "connection.user",
    "inventory.alike",
    "inventory.defaults",
    "inventory.duplicate",
    "inventory.groups-differ",
    "inventory.model",
    "inventory.playbook",
    "inventory.undefined-group",
    "inventory.unknown-model",
    "lock.run-held",
    "machine.no-home",
    "plan-file.hash",
    "plan-file.no-router",
    "plan-file.not-a-plan",
    "plan-file.nothing",
    "probe.none",
    "probe.nothing-asked",
    "probe.one-router",
    "probe.other-line",
    "recording.format",
    "restart.nothing",
    "run.no-kept-plan",
    "run.one-console",
    "secret.changed",
    "secret.same",
    "undo.nothing",
    "undo.of-an-undo",
    "undo.unfinished",
];

fn is_before_any_router(code: &str) -> bool {
    let area = code.split('.').next().unwrap();
    BEFORE_ANY_ROUTER.contains(&area) || NEVER_A_CAUSE.contains(&code)
}

#[test]
fn no_code_with_which_a_router_can_fail_falls_through() {
    let known = errors();
    let open: Vec<&str> =
        known.keys().copied().filter(|code| meaning_of(code).is_none() && !is_before_any_router(code)).collect();
    assert!(open.is_empty(), "src/record/failure.rs says nothing of {open:?}");
    for code in NEVER_A_CAUSE {
        assert!(known.contains_key(code) && meaning_of(code).is_none(), "{code}");
    }
}

#[test]
fn a_router_that_failed_by_itself_has_one_class_whatever_its_first_cause() {
    for state in State::ALL.into_iter().filter(|state| state.is_end()) {
        for code in errors().into_keys().map(Some).chain([None, Some("later.version")]) {
            let class = failure_class(state, code);
            let stopped = code.and_then(meaning_of) == Some(CauseMeaning::NotByItself);
            let has_none = match state {
                State::Saved | State::Declined | State::NotStarted => true,
                State::Undone | State::Refused | State::Unreachable => stopped,
                _ => false,
            };
            assert_eq!(class.is_none(), has_none, "{state:?} {code:?}");
        }
    }
}

#[test]
fn a_state_that_says_enough_is_its_own_class() {
    for state in State::ALL {
        if let Some(class) = FailureClass::from_word(state.word()) {
            assert_eq!(failure_class(state, None), Some(class), "{state:?}");
        }
    }
}

#[test]
fn the_first_cause_decides_where_a_state_has_several() {
    for (state, code, class) in [
        (State::Undone, "router.refused-line", "line-refused"),
        (State::Undone, "check.failed", "check-failed"),
        (State::Undone, "router.save-refused", "save-failed"),
        (State::Undone, "router.foreign", "foreign"),
        (State::Undone, "session.evicted", "occupied"),
        (State::Undone, "link.lost", "unreachable"),
        (State::Undone, "journal.disk-full", "own-machine"),
        (State::Refused, "identity.wrong-serial-number", "refused-before"),
        (State::Refused, "check.failed", "check-failed"),
        (State::Refused, "journal.open", "own-machine"),
        (State::Refused, "lock.held-here", "occupied"),
        (State::Unreachable, "session.wrong-password", "unreachable"),
        (State::Unreachable, "serial.denied", "own-machine"),
    ] {
        assert_eq!(failure_class(state, Some(code)).map(FailureClass::word), Some(class), "{state:?} {code}");
    }
}

#[test]
fn every_class_has_its_row_with_its_default_budget() {
    let document = text("docs/exit-codes.md");
    for class in FailureClass::ALL {
        let start = format!("| `{}` |", class.word());
        let rows = document.lines().skip_while(|line| *line != "## Classes of failure");
        let row = rows.into_iter().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{start}"));
        let budget = row.trim_matches('|').split('|').map(str::trim).nth(2).unwrap();
        let expected = match class.default_budget() {
            DefaultBudget::MaxFailures => "`max_failures`",
            DefaultBudget::StopsNothing => "stops nothing",
            DefaultBudget::StopsAt(1) => "stops at 1",
            DefaultBudget::StopsAt(more) => panic!("no words for {more}"),
            DefaultBudget::Lost => {
                "stops at 1; in later steps of a rollout at more than 3 or, if that is more, 0.1 % of the run"
            }
        };
        assert_eq!(budget, expected, "{row}");
    }
}
