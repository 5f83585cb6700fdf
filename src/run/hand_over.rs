//! After the save: what a router cannot prove of itself is tried out from the engineer's laptop, or attested by a person, before the router
//! is handed over. It changes nothing and decides nothing about the router.
//!
//! Only on a visit: a machine elsewhere may have a network of the same addresses, so that it would test something else. Where a test is
//! not made, that is recorded with the reason; it never counts as passed.

use super::change::ChangeRun;
use super::env::RunEnv;
use super::hand_over_answer::{HandOver, HandOverAnswer};
use super::open_run::OpenRun;
use crate::cancel::Cancel;
use crate::laptop::{Tried, try_out};
use crate::message::Text;
use crate::playbook::{LaptopCheck, Phase};
use crate::record::{Kind, Outcome, Sink, TestRecord, Tester};
use crate::state::State;

impl ChangeRun {
    /// Tests what was saved, as far as that can be done here, and records how each test ended.
    pub(super) fn hand_over(&self, env: &RunEnv, run: &OpenRun, outcomes: &mut [Outcome]) {
        let has_tests = self.targets.iter().any(|target| !target.laptop.is_empty());
        if !has_tests {
            return;
        }
        // Its end is recorded after this, too.
        run.needs_an_end(env);
        for target in &self.targets {
            let is_it = |outcome: &&mut Outcome| outcome.router == target.intent.router;
            let Some(outcome) = outcomes.iter_mut().find(is_it).filter(|one| one.state == State::Saved) else {
                continue;
            };
            let attempts = outcome.attempts.as_ref().map_or(1, |attempts| u64::from(attempts.count));
            let fence = run.log().claimed(&outcome.router) + attempts;
            let recorder = run.log().router_journal(&env.readers, &outcome.router, &outcome.site, fence);
            let tests = Tests { checks: &target.laptop, at_clinic: self.choices.at_clinic };
            outcome.tests = match self.is_visit(env) {
                true => tests.on_a_visit(env, &outcome.router, &recorder),
                false => tests.elsewhere(&recorder),
            };
        }
    }

    /// Someone is at the router, with this machine.
    fn is_visit(&self, env: &RunEnv) -> bool {
        self.choices.console.is_some() && !self.assume_yes && env.operator.is_present()
    }
}

/// The tests of one router.
struct Tests<'a> {
    checks: &'a [LaptopCheck],
    at_clinic: bool,
}

impl Tests<'_> {
    fn elsewhere(&self, sink: &dyn Sink) -> Vec<TestRecord> {
        let recorded = |check: &LaptopCheck| {
            let why = Text::new(
                "this run is not a visit: it is tested from a laptop in the clinic's network (`ixdeploy field`)",
                "訪問作業ではないため未実施です。拠点のネットワークに接続した PC から試験します(ixdeploy field)",
            );
            let record = not_made(check, self.left_out(check).unwrap_or(why));
            sink.emit(Kind::Tested(record.clone()));
            record
        };
        self.checks.iter().map(recorded).collect()
    }

    /// Repeats what has not passed for as long as the operator wants.
    fn on_a_visit(&self, env: &RunEnv, router: &str, sink: &dyn Sink) -> Vec<TestRecord> {
        let mut tests: Vec<TestRecord> = self.checks.iter().map(|check| self.made(check, &env.cancel, sink)).collect();
        loop {
            let is_open = |(check, test): (&LaptopCheck, &TestRecord)| {
                test.passed != Some(true) && self.left_out(check).is_none()
            };
            if env.cancel.is_asked() || !self.checks.iter().zip(&tests).any(is_open) {
                return tests;
            }
            match env.operator.hand_over(&HandOver { router, tests: &tests }) {
                HandOverAnswer::GoOn => return tests,
                HandOverAnswer::Again => {
                    for (check, test) in self.checks.iter().zip(&mut tests) {
                        if is_open((check, &*test)) {
                            *test = self.made(check, &env.cancel, sink);
                        }
                    }
                }
                HandOverAnswer::Attested { place, passed, words } => {
                    let Some(test) = tests.get_mut(place) else { continue };
                    test.passed = Some(passed);
                    test.by = Some(Tester::Person);
                    test.through = None;
                    test.told = Text::new(words.clone(), words);
                    sink.emit(Kind::Tested(test.clone()));
                }
            }
        }
    }

    fn made(&self, check: &LaptopCheck, cancel: &Cancel, sink: &dyn Sink) -> TestRecord {
        let stopped =
            || cancel.is_asked().then(|| Text::new("it was asked to stop before", "中止が指示されたため未実施です"));
        let record = match self.left_out(check).or_else(stopped) {
            Some(why) => not_made(check, why),
            None => {
                let Tried { passed, told, through } = try_out(&check.test, cancel);
                let by = passed.map(|_| Tester::Laptop);
                TestRecord { passed, by, through, ..not_made(check, told) }
            }
        };
        sink.emit(Kind::Tested(record.clone()));
        record
    }

    /// Why it is not made wherever we are.
    fn left_out(&self, check: &LaptopCheck) -> Option<Text> {
        let only_there = check.phase == Phase::Clinic && !self.at_clinic;
        only_there.then(|| {
            Text::new("the router is on a bench (--phase bench)", "ルータは事前設定の場所にあります(--phase bench)")
        })
    }
}

fn not_made(check: &LaptopCheck, told: Text) -> TestRecord {
    TestRecord {
        check: check.name.clone(),
        role: check.role.clone(),
        title: check.title.clone(),
        test: check.test.describe(),
        is_negative: check.test.is_negative,
        passed: None,
        by: None,
        through: None,
        told,
    }
}
