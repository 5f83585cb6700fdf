//! A site is one transaction: every router locked and backed up before the first write, verified together, saved in order.
//!
//! Nobody waits for ever: each router's part ends by its own deadlines, and a part that ends without having come this far opens
//! every gate for the others, with bad news.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Cause;

/// How far a router of a site has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Begun,
    BackedUp,
    Verified,
    Saved,
    Failed,
}

/// One router of a site.
#[derive(Debug)]
struct Place {
    router: String,
    /// How many paths lead through it to one another: a router is changed after all with a lower rank.
    rank: usize,
    step: Step,
}

/// The routers of a site that change together.
#[derive(Debug)]
pub struct Site {
    /// In the order in which they are saved.
    routers: Mutex<Vec<Place>>,
    changed: Condvar,
}

impl Site {
    /// A site of these routers, each with those that carry our path to it. They are saved in this order, but for those that carry
    /// a path: they come after whom they carry it to.
    pub fn new(routers: &[(String, Vec<String>)]) -> Arc<Self> {
        let mut places: Vec<Place> = routers
            .iter()
            .map(|(router, _)| Place { router: router.clone(), rank: rank(router, routers, 0), step: Step::Begun })
            .collect();
        places.sort_by_key(|place| place.rank);
        Arc::new(Self { routers: Mutex::new(places), changed: Condvar::new() })
    }

    /// One router's part in it, until this is dropped.
    pub fn member(self: &Arc<Self>, router: &str) -> Member {
        Member { site: Arc::clone(self), router: router.to_owned() }
    }

    fn routers(&self) -> MutexGuard<'_, Vec<Place>> {
        self.routers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One more than the highest rank of those whose path leads through this router. Paths in a circle end at the number of routers.
fn rank(router: &str, all: &[(String, Vec<String>)], depth: usize) -> usize {
    if depth >= all.len() {
        return depth;
    }
    let behind = all.iter().filter(|(_, through)| through.iter().any(|carrier| carrier == router));
    behind.map(|(other, _)| 1 + rank(other, all, depth + 1)).max().unwrap_or(0)
}

/// One router's part in its site. Dropped before it is saved, it has failed.
#[derive(Debug)]
pub struct Member {
    site: Arc<Site>,
    router: String,
}

/// What a waiting router does from time to time; an error of it ends the wait.
pub(super) type Awake<'a> = &'a mut dyn FnMut() -> Result<(), Cause>;

impl Member {
    /// This router is locked and backed up: waits until all are. Says whether it had to be kept awake.
    ///
    /// # Errors
    /// [`Cause::Site`] when another router of the site did not come this far.
    pub(super) fn backed_up(&self, idle: Duration, awake: Awake<'_>) -> Result<bool, Cause> {
        self.come_to(Step::BackedUp);
        self.wait(Step::BackedUp, |_, _| true, idle, awake)
    }

    /// Waits until every router whose path leads through this one is changed and verified.
    ///
    /// # Errors
    /// As [`Member::backed_up`].
    pub(super) fn my_turn(&self, idle: Duration, awake: Awake<'_>) -> Result<bool, Cause> {
        self.wait(Step::Verified, |place, own| place.rank < own.rank, idle, awake)
    }

    /// This router is verified: waits until all are, and until those before it have been saved.
    ///
    /// # Errors
    /// As [`Member::backed_up`].
    pub(super) fn verified(&self, idle: Duration, awake: Awake<'_>) -> Result<bool, Cause> {
        self.come_to(Step::Verified);
        let all = self.wait(Step::Verified, |_, _| true, idle, awake)?;
        let mut before_us = true;
        let own = self.router.clone();
        let earlier: Vec<String> = {
            let routers = self.site.routers();
            let names = routers.iter().map(|place| place.router.clone());
            names
                .take_while(|name| {
                    before_us &= *name != own;
                    before_us
                })
                .collect()
        };
        let turn = self.wait(Step::Saved, |place, _| earlier.contains(&place.router), idle, awake)?;
        Ok(all || turn)
    }

    /// This router is saved.
    pub fn saved(&self) {
        self.come_to(Step::Saved);
    }

    fn come_to(&self, step: Step) {
        let mut routers = self.site.routers();
        for place in routers.iter_mut().filter(|place| place.router == self.router) {
            place.step = step;
        }
        self.site.changed.notify_all();
    }

