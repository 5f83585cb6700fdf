//! The disk of our own machine is full.

use mock_device::DeadLock;

use crate::child::{self, Trouble};
use crate::ends::Ends;
use crate::points::points;
use crate::stage::{APPLY, RESUME, Stage, Story};

fn every_full_disk_is_survived(trouble: impl Fn(usize) -> Trouble, sample: usize) {
    let ends = Ends::observed(Story::Push);
    let (_, writes) = child::run(&Stage::of(Story::Push, DeadLock::Freed, None).bench, &APPLY, Trouble::None);
    for point in points("disk full at a write of the journal", 1..=writes, sample) {
        let trouble = trouble(point);
        let name = format!("{trouble:?}");
        let bench = Stage::of(Story::Push, DeadLock::Freed, None).bench;
        let (output, _) = child::run(&bench, &APPLY, trouble);
        let status = output.status.code().unwrap_or(-1);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!([0, 1, 3].contains(&status), "{name}: {status}\n{said}");
        assert!(said.contains("the journal cannot be written"), "{name}: nobody was told\n{said}");
        let now = Some(bench.snapshot("r3"));
        assert!(now == ends.before || now == ends.after, "{name}\n{said}");
        assert!(status == 0 || now == ends.before, "{name}: not done, and the router is changed\n{said}");
        assert!(status != 1 || now == ends.before, "{name}");
        eprintln!("{name}: exit status {status}");
        // With room again, what the record lacks is found out by reading the router.
        let resumed = bench.run(&RESUME);
        assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        assert!([&ends.before, &ends.after].contains(&&Some(bench.snapshot("r3"))), "{name}");
        bench.run(&["status"]).exits(0);
        bench.run(&["journal", "verify"]).exits(0);
    }
}

#[test]
fn for_good() {
    every_full_disk_is_survived(Trouble::FullFrom, 6);
}

#[test]
fn for_one_write() {
    every_full_disk_is_survived(Trouble::FullAt, 6);
}
