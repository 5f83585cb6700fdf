//! The journal's share of a run, and what shared syncs and its lists save.
//!
//! The share is found by writing the run's records once more, alone: in as many sessions, through the same API. Beside it the same is done
//! as it was before sessions shared a sync: each write by itself, one after the other.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use ixdeploy::journal::{Journal, JournalHooks, RouterJournal, RunLog};
use ixdeploy::record::{Kind, Readers, Stored};

use crate::process;
use crate::table::{Expected, figure};

/// Sessions that write at the same time.
const SESSIONS: usize = 250;
/// About what a sealed backup of these routers holds, in bytes.
const SEALED: usize = 4096;

/// What writing some records once more took.
struct Written {
    seconds: f64,
    cpu: f64,
    syncs: usize,
}

/// The journal's share of a run that needed this much of the processor.
pub fn share(records: &[Stored], cpu: f64) {
    let alone = written_again(records, false);
    let floor = alone.syncs as f64 * one_sync();
    figure("the journal alone, the same records", alone.seconds, "s", &Expected::Nothing);
    println!(
        "    {} records, {} syncs, {:.1} records each; the syncs alone {floor:.2} s; {:.2} s of processor",
        records.len(),
        alone.syncs,
        records.len() as f64 / alone.syncs as f64,
        alone.cpu
    );
    figure("the journal's share of the processor", alone.cpu / cpu * 100.0, "%", &Expected::AtMost(10.0));
}

/// What sessions save that share a sync.
pub fn syncs(records: &[Stored]) {
    let (shared, one_by_one) = (written_again(records, false), written_again(records, true));
    let ratio = |what: &str, value: f64, least: f64| figure(what, value, "times", &Expected::AtLeast(least));
    ratio("one sync a write / shared syncs, seconds", one_by_one.seconds / shared.seconds, 1.5);
    ratio("one sync a write / shared syncs, syncs", one_by_one.syncs as f64 / shared.syncs as f64, 4.0);
}

/// What lists cost beside reading the record.
pub fn lists(journal: &Journal, records: &[Stored], routers: usize) {
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
    let whole = timed(&|| assert_eq!(journal.run(run).unwrap().parts.len(), routers));
    figure("open runs, last runs and one router's history", lists, "ms", &Expected::Nothing);
    figure("reading the record / reading the lists", whole / lists, "times", &Expected::AtLeast(20.0));
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
        for _ in 0..SESSIONS {
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
