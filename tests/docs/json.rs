//! Every document that the program writes for programs, made by running it, against `docs/json.md`.

#[cfg(unix)]
use mock_device::TransportSpec;
use mock_device::{Fault, RouterSpec, When};
use serde_json::Value;
#[cfg(unix)]
use test_support::shown_key;

#[cfg(unix)]
use crate::harness::Declared;
use crate::harness::{Bench, HostKey, Run, playbook, prepared, router3};
use crate::schema::Schema;

/// Runs a command for its document.
fn run(bench: &Bench, words: &[&str]) -> Run {
    let all: Vec<&str> = ["--format", "json"].iter().chain(words).copied().collect();
    bench.run(&all)
}

/// Everything a user of programs can meet, in one go: the tables must have shown all their rows at the end.
#[test]
fn every_document_is_as_described_and_every_description_is_met() {
    let mut schema = Schema::read();
    let book = playbook("online-eligibility.yaml");
    let mut spec = prepared("r3");
    spec.faults = vec![Fault::refuse(When::matching("bridge 1 bridge-only"))];
    let mut bench = Bench::new(vec![(spec, router3("r3"))]);
    bench.declare(|router| router.host_key = HostKey::KnownHosts);
    let with = |verb| [verb, book.as_str(), "-i", "clinics.yaml"];

    schema.document("check", &run(&bench, &with("check")).exits(0).json());
    schema.document("check", &run(&bench, &["check", &silencing(&bench), "-i", "clinics.yaml"]).exits(0).json());
    schema.document("check", &run(&bench, &[&with("check")[..], &["--canary", "1"]].concat()).exits(0).json());
    schema.document("render", &run(&bench, &with("render")).exits(0).json());
    // Without a known host key every way to the router ends in a cause.
    let night = [&with("plan")[..], &["-l", "r3", "--reason", "a new domain", "-o", "none.json"]].concat();
    schema.document("plan", &run(&bench, &night).exits(3).json());
    let kept: Value = serde_json::from_slice(&std::fs::read(bench.path("none.json")).unwrap()).unwrap();
    schema.object("PlanFile", kept.as_object().unwrap(), "none.json");
    schema.document("show PLAN.JSON", &run(&bench, &["show", "none.json"]).exits(0).json());
    schema.document("verify", &run(&bench, &with("verify")).exits(3).json());
    schema.document("line", &run(&bench, &["line", "-i", "clinics.yaml"]).exits(3).json());
    schema.document("backup", &run(&bench, &["backup", "-i", "clinics.yaml", "-o", "none"]).exits(3).json());
    let plan = [&with("plan")[..], &["--record-host-key", "-o", "plan.json"]].concat();
    schema.document("plan", &run(&bench, &plan).exits(2).json());
    let kept: Value = serde_json::from_slice(&std::fs::read(bench.path("plan.json")).unwrap()).unwrap();
    schema.object("PlanFile", kept.as_object().unwrap(), "plan.json");
    schema.document("show PLAN.JSON", &run(&bench, &["show", "plan.json"]).exits(0).json());
    schema.document("plan diff", &run(&bench, &["plan", "diff", "none.json", "plan.json"]).exits(2).json());
    schema.document("backup", &run(&bench, &["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0).json());
    schema.document("plan", &run(&bench, &[&with("plan")[..], &["--from-backup", "backup"]].concat()).exits(2).json());
    run(&bench, &["backup", "-i", "clinics.yaml", "-o", "masked", "--mask"]).exits(0);
    let masked = [&with("plan")[..], &["--from-backup", "masked", "-o", "masked.json"]].concat();
    schema.document("plan", &run(&bench, &masked).exits(2).json());
    let kept: Value = serde_json::from_slice(&std::fs::read(bench.path("masked.json")).unwrap()).unwrap();
    schema.object("PlanFile", kept.as_object().unwrap(), "masked.json");
    schema.document("show PLAN.JSON", &run(&bench, &["show", "masked.json"]).exits(0).json());
    run(&bench, &[&with("plan")[..], &["--record", "tapes"]].concat()).exits(2);
    let tape = bench.path("tapes/r3-1.cast").display().to_string();
    schema.document("replay", &run(&bench, &["replay", &tape]).exits(0).json());
    schema.document("replay", &run(&bench, &["replay", &tape, "--check"]).exits(0).json());
    let apply = [&with("apply")[..], &["--yes", "--phase", "bench"]].concat();
    schema.document("apply", &run(&bench, &apply).exits(3).json());
    // A colleague sits in config mode, and loses it at an explicit request.
    bench.mock.inject("r3", Fault::LockHeld { attempts: None }).unwrap();
    schema.document("apply", &run(&bench, &[&apply[..], &["--take-over"]].concat()).exits(0).json());
    schema.document("verify", &run(&bench, &[&with("verify")[..], &["--phase", "bench"]].concat()).exits(0).json());

    line(&bench, &mut schema, &book);

    // The plan that was kept before is done by now.
    let kept = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"];
    schema.document("apply", &run(&bench, &kept).exits(0).json());

    // In the clinic there is a check whose answer a person has to read: no terminal is there.
    schema.document("verify", &run(&bench, &with("verify")).exits(0).json());

    runs(&bench, &mut schema);
    files(&bench, &mut schema);
    let folder = bench.path("clinics").display().to_string();
    schema.document("init", &run(&bench, &["init", &folder]).exits(0).json());
    schema.document("completions", &run(&bench, &["completions", "bash"]).exits(0).json());
    let pages = bench.path("man1").display().to_string();
    schema.document("man", &run(&bench, &["man", &pages]).exits(0).json());
    schema.document("schema", &run(&bench, &["schema", "role"]).exits(0).json());
    schema.document("ports", &run(&bench, &["ports"]).exits(0).json());
    schema.document("doctor", &run(&bench, &["doctor"]).json());
    schema.document("explain", &run(&bench, &["explain"]).exits(0).json());
    schema.document("doctor --ssh-algorithms", &run(&bench, &["doctor", "--ssh-algorithms"]).exits(0).json());
    schema.document("plan", &run(&bench, &["plan", &book, "-i", "none.yaml"]).exits(1).json());
    schema.document("plan", &run(&bench, &["plan", &book]).exits(1).json());
    std::fs::write(bench.path("wrong.yaml"), "version: 1\nsights: {}\n").unwrap();
    schema.document("check", &run(&bench, &["check", &book, "-i", "wrong.yaml"]).exits(1).json());

    lost(&bench, &mut schema);
    let visit = visit(&mut schema);
    let probed = probe(&mut schema, &book);
    #[cfg(unix)]
    unproven(&mut schema);
    #[cfg(unix)]
    enrolled(&mut schema);
    for bench in [&bench, &visit, &probed] {
        for line in std::fs::read_to_string(bench.path("events.jsonl")).unwrap().lines() {
            schema.event(line);
        }
    }
    // What depends on this machine's cables, on a playbook's own choices, or is told elsewhere.
    let elsewhere = [
        "Port",
        "Usb",
        "Expect",
        "LintFinding",
        "GuessedLine",
        "LineCaution",
        "kit-build",
        "HostWithoutProof",
        "RouterInKit",
        "kit-show",
        "kit-open",
        "kit-return",
        "kit-key",
        "journal-import-visit",
        "demo",
        "Act",
        "Record",
        "Policy",
        "host-key-made",
        "restarting",
        "restarted",
        "restart-found",
        "router-made",
        "foreign-stays",
        "step-awaits",
        "step-begun",
        "step-bakes",
        "step-ended",
        "step-unproven",
        "step-stand-in",
        "window-too-short",
        "window-awaited",
        "held",
        "budget-spent",
        "comes-back",
        "abandoned",
        "ended",
        "resumed",
        "ordered",
        "scheduled",
        "apply --detach",
        "continued",
        "pause",
        "RunProgress",
        "RunInFlight",
        "StepApproval",
        "Fault",
        "unverified",
        "still-waiting",
        "another-box",
        "found-again",
        // Of routers that are tried again, of passwords that changed, of values and facts that this playbook has none of.
        "Attempts",
        "LineWish",
        "Terms.probe",
        "ProbedLine.misfits",
        "probed.misfits",
        "Outcome.attempts",
        "Outcome.login",
        "Unplanned.sent",
        "Unplanned.planned",
        "BackupAges.written",
        "BackupAges.unknown",
        "AccessPath.gives_back",
        "LineOrigins.own",
        "PlannedCheck.own",
        "PackedEntry.values",
        "PackedEntry.facts",
        "PackedEntry.guesses",
        "PackedEntry.cautions",
        // Of tests that only a visit makes.
        "LaptopTest.by",
        "LaptopTest.through",
        "tested.by",
        "tested.through",
        "WorkCheck.by",
        "WorkCheck.through",
        "WorkCheck.told",
        // Of lines that this table is sure of.
        "GuessOfRecord",
        // Of a run that has not ended.
        "Standing",
    ];
    assert_eq!(schema.unseen_but(&elsewhere), Vec::<String>::new(), "described, and shown by no document");
}

/// A playbook that accepts a finding.
fn silencing(bench: &Bench) -> String {
    let role = bench.path("roles/router3");
    std::fs::create_dir_all(&role).unwrap();
    let book =
        "version: 1\nname: p\nplays: [{ roles: [router3] }]\nlint: { silence: [{ id: not-used, reason: soon }] }\n";
    std::fs::write(bench.path("silencing.yaml"), book).unwrap();
    std::fs::write(role.join("role.yaml"), "version: 1\nowns: all\ntemplates: [t.ix.j2]\n").unwrap();
    std::fs::write(role.join("t.ix.j2"), "ip access-list spare permit ip src any dest any\n").unwrap();
    let said = bench.run(&["-v", "check", "silencing.yaml", "-i", "clinics.yaml"]).exits(0);
    said.says("roles/router3/t.ix.j2:1:1: silenced[not-used]").says("1 finding(s) silenced with a reason");
    "silencing.yaml".to_owned()
}

/// The line of a box whose port is shut, looked at through lines that are taken back.
fn probe(schema: &mut Schema, book: &str) -> Bench {
    let bench = Bench::one();
    let probe = ["probe", book, "-i", "clinics.yaml", "--yes"];
    schema.document("apply", &run(&bench, &probe).exits(0).json());
    bench
}

/// Which line the router is on; between two looks the provider delegates another prefix.
fn line(bench: &Bench, schema: &mut Schema, book: &str) {
    let apply = ["apply", book, "-i", "clinics.yaml", "--yes"];
    schema.document("apply", &run(bench, &apply).exits(0).json());
    let delegates = |prefix: &str| {
        let line = Fault::LineNow { delegated: Some(prefix.to_owned()), advertised: None };
        bench.mock.inject("r3", line).unwrap();
    };
    delegates("2001:db8:3000::/56");
    let look = ["line", "-i", "clinics.yaml", "--playbook", book, "--west", "2001:db8:9999::53"];
    schema.document("line", &run(bench, &look).exits(0).json());
    schema.document("verify", &run(bench, &["verify", book, "-i", "clinics.yaml"]).exits(0).json());
    delegates("2001:db8:2000::/56");
}

/// The security facts of a router from a file, beside a checklist.
fn security(bench: &Bench) -> Value {
    let folder = bench.path("facts/r3");
    std::fs::create_dir_all(&folder).unwrap();
    let running = "username taro password hash AA administrator\nsnmp-agent ip community public-as-ever\n";
    std::fs::write(folder.join("running.cfg"), running).unwrap();
    let list = "version: 1\ntitle: ours\nitems: [{ item: 1-1, text: who comes in, facts: [ssh-server] }]\n";
    std::fs::write(bench.path("list.yaml"), list).unwrap();
    let words = [
        "report",
        "--security",
        "-i",
        "clinics.yaml",
        "--from-backup",
        "facts",
        "--checklist",
        "list.yaml",
        "--contacts",
    ];
    run(bench, &words).exits(0).json()
}

/// What the journal says of the runs: one that was undone, one that ended, none whose end is unknown.
fn runs(bench: &Bench, schema: &mut Schema) {
    schema.document("status", &run(bench, &["status"]).exits(0).json());
    let history = run(bench, &["history", "r3"]).exits(0).json();
    schema.document("history", &history);
    schema.document("runs", &run(bench, &["runs"]).exits(0).json());
    for part in history["runs"].as_array().unwrap() {
        let run_name = part["run"].as_str().unwrap();
        schema.document("show", &run(bench, &["show", run_name]).exits(0).json());
        schema.document("show", &run(bench, &["show", run_name, "--undo"]).exits(0).json());
        schema.document("report", &run(bench, &["report", run_name, "--contacts"]).exits(0).json());
    }
    schema.document("report", &security(bench));
    schema.document("resume", &run(bench, &["resume", "--yes"]).exits(0).json());
    schema.document("watch", &run(bench, &["watch", "last"]).json());
    schema.document("journal", &run(bench, &["journal", "verify"]).exits(0).json());
    schema.document("journal-prune", &run(bench, &["journal", "prune", "--days", "0"]).exits(0).json());
    let exported = run(bench, &["export", "last", "run.tar"]).exits(0).json();
    schema.document("export", &exported);
    schema.document("journal-verify-file", &run(bench, &["journal", "verify", "run.tar"]).exits(0).json());
    let elsewhere = |words: &[&str]| run(bench, &[&["--state-dir", "elsewhere"], words].concat()).exits(0).json();
    schema.document("journal-import", &elsewhere(&["journal", "import", "run.tar"]));
    schema.document("runs", &elsewhere(&["runs"]));
    let head = exported["journal_head"].as_str().unwrap();
    schema.document("journal", &elsewhere(&["journal", "verify", "--head", head]));
    let another = ["journal", "verify", "--head", "0000"];
    schema.document("journal", &run(bench, &another).exits(2).json());
}

/// A router that needs a person: config mode is taken away in the middle, permanently.
fn lost(bench: &Bench, schema: &mut Schema) {
    let history = run(bench, &["history", "r3"]).exits(0).json();
    let changed = |part: &&Value| part["state"] == "saved" && part["sent"].as_u64() > Some(0);
    let saved = history["runs"].as_array().unwrap().iter().rfind(changed).unwrap();
    bench.mock.inject("r3", Fault::LockTaken { when: When::config_line(2), kept: true }).unwrap();
    let undo = ["undo", saved["run"].as_str().unwrap(), "--yes"];
    schema.document("apply", &run(bench, &undo).exits(4).json());
    schema.document("status --needs-person", &run(bench, &["status", "--needs-person"]).exits(4).json());
}

/// A clinic whose line is not open yet: its router is prepared on a bench, verified there as far as that goes, and changed.
fn visit(schema: &mut Schema) -> Bench {
    let spec = RouterSpec { linked: Vec::new(), ..prepared("r3") };
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let book = playbook("online-eligibility.yaml");
    let pending = ["-i", "clinics.yaml", "--line-pending", "opens on Friday"];
    run(&bench, &["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"]).exits(0);
    schema.document("verify", &run(&bench, &[&["verify", book.as_str()], &pending[..]].concat()).exits(3).json());
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let more =
        inventory.replace("ntt_area: west", "ntt_area: west, extra_domains: [more.example], medical_host: 192.0.2.9");
    assert_ne!(more, inventory);
    std::fs::write(bench.path("clinics.yaml"), more).unwrap();
    // What is tried out from the laptop at hand-over is a part of its plan.
    let plan = ["plan", &book, "-i", "clinics.yaml", "-o", "visit.json"];
    schema.document("plan", &run(&bench, &plan).exits(2).json());
    let kept: Value = serde_json::from_slice(&std::fs::read(bench.path("visit.json")).unwrap()).unwrap();
    schema.object("PlanFile", kept.as_object().unwrap(), "visit.json");
    schema.document("show PLAN.JSON", &run(&bench, &["show", "visit.json"]).exits(0).json());
    // Its required checks run before the change, too.
    let apply = [&["apply", book.as_str(), "--yes"], &pending[..]].concat();
    schema.document("apply", &run(&bench, &apply).exits(3).json());
    bench
}

/// A box on a console that nothing proves and nothing is written to: no one is asked which one it is.
#[cfg(unix)]
fn unproven(schema: &mut Schema) {
    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    let number = spec.serial();
    let declared = Declared { serial_number: None, console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    let apply = ["apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--phase", "bench"];
    run(&bench, &[&apply[..], &["--yes", "--serial-number", &number]].concat()).exits(0);
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut command = bench.command(&[&["--format", "json"], &apply[..]].concat());
    let ended = bench.finish(command.stdin(terminal.slave).output().unwrap()).exits(0);
    schema.document("apply", &ended.json());
}

/// A router shows its host key on its console.
#[cfg(unix)]
fn enrolled(schema: &mut Schema) {
    let bench = shown_key::bench(&["  Fingerprint : {md5}"]);
    let apply = ["apply", "keys.yaml", "-i", shown_key::console_inventory(&bench), "--yes"];
    schema.document("apply", &run(&bench, &apply).exits(0).json());
    for line in std::fs::read_to_string(bench.path("events.jsonl")).unwrap().lines() {
        schema.event(line);
    }
}

/// The commands that need nothing but text files.
fn files(bench: &Bench, schema: &mut Schema) {
    let running = "backup/r3/running.cfg";
    let old = std::fs::read_to_string(bench.path(running)).unwrap();
    std::fs::write(bench.path("new.cfg"), format!("{old}\nstrange command\nurl-list x permit domain *.example\n"))
        .unwrap();
    std::fs::write(bench.path("bad.cfg"), "interface GigaEthernet0.0\n  ip filter missing 1 in\n").unwrap();
    schema.document("fmt", &run(bench, &["fmt", "bad.cfg"]).exits(0).json());
    schema.document("diff", &run(bench, &["diff", running, running]).exits(0).json());
    let differs = run(bench, &["diff", running, "new.cfg"]).exits(2).json();
    assert!(differs["notes"].as_array().is_some_and(|notes| !notes.is_empty()), "{differs}");
    schema.document("diff", &differs);
    std::fs::create_dir_all(bench.path("later")).unwrap();
    std::fs::copy(bench.path("new.cfg"), bench.path("later/R3.clinic.example")).unwrap();
    std::fs::copy(bench.path("new.cfg"), bench.path("later/r4")).unwrap();
    schema.document("diff of folders", &run(bench, &["diff", "backup", "later"]).exits(2).json());
    // A change whose lines leave a gap: its note names them.
    let open = "ip access-list one permit ip src any dest any\nip access-list two permit ip src any dest any\n\
                interface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n";
    std::fs::write(bench.path("open.cfg"), open).unwrap();
    let filters = "  ip filter one 1 in\n  ip filter two 2 in\n  no shutdown";
    std::fs::write(bench.path("filtered.cfg"), open.replace("  no shutdown", filters)).unwrap();
    schema.document("diff", &run(bench, &["diff", "open.cfg", "filtered.cfg"]).exits(2).json());
    schema.document("lint", &run(bench, &["lint", "bad.cfg"]).exits(2).json());
    std::fs::write(bench.path("strange.cfg"), "flux capacitor 88\nwrite memory\n").unwrap();
    let counted = run(bench, &["lint", "--coverage", "bad.cfg", "strange.cfg"]).exits(0).json();
    schema.document("lint --coverage", &counted);
}
