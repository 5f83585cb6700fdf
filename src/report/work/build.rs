//! The work record of a run, put together from its evidence.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use super::kept::sha256_of_all;
use super::router::{Anew, OfRun, TermsFrom, journal, part};
use super::step::Steps;
use super::{Depth, JournalPart, Moment, PlanMade, RouterPart, RunPart, SCHEMA, WorkRecord};
use crate::message::{Lang, Text};
use crate::record::{Kind, Order, Outcome, Policy, RunTimes, Stored};
use crate::report::who;
use crate::run::{Evidence, PlanOfRun};
use crate::window::Zone;

impl WorkRecord {
    /// What the evidence says.
    pub fn of(evidence: &Evidence) -> Self {
        Self::of_records(evidence, &evidence.records)
    }

    /// The same where the evidence is not needed any more: of thousands of routers the records of each go as soon as its part is made.
    pub fn made_of(mut evidence: Evidence) -> Self {
        let records = std::mem::take(&mut evidence.records);
        Self::of_records(&evidence, records)
    }

    fn of_records<S: Borrow<Stored>>(evidence: &Evidence, records: impl IntoIterator<Item = S>) -> Self {
        let mut own: Vec<S> = Vec::new();
        let mut of_routers: HashMap<String, Vec<S>> = HashMap::new();
        for stored in records {
            let router = stored.borrow().router.as_str();
            match of_routers.get_mut(router) {
                _ if router.is_empty() => own.push(stored),
                Some(known) => known.push(stored),
                None => drop(of_routers.insert(router.to_owned(), vec![stored])),
            }
        }
        let own: Vec<&Stored> = own.iter().map(Borrow::borrow).collect();
        let Ok(record) = put_together(evidence, &own, |of_run, outcome| {
            let records = of_routers.remove(&outcome.router).unwrap_or_default();
            let records: Vec<&Stored> = records.iter().map(Borrow::borrow).collect();
            Ok::<_, Infallible>(part(of_run, outcome, &records))
        });
        record
    }

    /// The same where the evidence does not hold the records of routers, since there are many: they are read one router after the other.
    ///
    /// # Errors
    /// That of reading.
    pub fn of_many<E>(
        evidence: &Evidence,
        depth: Depth,
        mut read: impl FnMut(&str) -> Result<Vec<Stored>, E>,
    ) -> Result<Self, E> {
        let own: Vec<&Stored> = evidence.records.iter().collect();
        put_together(evidence, &own, |of_run, outcome| {
            let records = read(&outcome.router)?;
            let part = part(of_run, outcome, &records.iter().collect::<Vec<_>>());
            Ok(match depth {
                Depth::Whole => part,
                Depth::Rows => part.into_row(),
            })
        })
    }
}

/// The record, with the part that is made of each router.
fn put_together<E>(
    evidence: &Evidence,
    own: &[&Stored],
    mut make: impl FnMut(&OfRun<'_>, &Outcome) -> Result<RouterPart, E>,
) -> Result<WorkRecord, E> {
    let mut run = run_part(evidence, own);
    let anew = Anew::of(evidence, &run);
    let of_run = OfRun { evidence, terms: terms(own), anew };
    let outcomes = &evidence.result.routers;
    let routers: Vec<RouterPart> = outcomes.iter().map(|outcome| make(&of_run, outcome)).collect::<Result<_, E>>()?;
    for one in &routers {
        *run.states.entry(one.end()).or_default() += 1;
    }
    if run.plan_sha256.is_none() {
        run.made_plans_sha256 = sha256_of_all(&routers);
    }
    Ok(WorkRecord { schema: SCHEMA, run, routers, is_detailed: evidence.is_detailed() })
}

/// Who carried the run out, and what it was allowed, each from a record on; what goes on without terms of its own keeps the earlier ones.
fn terms<'r>(own: &[&'r Stored]) -> Vec<TermsFrom<'r>> {
    let mut all: Vec<TermsFrom<'r>> = Vec::new();
    for stored in own {
        if let Some(Kind::Begun { by, machine, policy, .. } | Kind::Continued { by, machine, policy, .. }) =
            &stored.record
        {
            let before = all.last().and_then(|terms| terms.policy);
            let (number, who) = (stored.number, who(by, machine, Lang::En));
            all.push(TermsFrom { number, who, policy: policy.as_ref().or(before) });
        }
    }
    all
}

