//! An intent is the same when it was written out and read again; what does not fit is refused.

#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::sync::Arc;
use std::time::Duration;

use super::{AccessPath, Bounds, ExpectedDevice, HostName, Intent};
use crate::connect::PasswordLogin;
use crate::dialect::Dialect;
use crate::dialect::model::{self, Model};
use crate::facts::Fact;
use crate::ix::{Config, ConfigText, Identity};
use crate::message::{Explain, Text};
use crate::plan::{Knowledge, Lifeline, LifelinePath, Ownership};
use crate::playbook::{Check, Expectation, Level, Phase};
use crate::secret::CredentialName;
use crate::transaction::{Desired, PreconditionError, Reverse, Terms, TransactionError, Withheld};

/// An intent in which every field says something.
fn full(desired: Desired) -> Intent {
    let fact = Fact {
        file: "IX2106.yaml".to_owned(),
        sha256: "ab".repeat(32),
        identity: Identity {
            model: Some("IX2106".to_owned()),
            serial_number: Some("SN0".to_owned()),
            firmware: Some("10.9.34".to_owned()),
            host_name: None,
        },
        reviewed_by: "Sato".to_owned(),
        factory: Some(ConfigText::new("timezone +09 00\n")),
        removal: Arc::from(["no description".to_owned()]),
        router_made: Arc::from(["interface GigaEthernet0.1 / auto-connect".to_owned()]),
    };
    let path = LifelinePath {
        interface: Some("GigaEthernet0.0".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        switch_port: Some(("GigaEthernet2".to_owned(), 1)),
        filters: vec!["mgmt".to_owned()],
        routes: vec!["default 192.0.2.254".to_owned()],
        outer_path: Some("through the VPN".to_owned()),
    };
    let check = Check {
        name: "ping".to_owned(),
        role: "url-list".to_owned(),
        title: Text::new("reachable", "到達可能"),
        phase: Phase::Clinic,
        level: Level::Required,
        command: "ping 192.0.2.254".to_owned(),
        expect: vec![
            Expectation::Matches("(?m:^5 packets)".to_owned().try_into().unwrap()),
            Expectation::NotContains("100% loss".to_owned()),
        ],
        within: Some(30),
        own: Vec::new(),
    };
    Intent {
        router: "sato-r1".to_owned(),
        site: "sato".to_owned(),
        roles: vec!["url-list".to_owned()],
        device: ExpectedDevice {
            model: model::find("IX2106").unwrap(),
            fact: Some(Arc::new(fact)),
            serial_number: Some("SN1".to_owned()),
            host_name: Some(HostName { name: "sato".to_owned(), boxes: vec!["SN1".to_owned()] }),
        },
        desired,
        terms: Terms {
            allow_reload: true,
            max_line: 120,
            min_firmware: Some("10.2.16".parse().unwrap()),
            owns: Ownership::parse(&["all", "username"]).unwrap(),
            checks: vec![check],
            ..Terms::default()
        },
        path: AccessPath {
            lifeline: Lifeline::Path(path),
            dialled: Some("192.0.2.1".to_owned()),
            second_way: Some("serial COM3".to_owned()),
            through: vec!["sato-r0".to_owned()],
            login: Some(PasswordLogin {
                user: "admin".to_owned(),
                credential: CredentialName::new("admin-password").unwrap(),
            }),
            gives_back: Some(PasswordLogin {
                user: "admin".to_owned(),
                credential: CredentialName::new("earlier-password").unwrap(),
            }),
        },
        bounds: Bounds { idle: Duration::from_millis(1500), ..Bounds::default() },
        rehearse_on_mock: true,
    }
}

fn rendered() -> Desired {
    Desired::Rendered(ConfigText::new("username admin password secret <<admin-password>>\nhostname sato\n"))
}

#[test]
fn an_intent_read_back_is_the_intent_that_was_written() {
    for desired in [Desired::Unchanged, rendered()] {
        let intent = full(desired);
        let written = serde_json::to_string(&intent).unwrap();
        let read: Intent = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        assert_eq!(format!("{read:?}"), format!("{intent:?}"), "a field that is not written is lost");
    }
}

#[test]
fn a_model_is_named_and_an_unknown_one_refused() {
    let written = serde_json::to_value(full(rendered())).unwrap();
    assert_eq!(written["device"]["model"], "IX2106");
    let mut other = written;
    other["device"]["model"] = "IX9999".into();
    assert!(serde_json::from_value::<Intent>(other).unwrap_err().to_string().contains("IX9999"));
    let known: &'static Model = serde_json::from_str("\"IX2215\"").unwrap();
    assert_eq!(known.name, "IX2215");
}

#[test]
fn a_check_that_does_more_than_look_and_a_field_of_another_version_are_refused() {
    let written = serde_json::to_value(full(rendered())).unwrap();
    for (place, value) in [
        ("/terms/checks/0/command", "write memory"),
        ("/terms/checks/0/expect/0/matches", "("),
        ("/terms/min_firmware", "x"),
    ] {
        let mut other = written.clone();
        *other.pointer_mut(place).unwrap() = value.into();
        assert!(serde_json::from_value::<Intent>(other).is_err(), "{place}");
    }
    let mut other = written;
    other["surprise"] = true.into();
    assert!(serde_json::from_value::<Intent>(other).is_err());
}

#[test]
fn a_whole_configuration_is_written_without_its_secrets_and_not_planned_without_them() {
    let before =
        Config::parse(Dialect::ix(), "username admin password secret hunter2hunter2 administrator\nhostname sato\n");
    let reverse = Arc::new(Reverse { before: before.clone().into(), after: Config::empty(Dialect::ix()).into() });
    let whole = Desired::Whole(before.clone().into());
    for (desired, kind) in [(whole, "whole"), (Desired::Reverted { run: "r7".to_owned(), reverse }, "reverted")] {
        let intent = full(desired);
        let written = serde_json::to_string(&intent).unwrap();
        assert!(!written.contains("hunter2") && written.contains(kind), "{written}");
        assert!(!format!("{:?}", intent.desired.text()).contains("hunter2"));
        let read: Intent = serde_json::from_str(&written).unwrap();
        assert!(matches!(&read.desired, Desired::Withheld(_)));
        assert_eq!(serde_json::to_string(&read).unwrap(), written, "what was left out once stays left out");
        let plan =
            read.plan(&Config::parse(Dialect::ix(), "hostname other\n"), &Lifeline::Console, &|_| Knowledge::Unknown);
        let error = plan.unwrap_err();
        assert!(matches!(error, TransactionError::Precondition(PreconditionError::Withheld { .. })));
        assert_eq!(error.code(), "plan-file.withheld");
    }
    let masked = Withheld::Whole(String::new());
    assert!(Desired::Withheld(masked).text().is_none());
}

#[test]
fn a_reference_in_a_whole_configuration_is_met_only_by_a_secret_that_is_known_to_be_there() {
    let wanted = "hostname sato\nusername admin password plain 1 <secret:admin-password> administrator\n";
    let shown = Config::parse(Dialect::ix(), "hostname sato\nusername admin password hash 01@ administrator\n");
    let intent = full(Desired::Whole(ConfigText::new(wanted)));
    let lines = |knowledge| {
        let plan = intent.plan(&shown, &Lifeline::Console, &|_| knowledge).unwrap();
        plan.commands.iter().map(|command| command.text.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(lines(Knowledge::Same), [""; 0]);
    assert_eq!(lines(Knowledge::Unknown), ["username admin password plain 1 <secret:admin-password> administrator"]);
    assert_eq!(intent.password_for("admin").unwrap().as_str(), "admin-password");
}

#[test]
fn an_intent_that_changes_nothing_plans_nothing() {
    let running = Config::parse(Dialect::ix(), "hostname sato\nusername admin password secret abc administrator\n");
    let plan = full(Desired::Unchanged).plan(&running, &Lifeline::Unknown, &|_| Knowledge::Unknown).unwrap();
    assert!(plan.is_empty());
}
