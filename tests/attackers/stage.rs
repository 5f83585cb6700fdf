//! A session that goes through all its phases with a peer that may attack in any of them.

use std::sync::Arc;
use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{
    Bounds, Deadlines, Exchange, ExpectedMode, Login, NoTap, SendLine, Session, SessionError, Settings, Take,
};
use ixdeploy::transport::Transport;

use crate::budget::within_time;
use crate::peer::{Attack, Phase};

/// What every attacker tries at least: endless text, endless rows, and what looks like a boot, a prompt, a page and nothing.
pub const ATTACKS: [Attack; 9] = [
    Attack::Drip(b"x"),
    Attack::Drip(b"Loading: \r\n"),
    Attack::Flood(b"x"),
    Attack::Flood(b"a row\r\n"),
    Attack::Flood(b"\n"),
    Attack::Flood(b"Loading: ixrt.ldc\r\n"),
    Attack::Flood(b"R(config)# \r\n"),
    Attack::Flood(b"\r--More--\r"),
    Attack::Flood(b"\0"),
];

/// The same, where a console takes its time.
pub const SOME: [Attack; 4] =
    [Attack::Drip(b"x"), Attack::Flood(b"x\r\n"), Attack::Flood(b"Loading: x\r\n"), Attack::Flood(b"\xff\xfe\x90")];

/// Deadlines of a test: every total is a third of a second.
pub fn settings() -> Settings {
    let (silence, total) = (Duration::from_millis(150), Duration::from_millis(300));
    let deadlines = Deadlines {
        connect: total,
        wake: silence,
        login: silence,
        login_total: total,
        line: silence,
        line_total: total,
        show: silence,
        show_total: total,
        save: total,
        save_total: total,
        boot: total,
        ..Deadlines::default()
    };
    Settings { deadlines, ..Settings::default() }
}

/// The same where the login is not what is attacked: on a busy machine it takes longer than that.
fn settings_for(phase: Phase) -> Settings {
    let mut settings = settings();
    if !ENTRY.contains(&phase) {
        settings.deadlines.login_total = Duration::from_secs(20);
    }
    settings
}

/// The phases of a login.
const ENTRY: [Phase; 2] = [Phase::Greeting, Phase::Login];

/// The login of a peer, which takes any.
pub fn admin() -> Login {
    Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("s3cret".into()))) }
}

/// Goes through a whole session. Insists that each step ends within its bound, and that an attacked one fails.
pub fn live_through(link: impl Transport + 'static, phase: Phase, attack: Attack) {
    let what = format!("{:?} {phase:?} {attack:?}", link.kind());
    let settings = settings_for(phase);
    let bounds = Bounds::of(&settings, link.kind(), link.line_speed());
    let total = |exchange| bounds.bound(exchange).total;
    let open = || Session::open(Box::new(link), Dialect::ix(), admin(), settings, Box::new(NoTap));
    let entry = total(Exchange::Login) + total(Exchange::Boot);
    let mut session = match within_time(&what, entry, open) {
        Ok(session) => session,
        Err(error) => return attacked(&what, phase, &ENTRY, &error),
    };
    let worked = talk(&what, &mut session, &bounds);
    if let Err(error) = &worked {
        attacked(&what, phase, &[Phase::SetUp, Phase::Show, Phase::Line, Phase::Save], error);
    }
    let out = within_time(&what, total(Exchange::WayOut), || session.close());
    assert!(worked.is_err() || out.is_err() || phase == Phase::WayOut, "{what}: nothing was attacked");
}

fn talk(what: &str, session: &mut Session, bounds: &Bounds) -> Result<(), SessionError> {
    let total = |exchange| bounds.bound(exchange).total;
    let into_config = total(Exchange::Line) + total(Exchange::SetUp);
    within_time(what, into_config, || session.enter_config(Take::Ask))?;
    within_time(what, total(Exchange::Show), || session.show("show running-config"))?;
    let line = SendLine::new(1, "ip route 10.0.0.0/8 192.0.2.1", false);
    within_time(what, total(Exchange::Line), || session.run(&line, ExpectedMode::Global))?;
    within_time(what, total(Exchange::Save), || session.save()).map(drop)
}

fn attacked(what: &str, phase: Phase, possible: &[Phase], error: &SessionError) {
    assert!(possible.contains(&phase), "{what}: {} ({})", error.text().en, error.code());
}
