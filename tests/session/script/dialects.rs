//! A router of another series: other commands, keys, prompts and answers, all of them data that the session is given.

use std::sync::Arc;

use ixdeploy::dialect::device_strings::Around;
use ixdeploy::dialect::prompt::{Mode, Right};
use ixdeploy::dialect::{Commands, Definition, DeviceStrings, DiagnosticTexts, Dialect, PromptForm};
use ixdeploy::session::{
    ExpectedMode, NoTap, RecordedEvent, Recorder, Recording, SendLine, Session, SessionError, Take,
};
use ixdeploy::session::{SessionTap, review};
use ixdeploy::transport::LinkKind;
use ixdeploy::transport::fake::Fake;

use super::{CHUNKS, admin, settings, typed_text};

/// Of no series that exists: nothing that the session must know of it is a text of an IX.
fn other() -> Arc<Dialect> {
    let ix = Dialect::ix().definition();
    let definition = Definition {
        name: "other",
        commands: Commands {
            enable_config: "edit",
            steal_config: "edit now",
            top: "root",
            exit: "leave",
            no_pager: "page off",
            wide: "columns 512",
            no_events: "log off",
            save: "keep",
            reload: "boot",
            yes: "sure",
            no: "never",
            comment: "//",
            ..ix.commands
        },
        strings: DeviceStrings {
            pager: "<more>",
            pager_next: b'n',
            pager_quit: b'x',
            erase_line: 0x17,
            login: "user>",
            other_logins: &[],
            password: "code>",
            banner: "Other Router",
            question_ends: &["(sure, [never])"],
            question_begins: &[],
            boot: &["Booting "],
            width: 40,
            ..ix.strings
        },
        prompts: PromptForm { administrator: '$', monitor: '~', config: "edit" },
        diagnostics: DiagnosticTexts {
            sign: '*',
            occupied: &["edited elsewhere"],
            bare_refusals: &[],
            quote: ": ",
            reasons: &["what"],
            restart_required: &["boot first"],
            not_saved: &["not kept"],
            user_added: Around { before: "hello ", behind: "welcome" },
            notices: &["working"],
            notice_begins: &[],
            refusals: &["odd"],
            save_failures: &["full"],
        },
        ..*ix
    };
    Dialect::define(Box::leak(Box::new(definition)))
}

fn opened(fake: Fake) -> (Session, super::Typed) {
    let typed = fake.typed();
    (Session::open(Box::new(fake), &other(), admin(), settings(), Box::new(NoTap)).unwrap(), typed)
}

fn network(chunk: usize) -> Fake {
    Fake::new(LinkKind::Telnet, chunk).says("\r\nuser> ").wants("admin\r").says("admin\r\ncode> ").wants("s3cret\r")
}

/// A line as telnet types it.
fn line(fake: Fake, line: &str, answer: &str) -> Fake {
    fake.wants(format!("{line}\r")).says(format!("{line}\r\n{answer}"))
}

/// Logged in, in configuration mode, its terminal set up.
fn in_config(chunk: usize) -> Fake {
    let fake = network(chunk).says("\r\nOther Router\r\ngate$ ");
    let fake = line(fake, "edit", "gate(edit)$ ");
    line(line(fake, "page off", "gate(edit)$ "), "columns 512", "* columns 512: what?\r\ngate(edit)$ ")
}

#[test]
fn another_dialect_is_spoken_as_its_data_say() {
    for chunk in CHUNKS {
        let fake = line(in_config(chunk), "port 1", "gate(edit-port1)$ ");
        let fake = line(fake, "speed 10", "* speed 10: what now?\r\ngate(edit-port1)$ ");
        let fake = line(fake, "speed 20", "* boot first, please\r\ngate(edit-port1)$ ");
        let fake = line(fake, "root", "gate(edit)$ ")
            .wants("show running-config\r")
            .says("show running-config\r\nName# and % are text here\r\n<more>");
        let fake = fake.wants("n").says("\r      \r% more\r\n* less\r\ngate(edit)$ ");
        let fake = line(fake, "keep", "* working\r\nThe store is full\r\ngate(edit)$ ");
        let fake = line(line(fake, "leave", "gate$ "), "leave", "").ends();
        let (mut session, _) = opened(fake);
        assert_eq!((session.host(), session.mode(), session.right()), ("gate", &Mode::Operation, Right::Administrator));
        session.enter_config(Take::Ask).unwrap();
        let port = ExpectedMode::Sub(Some("edit-port1".into()));
        session.run(&SendLine::new(1, "port 1", false), &port).unwrap();
        let refused = session.run(&SendLine::new(2, "speed 10", false), &port).unwrap_err();
        assert!(matches!(refused, SessionError::Refused { .. }), "{refused:?}");
        assert!(session.run(&SendLine::new(3, "speed 20", false), &port).unwrap().restart_required());
        session.run(&SendLine::own("root"), ExpectedMode::Global).unwrap();
        let text = session.show("show running-config").unwrap();
        assert_eq!(text, "Name# and % are text here\n% more\n* less\n");
        let failed = session.save().unwrap_err();
        assert!(
            matches!(&failed, SessionError::Refused { text: Some(text), .. } if text == "The store is full"),
            "{failed:?}"
        );
        session.close().unwrap();
    }
}

