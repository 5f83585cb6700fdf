//! Typing on a console: what is lost, doubled, evicted or late.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::prompt::Mode;
use ixdeploy::session::{ExpectedMode, Login, NoTap, SendLine, Session, SessionError, Take};
use ixdeploy::transport::fake::Fake;
use ixdeploy::transport::{LinkKind, Received, Terminal, Transport, TransportError};

use super::{CHUNKS, ENTERED, console, open, settings, typed_text};

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
        let evicted = session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap_err();
        assert!(matches!(evicted, SessionError::Evicted { typed: false, .. }), "{evicted:?}");
        assert_eq!(session.mode(), &Mode::Operation);
    }
}

/// A script that notes the order of what was read and typed.
struct Noted {
    script: Fake,
    order: Arc<Mutex<String>>,
}

impl Transport for Noted {
    fn read(&mut self, buffer: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        let received = self.script.read(buffer, until)?;
        if let Received::Bytes(_) = received {
            self.order.lock().unwrap().push('r');
        }
        Ok(received)
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        self.order.lock().unwrap().push('w');
        self.script.write(bytes, until)
    }

    fn kind(&self) -> LinkKind {
        self.script.kind()
    }

    fn peer(&self) -> String {
        self.script.peer()
    }

    fn terminal(&self) -> Option<Terminal> {
        self.script.terminal()
    }

    fn close(&mut self) {
        self.script.close();
    }
}

#[test]
fn nothing_is_typed_on_a_console_while_something_comes() {
    let script = Fake::new(LinkKind::Serial, 7)
        .says("ntp retry 3\r\nr1(config)# show running-config\r\nCurrent configuration")
        .quiet(1)
        .wants("\x15\x15")
        .wants("\x15\r")
        .says("\r\nr1# ");
    let order = Arc::new(Mutex::new(String::new()));
    let noted = Noted { script, order: Arc::clone(&order) };
    let session = Session::open(Box::new(noted), Dialect::ix(), Login::default(), settings(), Box::new(NoTap));
    assert_eq!(session.unwrap().host(), "r1");
    let order = order.lock().unwrap();
    assert_eq!(order.find('w'), Some(10), "all of it came before: {order}");
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
        session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap();
    }
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
        session.run(&SendLine::new(1, "interface GigaEthernet0.0", false), ExpectedMode::Sub(None)).unwrap();
        session.close().unwrap();
        assert!(typed_text(&typed).ends_with("exit\\rexit\\r"));
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
        session.run(&SendLine::new(1, "ip a", false), ExpectedMode::Global).unwrap();
        session.save().unwrap();
        assert!(typed_text(&typed).ends_with("ip a\\r\\rwrite memory\\r"), "{}", typed_text(&typed));
    }
}

/// A busy router takes longer than a lost Return is waited for.
#[test]
fn a_prompt_that_comes_twice_is_no_line_of_a_display() {
    for (chunk, between) in
        CHUNKS.iter().flat_map(|chunk| [(*chunk, ""), (*chunk, "2023/05/06 03:44:37 LINK.002: up\r\n")])
    {
        let fake = console(chunk)
            .wants("\x15\r")
            .says("\r\nr1# ")
            .wants("show version")
            .says("show version")
            .wants("\r")
            .quiet(1)
            .wants("\r")
            .says(format!("\r\nNEC\r\n\r\nr1# \r\n{between}r1# "));
        let (session, _) = open(fake, Login::default());
        let shown = session.unwrap().show("show version").unwrap();
        assert_eq!(Dialect::ix().strings().without_log_lines(&shown), "NEC\n\n", "chunk {chunk}");
    }
}
