//! Faults at work: which strike at a line or a byte, and what they do to the router.

use super::lock::Holder;
use super::signal::Signal;
use super::{Mode, Router};
use crate::device::Refusal;
use crate::error::MockError;
use crate::event::{What, masked};
use crate::keys;
use crate::scenario::{Armed, Fault, SaveFault};

/// What struck at one line.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Strikes {
    /// The line is refused with this text.
    pub refuse: Option<Refusal>,
    /// The link is cut; whether the line is carried out first.
    pub cut: Option<bool>,
    /// The session freezes.
    pub freeze: bool,
    /// The session only drips from now on, with this many milliseconds in between.
    pub drip: Option<u64>,
    /// Log lines in the answer, each after this many of its lines.
    pub log: Vec<(usize, String)>,
    /// Milliseconds before the line is carried out.
    pub millis: u64,
    /// What the router does after the line.
    pub after: Vec<Fault>,
}

impl Router {
    /// Sets a fault.
    ///
    /// # Errors
    /// When it holds a malformed regular expression.
    pub fn inject(&mut self, fault: Fault) -> Result<(), MockError> {
        match &fault {
            Fault::HostKeyChanged => {
                self.host_key = self.host_key.map(|slot| (slot + 1) % keys::COUNT);
                return Ok(());
            }
            Fault::LockHeld { attempts } => {
                if let Some(loser) = self.lock.steal(Holder::Colleague(*attempts), std::time::Instant::now()) {
                    self.outbox.push((loser, Signal::Evicted));
                }
                self.record_lock(0);
                return Ok(());
            }
            Fault::LogNow { text } => {
                self.log.push(format!("{} {text}", self.clock.log_stamp()));
                self.outbox.extend(self.sessions.keys().map(|session| (*session, Signal::LogLine(text.clone()))));
                return Ok(());
            }
            Fault::LineNow { delegated, advertised } => {
                (self.spec.delegated_prefix, self.spec.advertised_prefix) = (delegated.clone(), advertised.clone());
                return Ok(());
            }
            Fault::ColleagueLines { when: None, lines } => {
                self.colleague(lines);
                return Ok(());
            }
            _ => {}
        }
        let armed = Armed::new(fault).map_err(|error| MockError::Pattern { router: self.spec.id.clone(), error })?;
        self.faults.push(armed);
        Ok(())
    }

    /// What strikes at this line.
    pub fn strikes(&mut self, session: u64, line: &str, is_config: bool) -> Strikes {
        let mut found = Strikes { millis: self.spec.readings.think_millis, ..Strikes::default() };
        let mut struck = Vec::new();
        for armed in &mut self.faults {
            if !armed.meets(line, is_config) {
                continue;
            }
            armed.strike();
            struck.push(name(&armed.fault));
            match &armed.fault {
                Fault::Refuse { text, .. } => {
                    let invalid = || Refusal::Grammar(crate::grammar::Miss::Invalid);
                    found.refuse = Some(text.clone().map_or_else(invalid, Refusal::Text));
                }
                Fault::Drop { executed, .. } => found.cut = Some(*executed),
                Fault::Freeze { .. } => found.freeze = true,
                Fault::Drip { millis, .. } => found.drip = Some(*millis),
                Fault::LogLine { text, after_output_lines, .. } => {
                    found.log.push((*after_output_lines, text.clone()));
                }
                Fault::Slow { millis, .. } => found.millis += millis,
                other => found.after.push(other.clone()),
            }
        }
        for name in struck {
            self.record(session, What::Fault { name });
        }
        found
    }

    /// What strikes at this byte: a cut (with whether the byte still counts) or a freeze.
    pub fn strikes_byte(&mut self, session: u64) -> Option<Strikes> {
        self.received += 1;
        let mut found = None;
        for armed in &mut self.faults {
            if !armed.meets_byte() {
                continue;
            }
            armed.strike();
            let mut strikes = Strikes::default();
            match armed.fault {
                Fault::Drop { executed, .. } => strikes.cut = Some(executed),
                Fault::Freeze { .. } => strikes.freeze = true,
                _ => continue,
            }
            found = Some((name(&armed.fault), strikes));
        }
        let (name, strikes) = found?;
        self.record(session, What::Fault { name });
        Some(strikes)
    }

