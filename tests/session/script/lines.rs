//! One line after the other over a network: echoes, answers, modes, names, ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ixdeploy::dialect::Dialect;
use ixdeploy::message::{Explain, Lang};
use ixdeploy::session::{ExpectedMode, Login, NoTap, SendLine, Session, SessionError, Settings, Take};
use ixdeploy::transport::fake::Fake;
use ixdeploy::transport::{LinkKind, Received, Terminal, Transport, TransportError};

use super::{CHUNKS, configured, in_config, settings, typed_text};

#[test]
fn a_network_session_reads_and_writes_in_any_chunks() {
    for chunk in CHUNKS {
        let fake = in_config(chunk)
            .line(
                "show running-config",
                "! header\r\nhostname Router\r\n  description Router(config)# x\r\nRouter(config)# ",
            )
            .line("interface GigaEthernet2.0", "Router(config-GigaEthernet2.0)# ")
            .line("ip address 10.0.0.1/24", "Router(config-GigaEthernet2.0)# ")
            .line("configure", "Router(config)# ")
            .line("exit", "Router# ")
            .line("exit", "")
            .ends();
        let (mut session, _) = configured(fake);
        let text = session.show("show running-config").unwrap();
        assert_eq!(text, "! header\nhostname Router\n  description Router(config)# x\n");
        let sub = ExpectedMode::Sub(Some("config-GigaEthernet2.0".into()));
        session.run(&SendLine::new(1, "interface GigaEthernet2.0", false), &sub).unwrap();
        let reply = session.run(&SendLine::new(2, "ip address 10.0.0.1/24", false), &sub).unwrap();
        assert!(reply.output.is_empty() && !reply.restart_required());
        session.close().unwrap();
    }
}

#[test]
fn a_line_of_output_that_looks_like_the_prompt_does_not_end_the_answer() {
    for chunk in CHUNKS {
        let fake = in_config(chunk).line("show logging", "a\r\nRouter(config)# exit\r\nb\r\nRouter(config)# ");
        let (mut session, _) = configured(fake);
        assert_eq!(session.show("show logging").unwrap(), "a\nRouter(config)# exit\nb\n", "chunk {chunk}");
    }
}

#[test]
fn a_folded_echo_and_a_pager_are_undone() {
    for chunk in CHUNKS {
        let long = "ip access-list user_acl permit ip src 10.11.0.0/20 dest 10.200.100.0/24";
        let (first, rest) = long.split_at(79 - "Router(config)# ".len());
        let echo = format!("{first}\r\n{}{rest}\r\n", " ".repeat("Router(config)# ".len()));
        let fake = in_config(chunk)
            .wants(format!("{long}\n"))
            .says(echo)
            .says("Router(config)# ")
            .wants("show version\n")
            .says("show version\r\nline 1\r\n--More--")
            .wants(" ")
            .says("\r        \rline 2\r\n--More--")
            .wants(" ")
            .says("\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08!\r\nRouter(config)# ");
        let (mut session, _) = configured(fake);
        session.run(&SendLine::new(1, long, false), ExpectedMode::Global).unwrap();
        assert_eq!(session.show("show version").unwrap(), "line 1\nline 2\n!\n");
    }
}

#[test]
fn a_refused_line_keeps_the_session_open_and_names_the_line() {
    for chunk in CHUNKS {
        let fake = in_config(chunk)
            .line("interface Nowhere0.0", "% interface Nowhere0.0 -- Invalid command.\r\nRouter(config)# ")
            .line(
                "username a password plain 1 hunter2 administrator",
                "% username a password plain 1 hunter2 -- Invalid command.\r\nRouter(config)# ",
            )
            .line(
                "no shutdown",
                "% You must restart the router for this configuration to take effect.\r\nRouter(config)# ",
            );
        let (mut session, _) = configured(fake);
        let refused =
            session.run(&SendLine::new(7, "interface Nowhere0.0", false), ExpectedMode::Sub(None)).unwrap_err();
        assert_eq!(refused.code(), "session.refused");
        assert!(refused.is_usable() && refused.text().en.contains("#7 `interface Nowhere0.0`"), "{refused:?}");
        let secret = SendLine::new(8, "username a password plain 1 hunter2 administrator", true);
        let refused = session.run(&secret, ExpectedMode::Global).unwrap_err();
        let said = format!("{refused} {refused:?} {} {}", refused.text().get(Lang::En), refused.text().get(Lang::Ja));
        assert!(said.contains("#8") && !said.contains("hunter2"), "{said}");
        assert!(session.run(&SendLine::new(9, "no shutdown", false), ExpectedMode::Global).unwrap().restart_required());
    }
}

