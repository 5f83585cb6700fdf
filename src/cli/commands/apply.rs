//! `apply`: plan, show, ask, change. Or the same from a plan that was kept.
//!
//! A person sees exactly what goes out before anything does.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::approved::ApprovedPlan;
use crate::cli::args::{Asking, Input, Lock, OnTheCable, Phase, Planning, Reach, Rehearsal, Routers};
use crate::cli::change::{ChangeRun, no_operator_error};
use crate::cli::context::{Context, read_bytes};
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{self, Loaded};
use crate::cli::plan_file;
use crate::cli::subcommand::{Group, Subcommand};
use crate::file::LARGEST;
use crate::fleet::{self, Choices, Limits, Target};
use crate::inventory::{Inventory, LimitError};
use crate::message::Text;

/// Change the routers: push, verify, save, or take everything back
#[derive(Debug, Clone, Args)]
pub struct ApplyArgs {
    /// A playbook, or a plan kept by `plan -o`
    #[arg(value_name = "PLAYBOOK|PLAN.JSON")]
    pub source: PathBuf,
    /// Refuse a kept plan whose SHA-256 is another: what `plan -o` printed and was approved
    #[arg(long, value_name = "HASH")]
    pub plan_hash: Option<String>,
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub on_the_cable: OnTheCable,
    /// Where the routers stand, `bench` or `clinic`: on a bench, checks of phase `clinic` are not run
    #[arg(long, value_enum, default_value_t = Phase::Clinic, value_name = "PHASE", hide_possible_values = true)]
    pub phase: Phase,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

impl Subcommand for ApplyArgs {
    const NAME: &'static str = "apply";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "ルータを変更します。送信・検証・保存し、失敗時はすべて取り消します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("source", "プレイブック、または plan -o で保存した計画"),
        ("plan_hash", "保存した計画の SHA-256 がこの値(plan -o が表示し、承認されたもの)と異なれば拒否します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy apply playbooks/online-eligibility.yaml -i clinic.yaml --phase bench",
        "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --yes",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Changes routers.
///
/// # Errors
/// What is wrong in the input, or a question that nobody was there to answer. Nothing was written then.
fn run(context: &Context, args: &ApplyArgs) -> Result<Exit, Vec<Failure>> {
    let bytes = read_bytes(&args.source, LARGEST).map_err(|failure| vec![failure])?;
    plan_file::demand(&args.source, &bytes, args.plan_hash.as_deref()).map_err(|failure| vec![failure])?;
    if !args.asking.yes && !context.person.present() {
        return Err(vec![no_operator_error()]);
    }
    let change = if plan_file::is_plan(&bytes) {
        let file = plan_file::read(&args.source, &bytes).map_err(|failure| vec![failure])?;
        from_file(context, args, ApprovedPlan { path: args.source.clone(), sha256: plan_file::sha256(&bytes), file })?
    } else {
        from_playbook(context, args)?
    };
    change.run(context)
}

fn from_playbook(context: &Context, args: &ApplyArgs) -> Result<ChangeRun, Vec<Failure>> {
    let input = Input { playbook: args.source.clone(), routers: args.routers.clone() };
    let loaded: Loaded = input::load(context, &input)?;
    let choices = choices(context, &loaded.inventory, args);
    let targets = loaded.targets(&choices)?;
    Ok(change(args, targets, choices, loaded.limits(), None))
}

fn choices(context: &Context, inventory: &Inventory, args: &ApplyArgs) -> Choices {
    Choices {
        take_over: args.lock.take_over,
        rehearse_on_mock: args.rehearsal.on_mock(),
        adopt: args.planning.unsaved.adopt,
        set_secrets: args.planning.set_secrets,
        at_clinic: args.phase == Phase::Clinic,
        ..input::choices(context, inventory, &args.reach)
    }
}

fn from_file(context: &Context, args: &ApplyArgs, mut plan: ApprovedPlan) -> Result<ChangeRun, Vec<Failure>> {
    let inventory = input::load_inventory(context, &args.routers.inventory)?;
    let choices = choices(context, &inventory, args);
    let limit = args.routers.only.limit.as_deref();
    let all = input::bare_targets(&inventory, limit, &choices)?;
    let all: HashMap<&str, &Target> = all.iter().map(|target| (target.intent.router.as_str(), target)).collect();
    let (mut targets, mut kept) = (Vec::new(), Vec::new());
    let planned: Vec<String> = plan.file.routers.iter().map(|entry| entry.router.clone()).collect();
    for entry in std::mem::take(&mut plan.file.routers) {
        match all.get(entry.router.as_str()) {
            Some(target) => {
                let intent = entry.fill(&target.intent).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
                targets.push(Target { intent: Arc::new(intent), connector: Arc::clone(&target.connector) });
                kept.push(entry);
            }
            None if limit.is_some() => {}
            None => {
                let error = fleet::PrepareError::Unknown { router: entry.router };
                return Err(vec![Failure::new(&error, Exit::Usage)]);
            }
        }
    }
    if targets.is_empty() {
        return Err(vec![nothing_of_the_plan(&planned)]);
    }
    let limits = Limits { concurrency: plan.file.concurrency, max_failures: plan.file.max_failures };
    plan.file.routers = kept;
    Ok(change(args, targets, choices, limits, Some(plan)))
}

/// A plan none of whose routers is meant: nothing would be done, and it would be called a success.
fn nothing_of_the_plan(planned: &[String]) -> Failure {
    let mut failure = Failure::new(&LimitError::Nothing, Exit::Usage);
    failure.hints = vec![match planned {
        [] => Text::new(
            "the plan holds no router: none could be planned when it was made; make it again with `plan -o`",
            "計画にルータがありません(作成時に計画できたルータがありませんでした)。plan -o で作り直してください",
        ),
        planned => {
            let names = planned.join(", ");
            Text::new(format!("the plan is for: {names}"), format!("この計画の対象: {names}"))
        }
    }];
    failure
}

fn change(
    args: &ApplyArgs,
    targets: Vec<Target>,
    choices: Choices,
    limits: Limits,
    kept: Option<ApprovedPlan>,
) -> ChangeRun {
    ChangeRun {
        action: "apply",
        inventory: args.routers.inventory.clone(),
        source: args.source.clone(),
        limit: args.routers.only.limit.clone(),
        targets,
        choices,
        limits,
        kept,
        yes: args.asking.yes,
        serial_number: args.on_the_cable.serial_number.clone(),
    }
}
