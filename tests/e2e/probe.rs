//! A probe whose controller is killed while its lines are on the router: `resume` takes them back, and none was ever saved.

use std::process::Stdio;
use std::time::{Duration, Instant};

use mock_device::{Event, Fault, What, When};

use crate::harness::{Bench, playbook};

fn is_line(event: &Event, start: &str) -> bool {
    matches!(&event.what, What::Line { line, .. } if line.starts_with(start))
}

#[test]
fn a_probe_whose_controller_is_killed_is_undone_by_resume_and_says_no_line_is_left() {
    let bench = Bench::with_fault(Fault::Freeze { when: When::matching("^show ipv6 dhcp client") });
    let before = bench.snapshot("r3");
    let book = playbook("online-eligibility.yaml");
    let mut dying = bench
        .command(&["probe", &book, "-i", "clinics.yaml", "--yes"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !bench.events("r3").iter().any(|event| is_line(event, "show ipv6 dhcp client")) {
        assert!(Instant::now() < deadline, "the line was not looked at");
        std::thread::yield_now();
    }
    dying.kill().unwrap();
    dying.wait().unwrap();
    assert_ne!(bench.running("r3"), before.0, "its lines are on the router");

    bench.run(&["resume", "--yes"]).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
    assert!(!bench.events("r3").iter().any(|event| is_line(event, "write")), "nothing was saved");
    bench
        .run(&["probe", &book, "-i", "clinics.yaml", "--yes"])
        .exits(0)
        .says("the line at GigaEthernet0.0")
        .says("nothing is saved");
    assert_eq!(bench.snapshot("r3"), before);
}
