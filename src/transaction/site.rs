//! A site is one transaction: every router locked and backed up before the first write, verified together, saved in order.
//! It is a two-phase commit, with saves that can fail in between and are then undone.
//!
//! No wait here is without an end: each router's part ends by its own deadlines, and a part that ends without having come this far
//! opens every gate for the others, with bad news. Where one part does not end, the site's bound does: who waits then undoes its change, and
//! who is not being saved yet is not saved any more.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{ChangeError, TransactionError};
use crate::cancel::{Cancel, Wake};

/// How far a router of a site has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SiteStage {
    Begun,
    BackedUp,
    Verified,
    /// Its save has begun and is not disturbed any more.
    Saving,
    Saved,
    Failed,
}

/// One router of a site.
#[derive(Debug)]
struct Place {
    router: String,
    /// How many paths lead through it to one another: a router is changed after all with a lower rank.
    rank: usize,
    step: SiteStage,
    /// Until when a save that has begun may last.
    saving_until: Option<Instant>,
    /// How long its part may take at most, as far as that is known.
    bound: Duration,
}

/// What the routers of a site know of each other.
#[derive(Debug)]
struct SiteProgress {
    /// In the order in which they are saved.
    routers: Vec<Place>,
    /// When the last of them began its part; with what was spent on questions.
    counted_from: Option<Instant>,
    /// Open questions to the operator, and since when: thinking time is not bounded.
    asking: (usize, Option<Instant>),
    /// The bound has passed: the routers that were waited for then.
    stuck: Option<String>,
}

/// The routers of a site that change together.
#[derive(Debug)]
pub struct SiteBarrier {
    partners: Vec<Partner>,
    course: Mutex<SiteProgress>,
    changed: Condvar,
    cancel: Cancel,
}

/// A router of a site, as the site is put together.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Its name.
    pub router: String,
    /// Those that carry our path to it.
    pub through: Vec<String>,
    /// How long its part may take at most.
    pub bound: Duration,
}

impl SiteBarrier {
    /// A site of these routers. They are saved in this order, but for those that carry a path: they come after whom they carry it
    /// to. Its bound is the sum of theirs.
    pub fn new(routers: &[Partner], cancel: &Cancel) -> Arc<Self> {
        let place = |partner: &Partner| Place {
            router: partner.router.clone(),
            rank: rank(&partner.router, routers, 0),
            step: SiteStage::Begun,
            saving_until: None,
            bound: partner.bound,
        };
        let mut places: Vec<Place> = routers.iter().map(place).collect();
        places.sort_by_key(|place| place.rank);
        let course = SiteProgress { routers: places, counted_from: None, asking: (0, None), stuck: None };
        let (course, partners) = (Mutex::new(course), routers.to_vec());
        let site = Self { partners, course, changed: Condvar::new(), cancel: cancel.clone() };
        let site = Arc::new(site);
        let wakes: Arc<dyn Wake> = Arc::clone(&site) as _;
        cancel.wakes(&wakes);
        site
    }

    /// A barrier for another attempt with the same routers.
    #[must_use]
    pub fn again(&self) -> Arc<Self> {
        Self::new(&self.partners, &self.cancel)
    }

    /// One router's part in it, until this is dropped.
    pub fn member(self: &Arc<Self>, router: &str) -> BarrierMember {
        BarrierMember { site: Arc::clone(self), router: router.to_owned(), cancel: self.cancel.clone() }
    }

    fn course(&self) -> MutexGuard<'_, SiteProgress> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for SiteBarrier {
    fn wake(&self) {
        // A router that is about to wait holds this, so that none misses a change.
        drop(self.course());
        self.changed.notify_all();
    }
}

impl SiteProgress {
    /// When the site's wait ends, except for saves in progress; `None` while no router has begun or the operator is
    /// asked.
    fn until(&self) -> Option<Instant> {
        if self.asking.0 > 0 {
            return None;
        }
        let until = self.counted_from?.checked_add(self.bound())?;
        let saves =
            self.routers.iter().filter(|place| place.step == SiteStage::Saving).filter_map(|place| place.saving_until);
        Some(saves.fold(until, Instant::max))
    }

