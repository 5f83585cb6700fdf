//! Files of every version are read, and no form is taken for another; what is hostile in one is refused.

#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::path::Path;
use std::sync::Arc;

use super::file::{Made, SCHEMA, Unplanned};
use super::read::{FIRST, FOURTH, SECOND, THIRD};
use super::{PlanFile, read};
use crate::ix::ConfigText;
use crate::ix::origin::{Origin, Spot};
use crate::ix::origins::Origins;
use crate::ix::own_words::{OwnPart, own_words};
use crate::message::{Explain, Text};
use crate::plan::OriginOfLine;
use crate::playbook::{LaptopCheck, Rollout};
use crate::record::{CauseRecord, Outcome};
use crate::run::input_error::InputError;
use crate::run::plan_diff::PlanDiff;
use crate::state::State;
use crate::transaction::{ClassGroups, Desired, Intent, SavedPlan};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// A file as text, of the present form.
fn written(file: &PlanFile) -> String {
    super::write::text(file).unwrap()
}

fn read_text(text: &str) -> Result<PlanFile, InputError> {
    read(Path::new("plan.json"), text.as_bytes())
}

#[test]
fn files_of_every_version_are_read_and_no_form_is_taken_for_another() {
    let [first, second, third] = ["0.1.0/plans/router3/plan.json", "plan-2/plan.json", "plan-3/plan.json"].map(file);
    assert_eq!(read_text(&first).unwrap().schema, FIRST);
    assert_eq!(read_text(&second).unwrap().schema, SECOND);
    let mut plan: PlanFile = read_text(&third).unwrap();
    assert_eq!(plan.schema, THIRD);
    let origin = Origin::Owned { owns: Spot { file: "role.yaml".into(), line: 3 } };
    plan.routers[0].origins = vec![OriginOfLine { line: 1, origin: Arc::new(origin) }];
    (plan.routers[0].notes, plan.routers[0].cautions) = (Some(Vec::new()), Some(Vec::new()));
    plan.schema = FOURTH.to_owned();
    // The fourth form had two limits where there are the rules of a rollout now.
    let rollout = format!(r#""rollout":{}"#, serde_json::to_string(&plan.rollout).unwrap());
    let present = serde_json::to_string(&plan).unwrap();
    let limits = third.split_once(r#""concurrency":"#).unwrap().1.split_once(r#""routers":"#).unwrap().0;
    let fourth = present.replace(&rollout, &format!(r#""concurrency":{}"#, limits.trim_end().trim_end_matches(',')));
    assert_eq!(serde_json::to_string(&read_text(&fourth).unwrap()).unwrap(), present);
    plan.schema = SCHEMA.to_owned();
    let fifth = written(&plan);
    assert_eq!(serde_json::to_string(&read_text(&fifth).unwrap()).unwrap(), serde_json::to_string(&plan).unwrap());
    for wrong in [
        second.replace("ixdeploy-plan/2", "ixdeploy-plan/9"),
        second.replace("ixdeploy-plan/2", FOURTH),
        second.replace("ixdeploy-plan/2", FIRST),
        first.replace("ixdeploy-plan/1", SECOND),
        third.replace(THIRD, SECOND),
        fourth.replace(FOURTH, THIRD),
        fourth.replace(FOURTH, SCHEMA),
        fifth.replace(SCHEMA, FOURTH),
        fourth.replace(r#""notes":[],"#, ""),
        fourth.replace(FOURTH, THIRD).replace(r#""origins":"#, r#""cautions":"#),
        fourth.replace(r#""inventory":"#, r#""reason":"night","inventory":"#),
    ] {
        assert_eq!(read_text(&wrong).unwrap_err().code(), "plan-file.invalid");
    }
}

#[test]
fn the_reader_says_what_is_wrong_in_both_languages() {
    for (wrong, en, ja) in [
        ("{", "EOF while parsing", "ファイルが途中で終わっています"),
        (r#"{"schema": 1}"#, "invalid type", "計画の形式ではありません"),
        (r#"{"schema": "x\u001b"}"#, "schema x", "のいずれでもありません"),
        ("{]", "key must be a string", "JSON として読めません"),
    ] {
        let text = read_text(wrong).unwrap_err().text();
        assert!(text.en.contains(en) && text.ja.contains(ja), "{text:?}");
        assert!(!text.en.contains('\u{1b}'));
    }
}

/// A night over so many clinics: each has its own name and address, and a domain is added to all of them.
fn night(clinics: usize) -> PlanFile {
    let mut fourth = read_text(&file("plan-3/plan.json")).unwrap();
    let base = fourth.routers.remove(0);
    let desired: Vec<String> = (0..120).map(|line| format!("ip route 10.{line}.0.0/16 192.0.2.254")).collect();
    let entry = |clinic: usize| {
        let name = format!("c{clinic:05}-r1");
        let own = |line: &str| format!("{line}\nhostname {name}\nurl-list l permit domain *.new\n");
        let origins: Origins = (0..122).map(|_| None).collect();
        let words =
            own_words(&format!("hostname {name}"), &[OwnPart { bytes: 9..9 + name.len(), name: "hostname".into() }]);
        let text = ConfigText::rendered(own(&desired.join("\n")), origins.with_own(121, words));
        let intent = Intent {
            router: name.clone(),
            site: format!("c{clinic:05}"),
            desired: Desired::Rendered(text),
            ..(*base.intent).clone()
        };
        SavedPlan {
            intent: Arc::new(intent),
            running: Some(own(&desired.join("\n"))),
            startup: Some(own(&desired.join("\n"))),
            commands: vec![format!("hostname {name}"), "url-list l permit domain *.new".to_owned()],
            undo: vec!["no url-list l permit domain *.new".to_owned(), format!("hostname old{}", clinic % 7)],
            diff: format!("--- running\n+++ desired\n+hostname {name}\n"),
            notes: Some(Vec::new()),
            cautions: Some(Vec::new()),
            alternatives: Some(Vec::new()),
            guesses: Vec::new(),
            origins: Vec::new(),
            ..base.clone()
        }
    };
    let routers = (0..clinics).map(entry).collect();
    let made = Made { reason: Some("a domain".to_owned()), limit: Some("c*".to_owned()), ..fourth.made.unwrap() };
    let rollout = Rollout::simple(50, 10);
    let cause = CauseRecord { code: "transport.tcp".to_owned(), text: Text::new("off", "停止"), hints: Vec::new() };
    let (router, site, state) = ("off-r1".to_owned(), "off".to_owned(), State::Unreachable);
    let off = Unplanned { router, site, state, cause, sent: 0, planned: 0 };
    PlanFile::new(made, "night", rollout, routers).with_unplanned(vec![off])
}

#[test]
fn a_night_is_kept_in_little_room_that_grows_with_its_routers_and_no_faster() {
    let [one, many] = [10, 500].map(night);
    let [small, large] = [&one, &many].map(written);
    // 100 MB for ten thousand would be 10 kB each.
    let each = (large.len() - small.len()) / 490;
    assert!(each < 2_000, "{each} bytes a router");
    let read = read_text(&large).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&many).unwrap());
    assert_eq!((read.routers.len(), read.unplanned.len()), (500, 1));
    assert_eq!(written(&read), large, "read and written it is the same file, with the same hash");
    let classes = ClassGroups::of(&read.routers);
    assert_eq!(classes.changing.len(), 1, "one class for a person to approve");
    assert_eq!(classes.changing[0].different(), [500, 7]);
}

#[test]
fn a_class_or_a_value_that_the_lines_do_not_have_is_refused() {
    let text = written(&night(3));
    let class: serde_json::Value = serde_json::from_str(&text).unwrap();
    let hash = class["classes"][0]["hash"].as_str().unwrap().to_owned();
    for (wrong, why) in [
        (text.replace(&hash, &"0".repeat(64)), "not what its hash names"),
        (
            text.replace(r#""may_cut":"#, r#""x":"#).replace(r#""lifeline":"console""#, r#""lifeline":"unknown""#),
            "hash",
        ),
        (
            text.replacen(r#""values":["c00001-r1""#, r#""values":["c00002-r1""#, 1),
            "its class is not that of its lines",
        ),
        (text.replacen(r#""class":0"#, r#""class":7"#, 1), "its class is not that of its lines"),
        (text.replacen("c00001-r1\",\"site", "c00002-r1\",\"site", 1), "twice"),
        (text.replacen(r#""device":"#, r#""device":9999999, "x":"#, 1), "x"),
        (text.replacen(r#""commands":"#, r#""commands":"0-4294967290","x":"#, 1), "x"),
    ] {
        let Err(error) = read_text(&wrong) else { panic!("{why}") };
        assert!(error.text().en.contains(why), "{why}: {}", error.text().en);
    }
}

#[test]
fn a_file_whose_parts_would_be_taken_for_others_is_refused() {
    let plan = |change: fn(&mut serde_json::Value)| {
        let mut document: serde_json::Value = serde_json::from_str(&file("plan-3/plan.json")).unwrap();
        change(&mut document["routers"][0]);
        read(Path::new("plan.json"), document.to_string().as_bytes()).map(|_| ()).map_err(|error| error.text().en)
    };
    assert_eq!(plan(|_| ()), Ok(()));
    for (change, why) in [
        ((|entry| entry["diff"] = "+x\nUndo (1 line)\n".into()) as fn(&mut serde_json::Value), "of no difference"),
        (|entry| entry["undo"][0] = "exit\nhostname evil".into(), "control character"),
        (|entry| entry["alternatives"] = serde_json::json!(["line 1: a\u{1b}"]), "control character"),
        (|entry| entry["commands"] = serde_json::json!([]), "no commands"),
    ] {
        let refused = plan(change).unwrap_err();
        assert!(refused.contains(why), "{why}: {refused}");
    }
}

#[test]
fn a_router_that_an_earlier_run_left_open_keeps_what_was_sent_to_it_and_its_advice() {
    let mut lost = night(1).unplanned.remove(0);
    assert_eq!((lost.outcome().sent, lost.outcome().advice), (0, None));
    let before =
        Outcome { sent: 3, planned: 8, causes: vec![lost.cause.clone()], ..Outcome::new("off-r1", "off", State::Lost) };
    lost = Unplanned::of(&before).unwrap();
    let file = written(&night(1).with_unplanned(vec![lost]));
    let again = read_text(&file).unwrap().unplanned[0].outcome();
    assert_eq!((again.state, again.sent, again.planned), (State::Lost, 3, 8));
    assert!(again.advice.unwrap().now.en.contains("ixdeploy resume"));
}

/// Two tests, as a file keeps them.
const TESTS: &str = r#"[{"name":"dns","role":"r","title":{"en":"","ja":""},"clinic":true,"lan":"192.0.2.0/24","attempt":{"connect":"192.0.2.1:80"},"within":10},{"name":"closed","role":"r","title":{"en":"","ja":""},"clinic":true,"lan":"192.0.2.0/24","attempt":{"connect":"192.0.2.9:80"},"negative":true,"within":10}]"#;

#[test]
fn tests_from_the_laptop_are_kept_once_for_those_tested_alike_and_a_file_without_them_is_as_it_was() {
    let tests: Vec<LaptopCheck> = serde_json::from_str(TESTS).unwrap();
    let plain = night(3);
    assert!(!written(&plain).contains("hand_over"), "a file of before is written as before");
    assert!(read_text(&written(&plain)).unwrap().hand_over.is_empty(), "and read");
    let routers = ["c00000-r1", "c00001-r1", "c00002-r1", "off-r1"];
    let each = [&tests[..], &tests[..1], &tests[..], &tests[..]];
    let plan = night(3).with_tests(routers.into_iter().zip(each));
    let named: Vec<&[String]> = plan.hand_over.groups().iter().map(|group| &*group.routers).collect();
    assert_eq!(named, [&["c00000-r1", "c00002-r1"][..], &["c00001-r1"]], "one without a plan is not handed over");
    let text = written(&plan);
    let mut read = read_text(&text).unwrap();
    assert_eq!(read.hand_over, plan.hand_over);
    assert_eq!(written(&read), text, "read and written it is the same file, with the same hash");
    assert_eq!(read.hand_over.by_router()["c00001-r1"], &tests[..1]);
    read.retain(|router, _| router == "c00002-r1");
    assert_eq!(read.hand_over.by_router().into_keys().collect::<Vec<_>>(), ["c00002-r1"]);
    for (wrong, why) in [
        (text.replacen(r#"["c00001-r1"]"#, r#"["c00009-r1"]"#, 1), "has no plan or is named twice"),
        (text.replacen(r#"["c00001-r1"]"#, r#"["c00000-r1"]"#, 1), "has no plan or is named twice"),
        (text.replacen("192.0.2.9:80", "192.0.2.9", 1), "connects to an address that is none"),
    ] {
        let Err(error) = read_text(&wrong) else { panic!("{why}") };
        assert!(error.text().en.contains(why), "{why}: {}", error.text().en);
    }
}

#[test]
fn plans_that_differ_in_what_is_tried_out_from_the_laptop_are_not_the_same() {
    let tests: Vec<LaptopCheck> = serde_json::from_str(TESTS).unwrap();
    let with = |tests| night(3).with_tests([("c00001-r1", tests)]);
    let (one, other) = (with(&tests[..]), with(&tests[..1]));
    assert!(PlanDiff::of(&one, &with(&tests[..])).is_same());
    for (old, new) in [(&one, &other), (&other, &one), (&one, &night(3)), (&night(3), &one)] {
        let diff = PlanDiff::of(old, new);
        assert_eq!((diff.other_tests.as_slice(), diff.is_same()), (&["c00001-r1".to_owned()][..], false));
    }
}
