//! Cohorts: routers that have something in common (a model, a firmware, a jump host, a credential, a group of the rules). How many are
//! in flight, how they ended, and whether the others are held for it while the rest of the run goes on.

use std::collections::HashMap;
use std::time::Duration;

use super::budgets::Budgets;
use super::decision::{Hold, HoldReason};
use super::gathering::{Blame, Failure, Tally};
use super::suspects::Suspects;
use crate::fleet::needs::Trait;
use crate::fleet::rules::{GroupRules, HoldRules};
use crate::state::FailureClass;

/// How many tasks a hold names at most.
pub(super) const NAMED: usize = 8;

/// Routers that have something in common.
#[derive(Debug)]
pub(super) struct Cohort {
    what: Trait,
    /// Tasks in it.
    size: usize,
    /// Sites of it that may be in flight.
    concurrency: Option<usize>,
    budgets: Budgets,
    /// Sites of it in flight, and inspections.
    pub(super) in_flight: usize,
    /// Tasks of it in flight.
    pub(super) users: usize,
    tally: Tally,
    /// Refusals of its password, in a row.
    wrong_passwords: usize,
    /// Its password has let us in, as an end said.
    proven: bool,
    /// The same as a task said that is still in flight: others of a site that has begun need not wait for its end.
    let_in: bool,
    /// Tasks in flight whose routers have not let them in yet.
    trying: usize,
    /// Tasks that failed, for a person.
    tasks: Vec<usize>,
    /// The longest that a site of it took.
    slowest: Option<Duration>,
    held: Option<Hold>,
}

/// The cohorts of a run, by number.
#[derive(Debug, Default)]
pub(super) struct Cohorts {
    all: Vec<Cohort>,
    numbers: HashMap<Trait, u32>,
    suspects: Suspects,
    /// Of how many tasks' routers it is known which one they are of, by the word for what they have in common.
    known: HashMap<&'static str, usize>,
}

