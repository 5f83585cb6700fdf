//! Routers whose change is the same share a class; whatever a person would weigh otherwise makes another one.

#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::sync::Arc;

use proptest::prelude::*;

use super::{BoundChange, ChangeClass, ClassDifference, ClassHash, ClassNamer, ClassPolicy};
use crate::dialect::Dialect;
use crate::dialect::model;
use crate::ix::origins::Origins;
use crate::ix::own_words::{OwnPart, OwnWord, own_words};
use crate::ix::{Config, ConfigText, Identity};
use crate::message::Text;
use crate::plan::{Guess, Knowledge, Lifeline, Note, Ownership, Plan};
use crate::playbook::{Check, Expectation, Level, OnLoss, Phase};
use crate::transaction::{AccessPath, Bounds, Desired, ExpectedDevice, Fingerprint, Intent, SavedPlan, Terms};

/// A clinic: its own name, a domain that its group has, and its gateway, which a check asks for.
#[derive(Debug, Clone, PartialEq)]
struct Clinic {
    name: String,
    domain: String,
    gateway: String,
    /// What the router was called before; nothing where it had no name.
    old_name: Option<String>,
}

fn clinic(name: &str) -> Clinic {
    Clinic {
        name: format!("{name}-r1"),
        domain: "*onshikaku.org".to_owned(),
        gateway: format!("192.0.2.{}", name.len()),
        old_name: Some(format!("old-{name}")),
    }
}

impl Clinic {
    fn intent(&self) -> Intent {
        let lines = [format!("hostname {}", self.name), format!("url-list l permit domain {}", self.domain)];
        let [name, gateway] = [("hostname", 9..9 + self.name.len()), ("gateway", 5..5 + self.gateway.len())]
            .map(|(name, bytes)| [OwnPart { bytes, name: name.into() }]);
        let origins: Origins = lines.iter().map(|_| None).collect();
        let origins = origins.with_own(1, own_words(&lines[0], &name));
        let command = format!("ping {}", self.gateway);
        let check = Check {
            name: "gateway".to_owned(),
            role: "r".to_owned(),
            title: Text::default(),
            phase: Phase::Clinic,
            level: Level::Required,
            expect: vec![Expectation::Contains("0% loss".to_owned())],
            within: None,
            own: vec![own_words(&command, &gateway), Vec::new()],
            command,
        };
        Intent {
            router: self.name.clone(),
            site: self.name.clone(),
            roles: vec!["r".to_owned()],
            device: ExpectedDevice {
                model: model::find("IX2215").unwrap(),
                fact: None,
                serial_number: None,
                host_name: None,
            },
            desired: Desired::Rendered(ConfigText::rendered(lines.map(|line| line + "\n").concat(), origins)),
            terms: Terms {
                owns: Ownership::parse(&["hostname", "url-list l"]).unwrap(),
                checks: vec![check],
                ..Terms::default()
            },
            path: AccessPath { lifeline: Lifeline::Console, ..AccessPath::default() },
            bounds: Bounds::default(),
            rehearse_on_mock: false,
        }
    }

    fn plan(&self) -> Plan {
        let old = self.old_name.as_ref().map(|name| format!("hostname {name}\n")).unwrap_or_default();
        let running = Config::parse(Dialect::ix(), format!("{old}url-list l permit domain *.rece\n"));
        self.intent().plan(&running, &Lifeline::Console, &|_| Knowledge::Unknown).unwrap()
    }

    fn change(&self) -> BoundChange {
        ChangeClass::of(&self.intent(), &self.plan())
    }
}

