//! The disk of our own machine is full.

use mock_device::DeadLock;

use crate::child::{self, Trouble};
use crate::ends::Ends;
use crate::points::every;
use crate::stage::{APPLY, RESUME, Stage, Story, leaves_none_unknown};

fn every_full_disk_is_survived(what: &str, trouble: impl Fn(usize) -> Trouble + Sync, sample: usize) {
    let ends = Ends::observed(Story::Push);
    let (_, writes) = child::run(&Stage::of(Story::Push, DeadLock::Freed, None).bench, &APPLY, Trouble::None);
    every(what, 1..=writes, sample, |point| {
        let trouble = trouble(point);
        let name = format!("{trouble:?}");
        let bench = Stage::of(Story::Push, DeadLock::Freed, None).bench;
        let (output, _) = child::run(&bench, &APPLY, trouble);
        let status = output.status.code().unwrap_or(-1);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!([0, 1, 3].contains(&status), "{name}: {status}\n{said}");
        assert!(said.contains("the journal cannot be written"), "{name}: no one was told\n{said}");
        let now = Some(bench.snapshot("r3"));
        assert!(now == ends.before || now == ends.after, "{name}\n{said}");
        assert!(status == 0 || now == ends.before, "{name}: not done, and the router is changed\n{said}");
        assert!(status != 1 || now == ends.before, "{name}");
        // With room again, what the record lacks is found out by reading the router.
        let resumed = bench.run(&RESUME);
        assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        assert!([&ends.before, &ends.after].contains(&&Some(bench.snapshot("r3"))), "{name}");
        leaves_none_unknown(&bench, &name);
        bench.run(&["journal", "verify"]).exits(0);
        format!("{} (exit status {status})", if status == 0 { "saved" } else { "undone" })
    });
}

#[test]
fn for_good() {
    every_full_disk_is_survived("disk full from a write of the journal on", Trouble::FullFrom, 6);
}

#[test]
fn for_one_write() {
    every_full_disk_is_survived("disk full at a write of the journal", Trouble::FullAt, 6);
}
