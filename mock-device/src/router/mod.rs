//! One mock router as all its sessions see it: configuration, saved configuration, lock, faults, log, record of events.

pub mod clock;
pub mod lock;
pub mod reach;
pub mod signal;
mod startup;
mod strike;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use clock::Clock;
use lock::{Holder, Lock};
use signal::Signal;

pub use startup::Saved;
pub use strike::Strikes;

use crate::device::{Device, Mode, Refusal, hash};
use crate::error::MockError;
use crate::event::{Event, What, masked};
use crate::grammar::{Command, Place, grammar};
use crate::keys;
use crate::scenario::{Armed, Cut, DeadLock, Fault, RouterSpec, Start, TransportSpec};

/// The most log messages that are kept, the oldest gone first.
const LONGEST_LOG: usize = 1000;

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Everything; prompt `#`.
    Administrator,
    /// Shows only; prompt `%`.
    Monitor,
}

/// How a session came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The serial console.
    Console,
    /// SSH.
    Ssh,
    /// Telnet.
    Telnet,
    /// Inside the process.
    Channel,
}

impl Via {
    /// Its name in events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Console => "serial",
            Self::Ssh => "ssh",
            Self::Telnet => "telnet",
            Self::Channel => "channel",
        }
    }

    /// Whether it comes in over the management path.
    pub fn is_remote(self) -> bool {
        matches!(self, Self::Ssh | Self::Telnet)
    }
}

/// A router.
#[derive(Debug)]
pub struct Router {
    /// Its description.
    pub spec: RouterSpec,
    /// Its running configuration and hardware.
    pub device: Device,
    /// Its startup configuration.
    pub startup: Option<Saved>,
    /// Its clock.
    pub clock: Clock,
    /// Its log.
    pub log: Vec<String>,
    /// How often its DHCPv6 client was looked at.
    pub looks: u32,
    /// Which built-in host key it has.
    pub host_key: Option<usize>,
    /// Why it last started, as `show version` words it.
    pub woke_up: &'static str,
    /// Messages to sessions that are not delivered yet.
    pub outbox: Vec<(u64, Signal)>,
    /// Whether running.cfg in the state folder is older than the configuration.
    pub dirty: bool,
    lock: Lock,
    sessions: BTreeMap<u64, Via>,
    faults: Vec<Armed>,
    events: Vec<Event>,
    written: usize,
    last_session: u64,
    open: bool,
    port: Option<u8>,
    boots_until: Option<Instant>,
    random: u64,
    /// Bytes received so far, over all sessions.
    received: u64,
    /// Bytes sent so far, over all sessions.
    sent: u64,
}

impl Router {
    /// A router as its description says, just started.
    ///
    /// # Errors
    /// When its start configuration holds a line the router refuses, or a fault a malformed expression.
    pub fn new(mut spec: RouterSpec, seed: u64) -> Result<Self, MockError> {
        if spec.management_interface.is_empty() {
            spec.model.lan().clone_into(&mut spec.management_interface);
        }
        let device = Device::factory(spec.model, &spec.serial(), &spec.readings);
        let key = keys::slot(seed, &spec.id);
        let mut router = Self {
            device,
            startup: None,
            clock: Clock::new(spec.readings.up_minutes),
            log: Vec::new(),
            looks: 0,
            host_key: None,
            woke_up: "power-on",
            outbox: Vec::new(),
            dirty: true,
            lock: Lock::default(),
            sessions: BTreeMap::new(),
            faults: Vec::new(),
            events: Vec::new(),
            written: 0,
            last_session: 0,
            open: false,
            port: None,
            boots_until: None,
            random: key.random,
            received: 0,
            sent: 0,
            spec,
        };
        let has_key = router.spec.host_key.unwrap_or(router.spec.start != Start::FactoryDefault);
        router.host_key = (has_key || !router.spec.readings.host_key_needed).then_some(key.slot);
        let lines = router.start_lines()?;
        router.load(&lines)?;
        match &router.spec.start {
            Start::FactoryDefault => {}
            Start::Kept { startup, .. } => router.startup = startup.as_deref().map(|text| router.saved_earlier(text)),
            Start::Prepared | Start::Config(_) | Start::File(_) => {
                router.save_now();
                router.log.clear();
            }
        }
        router.device.restart_pending = false;
        router.adopt_address();
        router.port =
            router.spec.management_port.or_else(|| reach::last_port(&router.device, &router.spec.management_interface));
        router.open = router.path_is_open();
        for fault in router.spec.faults.clone() {
            router.inject(fault)?;
        }
        Ok(router)
    }

