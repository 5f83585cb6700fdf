//! The conversation against scripted routers, in chunks of 1, 7 and 4096 bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use ixdeploy::ix::prompt::{Mode, Right};
use ixdeploy::message::{Explain, Lang};
use ixdeploy::secret::Secret;
use ixdeploy::session::{Expect, Login, NoWire, SendLine, Session, SessionError, Settings, Take};
use ixdeploy::transport::Kind;
use ixdeploy::transport::fake::Fake;

const BANNER: &str = "\r\nNEC Portable Internetwork Core Operating System Software\r\nCopyright Notices:\r\n\
    Copyright (c) NEC Corporation 2001-2022. All rights reserved.\r\nCopyright (c) 1985-1998 OpenROUTE Networks, Inc.\r\n\
    Copyright (c) 1984-1987, 1989 J. Noel Chiappa.\r\n";
const ENTERED: &str = "Enter configuration commands, one per line. End with CNTL/Z.\r\n";
const CHUNKS: [usize; 3] = [1, 7, 4096];

fn settings() -> Settings {
    Settings { mask: |text| text.to_owned(), ..Settings::default() }
}

fn admin() -> Login {
    Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("s3cret".into()))) }
}

type Typed = Arc<Mutex<Vec<u8>>>;

fn open(fake: Fake, login: Login) -> (Result<Session, SessionError>, Typed) {
    let typed = fake.typed();
    (Session::open(Box::new(fake), login, settings(), Box::new(NoWire)), typed)
}

fn network(chunk: usize) -> Fake {
    Fake::new(Kind::Fake, chunk).says(BANNER).says("Router# ")
}

/// A network session in configuration mode.
fn in_config(chunk: usize) -> Fake {
    network(chunk)
        .line("enable-config", &format!("{ENTERED}Router(config)# "))
        .line("terminal length 0", "Router(config)# ")
        .line("terminal width 512", "% terminal -- Invalid command.\r\nRouter(config)# ")
}

fn configured(fake: Fake) -> (Session, Typed) {
    let (session, typed) = open(fake, Login::default());
    let mut session = session.unwrap();
    assert!(!session.enter_config(Take::Ask).unwrap());
    (session, typed)
}

fn typed_text(typed: &Typed) -> String {
    typed.lock().unwrap().escape_ascii().to_string()
}

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
        let sub = Expect::Sub(Some("config-GigaEthernet2.0".into()));
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
        session.run(&SendLine::new(1, long, false), Expect::Global).unwrap();
        assert_eq!(session.show("show version").unwrap(), "line 1\nline 2\n!\n");
    }
}

#[test]
fn a_refused_line_leaves_the_session_standing_and_names_the_line() {
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
        let refused = session.run(&SendLine::new(7, "interface Nowhere0.0", false), Expect::Sub(None)).unwrap_err();
        assert_eq!(refused.code(), "session.refused");
        assert!(refused.is_usable() && refused.text().en.contains("#7 `interface Nowhere0.0`"), "{refused:?}");
        let secret = SendLine::new(8, "username a password plain 1 hunter2 administrator", true);
        let refused = session.run(&secret, Expect::Global).unwrap_err();
        let said = format!("{refused} {refused:?} {} {}", refused.text().get(Lang::En), refused.text().get(Lang::Ja));
        assert!(said.contains("#8") && !said.contains("hunter2"), "{said}");
        assert!(session.run(&SendLine::new(9, "no shutdown", false), Expect::Global).unwrap().restart_required());
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
        session.run(&SendLine::new(1, "hostname clinic-1", false), Expect::Global).unwrap();
        assert_eq!(session.host(), "clinic-1");
        session.run(&SendLine::new(2, "ip a", false), Expect::Global).unwrap();
        let changed = session.run(&SendLine::new(3, "ip b", false), Expect::Global).unwrap_err();
        assert!(matches!(changed, SessionError::HostChanged { ref found, .. } if found == "other"), "{changed:?}");
    }
}