impl Cohorts {
    /// The cohort of this trait, with one more task.
    pub(super) fn joined(&mut self, what: Trait) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(what.clone()).or_insert(next);
        if number == next {
            self.all.push(Cohort::new(what.clone()));
        }
        *self.known.entry(what.what()).or_default() += 1;
        if let Some(cohort) = self.of_mut(number) {
            cohort.size += 1;
        }
        number
    }

    /// One task was found not to be of this cohort.
    pub(super) fn left(&mut self, number: u32) {
        let Some(cohort) = self.of_mut(number) else { return };
        cohort.size = cohort.size.saturating_sub(1);
        let what = cohort.what.what();
        self.known.entry(what).and_modify(|known| *known = known.saturating_sub(1));
    }

    /// Whether it is that of a firmware.
    pub(super) fn is_firmware(&self, number: u32) -> bool {
        self.of(number).is_some_and(|cohort| matches!(cohort.what, Trait::Firmware(_)))
    }

    /// The number of the cohort of this trait, where there is one.
    pub(super) fn number(&self, what: &Trait) -> Option<u32> {
        self.numbers.get(what).copied()
    }

    /// Limits a cohort as the rules say.
    pub(super) fn limit(&mut self, rules: &GroupRules) {
        if let Some(cohort) = self.number(&rules.of).and_then(|number| self.of_mut(number)) {
            cohort.concurrency = rules.concurrency;
            cohort.budgets = Budgets::new(&rules.budgets);
        }
    }

    pub(super) fn of(&self, number: u32) -> Option<&Cohort> {
        self.all.get(usize::try_from(number).ok()?)
    }

    pub(super) fn of_mut(&mut self, number: u32) -> Option<&mut Cohort> {
        self.all.get_mut(usize::try_from(number).ok()?)
    }

    /// Why one of these is held, if one is.
    pub(super) fn hold(&self, numbers: &[u32]) -> Option<&Hold> {
        numbers.iter().find_map(|number| self.of(*number)?.held.as_ref())
    }

    /// Lines that nothing explains appeared on the router of a task; the holds that begin with it. Of one whose firmware was learned both
    /// kinds count: the one that it is, and the one that it was taken for, as which others wait.
    pub(super) fn note_lines(&mut self, numbers: &[u32], number: usize, lines: &[String]) -> Vec<Hold> {
        let is_kind = |one: &u32| self.of(*one).is_some_and(|cohort| matches!(cohort.what, Trait::Kind(_)));
        let kinds: Vec<u32> = numbers.iter().copied().filter(is_kind).collect();
        let mut holds = Vec::new();
        for kind in kinds {
            self.suspects.note(kind, number, lines.to_vec());
            let Some((line, tasks)) = self.suspects.held(kind) else { continue };
            let (why, tasks) = (HoldReason::Line(line.to_owned()), tasks.iter().copied().collect());
            holds.extend(self.of_mut(kind).and_then(|cohort| cohort.begin_hold(why, tasks)));
        }
        holds
    }

    /// A router's password was refused; the hold that begins with it.
    pub(super) fn note_wrong_password(&mut self, numbers: &[u32], rules: &HoldRules, number: usize) -> Option<Hold> {
        let cohort = self.declared_credential(numbers)?;
        cohort.wrong_passwords += 1;
        cohort.remember(number);
        let enough = cohort.wrong_passwords >= rules.wrong_passwords.max(1);
        enough.then(|| cohort.begin_hold(HoldReason::WrongPassword, cohort.tasks.clone())).flatten()
    }

    /// A router's password let us in: that of the credential which is known to have done so, else the declared one.
    pub(super) fn note_right_password(&mut self, numbers: &[u32], learned: &[Trait]) {
        let used = learned.iter().find(|one| matches!(one, Trait::Credential(_)));
        let cohort = match used.and_then(|used| self.number(used)) {
            Some(number) => self.of_mut(number),
            None => self.declared_credential(numbers),
        };
        if let Some(cohort) = cohort {
            (cohort.wrong_passwords, cohort.proven) = (0, true);
        }
    }

    /// A task in flight tries the password of its router from now on, or does so no longer.
    pub(super) fn note_trying(&mut self, numbers: &[u32], tries: bool) {
        if let Some(cohort) = self.declared_credential(numbers) {
            cohort.trying = if tries { cohort.trying + 1 } else { cohort.trying.saturating_sub(1) };
        }
    }

    /// The router of a task in flight took a password: that of this credential, else the declared one.
    pub(super) fn note_login(&mut self, numbers: &[u32], credential: Option<&str>) {
        let cohort = match credential {
            Some(name) => self.number(&Trait::Credential(name.to_owned())).and_then(|number| self.of_mut(number)),
            None => self.declared_credential(numbers),
        };
        if let Some(cohort) = cohort {
            cohort.let_in = true;
        }
    }

    /// Whether the password of a router with these may be tried on one more now. One that has let no one in yet is tried on so many at once,
    /// also within a site.
    pub(super) fn may_try_password(&self, numbers: &[u32], rules: &HoldRules) -> bool {
        let cohort = self.credential_among(numbers).and_then(|number| self.of(number));
        cohort.is_none_or(|cohort| cohort.let_in || cohort.most_tries(rules).is_none_or(|most| cohort.trying < most))
    }

    /// The credential that a router was declared with: it was joined first.
    fn declared_credential(&mut self, numbers: &[u32]) -> Option<&mut Cohort> {
        let credential = self.credential_among(numbers)?;
        self.of_mut(credential)
    }

    fn credential_among(&self, numbers: &[u32]) -> Option<u32> {
        let is_credential = |one: &u32| self.of(*one).is_some_and(|cohort| matches!(cohort.what, Trait::Credential(_)));
        numbers.iter().copied().find(is_credential)
    }

    /// A router of these cohorts ended, and how; the holds that begin with it. What all routers of a run have in common, as far as it
    /// is known of them, is no cohort among others: its failures are the run's.
    pub(super) fn note_end(
        &mut self,
        numbers: &[u32],
        failure: Option<&Failure<'_>>,
        rules: &HoldRules,
        tasks: usize,
    ) -> Vec<Hold> {
        let mut holds = Vec::new();
        for number in numbers {
            let is_one_of_several = self.is_one_of_several(*number, tasks);
            let Some(cohort) = self.of_mut(*number) else { continue };
            cohort.tally.note(failure);
            if let Some(failure) = failure {
                holds.extend(cohort.note_failure(failure, rules, is_one_of_several));
            }
        }
        if let Some(failure) = failure {
            holds.extend(self.note_gathering(numbers, failure, rules, tasks));
        }
        holds
    }

    /// Failures gather in some of these; the holds that begin with it. Where they gather in several, that one is held which explains them
    /// best, and what a held one explains is no reason to hold another: its other routers have not met it.
    fn note_gathering(&mut self, numbers: &[u32], failure: &Failure<'_>, rules: &HoldRules, tasks: usize) -> Vec<Hold> {
        let mut best_first: Vec<(u32, Blame)> =
            numbers.iter().filter_map(|number| Some((*number, self.blame(*number, tasks)?))).collect();
        best_first.sort_by(|(_, one), (_, other)| one.order(*other));
        let mut holds = Vec::new();
        for (number, blame) in best_first {
            let explains = |other: u32| {
                let better = || self.blame(other, tasks).is_some_and(|other| other.order(blame).is_lt());
                other != number && self.hold(&[other]).is_some() && better()
            };
            let gathers = |cohort: &Cohort| match (failure.class, rules.gathered.of(&cohort.what)?.max(1)) {
                (FailureClass::Occupied, _) => None,
                (FailureClass::Unreachable, enough) => {
                    Some(matches!(cohort.what, Trait::JumpHost(_)) && cohort.tally.leads_nowhere(enough))
                }
                (_, enough) => Some(cohort.tally.has_gathered(enough, rules.share, explains)),
            };
            let is_free = |cohort: &&Cohort| cohort.held.is_none() && self.is_one_of_several(number, tasks);
            if self.of(number).filter(is_free).and_then(gathers) == Some(true) {
                let why = HoldReason::Gathered(failure.cause.map(str::to_owned));
                holds.extend(self.of_mut(number).and_then(|cohort| cohort.begin_hold(why, cohort.tasks.clone())));
            }
        }
        holds
    }

    /// How well a cohort explains failures.
    fn blame(&self, number: u32, tasks: usize) -> Option<Blame> {
        let cohort = self.of(number)?;
        // A router whose firmware, model or kind is not known yet may belong to this cohort.
        Some(cohort.tally.blame(cohort.size + tasks - self.everyone(cohort, tasks)))
    }

    /// How many of the tasks are known to belong to some cohort of this sort.
    fn everyone(&self, cohort: &Cohort, tasks: usize) -> usize {
        match cohort.what {
            Trait::Kind(_) | Trait::Model(_) | Trait::Firmware(_) => {
                self.known.get(cohort.what.what()).map_or(0, |known| (*known).min(tasks))
            }
            Trait::JumpHost(_) | Trait::Credential(_) | Trait::Group(_) => tasks,
        }
    }

    /// Whether a cohort is one among others. As long as no other is known it is not; what failed counts when one is.
    fn is_one_of_several(&self, number: u32, tasks: usize) -> bool {
        self.of(number).is_some_and(|cohort| cohort.size != self.everyone(cohort, tasks))
    }

    /// A router of this group failed before the run; the hold that begins with it.
    pub(super) fn note_earlier(&mut self, group: &Trait, class: FailureClass) -> Option<Hold> {
        let cohort = self.number(group).and_then(|number| self.of_mut(number))?;
        cohort.budgets.note(class)?;
        cohort.begin_hold(HoldReason::UsedUp(class), Vec::new())
    }

    /// Records how long a site took.
    pub(super) fn note_time(&mut self, numbers: &[u32], took: Duration) {
        for number in numbers {
            if let Some(cohort) = self.of_mut(*number) {
                cohort.slowest = cohort.slowest.max(Some(took));
            }
        }
    }

    /// The slowest site of the same kind, if one has ended.
    pub(super) fn slowest(&self, numbers: &[u32]) -> Option<Duration> {
        let of_kind = |number: &u32| self.of(*number).filter(|cohort| matches!(cohort.what, Trait::Kind(_)))?.slowest;
        numbers.iter().find_map(of_kind)
    }
}

