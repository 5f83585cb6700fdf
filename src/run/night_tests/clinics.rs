//! The clinics of a night: a mock router each, in memory, with its fate; and the executor that changes them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use mock_device::{Fault, Heard, Mock, RouterSpec, Scenario, TransportSpec, When, Wire};
use serde::{Deserialize, Serialize};

use super::book::Book;
use super::clock::VirtualClock;
use crate::cancel::Cancel;
use crate::connect::{Account, Connect, ConnectError, ConsoleInUse, ConsoleLock, Freed};
use crate::dialect::Dialect;
use crate::fleet::{Clock as _, EndFacts, Executor, Needs, Task, Trait, Turn, Unfinished};
use crate::journal::RunLog;
use crate::message::Text;
use crate::record::{Kind, Readers, Recorder, Scope, fixtures};
use crate::secret::{CredentialName, NoPrompt, Secret, SourceVault, Vault};
use crate::session::{Login, NoTap, Session, Settings};
use crate::state::State;
use crate::transaction::{
    Agreement, CauseRecord, FailedEnd, Intent, Looked, Outcome, Purpose, SavedPlan, TransactionEnv, TransactionError,
    draft, execute, observe,
};
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// The line that every clinic gets.
pub const LINE: &str = "description night-2026-11";
/// The firmware on which the check fails once the line is there.
pub const BAD_FIRMWARE: &str = "9.9.9";

/// Jump hosts that lead to the clinics.
pub const HOSTS: usize = 3;

/// How often what happens in a night, in a thousand clinics.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Which clinics it meets, and how long they take.
    pub seed: u64,
    pub unreachable: u64,
    pub occupied: u64,
    pub dropped: u64,
    pub refusing: u64,
    /// Only behind this jump host; nothing for behind all.
    pub refusing_behind: Option<usize>,
    pub bad_firmware: u64,
}

impl Weather {
    pub const USUAL: Self =
        Self { unreachable: 10, occupied: 5, dropped: 2, refusing: 1, bad_firmware: 20, ..Self::QUIET };
    pub const QUIET: Self =
        Self { seed: 0, unreachable: 0, occupied: 0, dropped: 0, refusing: 0, refusing_behind: None, bad_firmware: 0 };

    /// A number that looks like chance and is the same in every night of this seed.
    fn chance(&self, of: u64) -> u64 {
        let mut x = (self.seed << 48 | of).wrapping_add(0x9E37_79B9_7F4A_7C15);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }
}

/// What becomes of a clinic, by its number.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    /// Attempts in which it cannot be reached.
    pub away: u32,
    pub faults: Vec<Fault>,
    pub bad_firmware: bool,
}

impl Fate {
    pub fn of(clinic: usize, weather: &Weather) -> Self {
        let number = clinic as u64;
        let happens = |what: u64, share: u64| weather.chance(what << 32 | number) % 1000 < share;
        let one_of = |what: u64, ways: u64| weather.chance(what << 40 | number) % ways;
        let line = || When::matching(LINE);
        let mut faults = Vec::new();
        if happens(1, weather.occupied) {
            // A colleague who goes after a while, or stays.
            faults.push(Fault::LockHeld { attempts: (one_of(1, 4) > 0).then_some(2) });
        } else if happens(2, weather.dropped) {
            faults.push(Fault::Drop { when: line(), executed: one_of(2, 2) > 0, times: 1 });
        } else if happens(3, weather.refusing) && weather.refusing_behind.is_none_or(|host| clinic % HOSTS == host) {
            faults.push(Fault::refuse(line()));
        }
        let away = if happens(4, weather.unreachable) { [u32::MAX, 1, 2, 3][one_of(4, 4) as usize] } else { 0 };
        Self { away, faults, bad_firmware: happens(5, weather.bad_firmware) }
    }
}

/// One clinic.
#[derive(Clone, Serialize, Deserialize)]
pub struct Clinic {
    pub number: usize,
    pub has_bad_firmware: bool,
}

impl Clinic {
    pub fn name(number: usize) -> String {
        format!("c{number:05}")
    }
}

/// The jump host that leads to a clinic.
pub fn jump_host(clinic: usize) -> String {
    format!("jump-{}", clinic % HOSTS)
}

impl Task for Clinic {
    fn router(&self) -> &str {
        "clinic"
    }
    fn needs(&self) -> Needs {
        let firmware = if self.has_bad_firmware { BAD_FIRMWARE } else { "10.7.18" };
        let traits = vec![Trait::Firmware(firmware.to_owned()), Trait::JumpHost(jump_host(self.number))];
        Needs { traits, ..Needs::default() }
    }
    fn stops_within(&self) -> Duration {
        Duration::ZERO
    }
    fn ends_within(&self) -> Duration {
        Duration::ZERO
    }
}

