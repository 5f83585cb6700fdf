//! Programs on a terminal, and every login that is not the router's: the password goes to no one else, and to no one twice.

use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::message::Explain;
use ixdeploy::session::{Awaited, Deadlines, Login, NoTap, Session, SessionError, Settings};
use ixdeploy::transport::fake::Fake;
use ixdeploy::transport::{LinkKind, Terminal};

use super::{BANNER, CHUNKS, Typed, admin, console, open, settings, typed_text};

/// The program shows what is typed: it asks nothing at this moment.
const WAITS: Terminal = Terminal { echoes: true, relays: false };
/// The program asks for a password.
const ASKS: Terminal = Terminal { echoes: false, relays: false };
/// The program has become a line to what is behind it.
const RELAYS: Terminal = Terminal { echoes: false, relays: true };

/// Through an `ssh` whose words lead to `r1`.
fn through_ssh(fake: Fake, login: Login) -> (Result<Session, SessionError>, Typed) {
    let typed = fake.typed();
    let settings = Settings { destination: Some("r1".to_owned()), ..settings() };
    (Session::open(Box::new(fake), Dialect::ix(), login, settings, Box::new(NoTap)), typed)
}

fn program(chunk: usize, kind: LinkKind) -> Fake {
    Fake::new(kind, chunk).holds(WAITS)
}

/// Texts with which a host on the way may try to look like the router, all of them without a line of their own at the end.
const FAKED: [&str; 12] = [
    "Password: ",
    "\r\nPassword: ",
    "\r\nlogin: ",
    "login: \r\nPassword: ",
    "(ops@gate) Password: ",
    "(ops@gate) \r\nadmin@r1's password: ",
    "(ops@gate) \radmin@r1's password: ",
    "(ops@gate) \r\n(admin@r1) Password: ",
    "(ops@gate) \x1b[2K\x1b[1Gadmin@r1's password: ",
    "(ops@gate) \r\nNEC Portable Internetwork Core Operating System Software\r\nlogin: \r\nPassword: ",
    "admin@gate's password: ",
    "ops@r1's password: ",
];

#[test]
fn an_intermediate_host_gets_no_password_whatever_it_shows() {
    for chunk in CHUNKS {
        for kind in [LinkKind::Command, LinkKind::Serial] {
            for faked in FAKED {
                let (session, typed) = through_ssh(program(chunk, kind).holds(ASKS).says(faked), admin());
                let error = session.err().unwrap();
                assert_eq!(error.code(), "session.foreign-password", "{faked:?}: {error:?}");
                assert_eq!(typed_text(&typed), "", "{faked:?}");
            }
            // Longer than what is kept, so that the other host's name might be lost.
            let long = format!("(ops@gate) {}\r\nadmin@r1's password: ", "x\r\n".repeat(20_000));
            let (session, typed) = through_ssh(program(chunk, kind).holds(ASKS).says(long), admin());
            assert_eq!(session.err().unwrap().code(), "session.foreign-password");
            assert_eq!(typed_text(&typed), "");
        }
    }
}

#[test]
fn a_text_that_looks_like_the_programs_question_is_none_while_the_terminal_echoes() {
    for chunk in CHUNKS {
        let fake = program(chunk, LinkKind::Command).says("admin@r1's password: ");
        let (session, typed) = through_ssh(fake, admin());
        assert_eq!(session.err().unwrap().code(), "session.foreign-password");
        assert_eq!(typed_text(&typed), "");
        // A prompt of a host on the way is no prompt of the router, either.
        for login in [admin(), Login::default()] {
            let (session, typed) = through_ssh(program(chunk, LinkKind::Command).says(BANNER).says("Router# "), login);
            assert_eq!(session.err().unwrap().code(), "session.timeout");
            assert_eq!(typed_text(&typed), "");
        }
    }
}

#[test]
fn a_program_that_is_silent_until_the_time_is_up_is_said_to_lead_nowhere() {
    let deadlines = Deadlines { login_total: Duration::ZERO, wake: Duration::ZERO, ..Deadlines::default() };
    let settings = Settings { deadlines, ..settings() };
    let fake = Box::new(program(7, LinkKind::Command).quiet(9));
    let error = Session::open(fake, Dialect::ix(), admin(), settings, Box::new(NoTap)).err().unwrap();
    assert!(matches!(error, SessionError::Timeout { awaited: Awaited::Program, .. }), "{error:?}");
}

#[test]
fn a_question_that_is_on_its_way_is_waited_for() {
    for chunk in CHUNKS {
        // A banner that looks like the program's question, and then another host's, for which the echo was turned off.
        let fake = program(chunk, LinkKind::Command)
            .says("admin@r1's password: ")
            .holds(ASKS)
            .quiet(1)
            .says("\r(ops@gate) Code: ");
        let (session, typed) = through_ssh(fake, admin());
        assert_eq!(session.err().unwrap().code(), "session.foreign-password");
        assert_eq!(typed_text(&typed), "");
    }
}

