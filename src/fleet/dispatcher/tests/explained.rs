//! Of the groups that failed routers are of, which one is held: what a held group explains holds no other one, and of a group on which
//! everything fails no more begin than the rules allow. By examples, and over any order of ends.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::rollout::{bearing, failed_so, of};
use super::*;
use crate::fleet::dispatcher::Note;

/// A router on paper.
#[derive(Debug, Clone, Copy, Default)]
struct Router {
    firmware: u8,
    host: u8,
    model: u8,
    class: Option<FailureClass>,
}

impl Router {
    fn host(self) -> Trait {
        Trait::JumpHost(format!("jump-{}", self.host))
    }

    fn firmware(self) -> Trait {
        Trait::Firmware(format!("10.{}", self.firmware))
    }

    /// What it says of itself when it is read.
    fn of_itself(self) -> Vec<Trait> {
        Trait::of_router(&format!("IX-{}", self.model), &format!("10.{}", self.firmware))
    }

    fn end(self) -> EndFacts {
        let end = self.class.map_or_else(EndFacts::done, |class| failed_so(class, "check.failed"));
        let was_read = self.class != Some(FailureClass::Unreachable);
        EndFacts { learned: if was_read { self.of_itself() } else { Vec::new() }, ..end }
    }
}

/// A run of them, without a limit but that of concurrency.
struct Paper {
    routers: Vec<Router>,
    run: Dispatcher,
    in_flight: Vec<usize>,
    ended: Vec<usize>,
    begun: BTreeSet<usize>,
    held: Vec<Trait>,
}

impl Paper {
    /// Each with its firmware and its jump host, as is known before it is read; also with its model where that is.
    fn new(routers: Vec<Router>, concurrency: usize, knows_models: bool) -> Self {
        let known = |one: &Router| {
            let model = one.of_itself().into_iter().filter(|what| knows_models && matches!(what, Trait::Model(_)));
            of(&[one.host(), one.firmware()].into_iter().chain(model).collect::<Vec<_>>())
        };
        let mut rules = bearing(concurrency, usize::MAX);
        // Their cause would end the run; here it is about groups.
        rules.holds.gathered.cause = None;
        let run = Dispatcher::new(routers.iter().map(known), &rules);
        Self { routers, run, in_flight: Vec::new(), ended: Vec::new(), begun: BTreeSet::new(), held: Vec::new() }
    }

    /// What may begin begins; `asks` of each, before it does.
    fn begins(&mut self, asks: &dyn Fn(&Self, usize) -> Result<(), TestCaseError>) -> Result<(), TestCaseError> {
        while let Some(decision) = decision(&mut self.run) {
            if let Decision::Begin(number) = decision {
                asks(self, number)?;
                self.in_flight.push(number);
                self.begun.insert(number);
            }
        }
        Ok(())
    }

    fn ends(&mut self, place: usize) {
        let number = self.in_flight.remove(place % self.in_flight.len());
        self.run.ended(number, &self.routers[number].end(), NOW);
        self.ended.push(number);
        let notes = self.run.take_notes().into_iter();
        self.held.extend(notes.filter_map(|note| if let Note::Held(hold) = note { hold.of } else { None }));
    }

    /// To its end; `places` say which of those in flight ends next.
    fn all(
        &mut self,
        places: &[usize],
        asks: &dyn Fn(&Self, usize) -> Result<(), TestCaseError>,
    ) -> Result<(), TestCaseError> {
        for place in places.iter().copied().cycle() {
            self.begins(asks)?;
            if self.in_flight.is_empty() {
                break;
            }
            self.ends(place);
        }
        prop_assert!(self.run.is_over());
        Ok(())
    }

    /// Routers of this that have ended, and those of them that failed although they were met.
    fn of(&self, is_of: impl Fn(Router) -> bool) -> (usize, Vec<Router>) {
        let ended: Vec<Router> = self.ended.iter().map(|one| self.routers[*one]).filter(|one| is_of(*one)).collect();
        let failed = |one: &Router| one.class.is_some_and(|class| class != FailureClass::Unreachable);
        (ended.len(), ended.into_iter().filter(failed).collect())
    }

