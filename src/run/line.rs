//! `line`: which access line is this? What each router shows of its own, held against what its configuration asks. Nothing is written.

use std::path::PathBuf;

use super::choice::choose;
use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{Source, bare_targets, count_sites, load, load_inventory};
use super::line_prefix::{PrefixChange, prefix_change};
use super::missing_passwords::expect_passwords;
use super::options::{Reach, RunOptions};
use super::target::Target;
use crate::fleet::{Fleet, Limits, LineLook, LineTask, LookAtLine, LookingAtLines};
use crate::ix::access_line::Probes;
use crate::record::{Kind, Sink};
use crate::transaction::{FailedEnd, SeenLine};

/// Routers looked at at once where no playbook says how many.
const CONCURRENCY: usize = 8;

/// Which lines are looked at.
#[derive(Debug, Clone)]
pub struct LineRequest {
    /// The inventory.
    pub inventory: PathBuf,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// The playbook whose roles ask something of the lines; nothing where what the routers run does.
    pub playbook: Option<PathBuf>,
    /// The addresses that are asked for an answer.
    pub probes: Probes,
    /// How routers are reached.
    pub reach: Reach,
}

/// The line of one router.
#[derive(Debug)]
pub struct LineResult {
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// What was seen; nothing where nothing is asked of a line. Or why it could not be looked at.
    pub result: Result<Option<SeenLine>, FailedEnd>,
    /// Its prefix is another one than before.
    pub prefix_change: Option<PrefixChange>,
}

/// All of them.
#[derive(Debug)]
pub struct LineReport {
    /// Each router.
    pub routers: Vec<LineResult>,
    /// How the program ends because of it.
    pub exit: Exit,
}

impl LineResult {
    fn of(env: &RunEnv, look: LineLook) -> Self {
        let LineLook { intent, result } = look;
        let result = result.map(|reading| reading.seen);
        let line = result.as_ref().ok().and_then(Option::as_ref).map(|seen| &seen.line);
        let prefix_change = line.and_then(|line| prefix_change(env, &intent.router, line));
        Self { router: intent.router.clone(), site: intent.site.clone(), result, prefix_change }
    }

    fn exit(&self) -> Exit {
        match &self.result {
            Ok(Some(seen)) if !seen.misfits.is_empty() => Exit::Differs,
            Ok(_) => Exit::Done,
            Err(failed) => Exit::from(failed.state.verdict()),
        }
    }
}

/// Looks at them.
///
/// # Errors
/// What is wrong in the input.
pub fn line(env: &RunEnv, request: &LineRequest) -> Result<LineReport, RunError> {
    let targets = targets(env, request)?;
    expect_passwords(&targets)?;
    let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
    env.readers.emit(Kind::RunStarted { action: "line".to_owned(), routers: targets.len(), sites });
    let look = |target: &Target| target.task(|intent| LookAtLine { intent, probes: request.probes.clone() });
    let tasks: Vec<LineTask> = targets.iter().map(look).collect();
    let limits = Limits { concurrency: CONCURRENCY, max_failures: usize::MAX };
    let looks = Fleet::new(limits, &env.cancel).run(LookingAtLines(env.executor_env(&targets)), &tasks);
    let routers: Vec<LineResult> = looks.into_iter().map(|look| LineResult::of(env, look)).collect();
    let exit = routers.iter().map(LineResult::exit).max().unwrap_or_default();
    env.run_ended(exit);
    Ok(LineReport { routers, exit })
}

fn targets(env: &RunEnv, request: &LineRequest) -> Result<Vec<Target>, RunError> {
    let options = RunOptions { reach: request.reach.clone(), only_reads: true, ..RunOptions::default() };
    let LineRequest { inventory, limit, .. } = request;
    if let Some(playbook) = &request.playbook {
        let source = Source { playbook: playbook.clone(), inventory: inventory.clone(), limit: limit.clone() };
        let loaded = load(env, &source)?;
        return loaded.targets(&options.choices(env, &loaded.inventory)?);
    }
    let inventory = load_inventory(&*env.operator, inventory)?;
    bare_targets(&inventory, &choose(env, limit.as_deref())?, &options.choices(env, &inventory)?)
}
