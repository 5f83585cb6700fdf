//! What is tried out from the engineer's laptop once a router is saved, as steps: each with what must be found, and what that proves.

use std::collections::HashMap;

use super::chosen::Chosen;
use super::{Key, PlannedStep};
use crate::message::{Lang, Text};
use crate::playbook::{LaptopCheck, Phase};
use crate::report::plan_text::names;

/// The steps of one router; none where nothing is tried out.
pub(super) fn of_router(tests: &[LaptopCheck], at_clinic: bool) -> Vec<PlannedStep> {
    after_the_cable(tests.iter().map(|test| step(test, at_clinic)).collect())
}

/// The steps of the routers of a class. Their values are not the same: each test is that of the first of them that has it.
pub(super) fn of_class(routers: &[&str], tests: &HashMap<&str, &[LaptopCheck]>, at_clinic: bool) -> Vec<PlannedStep> {
    let mut found: Vec<OfClass<'_>> = Vec::new();
    for router in routers {
        for test in tests.get(router).copied().unwrap_or_default() {
            match found.iter_mut().find(|one| (&one.first.role, &one.first.name) == (&test.role, &test.name)) {
                Some(one) => {
                    one.is_same &= one.first == test;
                    one.routers.push(*router);
                }
                None => found.push(OfClass { first: test, routers: vec![*router], is_same: true }),
            }
        }
    }
    after_the_cable(found.iter().map(|one| one.step(routers.len(), at_clinic)).collect())
}

/// A test of the routers of a class.
struct OfClass<'t> {
    first: &'t LaptopCheck,
    /// The routers that have it.
    routers: Vec<&'t str>,
    /// With the same values.
    is_same: bool,
}

impl OfClass<'_> {
    fn step(&self, all: usize, at_clinic: bool) -> PlannedStep {
        let mut step = step(self.first, at_clinic);
        if !self.is_same {
            let example = self.routers.first().copied().unwrap_or_default();
            step = step.noting(
                format!("as on {example}; each of the others has its own values, on the page of its site"),
                format!("{example} の場合。ほかのルータの値は拠点ごとのページに記載"),
            );
        }
        if self.routers.len() < all {
            let [en, ja] = [Lang::En, Lang::Ja].map(|lang| names(&self.routers, lang));
            step = step.noting(format!("only on {en}"), format!("対象: {ja} のみ"));
        }
        step
    }
}

/// What is tried out of routers on which nothing is changed: they have no procedure.
pub(super) fn of_unchanged(chosen: &Chosen<'_>, tests: &HashMap<&str, &[LaptopCheck]>) -> Vec<PlannedStep> {
    let unchanged = chosen.plans.iter().filter(|plan| plan.commands.is_empty());
    let tested = unchanged.filter_map(|plan| Some((&plan.intent, *tests.get(plan.intent.router.as_str())?)));
    let steps = tested.map(|(intent, tests)| {
        let step = PlannedStep::new(
            format!("{}, which is as declared: tests from the laptop", intent.router),
            format!("{}(変更なし): PC からの試験", intent.router),
        );
        let is_made = |test: &&LaptopCheck| intent.terms.at_clinic || test.phase == Phase::Bench;
        let expected = tests.iter().filter(is_made).map(|test| {
            let Text { en, ja } = test.test.describe();
            Text::new(format!("{}: {en}", test.name), format!("{}: {ja}", test.name))
        });
        PlannedStep { expected: expected.collect(), ..only_on_a_visit(step) }
    });
    steps.filter(|step| !step.expected.is_empty()).collect()
}

/// The tests, after what they need of the laptop.
fn after_the_cable(tests: Vec<PlannedStep>) -> Vec<PlannedStep> {
    if tests.is_empty() {
        return tests;
    }
    let cable = PlannedStep::new(
        "plug the laptop's Ethernet port into the network that a test names, and switch off its other ports and Wi-Fi",
        "PC の有線 LAN を各試験のネットワークに接続(Wi-Fi とほかのポートは無効化)",
    );
    let cable = cable.expects(
        "exactly one port has an address in that network",
        "そのネットワークのアドレスを持つポートが 1 つだけ",
    );
    std::iter::once(only_on_a_visit(cable)).chain(tests).collect()
}

fn only_on_a_visit(step: PlannedStep) -> PlannedStep {
    step.noting(
        "made on a visit (`ixdeploy field`), after the save; it decides nothing about the router",
        "保存後、訪問作業(ixdeploy field)でのみ実施。保存の可否には影響しない",
    )
}

fn step(test: &LaptopCheck, at_clinic: bool) -> PlannedStep {
    let named = |title: &str| match title {
        "" => test.name.clone(),
        title => format!("{}: {title}", test.name),
    };
    let step = PlannedStep::new(named(&test.title.en), named(&test.title.ja));
    let Text { en, ja } = test.test.describe();
    let seconds = test.test.within.as_secs();
    let step = step.expects(en, ja).noting(
        format!("repeated for up to {seconds} s until it ends so"),
        format!("この結果になるまで最長 {seconds} 秒繰り返す"),
    );
    let step = step.found_by(Key::Test { role: test.role.clone(), name: test.name.clone() });
    match test.phase == Phase::Clinic && !at_clinic {
        true => step.noting("not made on a bench", "ベンチでは実施しない"),
        false => step,
    }
}