    fn is_held(&self, what: &Trait) -> bool {
        self.held.contains(what)
    }
}

/// The firmware on which everything fails.
const BAD: u8 = 9;

/// Routers behind three jump hosts, of two models; some have the bad firmware, on one model, fewer than any other group has. They come in
/// any order.
fn one_bad_firmware() -> impl Strategy<Value = Vec<Router>> {
    let good = (40..70_u8).prop_map(|count| {
        let good = |number: u8| Router { host: number % 3, model: number / 3 % 2, ..Router::default() };
        (0..count).map(good).collect()
    });
    // A third one out of reach could be all that is known of a jump host.
    let bad = prop::collection::vec(0..3_u8, 4..11).prop_flat_map(|hosts| (Just(hosts), 0..3_usize)).prop_map(
        |(hosts, away)| {
            let class = |place| if place < away { FailureClass::Unreachable } else { FailureClass::CheckFailed };
            let bad = |(place, host)| Router { firmware: BAD, host, class: Some(class(place)), ..Router::default() };
            hosts.into_iter().enumerate().map(bad).collect()
        },
    );
    (bad, good).prop_flat_map(|(bad, good): (Vec<Router>, Vec<Router>)| {
        let all = [bad, good].concat();
        // As where a run is continued: those that were held before come first.
        prop_oneof![Just(all.clone()), Just(all).prop_shuffle()]
    })
}

/// Any firmware behind any jump host may fail, always or now and then.
fn anything() -> impl Strategy<Value = Vec<Router>> {
    let router = (0..3_u8, 0..3_u8, 0..20_u8);
    (prop::collection::vec(router, 20..80), prop::collection::vec(prop::bool::weighted(0.3), 9)).prop_map(
        |(routers, fails)| {
            let router = |(firmware, host, luck): (u8, u8, u8)| {
                let is_bad = fails[usize::from(firmware * 3 + host)] && luck > 4 || luck == 0;
                Router { firmware, host, class: is_bad.then_some(FailureClass::LineRefused), ..Router::default() }
            };
            routers.into_iter().map(router).collect()
        },
    )
}

proptest! {
    #[test]
    fn a_firmware_on_which_everything_fails_is_held_after_three_and_nothing_else_is(
        routers in one_bad_firmware(),
        concurrency in 1..30_usize,
        knows_models in any::<bool>(),
        places in prop::collection::vec(any::<usize>(), 1..40),
    ) {
        let bad = routers.iter().filter(|one| one.firmware == BAD && one.class != Some(FailureClass::Unreachable)).count();
        let good: BTreeSet<usize> = (0..routers.len()).filter(|one| routers[*one].class.is_none()).collect();
        let mut paper = Paper::new(routers, concurrency, knows_models);
        paper.all(&places, &|paper, number| {
            let (_, failed) = paper.of(|one| one.firmware == BAD);
            prop_assert!(paper.routers[number].firmware != BAD || failed.len() < 3, "one more of it begins");
            Ok(())
        })?;
        prop_assert!(paper.begun.is_superset(&good), "all others have their turn: {:?}", paper.held);
        let firmware = Router { firmware: BAD, ..Router::default() }.firmware();
        prop_assert_eq!(&paper.held, &vec![firmware; usize::from(bad >= 3)]);
    }

    #[test]
    fn failures_that_no_held_group_explains_hold_theirs_and_nothing_is_held_without_three(
        routers in anything(),
        concurrency in 1..30_usize,
        places in prop::collection::vec(any::<usize>(), 1..40),
    ) {
        let several = |count: BTreeSet<u8>| count.len() > 1;
        prop_assume!(several(routers.iter().map(|one| one.firmware).collect()));
        prop_assume!(several(routers.iter().map(|one| one.host).collect()));
        let mut paper = Paper::new(routers, concurrency, false);
        paper.all(&places, &|paper, number| {
            let begins = paper.routers[number];
            let (ended, failed) = paper.of(|one| one.firmware == begins.firmware);
            let alone = failed.iter().filter(|one| !paper.is_held(&one.host())).count();
            prop_assert!(alone < 3 || alone * 10 < ended, "{} on {:?}", alone, begins.firmware());
            let (ended, failed) = paper.of(|one| one.host == begins.host);
            let alone = failed.iter().filter(|one| !paper.is_held(&one.firmware())).count();
            prop_assert!(alone < 3 || alone * 10 < ended, "{} behind {:?}", alone, begins.host());
            Ok(())
        })?;
        let mut most = BTreeMap::new();
        for number in &paper.ended {
            let router = paper.routers[*number];
            let failed = usize::from(router.class.is_some());
            *most.entry(router.host()).or_insert(0) += failed;
            *most.entry(router.firmware()).or_insert(0) += failed;
        }
        for held in &paper.held {
            prop_assert!(matches!(held, Trait::Model(_)) || most.get(held).is_some_and(|failed| *failed >= 3), "{held:?}");
        }
    }
}