    /// The sum of its routers' bounds.
    fn bound(&self) -> Duration {
        self.routers.iter().fold(Duration::ZERO, |sum, place| sum.saturating_add(place.bound))
    }

    fn place(&mut self, router: &str) -> Option<&mut Place> {
        self.routers.iter_mut().find(|place| place.router == router)
    }
}

/// One more than the highest rank of those whose path leads through this router. Paths in a circle end at the number of routers.
fn rank(router: &str, all: &[Partner], depth: usize) -> usize {
    if depth >= all.len() {
        return depth;
    }
    let behind = all.iter().filter(|other| other.through.iter().any(|carrier| carrier == router));
    behind.map(|other| 1 + rank(&other.router, all, depth + 1)).max().unwrap_or(0)
}

/// One router's part in its site. Dropped before it is saved, it has failed.
#[derive(Debug)]
pub struct BarrierMember {
    site: Arc<SiteBarrier>,
    router: String,
    /// The request to stop it.
    cancel: Cancel,
}

/// What a waiting router does from time to time, and when someone asks to stop; an error of it ends the wait.
pub(super) type KeepAwake<'a> = &'a mut dyn FnMut() -> Result<(), TransactionError>;

impl BarrierMember {
    /// The same where this request stops it: with the whole run, or because its window closes.
    #[must_use]
    pub fn stopped_by(mut self, cancel: &Cancel) -> Self {
        self.cancel = cancel.clone();
        let wakes: Arc<dyn Wake> = Arc::clone(&self.site) as _;
        cancel.wakes(&wakes);
        self
    }

    /// This router's part begins: the site's bound counts from the last of them.
    pub fn begins(&self) {
        self.site.course().counted_from = Some(Instant::now());
        self.site.changed.notify_all();
    }

    /// How long this router's part may take, once its plan is known.
    pub(super) fn will_take(&self, bound: Duration) {
        if let Some(place) = self.site.course().place(&self.router) {
            place.bound = bound;
        }
        self.site.changed.notify_all();
    }

    /// This router is locked and backed up: waits until all are. Says whether it had to be kept awake.
    ///
    /// # Errors
    /// [`ChangeError::Site`] when another router of the site did not come this far, [`ChangeError::SiteBound`] when one has not in time.
    pub(super) fn wait_until_all_backed_up(
        &self,
        idle: Duration,
        awake: KeepAwake<'_>,
    ) -> Result<bool, TransactionError> {
        self.come_to(SiteStage::BackedUp);
        self.wait(SiteStage::BackedUp, |_, _| true, idle, awake)
    }

    /// Waits until every router whose path leads through this one is changed and verified.
    ///
    /// # Errors
    /// As [`BarrierMember::wait_until_all_backed_up`].
    pub(super) fn wait_for_turn(&self, idle: Duration, awake: KeepAwake<'_>) -> Result<bool, TransactionError> {
        self.wait(SiteStage::Verified, |place, own| place.rank < own.rank, idle, awake)
    }

    /// This router is verified: waits until all are, and until those before it have been saved.
    ///
    /// # Errors
    /// As [`BarrierMember::wait_until_all_backed_up`].
    pub(super) fn wait_until_all_verified(
        &self,
        idle: Duration,
        awake: KeepAwake<'_>,
    ) -> Result<bool, TransactionError> {
        self.come_to(SiteStage::Verified);
        let all = self.wait(SiteStage::Verified, |_, _| true, idle, awake)?;
        let earlier: Vec<String> = {
            let course = self.site.course();
            let names = course.routers.iter().map(|place| place.router.clone());
            names.take_while(|name| *name != self.router).collect()
        };
        let turn = self.wait(SiteStage::Saved, |place, _| earlier.contains(&place.router), idle, awake)?;
        Ok(all || turn)
    }