#[test]
fn our_own_rename_is_followed_and_a_foreign_one_stops() {
    for chunk in CHUNKS {
        let fake = in_config(chunk)
            .line("hostname clinic-1", "clinic-1(config)# ")
            .line("ip a", "clinic-1(config)# ")
            .line("ip b", "other(config)# ");
        let (mut session, _) = configured(fake);
        session.run(&SendLine::new(1, "hostname clinic-1", false), ExpectedMode::Global).unwrap();
        assert_eq!(session.host(), "clinic-1");
        session.run(&SendLine::new(2, "ip a", false), ExpectedMode::Global).unwrap();
        let changed = session.run(&SendLine::new(3, "ip b", false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(changed, SessionError::HostChanged { ref found, .. } if found == "other"), "{changed:?}");
    }
}

#[test]
fn an_eviction_stops_at_once_and_says_whether_the_line_went_out() {
    for chunk in CHUNKS {
        let fake = in_config(chunk).line("ip a", "% ip -- Invalid command.\r\nRouter# ");
        let (mut session, _) = configured(fake);
        let evicted = session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { typed: true, .. }), "{evicted:?}");

        let fake = in_config(chunk).line("ip a", "Router(config)# ").says("\r\nRouter# ");
        let (mut session, typed) = configured(fake);
        session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap();
        let before = typed_text(&typed);
        let evicted = session.run(&SendLine::new(2, "ip b", false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { typed: false, .. }), "{evicted:?}");
        assert!(evicted.is_before_return());
        assert_eq!(typed_text(&typed), before, "nothing was typed");
    }
}

#[test]
fn nothing_is_typed_into_a_path_whose_end_has_come() {
    for chunk in CHUNKS {
        let (mut session, typed) = configured(in_config(chunk).line("ip a", "Router(config)# ").ends());
        session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap();
        let before = typed_text(&typed);
        let closed = session.run(&SendLine::new(2, "ip b", false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(closed, SessionError::Closed { .. }), "{closed:?}");
        assert_eq!(typed_text(&typed), before, "an end is no silence");
    }
}

#[test]
fn a_mode_that_is_not_the_expected_one_stops() {
    let fake = in_config(7).line("interface GigaEthernet0.0", "Router(config-GigaEthernet1.0)# ");
    let (mut session, _) = configured(fake);
    let expect = ExpectedMode::Sub(Some("config-GigaEthernet0.0".into()));
    let error = session.run(&SendLine::new(1, "interface GigaEthernet0.0", false), &expect).unwrap_err();
    assert!(matches!(error, SessionError::UnexpectedMode { .. }), "{error:?}");
    assert!(error.is_usable(), "the prompt is known, so that an undo can go out");
}

#[test]
fn a_save_types_nothing_until_its_prompt_is_back() {
    let saving =
        "Building configuration...\r\n% Warning: do NOT enter CNTL/Z while saving to avoid config corruption.\r\n";
    for chunk in CHUNKS {
        let (mut session, _) = configured(in_config(chunk).line("write memory", &format!("{saving}Router(config)# ")));
        assert_eq!(session.save().unwrap().output.len(), 2);

        let (mut session, typed) = configured(in_config(chunk).line("write memory", saving));
        let before = typed_text(&typed);
        assert!(matches!(session.save().unwrap_err(), SessionError::Timeout { .. }));
        session.close().unwrap();
        assert_eq!(typed_text(&typed), format!("{before}write memory\\n"), "not even a goodbye");
    }
}

#[test]
fn a_reload_is_answered_with_yes() {
    let question = "% Warning: current running-configuration is not saved yet.\r\n\
        Notice: The router will be RELOADED. This is to ensure that\r\n        the peripheral devices are properly initialized.\r\n\
        Are you sure you want to reload the router? (Yes or [No]): ";
    for chunk in CHUNKS {
        let fake = in_config(chunk).line("reload", question).wants("yes\n").ends();
        let (session, _) = configured(fake);
        assert!(session.reload().unwrap().not_saved);
    }
}

/// A path that notes whether its other side was seen to hang up.
struct Watched {
    fake: Fake,
    ended: Arc<AtomicBool>,
}

impl Transport for Watched {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        let received = self.fake.read(buf, until)?;
        self.ended.fetch_or(received == Received::End, Ordering::Relaxed);
        Ok(received)
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        self.fake.write(bytes, until)
    }

    fn kind(&self) -> LinkKind {
        self.fake.kind()
    }

    fn peer(&self) -> String {
        self.fake.peer()
    }

    fn terminal(&self) -> Option<Terminal> {
        self.fake.terminal()
    }

    fn close(&mut self) {
        self.fake.close();
    }
}

