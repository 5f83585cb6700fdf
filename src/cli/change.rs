//! One run that changes routers: every router is read and planned first, then the question, then the transactions, each of which
//! reads its router once more and refuses one that has moved on.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::approved::ApprovedPlan;
use super::commands::plan::{self, Planned};
use super::context::Context;
use super::counsel::counsel;
use super::error::{Exit, Failure};
use super::finish::{Asked, finish_run};
use super::input::count_sites;
use super::person::to_halfwidth;
use super::{identity, record, recover};
use crate::fleet::{self, Apply, Applying, Choices, Limits, Read, ReadTask, Reading, Seen, Target};
use crate::journal::RunLog;
use crate::message::{Lang, Text};
use crate::record::{Kind, Place, Policy, Sink};
use crate::state::State;
use crate::transaction::{Approved, CauseRecord, Intent, Observed, Outcome, Purpose, TransactionError};

/// There is a question and nobody to answer it.
pub fn no_operator_error() -> Failure {
    Failure::usage(
        "apply.nobody-to-ask",
        Text::new("there is no terminal to ask on, and no --yes", "対話できる端末がなく、--yes も指定されていません"),
        Text::new(
            "read the plan (`ixdeploy plan`), then add --yes",
            "ixdeploy plan で計画を確認してから --yes を付けてください",
        ),
    )
}

/// Whether an answer means yes.
pub fn is_yes(answer: &str) -> bool {
    ["y", "yes", "はい"].contains(&to_halfwidth(answer).trim().to_lowercase().as_str())
}

/// Asks before a colleague may be thrown out: the very first reading needs config mode.
fn may_take_over(context: &Context) -> Result<bool, Vec<Failure>> {
    let question = context.lang.pick(
        "Config mode will be taken from whoever holds it; what they were doing stays half done. Go on? [yes/no]",
        "使用中のコンフィグモードを強制的に取得します。相手の作業は途中で止まります。続けますか? [yes/no]",
    );
    let answer = context.person.ask(question).ok_or_else(|| vec![no_operator_error()])?;
    Ok(is_yes(&answer))
}

/// Why nothing was done where a person was asked.
pub fn declined_cause() -> CauseRecord {
    CauseRecord {
        code: "apply.declined".to_owned(),
        text: Text::new("a person said no", "確認の質問で中止が選ばれました"),
        hints: Vec::new(),
    }
}

fn too_many_failures() -> CauseRecord {
    CauseRecord {
        code: "run.not-started".to_owned(),
        text: Text::new(
            "the limit of failures was reached before anything was begun",
            "着手前に失敗数の上限に達しました",
        ),
        hints: Vec::new(),
    }
}

/// One run that changes routers: shown first, asked about, then done.
pub struct ChangeRun {
    /// `apply`, `undo`, `restore`.
    pub action: &'static str,
    /// The inventory.
    pub inventory: PathBuf,
    /// The playbook, plan, run or backup it rests on.
    pub source: PathBuf,
    /// What the person had narrowed the routers to.
    pub limit: Option<String>,
    /// The routers, in their order.
    pub targets: Vec<Target>,
    /// What the person decided.
    pub choices: Choices,
    /// How far it may go.
    pub limits: Limits,
    /// The kept plan, its entries in the order of the targets; nothing when the plan is made now.
    pub kept: Option<ApprovedPlan>,
    /// Nobody is asked.
    pub yes: bool,
    /// The serial number of the router on the console, as typed.
    pub serial_number: Option<String>,
}

