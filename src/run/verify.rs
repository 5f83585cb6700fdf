//! `verify`: is each router what it should be, and do its checks pass? Nothing is written.

use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{Source, load};
use super::options::RunOptions;
use super::plan_result::PlanResult;
use super::unfinished::{exclude_unfinished, hint_unfinished_runs};
use crate::fleet::{self, VerifiedRouter, VerifyTask, Verifying};
use crate::record::{Kind, Sink};
use crate::transaction::CheckResult;

/// What is verified.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// What should be, and where.
    pub source: Source,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// One router: its difference from what it should be, and what its checks said.
pub struct VerifyResult {
    /// The difference, as a plan; or why it could not be read.
    pub plan: PlanResult,
    /// The checks.
    pub checks: Vec<CheckResult>,
}

impl VerifyResult {
    /// Whether it was read, and is as declared.
    fn is_as_declared(&self) -> bool {
        self.plan.result.as_ref().is_ok_and(|(_, plan)| plan.is_empty())
    }

    fn has_failed_check(&self) -> bool {
        self.checks.iter().any(|check| check.required && check.passed == Some(false))
    }

    /// Whether it is as declared and does what it should.
    pub fn is_verified(&self) -> bool {
        self.is_as_declared() && !self.has_failed_check()
    }

    /// Whether it is as declared, and a required check failed all the same.
    pub fn is_declared_with_failed_check(&self) -> bool {
        self.is_as_declared() && self.has_failed_check()
    }

    fn exit(&self) -> Exit {
        match &self.plan.result {
            Err((state, _)) => Exit::from(state.verdict()),
            Ok(_) if self.is_verified() => Exit::Done,
            Ok(_) => Exit::Differs,
        }
    }
}

/// All of them.
pub struct VerifyReport {
    /// Each router.
    pub routers: Vec<VerifyResult>,
    /// How the program ends because of it.
    pub exit: Exit,
}

/// Compares and checks.
///
/// # Errors
/// What is wrong in the input.
pub fn verify(env: &RunEnv, request: &VerifyRequest) -> Result<VerifyReport, RunError> {
    let loaded = load(&*env.operator, &request.source)?;
    let mut targets = loaded.targets(&request.options.choices(env, &loaded.inventory))?;
    let excluded = exclude_unfinished(env, &mut targets)?;
    env.readers.emit(Kind::RunStarted { action: "verify".to_owned(), routers: targets.len(), sites: loaded.sites() });
    let tasks: Vec<VerifyTask> = targets.iter().map(|target| target.task(fleet::Verify)).collect();
    let verified = fleet::run(Verifying(env.executor_env(&targets)), &tasks, loaded.limits_to_read(), &env.cancel);
    let mut routers: Vec<VerifyResult> = verified
        .into_iter()
        .map(|VerifiedRouter { seen, checks }| VerifyResult { plan: PlanResult::from(seen), checks })
        .collect();
    hint_unfinished_runs(env, routers.iter_mut().map(|one| &mut one.plan))?;
    let excluded = excluded.into_iter().map(|one| VerifyResult { plan: PlanResult::from(one), checks: Vec::new() });
    routers.extend(excluded);
    let exit = routers.iter().map(VerifyResult::exit).max().unwrap_or_default();
    env.run_ended(exit);
    Ok(VerifyReport { routers, exit })
}
