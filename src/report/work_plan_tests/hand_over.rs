//! What is tried out from the laptop at hand-over: in the work plan of a router and of a class, with what came of it beside a record, and in
//! what is shown before the change.

use serde_json::json;

use super::fleet::fleet;
use super::{PLAIN, Part, steps, work};
use crate::message::{Lang, Text};
use crate::record::Tester;
use crate::report::work::{BesidePart, CheckPart};
use crate::report::work_plan::{Key, PlannedStep, Procedure};
use crate::report::work_tests::{self, saved};
use crate::report::{Languages, SitePages, WorkPlan, hand_over, hand_over_part, html, work_plan_csv, work_plan_page};
use crate::run::{HandOverPlan, PlannedWork};

/// Two tests of these routers, in this network.
fn tests(routers: &[&str], lan: &str) -> serde_json::Value {
    let title = |en: &str, ja: &str| json!({ "en": en, "ja": ja });
    let server = format!("{lan}.1:53");
    json!({ "routers": routers, "tests": [
        { "name": "dns-proxy", "role": "router3", "title": title("the proxy answers", "DNS プロキシが応答する"), "clinic": true, "lan": format!("{lan}.0/24"),
          "attempt": { "resolve": { "name": "www.example.jp", "type": "A", "server": server } }, "within": 20 },
        { "name": "closed", "role": "router3", "title": title("the medical side is closed", "医療系は閉じている"), "clinic": false,
          "lan": format!("{lan}.0/24"), "attempt": { "connect": "198.51.100.9:445" }, "negative": true, "within": 10 },
    ] })
}

fn with(mut work: PlannedWork, groups: &[serde_json::Value]) -> PlannedWork {
    work.plan.file.hand_over = serde_json::from_value(json!(groups)).unwrap();
    work
}

fn expected(step: &PlannedStep) -> Vec<&str> {
    step.expected.iter().map(|text| text.en.as_str()).collect()
}

fn remarks(step: &PlannedStep) -> String {
    step.remarks.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_work_plan_says_after_the_save_what_is_tried_out_from_the_laptop_and_what_each_test_proves() {
    let mut bench = with(work(&PLAIN), &[tests(&["sato-r1"], "192.168.0")]);
    std::sync::Arc::make_mut(&mut bench.plan.file.routers[0].intent).terms.at_clinic = false;
    let plan = WorkPlan::of(&bench);
    let procedure = &plan.procedures[0];
    let parts: Vec<Part> = procedure.sections.iter().map(|section| section.part).collect();
    assert_eq!(parts[4..], [Part::Save, Part::HandOver, Part::Rollback]);
    let [cable, dns, closed] = steps(procedure, Part::HandOver) else { panic!("the cable, and two tests") };
    assert!(remarks(cable).contains("made on a visit (`ixdeploy field`), after the save"), "{}", remarks(cable));
    assert_eq!(dns.what, Text::new("dns-proxy: the proxy answers", "dns-proxy: DNS プロキシが応答する"));
    assert_eq!(
        expected(dns),
        ["192.168.0.1:53 resolves www.example.jp (A), from a port in 192.168.0.0/24"],
        "what must be found"
    );
    assert_eq!(expected(closed), ["no TCP connection to 198.51.100.9:445 opens, from a port in 192.168.0.0/24"]);
    assert!(remarks(dns).contains("up to 20 s"), "{}", remarks(dns));
    assert!(remarks(dns).contains("not made on a bench") && !remarks(closed).contains("bench"));
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::Ja));
    let csv = work_plan_csv(&plan, Languages::One(Lang::Ja));
    for said in
        ["引き渡し: PC からの試験", "192.168.0.1:53 で www.example.jp (A) が名前解決できる", "医療系は閉じている"]
    {
        assert!(shown.contains(said) && csv.contains(said), "{said}");
    }
}