impl ChangeRun {
    /// Reads, shows, asks, changes.
    ///
    /// # Errors
    /// A question that nobody was there to answer, or a journal that cannot be had. Nothing was written then.
    pub fn run(mut self, context: &Context) -> Result<Exit, Vec<Failure>> {
        self.expect_serial_number()?;
        if self.choices.take_over && !self.yes && !may_take_over(context)? {
            let declined =
                |target: &Target| Outcome::without_a_session(&target.intent, 0, (State::Declined, declined_cause()));
            let outcomes: Vec<Outcome> = self.targets.iter().map(declined).collect();
            return Ok(self.finish_run(context, &outcomes, None));
        }
        context.journal().map_err(|failure| vec![failure])?;
        let unrecovered = self.recover(context)?;
        let sites = count_sites(self.targets.iter().map(|target| target.intent.site.as_str()));
        context.readers().emit(Kind::RunStarted { action: self.action.to_owned(), routers: self.targets.len(), sites });
        // The first pass only reads, so it may look at every router; its failures count before anything is begun.
        let reading = Limits { max_failures: usize::MAX, ..self.limits };
        let read = |target: &Target| target.task(Read { purpose: Purpose::Change });
        let tasks: Vec<ReadTask> = self.targets.iter().map(read).collect();
        let seen = fleet::run(Reading(context.executor_env(&self.targets)), &tasks, reading, &context.cancel);
        let seen = match &self.kept {
            Some(kept) => kept.check_saved_plan_drift(seen),
            None => seen,
        };
        let (ready, mut failed) = self.partition_ready(seen);
        if !failed.is_empty() {
            let open = recover::open_parts(context)?;
            failed.iter_mut().for_each(|one| recover::hint_unfinished_run(&open, &one.intent.router, &mut one.cause));
        }
        let failures = failed.len() + unrecovered.len();
        let (ready, failed) = self.exclude_incomplete_sites((ready, failed), &unrecovered);
        let shown: Vec<Planned> = ready.iter().map(Ready::planned).chain(failed.iter().map(Failed::planned)).collect();
        plan::show(context, &shown, false);
        plan::show_ways_back(context, &shown);
        if let Some(kept) = &self.kept {
            context.say(&kept.heading(context.lang));
        }
        plan::show_terms(context, &shown);
        plan::count(context, &shown, None);
        let places = self.places(&unrecovered);
        let mut outcomes: Vec<Outcome> = failed.into_iter().map(Failed::outcome).chain(unrecovered).collect();
        let begin =
            if failures >= self.limits.max_failures { Begin::TooManyFailures } else { self.ask(context, &ready)? };
        let mut run = None;
        let ends = match begin {
            Begin::Yes(ready) => {
                let log = record::begin(context, self.begun(&ready, places))?;
                let ends = self.change(context, &log, ready, failures);
                run = Some(log);
                ends
            }
            Begin::No(cause) => ready.iter().map(|ready| ready.not_begun((State::Declined, cause.clone()))).collect(),
            Begin::TooManyFailures => {
                ready.iter().map(|ready| ready.not_begun((State::NotStarted, too_many_failures()))).collect()
            }
        };
        outcomes.extend(ends);
        self.put_in_order(&mut outcomes);
        Ok(self.finish_run(context, &outcomes, run.as_ref()))
    }

    /// What earlier runs left of these routers comes first; one that stays unknown is left out of this run.
    fn recover(&mut self, context: &Context) -> Result<Vec<Outcome>, Vec<Failure>> {
        let mut unrecovered = recover::recover(context, &self.targets, &self.choices, self.yes)?;
        unrecovered.retain(|outcome| !recover::is_recovered(outcome));
        let open = |router: &str| unrecovered.iter().any(|outcome| outcome.router == router);
        self.targets.retain(|target| !open(&target.intent.router));
        if let Some(kept) = &mut self.kept {
            kept.file.routers.retain(|entry| !open(&entry.router));
        }
        Ok(unrecovered)
    }

    /// Every router of the result, in its order: those that an earlier run left unknown come first.
    fn places(&self, unrecovered: &[Outcome]) -> Vec<Place> {
        let unknown = unrecovered.iter().map(|outcome| (&outcome.router, &outcome.site));
        let targets = self.targets.iter().map(|target| (&target.intent.router, &target.intent.site));
        let place = |(router, site): (&String, &String)| Place { router: router.clone(), site: site.clone() };
        unknown.chain(targets).map(place).collect()
    }

    fn begun(&self, ready: &[(Target, Approved)], places: Vec<Place>) -> record::Begun {
        let routers = ready.iter().map(|(target, _)| target.intent.router.clone()).collect();
        record::Begun {
            action: self.action,
            inventory: self.inventory.clone(),
            source: self.source.clone(),
            plan_sha256: self.plan_sha256().map(str::to_owned),
            routers,
            places,
            policy: Policy {
                concurrency: self.limits.concurrency,
                max_failures: Some(self.limits.max_failures).filter(|most| *most != usize::MAX),
                limit: self.limit.clone(),
                asked: !self.yes,
            },
        }
    }

    fn plan_sha256(&self) -> Option<&str> {
        self.kept.as_ref().map(|kept| kept.sha256.as_str())
    }

    fn finish_run(&self, context: &Context, outcomes: &[Outcome], run: Option<&RunLog>) -> Exit {
        let asked = Asked { limit: self.limit.as_deref(), plan_sha256: self.plan_sha256() };
        finish_run(context, self.action, (outcomes, asked), run)
    }

