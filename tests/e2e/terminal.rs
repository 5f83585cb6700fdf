//! The program at a real terminal: questions, answers, passwords, Ctrl-C.

use mock_device::{Fault, When};
use rexpect::session::{PtySession, spawn_command};

use crate::harness::{Bench, PASSWORD, assert_clean, playbook, unknown_factory_box};

/// Milliseconds until a text that does not come is a failure.
const DEADLINE: u64 = 60_000;

fn at_a_terminal(bench: &Bench, words: &[&str]) -> PtySession {
    spawn_command(bench.command(words), Some(DEADLINE)).unwrap()
}

/// Waits for the end and insists on an exit status; what was still printed is searched for secrets.
fn ends(mut session: PtySession, status: i32) -> String {
    let rest = session.exp_eof().unwrap();
    assert_clean("the terminal", &rest);
    // The status's type is not public: its words are `Exited(Pid(N), STATUS)`.
    let end = format!("{:?}", session.process().wait().unwrap());
    assert!(end.starts_with("Exited(") && end.ends_with(&format!(", {status})")), "{end}\n{rest}");
    rest
}

fn apply() -> [String; 4] {
    ["apply".into(), playbook("online-eligibility.yaml"), "-i".into(), "clinics.yaml".into()]
}

#[test]
fn apply_says_how_many_and_asks_and_a_no_writes_nothing() {
    let bench = Bench::one();
    let before = bench.snapshot("r3");
    let words = apply();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("Change 1 of 1 router(s) (role: router3) at 1 site(s)? [yes/no]").unwrap();
    session.send_line("no").unwrap();
    assert!(ends(session, 3).contains("declined"));
    assert_eq!(bench.snapshot("r3"), before);

    let mut session = at_a_terminal(&bench, &[words.as_slice(), &["--phase", "bench"]].concat());
    session.exp_string("[yes/no]").unwrap();
    session.send_line("yes").unwrap();
    ends(session, 0);
    assert_ne!(bench.snapshot("r3"), before);
}

#[test]
fn on_a_console_the_box_is_confirmed_by_the_end_of_its_serial_number() {
    let (bench, serial) = unknown_factory_box(None);
    let words = apply();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--phase", "bench"]).collect();

    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("r1 (role: router1): the box on the cable is an IX2215").unwrap();
    let before = session.exp_string("type the last 4 characters").unwrap();
    assert!(before.contains(&format!("{}****", &serial[..serial.len() - 4])), "{before}");
    session.send_line("nope").unwrap();
    // One slip of the finger is asked about again.
    session.exp_string("not the end of this serial number").unwrap();
    session.exp_string("type the last 4 characters").unwrap();
    session.send_line("nope").unwrap();
    assert!(ends(session, 3).contains("read the characters off the label"));
    assert!(!bench.running("r1").contains("bridge-group 1"), "another box is left alone");

    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("type the last 4 characters").unwrap();
    // With the input method on, digits come in full width.
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap();
    session.send_line(&serial[serial.len() - 4..].chars().map(wide).collect::<String>()).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_line("ｙｅｓ").unwrap();
    let rest = ends(session, 0);
    assert!(rest.contains(&format!("identity: {{ serial_number: \"{serial}\" }}")), "the box is learned: {rest}");
    assert!(bench.running("r1").contains("bridge-group 1"));
}

#[test]
fn return_alone_at_the_end_of_a_serial_number_is_told_what_is_expected_once() {
    let (bench, serial) = unknown_factory_box(None);
    let words = apply();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--phase", "bench"]).collect();
    let expected = "Nothing was typed. Expected are the last 4 characters";

    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("type the last 4 characters").unwrap();
    session.send_line("").unwrap();
    session.exp_string(expected).unwrap();
    session.exp_string("type the last 4 characters").unwrap();
    session.send_line("").unwrap();
    let rest = ends(session, 3);
    assert!(rest.contains("declined") && !rest.contains("Nothing was typed"), "{rest}");
    assert!(!bench.running("r1").contains("bridge-group 1"), "nothing was written");

    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("type the last 4 characters").unwrap();
    session.send_line("").unwrap();
    session.exp_string(expected).unwrap();
    session.send_line(&serial[serial.len() - 4..]).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_line("no").unwrap();
    ends(session, 3);

    // Ctrl-C is no empty answer that is to be explained.
    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("type the last 4 characters").unwrap();
    session.send_control('c').unwrap();
    let rest = ends(session, 3);
    assert!(rest.contains("stopped on request at the question") && !rest.contains("Nothing was typed"), "{rest}");
}

