//! The rules of a site, on its barrier alone.

use super::{BarrierMember, Partner, SiteBarrier};
use crate::cancel::Cancel;
use crate::transaction::{ChangeError, TransactionError};
use std::sync::{Arc, mpsc};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3600);

fn site(routers: &[(&str, &[&str])]) -> Arc<SiteBarrier> {
    bounded(routers, LONG, &Cancel::default())
}

fn bounded(routers: &[(&str, &[&str])], bound: Duration, cancel: &Cancel) -> Arc<SiteBarrier> {
    let own = |(router, through): &(&str, &[&str])| Partner {
        router: (*router).to_owned(),
        through: through.iter().map(|name| (*name).to_owned()).collect(),
        bound,
    };
    SiteBarrier::new(&routers.iter().map(own).collect::<Vec<_>>(), cancel)
}

fn begin(member: &BarrierMember) -> Result<(), TransactionError> {
    member.wait_until_all_backed_up(LONG, &mut || Ok(()))?;
    member.wait_for_turn(LONG, &mut || Ok(())).map(drop)
}

fn verified(member: &BarrierMember) -> Result<(), TransactionError> {
    member.wait_until_all_verified(LONG, &mut || Ok(())).map(drop)
}

/// Lets every router of a site do everything and says who was written to, and who was saved, in which order.
fn order(site: &Arc<SiteBarrier>, names: &[&'static str]) -> (Vec<&'static str>, Vec<&'static str>) {
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
fn every_router_is_verified_before_the_first_save_and_saves_keep_their_order() {
    let site = site(&[("a", &[]), ("b", &[]), ("c", &[])]);
    assert_eq!(order(&site, &["c", "a", "b"]).1, ["a", "b", "c"]);
}

#[test]
fn router_that_carries_a_path_is_changed_and_saved_last() {
    let chain = site(&[("a", &[]), ("b", &["a"]), ("c", &["b"])]);
    let (written, saved) = order(&chain, &["a", "b", "c"]);
    assert_eq!((written, saved), (vec!["c", "b", "a"], vec!["c", "b", "a"]));
    // A circular path makes no router wait forever.
    let circle = site(&[("a", &["b"]), ("b", &["a"])]);
    assert_eq!(order(&circle, &["a", "b"]).1.len(), 2);
}

#[test]
fn waiting_router_is_kept_alive_and_its_error_ends_the_wait() {
    let site = site(&[("a", &[]), ("b", &[])]);
    let (one, other) = (site.member("a"), site.member("b"));
    let mut looks = 0;
    let waited = one.wait_until_all_backed_up(Duration::from_millis(1), &mut || {
        looks += 1;
        if looks == 3 {
            other.come_to(super::SiteStage::BackedUp);
        }
        Ok(())
    });
    assert_eq!((waited.unwrap(), looks), (true, 3));
    let gone = || TransactionError::Change(ChangeError::Stopped { router: "a".to_owned(), number: None });
    assert!(one.wait_until_all_verified(Duration::from_millis(1), &mut || Err(gone())).is_err());
}

#[test]
fn router_that_ends_early_releases_the_others() {
    let site = site(&[("a", &[]), ("b", &[])]);
    let (one, other) = (site.member("a"), site.member("b"));
    drop(other);
    assert!(begin(&one).unwrap_err().to_string().contains('b'));
}

#[test]
fn unsaved_router_stops_those_behind_it() {
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

/// A site where every router has begun, with so much time.
fn begun(milliseconds: u64) -> (BarrierMember, BarrierMember) {
    let site = bounded(&[("a", &[]), ("b", &[])], Duration::from_millis(milliseconds) / 2, &Cancel::default());
    let (one, other) = (site.member("a"), site.member("b"));
    one.begins();
    other.begins();
    (one, other)
}

#[test]
fn site_bound_undoes_every_router_that_is_not_being_saved() {
    let (one, other) = begun(20);
    let waited = begin(&one).unwrap_err();
    assert!(
        matches!(&waited, TransactionError::Change(ChangeError::SiteBound { other, .. }) if other == "b"),
        "{waited}"
    );
    assert!(matches!(begin(&other), Err(TransactionError::Change(ChangeError::SiteBound { .. }))), "too late");
    assert!(
        matches!(other.save_begins(LONG), Err(TransactionError::Change(ChangeError::SiteBound { .. }))),
        "nor may it save"
    );
}

#[test]
fn begun_save_may_outlast_the_site_bound_but_not_its_own() {
    let (one, other) = begun(0);
    one.save_begins(LONG).unwrap();
    assert!(one.until() > Some(std::time::Instant::now() + LONG / 2), "it is waited for");
    std::thread::scope(|scope| {
        scope.spawn(|| one.saved());
        other.wait(super::SiteStage::Saved, |place, _| place.router == "a", LONG, &mut || Ok(())).unwrap();
    });
    let (one, other) = begun(0);
    one.save_begins(Duration::from_millis(20)).unwrap();
    let stuck = other.wait(super::SiteStage::Saved, |place, _| place.router == "a", LONG, &mut || Ok(()));
    assert!(matches!(stuck, Err(TransactionError::Change(ChangeError::SiteBound { other, .. })) if other == "a"));
}

#[test]
fn open_question_stops_the_site_bound() {
    let (one, other) = begun(20);
    other.asks(true);
    assert_eq!(one.until(), None);
    other.asks(false);
    assert!(one.until().is_some());
    assert!(matches!(begin(&one), Err(TransactionError::Change(ChangeError::SiteBound { .. }))));
}

#[test]
fn stop_request_wakes_every_waiting_router() {
    let cancel = Cancel::default();
    let site = bounded(&[("a", &[]), ("b", &[])], LONG, &cancel);
    let (one, _other) = (site.member("a"), site.member("b"));
    let stopped = || TransactionError::Change(ChangeError::Stopped { router: "a".to_owned(), number: None });
    std::thread::scope(|scope| {
        scope.spawn(|| cancel.ask());
        assert!(matches!(
            one.wait_until_all_backed_up(LONG, &mut || Err(stopped())),
            Err(TransactionError::Change(ChangeError::Stopped { .. }))
        ));
    });
}

#[test]
fn router_that_is_called_back_alone_is_woken_at_once() {
    let run = Cancel::default();
    let site = bounded(&[("a", &[]), ("b", &[])], LONG, &run);
    let own = run.child();
    let (one, other) = (site.member("a").stopped_by(&own), site.member("b").stopped_by(&run.child()));
    let (waits, waiting) = mpsc::channel();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(move || {
            waits.send(()).unwrap();
            let stopped = || TransactionError::Change(ChangeError::Stopped { router: "a".to_owned(), number: None });
            one.wait_until_all_backed_up(LONG, &mut || Err(stopped()))
        });
        waiting.recv().unwrap();
        own.ask();
        assert!(matches!(waiter.join().unwrap(), Err(TransactionError::Change(ChangeError::Stopped { .. }))));
    });
    assert!(!run.is_asked());
    assert!(begin(&other).unwrap_err().to_string().contains('a'), "its partner learns of its end");
}
