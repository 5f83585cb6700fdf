//! What is not known of the router, taken both ways: the same playbook reaches the same end whichever way a router goes.

use mock_device::scenario::NoDescription;
use mock_device::{Fault, RouterSpec, What, When};

use crate::harness::{Bench, Run, prepared, router3};

const TAGGED: &str =
    "interface GigaEthernet1.1\n  encapsulation dot1q 10\n  ip address 198.51.100.1/24\n  no shutdown\n";

/// A prepared router 3 and a playbook that owns two interfaces of it.
fn bench(adjust: impl FnOnce(&mut RouterSpec)) -> Bench {
    let mut spec = prepared("r3");
    adjust(&mut spec);
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    std::fs::create_dir_all(bench.path("roles/small")).unwrap();
    let book = "version: 1\nname: small\nplays:\n  - routers: r3\n    roles: [small]\n";
    std::fs::write(bench.path("small.yaml"), book).unwrap();
    std::fs::write(
        bench.path("roles/small/role.yaml"),
        "version: 1\ntitle: { en: Small, ja: 小 }\n\
         owns: [\"interface GigaEthernet1.0\", \"interface GigaEthernet1.1\"]\ntemplates: [small.ix.j2]\n",
    )
    .unwrap();
    bench
}

fn with_lines(bench: &Bench, command: &str, lines: &str) -> Run {
    std::fs::write(bench.path("roles/small/small.ix.j2"), lines).unwrap();
    let yes: &[&str] = if command == "apply" { &["--yes"] } else { &[] };
    bench.run(&[&[command, "small.yaml", "-i", "clinics.yaml"], yes].concat())
}

#[test]
fn a_tagged_subinterface_deploys_whether_the_router_adds_auto_connect_or_not() {
    for makes in [false, true] {
        let bench = bench(|spec| spec.readings.makes_auto_connect = makes);
        with_lines(&bench, "apply", TAGGED).exits(0);
        let (running, startup) = bench.snapshot("r3");
        assert_eq!(running, startup);
        assert_eq!(running.contains("  auto-connect"), makes);
        with_lines(&bench, "plan", TAGGED).exits(0).says("nothing to change");
    }
}

