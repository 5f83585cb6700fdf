//! The morning list: which routers need a person, at which clinic, what to do, and what to say on the phone.
//!
//! Read from the journal; the inventory of each run gives the clinic's name and telephone number, if it can still be read. No router is
//! met. A router that a process is working on now is not on the list: how it ends is not known yet, and no one has to do anything.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::error::RunError;
use crate::inventory::{self, Inventory, Personal, Site};
use crate::journal::{Journal, JournalError, RouterLock, RouterRun};
use crate::message::Text;
use crate::record::Advice;
use crate::state::State;
use crate::transaction::Power;

/// A router that needs a person.
#[derive(Debug, Clone)]
pub struct PersonNeeded {
    /// Its part in the run that left it.
    pub part: RouterRun,
    /// The state that it is in for a person: what was never ended is `lost`.
    pub state: State,
    /// The clinic.
    pub clinic: Clinic,
    /// What to do, and what to say.
    pub advice: Advice,
    /// What went wrong, in its own words; nothing where that was not recorded.
    pub cause: Option<Text>,
}

/// A clinic as it is called and called up. Personal data: it is shown because it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clinic {
    /// Its name in the inventory.
    pub site: String,
    /// Its name for people.
    pub title: Option<String>,
    /// How that is read, in kana.
    pub reading: Option<Personal>,
    /// Who answers there.
    pub phone: Option<Personal>,
    /// Where it is.
    pub address: Option<Personal>,
}

impl Clinic {
    /// What is known of a site.
    pub(super) fn of(inventory: Option<&Inventory>, name: &str) -> Self {
        let site = inventory.and_then(|inventory| inventory.sites.iter().find(|site| site.name.value == name));
        site.map_or_else(|| Self { site: name.to_owned(), ..Self::default() }, Self::of_site)
    }

    /// What is known of this site.
    pub(super) fn of_site(site: &Site) -> Self {
        Self {
            site: site.name.value.clone(),
            title: site.title.clone(),
            reading: site.reading.clone(),
            phone: site.phone.clone(),
            address: site.address.clone(),
        }
    }
}

/// What was left open.
#[derive(Debug, Clone, Default)]
pub struct LeftOpen {
    /// Parts whose end is not known, or that were left to a person.
    pub parts: Vec<RouterRun>,
    /// How many others have no end yet because a process is working on them now.
    pub in_progress: usize,
}

/// What runs left open, apart from what is in progress.
///
/// # Errors
/// When the journal cannot be read.
pub fn left_open(journal: &Journal) -> Result<LeftOpen, JournalError> {
    let is_in_progress =
        |part: &RouterRun| !part.ended && RouterLock::is_being_changed(journal.state_dir(), &part.router);
    let (in_progress, parts): (Vec<_>, Vec<_>) = journal.open_router_runs()?.into_iter().partition(is_in_progress);
    Ok(LeftOpen { parts, in_progress: in_progress.len() })
}

/// The routers that need a person, the most urgent first; clinics are looked up in this inventory, or in that of each run.
///
/// # Errors
/// When the journal cannot be read, or the inventory that was named. One of a run that cannot be read any more only leaves the clinics without
/// their names.
pub fn needs_person(journal: &Journal, inventory: Option<&Path>) -> Result<Vec<PersonNeeded>, RunError> {
    let mut inventories: HashMap<PathBuf, Option<Inventory>> = HashMap::new();
    if let Some(path) = inventory {
        inventories.insert(path.to_owned(), Some(inventory::load(path)?.0));
    }
    let mut found = Vec::new();
    for part in left_open(journal)?.parts {
        let path = match (inventory, journal.run_alone(&part.run)) {
            (Some(path), _) => path.to_owned(),
            (None, Ok(run)) => PathBuf::from(run.inventory),
            // A part is listed whatever is missing of its run.
            (None, Err(JournalError::NoRun { .. })) => PathBuf::new(),
            (None, Err(error)) => return Err(error.into()),
        };
        let known = inventories
            .entry(path)
            .or_insert_with_key(|path| inventory::load(path).ok().map(|(inventory, _)| inventory))
            .as_ref();
        let (state, Some(advice)) = advice_of(journal, &part)? else { continue };
        let cause = part.causes.first().map(|cause| cause.text.clone());
        found.push(PersonNeeded { state, clinic: Clinic::of(known, &part.site), advice, cause, part });
    }
    // Then clinic by clinic: who calls them finds one again.
    found.sort_by(|one, other| {
        let key = |one: &PersonNeeded| (urgency(one.state), one.clinic.site.clone(), one.part.router.clone());
        key(one).cmp(&key(other))
    });
    Ok(found)
}

/// The state that a part is in for a person, and what is to be done about it.
///
/// # Errors
/// When the journal cannot be read.
fn advice_of(journal: &Journal, part: &RouterRun) -> Result<(State, Option<Advice>), JournalError> {
    Ok(advice_for(part, journal.last_advice(part)?))
}

/// The same where this was said last about it.
pub(super) fn advice_for(part: &RouterRun, last: Option<Advice>) -> (State, Option<Advice>) {
    let state = if part.is_unfinished() { State::Lost } else { part.state.unwrap_or(State::Lost) };
    let power = if part.save_begun { Power::SaveBegun } else { Power::Unknown };
    (state, last.filter(|_| part.ended).or_else(|| Advice::of(state, power, Some(&part.run))))
}

/// A clinic whose router may carry half of a change comes first, one where someone else is at work last.
fn urgency(state: State) -> usize {
    match state {
        State::UndoFailed => 0,
        State::Lost => 1,
        _ => 2,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use super::{left_open, needs_person, urgency};
    use crate::journal::{Journal, RouterLock, RunLog, Sharing};
    use crate::record::{Ending, Kind, Outcome, Readers};
    use crate::state::State;

    #[test]
    fn what_may_be_half_a_change_comes_before_what_someone_else_does() {
        assert!(urgency(State::UndoFailed) < urgency(State::Lost) && urgency(State::Lost) < urgency(State::Mixed));
    }

    #[test]
    fn a_router_that_a_process_is_changing_is_no_ones_to_call_about_and_one_that_it_has_lost_is() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        // Of a run whose beginning is not there: its parts are listed all the same.
        let log = RunLog::of(Arc::clone(&journal), "20261129-010203-aaaa");
        let applying = |router: &str| {
            let ledger = log.router_journal(&Readers::default(), router, "s", 1);
            ledger.record(Kind::Moved { state: State::Applying }).unwrap();
            ledger
        };
        applying("r1");
        let lost = applying("r2");
        lost.record(Kind::Moved { state: State::Lost }).unwrap();
        lost.record(Kind::Ended(Box::new(Ending::of(&Outcome::new("r2", "s", State::Lost))))).unwrap();
        let held = ["r1", "r2"].map(|router| RouterLock::take(dir.path(), router, Sharing::Changing).unwrap());
        let named = || needs_person(&journal, None).unwrap().into_iter().map(|one| one.part.router).collect::<Vec<_>>();
        assert_eq!((named(), left_open(&journal).unwrap().in_progress), (vec!["r2".to_owned()], 1));
        drop(held);
        assert_eq!(named(), ["r1", "r2"]);
        let mistyped = dir.path().join("nosuch.yaml");
        assert!(
            needs_person(&journal, Some(&mistyped)).is_err(),
            "clinics without names are no answer to a typing error"
        );
    }
}
