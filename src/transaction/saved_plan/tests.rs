//! Saved plans of every version are read.

#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::SavedPlan;
use crate::dialect::Dialect;
use crate::dialect::model::{self, Model};
use crate::ix::ConfigText;
use crate::plan::Ownership;
use crate::playbook::OnLoss;
use crate::transaction::{Desired, Withheld};

/// The first router of a plan file that an earlier version wrote.
fn earlier(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["routers"][0].take()
}

fn ix2215() -> &'static Model {
    model::find("IX2215").unwrap()
}

#[test]
fn the_intent_is_read_from_saved_plans_of_every_version() {
    for file in ["plan-2/plan.json", "0.1.0/plans/router3/plan.json", "0.1.0/plans/offline/plan.json"] {
        let kept = earlier(file);
        let plan = SavedPlan::read(&kept, ix2215()).unwrap();
        let intent = &plan.intent;
        assert_eq!(intent.router, kept["router"].as_str().unwrap(), "{file}");
        assert_eq!(intent.desired.shown(), kept["desired"].as_str().unwrap(), "{file}");
        assert!(!intent.desired.is_whole(), "{file}");
        assert_eq!(serde_json::to_value(&intent.terms.owns).unwrap(), kept["owns"], "{file}");
        assert_eq!(serde_json::to_value(&intent.terms.checks).unwrap(), kept["checks"], "{file}");
        assert_eq!(serde_json::to_value(&plan.seen).unwrap(), kept["seen"], "{file}");
        assert_eq!(plan.commands.len(), kept["commands"].as_array().unwrap().len(), "{file}");
        assert_eq!(plan.alternatives.is_some(), kept.get("alternatives").is_some(), "{file}");
        // In the present form it is the same plan.
        let present = serde_json::to_value(&plan).unwrap();
        assert_eq!(serde_json::to_value(SavedPlan::read(&present, ix2215()).unwrap()).unwrap(), present, "{file}");
    }
}

#[test]
fn the_origins_of_lines_are_read_with_the_intent_and_older_plans_have_none() {
    let third = earlier("plan-3/plan.json");
    assert!(!SavedPlan::read(&third, ix2215()).unwrap().has_origins());
    let mut kept = third;
    kept["intent"]["desired"]["rendered"] = json!({
        "text": "url-list online-sikaku permit domain *onshikaku.org\n",
        "origins": { "files": ["url-list.ix.j2", "role.yaml"], "lines": ["0:3"], "owns": { "url-list online-sikaku": "1:9" } },
    });
    let plan = SavedPlan::read(&kept, ix2215()).unwrap();
    let origins = plan.intent.desired.text().and_then(ConfigText::origins).unwrap();
    assert_eq!(origins.of_line(1).unwrap().to_string(), "url-list.ix.j2:3");
    assert_eq!(origins.of_owner("url-list online-sikaku").unwrap().to_string(), "owns: role.yaml:9");
    assert_eq!(serde_json::to_value(&plan).unwrap(), kept);
}

#[test]
fn a_whole_configuration_saved_masked_is_withheld_in_every_version() {
    let mut kept = earlier("plan-2/plan.json");
    kept["exact"] = true.into();
    kept["desired"] = "username admin password hash ********\n".into();
    // A run that only restarted has seen nothing, so its model is the inventory's.
    kept["seen"]["model"] = "".into();
    let plan = SavedPlan::read(&kept, ix2215()).unwrap();
    assert!(matches!(&plan.intent.desired, Desired::Withheld(Withheld::Whole(masked)) if masked.contains("***")));
    assert_eq!(plan.intent.device.model.name, "IX2215");
    assert!(super::EarlierPlan::deserialize(&kept).unwrap().for_seen_model().is_err(), "a file must name it");
    let present = serde_json::to_value(&plan).unwrap();
    assert!(matches!(SavedPlan::read(&present, ix2215()).unwrap().intent.desired, Desired::Withheld(_)));
}

#[test]
fn a_role_that_owns_lines_of_another_series_too_can_be_read_again() {
    let mut plan = SavedPlan::read(&earlier("plan-2/plan.json"), ix2215()).unwrap();
    let owned = ["interface * ssh-server"];
    for entry in owned {
        assert!(Ownership::parse(&[entry]).unwrap().check(Dialect::ix().grammar()).is_err(), "{entry} is not an IX's");
    }
    Arc::make_mut(&mut plan.intent).terms.owns = Ownership::parse(&owned).unwrap();
    let kept = serde_json::to_value(&plan).unwrap();
    assert!(SavedPlan::read(&kept, ix2215()).is_ok());
}

#[test]
fn permissions_and_connection_come_from_the_current_command_not_the_saved_plan() {
    let plan = SavedPlan::read(&earlier("plan-2/plan.json"), ix2215()).unwrap();
    let mut today = (*plan.intent).clone();
    today.desired = Desired::Unchanged;
    today.terms.adopt = true;
    today.terms.lost = OnLoss::Ask;
    today.terms.checks.clear();
    today.path.dialled = Some("192.0.2.9".to_owned());
    today.device.serial_number = Some("SN1".to_owned());
    let intent = plan.intent_for(&today);
    assert_eq!(intent.desired.shown(), plan.intent.desired.shown());
    assert!(intent.terms.adopt && intent.terms.lost == OnLoss::Nearest && !intent.terms.checks.is_empty());
    assert_eq!((intent.path.dialled, intent.device.serial_number), (today.path.dialled, today.device.serial_number));
}

#[test]
fn a_saved_plan_that_owns_an_unknown_command_is_refused() {
    for (form, place) in [(earlier("plan-2/plan.json"), "/owns"), (present(), "/intent/terms/owns")] {
        for owns in [json!(["url-lst online"]), json!([""])] {
            let mut kept = form.clone();
            *kept.pointer_mut(place).unwrap() = owns;
            assert!(SavedPlan::read(&kept, ix2215()).is_err(), "{place}");
        }
    }
}

fn present() -> Value {
    serde_json::to_value(SavedPlan::read(&earlier("plan-2/plan.json"), ix2215()).unwrap()).unwrap()
}
