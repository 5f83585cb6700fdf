//! A task is data: what was written out as JSON and read again is carried out like the task itself.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::drift::ApprovedPlan;
use super::operator::NoOperator;
use super::prepare::{Choices, bare};
use super::target::Target;
use super::{RunEnv, plan_file};
use crate::cancel::Cancel;
use crate::connect::{ConnectOptions, ConsoleLocks};
use crate::fleet::{Apply, ApplyLate, Applying, ApplyingLate, Executor, Fleet, Limits, Read, Reading, RouterTask};
use crate::inventory::{self, Inventory};
use crate::ix::ConfigText;
use crate::journal::RunLog;
use crate::plan::{Ownership, Plan};
use crate::record::{Kind, Readers};
use crate::secret::{NoPrompt, SourceVault, Vault};
use crate::state::State;
use crate::transaction::{
    Agreement, BoxClaims, Desired, Fingerprint, Intent, LateChange, LatePlan, LatePlans, Looks, Planned, Purpose,
    SavedPlan,
};
use crate::transport::ssh::FirstUse;

const LIMITS: Limits = Limits { concurrency: 1, max_failures: 1 };

/// As it is after a journey.
fn through_json<T: Serialize + DeserializeOwned>(task: &T) -> T {
    serde_json::from_str(&serde_json::to_string(task).unwrap()).unwrap()
}

fn vault(inventory: &Inventory) -> Arc<dyn Vault> {
    Arc::new(SourceVault::new(inventory.sources(), NoPrompt))
}

/// A mock router that lives in this folder, and must synchronise its clock.
fn target(dir: &Path) -> (Target, Inventory) {
    let path = dir.join("clinics.yaml");
    let router = "{ model: IX2215, connection: { mock: { start: prepared } } }";
    std::fs::write(&path, format!("version: 1\nsites: {{ clinic: {{ routers: {{ r1: {router} }} }} }}\n")).unwrap();
    let (inventory, _) = inventory::load(&path).unwrap();
    let choices = Choices {
        take_over: false,
        adopt: false,
        set_secrets: false,
        rehearse_on_mock: false,
        outside_windows: None,
        console: None,
        at_clinic: true,
        line_pending: None,
        facts: inventory.facts.clone(),
        declared_boxes: Default::default(),
        logins: Default::default(),
        host_names: Default::default(),
        states: Default::default(),
        replaces: None,
        connect_options: ConnectOptions {
            known_hosts: dir.join("known_hosts"),
            first_use: FirstUse::Record,
            learned_by: "tanaka@laptop".to_owned(),
            new_keys: None,
            vault: vault(&inventory),
            jump_hosts: Arc::default(),
            console_locks: ConsoleLocks::default(),
            save_watch: None,
            recordings: None,
            mock_routers: dir.join("mock-routers"),
        },
    };
    let (site, router) = inventory.router("r1").unwrap();
    let mut target = bare(site, router, &choices).unwrap();
    let intent = Arc::make_mut(&mut target.intent);
    intent.desired = Desired::Rendered(ConfigText::new("ntp ip enable\n"));
    intent.terms.owns = Ownership::parse(&["ntp"]).unwrap();
    (target, inventory)
}

/// A run that has begun.
fn log(env: &RunEnv) -> RunLog {
    let begun = Kind::Begun {
        action: "apply".to_owned(),
        by: "tanaka".to_owned(),
        machine: "laptop".to_owned(),
        version: "0".to_owned(),
        inventory: "clinics.yaml".to_owned(),
        source: "book.yaml".to_owned(),
        title: None,
        plan_sha256: None,
        routers: vec!["r1".to_owned()],
        places: Vec::new(),
        policy: None,
    };
    RunLog::begin(env.journal().unwrap(), &env.readers, begun).unwrap()
}

