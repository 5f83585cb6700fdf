//! How much memory hostile text costs: a bound for each line, and for each byte of a line, by the peak the system counts. And what
//! a run of ten thousand routers costs while they wait, and when it is reported.
//!
//! A program of its own with one test, because a peak belongs to a whole process. Linux says it; elsewhere nothing is measured.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and says what it measured")]

use ixdeploy::cancel::Cancel;
use ixdeploy::connect::{ConsoleInUse, ConsoleLock, Freed};
use ixdeploy::dialect::Dialect;
use ixdeploy::fleet::{EndFacts, Executor, Fleet, Needs, Rules, Task, Turn, Unfinished};
use ixdeploy::inventory::Limit;
use ixdeploy::ix::mask::mask_text;
use ixdeploy::ix::{Config, line};
use ixdeploy::journal::Journal;
use ixdeploy::message::{Lang, Text};
use ixdeploy::plan::{self, Lifeline};
use ixdeploy::playbook;
use ixdeploy::record::{Ending, Kind, Outcome, Place};
use ixdeploy::report::{self, Depth, Languages, WorkRecord};
use ixdeploy::run::{self, EvidenceRequest};
use ixdeploy::state::State;
use std::sync::Arc;

/// A debug build reads a tenth: what a line costs is the same, the wait is not.
const LINES: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

/// What a hostile template may cost, with everything around it.
const TEMPLATE: usize = 128 * 1024 * 1024;

/// Templates that would fill the memory: by doubling, by width, by catching what they print, by what a loop prints.
const TEMPLATES: [(&str, &str); 7] = [
    (
        "doubling",
        "{% set n = namespace(x=\"xxxxxxxx\") %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}\n",
    ),
    (
        "kept",
        "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% set n.x = n.x + [\"x\" * 200000] %}{% endfor %}{{ n.x | length }}\n",
    ),
    ("wide", "{{ \"%1000000000s\" | format(\"x\") }}\n"),
    ("times", "{{ \"x\" * 100000000 }}\n"),
    ("caught", "{% set x %}{% for i in range(100000) %}{{ \"x\" * 200000 }}{% endfor %}{% endset %}{{ x }}\n"),
    (
        "listed",
        "{% set x %}{% for i in range(100) %}{{ \"x\" * 200000 }}{% endfor %}{% endset %}{{ x | list | length }}\n",
    ),
    (
        "printed",
        "{% for i in range(100000) %}{% for j in range(100) %}description xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n{% endfor %}{% endfor %}",
    ),
];

/// Insists that a role with this template is refused for its size.
fn refuse(template: &str) {
    let dir = tempfile::tempdir().unwrap();
    let role = dir.path().join("roles/r");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(role.join("role.yaml"), "version: 1\ntitle: { en: R, ja: R }\nowns: all\ntemplates: [t.ix.j2]\n")
        .unwrap();
    std::fs::write(role.join("t.ix.j2"), template).unwrap();
    let (book, inventory) = (dir.path().join("p.yaml"), dir.path().join("i.yaml"));
    std::fs::write(&book, "version: 1\nname: p\nplays: [{ routers: a, roles: [r] }]\n").unwrap();
    let router = "{ model: IX2215, role: r, connection: { mock: { start: prepared } } }";
    std::fs::write(&inventory, format!("version: 1\nsites: {{ s: {{ routers: {{ a: {router} }} }} }}\n")).unwrap();
    let found = playbook::desired(&book, &inventory, &Limit::all()).unwrap_err();
    assert!(found.iter().any(|finding| finding.code == "template.too-large"), "{found:?}");
}

/// A value of the system's account of this process, in bytes.
fn account(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_matches([':', ' ', '\t']).split(' ').next().unwrap().parse::<usize>().unwrap() * 1024
}

/// The most memory that some work had beyond what the process had at its beginning. What an allocator kept from work before
/// counts too: a cost may be overstated, and never hides.
fn cost(beginning: usize, work: impl FnOnce()) -> usize {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    work();
    account("VmHWM").saturating_sub(beginning)
}

/// Tasks of a run, and the bytes of data that each of them has.
const TASKS: (usize, usize) = (10_000, 8 * 1024);

/// A task with much data.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Heavy(Vec<u8>);

