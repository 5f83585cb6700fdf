//! Secrets: planted in credentials and in the router's own user, PPP and IKE lines, and searched for in everything the program
//! prints or writes. The search itself is in the harness and runs in every test; here the places where a leak is likely.

use mock_device::{Fault, Start, When};

use crate::harness::{Bench, DEVICE_SECRETS, Declared, PASSWORD, playbook, prepared, router3};

/// A prepared router whose own configuration holds secrets in clear, as old firmware shows them.
pub fn full_of_secrets(id: &str) -> (mock_device::RouterSpec, Declared) {
    let mut spec = prepared(id);
    let base = Bench::new(vec![(spec.clone(), router3(id))]).running(id);
    let [ppp, ike, _] = DEVICE_SECRETS;
    let secrets = format!(
        "ppp profile isp\n  authentication password clinic@isp.example {ppp}\n\
         ike policy peer1 peer 198.51.100.9 key {ike} prop1\n"
    );
    spec.start = Start::Config(format!("{base}{secrets}"));
    (spec, router3(id))
}

#[test]
fn the_search_finds_what_it_should() {
    // A canary that is found nowhere may also be one that was never planted.
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    let running = bench.mock.running_config("r3").unwrap();
    for secret in &DEVICE_SECRETS[..2] {
        assert!(running.contains(secret), "{running}");
    }
    let leaked = std::panic::catch_unwind(|| crate::harness::assert_clean("a test", &running));
    assert!(leaked.is_err());
}

#[test]
fn a_plan_that_removes_secret_lines_shows_none_of_them() {
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    // The role owns all: the PPP profile and the IKE policy are to go, and to come back in the undo.
    let plan = bench.plan(&["--undo", "-o", "plan.json"]).exits(2).says("********");
    assert!(plan.stdout.contains("ppp profile isp"), "{}", plan.stdout);
    let kept = std::fs::read_to_string(bench.path("plan.json")).unwrap();
    crate::harness::assert_clean("plan.json", &kept);
    let words = ["--format", "json", "plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--undo"];
    bench.run(&words).exits(2);
}

#[test]
fn a_push_that_fails_after_secret_lines_brings_them_back_unseen() {
    let (mut spec, declared) = full_of_secrets("r3");
    spec.faults = vec![Fault::refuse(When::matching("^interface GigaEthernet2:3.0"))];
    let bench = Bench::new(vec![(spec, declared)]);
    let before = bench.snapshot("r3");
    bench.apply(&["--phase", "bench"]).exits(3);
    assert_eq!(bench.snapshot("r3"), before, "the undo entered the very same secrets");
}

/// A router 3 that gets a second administrator over SSH, which needs an explicit word; it quotes whole lines when it refuses them.
pub fn second_administrator(faults: Vec<Fault>) -> Bench {
    let mut spec = prepared("r3");
    spec.faults = faults;
    spec.readings.quote = mock_device::scenario::Quote::WholeLine;
    let declared = Declared {
        vars: "ntt_area: west, management: true, management_user: second, management_password: new-password, \
               management_allowed: [198.51.100.0/24], management_address: 192.0.2.66/28"
            .to_owned(),
        ..router3("r3")
    };
    let bench = Bench::new(vec![(spec, declared)]);
    let text = std::fs::read_to_string(playbook("online-eligibility.yaml")).unwrap();
    std::fs::write(bench.path("lifeline.yaml"), format!("{text}allow_lifeline_change: true\n")).unwrap();
    crate::identity::copy_folder(std::path::Path::new(&playbook("roles")), &bench.path("roles"));
    bench
}

/// Applies it.
pub const APPLY_SECOND: [&str; 7] = ["apply", "lifeline.yaml", "-i", "clinics.yaml", "--yes", "--phase", "bench"];

#[test]
fn a_refused_secret_line_is_named_by_its_number_alone() {
    // A router quotes what it refuses. This one refuses the line that sets a new administrator's password.
    let refusal = Some("% {0} -- Invalid command.".to_owned());
    let refuse = Fault::Refuse { when: When::matching("^username second"), text: refusal, times: 1 };
    let run = second_administrator(vec![refuse]).run(&APPLY_SECOND).exits(3).says("router.refused-line");
    assert!(!run.stdout.contains("refused line `username"), "{}", run.stdout);
}

#[test]
fn a_link_cut_at_a_secret_line_is_undone_although_its_hash_is_unknown() {
    for executed in [true, false] {
        let cut = Fault::Drop { when: When::matching("^username second"), executed, times: 1 };
        let bench = second_administrator(vec![cut]);
        let before = bench.snapshot("r3");
        bench.run(&APPLY_SECOND).exits(3).says("lost").says("undone: read again, equals the backup");
        assert_eq!(bench.snapshot("r3"), before);
    }
}

#[test]
fn a_link_cut_after_a_secret_line_is_undone() {
    let bench = second_administrator(vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))]);
    let before = bench.snapshot("r3");
    bench.run(&APPLY_SECOND).exits(3).says("lost").says("undone: read again, equals the backup");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_masked_backup_holds_no_secret_and_says_that_it_cannot_be_restored() {
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "masked", "--mask"]).exits(0);
    let text = std::fs::read_to_string(bench.path("masked/r3/running.cfg")).unwrap();
    assert!(text.starts_with("! masked backup"), "{text}");
    crate::harness::assert_clean("a masked backup", &text);
}

#[test]
#[cfg(unix)]
fn an_unmasked_backup_is_for_its_owner_alone_and_never_in_a_work_tree() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "whole"]).exits(0);
    let file = bench.path("whole/r3/running.cfg");
    assert!(std::fs::read_to_string(&file).unwrap().contains(DEVICE_SECRETS[0]), "an unmasked backup restores");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::create_dir_all(bench.path("tree/.git")).unwrap();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "tree/backup"]).exits(1).says("backup.git");
    assert!(!bench.path("tree/backup").exists());
}

#[test]
fn an_unavailable_secret_stops_the_run_before_the_first_line() {
    let bench = second_administrator(Vec::new());
    let before = bench.snapshot("r3");
    let output = bench.command(&APPLY_SECOND).env_remove("TEST_NEW_PASSWORD").output().unwrap();
    bench.finish(output).exits(3).says("refused");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_password_in_yaml_is_refused_and_not_repeated() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let plain = inventory.replace("password: admin-password", &format!("password: {PASSWORD}"));
    assert_ne!(inventory, plain);
    std::fs::write(bench.path("clinics.yaml"), plain).unwrap();
    bench.check().exits(1).says("clinics.yaml");
    assert!(bench.events("r3").is_empty());
}
