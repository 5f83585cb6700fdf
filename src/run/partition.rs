//! Which routers are not changed after all: a box that is meant, or answers, under two names, and the rest of a site if one of its routers
//! cannot be changed.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::declared_boxes::DeclaredBoxes;
use super::reviewed_router::ReviewedRouter;
use super::target::{self, Target};
use crate::state::State;
use crate::transaction::{CauseRecord, ChangeError, FailedEnd, IdentityError, Intent, Outcome, TransactionError};

/// One box reached under two names is changed under neither but the first, and one that the inventory declares under that name alone.
pub(super) fn refuse_second_names(plans: &mut [ReviewedRouter], declared: &DeclaredBoxes) {
    let mut named: HashMap<String, String> = HashMap::new();
    for one in plans {
        let Ok(planned) = &one.result else { continue };
        let Some(number) = planned.identity.serial_number.clone() else { continue };
        let router = one.intent.router.clone();
        let other = declared.router_of(&number).filter(|other| *other != router).map(str::to_owned);
        if let Some(other) = other.or_else(|| named.get(&number).cloned()) {
            let cause = CauseRecord::of(&TransactionError::Identity(IdentityError::SameBox {
                router,
                other,
                serial_number: number,
            }));
            one.result = Err(FailedEnd { state: State::Refused, cause });
        } else {
            named.insert(number, router);
        }
    }
}

/// The routers that are dialled where one before them is, each with how it ends: one box would be changed under two names.
pub(super) fn second_names(targets: &[Target]) -> HashMap<String, FailedEnd> {
    let mut dialled: HashMap<String, &str> = HashMap::new();
    let mut ends = HashMap::new();
    for Target { intent, connector, .. } in targets {
        let Some(address) = connector.network_address() else { continue };
        match dialled.get(&address) {
            Some(other) => {
                let (router, other) = (intent.router.clone(), (*other).to_owned());
                let error = IdentityError::SameAddress { router: router.clone(), other, address };
                let cause = CauseRecord::of(&TransactionError::Identity(error));
                ends.insert(router, FailedEnd { state: State::Refused, cause });
            }
            None => drop(dialled.insert(address, &intent.router)),
        }
    }
    ends
}

/// Excludes the routers of a site where another router failed, or takes no part: a site changes together or not at all.
pub(super) fn exclude_incomplete_sites(targets: &[Target], plans: &mut [ReviewedRouter], without: &[Outcome]) {
    let failed = plans.iter().filter(|one| one.result.is_err());
    let failed: HashSet<&str> = failed.map(|one| one.intent.router.as_str()).collect();
    let mut because: HashMap<String, String> = HashMap::new();
    for site in target::by_site(targets) {
        let Some(other) = site.iter().find(|target| failed.contains(target.intent.router.as_str())) else { continue };
        because.extend(site.iter().map(|target| (target.intent.router.clone(), other.intent.router.clone())));
    }
    for one in plans.iter_mut().filter(|one| one.result.is_ok()) {
        let own = because.remove(&one.intent.router).map(|other| not_without(&one.intent.router, other));
        if let Some(end) = own.or_else(|| left_out(&one.intent, without)) {
            one.result = Err(end);
        }
    }
}

/// The routers among those `left` whose site has one that is `settled`: its part is over, or not known, and it is not begun with them; each
/// with that other one.
pub(super) fn parted_from_their_site<'a>(
    targets: &'a [Target],
    left: &BTreeSet<String>,
    settled: &BTreeSet<String>,
) -> Vec<(&'a Target, FailedEnd)> {
    let mut parted = Vec::new();
    for site in target::by_site(targets) {
        let Some(other) = site.iter().find(|target| settled.contains(&target.intent.router)) else { continue };
        let others = site.iter().filter(|target| left.contains(&target.intent.router));
        parted.extend(others.map(|target| (*target, not_without(&target.intent.router, other.intent.router.clone()))));
    }
    parted
}

/// How a router ends whose site has one that takes no part in this run, such as one that an earlier run left unfinished: it excludes its
/// site all the same.
pub(super) fn left_out(intent: &Intent, without: &[Outcome]) -> Option<FailedEnd> {
    let other = without.iter().rev().find(|outcome| outcome.site == intent.site)?;
    Some(not_without(&intent.router, other.router.clone()))
}

/// How a router ends that is not changed because another one of its site is not.
pub(super) fn not_without(router: &str, other: String) -> FailedEnd {
    let error = TransactionError::Change(ChangeError::Site { router: router.to_owned(), other });
    FailedEnd { state: State::NotStarted, cause: CauseRecord::of(&error) }
}
