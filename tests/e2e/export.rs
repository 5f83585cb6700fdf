//! A run that goes to another machine as one file: proven and read there, without a secret, without a router, and without going on.

use std::fs;

use mock_device::{Fault, When};

use crate::harness::{Bench, Run, assert_clean};
use crate::lost::{apply, last_run, own_book};
use crate::secrets::full_of_secrets;

/// A command on the other machine: another state folder, and no inventory of the clinics there.
fn elsewhere(bench: &Bench, words: &[&str]) -> Run {
    bench.run(&[&["--state-dir", "elsewhere"], words].concat())
}

/// The record of a run in a format, from a file.
fn report(bench: &Bench, state: &str, format: &str, run: &str) -> String {
    let file = format!("{state}.{format}");
    bench.run(&["--state-dir", state, "--format", format, "report", run, "-o", &file]).exits(0);
    fs::read_to_string(bench.path(&file)).unwrap()
}

#[test]
fn an_exported_run_is_reported_elsewhere_byte_for_byte_and_holds_no_secret() {
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    bench.plan(&["-o", "plan.json"]).exits(2);
    let apply = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench", "--record", "tapes"];
    bench.run(&apply).exits(0);
    let run = last_run(&bench);
    let met = bench.events("r3").len();
    let exported =
        bench.run(&["--format", "json", "export", "last", "run.tar", "--recordings", "tapes"]).exits(0).json();
    assert_eq!(exported["run"].as_str(), Some(run.as_str()));
    assert!(exported["recordings"].as_u64() >= Some(1), "{exported}");
    let head = exported["journal_head"].as_str().unwrap();
    bench.run(&["journal", "verify", "--head", head]).exits(0).says("unbroken");
    let bytes = fs::read(bench.path("run.tar")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert_clean("the file", &text);
    assert!(text.contains("\"name\": \"plan.json\""), "the kept plan goes along");
    bench.run(&["export", "last", "run.tar"]).exits(1).says("export.exists");
    assert_eq!(fs::read(bench.path("run.tar")).unwrap(), bytes);

    bench.run(&["journal", "verify", "run.tar", "--head", head]).exits(0).says("every byte of the file");
    bench.run(&["journal", "verify", "run.tar", "--head", "0000"]).exits(2).says("none of this file's");
    elsewhere(&bench, &["journal", "import", "run.tar"]).exits(0).says(&run).says("exported by");
    elsewhere(&bench, &["journal", "import", "run.tar"]).exits(0).says("nothing to do");
    // Which journal the head is of is said: of this one it proves nothing.
    let verified = elsewhere(&bench, &["journal", "verify", "--head", head]).exits(0).says("1 imported run(s)");
    let verified = verified.says(&format!("the head is that of the export of run {run} by ")).says("every byte");
    verified.says("It is no head of this journal");
    for format in ["html", "md", "csv", "junit", "json"] {
        let (own, imported) = (report(&bench, "state", format, &run), report(&bench, "elsewhere", format, &run));
        assert!(own == imported, "{format}:\n{own}\n---\n{imported}");
        assert_clean(format, &imported);
    }
    let beside = ["--format", "html", "report", &run, "--work-plan", "-o", "work-plan.html"];
    elsewhere(&bench, &beside).exits(0);
    let plan = fs::read_to_string(bench.path("work-plan.html")).unwrap();
    assert!(plan.contains("plan.json"), "of the plan that came along: {plan}");
    assert_clean("the work plan", &plan);
    elsewhere(&bench, &["report", &run]).exits(0).says("imported: exported by");
    elsewhere(&bench, &["runs"]).exits(0).says(&run).says("imported: exported by");
    let last = elsewhere(&bench, &["report", "last"]).exits(1).says("journal.no-run");
    last.says("an imported one is named by its name, which `ixdeploy runs` lists");
    let shown = elsewhere(&bench, &["show", &run]).exits(0).says("imported: exported by").says("sending 1/");
    assert_clean("the record", &shown.stdout);
    let known = bench.run(&["--format", "json", "journal", "verify", "run.tar"]).exits(0).json();
    let tape = known["recordings"][0].as_str().unwrap();
    elsewhere(&bench, &["replay", &run, "--recording", tape]).exits(0).says("show running-config");
    elsewhere(&bench, &["replay", &run, "--recording", "none"]).exits(1).says("replay.no-recording").says("r3-");
    elsewhere(&bench, &["export", &run, "again.tar"]).exits(0).says("the file is the one that came in");
    assert_eq!(fs::read(bench.path("again.tar")).unwrap(), bytes);

    let mut changed = bytes;
    let at = changed.len() / 2;
    changed[at] ^= 1;
    fs::write(bench.path("changed.tar"), changed).unwrap();
    bench.run(&["journal", "verify", "changed.tar"]).exits(2).says("export.damaged");
    elsewhere(&bench, &["journal", "import", "changed.tar"]).exits(1).says("export.damaged");
    elsewhere(&bench, &["journal", "import", "clinics.yaml"]).exits(1).says("export.format");
    assert_eq!(bench.events("r3").len(), met, "no router was met");
}

#[test]
fn an_imported_run_is_read_and_nothing_is_done_with_it() {
    let bench = Bench::with_fault(Fault::LockTaken { when: When::config_line(2), kept: true });
    own_book(&bench, "");
    apply(&bench, &["--yes"]).exits(4);
    let run = last_run(&bench);
    bench.run(&["export", &run, "run.tar"]).exits(0);
    let met = bench.events("r3").len();
    elsewhere(&bench, &["journal", "import", "run.tar"]).exits(0);
    for words in [
        &["resume", &run, "--yes"][..],
        &["continue", &run, "--yes"],
        &["rerun", &run, "--yes"],
        &["undo", &run, "--yes"],
        &["restart", &run, "--yes"],
        &["restore", "r3", "--from", &run, "-i", "clinics.yaml", "--yes"],
        &["watch", &run],
        &["pause", &run],
        &["abort", &run],
    ] {
        elsewhere(&bench, words).exits(1).says("journal.imported");
    }
    elsewhere(&bench, &["status"]).exits(0);
    elsewhere(&bench, &["show", "last"]).exits(1).says("journal.no-run");
    elsewhere(&bench, &["show", &run]).exits(0).says("1 left open when it was exported");
    let html = report(&bench, "elsewhere", "html", &run);
    assert_eq!(html, report(&bench, "state", "html", &run), "a lost router is told alike");
    assert_eq!(bench.events("r3").len(), met, "no router was met");
}
