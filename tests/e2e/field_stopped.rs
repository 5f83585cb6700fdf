//! Visits that are stopped on the full screen, by Ctrl-C and by signals: nothing is written into it, what follows is said with how long it takes,
//! and what stands on the terminal behind it says how the router is.

use mock_device::{Fault, When};

use crate::engineer::Terminal;
use crate::field::factory_box;
use crate::harness::Bench;

const CTRL_C: &str = "\u{3}";
const NOTHING: &str = "Nothing was changed on any router.";

/// How a visit is stopped.
const WISHES: [fn(&mut Terminal); 2] = [|terminal| terminal.takes(CTRL_C), |terminal| terminal.signal("-TERM")];

/// A visit at its one question.
fn at_the_question(serial: &str, bench: &Bench, port: &str) -> Terminal {
    let mut terminal = Terminal::start(bench, port);
    terminal.sees("  1  ");
    terminal.takes("1");
    terminal.sees("[y]");
    terminal.takes("y");
    terminal.sees("type the last 4");
    terminal.takes(&format!("{}\r", &serial[serial.len() - 4..]));
    terminal.sees("[c]");
    terminal
}

/// A visit in the state that is seen, before a line that the router holds for a moment.
fn held_at(command: &str, seen: &str) -> (Bench, Terminal, (String, String)) {
    let (bench, port, serial) = factory_box(38_400);
    let before = bench.snapshot("r1");
    bench
        .mock
        .inject("r1", Fault::Slow { when: When::matching(format!("^{command}")), millis: 2000, times: 1 })
        .unwrap();
    let mut terminal = at_the_question(&serial, &bench, &port);
    terminal.takes("y");
    terminal.sees("5 In progress");
    terminal.sees(seen);
    (bench, terminal, before)
}

/// A screen is drawn without a single end of line: what has one was written into it.
fn assert_only_drawn(drawn: &str) {
    assert!(!drawn.contains('\n'), "{drawn:?}");
}

#[test]
fn to_stop_in_the_push_says_on_the_screen_and_behind_it_which_router_and_how_long() {
    for wish in WISHES {
        let (bench, mut terminal, before) = held_at("bridge irb enable", "applying: sending the plan");
        wish(&mut terminal);
        terminal.sees("finishing this line, then undoing the change; press again to abandon");
        terminal.sees("r1: applying: sending the plan; ends in ");
        let (drawn, behind) = terminal.ends(3);
        assert_only_drawn(&drawn);
        assert!(behind.contains("finishing this line, then undoing the change"), "{behind}");
        assert!(behind.contains("at the latest") && !behind.contains("press again"), "{behind}");
        assert!(behind.contains("r1: undone") && behind.contains("run.stopped"), "{behind}");
        assert_eq!(bench.snapshot("r1"), before);
    }
}

#[test]
fn to_stop_while_it_is_saved_is_told_that_the_save_is_finished_and_counts() {
    let said = "finishing the save that has begun";
    let (bench, mut terminal, _) = held_at("write memory", "saving: writing");
    terminal.takes(CTRL_C);
    terminal.sees(said);
    let (drawn, behind) = terminal.ends(0);
    assert_only_drawn(&drawn);
    assert!(behind.contains(said) && behind.contains("r1: saved"), "{behind}");
    assert!(!behind.contains("undoing"), "{behind}");
    let (running, startup) = bench.snapshot("r1");
    assert_eq!(running, startup);
}

#[test]
fn a_second_ctrl_c_gives_the_terminal_back_and_says_what_is_left_in_the_middle() {
    let (bench, mut terminal, _) = held_at("bridge irb enable", "applying: sending the plan");
    terminal.takes(CTRL_C);
    terminal.sees("press again to abandon");
    terminal.takes(CTRL_C);
    let (drawn, behind) = terminal.ends(4);
    assert_only_drawn(&drawn);
    assert!(behind.contains("abandoned; `ixdeploy resume`"), "{behind}");
    assert!(behind.contains("r1: applying") || behind.contains("r1: undoing"), "{behind}");
    bench.run(&["status"]).exits(4).says("r1");
}

#[test]
fn to_stop_before_a_router_was_worked_on_leaves_one_line_that_says_that_nothing_was_changed() {
    for wish in WISHES {
        for is_confirming in [false, true] {
            let (bench, port, _) = factory_box(38_400);
            let before = bench.snapshot("r1");
            let mut terminal = Terminal::start(&bench, &port);
            terminal.sees("Nothing is opened before you press its number");
            if is_confirming {
                terminal.takes("1");
                terminal.sees("it is the only one left of today's list");
            }
            wish(&mut terminal);
            let (drawn, behind) = terminal.ends(3);
            assert_only_drawn(&drawn);
            assert_eq!(behind.trim(), NOTHING);
            assert_eq!(bench.snapshot("r1"), before);
        }
    }
}

#[test]
fn to_stop_at_the_question_is_a_stop_on_request_and_no_one_is_said_to_have_said_no() {
    for wish in WISHES {
        let (bench, port, serial) = factory_box(38_400);
        let before = bench.snapshot("r1");
        let mut terminal = at_the_question(&serial, &bench, &port);
        wish(&mut terminal);
        let (drawn, behind) = terminal.ends(3);
        assert_only_drawn(&drawn);
        assert!(
            behind.contains("r1: not-started") && behind.contains("stopped on request at the question"),
            "{behind}"
        );
        assert!(!behind.contains("said no"), "{behind}");
        assert_eq!(bench.snapshot("r1"), before);
    }
}