/// All mock routers of a night.
pub fn routers(count: usize, weather: &Weather, dir: &std::path::Path) -> Mock {
    let router = |clinic: usize| RouterSpec {
        transports: vec![TransportSpec::Channel],
        firmware: Fate::of(clinic, weather).bad_firmware.then(|| BAD_FIRMWARE.to_owned()),
        faults: Fate::of(clinic, weather).faults,
        ..RouterSpec::new(Clinic::name(clinic))
    };
    Mock::start(Scenario { seed: 1, routers: (0..count).map(router).collect() }, dir).unwrap()
}

/// The process that carries a night out, until it is killed.
pub struct Controller {
    pub mock: Arc<Mock>,
    pub clock: Arc<VirtualClock>,
    pub book: Arc<Mutex<Book>>,
    pub weather: Weather,
    pub killed: Arc<AtomicBool>,
    pub cancel: Cancel,
    /// It is killed when, after so many begun clinics, the line is typed: before it is sent where the number is even, or after that.
    pub dies_after: Option<usize>,
    /// The clocks of the mock routers show another day; they are looked at where that is what is tested.
    pub reads_clocks: bool,
}

impl Controller {
    fn is_dead(&self) -> bool {
        self.killed.load(Ordering::SeqCst)
    }

    /// Whether this is the line at which it is killed.
    fn dies_at(&self, bytes: &[u8]) -> bool {
        let is_the_line = bytes.windows(LINE.len()).any(|part| part == LINE.as_bytes());
        is_the_line && self.dies_after.is_some_and(|after| self.book.lock().unwrap().begun() > after)
    }

    fn dies(&self) {
        self.killed.store(true, Ordering::SeqCst);
        self.cancel.ask();
    }
}

/// The way to a clinic in memory. A killed controller neither types nor hears.
pub struct InMemory {
    pub controller: Arc<Controller>,
    pub clinic: usize,
    pub attempt: u32,
    /// What is typed takes its time by the clock of the night.
    pub takes_time: bool,
}

struct Link {
    wire: Wire,
    rest: Vec<u8>,
    controller: Arc<Controller>,
    clinic: usize,
    takes_time: bool,
    typed: u64,
}

fn lost(reason: &str) -> TransportError {
    TransportError::Lost { peer: "clinic".to_owned(), reason: Text::untranslated(reason), cable: false }
}

impl Transport for Link {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if self.controller.is_dead() {
            return Err(lost("killed"));
        }
        if self.rest.is_empty() {
            match self.wire.receive(until.saturating_duration_since(Instant::now())) {
                Heard::Bytes(bytes) => self.rest = bytes,
                Heard::Nothing => return Ok(Received::Deadline),
                Heard::End => return Ok(Received::End),
            }
        }
        let count = self.rest.len().min(buf.len());
        buf[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        Ok(Received::Bytes(count))
    }
    fn write(&mut self, bytes: &[u8], _: Instant) -> Result<(), TransportError> {
        self.typed += 1;
        if self.takes_time {
            let millis = 500 + self.controller.weather.chance((self.clinic as u64) << 16 | self.typed) % 2000;
            self.controller.clock.sleep(Duration::from_millis(millis));
        }
        let (dies, after) = (self.controller.dies_at(bytes), self.controller.dies_after.unwrap_or_default() % 2 == 1);
        if dies && !after {
            self.controller.dies();
        }
        let alive = !self.controller.is_dead() && self.wire.send(bytes);
        if dies && after {
            self.controller.dies();
        }
        if alive { Ok(()) } else { Err(lost("gone")) }
    }
    fn kind(&self) -> LinkKind {
        LinkKind::Telnet
    }
    fn peer(&self) -> String {
        "clinic".to_owned()
    }
    fn terminal(&self) -> Option<Terminal> {
        None
    }
    fn close(&mut self) {}
}