#[test]
fn a_work_plan_of_a_class_names_each_test_once_and_whose_values_it_shows() {
    let all: Vec<String> = (0..50).map(|clinic| format!("clinic-{clinic:05}-r1")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let of_class = |groups: &[serde_json::Value]| {
        let plan = WorkPlan::of(&with(fleet(50), groups));
        let steps = steps(&plan.procedures[0], Part::HandOver);
        let said = steps.iter().map(remarks).collect::<Vec<_>>().join("; ");
        (steps.len(), said)
    };
    let (count, said) = of_class(&[tests(&all, "192.168.0")]);
    assert!(count == 3 && !said.contains("as on") && !said.contains("only on"), "{said}");
    let (count, said) = of_class(&[tests(&all[1..3], "192.168.1"), tests(&all[3..4], "192.168.2")]);
    assert!(count == 3 && said.contains("as on clinic-00001-r1"), "{said}");
    assert!(said.contains("only on clinic-00001-r1, clinic-00002-r1, clinic-00003-r1"), "{said}");
}

#[test]
fn tests_of_a_router_on_which_nothing_is_changed_are_in_the_work_plan_too() {
    let mut work = with(work(&PLAIN), &[tests(&["sato-r1"], "192.168.0")]);
    let one = &mut work.plan.file.routers[0];
    (one.commands, one.undo, one.diff) = (Vec::new(), Vec::new(), String::new());
    std::sync::Arc::make_mut(&mut one.intent).terms.at_clinic = true;
    let plan = WorkPlan::of(&work);
    assert!(plan.procedures.is_empty());
    let step = plan.closing.first().unwrap();
    assert!(step.what.en.starts_with("sato-r1, which is as declared"), "{:?}", step.what);
    assert_eq!(step.expected.len(), 2);
}

fn laid_beside(made: Option<(bool, Tester)>) -> Procedure {
    let mut record = saved(&work_tests::PLAIN);
    let part = &mut record.routers[0];
    let told = Text::untranslated("seen on the terminal");
    part.checks.push(CheckPart {
        check: "dns-proxy".to_owned(),
        role: "router3".to_owned(),
        passed: made.map(|(passed, _)| passed),
        beside: Some(BesidePart { by: made.map(|(_, by)| by), through: None, told }),
        ..part.checks[0].clone()
    });
    let plan = WorkPlan::of(&with(work(&PLAIN), &[tests(&["sato-r1"], "192.168.0")])).beside(&record);
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::En));
    assert!(shown.contains("seen on the terminal"), "{shown}");
    plan.procedures.into_iter().next().unwrap()
}

#[test]
fn beside_a_record_a_test_has_what_was_found_whose_word_that_is_or_why_it_was_not_made() {
    let done = |made| {
        let procedure = laid_beside(made);
        let step = &steps(&procedure, Part::HandOver)[1];
        assert!(matches!(step.key, Key::Test { .. }));
        step.done.clone().unwrap()
    };
    let passed = done(Some((true, Tester::Laptop)));
    assert_eq!((passed.ok, passed.unmet.unwrap().en.as_str()), (Some(true), "seen on the terminal"));
    let word = done(Some((false, Tester::Person)));
    assert_eq!((word.ok, word.unmet.unwrap().ja.as_str()), (Some(false), "担当者の申告: seen on the terminal"));
    let not_made = done(None);
    assert_eq!(
        (not_made.ok, not_made.at, not_made.not_made.unwrap().en.as_str()),
        (None, None, "seen on the terminal")
    );
}

#[test]
fn the_dry_run_names_each_test_of_few_routers_and_counts_those_of_a_fleet() {
    let plan = |groups: &[serde_json::Value]| -> HandOverPlan { serde_json::from_value(json!(groups)).unwrap() };
    let shown = |plan: &HandOverPlan, lang| anstream::adapter::strip_str(&hand_over(plan, lang)).to_string();
    assert_eq!(shown(&HandOverPlan::default(), Lang::En), "", "nothing is said where nothing is tried out");
    assert_eq!(hand_over_part(&HandOverPlan::default(), Lang::En), "");
    let few = plan(&[tests(&["sato-r1", "sato-r2"], "192.168.0")]);
    assert_eq!(
        shown(&few, Lang::En),
        "══ At hand-over, on a visit, from the laptop: sato-r1, sato-r2\n  test dns-proxy (not on a bench): 192.168.0.1:53 resolves www.example.jp (A), from a port in 192.168.0.0/24\n  test closed: no TCP connection to 198.51.100.9:445 opens, from a port in 192.168.0.0/24\n\n"
    );
    let page = hand_over_part(&few, Lang::Ja);
    assert!(page.contains("## 引き渡し時の PC からの試験") && page.contains("試験 closed: "), "{page}");
    let many = plan(&[tests(&["a"], "192.168.0"), tests(&["b"], "192.168.1"), tests(&["c"], "192.168.2")]);
    assert!(shown(&many, Lang::En).starts_with("At hand-over, on a visit: 6 test(s) from the laptop on 3 router(s)."));
    assert!(shown(&many, Lang::Ja).contains("3 台、6 件"));
}