    /// A serial number typed by the operator is for the one console whose router the inventory does not name.
    fn expect_serial_number(&mut self) -> Result<(), Vec<Failure>> {
        let yes = self.yes;
        let nameless =
            self.targets.iter_mut().filter(|target| identity::needs_identity_confirmation(target)).collect::<Vec<_>>();
        let names = nameless.iter().map(|target| target.intent.router.clone()).collect::<Vec<_>>().join(", ");
        match (&self.serial_number, nameless.as_slice()) {
            (None, []) => Ok(()),
            (None, _) if yes => Err(vec![Failure::usage(
                "identity.unconfirmed",
                Text::new(
                    format!("which box is on the cable? The inventory has no serial number for {names}"),
                    format!("ケーブルの先の機器を特定できません。インベントリに {names} の製造番号がありません"),
                ),
                Text::new(
                    "give it with --serial-number, or write it into the inventory (`identity: { serial_number: ... }`); --yes alone is refused on a console",
                    "--serial-number で指定するか、インベントリに identity: { serial_number: ... } を書いてください。コンソールでは --yes だけでは実行できません",
                ),
            )]),
            (None, _) => Ok(()),
            (Some(number), [_]) => {
                for target in nameless {
                    Arc::make_mut(&mut target.intent).device.serial_number = Some(number.clone());
                }
                Ok(())
            }
            (Some(_), _) => Err(vec![Failure::usage(
                "identity.serial-number-for-whom",
                Text::new(
                    "--serial-number is for exactly one router on a console without a serial number in the inventory",
                    "--serial-number は、インベントリに製造番号のないコンソール接続のルータ 1 台に対して使います",
                ),
                Text::new("choose one router with --limit", "--limit で 1 台に絞ってください"),
            )]),
        }
    }

    fn partition_ready(&self, seen: Vec<Seen>) -> (Vec<Ready>, Vec<Failed>) {
        let (mut ready, mut failed): (Vec<Ready>, Vec<Failed>) = (Vec::new(), Vec::new());
        for (target, seen) in self.targets.iter().zip(seen) {
            let twin = seen.result.as_ref().ok().and_then(|(observed, _)| {
                ready.iter().find(|other| other.observed.serial_number == observed.serial_number)
            });
            if let Some(twin) = twin {
                let cause = CauseRecord::of(&TransactionError::SameBox {
                    router: target.intent.router.clone(),
                    other: twin.target.intent.router.clone(),
                    serial_number: twin.observed.serial_number.clone(),
                });
                failed.push(Failed { intent: Arc::clone(&target.intent), state: State::Refused, cause });
                continue;
            }
            match seen.result {
                Ok((observed, plan)) => {
                    let approved = Approved { plan, seen: observed.fingerprint() };
                    // A wish that depends on what runs was completed when the router was read.
                    let target = Target { intent: seen.intent, connector: Arc::clone(&target.connector) };
                    ready.push(Ready { target, observed, approved });
                }
                Err((state, cause)) => failed.push(Failed { intent: Arc::clone(&target.intent), state, cause }),
            }
        }
        (ready, failed)
    }

    /// A router whose site has one that could not be read, or is still unknown, is held back: a site changes together or not at all.
    fn exclude_incomplete_sites(
        &self,
        (ready, mut failed): (Vec<Ready>, Vec<Failed>),
        unrecovered: &[Outcome],
    ) -> (Vec<Ready>, Vec<Failed>) {
        let troubled: HashSet<&str> = failed.iter().map(|failed| failed.intent.router.as_str()).collect();
        let mut because: HashMap<String, String> = HashMap::new();
        for site in fleet::together(self.targets.iter()) {
            let other = site.iter().find(|target| troubled.contains(target.intent.router.as_str()));
            for target in other.map(|_| &site).into_iter().flatten() {
                because.extend(other.map(|other| (target.intent.router.clone(), other.intent.router.clone())));
            }
        }
        // One that an earlier run left unknown takes no part in this run, and holds its site back all the same.
        let open: HashMap<&str, &str> =
            unrecovered.iter().map(|outcome| (outcome.site.as_str(), outcome.router.as_str())).collect();
        let mut going = Vec::new();
        for one in ready {
            let intent = &one.target.intent;
            let open = || open.get(intent.site.as_str()).map(|router| (*router).to_owned());
            match because.remove(&intent.router).or_else(open) {
                Some(other) => {
                    let cause = CauseRecord::of(&TransactionError::Site { router: intent.router.clone(), other });
                    failed.push(Failed { intent: Arc::clone(intent), state: State::NotStarted, cause });
                }
                None => going.push(one),
            }
        }
        (going, failed)
    }