#[test]
fn an_eviction_stops_at_once_and_says_whether_the_line_went_out() {
    for chunk in CHUNKS {
        let fake = in_config(chunk).line("ip a", "% ip -- Invalid command.\r\nRouter# ");
        let (mut session, _) = configured(fake);
        let evicted = session.run(&SendLine::new(1, "ip a", false), Expect::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { typed: true, .. }), "{evicted:?}");

        let fake = in_config(chunk).line("ip a", "Router(config)# ").says("\r\nRouter# ");
        let (mut session, typed) = configured(fake);
        session.run(&SendLine::new(1, "ip a", false), Expect::Global).unwrap();
        let before = typed_text(&typed);
        let evicted = session.run(&SendLine::new(2, "ip b", false), Expect::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { typed: false, .. }), "{evicted:?}");
        assert!(evicted.is_before_return());
        assert_eq!(typed_text(&typed), before, "nothing was typed");
    }
}

#[test]
fn an_eviction_on_a_console_is_seen_before_return() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("\r\nr1# ")
            .console_line("enable-config", &format!("{ENTERED}r1(config)# "))
            .console_line("terminal length 0", "r1(config)# ")
            .console_line("terminal width 512", "r1(config)# ")
            .console_line("event-terminal stop", "r1(config)# ")
            .wants("ip a")
            .says("ip\r\nr1# a")
            .wants("\x15")
            .says("\x08 \x08")
            .wants("\x15\x15\x15\r")
            .says("\r\nr1# ");
        let (session, _) = open(fake, Login::default());
        let mut session = session.unwrap();
        session.enter_config(Take::Ask).unwrap();
        let evicted = session.run(&SendLine::new(1, "ip a", false), Expect::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { typed: false, .. }), "{evicted:?}");
        assert_eq!(session.mode(), &Mode::Operation);
    }
}

#[test]
fn a_mode_that_is_not_the_expected_one_stops() {
    let fake = in_config(7).line("interface GigaEthernet0.0", "Router(config-GigaEthernet1.0)# ");
    let (mut session, _) = configured(fake);
    let expect = Expect::Sub(Some("config-GigaEthernet0.0".into()));
    let error = session.run(&SendLine::new(1, "interface GigaEthernet0.0", false), &expect).unwrap_err();
    assert!(matches!(error, SessionError::UnexpectedMode { .. }), "{error:?}");
    assert!(error.is_usable(), "the prompt is known, so that an undo can go out");
}

#[test]
fn occupied_is_told_and_stolen_only_on_a_word() {
    let occupied = "% CONFIG process is occupied.\r\n% You may use `svintr-config' command with administrator privilege.\r\nRouter# ";
    for chunk in CHUNKS {
        let (session, _) = open(network(chunk).line("enable-config", occupied), Login::default());
        let error = session.unwrap().enter_config(Take::Ask).unwrap_err();
        assert!(matches!(error, SessionError::Occupied { .. }) && error.is_usable(), "{error:?}");
        let fake = network(chunk)
            .line("enable-config", occupied)
            .line("svintr-config", &format!("{ENTERED}Router(config)# "))
            .line("terminal length 0", "Router(config)# ")
            .line("terminal width 512", "Router(config)# ");
        let (session, _) = open(fake, Login::default());
        assert!(session.unwrap().enter_config(Take::Steal).unwrap());
    }
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

// ---- consoles ------------------------------------------------------------------------------------------------------------

fn console(chunk: usize) -> Fake {
    Fake::new(Kind::Serial, chunk).wants("\x15\x15")
}

#[test]
fn a_silent_console_is_woken_and_logged_in() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .quiet(1)
            .wants("\x15\r")
            .quiet(1)
            .wants("\x15\r")
            .says("\r\nlogin: \r\nPassword: ")
            .wants("\r")
            .says("\r\nlogin: ")
            .wants("admin")
            .says("admin")
            .wants("\r")
            .says("\r\nPassword: ")
            .wants("s3cret\r")
            .says("\r\n")
            .says(BANNER)
            .says("Router# ");
        let (session, _) = open(fake, admin());
        let session = session.unwrap();
        assert_eq!(
            (session.host(), session.mode(), session.right()),
            ("Router", &Mode::Operation, Right::Administrator)
        );
    }
}

#[test]
fn a_half_typed_line_is_erased_and_a_submode_left() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .says("\x08 \x08\x08 \x08")
            .wants("\x15\r")
            .says("\r\nr1(config-GigaEthernet2.0)# ")
            .console_line("exit", "r1(config)# ")
            .console_line("exit", "r1# ");
        let (session, _) = open(fake, Login::default());
        assert_eq!(session.unwrap().host(), "r1");
    }
}

