//! Every state a router can be in is explained where people look: with its exit status, and with what to do next.

use std::fmt::Write as _;

use ixdeploy::state::{Act, Phase, State, Verdict};

use crate::{blocks, text};

#[test]
fn every_state_has_its_row_and_the_right_exit_status() {
    let document = text("docs/exit-codes.md");
    for state in State::ALL {
        let start = format!("| `{}` |", state.word());
        let row = document.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{start}"));
        let status = match state.verdict() {
            _ if !state.is_end() => "",
            Verdict::Done => "0",
            Verdict::NotDone => "3",
            Verdict::NeedsPerson => "4",
        };
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells[1].is_empty(), !state.is_end(), "{row}");
        assert_eq!(cells[3], status, "{row}");
    }
}

#[test]
fn the_field_guides_say_what_to_do_after_every_end() {
    for guide in ["docs/field-guide.md", "docs/field-guide.ja.md"] {
        let document = text(guide);
        for state in State::ALL {
            let word = format!("`{}`", state.word());
            assert!(document.contains(&word), "{guide}: {word}");
            let row = document.lines().any(|line| line.starts_with(&format!("| {word} |")));
            assert_eq!(row, state.is_end(), "{guide}: a row for {word}");
        }
    }
}

/// The states by phase and every transition, as a diagram.
fn diagram() -> String {
    let id = |state: State| state.word().replace('-', "_");
    let mut diagram = "stateDiagram-v2\n".to_owned();
    for phase in Phase::ALL {
        writeln!(diagram, "    state {} {{", phase.word()).unwrap();
        for state in State::ALL.into_iter().filter(|state| state.phase() == phase) {
            writeln!(diagram, "        state \"{}\" as {}", state.word(), id(state)).unwrap();
        }
        writeln!(diagram, "    }}").unwrap();
    }
    writeln!(diagram, "    [*] --> {}", id(State::Planned)).unwrap();
    for from in State::ALL {
        for to in from.next() {
            writeln!(diagram, "    {} --> {}", id(from), id(*to)).unwrap();
        }
        if from.is_end() {
            writeln!(diagram, "    {} --> [*]", id(from)).unwrap();
        }
    }
    diagram
}

#[test]
fn the_diagram_of_the_states_is_the_one_in_the_code() {
    let document = text("docs/reliability.md");
    let drawn = blocks(&document, "mermaid").into_iter().next().unwrap_or_default().join("\n");
    assert_eq!(drawn, diagram().trim_end(), "the diagram in docs/reliability.md must be:\n{}", diagram());
}

#[test]
fn the_table_of_what_changes_a_router_is_the_one_in_the_code() {
    let document = text("docs/reliability.md");
    for act in Act::ALL {
        let states: Vec<String> = State::ALL
            .into_iter()
            .filter(|state| state.allows(act))
            .map(|state| format!("`{}`", state.word()))
            .collect();
        let row = format!("| {} | {} |", act.words(), states.join(", "));
        assert!(document.lines().any(|line| line.starts_with(&row)), "no row begins with {row}");
    }
}