    fn start_lines(&self) -> Result<String, MockError> {
        let spec = &self.spec;
        Ok(match &spec.start {
            Start::FactoryDefault => String::new(),
            Start::Config(text) | Start::Kept { running: text, .. } => text.clone(),
            Start::File(path) => {
                std::fs::read_to_string(path).map_err(|error| MockError::File { path: path.clone(), error })?
            }
            Start::Prepared => {
                let telnet = spec.transports.contains(&TransportSpec::Telnet);
                format!(
                    "hostname {}\nusername {} password plain 1 {} administrator\n{}ssh-server ip enable\n\
                     interface {}\nip address {}\nno shutdown\n",
                    spec.hostname.as_deref().unwrap_or(&spec.id),
                    spec.username,
                    spec.password,
                    if telnet { "telnet-server ip enable\n" } else { "" },
                    spec.management_interface,
                    spec.management_address,
                )
            }
        })
    }

    /// A router that starts with someone's configuration is dialled at the address its management interface has there.
    fn adopt_address(&mut self) {
        let given = matches!(self.spec.start, Start::Config(_) | Start::File(_) | Start::Kept { .. });
        if given || self.spec.dialled_address_counts {
            let interface = self.device.config.interface(&self.spec.management_interface);
            let address = interface.and_then(|block| block.address()?.strip_prefix("ip address "));
            if let Some(address) = address.map(str::to_owned) {
                self.spec.management_address = address;
            }
        }
    }

