//! A router and its plan, or why there is no plan: what is reviewed, saved, verified, agreed to and shown.

use std::sync::Arc;

use serde::Serialize;

use super::{FailedEnd, Intent, Observed, SeenLine};
use crate::plan::Plan;
use crate::record::CheckResult;

/// One router and its plan, or why there is no plan.
#[derive(Debug)]
pub struct PlanResult {
    /// The router.
    pub intent: Arc<Intent>,
    /// The backup that it was read from; nothing where it was the router itself.
    pub base: Option<BaseRecord>,
    /// What the router said of its firmware, also where there is no plan for it.
    pub firmware: Option<String>,
    /// What was read, and the plan.
    pub result: Result<Planned, FailedEnd>,
}

/// A router as it was read, and the plan from there.
#[derive(Debug)]
pub struct Planned {
    /// What was read.
    pub observed: Observed,
    /// The plan.
    pub plan: Plan,
}

impl PlanResult {
    /// Of a router that was read, or could not be.
    pub fn of(intent: Arc<Intent>, result: Result<Planned, FailedEnd>) -> Self {
        Self { intent, base: None, firmware: None, result }
    }

    /// The same of a router that has said so of its firmware.
    #[must_use]
    pub fn of_firmware(self, firmware: Option<String>) -> Self {
        Self { firmware, ..self }
    }

    /// Its plan, where there is one.
    pub fn plan(&self) -> Option<&Plan> {
        self.result.as_ref().ok().map(|planned| &planned.plan)
    }
}

/// A router's difference from what it should be, and what its checks said.
#[derive(Debug)]
pub struct VerifyResult {
    /// The difference, as a plan; or why it could not be read.
    pub plan: PlanResult,
    /// The checks.
    pub checks: Vec<CheckResult>,
    /// Its access line, as far as its checks have shown it.
    pub line: Option<SeenLine>,
}

impl VerifyResult {
    /// Of a router that was not read.
    pub fn unread(plan: PlanResult) -> Self {
        Self { plan, checks: Vec::new(), line: None }
    }

    /// Whether it was read, and is as declared.
    fn is_as_declared(&self) -> bool {
        self.plan.plan().is_some_and(Plan::is_empty)
    }

    fn failed_checks(&self) -> impl Iterator<Item = &CheckResult> {
        self.checks.iter().filter(|check| check.required && check.passed == Some(false))
    }

    /// Whether a required check failed that does not wait for the clinic's line.
    fn has_failed_check(&self) -> bool {
        self.failed_checks().any(|check| self.plan.intent.terms.line_pending_for(check).is_none())
    }

    /// Why the clinic's line is not proven: a required check that needs it failed, and someone said that it is not open yet.
    pub fn line_pending(&self) -> Option<&str> {
        self.failed_checks().find_map(|check| self.plan.intent.terms.line_pending_for(check))
    }

    /// Whether it is as declared and does what it should.
    pub fn is_verified(&self) -> bool {
        self.is_as_declared() && self.failed_checks().next().is_none()
    }

    /// Whether it is as declared and does what it should without the clinic's line, which is not open yet.
    pub fn is_verified_without_line(&self) -> bool {
        self.is_as_declared() && !self.has_failed_check() && self.line_pending().is_some()
    }

    /// Whether it is as declared, and a required check failed all the same.
    pub fn is_declared_with_failed_check(&self) -> bool {
        self.is_as_declared() && self.has_failed_check()
    }
}

/// The backup that a plan was made from.
#[derive(Debug, Clone, Serialize)]
pub struct BaseRecord {
    /// The file.
    pub file: String,
    /// When the file was written, by the file system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// When the router showed it, in the words of its header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// The firmware that its header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// Whether secrets were taken out of it.
    pub masked: bool,
}