    /// Says how many, asks, and where a console's box is not named in the inventory, asks which one it is.
    fn ask(&self, context: &Context, ready: &[Ready]) -> Result<Begin, Vec<Failure>> {
        let mut named = Vec::new();
        for one in ready {
            match identity::confirm(context, &one.target, &one.observed)? {
                Some(target) => named.push((target, one.approved.clone())),
                None => return Ok(Begin::No(identity::identity_not_confirmed(&one.target.intent.router))),
            }
        }
        if self.yes {
            return Ok(Begin::Yes(named));
        }
        let changing = ready.iter().filter(|one| !one.approved.plan.is_empty()).count();
        let sites = count_sites(ready.iter().map(|one| one.target.intent.site.as_str()));
        let roles = self.roles(ready);
        let (of, of_ja) = if roles.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(" (role: {roles})"), format!("(ロール: {roles})"))
        };
        let question = match context.lang {
            Lang::En => format!("Change {changing} of {} router(s){of} at {sites} site(s)? [yes/no]", ready.len()),
            Lang::Ja => {
                format!(
                    "拠点 {sites} か所、ルータ {} 台{of_ja}のうち {changing} 台を変更します。よろしいですか? [yes/no]",
                    ready.len()
                )
            }
        };
        let answer = context.person.ask(&question).ok_or_else(|| vec![no_operator_error()])?;
        Ok(if is_yes(&answer) { Begin::Yes(named) } else { Begin::No(declined_cause()) })
    }

    /// The roles that the routers get, each once; none where a backup or an earlier run says what they become.
    fn roles(&self, ready: &[Ready]) -> String {
        let mut roles: Vec<&str> = Vec::new();
        for role in ready.iter().flat_map(|one| &one.target.intent.roles).filter(|_| self.action == "apply") {
            if !roles.contains(&role.as_str()) {
                roles.push(role);
            }
        }
        roles.join(", ")
    }

    fn change(&self, context: &Context, log: &RunLog, ready: Vec<(Target, Approved)>, failed: usize) -> Vec<Outcome> {
        let vault = Arc::clone(&self.choices.connect_options.vault);
        let env = context.executor_env(ready.iter().map(|(target, _)| target));
        let apply = |(target, approved): (Target, Approved)| target.task(Apply { approved: Arc::new(approved) });
        let mut tasks: Vec<_> = ready.into_iter().map(apply).collect();
        fleet::group_by_site(&mut tasks);
        let work = Applying::new(env, vault, log.clone()).decided_by(counsel(context, self.yes)).in_groups(&tasks);
        let limits = Limits { max_failures: self.limits.max_failures - failed, ..self.limits };
        fleet::run(work, &tasks, limits, &context.cancel)
    }

    fn put_in_order(&self, outcomes: &mut [Outcome]) {
        let places: HashMap<&str, usize> =
            self.targets.iter().enumerate().map(|(place, target)| (target.intent.router.as_str(), place)).collect();
        outcomes.sort_by_key(|outcome| places.get(outcome.router.as_str()).copied());
    }
}

/// Whether to begin.
enum Begin {
    Yes(Vec<(Target, Approved)>),
    No(CauseRecord),
    TooManyFailures,
}

/// A router that was read and planned.
struct Ready {
    target: Target,
    observed: Observed,
    approved: Approved,
}

impl Ready {
    fn planned(&self) -> Planned {
        let result = Ok((self.approved.seen.clone(), self.approved.plan.clone()));
        Planned { intent: Arc::clone(&self.target.intent), read: None, base: None, result }
    }

    fn not_begun(&self, end: (State, CauseRecord)) -> Outcome {
        Outcome::without_a_session(&self.target.intent, self.approved.plan.commands.len(), end)
    }
}

/// A router that could not be read, or has moved on since its plan was kept.
struct Failed {
    intent: Arc<Intent>,
    state: State,
    cause: CauseRecord,
}

impl Failed {
    fn planned(&self) -> Planned {
        Planned {
            intent: Arc::clone(&self.intent),
            read: None,
            base: None,
            result: Err((self.state, self.cause.clone())),
        }
    }

    fn outcome(self) -> Outcome {
        Outcome::without_a_session(&self.intent, 0, (self.state, self.cause))
    }
}