#[test]
fn what_an_ix_says_means_nothing_in_another_dialect() {
    for chunk in CHUNKS {
        // The prompt and the refusal of an IX are ordinary text, and the answer goes on.
        let answer = "% port 1 -- Invalid command.\r\nRouter(config)# \r\n--More--\r\ngate(edit)$ ";
        let (mut session, _) = opened(line(in_config(chunk), "port 1", answer));
        session.enter_config(Take::Ask).unwrap();
        let reply = session.run(&SendLine::new(1, "port 1", false), ExpectedMode::Global).unwrap();
        assert_eq!(reply.output, ["% port 1 -- Invalid command.", "Router(config)# ", "--More--"]);
        assert!(reply.diagnostics.is_empty());
    }
}

#[test]
fn configuration_mode_is_asked_for_and_taken_in_its_own_words() {
    for chunk in CHUNKS {
        let fake = line(network(chunk).says("\r\ngate$ "), "edit", "* edited elsewhere\r\ngate$ ");
        let fake = line(fake, "edit now", "gate(edit)$ ");
        let fake = line(line(fake, "page off", "gate(edit)$ "), "columns 512", "gate(edit)$ ");
        let fake = line(fake, "ip a", "gate$ ");
        let (mut session, _) = opened(fake);
        assert!(session.enter_config(Take::Steal).unwrap());
        let evicted = session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { .. }), "{evicted:?}");
    }
}

#[test]
fn a_console_is_woken_emptied_and_asked_with_its_own_keys() {
    for chunk in CHUNKS {
        let fake = Fake::new(LinkKind::Serial, chunk)
            .wants("\x17\x17")
            .quiet(1)
            .wants("\x17\r")
            .says("\r\nshall it go on? (sure, [never]):")
            .wants("\x17never\r")
            .says("\r\ngate(edit)$ ")
            .console_line("leave", "gate$ ");
        let typed = fake.typed();
        let session = Session::open(Box::new(fake), &other(), admin(), settings(), Box::new(NoTap));
        assert!(session.is_ok(), "{:?} {}", session.err(), typed_text(&typed));
    }
}

#[test]
fn a_monitor_is_known_by_its_own_sign() {
    let (mut session, _) = opened(network(7).says("\r\ngate~ "));
    assert_eq!(session.right(), Right::Monitor);
    assert!(matches!(session.enter_config(Take::Ask), Err(SessionError::MonitorRight { .. })));
}

#[test]
fn a_recording_of_another_dialect_is_followed_again() {
    let dialect = other();
    let mut tape = Vec::new();
    let mut recorder = Recorder::new(&mut tape, &dialect, 0, "gate").unwrap();
    recorder.received(b"gate(edit)$ ");
    recorder.sent(b"port 1\n");
    recorder.received(b"port 1\r\n* port 1: what?\r\ngate(edit)$ ");
    drop(recorder);
    let recording = Recording::parse(&String::from_utf8(tape).unwrap()).unwrap();
    let said: Vec<&RecordedEvent> = recording.events.iter().filter(|event| event.from_router).collect();
    assert!(said.iter().any(|event| event.text.contains("gate(edit)$")), "{said:?}");
    let [line] = &review(&dialect, &recording)[..] else { panic!("one line") };
    assert!(line.echoed && line.ended && line.diagnostics.len() == 1, "{line:?}");
    assert!(review(Dialect::ix(), &recording).is_empty(), "an IX has no such prompt");
}

/// None of these texts was ever seen on an IX-R: with and without them the session works.
#[test]
fn an_ix_r_is_logged_in_to_whether_or_not_it_shows_the_texts_of_an_ix() {
    for (login, banner) in
        [("login: ", "\r\nNEC Portable Internetwork Core Operating System Software\r\n"), ("Username: ", "")]
    {
        for chunk in CHUNKS {
            let fake = Fake::new(LinkKind::Telnet, chunk).says(format!("\r\n{login}")).wants("admin\r");
            let fake = fake.says("admin\r\nPassword: ").wants("s3cret\r").says(format!("{banner}\r\nix-r# "));
            let session = Session::open(Box::new(fake), Dialect::ix_r(), admin(), settings(), Box::new(NoTap)).unwrap();
            assert_eq!((session.host(), session.has_proven_login()), ("ix-r", true));
        }
    }
}