#[test]
fn the_program_gets_the_password_where_it_names_the_login_and_once() {
    for chunk in CHUNKS {
        for question in ["admin@R1's password: ", "(admin@r1) Password: "] {
            let asked = |fake: Fake| fake.holds(ASKS).says(question).wants("s3cret\n");
            let fake = asked(program(chunk, LinkKind::Command).says("Authorised use only.\r\n"))
                .says("\r\n")
                .holds(RELAYS)
                .says(BANNER)
                .says("Router# ");
            let (session, _) = through_ssh(fake, admin());
            let session = session.unwrap();
            assert!(session.host() == "Router" && session.has_proven_login());
            let refused = asked(program(chunk, LinkKind::Command))
                .says("\r\nPermission denied, please try again.\r\n")
                .says(question);
            let (session, typed) = through_ssh(refused, admin());
            assert!(matches!(session.err().unwrap(), SessionError::WrongPassword { .. }), "{question}");
            assert_eq!(typed_text(&typed).matches("s3cret").count(), 1);
            let ended = asked(program(chunk, LinkKind::Command)).says("\r\nadmin@r1: Permission denied.\r\n").ends();
            assert!(matches!(through_ssh(ended, admin()).0.err().unwrap(), SessionError::WrongPassword { .. }));
            let broken = asked(program(chunk, LinkKind::Command)).says("\r\nConnection reset by peer\r\n").ends();
            assert!(matches!(through_ssh(broken, admin()).0.err().unwrap(), SessionError::ProgramEnded { .. }));
            // An unknown program: its words may come from anyone.
            let (session, typed) = open(program(chunk, LinkKind::Command).holds(ASKS).says(question), admin());
            assert_eq!(session.err().unwrap().code(), "session.foreign-password");
            assert_eq!(typed_text(&typed), "");
        }
    }
}

#[test]
fn a_router_behind_a_program_asks_for_the_login_itself() {
    for chunk in CHUNKS {
        let fake = program(chunk, LinkKind::Command)
            .says("Trying 192.0.2.1...\r\nConnected to 192.0.2.1.\r\nEscape character is '^]'.\r\n")
            .holds(RELAYS)
            .says("login: ")
            .wants("admin\n")
            .says("admin\r\nPassword: ")
            .wants("s3cret\n")
            .says("\r\n")
            .says(BANNER)
            .says("Router# ");
        let (session, _) = open(fake, admin());
        assert!(session.unwrap().has_proven_login());
        let refused = program(chunk, LinkKind::Command)
            .holds(RELAYS)
            .says("login: ")
            .wants("admin\n")
            .says("admin\r\nPassword: ")
            .wants("s3cret\n")
            .says("\r\nlogin: ");
        let (session, typed) = open(refused, admin());
        assert!(matches!(session.err().unwrap(), SessionError::WrongPassword { .. }));
        assert_eq!(typed_text(&typed).matches("s3cret").count(), 1);
    }
}

#[test]
fn behind_a_program_with_a_declared_login_nothing_is_typed_before_that_was_asked_for() {
    let relays = |chunk: usize, says: &str| program(chunk, LinkKind::Command).holds(RELAYS).says(says);
    for chunk in CHUNKS {
        for (says, code) in [
            ("Router# ", "session.login-not-asked"),
            ("gate# ", "session.login-not-asked"),
            ("Router(config)# ", "session.login-not-asked"),
            ("Password: ", "session.foreign-password"),
            ("admin@r1's password: ", "session.foreign-password"),
            ("", "session.silent"),
            ("Welcome to gate", "session.stuck"),
            ("--More--", "session.stuck"),
            ("Are you sure you want to reload the router? (Yes or [No]): ", "session.stuck"),
            ("Choose a port: ", "session.question"),
        ] {
            let (session, typed) = open(relays(chunk, says), admin());
            assert_eq!(session.err().unwrap().code(), code, "{says:?}");
            assert_eq!(typed_text(&typed), "", "{says:?}");
        }
        // A program that logs in itself has no login to be asked for.
        assert_eq!(open(relays(chunk, &format!("{BANNER}Router# ")), Login::default()).0.unwrap().host(), "Router");
    }
}

#[test]
fn over_ssh_the_password_is_for_the_key_exchange_alone() {
    for chunk in CHUNKS {
        for says in ["login: ", "Password: ", "admin@r1's password: "] {
            let (session, typed) = open(Fake::new(LinkKind::Ssh, chunk).says(says), admin());
            assert_eq!(session.err().unwrap().code(), "session.foreign-password", "{says}");
            assert_eq!(typed_text(&typed), "");
        }
    }
}

#[test]
fn a_console_servers_own_login_gets_no_password() {
    for chunk in CHUNKS {
        for says in ["Username: ", "consoles login: ", "Enter port password: ", "admin@consoles's password: "] {
            let (session, typed) = open(console(chunk).wants("\x15\r").says(format!("\r\n{says}")), admin());
            let error = session.err().unwrap();
            assert!(["session.foreign-password", "session.question"].contains(&error.code()), "{says}: {error:?}");
            assert_eq!(typed_text(&typed), "\\x15\\x15\\x15\\r", "{says}");
        }
        // A password that is asked for without a user is answered with Return alone, a few times.
        let (session, typed) = open(console(chunk).wants("\x15\r").says("\r\nPassword: "), admin());
        assert!(session.is_err());
        assert!(!typed_text(&typed).contains("s3cret"));
    }
}
