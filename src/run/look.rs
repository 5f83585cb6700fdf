//! Who is at the end of a console cable: listened to, then asked, before it is known which router of the inventory it is.
//!
//! Two displays are read, and nothing else is typed. No byte goes into a boot monitor, or while a save may be running.

use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::options::RunOptions;
use super::prepare::{PrepareError, bare};
use super::saves::Saves;
use crate::connect::{Connect as _, ConnectError, RunningSave};
use crate::dialect::Dialect;
use crate::inventory::{Baud, Connection, ConsoleHere, Inventory};
use crate::ix::Identity;
use crate::ix::display::{Hardware, Version};
use crate::journal::JournalError;
use crate::message::Explain;
use crate::secret::KnownSecrets;
use crate::session::{Listening, Login, NoTap, Session, SessionError, Settings, listen};
use crate::transport::TransportError;
use crate::transport::serial::{self, PortChoice, SerialTarget};

/// Which console is looked at, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookRequest {
    /// The port, and the speed to begin with.
    pub console: ConsoleHere,
    /// Other speeds are tried where nothing readable comes at this one.
    pub any_speed: bool,
    /// The router whose login is typed where the console asks for one; without it no login is typed.
    pub login_of: Option<String>,
}

/// A box as it says who it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoxSeen {
    /// Model, serial number, firmware and host name.
    pub identity: Identity,
    /// Time since its start, in its words.
    pub uptime: Option<String>,
    /// What its running configuration was loaded from, in its words.
    pub based_on: Option<String>,
    /// The console's speed in bit/s.
    pub speed: u32,
}