    /// Puts configuration text into effect on the box as it is.
    fn load(&mut self, text: &str) -> Result<(), MockError> {
        let mut mode = Mode::Global;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('!') || line.starts_with("Using ") {
                continue;
            }
            let refused = match self.configure(&mode, line) {
                Ok(applied) => {
                    mode = applied.mode.unwrap_or(mode);
                    continue;
                }
                Err(refusal) => refusal,
            };
            return Err(MockError::StartConfig {
                router: self.spec.id.clone(),
                line: number + 1,
                text: {
                    // A word of a line with a secret may be the secret.
                    let shown = masked(line);
                    let offending = grammar().offending(mode.place(), line).filter(|_| shown == line);
                    let first = line.split_whitespace().next().unwrap_or_default();
                    refused.text(&self.device.readings, &shown, offending.unwrap_or(first))
                },
            });
        }
        Ok(())
    }

    /// Reads and applies a configuration line.
    fn configure(&mut self, mode: &Mode, line: &str) -> Result<crate::device::apply::Applied, Refusal> {
        let command = grammar().parse(mode.place(), line).map_err(Refusal::Grammar)?;
        self.device.apply(mode, &command)
    }

    /// Applies a command that a session typed.
    ///
    /// # Errors
    /// When the router refuses it.
    pub fn apply(&mut self, mode: &Mode, command: &Command) -> Result<crate::device::apply::Applied, Refusal> {
        let applied = self.device.apply(mode, command)?;
        self.changed();
        Ok(applied)
    }

    fn changed(&mut self) {
        self.dirty = true;
        let open = self.path_is_open();
        if self.spec.dialled_address_counts && open {
            let before = self.spec.management_address.clone();
            self.adopt_address();
            if before != self.spec.management_address {
                self.cut_remote();
            }
        }
        if open == self.open {
            return;
        }
        self.open = open;
        self.record(0, What::Reachable { yes: open });
        if !open {
            self.cut_remote();
        }
    }

    /// A session that came in over the management path receives nothing more.
    fn cut_remote(&mut self) {
        let signal = match self.spec.readings.cut {
            Cut::Close => Signal::Cut,
            Cut::Hang => Signal::Hang,
        };
        for (session, _) in self.sessions.iter().filter(|(_, via)| via.is_remote()) {
            self.outbox.push((*session, signal.clone()));
        }
    }

    /// Whether a client that dialled this address reaches us.
    pub fn answers_at(&self, address: std::net::IpAddr) -> bool {
        let own = self.spec.management_address.split('/').next().and_then(|text| text.parse().ok());
        !self.spec.dialled_address_counts || own == Some(address)
    }

    fn path_is_open(&self) -> bool {
        reach::path_is_open(&self.device, &self.spec, self.port)
    }

    /// Whether a server takes a new connection now.
    pub fn serves(&mut self, via: Via) -> bool {
        let server = via.name();
        let enabled = self.device.config.lines.has(&format!("{server}-server ip enable"));
        let key = via != Via::Ssh || self.host_key.is_some();
        let full = self.spec.readings.max_sessions != 0 && self.sessions.len() >= self.spec.readings.max_sessions;
        enabled
            && key
            && !full
            && !self.is_booting()
            && self.open
            && reach::server_lets_in(&self.device, &self.spec, server)
    }

    /// Whether it is still starting.
    pub fn is_booting(&mut self) -> bool {
        if self.boots_until.is_some_and(|until| Instant::now() >= until) {
            self.boots_until = None;
        }
        self.boots_until.is_some()
    }

    /// Whether a login is asked for at all: only while there is an administrator (fact sheet 1).
    pub fn asks_login(&self) -> bool {
        self.device.config.lines.of(30).any(|line| line.ends_with(" administrator"))
    }

    /// The right of a user, when name and password fit; anyone, while there is no administrator.
    pub fn authenticate(&mut self, user: &str, password: &str) -> Option<Right> {
        let right = if self.asks_login() { self.right_of(user, password) } else { Some(Right::Administrator) };
        let refused = right.is_some() && self.strike_login();
        let monitor = self.faults.iter().any(|f| f.fault == Fault::Monitor);
        right.filter(|_| !refused).map(|right| if monitor { Right::Monitor } else { right })
    }

    /// The right of a configured user with this password.
    pub fn right_of(&self, user: &str, password: &str) -> Option<Right> {
        let line = self.device.config.lines.get(30, &format!("username {user}"))?;
        let words: Vec<&str> = line.split(' ').collect();
        let fits = words.get(4) == Some(&hash::hashed(&self.device.serial_number, password).as_str());
        let right = if words.last() == Some(&"administrator") { Right::Administrator } else { Right::Monitor };
        fits.then_some(right)
    }

    /// Registers a session.
    pub fn open_session(&mut self, via: Via) -> u64 {
        self.last_session += 1;
        self.sessions.insert(self.last_session, via);
        self.record(self.last_session, What::Opened { transport: via.name().to_owned() });
        self.last_session
    }

    /// The sessions that are open.
    pub fn sessions(&self) -> impl Iterator<Item = (u64, Via)> {
        self.sessions.iter().map(|(session, via)| (*session, *via))
    }

    /// Forgets a session. Unless it logged out, its lock goes the way the scenario says.
    pub fn close_session(&mut self, session: u64, how: &str) {
        if self.sessions.remove(&session).is_none() {
            return;
        }
        self.record(session, What::Closed { how: how.to_owned() });
        if self.lock.give_back(session) {
            let now = Instant::now();
            let left = match self.spec.readings.dead_lock {
                _ if how == "logout" || how == "idle" || how == "restart" => None,
                DeadLock::Freed => None,
                DeadLock::HeldMillis(millis) => Some(Holder::Lost(session, Some(now + Duration::from_millis(millis)))),
                DeadLock::HeldForever => Some(Holder::Lost(session, None)),
            };
            self.lock.set(left);
            self.record_lock(session);
        }
    }

    /// Asks for the configuration lock.
    pub fn ask_lock(&mut self, session: u64) -> bool {
        let got = self.lock.ask(session, Instant::now());
        if got {
            self.record_lock(session);
        }
        got
    }

    /// Takes the configuration lock.
    pub fn steal_lock(&mut self, session: u64) {
        if let Some(loser) = self.lock.steal(Holder::Session(session), Instant::now()) {
            self.outbox.push((loser, Signal::Evicted));
        }
        self.record_lock(session);
    }

    /// Gives the configuration lock back.
    pub fn free_lock(&mut self, session: u64) {
        if self.lock.give_back(session) {
            self.record_lock(session);
        }
    }

    fn record_lock(&mut self, session: u64) {
        let holder = self.lock.holder(Instant::now()).map(|holder| match holder {
            Holder::Session(number) => format!("session {number}"),
            Holder::Lost(number, _) => format!("lost session {number}"),
            Holder::Colleague(_) => "colleague".to_owned(),
        });
        self.record(session, What::Lock { holder });
    }

    /// Makes a host key: the next of the built-in ones.
    pub fn generate_host_key(&mut self, session: u64) {
        let slot = match self.host_key {
            Some(slot) => slot + 1,
            None => keys::slot(self.random, &self.spec.id).slot,
        };
        self.host_key = Some(slot % keys::COUNT);
        self.record(session, What::HostKey { fingerprint: keys::fingerprint(slot) });
    }

    /// Restarts: startup comes back, sessions end.
    pub fn restart(&mut self, cause: &'static str) {
        self.record(0, What::Restarted { cause: cause.to_owned() });
        self.woke_up = cause;
        self.clock.boot();
        self.device = Device::factory(self.spec.model, &self.spec.serial(), &self.spec.readings);
        let text = self.startup.as_ref().map(|saved| saved.body.join("\n")).unwrap_or_default();
        if self.load(&text).is_err() {
            self.log.push("CNFG.001: Startup config read failed.".to_owned());
        }
        self.device.restart_pending = false;
        self.log.clear();
        let started = self.clock.boot_stamp();
        self.note("GW", 79, &format!("System woke up by reload, caused by {cause}. System started at {started}"));
        self.lock.set(None);
        let millis = self.spec.readings.boot_millis;
        self.boots_until = (millis > 0).then(|| Instant::now() + Duration::from_millis(millis));
        self.outbox.extend(self.sessions.keys().map(|session| (*session, Signal::Restart)));
        self.changed();
    }

    /// Writes a log message: the subsystem is right-aligned, so that the numbers line up.
    pub fn note(&mut self, subsystem: &str, number: u16, text: &str) {
        if self.log.len() >= LONGEST_LOG {
            self.log.remove(0);
        }
        self.log.push(format!("{} {subsystem:>4}.{number:03}: {text}", self.clock.log_stamp()));
    }

    /// Notes that someone logged on, and who, where the router asks.
    pub fn logged_on(&mut self, user: Option<&str>) {
        self.note("GW", 38, &format!("User {} has logged on", user.unwrap_or("anonymous@")));
        if user.is_none() {
            self.note("GW", 37, "Administrative user is not registered.");
        }
    }

    /// Notes an event.
    pub fn record(&mut self, session: u64, what: What) {
        let number = u64::try_from(self.events.len()).unwrap_or(u64::MAX) + 1;
        let (millis, received, sent) = (self.clock.millis(), self.received, self.sent);
        self.events.push(Event { number, millis, received, sent, session, what });
    }

    /// Counts bytes that it sends.
    pub fn sends(&mut self, bytes: usize) {
        self.sent += u64::try_from(bytes).unwrap_or_default();
    }

    /// The record so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events that were not yet written to the state folder.
    pub fn unwritten(&mut self) -> Vec<Event> {
        let fresh = self.events.get(self.written..).unwrap_or_default().to_vec();
        self.written = self.events.len();
        fresh
    }

    /// The lines of `show running-config` below the header.
    pub fn body(&self) -> Vec<String> {
        crate::device::print::body(&self.device.config, self.device.model)
    }

    /// Whether running differs from startup.
    pub fn unsaved(&self) -> bool {
        self.startup.as_ref().map(|saved| saved.body.as_slice()) != Some(self.body().as_slice())
    }

    /// The next random number; the same seed gives the same ones.
    pub fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Whether a line typed at this place would change the configuration.
    pub fn is_config(place: Place, line: &str) -> bool {
        use crate::grammar::rows::{Does, all};
        let line = line.trim();
        if place == Place::Operation || line.is_empty() || line.starts_with('!') {
            return false;
        }
        match grammar().parse(place, line) {
            Ok(command) => !matches!(all().get(command.row).map(|row| row.does), Some(Does::Run(_))),
            Err(_) => true,
        }
    }
}
