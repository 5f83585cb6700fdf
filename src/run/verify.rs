//! `verify`: is each router what it should be, and do its checks pass? Nothing is written.

use std::collections::BTreeMap;

use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{Source, load};
use super::line_prefix::{PrefixChange, prefix_change};
use super::missing_passwords::expect_passwords;
use super::options::RunOptions;
use super::unfinished::{exclude_unfinished, hint_unfinished_runs};
use crate::fleet::{self, Fleet, VerifyTask, Verifying};
use crate::record::{Kind, Sink};
use crate::transaction::VerifyResult;

/// What is verified.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// What should be, and where.
    pub source: Source,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// All of them.
pub struct VerifyReport {
    /// Each router.
    pub routers: Vec<VerifyResult>,
    /// The lines that delegate another prefix than an earlier run has seen, by router.
    pub prefix_changes: BTreeMap<String, PrefixChange>,
    /// How the program ends because of it.
    pub exit: Exit,
}

/// Compares and checks.
///
/// # Errors
/// What is wrong in the input.
pub fn verify(env: &RunEnv, request: &VerifyRequest) -> Result<VerifyReport, RunError> {
    let loaded = load(env, &request.source)?;
    let mut targets = loaded.targets(&request.options.choices(env, &loaded.inventory)?)?;
    let excluded = exclude_unfinished(env, &mut targets)?;
    expect_passwords(&targets)?;
    env.readers.emit(Kind::RunStarted { action: "verify".to_owned(), routers: targets.len(), sites: loaded.sites() });
    let tasks: Vec<VerifyTask> = targets.iter().map(|target| target.task(|intent| fleet::Verify { intent })).collect();
    let mut routers =
        Fleet::new(loaded.limits_to_read(), &env.cancel).run(Verifying(env.executor_env(&targets)), &tasks);
    hint_unfinished_runs(env, routers.iter_mut().map(|one| &mut one.plan))?;
    let excluded = excluded.into_iter().map(|one| VerifyResult::unread(one.into()));
    routers.extend(excluded);
    let exit = routers.iter().map(Exit::from).max().unwrap_or_default();
    env.run_ended(exit);
    let change_of = |one: &VerifyResult| {
        let (router, line) = (&one.plan.intent.router, &one.line.as_ref()?.line);
        Some((router.clone(), prefix_change(env, router, line)?))
    };
    let prefix_changes = routers.iter().filter_map(change_of).collect();
    Ok(VerifyReport { routers, prefix_changes, exit })
}