impl Task for Heavy {
    fn router(&self) -> &str {
        "r1"
    }
    fn needs(&self) -> Needs {
        Needs::default()
    }
    fn ends_within(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
    fn stops_within(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}

/// Looks at each task's data and does nothing else.
struct Looking;

impl Executor for Looking {
    type Task = Heavy;
    type End = bool;

    fn reserve(&self, _: &Heavy, _: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        Ok(None)
    }
    fn carry_out(&self, Heavy(data): &Heavy, _: &Turn) -> bool {
        data.iter().all(|byte| *byte == 1)
    }
    fn unfinished(&self, _: &Heavy, _: Unfinished) -> bool {
        false
    }
    fn facts(&self, _: &bool) -> EndFacts {
        EndFacts::done()
    }
}

/// Tasks that wait cost their data and a few words each: nothing is queued for them, and no thread is made before its turn.
fn waiting_tasks_cost_only_their_data() {
    let (count, bytes) = TASKS;
    let tasks: Vec<Heavy> = (0..count).map(|_| Heavy(vec![1; bytes])).collect();
    let run = |tasks: &[Heavy]| {
        let ends = Fleet::new(Rules::simple(8, 1), &Cancel::default()).run(Looking, tasks);
        assert!(ends.len() == tasks.len() && ends.into_iter().all(|done| done));
    };
    // What threads cost at all is there before anything is counted.
    run(tasks.get(..100).unwrap());
    let spent = cost(account("VmRSS"), || run(&tasks));
    println!("a run of {count} tasks: {} bytes a task beside its data", spent / count);
    assert!(spent / count < 400, "{spent} bytes beside {} of data", count * bytes);
}

/// Routers of a run that is reported, each with 46 records; and the bytes that each may cost: 400 MiB for ten thousand.
const REPORTED: (usize, usize) = (if cfg!(debug_assertions) { 300 } else { 10_000 }, 40 * 1024);

/// What was recorded of a router that was changed by ten lines, checked and saved.
fn records_of(router: &str) -> Vec<Kind> {
    let lines: Vec<String> =
        (0..10).map(|line| format!("ip route 10.{line}.0.0/16 192.0.2.{line} distance 10")).collect();
    let display = "GigaEthernet0.0 is up, line protocol is up, 00:60:b9:00:00:01\n".repeat(12);
    let kept = serde_json::json!({
        "intent": { "roles": ["router1"], "device": { "serial_number": "0012345" }, "running": display.repeat(4) },
        "commands": lines, "undo": lines, "changes": [{ "en": "routes: +10 lines", "ja": "経路: +10 行" }], "diff": "",
    });
    let mut all = vec![Kind::Intended { site: router.to_owned(), kept, adopt: false, take_over: false }];
    all.extend([State::Locked, State::BackedUp, State::Applying].map(|state| Kind::Moved { state }));
    for (number, line) in (1..).zip(lines) {
        all.push(Kind::Sending { number, total: 10, line, undo: false });
        all.push(Kind::Answered { number, undo: false, accepted: true, text: String::new() });
    }
    for number in 1..=18 {
        all.push(Kind::Checked {
            number,
            check: format!("check-{number}"),
            role: "router1".to_owned(),
            title: Text::new("the line is up", "回線が使用可能"),
            passed: Some(true),
            recorded: false,
            required: true,
            command: "show interfaces".to_owned(),
            unmet: Text::default(),
            answer: Some(display.clone()),
            host_key: None,
        });
    }
    all.extend([State::Verifying, State::Confirmed, State::Saved].map(|state| Kind::Moved { state }));
    all.push(Kind::Ended(Box::new(Ending::of(&Outcome::new(router, router, State::Saved)))));
    all
}

/// A run as a journal keeps it, in which its routers' records are mixed; they are put there without the chain, which costs no memory.
fn recorded(dir: &std::path::Path, routers: usize) -> Journal {
    const RUN: &str = "20260301-000000-abcd";
    let journal = Journal::open(dir, Arc::new(())).unwrap();
    let names: Vec<String> = (0..routers).map(|number| format!("clinic-{number:05}")).collect();
    let mut file = rusqlite::Connection::open(journal.path()).unwrap();
    let transaction = file.transaction().unwrap();
    let mut number = 0_i64;
    let mut add = |router: &str, record: &Kind| {
        number += 1;
        let body = serde_json::to_string(record).unwrap();
        let sql = "INSERT INTO record VALUES (?1, ?1 * 1000, ?2, ?3, ?4, ?5, ?6)";
        let values = rusqlite::params![number, RUN, router, record.name(), body, format!("{number:064x}")];
        transaction.prepare_cached(sql).unwrap().execute(values).unwrap();
    };
    let place = |name: &String| Place { router: name.clone(), site: name.clone() };
    add(
        "",
        &Kind::Begun {
            action: "apply".to_owned(),
            by: "tanaka".to_owned(),
            machine: "laptop".to_owned(),
            version: "0".to_owned(),
            inventory: "clinics.yaml".to_owned(),
            source: "book.yaml".to_owned(),
            title: None,
            plan_sha256: None,
            routers: names.clone(),
            places: names.iter().map(place).collect(),
            policy: None,
        },
    );
    // Some hundred are in flight at once.
    for names in names.chunks(250) {
        let records: Vec<Vec<Kind>> = names.iter().map(|name| records_of(name)).collect();
        for place in 0..records[0].len() {
            names.iter().zip(&records).for_each(|(name, records)| add(name, &records[place]));
        }
    }
    add("", &Kind::RunEnded { exit: 0 });
    transaction.commit().unwrap();
    journal
}

/// A report of many routers holds what a row of each shows, whatever was recorded of them.
fn a_report_of_a_fleet_costs_a_row_of_each_router() {
    let (routers, most) = REPORTED;
    let dir = tempfile::tempdir().unwrap();
    let journal = recorded(dir.path(), routers);
    let request = EvidenceRequest { run: "20260301-000000-abcd".to_owned(), ..EvidenceRequest::default() };
    let spent = cost(account("VmRSS"), || {
        let evidence = run::evidence(&journal, &request).unwrap();
        let record =
            WorkRecord::of_many(&evidence, Depth::Rows, |router| run::records_of(&journal, &evidence, router)).unwrap();
        assert_eq!((record.routers.len(), record.run.states["saved"]), (routers, routers));
        assert!(report::html(&report::work_page(&record), Languages::One(Lang::Ja)).contains("clinic-00299"));
    });
    println!("a report of {routers} routers: {} bytes for each", spent / routers);
    assert!(spent / routers < most, "{spent} bytes for {routers} routers");
}

#[test]
fn hostile_text_and_runs_of_ten_thousand_cost_a_bounded_amount_of_memory() {
    waiting_tasks_cost_only_their_data();
    a_report_of_a_fleet_costs_a_row_of_each_router();
    // The grammar is there before anything is counted.
    assert_eq!(Config::parse(Dialect::ix(), "hostname a\n").len(), 1);
    let beginning = account("VmRSS");

    let bytes = 10 * 1024 * 1024;
    let spent = cost(beginning, || {
        let text = format!("interface GigaEthernet0.0\n  description {}\n", "x".repeat(bytes));
        let config = Config::parse(Dialect::ix(), &text);
        assert_eq!(config.print_bytes().len(), text.len() + 2);
        assert_eq!(mask_text(&line::to_text(text.as_bytes())), text);
        let error = plan::between(&Config::empty(Dialect::ix()), &config, &Lifeline::Console, 255).unwrap_err();
        assert!(error.to_string().len() < 1024, "the message does not repeat the line");
    });
    println!("a line of 10 MiB: {} bytes for each of its bytes", spent / bytes);
    assert!(spent > bytes, "something is measured");
    assert!(spent < 10 * bytes, "{spent} bytes for a line of {bytes}");

    let known = |number| format!("ip route 10.0.0.0/8 10.{number}\n");
    let unknown = |number| format!("flux-capacitor {number}\n");
    let nested = |number: usize| format!("{}deeper\n", " ".repeat(number % 100));
    let cases: [(&str, &dyn Fn(usize) -> String); 3] = [("known", &known), ("unknown", &unknown), ("nested", &nested)];
    for (name, line) in cases {
        let spent = cost(beginning, || {
            assert!(!Config::parse(Dialect::ix(), (0..LINES).map(line).collect::<String>()).is_empty())
        });
        println!("{name}: {} bytes a line, text included", spent / LINES);
        assert!(spent / LINES < 700, "{name}: {} bytes a line", spent / LINES);
    }

    // Templates that make much of little: each ends at its bound.
    for (name, template) in TEMPLATES {
        let spent = cost(beginning, || refuse(template));
        println!("a template, {name}: {} MiB", spent / (1024 * 1024));
        assert!(spent < TEMPLATE, "{name}: {spent} bytes");
    }
}