#[test]
fn a_pager_and_a_question_left_open_are_left() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("ip route\r\n--More--")
            .wants("q")
            .says("\r        \rr1(config)# ")
            .wants("\x15\r")
            .says("\r\nr1(config)# ")
            .console_line("exit", "r1# ");
        let (session, _) = open(fake, Login::default());
        assert_eq!(session.unwrap().mode(), &Mode::Operation);
        let fake = console(chunk)
            .says("Are you sure you want to reload the router? (Yes or [No]): ")
            .wants("\x15no\r")
            .says("no\r\nr1(config)# ")
            .console_line("exit", "r1# ");
        let (session, _) = open(fake, Login::default());
        assert_eq!(session.unwrap().mode(), &Mode::Operation);
    }
}

#[test]
fn every_place_to_be_stuck_has_its_own_error() {
    for chunk in CHUNKS {
        let prompt = console(chunk).wants("\x15\r").says("\r\nboot[0]> ");
        assert!(matches!(open(prompt, admin()).0.err().unwrap(), SessionError::BootMonitor { .. }));
        let login = || console(chunk).wants("\x15\r").says("\r\nlogin: ");
        assert!(matches!(open(login(), Login::default()).0.err().unwrap(), SessionError::LoginNeeded { .. }));
        let once = |fake: Fake| {
            fake.wants("admin")
                .says("admin")
                .wants("\r")
                .says("\r\nPassword: ")
                .wants("s3cret\r")
                .says("\r\n\r\nlogin: ")
        };
        let wrong = open(once(once(login())), admin()).0.err().unwrap();
        assert!(matches!(wrong, SessionError::WrongPassword { ref user, .. } if user == "admin"), "{wrong:?}");
        let silent = console(chunk).wants("\x15\r\x15\r\x15\r\x15\r");
        assert!(matches!(open(silent, admin()).0.err().unwrap(), SessionError::Silent { garbage: false, .. }));
        let garbage = console(chunk).wants("\x15\r").says(b"\xf8\x80\xfe\x00\xf8").wants("\x15\r\x15\r\x15\r\x15\r");
        assert!(matches!(open(garbage, admin()).0.err().unwrap(), SessionError::Silent { garbage: true, .. }));
        let pulled = console(chunk).breaks("Broken pipe");
        assert_eq!(open(pulled, admin()).0.err().unwrap().code(), "serial.unplugged");
    }
}

#[test]
fn only_the_declared_host_gets_the_password_from_a_program() {
    let opened = |fake: Fake| {
        let typed = fake.typed();
        let settings = Settings { destination: Some("r1".to_owned()), ..settings() };
        (Session::open(Box::new(fake), admin(), settings, Box::new(NoWire)), typed)
    };
    for chunk in CHUNKS {
        let asks = |who: &str| Fake::new(Kind::Command, chunk).says(format!("{who}'s password: "));
        let (session, _) = opened(asks("admin@R1").wants("s3cret\n").says("\r\n").says(BANNER).says("Router# "));
        assert_eq!(session.unwrap().host(), "Router");
        for other in ["admin@gate", "ops@r1", "admin", "x@admin@r1"] {
            let (session, typed) = opened(asks(other));
            let error = session.err().unwrap();
            assert!(matches!(&error, SessionError::ForeignPassword { owner, .. } if owner == other), "{error:?}");
            assert_eq!(typed_text(&typed), "", "{other}: nothing was typed");
        }
        let undeclared = open(asks("admin@r1"), admin()).0.err().unwrap();
        assert_eq!(undeclared.code(), "session.foreign-password");
    }
}

#[test]
fn a_question_that_nobody_recorded_is_not_answered_with_return() {
    for chunk in CHUNKS {
        for question in [
            "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
            "Enter passphrase for key 'id_rsa': ",
            "Erase flash: [y/n]",
        ] {
            let (session, typed) = open(Fake::new(Kind::Command, chunk).says(question), admin());
            let error = session.err().unwrap();
            assert!(matches!(error, SessionError::Question { .. }), "{error:?}");
            assert_eq!(typed_text(&typed), "");
            let (session, typed) = open(console(chunk).wants("\x15\r").says(format!("\r\n{question}")), admin());
            assert!(matches!(session.err().unwrap(), SessionError::Question { .. }));
            assert_eq!(typed_text(&typed), "\\x15\\x15\\x15\\r", "nothing after the question");
        }
        // A line half typed at a prompt is none, whatever it ends with.
        let fake = console(chunk).says("r1# show ip route ?").wants("\x15\r").says("\r\nr1# ");
        assert_eq!(open(fake, admin()).0.unwrap().host(), "r1");
    }
}

