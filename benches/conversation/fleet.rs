//! A thousand routers changed: `ixdeploy apply` of eight lines each, and the journal's share of it.
//!
//! The journal's share is found by writing the same records once more, alone: in as many sessions, through the same door. Beside it the
//! same is done as it was before sessions shared a sync: each write by itself, one after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use ixdeploy::journal::{Journal, JournalHooks, RouterJournal, RunLog};
use ixdeploy::record::{Kind, Readers, Stored};
use ixdeploy::state::State;
use mock_device::{Mock, RouterSpec, Scenario};

use crate::process;
use crate::stage::{Ran, Stage};
use crate::table::{Expected, figure, heading};

const ROUTERS: usize = 1000;
const LINES: usize = 8;
/// Sessions open at the same time.
const CONCURRENCY: usize = 250;
/// About what a sealed backup of these routers holds, in bytes.
const SEALED: usize = 4096;

/// Prints the section.
pub fn run() {
    heading(&format!(
        "E. {ROUTERS} routers changed over SSH, {LINES} lines each, {CONCURRENCY} at once, one mock process"
    ));
    let folder = tempfile::tempdir().unwrap();
    let routers = (1..=ROUTERS).map(|number| RouterSpec::new(format!("r{number}"))).collect();
    let mock = Mock::start(Scenario { routers, ..Scenario::default() }, folder.path()).unwrap();
    let (stage, playbook) = (Stage::new("mock-password", &sites(&mock)), folder.path().join("bench.yaml"));
    write_playbook(folder.path(), &playbook);
    let before = process::own();
    let ran = stage.ixdeploy(&["apply", "--yes"], &playbook);
    let mocks = process::own() - before;
    drop(mock);
    print_run(&ran, mocks);
    let journal = Arc::new(Journal::open(&stage.path("state"), Arc::new(())).unwrap());
    let listed = journal.runs(1).unwrap();
    let records = journal.records(&listed[0].run.run).unwrap();
    let saved: usize = listed[0].ends.iter().filter(|end| end.state == Some(State::Saved)).map(|end| end.routers).sum();
    println!("    {saved} of {ROUTERS} saved, {} records", records.len());
    print_journal(&records, ran.usage.cpu);
    print_lists(&journal, &records);
}

fn print_run(ran: &Ran, mocks: f64) {
    let (count, usage) = (ROUTERS as f64, ran.usage);
    figure("ixdeploy apply, routers a second", count / usage.seconds, "/s", &Expected::Nothing);
    figure("ixdeploy apply, processor per router", usage.cpu / count * 1000.0, "ms", &Expected::Nothing);
    figure("ixdeploy apply, resident memory", usage.resident as f64 / 1024.0, "MiB", &Expected::AtMost(1024.0));
    figure("the mock, processor per router", mocks / count * 1000.0, "ms", &Expected::Nothing);
    println!("    {:.1} s, exit status {:?}; at most {} threads at once", usage.seconds, ran.status, usage.threads);
}

/// The same records written once more: sharing syncs, and as it was before.
fn print_journal(records: &[Stored], cpu: f64) {
    let shared = written_again(records, false);
    let alone = written_again(records, true);
    let floor = shared.syncs as f64 * one_sync();
    figure("the journal alone, the same records", shared.seconds, "s", &Expected::Nothing);
    println!(
        "    {} syncs, {:.1} records each; the syncs alone {floor:.2} s; {:.2} s of processor",
        shared.syncs,
        records.len() as f64 / shared.syncs as f64,
        shared.cpu
    );
    figure("the journal's share of the processor", shared.cpu / cpu * 100.0, "%", &Expected::AtMost(10.0));
    figure(
        "one sync a write / shared syncs, seconds",
        alone.seconds / shared.seconds,
        "times",
        &Expected::AtLeast(1.5),
    );
    figure(
        "one sync a write / shared syncs, syncs",
        alone.syncs as f64 / shared.syncs as f64,
        "times",
        &Expected::AtLeast(4.0),
    );
}

/// What lists cost beside reading the record.
fn print_lists(journal: &Journal, records: &[Stored]) {
    let run = &records[0].run;
    let timed = |what: &dyn Fn()| {
        let started = Instant::now();
        what();
        started.elapsed().as_secs_f64() * 1000.0
    };
    let lists = timed(&|| {
        assert_eq!((journal.open_router_runs().unwrap().len(), journal.runs(20).unwrap().len()), (0, 1));
        assert_eq!(journal.history("r1").unwrap().len(), 1);
    });
    let whole = timed(&|| assert_eq!(journal.run(run).unwrap().parts.len(), ROUTERS));
    figure("open runs, last runs and one router's history", lists, "ms", &Expected::Nothing);
    figure("reading the record / reading the lists", whole / lists, "times", &Expected::AtLeast(20.0));
}