    /// Waits for some routers to come as far as this, and does what keeps the session awake each time it was idle for so long.
    fn wait(
        &self,
        step: Step,
        concerned: impl Fn(&Place, &Place) -> bool,
        idle: Duration,
        awake: Awake<'_>,
    ) -> Result<bool, Cause> {
        let mut kept_awake = false;
        let mut silent_until = Instant::now() + idle;
        let mut routers = self.site.routers();
        loop {
            if let Some(failed) = routers.iter().find(|place| place.step == Step::Failed) {
                return Err(Cause::Site { router: self.router.clone(), other: failed.router.clone() });
            }
            let own = routers.iter().find(|place| place.router == self.router);
            let open = |place: &&Place| own.is_some_and(|own| concerned(place, own)) && place.step < step;
            if !routers.iter().any(|place| open(&place)) {
                return Ok(kept_awake);
            }
            let left = silent_until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(routers);
                awake()?;
                kept_awake = true;
                silent_until = Instant::now() + idle;
                routers = self.site.routers();
            } else {
                let woken = self.site.changed.wait_timeout(routers, left);
                routers = woken.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut routers = self.site.routers();
        for place in routers.iter_mut().filter(|place| place.router == self.router && place.step != Step::Saved) {
            place.step = Step::Failed;
        }
        self.site.changed.notify_all();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Member, Site};
    use crate::transaction::Cause;
    use std::sync::{Arc, mpsc};
    use std::time::Duration;

    const LONG: Duration = Duration::from_secs(3600);

    fn site(routers: &[(&str, &[&str])]) -> Arc<Site> {
        let own = |(router, through): &(&str, &[&str])| {
            ((*router).to_owned(), through.iter().map(|name| (*name).to_owned()).collect())
        };
        Site::new(&routers.iter().map(own).collect::<Vec<_>>())
    }

    fn begin(member: &Member) -> Result<(), Cause> {
        member.backed_up(LONG, &mut || Ok(()))?;
        member.my_turn(LONG, &mut || Ok(())).map(drop)
    }

    fn verified(member: &Member) -> Result<(), Cause> {
        member.verified(LONG, &mut || Ok(())).map(drop)
    }

    /// Lets every router of a site do everything and says who was written to, and who was saved, in which order.
    fn order(site: &Arc<Site>, names: &[&'static str]) -> (Vec<&'static str>, Vec<&'static str>) {
        let ((write, written), (save, saved)) = (mpsc::channel(), mpsc::channel());
        std::thread::scope(|scope| {
            for name in names {
                let (member, write, save) = (site.member(name), write.clone(), save.clone());
                scope.spawn(move || {
                    begin(&member).unwrap();
                    write.send(*name).unwrap();
                    verified(&member).unwrap();
                    save.send(*name).unwrap();
                    member.saved();
                });
            }
        });
        drop((write, save));
        (written.iter().collect(), saved.iter().collect())
    }

    #[test]
    fn all_are_verified_before_the_first_is_saved_and_they_are_saved_in_order() {
        let site = site(&[("a", &[]), ("b", &[]), ("c", &[])]);
        assert_eq!(order(&site, &["c", "a", "b"]).1, ["a", "b", "c"]);
    }

    #[test]
    fn who_carries_a_path_is_written_to_and_saved_after_whom_it_leads_to() {
        let chain = site(&[("a", &[]), ("b", &["a"]), ("c", &["b"])]);
        let (written, saved) = order(&chain, &["a", "b", "c"]);
        assert_eq!((written, saved), (vec!["c", "b", "a"], vec!["c", "b", "a"]));
        // Nobody waits for ever for a path that leads back to where it began.
        let circle = site(&[("a", &["b"]), ("b", &["a"])]);
        assert_eq!(order(&circle, &["a", "b"]).1.len(), 2);
    }

    #[test]
    fn who_waits_is_kept_awake_and_an_error_of_that_ends_the_wait() {
        let site = site(&[("a", &[]), ("b", &[])]);
        let (one, other) = (site.member("a"), site.member("b"));
        let mut looks = 0;
        let waited = one.backed_up(Duration::from_millis(1), &mut || {
            looks += 1;
            if looks == 3 {
                other.come_to(super::Step::BackedUp);
            }
            Ok(())
        });
        assert_eq!((waited.unwrap(), looks), (true, 3));
        let gone = || Cause::Stopped { router: "a".to_owned(), number: None };
        assert!(one.verified(Duration::from_millis(1), &mut || Err(gone())).is_err());
    }

    #[test]
    fn one_that_ends_early_lets_nobody_wait() {
        let site = site(&[("a", &[]), ("b", &[])]);
        let (one, other) = (site.member("a"), site.member("b"));
        drop(other);
        assert!(begin(&one).unwrap_err().to_string().contains('b'));
    }

    #[test]
    fn one_that_is_not_saved_stops_those_after_it() {
        let site = site(&[("a", &[]), ("b", &[])]);
        let (first, second) = (site.member("a"), site.member("b"));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                begin(&first).unwrap();
                verified(&first).unwrap();
            });
            begin(&second).unwrap();
            assert!(verified(&second).is_err());
        });
    }
}
