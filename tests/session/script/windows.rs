//! More than one line in flight.

use ixdeploy::session::{ExpectedLine, ExpectedMode, Login, SendLine, Session, SessionError, Take};
use ixdeploy::transport::fake::Fake;

use super::{CHUNKS, ENTERED, configured, in_config, network, open};

#[test]
fn a_window_is_read_in_any_chunks() {
    for chunk in CHUNKS {
        let prompt = "Router(config)# ";
        let fake = in_config(chunk)
            .wants("! 1 -------\n! 2 -------\n! 3 -------\n")
            .says(format!("! 1 -------\r\n{prompt}! 2 -------\r\n{prompt}! 3 -------\r\n{prompt}"))
            .wants("ip a\nip b\nhostname r9\n")
            .says(format!("ip a\r\n% ip -- Invalid command.\r\n{prompt}ip b\r\n% You must restart the router for this configuration to take effect.\r\n"))
            .says(format!("{prompt}hostname r9\r\nr9(config)# "))
            .line("exit", "r9# ");
        let (mut session, _) = configured(fake);
        assert!(session.prove_type_ahead(3, 11).unwrap());
        let window = ["ip a", "ip b", "hostname r9"].map(planned);
        let results = session.run_window(&window);
        assert!(matches!(results[0], Err(SessionError::Refused { .. })), "{results:?}");
        assert!(results[1].as_ref().unwrap().restart_required());
        assert_eq!((results.len(), session.host()), (3, "r9"));
        session.leave_config().unwrap();
    }
}

#[test]
fn a_router_that_loses_type_ahead_is_found_out() {
    for chunk in CHUNKS {
        let fake = in_config(chunk).wants("! 1\n! 2\n! 3\n").says("! 1\r\nRouter(config)# ! 3\r\nRouter(config)# ");
        let fake = fake.wants("\x15\n").says("\r\nRouter(config)# ").line("ip a", "Router(config)# ");
        let (mut session, _) = configured(fake);
        assert!(!session.prove_type_ahead(3, 3).unwrap());
        assert_eq!(session.run_window(&[planned("ip a")]).len(), 1);
    }
}

/// A line of a plan that stays in the global mode.
fn planned(text: &str) -> ExpectedLine {
    ExpectedLine { line: SendLine::new(1, text, false), expect: ExpectedMode::Global }
}

const PROMPT: &str = "Router(config)# ";

/// What fills a comment of 20 bytes.
const D: &str = "----------------";

/// A session that has proven three lines before it was set up.
fn foreseen(chunk: usize) -> Fake {
    network(chunk)
        .line("enable-config", &format!("{ENTERED}{PROMPT}"))
        .wants(format!("! 1 {D}\n! 2 {D}\n! 3 {D}\n"))
        .says(format!("! 1 {D}\r\n{PROMPT}! 2 {D}\r\n{PROMPT}! 3 {D}\r\n{PROMPT}"))
}

fn set_up(fake: Fake) -> Session {
    let mut session = open(fake, Login::default()).0.unwrap();
    session.foresee(3, 20);
    assert!(!session.enter_config(Take::Ask).unwrap());
    session
}

#[test]
fn an_expected_mode_is_proven_before_the_set_up_lines_are_sent_together() {
    for chunk in CHUNKS {
        let refused = "% terminal -- Invalid command.\r\n";
        let fake = foreseen(chunk)
            .wants("terminal length 0\nterminal width 512\n")
            .says(format!("terminal length 0\r\n{refused}{PROMPT}terminal width 512\r\n{PROMPT}"))
            // The pager was not switched off: what is shown goes alone.
            .line("show a", PROMPT)
            .line("show b", PROMPT);
        let mut session = set_up(fake);
        assert!(session.show_all(&["show a", "show b"]).iter().all(Result::is_ok));
    }
}

/// A terminal in front of the router that echoes what is typed at once: then the prompts come without their lines.
#[test]
fn a_device_that_echoes_typed_ahead_lines_at_once_costs_no_wait() {
    let echoes = [
        format!("! 1 {D}\r\n! 2 {D}\r\n! 3 {D}\r\n{PROMPT}{PROMPT}{PROMPT}"),
        format!("! 1 {D}\r\n! 2 {D}\r\n! 3 {D}\r\n\r\n{PROMPT}\r\n{PROMPT}\r\n{PROMPT}"),
        format!("! 1 {D}\r\n{PROMPT}! 2 {D}\r\n! 3 {D}\r\n{PROMPT}{PROMPT}"),
    ];
    for (chunk, echo) in CHUNKS.into_iter().flat_map(|chunk| echoes.iter().map(move |echo| (chunk, echo))) {
        // Nothing is typed to find the prompt again, and no deadline passes: a script has none left here.
        let fake = network(chunk)
            .line("enable-config", &format!("{ENTERED}{PROMPT}"))
            .wants(format!("! 1 {D}\n! 2 {D}\n! 3 {D}\n"))
            .says(echo)
            .line("terminal length 0", PROMPT)
            .line("terminal width 512", PROMPT)
            .line("ip a", PROMPT);
        let mut session = set_up(fake);
        session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap();
    }
}

