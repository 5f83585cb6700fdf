//! What the model says, and first of all what a page says of a router that is not done.

use std::collections::BTreeMap;

use super::{BEGAN, PLAIN, Records, checked, failed, saved, sent};
use crate::message::{Lang, Text};
use crate::record::{ConnectionRecord, FirstUseRecord, HostKeyProof, Kind, LineRecord, ProvenHostKey};
use crate::report::work::{Moment, Proof};
use crate::report::{Languages, WorkRecord, html, markdown, work_csv, work_page};
use crate::run::sha256;
use crate::state::State;

#[test]
fn a_saved_router_has_its_proofs_from_what_was_read_again() {
    let record = saved(&PLAIN);
    let one = &record.routers[0];
    assert_eq!((one.state, one.save.proof, one.restart.proof), (State::Saved, Proof::Proven, Proof::NotDone));
    assert_eq!(one.save.at, Some(Moment::of_ms(BEGAN + 13_000)));
    // Sent with record 8, proven by record 10.
    assert_eq!((one.outage.seconds, one.outage.known_gaps), (Some(2), None));
    assert_eq!((one.model.as_deref(), one.serial_number.as_deref()), (Some("IX2215"), Some("0012345")));
    assert!(one.serial_proof.as_ref().unwrap().en.contains("the one that the inventory"), "{:?}", one.serial_proof);
    assert_eq!(one.guesses[0].text, "hostname sato-r1");
    assert!(one.checks[0].is_negative && one.checks[0].answer.as_deref().unwrap().contains("Interface is up"));
    assert_eq!(one.checks[0].expected[0].en, "does not contain `down`");
    let deviations: Vec<_> = one.deviations.iter().map(|one| (one.what.en.as_str(), one.reason.as_deref())).collect();
    assert_eq!(deviations.len(), 2, "{deviations:?}");
    assert_eq!(deviations[0].1, Some("the clinic asked for it"));
    assert!(deviations[1].0.contains("--record-host-key"), "{deviations:?}");
    assert_eq!(record.run.journal.head, Some(format!("{:064x}", 16)));
    assert_eq!(record.run.states, BTreeMap::from([("saved", 1)]));
    // A line and its answer are one step.
    let line = one.steps.iter().find(|step| step.kind == "sending").unwrap();
    assert_eq!((line.command.as_deref(), line.ok), (Some("hostname sato-r1"), Some(true)));
    assert!(line.answered.is_some() && !one.steps.iter().any(|step| step.kind == "answered"));
}

#[test]
fn an_undone_router_is_proven_undone_and_a_lost_one_says_what_to_do_first() {
    let undone = failed(&PLAIN, State::Undone);
    let rollback = &undone.routers[0].rollback;
    assert!(rollback.sent == 1 && rollback.proven.is_some(), "{rollback:?}");
    assert_eq!(undone.routers[0].save.proof, Proof::NotDone);
    let lost = failed(&PLAIN, State::Lost);
    assert_eq!(lost.routers[0].outage.seconds, None, "what was not read again has no length");
    for (lang, resume, call) in [(Lang::En, "ixdeploy resume", "whom to call"), (Lang::Ja, "ixdeploy resume", "連絡先")]
    {
        let shown = html(&work_page(&lost), Languages::One(lang));
        let alert = shown.find("class=\"alert\"").unwrap();
        assert!(alert < shown.find("<h2").unwrap(), "first of all");
        let first = &shown[alert..shown.find("<h2").unwrap()];
        assert!(first.contains(resume) && first.contains(call) && first.contains("お手数ですが"), "{first}");
    }
}