#[test]
fn a_task_that_was_written_out_and_read_again_is_carried_out_like_itself() {
    let dir = tempfile::tempdir().unwrap();
    let (target, inventory) = target(dir.path());
    let env = RunEnv::new(dir.path().join("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
    let executors = || env.executor_env([&target]);

    let read = through_json(&target.task(|intent| Read { intent, purpose: Purpose::Change }));
    let seen = Fleet::new(LIMITS, &env.cancel).run(Reading(executors()), &[read]).pop().unwrap();
    let Planned { observed, plan } = seen.result.unwrap();
    assert!(plan.commands.iter().any(|command| &*command.text == "ntp ip enable"), "{:?}", plan.commands);

    let agreement = agreed(&seen.intent, observed.fingerprint(), &plan);
    let task: RouterTask<Apply> = target.task(|_| Apply { agreement: Arc::new(agreement) });
    let text = serde_json::to_string(&task).unwrap();
    let task = through_json(&task);
    assert_eq!(serde_json::to_string(&task).unwrap(), text, "nothing is lost on the way");
    let applying = Applying::new(executors(), vault(&inventory), log(&env));
    let end = Fleet::new(LIMITS, &env.cancel).run(applying, &[task]).pop().unwrap();
    assert_eq!((end.state, end.sent), (State::Saved, plan.commands.len()), "{:?}", end.causes);
}

#[test]
fn the_longest_that_a_router_read_late_can_take_counts_the_lines_of_its_plan_once_that_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let (target, inventory) = target(dir.path());
    let env = RunEnv::new(dir.path().join("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
    let change = LateChange { intent: Arc::clone(&target.intent), reviewed: None };
    let task = target.task(|_| ApplyLate { change: Arc::new(change) });
    let applying = Applying::new(env.executor_env([&target]), vault(&inventory), log(&env));
    let late = ApplyingLate::new(applying, BoxClaims::declared([]), Arc::new(Unshown));
    let bounds = &target.intent.bounds;
    assert_eq!(
        late.ends_within(&task),
        bounds.whole(1, Looks::default()),
        "the lines that are wanted, before it is read"
    );

    let read = target.task(|intent| Read { intent, purpose: Purpose::Change });
    let seen = Fleet::new(LIMITS, &env.cancel).run(Reading(env.executor_env([&target])), &[read]).pop().unwrap();
    let Planned { mut plan, .. } = seen.result.unwrap();
    let line = plan.commands[0].clone();
    plan.commands.resize(300, line);
    late.planned(LatePlan { intent: &target.intent, plan: &plan, is_reviewed: true });
    assert_eq!(late.ends_within(&task), bounds.whole(300, Looks::default()));
    assert!(late.ends_within(&task) > bounds.forward(300, Looks::default()), "it may be undone at its end");
}

/// What is agreed to where this plan was shown.
fn agreed(intent: &Arc<Intent>, seen: Fingerprint, plan: &Plan) -> Agreement {
    let shown = SavedPlan::of(Arc::clone(intent), seen, plan);
    Agreement::of_reviewed(&shown, Arc::clone(intent), plan.commands.clone())
}

/// No one is shown plans.
struct Unshown;

impl LatePlans for Unshown {
    fn planned(&self, _: LatePlan<'_>) {}
}

#[test]
fn nothing_was_agreed_to_for_a_router_that_a_saved_plan_does_not_name() {
    let dir = tempfile::tempdir().unwrap();
    let (target, _) = target(dir.path());
    let env = RunEnv::new(dir.path().join("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
    let read = |env: &RunEnv| {
        let task = target.task(|intent| Read { intent, purpose: Purpose::Change });
        Fleet::new(LIMITS, &env.cancel).run(Reading(env.executor_env([&target])), &[task]).pop().unwrap()
    };
    let plan = br#"{"schema":"ixdeploy-plan/1","playbook":"p","concurrency":1,"max_failures":1,"routers":[]}"#;
    let path = dir.path().join("plan.json");
    let file = plan_file::read(&path, plan).unwrap();
    let approved = ApprovedPlan { path, sha256: String::new(), file, bytes: Arc::from([]) };

    let seen = read(&env);
    assert!(seen.result.is_ok(), "it could be read and planned");
    let sorted = approved.entries().check_saved_plan_drift(seen);
    let end = sorted.result.err().unwrap();
    assert_eq!((end.state, end.cause.code.as_str()), (State::Drifted, "router.drifted"));

    // One that could not be read keeps its own cause.
    let elsewhere = Fleet::new(LIMITS, &env.cancel)
        .run(Reading(env.executor_env([])), &[target.task(|intent| Read { intent, purpose: Purpose::Change })])
        .pop()
        .unwrap();
    let end = approved.entries().check_saved_plan_drift(elsewhere).result.err().unwrap();
    assert_eq!((end.state, end.cause.code.as_str()), (State::Refused, "inventory.unknown-router"));
}

#[test]
fn a_task_whose_router_is_in_no_inventory_here_ends_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (target, _) = target(dir.path());
    let env = RunEnv::new(dir.path().join("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
    let task = target.task(|intent| Read { intent, purpose: Purpose::Look });
    let seen = Fleet::new(LIMITS, &env.cancel).run(Reading(env.executor_env([])), &[task]).pop().unwrap();
    let end = seen.result.err().unwrap();
    assert_eq!((end.state, end.cause.code.as_str()), (State::Refused, "inventory.unknown-router"));
}

#[test]
fn a_task_that_leads_to_a_whole_configuration_leaves_its_secrets_behind() {
    let dir = tempfile::tempdir().unwrap();
    let (mut target, _) = target(dir.path());
    let secret = "9f8e7d6c5b4a";
    let intent = Arc::make_mut(&mut target.intent);
    let wanted = format!("username admin password hash {secret} administrator\n");
    intent.desired = Desired::Whole(ConfigText::new(wanted.as_str()));
    let dialect = intent.device.model.dialect();
    let (before, after) = (crate::ix::Config::empty(dialect), crate::ix::Config::parse(dialect, &wanted));
    let plan = crate::plan::between(&before, &after, &crate::plan::Lifeline::Console, 255).unwrap();
    assert!(plan.commands.iter().any(|command| command.text.contains(secret)));
    let seen = Fingerprint {
        identity: crate::ix::Identity { model: Some("IX2215".to_owned()), ..Default::default() },
        running: Some("0".to_owned()),
        startup: None,
    };
    let agreement = agreed(&target.intent, seen, &plan);
    let text = serde_json::to_string(&target.task(|_| Apply { agreement: Arc::new(agreement) })).unwrap();
    assert!(!text.contains(secret), "{text}");
}