#[test]
fn set_up_lines_go_one_by_one_where_the_proof_fails() {
    for chunk in CHUNKS {
        let fake = network(chunk)
            .line("enable-config", &format!("{ENTERED}{PROMPT}"))
            .wants(format!("! 1 {D}\n! 2 {D}\n! 3 {D}\n"))
            .says(format!("! 1 {D}\r\n{PROMPT}! 3 {D}\r\n{PROMPT}"))
            .wants("\x15\n")
            .says(format!("\r\n{PROMPT}"))
            .line("terminal length 0", &format!("% terminal -- Invalid command.\r\n{PROMPT}"))
            .line("terminal width 512", PROMPT);
        set_up(fake);
    }
}

#[test]
fn a_router_that_loses_set_up_lines_gets_the_others_one_by_one() {
    for chunk in CHUNKS {
        // Comments are taken ahead; what comes while a command is carried out is lost.
        let fake = foreseen(chunk)
            .wants("terminal length 0\nterminal width 512\n")
            .says(format!("terminal length 0\r\n{PROMPT}"))
            .wants("\x15\n")
            .says(format!("\r\n{PROMPT}"))
            .line("terminal width 512", PROMPT)
            .line("show a", &format!("one\r\n{PROMPT}"))
            .line("show b", &format!("two\r\n{PROMPT}"));
        let mut session = set_up(fake);
        let texts: Vec<String> = session.show_all(&["show a", "show b"]).into_iter().map(Result::unwrap).collect();
        assert_eq!(texts, ["one\n", "two\n"]);
        assert_eq!(session.widest_window(), 1);
    }
}

#[test]
fn a_session_that_is_put_out_of_config_mode_during_its_set_up_says_so() {
    let put_out = "Router# ";
    for chunk in CHUNKS {
        // The set-up is lost in the middle, and the prompt that is found again is that of operation mode.
        let in_set_up = foreseen(chunk)
            .wants("terminal length 0\nterminal width 512\n")
            .says(format!("terminal length 0\r\n{PROMPT}"))
            .wants("\x15\n")
            .says(format!("\r\n{put_out}"))
            .line("terminal width 512", &format!("% terminal -- Invalid command.\r\n{put_out}"));
        // Likewise where the proof of type-ahead fails.
        let in_proof = network(chunk)
            .line("enable-config", &format!("{ENTERED}{PROMPT}"))
            .wants(format!("! 1 {D}\n! 2 {D}\n! 3 {D}\n"))
            .says(format!("! 1 {D}\r\n{PROMPT}! 3 {D}\r\n{PROMPT}"))
            .wants("\x15\n")
            .says(format!("\r\n{put_out}"))
            .line("terminal length 0", &format!("% terminal -- Invalid command.\r\n{put_out}"))
            .line("terminal width 512", &format!("% terminal -- Invalid command.\r\n{put_out}"));
        for fake in [in_set_up, in_proof] {
            let mut session = open(fake, Login::default()).0.unwrap();
            session.foresee(3, 20);
            let error = session.enter_config(Take::Ask).unwrap_err();
            assert!(matches!(error, SessionError::Evicted { .. }), "{error:?}");
        }
    }
}

#[test]
fn a_proof_that_ends_the_session_says_what_ended_it() {
    for chunk in CHUNKS {
        let babble = "x".repeat(400 * 1024);
        let fake = network(chunk)
            .line("enable-config", &format!("{ENTERED}{PROMPT}"))
            .wants(format!("! 1 {D}\n! 2 {D}\n! 3 {D}\n"))
            .says(babble);
        let mut session = open(fake, Login::default()).0.unwrap();
        session.foresee(3, 20);
        let error = session.enter_config(Take::Ask).unwrap_err();
        assert!(matches!(error, SessionError::TooLong { .. }), "{error:?}");
    }
}

#[test]
fn inside_a_section_it_is_read_together_and_left_at_once() {
    let inside = "Router(config-GigaEthernet0.0)# ";
    for chunk in CHUNKS {
        let fake = foreseen(chunk)
            .wants("terminal length 0\nterminal width 512\n")
            .says(format!("terminal length 0\r\n{PROMPT}terminal width 512\r\n{PROMPT}"))
            .line("interface GigaEthernet0.0", inside)
            .wants("show a\nshow b\n! end\n")
            .says(format!("show a\r\none\r\n{inside}show b\r\ntwo\r\n{inside}! end\r\n{inside}"))
            .wants("configure\nexit\nexit\n")
            .says(format!("configure\r\n{PROMPT}exit\r\nRouter# exit\r\nRouter# "));
        let mut session = set_up(fake);
        let opener = SendLine::new(1, "interface GigaEthernet0.0", false);
        session.run(&opener, ExpectedMode::Sub(Some("config-GigaEthernet0.0".to_owned()))).unwrap();
        let texts: Vec<String> = session.show_all(&["show a", "show b"]).into_iter().map(Result::unwrap).collect();
        assert_eq!(texts, ["one\n", "two\n"]);
        // A box without a login shows its prompt again.
        session.close().unwrap();
    }
}

#[test]
fn a_refused_exit_from_a_section_is_reported() {
    for chunk in CHUNKS {
        let fake = foreseen(chunk)
            .wants("terminal length 0\nterminal width 512\n")
            .says(format!("terminal length 0\r\n{PROMPT}terminal width 512\r\n{PROMPT}"))
            .wants("configure\nexit\nexit\n")
            .says(format!("configure\r\n{PROMPT}exit\r\n{PROMPT}exit\r\n{PROMPT}"));
        let error = set_up(fake).close().unwrap_err();
        assert!(matches!(error, SessionError::UnexpectedMode { .. }), "{error:?}");
    }
}
