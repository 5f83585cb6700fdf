//! A box fresh from the factory, of a model whose factory lines are not attested.
#![cfg(unix)]

use mock_device::{Fault, Model, RouterSpec, Start, TransportSpec};

use crate::harness::{Bench, Declared};

/// An IX2106 on a console; its lines are invented.
fn box_of_another_model(odd: &[&str]) -> (RouterSpec, Declared) {
    let mut spec = RouterSpec::new("r2");
    spec.model = Model::Ix2106;
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    if !odd.is_empty() {
        let lines = odd.iter().map(|line| (*line).to_owned()).collect();
        spec.faults = vec![Fault::ColleagueLines { when: None, lines }];
    }
    let declared = Declared { model: "IX2106", ..Declared::new("r2", "router2") };
    (spec, declared)
}

#[test]
fn an_unconfigured_box_of_an_unattested_model_is_recognised_and_deployed() {
    let bench = Bench::new(vec![box_of_another_model(&[])]);
    bench.apply(&["--phase", "bench"]).exits(0);
    let (running, startup) = bench.snapshot("r2");
    assert_eq!(running, startup, "what runs survives a restart");
    assert!(running.contains("ip address 192.168.0.254/24") && running.contains("timezone +09 00"), "{running}");
    let typed_away = |event: &mock_device::Event| matches!(&event.what, mock_device::What::Line { line, .. } if line.starts_with("no timezone"));
    assert!(!bench.events("r2").iter().any(typed_away));
    bench.plan(&[]).exits(0).says("nothing to change");
}

#[test]
fn other_lines_of_such_a_box_are_shown_and_a_person_decides_once_for_the_model() {
    let odd = "ip ufs-cache enable";
    let bench = Bench::new(vec![box_of_another_model(&[odd])]);
    let before = bench.snapshot("r2");
    let said = bench.plan(&[]).exits(3).says("router.not-factory").says(odd);
    assert_eq!(bench.snapshot("r2"), before);
    let shown = format!("{}{}", said.stdout, said.stderr);
    // The file that the message shows, kept by a reviewer under their name.
    let from = shown.find("version: 1").unwrap();
    let lines: Vec<&str> = shown[from..].lines().take_while(|line| !line.trim_start().starts_with("hint:")).collect();
    let indent = lines[1].len() - lines[1].trim_start().len();
    let outdented = lines.iter().skip(1).map(|line| format!("{}\n", line.get(indent..).unwrap_or_default()));
    let draft = format!("{}\n{}", lines[0], outdented.collect::<String>());
    std::fs::create_dir(bench.path("facts")).unwrap();
    std::fs::write(bench.path("facts/IX2106.yaml"), &draft).unwrap();
    bench.plan(&[]).exits(1).says("facts.form");
    std::fs::write(bench.path("facts/IX2106.yaml"), draft.replace("reviewed_by: \"\"", "reviewed_by: Sato")).unwrap();
    bench.plan(&[]).exits(2).says_wrapped("reviewed by Sato");
    bench.apply(&["--phase", "bench"]).exits(0);
    assert!(bench.startup("r2").contains(odd), "a line of the factory stays");
    bench.plan(&[]).exits(0).says("nothing to change");
}

#[test]
fn an_interface_that_the_box_does_not_print_is_refused_before_anything_is_typed() {
    let (spec, mut declared) = box_of_another_model(&[]);
    declared.vars = "link_interface: GigaEthernet2.0".to_owned();
    let bench = Bench::new(vec![(spec, declared)]);
    let before = bench.snapshot("r2");
    bench.apply(&["--phase", "bench"]).exits(3).says("plan.no-interface").says("GigaEthernet2.0");
    assert_eq!(bench.snapshot("r2"), before);
}
