//! The work record of a run, put together from its evidence.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use super::router::{OfRun, TermsFrom, journal, part};
use super::step::Steps;
use super::{Depth, JournalPart, Moment, PlanMade, RouterPart, RunPart, SCHEMA, WorkRecord};
use crate::message::{Lang, Text};
use crate::record::{Kind, Order, Outcome, Stored};
use crate::report::who;
use crate::run::{Evidence, PlanOfRun};

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
    let of_run = OfRun { evidence, terms: terms(own) };
    let outcomes = &evidence.result.routers;
    let routers: Vec<RouterPart> = outcomes.iter().map(|outcome| make(&of_run, outcome)).collect::<Result<_, E>>()?;
    for one in &routers {
        *run.states.entry(one.end()).or_default() += 1;
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
    let mut part = RunPart {
        run: evidence.run.clone(),
        action: String::new(),
        by: String::new(),
        machine: String::new(),
        version: String::new(),
        inventory: String::new(),
        source: String::new(),
        begun: None,
        ended: ended.map(|stored| Moment::of_ms(stored.at_ms)),
        exit_of_run: evidence.result.exit,
        plan_sha256: evidence.result.plan_sha256.clone(),
        plan_made: evidence.plan.as_ref().and_then(plan_made),
        approvals: Vec::new(),
        states: BTreeMap::new(),
        steps: steps.into_steps(),
        journal: JournalPart { head: ended.map(|stored| stored.hash.clone()), ..journal(own) },
        faults: evidence.faults.clone(),
    };
    for stored in own {
        if let Some(Kind::Begun { action, by, machine, version, inventory, source, .. }) = &stored.record {
            part.begun = Some(Moment::of_ms(stored.at_ms));
            part.action.clone_from(action);
            part.by.clone_from(by);
            part.machine.clone_from(machine);
            part.version.clone_from(version);
            part.inventory.clone_from(inventory);
            part.source.clone_from(source);
        }
        part.approvals.extend(approval(stored, part.plan_sha256.as_deref()));
    }
    part
}

fn plan_made(plan: &PlanOfRun) -> Option<PlanMade> {
    let made = plan.made.as_ref()?;
    Some(PlanMade {
        by: made.by.clone(),
        machine: made.machine.clone(),
        at: made.at.clone(),
        playbook: plan.playbook.clone(),
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
            Some(match (policy.as_ref()?.asked, plan_sha256) {
                (true, _) => Text::new(
                    format!("{en} was shown the plan and answered the question with yes"),
                    format!("{ja} が計画の表示を確認し、質問に yes と回答"),
                ),
                (false, Some(sha256)) => Text::new(
                    format!("{en} approved the kept plan of SHA-256 {sha256} beforehand (--yes or its hash)"),
                    format!("{ja} が保存済みの計画(SHA-256 {sha256})を事前に承認(--yes またはハッシュ)"),
                ),
                (false, None) => Text::new(
                    format!("{en} approved it beforehand (--yes or the plan's hash)"),
                    format!("{ja} が事前に承認(--yes または計画のハッシュ)"),
                ),
            })
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