/// Why it is not known who is at the end of a cable.
#[derive(Debug, Explain)]
pub enum LookError {
    /// What the operator chose cannot be used.
    #[explain(transparent)]
    Options(#[from] RunError),
    /// A save was begun whose end is not recorded: a byte on the console could disturb it.
    #[explain(
        code = "look.save-may-run",
        en = "the last record of {router} says that a save may still be running: nothing is typed for {seconds} s",
        ja = "{router} の最後の記録では、保存がまだ実行中の可能性があります。あと {seconds} 秒は何も入力しません",
        hint(
            en = "leave the router switched on, and try again then",
            ja = "ルータの電源を切らずに、時間が過ぎてから再試行してください"
        )
    )]
    SaveMayRun {
        /// The router.
        router: String,
        /// How long it can last at most from now on.
        seconds: u64,
    },
    /// It answers, but not who it is.
    #[explain(
        code = "look.unreadable",
        en = "{peer}: it does not say which model it is: `{command}` has no answer that is understood",
        ja = "{peer}: 機種が分かりません(`{command}` の応答を読み取れません)",
        hint(
            en = "is it an IX router? A log line may have come in between: try again",
            ja = "IX ルータにつながっていますか? ログ行が混ざった可能性もあるため、もう一度試してください"
        )
    )]
    Unreadable {
        /// The port.
        peer: String,
        /// The command.
        command: &'static str,
    },
    /// The port, the console or the login.
    #[explain(transparent)]
    Connect(#[from] ConnectError),
    /// The router whose login is wanted.
    #[explain(transparent)]
    Prepare(#[from] PrepareError),
    /// The journal cannot be read.
    #[explain(transparent)]
    Journal(#[from] JournalError),
}

impl LookError {
    /// Whether the console waits for a login, and none was given.
    pub fn asks_for_login(&self) -> bool {
        matches!(self, Self::Connect(ConnectError::Session(SessionError::LoginNeeded { .. })))
    }

    /// Whether the box takes none of the passwords that are known for its router.
    pub fn refuses_login(&self) -> bool {
        let Self::Connect(error) = self else { return false };
        matches!(error, ConnectError::AllRefused { .. } | ConnectError::Session(SessionError::WrongPassword { .. }))
    }

    /// Whether nothing readable came: another speed may help.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Connect(ConnectError::Session(SessionError::Silent { .. })))
    }
}

/// Asks the box at the end of a cable who it is; `secrets` were found before, and are typed where its login is.
///
/// # Errors
/// [`LookError`]; nothing was changed.
pub fn look(
    env: &RunEnv,
    inventory: &Inventory,
    request: &LookRequest,
    secrets: &KnownSecrets,
) -> Result<BoxSeen, LookError> {
    refuse_during_save(env, inventory)?;
    let mut session = match &request.login_of {
        None => by_listening(env, inventory, request)?,
        Some(router) => {
            let options = RunOptions { secrets: secrets.clone(), ..RunOptions::default() };
            by_login(env, inventory, request, router, &options)?
        }
    };
    let seen = ask(&mut session);
    // Also after a failure: a console is left logged out.
    if let Err(error) = session.close() {
        tracing::debug!(%error, "the session did not end politely");
    }
    seen
}

/// A session without a login, after listening.
fn by_listening(env: &RunEnv, inventory: &Inventory, request: &LookRequest) -> Result<Session, LookError> {
    let ConsoleHere { port, speed } = request.console.clone();
    let dialect = Dialect::any();
    let target = SerialTarget { port: PortChoice::Name(port), speed };
    let link = serial::open(&target).map_err(|error| ConnectError::from(TransportError::from(error)))?;
    let link = listen(Box::new(link), dialect, Listening::default()).map_err(ConnectError::from)?;
    // A router that this process works on at another console may have begun to save meanwhile.
    refuse_during_save(env, inventory)?;
    let settings = Settings { detect_speed: request.any_speed, ..Settings::default() };
    let session = Session::open(link, dialect, Login::default(), settings, Box::new(NoTap));
    Ok(session.map_err(ConnectError::from)?)
}

/// A session with the login of a router.
fn by_login(
    env: &RunEnv,
    inventory: &Inventory,
    request: &LookRequest,
    router: &str,
    options: &RunOptions,
) -> Result<Session, LookError> {
    let unknown = || PrepareError::Unknown { router: router.to_owned() };
    let (site, router) = inventory.router(router).ok_or_else(unknown)?;
    let mut here = router.on_console(&request.console);
    if let Connection::Serial(serial) = &mut here.connection
        && request.any_speed
    {
        serial.baud = Baud::Auto;
    }
    let target = bare(site, &here, &options.choices(env, inventory)?)?;
    Ok(target.connector.connect()?)
}

/// Reads who the box is. A log line in the middle of an answer hides it: it is asked once more.
fn ask(session: &mut Session) -> Result<BoxSeen, LookError> {
    session.allow_monitor();
    let dialect = Arc::clone(session.dialect());
    let (strings, commands) = (dialect.strings(), dialect.commands());
    let asked = [commands.show_hardware, commands.show_version];
    let mut seen = BoxSeen { speed: session.line_speed().unwrap_or_default(), ..BoxSeen::default() };
    for _ in 0..2 {
        let mut answers = Vec::new();
        for answer in session.show_all(&asked) {
            answers.push(strings.without_log_lines(&answer.map_err(ConnectError::from)?));
        }
        let [hardware, version] = answers.as_slice() else { continue };
        let (hardware, version) = (Hardware::parse(hardware), Version::parse(version));
        seen.identity = Identity {
            model: hardware.model,
            serial_number: hardware.serial_number,
            firmware: version.firmware,
            host_name: Some(session.host().to_owned()),
        };
        (seen.uptime, seen.based_on) = (version.uptime, version.based_on);
        if seen.identity.model.is_some() && seen.identity.serial_number.is_some() {
            return Ok(seen);
        }
    }
    Err(LookError::Unreadable { peer: session.peer(), command: commands.show_hardware })
}

/// Refuses to type while a save of a router of this inventory may still be running: any of them may be at the end of the cable. One that
/// this process saves at another console is no exception: its session is silent meanwhile, and would not notice that the plug is moved.
fn refuse_during_save(env: &RunEnv, inventory: &Inventory) -> Result<(), LookError> {
    match Saves::of(env, inventory).first(|_| true)? {
        None => Ok(()),
        Some(RunningSave { router, seconds }) => Err(LookError::SaveMayRun { router, seconds }),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use super::{LookError, LookRequest, look};
    use crate::cancel::Cancel;
    use crate::inventory::{self, ConsoleHere};
    use crate::journal::RunLog;
    use crate::record::fixtures::begun;
    use crate::record::{Kind, Readers};
    use crate::run::{NoOperator, RunEnv};
    use crate::secret::KnownSecrets;
    use crate::state::State;

    #[test]
    fn while_this_very_process_saves_a_router_nothing_is_typed_on_any_other_console() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clinics.yaml");
        let router = "r1: { model: IX2215, role: router1, connection: mock }";
        std::fs::write(&path, format!("version: 1\nsites:\n  s:\n    routers:\n      {router}\n")).unwrap();
        let (inventory, _) = inventory::load(&path).unwrap();
        let state = dir.path().join("state");
        let env = RunEnv::new(state, Arc::new(NoOperator), Readers::default(), Cancel::default());
        let log = RunLog::begin(env.journal().unwrap(), &Readers::default(), begun(["r1"])).unwrap();
        let part = log.router_journal(&Readers::default(), "r1", "s", 1);
        let console = ConsoleHere { port: dir.path().join("no-port").display().to_string(), speed: 9600 };
        let request = LookRequest { console, any_speed: false, login_of: None };
        let waits = |record: Kind| {
            part.record(record).unwrap();
            let looked = look(&env, &inventory, &request, &KnownSecrets::default());
            matches!(looked, Err(LookError::SaveMayRun { router, .. }) if router == "r1")
        };
        assert!(!waits(Kind::Moved { state: State::Applying }));
        assert!(waits(Kind::Saving), "its plug may be in this console by now");
        assert!(!waits(Kind::Moved { state: State::Saved }), "it is over");
    }
}
