//! The startup configuration: how it is saved, and how saving can go wrong.

use regex::Regex;

use super::Router;
use crate::event::What;
use crate::scenario::SaveFault;

/// A saved configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Its lines below the header.
    pub body: Vec<String>,
    /// When it was saved.
    pub stamp: String,
    /// The firmware that saved it.
    pub version: String,
}

impl Router {
    /// Writes running to startup, whatever faults there are.
    pub fn save_now(&mut self) {
        let body = self.body();
        self.write_startup(body);
    }

    /// What an earlier run of the mock had saved.
    pub(super) fn saved_earlier(&self, text: &str) -> Saved {
        let body = text.lines().map(str::to_owned).collect();
        Saved { body, stamp: self.clock.stamp(), version: self.spec.version().to_owned() }
    }

    fn write_startup(&mut self, body: Vec<String>) {
        let version = self.spec.version().to_owned();
        self.startup = Some(Saved { body, stamp: self.clock.stamp(), version });
        self.note("CNFG", 3, "Startup config write done  (TTY:1).");
        self.dirty = true;
    }

    /// A save that a session asked for, of what ran then; the fault that struck it comes back.
    pub fn save(&mut self, session: u64, spoiled: bool, mut body: Vec<String>) -> Option<SaveFault> {
        let fault = self.strike_save();
        match &fault {
            _ if spoiled => {
                body.truncate(body.len() / 2);
                self.write_startup(body);
                self.record(session, What::Saved { complete: false });
            }
            Some(SaveFault::Fails | SaveFault::CutBefore) => self.record(session, What::SaveFailed),
            Some(SaveFault::Silent) => self.record(session, What::Saved { complete: false }),
            Some(SaveFault::Loses(pattern)) => {
                let lost = Regex::new(pattern).ok();
                let body = body.into_iter().filter(|line| !lost.as_ref().is_some_and(|l| l.is_match(line))).collect();
                self.write_startup(body);
                self.record(session, What::Saved { complete: false });
            }
            Some(SaveFault::CutAfter) | None => {
                self.write_startup(body);
                self.record(session, What::Saved { complete: true });
            }
        }
        fault
    }

    /// Empties startup.
    pub fn erase_startup(&mut self, session: u64) {
        self.startup = None;
        self.dirty = true;
        self.record(session, What::Erased);
    }
}
