//! Which routers that were read are not changed after all: a box that answers under two names, and the rest of a site if one of
//! its routers cannot be changed.

use std::collections::{HashMap, HashSet};

use super::target::{self, Target};
use crate::state::State;
use crate::transaction::{CauseRecord, ChangeError, FailedEnd, IdentityError, Outcome, PlanResult, TransactionError};

/// One box reached under two names is changed under neither but the first.
pub(super) fn refuse_second_names(plans: &mut [PlanResult]) {
    let mut named: HashMap<String, String> = HashMap::new();
    for one in plans {
        let Ok(planned) = &one.result else { continue };
        let Some(number) = planned.observed.identity.serial_number.clone() else { continue };
        let router = one.intent.router.clone();
        if let Some(other) = named.get(&number).cloned() {
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

/// Excludes the routers of a site where another router failed, or is unfinished: a site changes together or not at all.
pub(super) fn exclude_incomplete_sites(targets: &[Target], plans: &mut [PlanResult], unfinished: &[Outcome]) {
    let failed = plans.iter().filter(|one| one.result.is_err());
    let failed: HashSet<&str> = failed.map(|one| one.intent.router.as_str()).collect();
    let mut because: HashMap<String, String> = HashMap::new();
    for site in target::by_site(targets) {
        let Some(other) = site.iter().find(|target| failed.contains(target.intent.router.as_str())) else { continue };
        because.extend(site.iter().map(|target| (target.intent.router.clone(), other.intent.router.clone())));
    }
    // A router that an earlier run left unfinished takes no part in this run, and excludes its site all the same.
    let open: HashMap<&str, &str> =
        unfinished.iter().map(|outcome| (outcome.site.as_str(), outcome.router.as_str())).collect();
    for one in plans.iter_mut().filter(|one| one.result.is_ok()) {
        let open = || open.get(one.intent.site.as_str()).map(|router| (*router).to_owned());
        if let Some(other) = because.remove(&one.intent.router).or_else(open) {
            let cause = CauseRecord::of(&TransactionError::Change(ChangeError::Site {
                router: one.intent.router.clone(),
                other,
            }));
            one.result = Err(FailedEnd { state: State::NotStarted, cause });
        }
    }
}
