//! A site is one transaction: every router locked and backed up before the first write, verified together, saved in order.
//!
//! Nobody waits for ever: each router's part ends by its own deadlines, and a part that ends without having come this far opens
//! every gate for the others, with bad news.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

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

/// The routers of a site that change together.
#[derive(Debug)]
pub struct Site {
    /// In the order in which they are saved.
    routers: Mutex<Vec<(String, Step)>>,
    changed: Condvar,
}

impl Site {
    /// A site of these routers, in the order in which they are saved.
    pub fn new(routers: impl IntoIterator<Item = String>) -> Arc<Self> {
        let routers = routers.into_iter().map(|router| (router, Step::Begun)).collect();
        Arc::new(Self { routers: Mutex::new(routers), changed: Condvar::new() })
    }

    /// One router's part in it, until this is dropped.
    pub fn member(self: &Arc<Self>, router: &str) -> Member {
        Member { site: Arc::clone(self), router: router.to_owned() }
    }

    fn routers(&self) -> MutexGuard<'_, Vec<(String, Step)>> {
        self.routers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One router's part in its site. Dropped before it is saved, it has failed.
#[derive(Debug)]
pub struct Member {
    site: Arc<Site>,
    router: String,
}

impl Member {
    /// This router is locked and backed up: waits until all are.
    ///
    /// # Errors
    /// [`Cause::Site`] when another router of the site did not come this far.
    pub(super) fn backed_up(&self) -> Result<(), Cause> {
        self.come_to(Step::BackedUp);
        self.wait(Step::BackedUp, false)
    }

    /// This router is verified: waits until all are, and until those before it have been saved.
    ///
    /// # Errors
    /// [`Cause::Site`] when another router of the site did not come this far.
    pub(super) fn verified(&self) -> Result<(), Cause> {
        self.come_to(Step::Verified);
        self.wait(Step::Verified, false)?;
        self.wait(Step::Saved, true)
    }

    /// This router is saved.
    pub(super) fn saved(&self) {
        self.come_to(Step::Saved);
    }

    fn come_to(&self, step: Step) {
        let mut routers = self.site.routers();
        for (_, state) in routers.iter_mut().filter(|(name, _)| *name == self.router) {
            *state = step;
        }
        self.site.changed.notify_all();
    }

    /// Waits for every router, or for those before this one, to come as far as this.
    fn wait(&self, step: Step, before_only: bool) -> Result<(), Cause> {
        let mut routers = self.site.routers();
        loop {
            let concerned = |(name, _): &&(String, Step)| !before_only || *name != self.router;
            let others = || routers.iter().take_while(concerned);
            if let Some((other, _)) = others().find(|(_, state)| *state == Step::Failed) {
                return Err(Cause::Site { router: self.router.clone(), other: other.clone() });
            }
            if others().all(|(_, state)| *state >= step) {
                return Ok(());
            }
            routers = self.site.changed.wait(routers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut routers = self.site.routers();
        for (_, state) in routers.iter_mut().filter(|(name, state)| *name == self.router && *state != Step::Saved) {
            *state = Step::Failed;
        }
        self.site.changed.notify_all();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::Site;
    use std::sync::mpsc;

    #[test]
    fn all_are_verified_before_the_first_is_saved_and_they_are_saved_in_order() {
        let site = Site::new(["a", "b", "c"].map(str::to_owned));
        let (saved, order) = mpsc::channel();
        std::thread::scope(|scope| {
            for name in ["c", "a", "b"] {
                let (member, saved) = (site.member(name), saved.clone());
                scope.spawn(move || {
                    member.backed_up().unwrap();
                    member.verified().unwrap();
                    saved.send(name).unwrap();
                    member.saved();
                });
            }
        });
        drop(saved);
        assert_eq!(order.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn one_that_ends_early_lets_nobody_wait() {
        let site = Site::new(["a", "b"].map(str::to_owned));
        let (one, other) = (site.member("a"), site.member("b"));
        drop(other);
        assert!(one.backed_up().unwrap_err().to_string().contains('b'));
    }

    #[test]
    fn one_that_is_not_saved_stops_those_after_it() {
        let site = Site::new(["a", "b"].map(str::to_owned));
        let (first, second) = (site.member("a"), site.member("b"));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                first.backed_up().unwrap();
                first.verified().unwrap();
            });
            second.backed_up().unwrap();
            assert!(second.verified().is_err());
        });
    }
}