#[test]
fn a_password_is_asked_for_without_echo_and_only_when_it_is_needed() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let asked = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: Password of the clinics }");
    assert_ne!(inventory, asked);
    std::fs::write(bench.path("clinics.yaml"), asked).unwrap();
    // Offline there is nothing to ask for.
    bench.check().exits(0);
    let words = ["plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"];
    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("Password of the clinics").unwrap();
    session.send_line(PASSWORD).unwrap();
    ends(session, 2);
    // Without a terminal the question cannot be asked, and the answer says so.
    bench.run(&words).exits(3).says("no terminal to ask on");
}

#[test]
fn ctrl_c_once_finishes_the_line_and_undoes_the_change() {
    // A slow line holds the push where the key is pressed.
    let bench = Bench::with_fault(Fault::Slow { when: When::matching("bridge irb enable"), millis: 1500, times: 1 });
    let before = bench.snapshot("r3");
    let words = apply();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--yes", "--phase", "bench"]).collect();
    let mut session = at_a_terminal(&bench, &words);
    session.exp_regex("/[0-9]+ bridge irb enable").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("finishing this line, then undoing the change; press again to abandon").unwrap();
    let rest = ends(session, 3);
    assert!(rest.contains("run.stopped") && rest.contains("undone"), "{rest}");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn ctrl_c_twice_names_what_is_unfinished_and_resume_recovers_it() {
    let bench = Bench::with_fault(Fault::Slow { when: When::matching("bridge irb enable"), millis: 4000, times: 1 });
    let before = bench.snapshot("r3");
    let words = apply();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--yes", "--phase", "bench"]).collect();
    let mut session = at_a_terminal(&bench, &words);
    session.exp_regex("/[0-9]+ bridge irb enable").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("press again to abandon").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("abandoned; `ixdeploy resume`").unwrap();
    let rest = ends(session, 4);
    assert!(rest.contains("r3: applying"), "{rest}");
    bench.run(&["status"]).exits(4).says("r3");
    bench.run(&["resume", "--yes"]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn ctrl_c_at_a_question_is_a_no() {
    let bench = Bench::one();
    let before = bench.snapshot("r3");
    let words = apply();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("[yes/no]").unwrap();
    session.send_control('c').unwrap();
    let rest = ends(session, 3);
    assert!(rest.contains("not-started") && rest.contains("stopped on request at the question"), "{rest}");
    assert!(!rest.contains("said no"), "no one did: {rest}");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn ctrl_c_at_a_password_ends_the_reading() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let asked = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: Password of the clinics }");
    std::fs::write(bench.path("clinics.yaml"), asked).unwrap();
    let words = ["plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"];
    let mut session = at_a_terminal(&bench, &words);
    session.exp_string("Password of the clinics").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("nothing was changed; press again to end at once").unwrap();
    ends(session, 3);
    assert!(bench.events("r3").is_empty(), "no one was asked");
}

#[test]
fn a_password_that_will_be_set_on_the_router_is_typed_twice_and_a_slip_is_asked_about_again() {
    let new = crate::harness::DEVICE_SECRETS[2];
    let bench = crate::secrets::second_administrator(Vec::new());
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let asked = inventory.replace("{ env: TEST_NEW_PASSWORD }", "{ prompt: Password of the second }");
    assert_ne!(inventory, asked);
    std::fs::write(bench.path("clinics.yaml"), asked).unwrap();
    let mut session = at_a_terminal(&bench, &crate::secrets::APPLY_SECOND);
    session.exp_string("Password of the second:").unwrap();
    session.send_line(new).unwrap();
    session.exp_string("the same once more: Password of the second:").unwrap();
    session.send_line("slip-of-a-finger").unwrap();
    session.exp_string("The two entries differ.").unwrap();
    session.exp_string("the same once more: Password of the second:").unwrap();
    session.send_line(new).unwrap();
    session.exp_string("The two entries differ.").unwrap();
    session.exp_string("the same once more").unwrap();
    session.send_line(new).unwrap();
    ends(session, 0);
    assert!(bench.running("r3").contains("username second"));
}