    /// Its save begins now, and is waited for from now on; it may last so long.
    ///
    /// # Errors
    /// When another one has failed meanwhile, or the others have been told to go back.
    pub(super) fn save_begins(&self, bound: Duration) -> Result<(), TransactionError> {
        let mut course = self.site.course();
        self.check_the_others(&course)?;
        if let Some(place) = course.place(&self.router) {
            place.step = SiteStage::Saving;
            place.saving_until = Instant::now().checked_add(bound);
        }
        self.site.changed.notify_all();
        Ok(())
    }

    /// This router is saved.
    pub fn saved(&self) {
        self.come_to(SiteStage::Saved);
    }

    /// The operator is asked, or has answered: meanwhile no bound counts.
    pub(super) fn asks(&self, open: bool) {
        let mut course = self.site.course();
        let now = Instant::now();
        let (count, since) = course.asking;
        course.asking = match (open, count) {
            (true, count) => (count + 1, since.or(Some(now))),
            (false, 0 | 1) => {
                let spent = since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
                course.counted_from = course.counted_from.and_then(|from| from.checked_add(spent));
                (0, None)
            }
            (false, count) => (count - 1, since),
        };
        self.site.changed.notify_all();
    }

    /// Until when a lost router may be looked for at most; nothing where the site sets no such moment now.
    pub(super) fn until(&self) -> Option<Instant> {
        self.site.course().until()
    }

    /// No other router of the site has failed, and its bound has not passed.
    fn check_the_others(&self, course: &SiteProgress) -> Result<(), TransactionError> {
        let router = self.router.clone();
        if let Some(failed) = course.routers.iter().find(|place| place.step == SiteStage::Failed) {
            return Err(TransactionError::Change(ChangeError::Site { router, other: failed.router.clone() }));
        }
        match &course.stuck {
            Some(stuck) => Err(TransactionError::Change(ChangeError::SiteBound {
                router,
                other: stuck.clone(),
                within: course.bound(),
            })),
            None => Ok(()),
        }
    }

    fn come_to(&self, step: SiteStage) {
        if let Some(place) = self.site.course().place(&self.router) {
            place.step = step;
        }
        self.site.changed.notify_all();
    }

    /// Waits for some routers to come as far as this, and does what keeps the session awake each time it was idle for so long.
    fn wait(
        &self,
        step: SiteStage,
        concerned: impl Fn(&Place, &Place) -> bool,
        idle: Duration,
        awake: KeepAwake<'_>,
    ) -> Result<bool, TransactionError> {
        let (mut kept_awake, mut told) = (false, false);
        let mut silent_until = Instant::now() + idle;
        let mut course = self.site.course();
        loop {
            self.check_the_others(&course)?;
            let own = course.routers.iter().find(|place| place.router == self.router);
            let open = |place: &&Place| own.is_some_and(|own| concerned(place, own)) && place.step < step;
            let awaited: Vec<&str> = course.routers.iter().filter(open).map(|place| place.router.as_str()).collect();
            if awaited.is_empty() {
                return Ok(kept_awake);
            }
            let now = Instant::now();
            let until = course.until();
            if until.is_some_and(|until| until <= now) {
                course.stuck = Some(awaited.join(", "));
                self.site.changed.notify_all();
                continue;
            }
            let stop = !told && self.cancel.is_asked();
            if stop || silent_until <= now {
                drop(course);
                awake()?;
                told |= stop;
                kept_awake = true;
                silent_until = Instant::now() + idle;
                course = self.site.course();
            } else {
                let next = until.map_or(silent_until, |until| until.min(silent_until));
                let woken = self.site.changed.wait_timeout(course, next.saturating_duration_since(now));
                course = woken.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}

impl Drop for BarrierMember {
    fn drop(&mut self) {
        if let Some(place) = self.site.course().place(&self.router).filter(|place| place.step != SiteStage::Saved) {
            place.step = SiteStage::Failed;
        }
        self.site.changed.notify_all();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
#[path = "site_tests.rs"]
mod tests;