/// They end in the order in which they begin.
fn in_turn(routers: Vec<Router>, concurrency: usize) -> Paper {
    let mut paper = Paper::new(routers, concurrency, true);
    assert!(paper.all(&[0], &|_, _| Ok(())).is_ok());
    paper
}

#[test]
fn failures_in_flight_when_their_firmware_is_held_hold_no_jump_host() {
    // As where a run is continued: those that were held before come first.
    let router = |number: u8| {
        let is_bad = number < 12;
        let class = is_bad.then_some(FailureClass::CheckFailed);
        Router { firmware: if is_bad { BAD } else { 0 }, host: number % 3, model: 0, class }
    };
    let paper = in_turn((0..60).map(router).collect(), 8);
    assert_eq!(paper.held, [router(0).firmware()]);
    assert_eq!(paper.begun.len(), 10 + 48, "of it those that had begun when the third failed; all of the others");
}

#[test]
fn failures_in_flight_when_their_jump_host_is_held_hold_no_firmware() {
    // Most are of one firmware, and most have passed; then a jump host fails.
    let router = |number: u8| {
        let host = u8::from((30..42).contains(&number));
        let class = (host > 0).then_some(FailureClass::LineRefused);
        Router { firmware: u8::from(number.is_multiple_of(10)), host, model: 0, class }
    };
    let paper = in_turn((0..60).map(router).collect(), 9);
    assert_eq!(paper.held, [router(30).host()]);
    assert_eq!(paper.begun.len(), 48 + 11, "behind it those that had begun when the third failed");
}

#[test]
fn a_firmware_that_was_known_of_none_of_its_routers_explains_nothing() {
    // To hold it holds back no one: what is known of the others is their jump host alone.
    let host = |number: usize| Trait::JumpHost(if number < 20 { "jump-a" } else { "jump-b" }.to_owned());
    let mut run = Dispatcher::new((0..24).map(|number| of(&[host(number)])), &bearing(1, usize::MAX));
    let says = |end, firmware| EndFacts { learned: Trait::of_router("IX2215", firmware), ..end };
    let refused = failed_so(FailureClass::LineRefused, "router.refused-line");
    let mut held = Vec::new();
    while let Next::Do(decision) = run.next(NOW) {
        match decision {
            Decision::Begin(0) => run.ended(0, &says(done(), "10.7"), NOW),
            Decision::Begin(number) if number < 20 => run.ended(number, &says(refused.clone(), "10.8"), NOW),
            Decision::Begin(number) => run.ended(number, &says(done(), "10.7"), NOW),
            Decision::Hold(number, hold) => held.push((number, hold.of)),
            _ => break,
        }
    }
    assert_eq!(held, (4..20).map(|number| (number, Some(host(number)))).collect::<Vec<_>>());
}