#[test]
fn a_boot_is_waited_for() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .says("%BOOT-INFO: Trying flash load, exec-image [x.ldc].\r\nLoading: ####")
            .says("#### [OK]\r\n\r\nStarting at 0x20000\r\n\r\nConfiguring router subsystems (before IDB proc): done.\r\n")
            .says(BANNER)
            .says("Router# ")
            .wants("\x15\r")
            .says("\r\nRouter# ");
        let (session, typed) = open(fake, admin());
        assert_eq!(session.unwrap().host(), "Router");
        assert_eq!(typed_text(&typed), "\\x15\\x15\\x15\\r");
    }
}

#[test]
fn the_speed_of_a_console_is_found() {
    for chunk in CHUNKS {
        let fake = console(chunk).wants("\x15\r").says(b"\xf8\x80\xfe\x00").wants("\x15\r").says("\r\nr1# ");
        let speed_settings = Settings { detect_speed: true, ..settings() };
        let session = Session::open(Box::new(fake), Login::default(), speed_settings, Box::new(NoWire)).unwrap();
        assert_eq!(session.line_speed(), Some(115_200));
    }
}

#[test]
fn a_damaged_character_is_repaired_before_return() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("\r\nr1# ")
            .wants("enable-config")
            .says("enable-confg")
            .wants("\x15")
            .says("\x08 \x08".repeat(12))
            .wants("enable-config")
            .says("enable-config")
            .wants("\r")
            .says(format!("\r\n{ENTERED}r1(config)# "))
            .console_line("terminal length 0", "r1(config)# ")
            .console_line("terminal width 512", "r1(config)# ")
            .console_line("event-terminal stop", "r1(config)# ");
        let (session, typed) = open(fake, Login::default());
        session.unwrap().enter_config(Take::Ask).unwrap();
        assert_eq!(typed_text(&typed).matches("\\r").count(), 5, "one Return a line");
    }
}

#[test]
fn a_line_that_stays_damaged_is_never_executed() {
    let mut fake = console(7).wants("\x15\r").says("\r\nr1# ");
    for _ in 0..=settings().repairs {
        fake = fake.wants("enable-config").says("enble-config").wants("\x15").says("\x08 \x08".repeat(12));
    }
    let (session, typed) = open(fake, Login::default());
    let error = session.unwrap().enter_config(Take::Ask).unwrap_err();
    assert!(matches!(error, SessionError::Echo { returned: false, .. }) && error.is_before_return(), "{error:?}");
    assert_eq!(typed_text(&typed).matches("\\r").count(), 1);
}

#[test]
fn log_lines_on_a_console_disturb_nothing() {
    let log = "\r\n2023/05/06 03:44:37 LINK.002: GigaEthernet0 is up\r\n";
    for chunk in CHUNKS {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("\r\nr1# ")
            .wants("enable-config")
            .says(format!("enabl{log}e-config"))
            .wants("\r")
            .says(format!("\r\n{ENTERED}{}r1(config)# ", log.trim_start()))
            .console_line("terminal length 0", "r1(config)# ")
            .console_line("terminal width 512", "r1(config)# ")
            .console_line("event-terminal stop", &format!("r1(config)# {log}r1(config)# "))
            .console_line("ip a", "r1(config)# ");
        let (session, _) = open(fake, Login::default());
        let mut session = session.unwrap();
        session.enter_config(Take::Ask).unwrap();
        session.run(&SendLine::new(1, "ip a", false), Expect::Global).unwrap();
    }
}

#[test]
fn what_may_not_be_typed_is_not_typed() {
    let (mut session, typed) = configured(in_config(4096));
    let before = typed_text(&typed);
    for text in ["show ?", "a\tb", "a\nerase startup-config", "a\x1a", "a\x03"] {
        let error = session.run(&SendLine::new(4, text, false), Expect::Global).unwrap_err();
        assert!(matches!(error, SessionError::Untypable { .. }), "{text:?}");
    }
    assert_eq!(typed_text(&typed), before);
}

