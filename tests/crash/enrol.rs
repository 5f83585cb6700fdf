//! The process dies between the save of a router that has shown its host key on its console and the end of the run: the next run of that
//! router enrols the key, and so does a resume.

use test_support::shown_key::{bench, console_inventory, template};

use crate::child::{self, Trouble};
use crate::harness::Bench;
use crate::stage::RESUME;

/// Writes behind the one that says that the router is saved: the key was enrolled, the run has ended.
const BEHIND: usize = 2;

fn apply(inventory: &str) -> [&str; 6] {
    ["apply", "keys.yaml", "-i", inventory, "--yes", "--lang=en"]
}

fn enrolled(bench: &Bench) -> String {
    std::fs::read_to_string(bench.path("state/known_hosts.enrolled")).unwrap_or_default()
}

fn shown() -> Bench {
    bench(&["  Fingerprint : {md5}"])
}

#[test]
fn a_key_that_was_shown_before_the_process_died_is_enrolled_by_a_resume_and_by_the_next_run() {
    let whole = shown();
    let (output, writes) = child::run(&whole, &apply(console_inventory(&whole)), Trouble::None);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut left = 0;
    for back in 0..=BEHIND {
        for next in ["resume", "apply"] {
            let trouble = Trouble::KilledAfter(writes - back);
            let bench = shown();
            let inventory = console_inventory(&bench);
            let (output, _) = child::run(&bench, &apply(inventory), trouble);
            assert_eq!(output.status.code(), None, "{trouble:?}: it did not die");
            left += usize::from(enrolled(&bench).is_empty());
            template(&bench, 2);
            let run = match next {
                "resume" => bench.run(&RESUME),
                // Over SSH, where nothing is known but what was shown.
                _ => bench.run(&apply("clinics.yaml")),
            };
            let run = run.exits(0);
            assert!(enrolled(&bench).contains("MD5:"), "{trouble:?}, {next}: {}", run.stderr);
            bench.run(&["status"]).exits(0);
            // Once: what a person changes afterwards stays.
            std::fs::remove_file(bench.path("state/known_hosts.enrolled")).unwrap();
            bench.run(&RESUME).exits(0).says("Every run has ended");
            assert!(enrolled(&bench).is_empty(), "{trouble:?}, {next}");
        }
    }
    assert_eq!(left, 2, "the process died once before the key was enrolled, for each of the two");
}
