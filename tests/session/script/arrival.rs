//! From every starting state to a prompt, or to an error that says where it is stuck.

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::prompt::{Mode, Right};
use ixdeploy::message::Explain;
use ixdeploy::session::{Login, NoTap, Session, SessionError, Settings, Take};
use ixdeploy::transport::LinkKind;
use ixdeploy::transport::fake::Fake;

use super::{BANNER, CHUNKS, ENTERED, admin, console, network, open, settings, typed_text};

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
fn every_place_where_a_session_gets_stuck_has_its_own_error() {
    for chunk in CHUNKS {
        let prompt = console(chunk).wants("\x15\r").says("\r\nboot[0]> ");
        assert!(matches!(open(prompt, admin()).0.err().unwrap(), SessionError::BootMonitor { .. }));
        let (shown, typed) = open(Fake::new(LinkKind::Serial, chunk).says("\r\nboot[0]> "), admin());
        assert!(matches!(shown.err().unwrap(), SessionError::BootMonitor { .. }));
        assert_eq!(typed_text(&typed), "", "no byte goes into a boot monitor that has shown itself");
        let login = || console(chunk).wants("\x15\r").says("\r\nlogin: ");
        assert!(matches!(open(login(), Login::default()).0.err().unwrap(), SessionError::LoginNeeded { .. }));
        for again in ["\r\n\r\nlogin: ", "\r\n% Login incorrect.\r\nPassword: "] {
            let refused =
                login().wants("admin").says("admin").wants("\r").says("\r\nPassword: ").wants("s3cret\r").says(again);
            let (wrong, typed) = open(refused, admin());
            let wrong = wrong.err().unwrap();
            assert!(matches!(wrong, SessionError::WrongPassword { ref user, .. } if user == "admin"), "{wrong:?}");
            assert!(wrong.text().en.contains("asked for the login again"), "{}", wrong.text().en);
            assert_eq!(typed_text(&typed).matches("s3cret").count(), 1, "a refused password is not typed again");
        }
        let silent = console(chunk).wants("\x15\r\x15\r\x15\r\x15\r");
        assert!(matches!(open(silent, admin()).0.err().unwrap(), SessionError::Silent { garbage: false, .. }));
        let garbage = console(chunk).wants("\x15\r").says(b"\xf8\x80\xfe\x00\xf8").wants("\x15\r\x15\r\x15\r\x15\r");
        assert!(matches!(open(garbage, admin()).0.err().unwrap(), SessionError::Silent { garbage: true, .. }));
        let pulled = console(chunk).breaks("Broken pipe");
        assert_eq!(open(pulled, admin()).0.err().unwrap().code(), "serial.unplugged");
    }
}

#[test]
fn an_unknown_question_is_not_answered_with_return() {
    for chunk in CHUNKS {
        for question in [
            "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
            "Enter passphrase for key 'id_rsa': ",
            "Erase flash: [y/n]",
        ] {
            let (session, typed) = open(Fake::new(LinkKind::Command, chunk).says(question), admin());
            let error = session.err().unwrap();
            assert!(matches!(error, SessionError::Question { .. }), "{error:?}");
            assert_eq!(typed_text(&typed), "");
            let (session, typed) = open(console(chunk).wants("\x15\r").says(format!("\r\n{question}")), admin());
            assert!(matches!(session.err().unwrap(), SessionError::Question { .. }));
            assert_eq!(typed_text(&typed), "\\x15\\x15\\x15\\r", "nothing after the question");
        }
        // A half-typed line at a prompt is no question, whatever it ends with.
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
        let session =
            Session::open(Box::new(fake), Dialect::ix(), Login::default(), speed_settings, Box::new(NoTap)).unwrap();
        assert_eq!(session.line_speed(), Some(115_200));
    }
}

#[test]
fn a_monitor_user_may_look_only() {
    let (session, _) = open(Fake::new(LinkKind::Fake, 7).says(BANNER).says("r1% "), Login::default());
    let mut session = session.unwrap();
    assert_eq!(session.right(), Right::Monitor);
    assert!(matches!(session.enter_config(Take::Ask).unwrap_err(), SessionError::MonitorRight { .. }));
}

#[test]
fn an_occupied_config_mode_is_reported_and_taken_only_on_request() {
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