#[test]
fn what_the_records_do_not_hold_is_said_to_be_not_recorded() {
    let mut records = Records::default();
    records.add("r1", Kind::Moved { state: State::Locked });
    let record = WorkRecord::of(&records.evidence());
    let shown = markdown(&work_page(&record), Languages::One(Lang::En));
    for said in ["| approved by | not recorded |", "| serial number | not recorded |", "the run has not ended"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
}

#[test]
fn a_line_that_does_not_fit_is_a_deviation_and_one_that_does_is_none() {
    let deviations = |misfits: Vec<Text>| {
        let mut records = Records::default();
        let seems = Text::new("GigaEthernet0.0: link: up", "GigaEthernet0.0: リンク: あり");
        let line = LineRecord { interface: "GigaEthernet0.0".to_owned(), prefix: None, seems, misfits };
        records.add("r1", Kind::LineSeen(line));
        let record = WorkRecord::of(&records.evidence());
        record.routers[0].deviations.iter().map(|one| one.what.en.clone()).collect::<Vec<_>>()
    };
    assert_eq!(deviations(Vec::new()), [""; 0]);
    let found = deviations(vec![Text::new("only RA", "RA のみ")]);
    assert_eq!(found, ["the access line does not fit (GigaEthernet0.0: link: up): only RA"]);
}

#[test]
fn what_the_router_showed_before_the_change_is_beside_what_it_showed_after() {
    let mut records = Records::default();
    let before = Kind::CheckedBefore {
        check: "wan".to_owned(),
        role: "router1".to_owned(),
        passed: Some(false),
        unmet: Text::default(),
        answer: Some("Interface is down\n".to_owned()),
    };
    sent(&mut records, &PLAIN);
    records.add(PLAIN.router, before).add(PLAIN.router, checked(&PLAIN));
    let shown = html(&work_page(&WorkRecord::of(&records.evidence())), Languages::One(Lang::En));
    let (down, up) = (shown.find("Interface is down").unwrap(), shown.find("Interface is up").unwrap());
    assert!(down < up && shown.contains("before the change"), "{shown}");
    assert!(!shown.contains("Displays before the change: not recorded"), "{shown}");
}

/// A check that only shows, as it was read before the change.
fn shown_before(answer: Option<&str>) -> Kind {
    let unmet = if answer.is_some() { Text::default() } else { Text::new("comes at all", "応答があること") };
    Kind::CheckedBefore {
        check: "wan".to_owned(),
        role: "router1".to_owned(),
        passed: None,
        unmet,
        answer: answer.map(str::to_owned),
    }
}

#[test]
fn a_display_before_that_was_not_judged_is_recorded_and_one_that_was_refused_says_so() {
    for (answer, before, lines) in
        [(Some("Interface is down\n"), "| recorded |", true), (None, "| refused by the router |", false)]
    {
        let mut records = Records::default();
        sent(&mut records, &PLAIN);
        records.add(PLAIN.router, shown_before(answer)).add(PLAIN.router, checked(&PLAIN));
        let record = WorkRecord::of(&records.evidence());
        let shown = markdown(&work_page(&record), Languages::One(Lang::En));
        assert!(shown.contains(before) && shown.contains("Interface is down") == lines, "{shown}");
        let csv = work_csv(&record, Languages::One(Lang::En));
        assert_eq!(csv.contains("Interface is down"), lines, "{csv}");
    }
}

#[test]
fn a_router_that_was_undone_before_its_checks_keeps_what_they_showed_before_the_change() {
    let mut records = Records::default();
    sent(&mut records, &PLAIN);
    records.add(PLAIN.router, shown_before(Some("Interface is down\n")));
    let record = WorkRecord::of(&records.evidence());
    let [check] = record.routers[0].checks.as_slice() else { panic!("{:?}", record.routers[0].checks) };
    assert!(!check.is_run() && check.command == "show ip interface", "{check:?}");
    let shown = html(&work_page(&record), Languages::One(Lang::En));
    assert!(shown.contains("Interface is down") && shown.contains("not run"), "{shown}");
}

#[test]
fn what_shows_the_same_before_and_after_is_printed_once() {
    let mut records = Records::default();
    sent(&mut records, &PLAIN);
    let Kind::Checked { answer: Some(same), .. } = checked(&PLAIN) else { panic!("a check") };
    records.add(PLAIN.router, shown_before(Some(&same))).add(PLAIN.router, checked(&PLAIN));
    let shown = html(&work_page(&WorkRecord::of(&records.evidence())), Languages::One(Lang::En));
    assert!(shown.contains("the same before the change and at"), "{shown}");
    assert_eq!(shown.matches(same.trim_end()).count(), 1, "{shown}");
}

#[test]
fn a_plan_that_was_made_and_carried_out_in_one_run_has_its_hash_on_the_page_and_is_not_called_approved() {
    let record = saved(&PLAIN);
    let one = record.routers[0].plan_sha256.as_deref().unwrap();
    let mut made = record.clone();
    assert!(made.run.plan_sha256.is_some() && made.run.made_plans_sha256.is_none(), "{:?}", made.run);
    made.run.plan_sha256 = None;
    made.run.made_plans_sha256 = Some(sha256(format!("{one}  {}\n", made.routers[0].router).as_bytes()));
    let shown = html(&work_page(&made), Languages::One(Lang::En));
    let hash = made.run.made_plans_sha256.unwrap();
    assert!(shown.contains(&hash) && shown.contains("none was approved by its hash beforehand"), "{shown}");
    let approved = html(&work_page(&record), Languages::One(Lang::En));
    assert!(!approved.contains("none was approved by its hash"), "{approved}");
}

#[test]
fn a_host_key_that_an_earlier_command_accepted_is_a_deviation_once_with_its_time() {
    let mut records = Records::default();
    let key = ProvenHostKey {
        algorithm: "ssh-rsa".to_owned(),
        fingerprint: "SHA256:abc".to_owned(),
        proof: HostKeyProof::KnownHosts,
        first_use: Some(FirstUseRecord { at: "2026-11-29T23:10:00Z".to_owned(), by: "suzuki@office".to_owned() }),
    };
    let connected = || {
        let (transport, peer) = ("ssh".to_owned(), "192.0.2.1".to_owned());
        Kind::Connected(ConnectionRecord { transport, peer, host_key: Some(key.clone()), login: None })
    };
    records.add(PLAIN.router, connected()).add(PLAIN.router, connected());
    let record = WorkRecord::of(&records.evidence());
    let [one] = record.routers[0].deviations.as_slice() else { panic!("{:?}", record.routers[0].deviations) };
    assert!(one.what.en.contains("since 2026-11-29T23:10:00Z"), "{one:?}");
    assert_eq!(one.accepted_by.as_deref(), Some("suzuki@office"));
    let shown = html(&work_page(&record), Languages::One(Lang::En));
    assert!(shown.contains("accepted at first use") && shown.contains("suzuki@office"), "{shown}");
}

#[test]
fn the_records_of_a_success_and_of_a_failure_are_as_they_are_kept() {
    let records =
        [("saved", saved(&PLAIN)), ("undone", failed(&PLAIN, State::Undone)), ("lost", failed(&PLAIN, State::Lost))];
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("records");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (name, record) in &records {
        for lang in [Lang::En, Lang::Ja] {
            let shown = markdown(&work_page(record), Languages::One(lang));
            let lang = lang.pick("en", "ja");
            settings.bind(|| insta::assert_snapshot!(format!("{name}.{lang}"), shown));
        }
    }
}

#[test]
fn a_router_that_is_being_changed_has_no_end_and_no_one_is_called() {
    let mut records = Records::default();
    records.add("r1", Kind::Moved { state: State::Applying });
    let mut evidence = records.evidence();
    evidence.in_progress.insert("r1".to_owned());
    let shown = html(&work_page(&WorkRecord::of(&evidence)), Languages::One(Lang::En));
    assert!(shown.contains("A process is changing it now") && !shown.contains("whom to call"), "{shown}");
}