fn run_part(evidence: &Evidence, own: &[&Stored]) -> RunPart {
    let mut steps = Steps::default();
    own.iter().for_each(|stored| steps.take(stored));
    let ended = own.iter().rev().find(|stored| matches!(stored.record, Some(Kind::RunEnded { .. })));
    let ended = ended.filter(|_| evidence.result.exit.is_some());
    let mut times = RunTimes::default();
    own.iter().for_each(|stored| stored.record.iter().for_each(|kind| times.take(stored.at_ms, kind)));
    let mut part = RunPart {
        run: evidence.run.clone(),
        action: String::new(),
        by: String::new(),
        machine: String::new(),
        version: String::new(),
        inventory: String::new(),
        source: String::new(),
        title: None,
        ordered: times.ordered_ms.map(Moment::of_ms),
        begun: times.begun_ms.map(Moment::of_ms),
        ended: ended.map(|stored| Moment::of_ms(stored.at_ms)),
        exit_of_run: evidence.result.exit,
        plan_sha256: evidence.result.plan_sha256.clone(),
        made_plans_sha256: None,
        plan_made: evidence.plan.as_ref().and_then(plan_made),
        approvals: Vec::new(),
        states: BTreeMap::new(),
        steps: steps.into_steps(),
        journal: JournalPart { head: ended.map(|stored| stored.hash.clone()), ..journal(own) },
        faults: evidence.faults.clone(),
    };
    for stored in own {
        if let Some(Kind::Begun { action, by, machine, version, inventory, source, title, policy, .. }) = &stored.record
        {
            // One that was asked about at a terminal rests on the plan that was shown, which is kept with it.
            let kept = policy.as_ref().and_then(|policy| policy.kept_sha256.clone());
            part.plan_sha256 = part.plan_sha256.take().or(kept);
            part.action.clone_from(action);
            part.by.clone_from(by);
            part.machine.clone_from(machine);
            part.version.clone_from(version);
            part.inventory.clone_from(inventory);
            part.source.clone_from(source);
            part.title.clone_from(title);
        }
        part.approvals.extend(approval(stored, part.plan_sha256.as_deref()));
    }
    // Earlier versions recorded it with the kept plan alone.
    part.title = part.title.take().or_else(|| part.plan_made.as_ref()?.title.clone());
    part
}

fn plan_made(plan: &PlanOfRun) -> Option<PlanMade> {
    let made = plan.made.as_ref()?;
    Some(PlanMade {
        by: made.by.clone(),
        machine: made.machine.clone(),
        at: made.at.clone(),
        title: made.title.clone(),
        // Its file, as in the work plan; the form of 0.1.0 has its name alone.
        playbook: if made.playbook.is_empty() { plan.playbook.clone() } else { made.playbook.clone() },
        reason: made.reason.clone(),
    })
}

/// Who approved something, and how; nothing for records that approve nothing.
fn approval(stored: &Stored, plan_sha256: Option<&str>) -> Option<Text> {
    let named = |by: &str, machine: &str| {
        let [en, ja] = [Lang::En, Lang::Ja].map(|lang| who(by, machine, lang));
        (en, ja)
    };
    match stored.record.as_ref()? {
        Kind::Begun { by, machine, policy, .. } => {
            let (en, ja) = named(by, machine);
            Some(approved(policy.as_ref()?, plan_sha256, &Text { en, ja }))
        }
        Kind::Continued { by, machine, routers, .. } => {
            let (en, ja) = named(by, machine);
            let count = routers.len();
            Some(Text::new(
                format!("{en} approved that it goes on with {count} router(s)"),
                format!("{ja} が {count} 台での続行を承認"),
            ))
        }
        Kind::Ordered { order: Order::Continue, by, machine } => {
            let (en, ja) = named(by, machine);
            Some(Text::new(format!("{en} said that it goes on"), format!("{ja} が続行を指示")))
        }
        _ => None,
    }
}

/// That this person approved the plan of a run, and how.
fn approved(policy: &Policy, plan_sha256: Option<&str>, who: &Text) -> Text {
    let Text { en, ja } = who;
    let plan = plan_sha256.map_or_else(
        || Text::new("", ""),
        |sha256| Text::new(format!(" of SHA-256 {sha256}"), format!("(SHA-256 {sha256})")),
    );
    if !policy.asked {
        return Text::new(
            format!("{en} approved the plan{} beforehand (--yes or its hash)", plan.en),
            format!("{ja} が計画{}を事前に承認(--yes またはハッシュ)", plan.ja),
        );
    }
    let answered = policy.answered_at.as_deref().and_then(Moment::read).map(|at| at.in_zone(&Zone::default()));
    let Some(at) = answered else {
        return Text::new(
            format!("{en} was shown the plan{} and answered the question with yes", plan.en),
            format!("{ja} が計画{}の表示を確認し、質問に yes と回答", plan.ja),
        );
    };
    Text::new(
        format!(
            "{en} was shown the plan{} and answered the question with yes at {at}; the run was carried out without a terminal (--detach)",
            plan.en
        ),
        format!(
            "{ja} が計画{}の表示を確認し、{at} に質問に yes と回答。実行は端末から切り離して実施(--detach)",
            plan.ja
        ),
    )
}
