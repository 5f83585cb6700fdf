//! No line of a plan or of its undo leaves a router without the administrator it had.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is the point")]

use super::administrator::stays;
use super::{Lifeline, LifelinePath, PlanError, between, exactly};
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::message::Explain;

const ADMIN: &str = "username admin password hash 01@ administrator\n";
const OTHER: &str = "username other password hash 02@ administrator\n";
const MONITOR: &str = "username admin password hash 01@ monitor\n";

fn way(old: &str, new: &str) -> Result<Vec<String>, PlanError> {
    let (old, new) = (Config::parse(Dialect::ix(), old), Config::parse(Dialect::ix(), new));
    exactly(&old, &new, &Lifeline::Console, 255)
        .map(|plan| plan.commands.iter().map(|command| command.text.to_string()).collect())
}

#[test]
fn the_last_administrator_stays() {
    for new in ["hostname b\n".to_owned(), format!("hostname b\n{MONITOR}")] {
        let error = way(&format!("hostname a\n{ADMIN}"), &new).unwrap_err();
        assert_eq!(error.code(), "plan.no-administrator");
        let PlanError::NoAdministrator { number: 2, line, undo: false, reverts: false } = &error else {
            panic!("{error:?}")
        };
        assert!(!line.contains("01@"), "a hash is a secret: {line}");
        assert!(error.hints()[0].en.starts_with("keep one user"), "{:?}", error.hints());
        let of_an_undo = error.of_a_reverted_run();
        let hints = of_an_undo.hints();
        assert!(hints[0].en.contains("`ixdeploy show RUN --undo` prints the lines"), "{hints:?}");
        assert!(hints.iter().all(|hint| !hint.en.starts_with("keep one user") && !hint.ja.is_empty()), "{hints:?}");
    }
}

#[test]
fn a_router_without_one_may_stay_so_and_may_get_one() {
    assert_eq!(way(MONITOR, "").unwrap().len(), 1);
    assert_eq!(way("", ADMIN).unwrap().len(), 1);
    assert!(way(MONITOR, ADMIN).is_ok());
}

#[test]
fn the_new_administrator_is_added_before_the_old_one_is_removed() {
    let lifelines = [
        Lifeline::Unknown,
        Lifeline::Console,
        Lifeline::Path(LifelinePath { interface: Some("GigaEthernet0.0".to_owned()), ..LifelinePath::default() }),
    ];
    let swapped = format!("{MONITOR}{OTHER}");
    let demoted = "username other password hash 02@ monitor\n";
    for lifeline in &lifelines {
        for (old, new) in [
            (ADMIN.to_owned(), OTHER.to_owned()),
            (OTHER.to_owned(), ADMIN.to_owned()),
            (format!("{ADMIN}{demoted}"), swapped.clone()),
            (swapped.clone(), format!("{ADMIN}{demoted}")),
            (ADMIN.to_owned(), swapped.clone()),
            (swapped.clone(), ADMIN.to_owned()),
        ] {
            let (old, new) = (Config::parse(Dialect::ix(), old), Config::parse(Dialect::ix(), new));
            let plan = between(&old, &new, lifeline, 255).unwrap();
            stays(&old, &plan).unwrap();
        }
    }
}

#[test]
fn undo_restores_a_router_without_administrators() {
    let (old, new) = (Config::parse(Dialect::ix(), ADMIN), Config::parse(Dialect::ix(), ""));
    assert!(between(&old, &new, &Lifeline::Console, 255).is_ok());
    assert!(exactly(&old, &new, &Lifeline::Console, 255).is_err());
}