#[test]
fn routers_that_differ_in_their_own_values_share_a_class_and_each_value_is_bound_to_its_router() {
    let [sato, tanaka] = ["sato", "tanaka"].map(|name| clinic(name).change());
    assert_eq!(sato.class, tanaka.class);
    let named: Vec<(&str, bool)> = sato.class.values.iter().map(|value| (value.name.as_str(), value.before)).collect();
    assert_eq!(named, [("hostname", false), ("hostname", true), ("gateway", false)]);
    assert_eq!(sato.values, ["sato-r1", "old-sato", "192.0.2.4"]);
    assert_eq!(tanaka.values, ["tanaka-r1", "old-tanaka", "192.0.2.6"]);
    let typed: Vec<String> = sato.class.commands.iter().map(|line| line.text.clone().into()).collect();
    assert!(typed.contains(&"hostname {0}".to_owned()), "{typed:?}");
    assert!(typed.contains(&"url-list l permit domain *onshikaku.org".to_owned()), "{typed:?}");
}

#[test]
fn the_values_put_back_give_the_very_lines_of_the_router() {
    let clinic = clinic("sato");
    let (plan, change) = (clinic.plan(), clinic.change());
    let masked = crate::transaction::masked;
    assert_eq!(change.commands(), masked(&plan.commands));
    assert_eq!(change.undo(), masked(&plan.undo(plan.commands.len())));
}

#[test]
fn a_kept_plan_is_in_the_class_of_the_plan_that_it_was() {
    let clinic = clinic("sato");
    let (intent, plan) = (Arc::new(clinic.intent()), clinic.plan());
    let seen = Fingerprint { identity: Identity::default(), running: None, startup: None };
    let saved = SavedPlan::of(intent, seen, &plan).for_review(&plan);
    assert_eq!(ChangeClass::of_saved(&saved), Some(clinic.change()));
    let kept = serde_json::to_value(&saved).unwrap();
    let read = SavedPlan::read(&kept, model::find("IX2215").unwrap()).unwrap();
    assert_eq!(ChangeClass::of_saved(&read), Some(clinic.change()));
    assert_eq!(
        ChangeClass::of_saved(&SavedPlan { cautions: None, ..saved }),
        None,
        "what earlier versions kept is no class"
    );
}

#[test]
fn what_a_group_or_the_router_itself_decides_makes_another_class() {
    let usual = clinic("sato").change();
    let other_domain = Clinic { domain: "*.example.jp".to_owned(), ..clinic("sato") }.change();
    let without_a_name = Clinic { old_name: None, ..clinic("sato") }.change();
    for other in [other_domain, without_a_name] {
        assert_ne!(other.class.hash(), usual.class.hash());
        assert_eq!(other.difference(&usual.class.hash(), &usual.values), Some(ClassDifference::Class));
    }
}

#[test]
fn a_change_is_the_approved_one_only_with_the_same_values() {
    let [approved, other] = ["sato", "kato"].map(|name| clinic(name).change());
    assert_eq!(approved.difference(&approved.class.hash(), &approved.values), None);
    let difference = other.difference(&approved.class.hash(), &approved.values);
    assert_eq!(difference, Some(ClassDifference::Values(vec!["hostname".to_owned(), "hostname".to_owned()])));
    assert_eq!(approved.difference(&approved.class.hash(), &[]), Some(ClassDifference::Class));
}

#[test]
fn everything_that_a_person_would_weigh_is_part_of_the_hash() {
    let usual = clinic("sato").change().class;
    let changes: [fn(&mut ChangeClass); 17] = [
        |class| class.commands[0].restart = true,
        |class| class.commands[0].may_cut = true,
        |class| class.commands[0].guess = Some(Guess::Guessed),
        |class| class.commands[0].irreversible = Some(Text::new("a", "b")),
        |class| class.commands[0].otherwise.push(super::ClassText::literal("no hostname")),
        |class| class.commands.truncate(1),
        |class| class.undo.truncate(1),
        |class| class.risks.lifeline = super::KnownLifeline::Unknown,
        |class| class.risks.facts.push("a".to_owned()),
        |class| class.risks.notes.push(super::RiskNote { id: "line.gap".to_owned(), lines: Some([1, 2]) }),
        |class| class.checks.clear(),
        |class| class.checks[0].level = Level::Advisory,
        |class| class.checks[0].within = Some(30),
        |class| class.policy.lost = OnLoss::Finish,
        |class| class.policy.allow_lifeline_change = true,
        |class| class.policy.owns = Ownership::all(),
        |class| class.values[0].before = true,
    ];
    let mut hashes: Vec<ClassHash> = changes
        .iter()
        .map(|change| {
            let mut class = usual.clone();
            change(&mut class);
            class.hash()
        })
        .chain([usual.hash()])
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), changes.len() + 1);
    // The same in every later version: what was approved stays approved.
    assert_eq!(
        usual.hash().as_str(),
        "7dcbd1b2e2ac5a000745d261c210cc6797771075ab4d78495ec76effc19f384e",
        "the written form has changed: give it another version"
    );
}

