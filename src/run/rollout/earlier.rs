//! What failed before a run begins, as its steps and groups count it: a router that could not be read, or that an earlier run left
//! unfinished, takes no part, and its failure is one of its run all the same.

use std::collections::HashMap;

use super::planned::GroupPlan;
use super::{Member, RunRollout};
use crate::fleet::Earlier;
use crate::run::reviewed_router::ReviewedRouter;
use crate::state::FailureClass;
use crate::transaction::Outcome;

/// A router that failed before its run began.
pub(in crate::run) struct FailedBefore<'a> {
    router: &'a str,
    class: FailureClass,
}

impl<'a> FailedBefore<'a> {
    /// A router that ended before, where it failed by itself.
    pub(in crate::run) fn of(outcome: &'a Outcome) -> Option<Self> {
        Some(Self { router: &outcome.router, class: outcome.failure_class()? })
    }

    /// A router without a plan, likewise.
    pub(in crate::run) fn unplanned(one: &'a ReviewedRouter) -> Option<Self> {
        Some(Self { router: &one.intent.router, class: one.result.as_ref().err()?.failure_class()? })
    }
}

impl RunRollout {
    /// Failures from before a run, each with the step and the groups that its router would be in if it took part. `everyone` are all routers
    /// of the run, those included, each with its firmware as far as that is known.
    pub(in crate::run) fn earlier(&self, everyone: &[Member], failed: &[FailedBefore<'_>]) -> Vec<Earlier> {
        if failed.is_empty() {
            return Vec::new();
        }
        let plan = self.plan(everyone);
        let places: HashMap<&str, usize> =
            everyone.iter().enumerate().map(|(place, member)| (member.router.as_str(), place)).collect();
        let count = |FailedBefore { router, class }: &FailedBefore<'_>| {
            let place = places.get(router);
            // Members are in the order of the routers.
            let is_in = |members: &[usize]| place.is_some_and(|place| members.binary_search(place).is_ok());
            Earlier {
                class: *class,
                step: plan.steps.iter().position(|step| is_in(&step.members)),
                groups: plan.groups.iter().filter(|group| is_in(&group.members)).map(GroupPlan::of).collect(),
            }
        };
        failed.iter().map(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::FailedBefore;
    use crate::fleet::{Earlier, Trait};
    use crate::playbook::rollout::{Amount, Budgets, Criterion, Match, Property, Rollout, Share, SiteTraits, Step};
    use crate::run::rollout::{Member, RunRollout};
    use crate::state::FailureClass;

    #[test]
    fn a_router_that_failed_before_counts_in_the_step_and_the_groups_that_it_would_be_in() {
        let member = |name: &str| Member { router: name.to_owned(), site: name.to_owned(), ..Member::default() };
        let everyone: Vec<Member> = ["a", "b", "c"].map(member).into();
        let in_west = |name: &str| {
            let groups = vec!["west".to_owned()];
            (name.to_owned(), SiteTraits { name: name.to_owned(), groups, ..SiteTraits::default() })
        };
        let west =
            Share { of: "west".to_owned(), concurrency: Some(5), max_failures: None, budgets: Budgets::default() };
        let canary = Match { amount: Amount::Count(2), ..Match::default() };
        let rollout = Rollout { steps: vec![Step::new("canary", canary)], groups: vec![west], ..Rollout::default() };
        let rollout = RunRollout { rollout, sites: HashMap::from([in_west("b"), in_west("c")]) };
        let failed = ["b", "c"].map(|router| FailedBefore { router, class: FailureClass::Drifted });
        let of_step = |step| Earlier {
            class: FailureClass::Drifted,
            step: Some(step),
            groups: vec![Trait::Group("west".to_owned())],
        };
        assert_eq!(rollout.earlier(&everyone, &failed), [of_step(0), of_step(1)]);
        assert_eq!(rollout.earlier(&everyone, &[]), []);
    }

    #[test]
    fn it_counts_in_the_step_of_the_firmware_that_it_is_known_to_run() {
        let member = |(name, firmware): (&str, Option<&str>)| Member {
            router: name.to_owned(),
            site: name.to_owned(),
            firmware: firmware.map(str::to_owned),
            ..Member::default()
        };
        let is_old = Criterion { property: Property::Firmware, patterns: vec!["10.7.*".to_owned()] };
        let old = Step::new("old", Match { criteria: vec![is_old], ..Match::default() });
        let rollout = RunRollout { rollout: Rollout { steps: vec![old], ..Rollout::default() }, sites: HashMap::new() };
        let failed = [FailedBefore { router: "b", class: FailureClass::Lost }];
        let step = |firmware| {
            let everyone: Vec<Member> = [("a", Some("10.8.1")), ("b", firmware)].map(member).into();
            rollout.earlier(&everyone, &failed).first().and_then(|one| one.step)
        };
        assert_eq!([step(Some("10.7.18")), step(Some("10.8.1")), step(None)], [Some(0), Some(1), Some(1)]);
    }
}