impl Connect for InMemory {
    fn connect(&self) -> Result<Session, ConnectError> {
        let Self { controller, clinic, takes_time, .. } = self;
        if *takes_time {
            controller.clock.sleep(Duration::from_secs(2));
        }
        if self.attempt <= Fate::of(*clinic, &controller.weather).away || controller.is_dead() {
            return Err(lost("no answer").into());
        }
        let wire = controller.mock.open(&Clinic::name(*clinic)).unwrap();
        let (controller, clinic, takes_time) = (Arc::clone(controller), *clinic, *takes_time);
        let link = Link { wire, rest: Vec::new(), controller, clinic, takes_time, typed: 0 };
        let usual = RouterSpec::default();
        let login = Login { user: Some(usual.username), password: Some(Arc::new(Secret::new(usual.password))) };
        Ok(Session::open(Box::new(link), Dialect::ix(), login, Settings::default(), Box::new(NoTap))?)
    }
    fn connect_as(&self, _: &str, _: &CredentialName, _: Option<&str>) -> Result<Session, ConnectError> {
        self.connect()
    }
    fn connect_at(&self, _: &str) -> Result<Session, ConnectError> {
        self.connect()
    }
    fn account(&self) -> Option<Account> {
        None
    }
    fn goes_through(&self, _: &str) -> bool {
        false
    }
    fn transport(&self) -> &'static str {
        "memory"
    }
    fn peer(&self) -> String {
        "clinic".to_owned()
    }
}

/// Changes clinics in memory.
pub struct InNight {
    pub controller: Arc<Controller>,
    pub intents: Arc<Vec<Arc<Intent>>>,
    pub log: RunLog,
    /// Dropped with its last thread: until then the run is held.
    pub _at_work: Sender<()>,
}

impl InNight {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.controller.book.lock().unwrap()
    }

    fn way(&self, clinic: usize, attempt: u32) -> InMemory {
        InMemory { controller: Arc::clone(&self.controller), clinic, attempt, takes_time: true }
    }

    fn change(&self, clinic: usize, turn: &Turn) -> Outcome {
        let (intent, connect) = (&self.intents[clinic], self.way(clinic, turn.attempt));
        let unkept = Recorder::unkept(Scope::router(&intent.router, &intent.site), &Readers::default());
        let looked = observe(intent, &connect, Purpose::Change, &unkept, &turn.cancel);
        let agreed = looked.and_then(|Looked { observed, .. }| {
            let plan = draft(intent, &observed)?;
            let shown = SavedPlan::of(Arc::clone(intent), observed.fingerprint(), &plan);
            Ok(Agreement::of_reviewed(&shown, Arc::clone(intent), plan.commands.clone()))
        });
        let agreement = match agreed {
            Ok(agreement) => agreement,
            Err(error) => return not_read(intent, &error),
        };
        let vault: Arc<dyn Vault> = Arc::new(SourceVault::new([], NoPrompt));
        let recorder = self.log.router_journal(&Readers::default(), &intent.router, &intent.site, turn.attempt.into());
        let env = TransactionEnv {
            connect: &connect,
            vault: &*vault,
            cancel: &turn.cancel,
            recorder: &recorder,
            decisions: &(),
            site: None,
        };
        execute(&agreement, env)
    }
}

fn not_read(intent: &Intent, error: &TransactionError) -> Outcome {
    Outcome::without_a_session(intent, 1, FailedEnd { state: error.before_write(), cause: CauseRecord::of(error) })
}

impl Executor for InNight {
    type Task = Clinic;
    type End = Outcome;

    fn reserve(&self, _: &Clinic, _: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        Ok(None)
    }
    fn carry_out(&self, clinic: &Clinic, turn: &Turn) -> Outcome {
        let clock = &self.controller.clock;
        self.book().begins(clinic.number, clock.now());
        let outcome = self.change(clinic.number, turn);
        self.book().ends(clinic.number, &EndFacts::of(&outcome), clock.now());
        outcome
    }
    fn inspect(&self, clinic: &Clinic, _: &Turn) -> Result<(), FailedEnd> {
        let clock = &self.controller.clock;
        self.book().inspects(clinic.number, clock.now());
        clock.sleep(Duration::from_secs(5));
        self.book().inspected(clinic.number);
        Ok(())
    }
    fn unfinished(&self, clinic: &Clinic, why: Unfinished) -> Outcome {
        self.book().skips(clinic.number, &format!("{why:?}"));
        Outcome::ended(&self.intents[clinic.number], State::NotStarted)
    }
    fn facts(&self, end: &Outcome) -> EndFacts {
        let facts = EndFacts::of(end);
        EndFacts { clock_off: facts.clock_off.filter(|_| self.controller.reads_clocks), ..facts }
    }
    fn changes(&self) -> bool {
        true
    }
}

/// What a run of so many clinics begins with.
pub fn begun(count: usize) -> Kind {
    fixtures::begun((0..count).map(Clinic::name))
}
