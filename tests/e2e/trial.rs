//! A trial as an operations team makes it: many clinics, and among them one that refuses a line, one that is off, one that someone else is at
//! work on, and one with another password. All others are done, the result fits a screen, and one command goes on.

use mock_device::{Fault, RouterSpec, When};
use unicode_width::UnicodeWidthStr;

use crate::harness::{Bench, CLOSED_PORTS, prepared, router3};
use crate::lost::own_book;

/// So many clinics; `.ci/full` runs the whole trial.
fn clinics() -> usize {
    std::env::var("IXDEPLOY_TRIAL").ok().and_then(|count| count.parse().ok()).unwrap_or(24)
}

const REFUSES: &str = "c003";
const OFF: &str = "c007";
const OCCUPIED: &str = "c011";
const OTHER_PASSWORD: &str = "c013";

fn clinic(id: &str) -> RouterSpec {
    let mut spec = prepared(id);
    match id {
        REFUSES => spec.faults.push(Fault::refuse(When::matching("ip vrf forwarding"))),
        OCCUPIED => spec.faults.push(Fault::LockHeld { attempts: None }),
        OTHER_PASSWORD => spec.password = "CanaryOther6Pw".to_owned(),
        _ => {}
    }
    spec
}

fn bench() -> Bench {
    let ids: Vec<String> = (1..=clinics()).map(|number| format!("c{number:03}")).collect();
    let bench = Bench::new(ids.iter().map(|id| (clinic(id), router3(id))).collect());
    own_book(&bench, "");
    let text = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let on = format!("port: {},", bench.endpoint(OFF).port.unwrap());
    assert_eq!(text.matches(&on).count(), 1);
    std::fs::write(bench.path("clinics.yaml"), text.replace(&on, &format!("port: {},", CLOSED_PORTS[0]))).unwrap();
    bench
}

#[test]
fn of_many_clinics_all_but_four_are_done_and_the_result_fits_a_screen() {
    const SCREEN: (usize, usize) = (80, 24);
    let bench = bench();
    let count = clinics();
    let run = bench.run_plainly(&["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--yes"]).exits(3);
    let (_, result) = run.stdout.rsplit_once("\nResult\n").expect("a result");
    let lines: Vec<&str> = result.lines().collect();
    assert!(lines.len() <= SCREEN.1 - 2, "{} lines, a heading and a prompt:\n{result}", lines.len());
    for line in &lines {
        assert!(line.width() <= SCREEN.0, "{line}");
    }
    assert_eq!(lines[0], format!("{count} routers: {} saved, 1 undone, 2 unreachable, 1 occupied", count - 4));
    for name in [REFUSES, OFF, OCCUPIED, OTHER_PASSWORD] {
        assert_eq!(lines.iter().filter(|line| line.contains(name)).count(), 1, "{name}:\n{result}");
    }
    let name = lines.iter().find_map(|line| line.strip_prefix("run ")?.split(',').next()).unwrap();
    let next = format!("To try the 4 that are not done again: ixdeploy rerun {name}");
    assert_eq!(lines.iter().filter(|line| line.contains("ixdeploy rerun")).collect::<Vec<_>>(), [&next]);

    // What was told meanwhile is few lines, whatever the routers did.
    let told = run.stderr.lines().count();
    assert!(told < 40, "{told} lines:\n{}", run.stderr);
    let end = format!("apply {count}/{count} ");
    let told: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with(&end)).collect();
    let saved = format!("{} saved", count - 4);
    assert!(told.len() == 1 && told[0].contains(&saved) && told[0].ends_with("0 in flight"), "{}", run.stderr);

    for id in (1..=count).map(|number| format!("c{number:03}")) {
        let is_done = bench.running(&id).contains("url-list online-sikaku");
        assert_eq!(is_done, ![REFUSES, OFF, OCCUPIED, OTHER_PASSWORD].contains(&id.as_str()), "{id}");
    }
    let listed = bench.run_plainly(&["runs", "-n", "1"]).exits(0);
    assert!(
        listed.stdout.starts_with(name) && listed.stdout.contains(&format!("{} saved", count - 4)),
        "{}",
        listed.stdout
    );
    let shown = bench.run_plainly(&["show", "last"]).exits(0);
    assert!(shown.stdout.lines().count() <= SCREEN.1, "{}", shown.stdout);
    let one = bench.run_plainly(&["show", "last", "--router", REFUSES]).exits(0);
    assert!(one.stdout.contains("router.refused-line") && !one.stdout.contains("c004"), "{}", one.stdout);
    bench.run(&["show", "last", "--router", "c9*"]).exits(1).says("usage.arguments");
}