#[test]
fn a_class_has_the_same_name_whether_it_was_named_just_before_or_long_ago() {
    let usual = clinic("sato").change().class;
    let of = |max_line| ChangeClass { policy: ClassPolicy { max_line, ..usual.policy.clone() }, ..usual.clone() };
    let mut namer = ClassNamer::default();
    for max_line in (0..40).flat_map(|number| [0, number]) {
        let class = of(max_line);
        assert_eq!(namer.hash(&class), class.hash(), "{max_line}");
    }
}

#[test]
fn a_colleagues_unsaved_changes_are_a_risk_and_what_the_plan_rests_on_by_itself_is_none() {
    let clinic = clinic("sato");
    let note = |id: &str| Note { id: id.to_owned(), text: Text::new("x", "x"), about: None, lines: None };
    let of = |id: &str| {
        let mut plan = clinic.plan();
        plan.notes.push(note(id));
        ChangeClass::of(&clinic.intent(), &plan).class.hash()
    };
    assert_ne!(of("unsaved.adopted"), clinic.change().class.hash());
    assert_eq!(of("rollback.ladder"), clinic.change().class.hash());
    assert_eq!(of("secret.cannot-compare"), clinic.change().class.hash());
}

#[test]
fn a_word_that_a_mask_hides_is_bound_to_no_router() {
    let line = "ppp profile p\n  authentication password me@isp <secret:flets>\n";
    let own = |word| vec![OwnWord { word, before: 0, after: 0, name: "account".into() }];
    let origins: Origins = [None, None].into_iter().collect();
    let mut intent = clinic("sato").intent();
    intent.desired = Desired::Rendered(ConfigText::rendered(line, origins.with_own(2, own(3))));
    intent.terms.owns = Ownership::parse(&["ppp profile p"]).unwrap();
    let running = "ppp profile p\n  authentication password me@isp CANARY\n";
    let running = Config::parse(Dialect::ix(), running);
    let plan = intent.plan(&running, &Lifeline::Console, &|_| Knowledge::Different).unwrap();
    let change = ChangeClass::of(&intent, &plan);
    let kept = serde_json::to_string(&change.class).unwrap() + &change.values.concat();
    assert!(!kept.contains("CANARY"), "{kept}");
    assert!(change.values.iter().all(|value| !value.contains("***")), "{:?}", change.values);
}

proptest! {
    /// No two different changes have the same class and the same values.
    #[test]
    fn changes_that_differ_in_a_line_differ_in_their_class_or_in_a_value(
        names in prop::array::uniform2("[ab][a0-1]{0,2}"),
        domains in prop::array::uniform2("[*]?[ab{}0]{1,3}"),
        old_names in prop::array::uniform2(prop::option::of("[ab]{1,2}")),
    ) {
        let [one, other] = std::array::from_fn(|at| Clinic {
            name: names[at].clone(),
            domain: domains[at].clone(),
            gateway: "192.0.2.1".to_owned(),
            old_name: old_names[at].clone(),
        });
        let [(a, lines_a), (b, lines_b)] = [&one, &other].map(|clinic| {
            let (plan, change) = (clinic.plan(), clinic.change());
            let lines = [plan.commands.clone(), plan.undo(plan.commands.len())].concat();
            (change, crate::transaction::masked(&lines))
        });
        let same = a.class.hash() == b.class.hash() && a.values == b.values;
        prop_assert_eq!(same, lines_a == lines_b);
        prop_assert_eq!([a.commands(), a.undo()].concat(), lines_a);
    }
}