#[test]
fn what_the_router_added_by_itself_is_no_colleagues_line_when_a_session_is_lost() {
    let bench = bench(|spec| {
        spec.readings.makes_auto_connect = true;
        spec.faults = vec![Fault::drop_link(When::matching("^ip address 198"))];
    });
    let before = bench.snapshot("r3");
    with_lines(&bench, "apply", TAGGED).exits(3).says("lost").says("undone: read again, equals the backup");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_tag_change_is_undone_with_the_lines_the_router_added() {
    let bench = bench(|spec| {
        spec.readings.makes_auto_connect = true;
        spec.faults = vec![Fault::refuse(When::matching("^ip address 198"))];
    });
    let before = bench.snapshot("r3");
    with_lines(&bench, "apply", TAGGED).exits(3).says("undone: read again, equals the backup");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_sequence_number_that_is_ignored_with_a_warning_is_a_failure() {
    let text = Some("% Warning: Sequence number 5 has been ignored.".to_owned());
    let refuse = Fault::Refuse { when: When::matching("^ip address 198"), text, times: 1 };
    let bench = bench(|spec| spec.faults = vec![refuse]);
    let before = bench.snapshot("r3");
    with_lines(&bench, "apply", TAGGED).exits(3).says("Sequence number 5 has been ignored").says("undone");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_save_is_reported_in_the_routers_own_words() {
    let bench = bench(|spec| {
        spec.faults = vec![Fault::Save { how: mock_device::SaveFault::Fails, times: 1 }];
        spec.readings.texts.save_failed = "% Non-volatile configuration memory is not present".to_owned();
    });
    let before = bench.snapshot("r3");
    with_lines(&bench, "apply", TAGGED).exits(3).says("Non-volatile configuration memory is not present");
    assert_eq!(bench.snapshot("r3"), before);
}

/// Every form in which a router may take a description away.
const FORMS: [NoDescription; 4] =
    [NoDescription::Both, NoDescription::RefuseText, NoDescription::IgnoreText, NoDescription::NeedText];
const DESCRIBED: &str = "interface GigaEthernet1.0\n  description to the clinic\n  ip address 198.51.100.1/24\n";
const PLAIN: &str = "interface GigaEthernet1.0\n  ip address 198.51.100.1/24\n";

#[test]
fn a_description_is_removed_by_whichever_form_the_router_accepts() {
    for form in FORMS {
        let bench = bench(|spec| spec.readings.no_description = form);
        with_lines(&bench, "apply", DESCRIBED).exits(0);
        with_lines(&bench, "plan", PLAIN).exits(2).says("or, where that fails, `no description`");
        with_lines(&bench, "apply", PLAIN).exits(0);
        let (running, startup) = bench.snapshot("r3");
        assert!(!running.contains("to the clinic"), "{form:?}\n{running}");
        assert_eq!(running, startup);
    }
}

#[test]
fn a_reviewed_fact_says_which_form_is_typed_first() {
    let bench = bench(|spec| spec.readings.no_description = NoDescription::IgnoreText);
    with_lines(&bench, "apply", DESCRIBED).exits(0);
    std::fs::create_dir(bench.path("facts")).unwrap();
    let fact = "version: 1\nmodel: IX2215\nfirmware: 10.7.18\nserial_number: SN1\nreviewed_by: Sato\nremoval: [no description]\n";
    std::fs::write(bench.path("facts/IX2215.yaml"), fact).unwrap();
    with_lines(&bench, "plan", PLAIN)
        .exits(2)
        .says_wrapped("reviewed by Sato")
        .says("fails, `no description to the clinic`");
    with_lines(&bench, "apply", PLAIN).exits(0);
    assert!(!bench.startup("r3").contains("to the clinic"));
    let typed = |event: &mock_device::Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("no description to"));
    assert!(!bench.events("r3").iter().any(typed), "the form that has no effect is not typed");
}

#[test]
fn a_description_is_undone_by_whichever_form_the_router_accepts() {
    for form in FORMS {
        let bench = bench(|spec| {
            spec.readings.no_description = form;
            spec.faults = vec![Fault::refuse(When::matching("^ip address 198"))];
        });
        let before = bench.snapshot("r3");
        with_lines(&bench, "apply", DESCRIBED).exits(3).says("undone: read again, equals the backup");
        assert_eq!(bench.snapshot("r3"), before, "{form:?}");
    }
}

#[test]
fn a_cut_between_two_forms_of_a_removal_ends_known() {
    let cuts = ["^no description", "^no description$", "^no description", "^ip address"];
    for (index, (form, cut)) in FORMS.into_iter().zip(cuts).enumerate() {
        let bench = bench(|spec| spec.readings.no_description = form);
        with_lines(&bench, "apply", DESCRIBED).exits(0);
        let before = bench.snapshot("r3");
        let executed = index % 2 == 0;
        bench.mock.inject("r3", Fault::Drop { when: When::matching(cut), executed, times: 1 }).unwrap();
        let run = with_lines(&bench, "apply", &PLAIN.replace(".1/24", ".2/24"));
        let after = bench.snapshot("r3");
        assert_eq!(after.0, after.1, "{form:?}");
        match run.status {
            0 => assert!(!after.0.contains("to the clinic") && after.0.contains(".2/24"), "{form:?}: {}", after.0),
            _ => assert_eq!((run.exits(3).status, after), (3, before), "{form:?}"),
        }
    }
}

#[test]
fn a_line_in_the_middle_of_show_hardware_is_read_again_before_it_is_called_another_box() {
    for (times, exit) in [(1, 0), (0, 3)] {
        let text = "S/N: 0000000000".to_owned();
        let when = When::matching("^show hardware");
        let disturbed = Fault::LogLine { when, text, after_output_lines: 20, times };
        let bench = bench(|spec| spec.faults = vec![disturbed]);
        let run = with_lines(&bench, "apply", PLAIN).exits(exit);
        if exit != 0 {
            run.says("identity.wrong-serial-number");
        }
    }
}
