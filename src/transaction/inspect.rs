//! Looking at a router after a change: the checks a role declares, run over the session that is still ours.
//!
//! Checks only read: show, ping, ping6 and traceroute, held to that when the role was read.

use serde::Serialize;

use super::Job;
use crate::event::{Event, Sink};
use crate::message::Text;
use crate::playbook::{Check, Level, Phase};
use crate::session::{Session, SessionError};

/// How one check ended.
#[derive(Debug, Clone, Serialize)]
pub struct CheckResult {
    /// The check's name.
    pub name: String,
    /// The role it comes from.
    pub role: String,
    /// Whether it passed; nothing when it was not run.
    pub passed: Option<bool>,
    /// Whether its failure undoes the change.
    pub required: bool,
    /// The command that was run.
    pub command: String,
    /// What was expected and not found; empty when it passed.
    pub unmet: Text,
}

/// The checks of one router, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Inspection<'a> {
    job: &'a Job,
}

impl<'a> Inspection<'a> {
    /// The checks of a job.
    pub fn of(job: &'a Job) -> Self {
        Self { job }
    }

    /// Runs them in their order. On a bench, those that need the clinic are listed as not run.
    ///
    /// # Errors
    /// When the session fails; a command that the router refuses is a failed check.
    pub fn run(self, session: &mut Session, sink: &dyn Sink) -> Result<Vec<CheckResult>, SessionError> {
        let mut results = Vec::new();
        for check in &self.job.checks {
            let result = self.one(check, session)?;
            sink.emit(&Event::Checked {
                router: self.job.router.clone(),
                check: result.name.clone(),
                passed: result.passed,
                required: result.required,
            });
            results.push(result);
        }
        Ok(results)
    }

    fn one(self, check: &Check, session: &mut Session) -> Result<CheckResult, SessionError> {
        let mut result = CheckResult {
            name: check.name.clone(),
            role: check.role.clone(),
            passed: None,
            required: check.level == Level::Required,
            command: check.command.clone(),
            unmet: Text::default(),
        };
        if check.phase == Phase::Clinic && !self.job.at_clinic {
            return Ok(result);
        }
        if !Check::is_harmless(&check.command) {
            result.passed = Some(false);
            result.unmet = Text::new("comes from a command that only looks", "参照系コマンドの応答である");
            return Ok(result);
        }
        let unmet = match session.show(&check.command) {
            Ok(answer) => check.expect.iter().find(|expect| !expect.holds(&answer)).map(|expect| expect.describe()),
            Err(SessionError::Refused { .. }) => Some(Text::new(
                format!("the router refuses `{}`", check.command),
                format!("ルータが「{}」を拒否しました", check.command),
            )),
            Err(error) => return Err(error),
        };
        result.passed = Some(unmet.is_none());
        result.unmet = unmet.unwrap_or_default();
        Ok(result)
    }
}
