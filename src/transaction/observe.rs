//! Reading a router without changing it: who it is, what it runs, what it would start with.
//!
//! Reading needs the config lock (`show running-config` is refused in operation mode), so it is asked for, held briefly and
//! given back; it is never taken from its holder here unless the job says so.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::startup::{self, is_saved};
use super::who::{Identity, expect_host_name, identify, read_identity};
use super::{Boot, CheckResult, Inspection, Intent, TransactionError};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::event::{Event, Sink};
use crate::ix::Config;
use crate::ix::device_strings;
use crate::ix::prompt::Right;
use crate::message::Text;
use crate::plan::{self, Lifeline, LifelinePath, Note, Plan};
use crate::session::{Session, SessionError, Take};

/// A router as it was read.
#[derive(Debug, Clone)]
pub struct Observed {
    /// `show hardware`: the model's name.
    pub model: String,
    /// `show hardware`: the serial number.
    pub serial_number: String,
    /// `show version`: the firmware's version.
    pub firmware: String,
    /// What it says of its last start; tells a restart from a silence.
    pub boot: Boot,
    /// The running configuration's text, unmasked: never printed, never logged.
    pub running_text: String,
    /// The startup configuration's text; nothing where the router shows none.
    pub startup_text: Option<String>,
    /// The running configuration.
    pub running: Config,
    /// Whether the router accepted the login's password in the session that read this.
    pub login_proven: bool,
    /// Changes that nobody has saved, masked, empty where they are not known; nothing where a restart would bring back what runs.
    pub unsaved: Option<String>,
}

/// What of a router decides whether a plan still fits it; holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The model's name.
    pub model: String,
    /// The serial number.
    pub serial_number: String,
    /// The firmware's version.
    pub firmware: String,
    /// SHA-256 of the canonical running configuration, its secrets masked: what says the same has the same one. Empty where it is not
    /// known, because only a masked backup was read.
    pub running: String,
    /// SHA-256 of the canonical startup configuration, its secrets masked; nothing where the router shows none.
    pub startup: Option<String>,
}

impl Fingerprint {
    /// The first thing in which a router differs from what a plan was made for, by the command that shows it. What an offline
    /// plan could not know (serial number, firmware, startup configuration, from a masked backup the running one) is not compared.
    pub fn first_difference(&self, now: &Self) -> Option<&'static str> {
        let unknown_or = |known: &str, now: &str| known.is_empty() || known == now;
        if self.model != now.model || !unknown_or(&self.serial_number, &now.serial_number) {
            return Some(device_strings::SHOW_HARDWARE);
        }
        if !unknown_or(&self.firmware, &now.firmware) {
            return Some(device_strings::SHOW_VERSION);
        }
        if !unknown_or(&self.running, &now.running) {
            return Some(device_strings::SHOW_RUNNING);
        }
        let startup_unknown = self.firmware.is_empty() && self.startup.is_none();
        (!startup_unknown && self.startup != now.startup).then_some(device_strings::SHOW_STARTUP)
    }
}

/// What of a reading is sealed in the journal: everything from which the rest can be had again. Never printed.
#[derive(Serialize, Deserialize)]
pub(super) struct Texts {
    model: String,
    serial_number: String,
    firmware: String,
    #[serde(default)]
    boot: Boot,
    running: String,
    startup: Option<String>,
    login_proven: bool,
}

impl From<Texts> for Observed {
    fn from(texts: Texts) -> Self {
        Self {
            running: Config::parse(&texts.running),
            model: texts.model,
            serial_number: texts.serial_number,
            firmware: texts.firmware,
            boot: texts.boot,
            running_text: texts.running,
            startup_text: texts.startup,
            login_proven: texts.login_proven,
            unsaved: None,
        }
    }
}

impl Observed {
    /// What is sealed of it.
    pub(super) fn texts(&self) -> Texts {
        Texts {
            model: self.model.clone(),
            serial_number: self.serial_number.clone(),
            firmware: self.firmware.clone(),
            boot: self.boot.clone(),
            running: self.running_text.clone(),
            startup: self.startup_text.clone(),
            login_proven: self.login_proven,
        }
    }

