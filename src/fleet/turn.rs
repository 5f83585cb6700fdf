//! One attempt at a task, as who carries it out has it: which one it is, the request to stop it, and what it reports before its end.

use super::control::Control;
use super::messages::Report;
use crate::cancel::Cancel;
use crate::record::{Envelope, Kind, Reader};

/// One attempt at a task.
#[derive(Clone)]
pub struct Turn {
    /// Which attempt of the run it is, from 1.
    pub attempt: u32,
    /// The request to stop it: with the whole run, or because its window closes.
    pub cancel: Cancel,
    /// Reads what happens to its router.
    pub login: LoginReport,
}

/// Reports that a task's router has let it in, as soon as that happens: its end may be far.
#[derive(Clone)]
pub struct LoginReport {
    control: Control,
    number: usize,
}

impl LoginReport {
    pub(super) fn of(number: usize, control: Control) -> Self {
        Self { control, number }
    }
}

impl Reader for LoginReport {
    fn read(&self, envelope: &Envelope) {
        if let Kind::Connected(connection) = &envelope.kind {
            let credential = connection.login.as_ref().and_then(|login| login.credential.clone());
            self.control.report(Report::LoggedIn { number: self.number, credential });
        }
    }
}
