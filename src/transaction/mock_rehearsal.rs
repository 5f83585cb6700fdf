//! The rehearsal on a mock: a box that runs what the router runs is made inside this process, and the plan and its undo are typed
//! into it over a real session, before the router sees a byte. Nothing is dialled, no secret is read.

use std::sync::Arc;
use std::time::Instant;

use mock_device::{Heard, Mock, Model, RouterSpec, Scenario, Start, TransportSpec, Wire};

use super::{Intent, RehearsalError, TransactionError};
use crate::ix::{Config, mask};
use crate::message::Text;
use crate::plan::{self, Command, Lifeline, Plan};
use crate::secret::{self, CredentialName, Secret, SecretError, Vault};
use crate::session::{Login, NoTap, SendLine, Session, SessionError, Settings, Take};
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// Types a plan and its whole undo into a mock that runs `running`.
///
/// # Errors
/// [`RehearsalError::MockRefused`] for the first line that the mock refuses, where the undo does not lead back, or where no mock can
/// run this configuration.
pub(super) fn rehearse(intent: &Intent, running: &str, plan: &Plan) -> Result<(), TransactionError> {
    let stopped =
        |why: String| TransactionError::Rehearsal(RehearsalError::MockStopped { router: intent.router.clone(), why });
    let folder = tempfile::tempdir().map_err(|error| stopped(error.to_string()))?;
    let model = Model::ALL.into_iter().find(|model| model.name() == intent.device.model.name);
    let spec = RouterSpec {
        id: "rehearsal".to_owned(),
        model: model.ok_or_else(|| stopped(format!("there is no mock of an {}", intent.device.model.name)))?,
        serial_number: intent.device.serial_number.clone(),
        start: Start::Kept { running: running.to_owned(), startup: Some(running.to_owned()) },
        transports: vec![TransportSpec::Channel],
        trusted_channel: true,
        ..RouterSpec::default()
    };
    let mock = Mock::start(Scenario { seed: 1, routers: vec![spec] }, folder.path())
        .map_err(|error| stopped(mask::mask_text(&error.to_string())))?;
    let wire = mock.open("rehearsal").map_err(|error| stopped(error.to_string()))?;
    let channel = Channel { wire: Some(wire), rest: Vec::new() };
    let (login, settings) = (Login::default(), Settings::default());
    let mut session = Session::open(Box::new(channel), intent.dialect(), login, settings, Box::new(NoTap))
        .map_err(TransactionError::Session)?;
    let before = shown(intent, &mut session)?;
    for (commands, undo) in [(plan.commands.clone(), false), (plan.undo(plan.commands.len()), true)] {
        session.enter_config(Take::Ask).map_err(TransactionError::Session)?;
        commands.iter().try_for_each(|command| one(intent, &mut session, command, undo))?;
    }
    // The second step of the undo: what the inverse left is planned again, as it would be on the router.
    let rest = plan_undo(intent, &mut session, &before)?;
    session.enter_config(Take::Ask).map_err(TransactionError::Session)?;
    rest.commands.iter().try_for_each(|command| one(intent, &mut session, command, true))?;
    let rest = plan_undo(intent, &mut session, &before)?;
    if rest.is_empty() { Ok(()) } else { Err(stopped(format!("the undo does not lead back\n{}", rest.diff()))) }
}

/// What would still lead back to what ran before.
fn plan_undo(intent: &Intent, session: &mut Session, before: &Config) -> Result<Plan, TransactionError> {
    plan::between(&shown(intent, session)?, before, &Lifeline::Console, intent.terms.max_line)
        .map_err(TransactionError::Plan)
}

fn one(intent: &Intent, session: &mut Session, command: &Command, undo: bool) -> Result<(), TransactionError> {
    let filled = secret::fill(&command.text, &DummySecrets)?;
    let line = SendLine::new(command.number, filled.expose(), command.secret);
    match session.run(&line, &command.expect) {
        Ok(_) => Ok(()),
        Err(SessionError::Refused { text, .. }) => Err(TransactionError::Rehearsal(RehearsalError::MockRefused {
            router: intent.router.clone(),
            number: command.number,
            undo,
            why: text.unwrap_or_else(|| mask::mask_line(&command.text)),
        })),
        Err(error) => Err(TransactionError::Session(error)),
    }
}

fn shown(intent: &Intent, session: &mut Session) -> Result<Config, TransactionError> {
    session.enter_config(Take::Ask).map_err(TransactionError::Session)?;
    session
        .show(session.dialect().commands().show_running)
        .map(|text| intent.parse(text))
        .map_err(TransactionError::Session)
}

/// Something to type in the place of a secret: the rehearsal knows none.
struct DummySecrets;

impl Vault for DummySecrets {
    fn get(&self, _: &CredentialName) -> Result<Arc<Secret>, SecretError> {
        Ok(Arc::new(Secret::new("rehearsal".to_owned())))
    }
}

/// A path that ends inside this process.
struct Channel {
    wire: Option<Wire>,
    rest: Vec<u8>,
}

impl Channel {
    fn gone(&self) -> TransportError {
        TransportError::Lost {
            peer: self.peer(), reason: Text::new("it is closed", "閉じられています"), cable: false
        }
    }
}

impl Transport for Channel {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if self.rest.is_empty() {
            let wire = self.wire.as_ref().ok_or_else(|| self.gone())?;
            match wire.receive(until.saturating_duration_since(Instant::now())) {
                Heard::Bytes(bytes) => self.rest = bytes,
                Heard::Nothing => return Ok(Received::Deadline),
                Heard::End => return Ok(Received::End),
            }
        }
        let count = self.rest.len().min(buf.len());
        for (place, byte) in buf.iter_mut().zip(self.rest.drain(..count)) {
            *place = byte;
        }
        Ok(Received::Bytes(count))
    }

    fn write(&mut self, bytes: &[u8], _: Instant) -> Result<(), TransportError> {
        let taken = self.wire.as_ref().is_some_and(|wire| wire.send(bytes));
        if taken { Ok(()) } else { Err(self.gone()) }
    }

    fn kind(&self) -> LinkKind {
        LinkKind::Telnet
    }

    fn peer(&self) -> String {
        "rehearsal".to_owned()
    }

    fn terminal(&self) -> Option<Terminal> {
        None
    }

    fn close(&mut self) {
        self.wire = None;
    }
}