#[test]
fn a_timeout_says_what_was_awaited_and_masks_what_it_shows() {
    let (mut session, _) = configured(in_config(7).wants("ip a\n").says("ip a\r\nhalf an ans"));
    let error = session.run(&SendLine::new(3, "ip a", false), Expect::Global).unwrap_err();
    let text = error.text();
    assert!(text.en.contains("the prompt after #3 `ip a`") && text.en.contains("half an ans"), "{text}");
    let (mut session, _) = configured(in_config(7).wants("ip x hunter2\n").says("ip x hunter2\r\nhunter2 is"));
    let error = session.run(&SendLine::new(3, "ip x hunter2", true), Expect::Global).unwrap_err();
    let said = format!("{error} {error:?} {}", error.text());
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_monitor_user_may_look_only() {
    let (session, _) = open(Fake::new(Kind::Fake, 7).says(BANNER).says("r1% "), Login::default());
    let mut session = session.unwrap();
    assert_eq!(session.right(), Right::Monitor);
    assert!(matches!(session.enter_config(Take::Ask).unwrap_err(), SessionError::MonitorRight { .. }));
}

#[test]
fn goodbye_on_a_console_is_said_from_operation_mode() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("\r\nr1# ")
            .console_line("enable-config", &format!("{ENTERED}r1(config)# "))
            .console_line("terminal length 0", "r1(config)# ")
            .console_line("terminal width 512", "r1(config)# ")
            .console_line("event-terminal stop", "r1(config)# ")
            .console_line("interface GigaEthernet0.0", "r1(config-GigaEthernet0.0)# ")
            .console_line("configure", "r1(config)# ")
            .console_line("exit", "r1# ")
            .console_line("exit", "\r\nlogin: ");
        let (session, typed) = open(fake, Login::default());
        let mut session = session.unwrap();
        session.enter_config(Take::Ask).unwrap();
        session.run(&SendLine::new(1, "interface GigaEthernet0.0", false), Expect::Sub(None)).unwrap();
        session.close().unwrap();
        assert!(typed_text(&typed).ends_with("exit\\rexit\\r"));
    }
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
        session.run(&SendLine::new(1, text.trim(), false), Expect::Global).unwrap();
    }
}

#[test]
fn a_window_is_read_in_any_chunks() {
    for chunk in CHUNKS {
        let prompt = "Router(config)# ";
        let fake = in_config(chunk)
            .wants("! 1\n! 2\n! 3\n")
            .says(format!("! 1\r\n{prompt}! 2\r\n{prompt}! 3\r\n{prompt}"))
            .wants("ip a\nip b\nhostname r9\n")
            .says(format!("ip a\r\n% ip -- Invalid command.\r\n{prompt}ip b\r\n% You must restart the router for this configuration to take effect.\r\n"))
            .says(format!("{prompt}hostname r9\r\nr9(config)# "))
            .line("exit", "r9# ");
        let (mut session, _) = configured(fake);
        assert!(session.prove_type_ahead(3, 3).unwrap());
        let window = ["ip a", "ip b", "hostname r9"].map(|text| (SendLine::new(1, text, false), Expect::Global));
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
        assert_eq!(session.run_window(&[(SendLine::new(1, "ip a", false), Expect::Global)]).len(), 1);
    }
}

#[test]
fn a_slow_save_on_a_console_gets_one_return_and_a_lost_return_elsewhere_a_second() {
    for chunk in CHUNKS {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("\r\nr1# ")
            .console_line("enable-config", &format!("{ENTERED}r1(config)# "))
            .console_line("terminal length 0", "r1(config)# ")
            .console_line("terminal width 512", "r1(config)# ")
            .console_line("event-terminal stop", "r1(config)# ")
            .wants("ip a")
            .says("ip a")
            .wants("\r")
            .quiet(1)
            .wants("\r")
            .says("\r\nr1(config)# ")
            .wants("write memory")
            .says("write memory")
            .wants("\r")
            .quiet(1)
            .says("\r\nBuilding configuration...\r\nr1(config)# ");
        let (session, typed) = open(fake, Login::default());
        let mut session = session.unwrap();
        session.enter_config(Take::Ask).unwrap();
        session.run(&SendLine::new(1, "ip a", false), Expect::Global).unwrap();
        session.save().unwrap();
        assert!(typed_text(&typed).ends_with("ip a\\r\\rwrite memory\\r"), "{}", typed_text(&typed));
    }
}
