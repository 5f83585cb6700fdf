//! A kit and a box in another one's place: what the kit holds for it, and which state the box gets.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::fs;
use std::sync::Arc;

use super::tests::{INVENTORY, Places, code};
use super::{build_kit, show_kit};
use crate::ix::ConfigText;
use crate::record::ReplacedBox;
use crate::run::known_states::{KnownRouter, KnownStates};
use crate::run::old_box::old_box;
use crate::transaction::KnownState;

/// What a kit has of `r1`.
fn of_kit(saved_ms: i64, is_unverified: bool) -> KnownStates {
    let configuration = ConfigText::new("hostname of-the-kit\n");
    let state = KnownState { day: "2026-12-01".to_owned(), configuration, is_asked: true };
    let was = ReplacedBox { router: "r1".to_owned(), run: "kits-run".to_owned(), ..ReplacedBox::default() };
    KnownStates::new([KnownRouter { state: Arc::new(state), was, is_unverified, saved_ms }])
}

#[test]
fn another_box_gets_the_later_of_the_states_that_the_kit_and_this_journal_have() {
    let place = Places::new();
    let laptop = place.laptop();
    let taken = |kit: &KnownStates| old_box(&laptop, kit, "r1").unwrap().replaced.run;
    assert_eq!(taken(&of_kit(0, false)), "kits-run", "this journal has none");
    let run = place.saved_run(&laptop);
    assert_eq!(taken(&of_kit(0, false)), run, "saved here after the kit was built");
    assert_eq!(taken(&of_kit(i64::MAX, false)), "kits-run");
    assert_eq!(taken(&KnownStates::default()), run);
    let old = old_box(&laptop, &of_kit(0, false), "r1").unwrap();
    assert_eq!(old.replaced.serial_number.as_deref(), Some("2001A00001"), "the box is the one of that state");
    assert!(!old.configuration.as_str().contains("of-the-kit"));
}

#[test]
fn a_proven_state_comes_before_a_later_one_that_is_not() {
    let place = Places::new();
    let laptop = place.laptop();
    let run = place.saved_run(&laptop);
    let old = old_box(&laptop, &of_kit(i64::MAX, true), "r1").unwrap();
    assert_eq!((old.replaced.run, old.unverified), (run, false));
}

#[test]
fn a_kit_has_the_declared_passwords_that_another_box_would_need() {
    let place = Places::new();
    let declared = INVENTORY.replace("  unused:", "  r1.username-admin: { prompt: swap }\n  unused:");
    fs::write(place.path("clinics.yaml"), declared).unwrap();
    let office = place.office();
    place.saved_run(&office);
    let built = build_kit(&office, &place.request()).unwrap();
    assert_eq!(built.credentials, ["admin-password", "r1.username-admin"]);
    let shown = show_kit(&place.laptop(), &place.path("sato.kit")).unwrap();
    assert_eq!(shown.credentials, built.credentials);
}

#[test]
fn a_declared_password_of_another_box_without_a_value_stops_the_kit() {
    let place = Places::new();
    let declared = INVENTORY.replace("  unused:", "  r1.username-admin: { env: IXDEPLOY_TEST_NOT_SET }\n  unused:");
    fs::write(place.path("clinics.yaml"), declared).unwrap();
    let office = place.office();
    place.saved_run(&office);
    assert_eq!(code(&build_kit(&office, &place.request()).unwrap_err()), "secret.env-missing");
}
