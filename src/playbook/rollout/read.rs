//! Reading `rollout:` of a playbook. Everything that is wrong with it by itself is found here; what an inventory does not have, in
//! `judge`.

use super::Rollout;
use super::budget::{Budget, read_budgets, read_tolerance};
use super::hold::read_hold;
use super::matching::Mention;
use super::retry::read_retry;
use super::shares::{ReadGroups, named_hosts, read_concurrency, read_groups, read_jump_hosts};
use super::step::{Step, read_canary, read_step};
use crate::inventory::Diagnostic;
use crate::inventory::duration;
use crate::inventory::yaml::Field;
use crate::playbook::finding::RolloutFinding;

/// The most steps of a rollout.
pub(super) const MOST_STEPS: usize = 100;

/// Reads `rollout:`.
pub(in crate::playbook) fn read_rollout(field: &Field<'_>) -> Rollout {
    let mut rollout = Rollout::default();
    let Some(mut table) = field.table("the rollout", "展開方法") else { return rollout };
    if let Some(most) = table.get("concurrency").and_then(|f| read_concurrency(&f)) {
        rollout.concurrency = most;
    }
    rollout.max_failures = table.get("max_failures").and_then(|f| read_tolerance(&f));
    rollout.budgets = table.get("budgets").map(|f| read_budgets(&f)).unwrap_or_default();
    if let Some(field) = table.get("groups") {
        let ReadGroups { shares, mentions } = read_groups(&field);
        (rollout.groups, rollout.mentions) = (shares, mentions);
    }
    if let Some(field) = table.get("jump_hosts") {
        rollout.jump_hosts = read_jump_hosts(&field);
        rollout.named_hosts = named_hosts(&field);
    }
    let logins = table.get("logins_per_second").and_then(|f| f.integer(1, 1000));
    rollout.logins_per_second = logins.and_then(|most| u32::try_from(most).ok());
    rollout.needed_time = table.get("needed_time").and_then(|f| duration(&f));
    rollout.retry = table.get("retry").and_then(|f| read_retry(&f));
    if let Some(field) = table.get("hold") {
        rollout.hold = read_hold(&field);
        warn_of_unreached_hold(&rollout, &field);
    }
    let mut steps: Vec<Written<'_>> = Vec::new();
    if let Some(field) = table.get("canary") {
        steps.extend(read_canary(&field).map(|step| Written { step, field }));
    }
    let list = table.get("steps").map(|f| (f.list(), f));
    if let Some((list, field)) = list {
        if list.len() > MOST_STEPS {
            field.report(field.key_error(&RolloutFinding::TooManySteps { most: MOST_STEPS }));
        }
        for field in list.into_iter().take(MOST_STEPS) {
            let Some(read) = read_step(&field) else { continue };
            rollout.mentions.extend::<Vec<Mention>>(read.mentions);
            steps.push(Written { step: read.step, field });
        }
    }
    table.finish();
    refuse_contradictions(&steps);
    warn_of_unreached(&rollout, &steps);
    rollout.place = Some(field.located(()));
    rollout.steps = steps.into_iter().map(|written| written.step).collect();
    rollout
}

/// A step and where it is written.
struct Written<'a> {
    step: Step,
    field: Field<'a>,
}

/// Two steps of one name, a step behind the one that takes the rest, more than all of the same sites.
fn refuse_contradictions(steps: &[Written<'_>]) {
    for (number, Written { step, field }) in steps.iter().enumerate() {
        let before = steps.get(..number).unwrap_or_default();
        if before.iter().any(|other| other.step.name == step.name) {
            field.refuse(&RolloutFinding::SameName { name: step.name.clone() });
        }
        let all = before.iter().find(|other| other.step.fits.takes_all_of(&step.fits));
        if let Some(all) = all {
            let (name, other) = (step.name.clone(), all.step.name.clone());
            field.refuse(&RolloutFinding::MatchesNothing { name, other });
        }
        let same = before.iter().filter(|other| other.step.fits.criteria == step.fits.criteria);
        let asked: u32 = same.filter_map(|other| other.step.fits.percent()).sum();
        if let Some(sum) = step.fits.percent().map(|own| own + asked).filter(|sum| *sum > 100) {
            field.refuse(&RolloutFinding::OverAHundred { name: step.name.clone(), sum });
        }
    }
}

/// Limits of a step that those of the run never let it reach.
fn warn_of_unreached(rollout: &Rollout, steps: &[Written<'_>]) {
    for Written { step, field } in steps {
        let name = || step.name.clone();
        if let Some(own) = step.concurrency.filter(|own| *own > rollout.concurrency) {
            let run = rollout.concurrency;
            warn(field, &RolloutFinding::ConcurrencyUnreached { name: name(), own, run });
        }
        if let (Some(Budget::Routers(own)), Some(Budget::Routers(run))) = (step.max_failures, rollout.max_failures)
            && own > run
        {
            warn(field, &RolloutFinding::FailuresUnreached { name: name(), own, run });
        }
    }
}

/// Failures that would hold a group, where the run ends before, or with the same one.
fn warn_of_unreached_hold(rollout: &Rollout, field: &Field<'_>) {
    if let (Some(own), Some(Budget::Routers(run))) = (rollout.hold.least(), rollout.max_failures)
        && own >= run
    {
        warn(field, &RolloutFinding::HoldUnreached { own, run });
    }
}

fn warn(field: &Field<'_>, finding: &RolloutFinding) {
    field.report(Diagnostic::warning(finding).at(field.place(), field.path()));
}