#[test]
fn a_router_that_was_told_to_restart_is_read_until_it_hangs_up() {
    let question = "Are you sure you want to reload the router? (Yes or [No]): ";
    for chunk in CHUNKS {
        let ended = Arc::new(AtomicBool::new(false));
        let fake = in_config(chunk).line("reload", question).wants("yes\n").says("yes\r\n").ends();
        let path = Box::new(Watched { fake, ended: Arc::clone(&ended) });
        let mut session = Session::open(path, Dialect::ix(), Login::default(), settings(), Box::new(NoTap)).unwrap();
        session.enter_config(Take::Ask).unwrap();
        session.reload().unwrap();
        assert!(ended.load(Ordering::Relaxed), "an answer that was not read is lost with the connection");

        // One that says nothing more and stays is left after a while.
        let fake = in_config(chunk).line("reload", question).wants("yes\n").says("yes\r\n").quiet(1);
        configured(fake).0.reload().unwrap();
    }
}

#[test]
fn a_line_that_may_not_be_typed_is_refused() {
    let (mut session, typed) = configured(in_config(4096));
    let before = typed_text(&typed);
    for text in ["show ?", "a\tb", "a\nerase startup-config", "a\x1a", "a\x03"] {
        let error = session.run(&SendLine::new(4, text, false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(error, SessionError::Untypable { .. }), "{text:?}");
    }
    assert_eq!(typed_text(&typed), before);
}

#[test]
fn a_timeout_says_what_was_awaited_and_masks_what_it_shows() {
    let (mut session, _) = configured(in_config(7).wants("ip a\n").says("ip a\r\nhalf an ans"));
    let error = session.run(&SendLine::new(3, "ip a", false), ExpectedMode::Global).unwrap_err();
    let text = error.text();
    assert!(text.en.contains("the prompt after #3 `ip a`") && text.en.contains("half an ans"), "{text}");
    let (mut session, _) = configured(in_config(7).wants("ip x hunter2\n").says("ip x hunter2\r\nhunter2 is"));
    let error = session.run(&SendLine::new(3, "ip x hunter2", true), ExpectedMode::Global).unwrap_err();
    let said = format!("{error} {error:?} {}", error.text());
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn text_in_another_encoding_comes_and_goes_unchanged() {
    let shinjuku = b"description \x90V\x8fh";
    for chunk in CHUNKS {
        let answer = [b"show running-config\r\n  ".as_slice(), shinjuku, b"\r\nRouter(config)# "].concat();
        let fake = in_config(chunk)
            .wants("show running-config\n")
            .says(answer)
            .wants([shinjuku.as_slice(), b"\n"].concat())
            .says([shinjuku.as_slice(), b"\r\nRouter(config)# "].concat());
        let (mut session, _) = configured(fake);
        let text = session.show("show running-config").unwrap();
        session.run(&SendLine::new(1, text.trim(), false), ExpectedMode::Global).unwrap();
    }
}

#[test]
fn an_answer_longer_than_allowed_ends_the_session_and_names_its_line() {
    for chunk in CHUNKS {
        let endless = "a row of an answer that does not end\r\n".repeat(50);
        let fake = in_config(chunk).line("show running-config", &endless).says(&endless);
        let small = Settings { max_output: 1000, ..settings() };
        let mut session =
            Session::open(Box::new(fake), Dialect::ix(), Login::default(), small, Box::new(NoTap)).unwrap();
        session.enter_config(Take::Ask).unwrap();
        let error = session.show("show running-config").unwrap_err();
        assert!(matches!(error, SessionError::TooLong { limit: 1000, .. }), "{error:?}");
        assert!(!error.is_usable() && error.text().en.contains("1000 bytes"), "{}", error.text());
    }
}

#[test]
fn an_exit_that_logs_out_because_config_mode_had_just_been_taken_says_so() {
    for chunk in CHUNKS {
        let news = "\r\n% Configuration mode was taken.\r\nRouter# exit\r\n";
        let (mut session, _) = configured(in_config(chunk).wants("exit\n").says(news).ends());
        let left = session.leave_config();
        assert!(matches!(left, Err(SessionError::Evicted { .. })), "{left:?}");
        session.close().unwrap();
        // A path that breaks is no colleague.
        let (mut session, _) = configured(in_config(chunk).wants("exit\n").ends());
        let left = session.leave_config();
        assert!(matches!(left, Err(SessionError::Closed { .. })), "{left:?}");
    }
}