/// What writing the records took.
struct Written {
    seconds: f64,
    cpu: f64,
    syncs: usize,
}

/// Counts the syncs.
#[derive(Default)]
struct Counted(AtomicUsize);

impl JournalHooks for Counted {
    fn after_write(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Writes records of one run into a journal of their own, each router's by a session of its own.
fn written_again(records: &[Stored], one_by_one: bool) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let syncs = Arc::new(Counted::default());
    let journal = Arc::new(Journal::open(&folder.path().join("state"), Arc::clone(&syncs) as _).unwrap());
    let mut routers: BTreeMap<&str, Vec<&Kind>> = BTreeMap::new();
    for stored in records {
        routers.entry(&stored.router).or_default().extend(&stored.record);
    }
    let begun = routers.remove("").and_then(|kinds| kinds.first().copied()).unwrap();
    let readers = Readers::default();
    let log = RunLog::begin(journal, &readers, begun.clone()).unwrap();
    let turns = one_by_one.then(|| Mutex::new(()));
    let waiting = Mutex::new(routers.into_iter());
    let (cpu, started) = (process::own(), Instant::now());
    thread::scope(|scope| {
        for _ in 0..CONCURRENCY {
            scope.spawn(|| {
                while let Some((router, kinds)) = next(&waiting) {
                    let recorder = log.router_journal(&readers, router, "site", 1);
                    for kind in kinds {
                        let _turn = turns.as_ref().map(|turns| turns.lock().unwrap());
                        write(&recorder, kind);
                    }
                }
            });
        }
    });
    Written {
        seconds: started.elapsed().as_secs_f64(),
        cpu: process::own() - cpu,
        syncs: syncs.0.load(Ordering::Relaxed),
    }
}

fn next<T>(waiting: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    waiting.lock().unwrap().next()
}

fn write(recorder: &RouterJournal, kind: &Kind) {
    match kind {
        Kind::Sealed { name, .. } => assert!(recorder.seal(name, &[0; SEALED]).unwrap().is_none()),
        kind => recorder.record(kind.clone()).unwrap(),
    }
}

/// Seconds that one sync of a few kilobytes takes here.
fn one_sync() -> f64 {
    const TIMES: u32 = 50;
    let folder = tempfile::tempdir().unwrap();
    let mut file = File::create(folder.path().join("synced")).unwrap();
    let started = Instant::now();
    for _ in 0..TIMES {
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
    }
    started.elapsed().as_secs_f64() / f64::from(TIMES)
}

fn sites(mock: &Mock) -> String {
    let mut text = String::new();
    for end in mock.endpoints() {
        write!(
            text,
            r#"  site-{id}:
    routers:
      {id}:
        model: IX2215
        role: listed
        connection: {{ ssh: {{ host: 127.0.0.1, port: {port}, user: admin, password: admin-password, host_key: "{key}" }} }}
        deadlines: {{ connect: 120s, login: 50s, command: 120s, read: 120s, lock: 60s }}
        identity: {{ serial_number: "{serial}" }}
        lifeline: {{ interface: GigaEthernet2.0, address: 192.0.2.1, switch_port: 8 }}
"#,
            id = end.id,
            port = end.port.unwrap_or_default(),
            key = end.fingerprint.as_deref().unwrap_or_default(),
            serial = RouterSpec::new(end.id.as_str()).serial(),
        )
        .unwrap();
    }
    text
}

/// A playbook with one role, which declares a list of this many lines.
fn write_playbook(folder: &Path, playbook: &Path) {
    let role = folder.join("roles/listed");
    fs::create_dir_all(&role).unwrap();
    let declared = "version: 1\ntitle: { en: List, ja: リスト }\ndescription: { en: A list., ja: リスト。 }\nowns: [\"ip access-list branch\"]\ntemplates: [list.ix.j2]\n";
    fs::write(role.join("role.yaml"), declared).unwrap();
    let lines: String = (1..=LINES)
        .map(|number| format!("ip access-list branch permit ip src 10.{number}.0.0/16 dest any\n"))
        .collect();
    fs::write(role.join("list.ix.j2"), lines).unwrap();
    let play = format!(
        "version: 1\nname: bench\ntitle: {{ en: Bench, ja: 計測 }}\nplays:\n  - roles: [listed]\nrollout: {{ concurrency: {CONCURRENCY}, max_failures: {ROUTERS} }}\n"
    );
    fs::write(playbook, play).unwrap();
}
