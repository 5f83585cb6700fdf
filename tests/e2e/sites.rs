//! A site is one transaction: its routers are changed together, or not at all.

use mock_device::{Event, Fault, SaveFault, What, When};

use crate::harness::{Bench, prepared, router3};

/// Two routers of one site, the second with a fault.
fn site(fault: Option<Fault>) -> Bench {
    let mut second = prepared("b3");
    second.faults.extend(fault);
    let bench = Bench::new(vec![(prepared("a3"), router3("a3")), (second, router3("b3"))]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let joined = inventory.replace("  site-b3:\n    routers:\n", "");
    assert_ne!(inventory, joined);
    std::fs::write(bench.path("clinics.yaml"), joined).unwrap();
    bench
}

fn moment(bench: &Bench, id: &str, of: impl Fn(&Event) -> bool) -> u64 {
    bench.events(id).iter().find(|event| of(event)).map(|event| event.millis).expect("it never happened")
}

fn is_change(event: &Event) -> bool {
    matches!(&event.what, What::Line { line, .. } if line.starts_with("ip access-list"))
}

#[test]
fn nobody_is_written_to_before_all_are_locked_and_nobody_saved_before_all_are_verified() {
    let bench = site(None);
    bench.apply(&["--phase", "bench"]).exits(0);
    for id in ["a3", "b3"] {
        assert_eq!(bench.running(id), bench.startup(id));
    }
    let saved = |event: &Event| matches!(event.what, What::Saved { .. });
    let (first, second) = (moment(&bench, "a3", saved), moment(&bench, "b3", saved));
    assert!(first <= second, "saved in the order of the inventory: {first}, {second}");
    assert!(moment(&bench, "a3", is_change) < first && moment(&bench, "b3", is_change) < first);
}

#[test]
fn a_router_that_refuses_a_line_takes_its_site_back() {
    let bench = site(Some(Fault::refuse(When::matching("ip vrf forwarding"))));
    let before = (bench.snapshot("a3"), bench.snapshot("b3"));
    bench.apply(&["--phase", "bench"]).exits(3).says("router.refused-line").says("site.together");
    assert_eq!((bench.snapshot("a3"), bench.snapshot("b3")), before);
}

#[test]
fn a_router_that_is_occupied_keeps_its_site_untouched() {
    // Somebody takes it away while it is read.
    let bench = site(Some(Fault::LockTaken { when: When::matching("show startup-config"), kept: true }));
    let before = (bench.snapshot("a3"), bench.snapshot("b3"));
    bench.apply(&["--phase", "bench"]).exits(3);
    assert_eq!((bench.snapshot("a3"), bench.snapshot("b3")), before);
    assert!(!bench.events("a3").iter().any(is_change), "nothing may be written");
}

#[test]
fn a_save_that_fails_later_is_said_and_the_undo_of_the_other_is_offered() {
    let bench = site(Some(Fault::Save { how: SaveFault::Fails, times: 1 }));
    let before = bench.snapshot("b3");
    bench.apply(&["--phase", "bench"]).exits(3).says("router.save-refused");
    assert_eq!(bench.snapshot("b3"), before);
    assert_eq!(bench.running("a3"), bench.startup("a3"), "saved before it");
}