impl Cohort {
    fn new(what: Trait) -> Self {
        Self {
            what,
            size: 0,
            concurrency: None,
            budgets: Budgets::default(),
            in_flight: 0,
            users: 0,
            tally: Tally::default(),
            wrong_passwords: 0,
            proven: false,
            let_in: false,
            trying: 0,
            tasks: Vec::new(),
            slowest: None,
            held: None,
        }
    }

    /// Whether a site with so many routers of it may begin beside those in flight.
    pub(super) fn has_room(&self, routers: usize, rules: &HoldRules) -> bool {
        if self.concurrency.is_some_and(|most| self.in_flight >= most.max(1)) {
            return false;
        }
        let Some(most) = rules.unproven_at_once.filter(|_| matches!(self.what, Trait::Credential(_)) && !self.proven)
        else {
            return true;
        };
        self.users == 0 || self.users + routers <= most.saturating_sub(self.wrong_passwords)
    }

    /// Whether a site with so many routers of it would try a password on more of them at once than one that has let no one in yet may be.
    pub(super) fn is_tried_too_often(&self, routers: usize, rules: &HoldRules) -> bool {
        self.most_tries(rules).is_some_and(|most| routers > most)
    }

    /// On how many routers at once a password that has let no one in yet is tried at most; at least on one, or it would never be known.
    fn most_tries(&self, rules: &HoldRules) -> Option<usize> {
        let most = rules.unproven_at_once.filter(|_| matches!(self.what, Trait::Credential(_)) && !self.proven)?;
        Some(most.saturating_sub(self.wrong_passwords).max(1))
    }

    /// A budget of it is used up, or too many of it are lost.
    fn note_failure(&mut self, failure: &Failure<'_>, rules: &HoldRules, is_one_of_several: bool) -> Option<Hold> {
        self.remember(failure.number);
        if self.budgets.note(failure.class).is_some() {
            return self.begin_hold(HoldReason::UsedUp(failure.class), self.tasks.clone());
        }
        let may_lose = matches!(self.what, Trait::Model(_) | Trait::Firmware(_) | Trait::JumpHost(_));
        let is_too_many = rules.lost.is_some_and(|lost| self.tally.lost() >= lost.max(1));
        let is_held = failure.class == FailureClass::Lost && may_lose && is_one_of_several && is_too_many;
        is_held.then(|| self.begin_hold(HoldReason::Lost, self.tasks.clone())).flatten()
    }

    fn remember(&mut self, number: usize) {
        if self.tasks.len() < NAMED && !self.tasks.contains(&number) {
            self.tasks.push(number);
        }
    }

    /// Holds it; nothing where it is held already.
    fn begin_hold(&mut self, why: HoldReason, tasks: Vec<usize>) -> Option<Hold> {
        if self.held.is_some() {
            return None;
        }
        self.held = Some(Hold { of: Some(self.what.clone()), why, tasks });
        self.held.clone()
    }
}