    /// What it would start with; empty where the router shows none.
    pub(super) fn startup(&self) -> Config {
        self.startup_text.as_deref().map(Config::parse).unwrap_or_default()
    }

    /// Whether a restart would bring back what ran when it was read.
    pub(super) fn is_saved(&self, intent: &Intent) -> bool {
        is_saved(intent, &self.running, &self.startup())
    }

    /// What a plan for this router is bound to.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            model: self.model.clone(),
            serial_number: self.serial_number.clone(),
            firmware: self.firmware.clone(),
            running: digest(&self.running),
            startup: self.startup_text.as_deref().map(|text| digest(&Config::parse(text))),
        }
    }
}

/// SHA-256 of a canonical configuration without its secret values, so that another laptop can compare it.
pub(crate) fn digest(config: &Config) -> String {
    let canonical = plan::canonical(config, crate::ix::mask::mask_line).join("\n");
    Sha256::digest(canonical.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a router is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show what would change.
    Look,
    /// The same, and its checks run.
    Verify,
    /// A change follows: only an administrator will do.
    Change,
}

/// Reads a router, gives config mode back and logs out.
///
/// # Errors
/// [`TransactionError`] when there is no session, when it is not the router it should be, when config mode is occupied, when it has
/// unsaved changes, or when the session fails. Nothing was written.
pub fn observe(
    intent: &Intent,
    connect: &dyn Connect,
    purpose: Purpose,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<(Observed, Vec<CheckResult>), TransactionError> {
    let mut session = open(intent, connect, sink)?;
    if purpose != Purpose::Change {
        only_to_read(intent, &mut session, sink);
    }
    let read = read_all(intent, &mut session, purpose == Purpose::Verify, sink, cancel);
    if let Err(error) = session.close() {
        tracing::debug!(router = %intent.router, %error, "the session did not end politely");
    }
    read
}

fn read_all(
    intent: &Intent,
    session: &mut Session,
    inspect: bool,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<(Observed, Vec<CheckResult>), TransactionError> {
    let seen = read_identity(intent, session, sink)?;
    expect_host_name(intent, session, &seen)?;
    if enter(intent, session, cancel)? {
        sink.emit(&Event::TookOver { router: intent.router.clone() });
    }
    let observed = read_configuration(intent, session, Some(seen), sink)?;
    let checks = if inspect {
        Inspection::of(intent).run(session, sink, cancel).map_err(TransactionError::Session)?
    } else {
        Vec::new()
    };
    session.leave_config().map_err(TransactionError::Session)?;
    Ok((observed, checks))
}

/// A user with monitor right will do; what that right allows is said.
fn only_to_read(intent: &Intent, session: &mut Session, sink: &dyn Sink) {
    if session.right() != Right::Monitor {
        return;
    }
    session.allow_monitor();
    sink.emit(&Event::Warned {
        router: intent.router.clone(),
        warning: Text::new(
            "the login's user has monitor right: it may enter config mode and read what the router shows it, and change nothing; `apply` needs a user with administrator right",
            "ログインユーザはモニター権限です。コンフィグモードでの参照はできますが、変更はできません。apply には administrator 権限のユーザが必要です",
        ),
    });
}

/// Reads both configurations for a backup: what is unsaved is no hindrance, it is what the backup is for.
///
/// # Errors
/// As [`observe`], but for unsaved changes.
pub fn back_up(
    intent: &Intent,
    connect: &dyn Connect,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<Observed, TransactionError> {
    let mut session = open(intent, connect, sink)?;
    only_to_read(intent, &mut session, sink);
    let read = (|| {
        let seen = read_identity(intent, &mut session, sink)?;
        expect_host_name(intent, &session, &seen)?;
        enter(intent, &mut session, cancel)?;
        let observed = read_texts(intent, &mut session, Some(seen), sink)?;
        session.leave_config().map_err(TransactionError::Session)?;
        Ok(observed)
    })();
    if let Err(error) = session.close() {
        tracing::debug!(router = %intent.router, %error, "the session did not end politely");
    }
    read
}

/// What separates a router, as it was read, from what is wanted: to be shown, not to be sent. Whatever the lines touch, they are
/// the difference.
///
/// # Errors
/// [`TransactionError::Plan`] when there is no way from what it has to what it should have.
pub fn drift(intent: &Intent, observed: &Observed) -> Result<Plan, TransactionError> {
    let knowledge = |owner: &str| super::verify::known(intent, observed.login_proven, owner);
    let mut plan = intent.plan(&observed.running, &lifeline(intent, &observed.running), &knowledge)?;
    plan.notes.extend(observed.unsaved.as_deref().map(adopted));
    Ok(plan)
}

/// The plan for a router as it was read.
///
/// # Errors
/// [`TransactionError::Plan`] when there is no way from what it has to what it should have.
pub fn draft(intent: &Intent, observed: &Observed) -> Result<Plan, TransactionError> {
    let knowledge = |owner: &str| super::verify::known(intent, observed.login_proven, owner);
    let lifeline = lifeline(intent, &observed.running);
    let mut plan = intent.plan(&observed.running, &lifeline, &knowledge)?;
    guard_lifeline(intent, &lifeline, &plan)?;
    super::rehearse::rehearse(&intent.router, &observed.running, &plan)?;
    if let Some(diff) = &observed.unsaved {
        plan.notes.push(adopted(diff));
    }
    if !plan.is_empty() {
        plan.notes.push(super::rollback_notes::note(intent, observed, &lifeline));
    }
    if super::push::enables_ssh(&plan) {
        plan.notes.push(Note {
            about: None,
            lines: None,
            id: "ssh.host-key".to_owned(),
            text: Text::new(
                "the SSH host key is generated first if the router has none; it is no configuration line, and an undo leaves it",
                "SSH ホスト鍵がなければ先に生成します。コンフィグ行ではないため、取り消しても残ります",
            ),
        });
    }
    Ok(plan)
}

fn adopted(diff: &str) -> Note {
    let text = if diff.is_empty() {
        Text::new(
            "the router shows no startup configuration: whatever of the running one is unsaved becomes permanent with our save, and the save cannot be proven",
            "startup が表示されないため、running に未保存の変更があれば今回の保存で確定します。保存の成否は確認できません",
        )
    } else {
        Text::new(
            format!("somebody's unsaved changes become permanent with our save:\n{diff}"),
            format!("次の未保存の変更は、今回の保存で確定します:\n{diff}"),
        )
    };
    Note { about: None, lines: None, id: "unsaved.adopted".to_owned(), text }
}

/// The plan for a router of which only a backup is at hand, with or without its startup configuration. What is bound to it is
/// that backup: model and serial number are the inventory's word, the firmware is not known. Of one that is masked nothing is bound: what
/// stands in it is no proof of what runs.
///
/// # Errors
/// [`TransactionError::Plan`] (also where the backup leaves a place open), [`TransactionError::Unreadable`] where it holds no configuration, [`TransactionError::Unsaved`] where its two
/// configurations differ: the plan could never be applied.
pub fn draft_offline(
    intent: &Intent,
    (running, startup): (&Config, Option<&Config>),
    masked: bool,
) -> Result<(Fingerprint, Plan), TransactionError> {
    if running.is_empty() {
        return Err(TransactionError::Unreadable { router: intent.router.clone(), what: device_strings::SHOW_RUNNING });
    }
    // No display of a router leaves that open; somebody's file may.
    plan::without_grave_doubts(running).map_err(TransactionError::Plan)?;
    let startup = startup.map(|startup| {
        let known = plan::masked::known_parts(running, startup);
        known.map_or_else(|| startup.clone(), |known| known.config)
    });
    let unsaved = startup.as_ref().filter(|startup| !is_saved(intent, running, startup));
    let unsaved = unsaved.map(|startup| plan::unified(startup, running, "startup", "running"));
    if let Some(diff) = unsaved.clone().filter(|_| !intent.adopt) {
        return Err(TransactionError::Unsaved { router: intent.router.clone(), diff });
    }
    let seen = Fingerprint {
        model: intent.model.name.to_owned(),
        serial_number: intent.serial_number.clone().unwrap_or_default(),
        firmware: String::new(),
        running: if masked { String::new() } else { digest(running) },
        startup: startup.as_ref().filter(|_| !masked).map(digest),
    };
    let nothing_known = |_: &str| plan::Knowledge::Unknown;
    let lifeline = lifeline(intent, running);
    let mut plan = intent.plan(running, &lifeline, &nothing_known)?;
    super::rehearse::rehearse(&intent.router, running, &plan)?;
    plan.notes.extend(unsaved.as_deref().map(adopted));
    Ok((seen, plan))
}

/// The declared lifeline, or the interface on which the address we dialled stands; never a guess beyond that.
pub(super) fn lifeline(intent: &Intent, running: &Config) -> Lifeline {
    let (Lifeline::Unknown, Some(dialled)) = (&intent.lifeline, &intent.dialled) else {
        return intent.lifeline.clone();
    };
    let found = running.nodes.iter().find(|block| {
        block.context() == "interface"
            && block.children.iter().any(|line| {
                let address = line.text.strip_prefix("ip address ").and_then(|rest| rest.split('/').next());
                address == Some(dialled.as_str())
            })
    });
    found.and_then(|block| block.arg("IF")).map_or(Lifeline::Unknown, |interface| {
        Lifeline::Path(LifelinePath {
            interface: Some(interface.to_owned()),
            address: Some(dialled.clone()),
            ..LifelinePath::default()
        })
    })
}

/// Refuses a plan that may cut the session it is sent over, unless the playbook allows that. A console cannot be cut.
fn guard_lifeline(intent: &Intent, lifeline: &Lifeline, plan: &Plan) -> Result<(), TransactionError> {
    if *lifeline == Lifeline::Console || intent.allow_lifeline_change {
        return Ok(());
    }
    let lines: Vec<String> = plan.with_headers().filter(|(command, _)| command.may_cut).map(|(_, line)| line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(TransactionError::Lifeline { router: intent.router.clone(), known: *lifeline != Lifeline::Unknown, lines })
}

/// Lines and bytes of a line that are read together at most, with the line behind them.
const READING: (usize, usize) = (5, 40);

/// Opens a session and says so.
fn open(intent: &Intent, connect: &dyn Connect, sink: &dyn Sink) -> Result<Session, TransactionError> {
    let session = connect
        .connect()
        .map_err(|error| TransactionError::Connect { router: intent.router.clone(), error: Box::new(error) })?;
    Ok(greet(intent, connect, session, sink))
}

/// Says that a session is open.
pub(super) fn greet(intent: &Intent, connect: &dyn Connect, mut session: Session, sink: &dyn Sink) -> Session {
    session.foresee(READING.0, READING.1);
    sink.emit(&Event::Connected {
        router: intent.router.clone(),
        transport: connect.transport().to_owned(),
        peer: connect.peer(),
    });
    for warning in connect.warnings() {
        sink.emit(&Event::Warned { router: intent.router.clone(), warning });
    }
    session
}

/// How long we wait between two attempts at an occupied config mode.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Asks for config mode until the deadline, or takes it where the job says so; says whether it was taken from somebody.
pub(super) fn enter(intent: &Intent, session: &mut Session, cancel: &Cancel) -> Result<bool, TransactionError> {
    let take = if intent.take_over { Take::Steal } else { Take::Ask };
    let deadline = Instant::now() + intent.lock_wait;
    loop {
        match session.enter_config(take) {
            Err(SessionError::Occupied { .. })
                if Instant::now() < deadline && !cancel.wait_until(deadline.min(Instant::now() + ASK_AGAIN)) => {}
            entered => return entered.map_err(TransactionError::Session),
        }
    }
}

/// The running configuration's text. A log line that came in between is no part of it.
pub(super) fn show_running(session: &mut Session) -> Result<String, TransactionError> {
    session
        .show(device_strings::SHOW_RUNNING)
        .map(|text| device_strings::without_log_lines(&text))
        .map_err(TransactionError::Session)
}

/// Running and startup configuration, likewise; nothing where the router shows none of the second.
pub(super) fn show_both(session: &mut Session) -> Result<(String, Option<String>), TransactionError> {
    let ([], running, startup) = show_with_both(session, [])?;
    Ok((running, startup))
}

/// The answers of some commands, with running and startup configuration behind them: all under way at once where the session
/// can do that.
fn show_with_both<const N: usize>(
    session: &mut Session,
    commands: [&str; N],
) -> Result<([String; N], String, Option<String>), TransactionError> {
    let all: Vec<&str> =
        commands.into_iter().chain([device_strings::SHOW_RUNNING, device_strings::SHOW_STARTUP]).collect();
    let mut texts = session.show_all(&all).into_iter();
    let mut next = || texts.next().unwrap_or_else(|| Err(SessionError::GivenUp { peer: session.peer() }));
    let mut answers = [const { String::new() }; N];
    for answer in &mut answers {
        *answer = next().map_err(TransactionError::Session)?;
    }
    let running = next().map_err(TransactionError::Session)?;
    let startup = if_accepted(next())?;
    let startup = startup::or_other_form(session, startup)?;
    Ok((answers, device_strings::without_log_lines(&running), startup))
}

/// The answer of a show command that some routers refuse; nothing then.
pub(super) fn show_if_accepted(
    session: &mut Session,
    command: &'static str,
) -> Result<Option<String>, TransactionError> {
    if_accepted(session.show(command))
}

fn if_accepted(answer: Result<String, SessionError>) -> Result<Option<String>, TransactionError> {
    match answer {
        Ok(text) => Ok(Some(text)),
        Err(SessionError::Refused { .. }) => Ok(None),
        Err(error) => Err(TransactionError::Session(error)),
    }
}

/// Reads both configurations in config mode, and who the router is where that has not been read, and refuses unsaved changes,
/// which our save would make permanent unseen.
pub(super) fn read_configuration(
    intent: &Intent,
    session: &mut Session,
    seen: Option<Identity>,
    sink: &dyn Sink,
) -> Result<Observed, TransactionError> {
    let observed = read_texts(intent, session, seen, sink)?;
    match startup::unsaved(intent, &observed) {
        None => Ok(observed),
        Some((_, diff)) if intent.adopt => Ok(Observed { unsaved: Some(diff), ..observed }),
        Some((cause, _)) => Err(cause),
    }
}

fn read_texts(
    intent: &Intent,
    session: &mut Session,
    seen: Option<Identity>,
    sink: &dyn Sink,
) -> Result<Observed, TransactionError> {
    let begun = Instant::now();
    let (seen, running_text, startup_text) = if let Some(seen) = seen {
        let (running, startup) = show_both(session)?;
        (seen, running, startup)
    } else {
        let ([hardware, version], running, startup) =
            show_with_both(session, [device_strings::SHOW_HARDWARE, device_strings::SHOW_VERSION])?;
        (identify(intent, session, (&hardware, &version), sink)?, running, startup)
    };
    sink.emit(&Event::Read {
        router: intent.router.clone(),
        running_lines: running_text.lines().count(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    let running = Config::parse(&running_text);
    if running.is_empty() {
        return Err(TransactionError::Unreadable { router: intent.router.clone(), what: device_strings::SHOW_RUNNING });
    }
    Ok(Observed {
        model: seen.model,
        serial_number: seen.serial_number,
        firmware: seen.firmware,
        boot: seen.boot,
        running_text,
        startup_text,
        running,
        login_proven: session.has_proven_login(),
        unsaved: None,
    })
}