    /// How often a typed character arrives: not at all, once, or twice.
    pub fn arrivals(&mut self) -> usize {
        let mut count = 1;
        for at in 0..self.faults.len() {
            let (one_in, lost) = match self.faults.get(at).map(|armed| &armed.fault) {
                Some(Fault::CharacterLoss { one_in }) => (*one_in, true),
                Some(Fault::CharacterDoubled { one_in }) => (*one_in, false),
                _ => continue,
            };
            if self.random().is_multiple_of(u64::from(one_in.max(1))) {
                count = if lost { 0 } else { 2 };
            }
        }
        count
    }

    /// Does what faults do after a line.
    pub fn aftermath(&mut self, faults: &[Fault]) {
        for fault in faults {
            match fault {
                Fault::LockTaken { kept, .. } => {
                    let now = std::time::Instant::now();
                    if let Some(loser) = self.lock.steal(Holder::Colleague(None), now) {
                        self.outbox.push((loser, Signal::Evicted));
                    }
                    if !kept {
                        self.lock.set(None);
                    }
                    self.record_lock(0);
                }
                Fault::Reboot { .. } => self.restart("power-on"),
                Fault::ClockSet { seconds, .. } => self.clock.set_forward(*seconds),
                Fault::ColleagueLines { lines, .. } => self.colleague(lines),
                _ => {}
            }
        }
    }

    fn colleague(&mut self, lines: &[String]) {
        let mut mode = Mode::Global;
        for line in lines {
            if let Ok(applied) = self.configure(&mode, line) {
                mode = applied.mode.unwrap_or(mode);
                self.record(0, What::Colleague { line: masked(line) });
            }
        }
        self.changed();
    }

    /// Whether a right login is refused.
    pub fn strike_login(&mut self) -> bool {
        self.strike_first(|fault| matches!(fault, Fault::LoginRefused { .. })).is_some()
    }

    /// How the next save goes wrong.
    pub fn strike_save(&mut self) -> Option<SaveFault> {
        match self.strike_first(|fault| matches!(fault, Fault::Save { .. })) {
            Some(Fault::Save { how, .. }) => Some(how),
            _ => None,
        }
    }

    fn strike_first(&mut self, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let armed = self.faults.iter_mut().find(|armed| wanted(&armed.fault) && !armed.spent())?;
        armed.strike();
        let fault = armed.fault.clone();
        self.record(0, What::Fault { name: name(&fault) });
        Some(fault)
    }
}

/// The name of a fault in a scenario file.
fn name(fault: &Fault) -> String {
    match fault {
        Fault::Refuse { .. } => "refuse",
        Fault::Drop { .. } => "drop",
        Fault::Freeze { .. } => "freeze",
        Fault::Drip { .. } => "drip",
        Fault::LogLine { .. } => "log-line",
        Fault::LogNow { .. } => "log-now",
        Fault::LineNow { .. } => "line-now",
        Fault::Save { .. } => "save",
        Fault::LockTaken { .. } => "lock-taken",
        Fault::LockHeld { .. } => "lock-held",
        Fault::LoginRefused { .. } => "login-refused",
        Fault::HostKeyChanged => "host-key-changed",
        Fault::Reboot { .. } => "reboot",
        Fault::ClockSet { .. } => "clock-set",
        Fault::Slow { .. } => "slow",
        Fault::CharacterLoss { .. } => "character-loss",
        Fault::CharacterDoubled { .. } => "character-doubled",
        Fault::ColleagueLines { .. } => "colleague-lines",
        Fault::Monitor => "monitor",
    }
    .to_owned()
}
