//! A run that leaves one state folder and comes into another, and files that are not what was exported.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

mod hostile;
mod travel;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::{ExportRequest, Exported, export};
use crate::ix::Identity;
use crate::journal::{Journal, RunLog};
use crate::record::fixtures::begun;
use crate::record::{Ending, Kind, Outcome, Place, Policy, Readers};
use crate::run::error::RunError;
use crate::run::plan_file::{keep, sha256};
use crate::run::{Evidence, EvidenceRequest, evidence};
use crate::state::State;

/// A state folder and its journal.
struct Machine {
    dir: tempfile::TempDir,
    journal: Arc<Journal>,
}

impl Machine {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(&dir.path().join("state"), Arc::new(())).unwrap());
        Self { dir, journal }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A run over two routers: one is saved, the other one was left in the middle.
    fn run(&self) -> String {
        self.run_over(&["r1", "r2"], b"{ \"schema\": \"of a later version\" }")
    }

    /// A run over these routers, with this plan: the first one is saved, the others were left in the middle, and `r3` was never begun.
    fn run_over(&self, routers: &[&str], plan: &[u8]) -> String {
        let policy = Policy {
            concurrency: 4,
            max_failures: Some(1),
            rollout: None,
            limit: None,
            asked: true,
            outside_windows: None,
            on_bench: true,
            line_pending: None,
            adopt: false,
            set_secrets: false,
            replaced: false,
            replaces: None,
            kept_sha256: Some(sha256(plan)),
            answered_at: None,
        };
        let place = |router: &str| Place { router: router.to_owned(), site: "s".to_owned() };
        let mut begun = begun(routers.iter().copied());
        if let Kind::Begun { places, policy: of_run, .. } = &mut begun {
            (*places, *of_run) = (routers.iter().chain(&["r3"]).map(|router| place(router)).collect(), Some(policy));
        }
        let readers = Readers::default();
        let log = RunLog::begin(Arc::clone(&self.journal), &readers, begun).unwrap();
        keep(self.journal.state_dir(), log.run().as_str(), plan).unwrap();
        for router in routers {
            let ledger = log.router_journal(&readers, router, "s", 1);
            let kept = serde_json::json!({ "commands": ["hostname new"], "undo": ["hostname old"] });
            ledger.record(Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false }).unwrap();
            ledger
                .record(Kind::BackedUp {
                    identity: Identity { model: Some("IX2215".to_owned()), ..Default::default() },
                    started_at: None,
                    running: "h".to_owned(),
                    taken_over: false,
                    clock_offset: None,
                })
                .unwrap();
            ledger
                .seal("after", b"hostname new\nusername admin password plain CanarySealed1Pw administrator\n")
                .unwrap();
            ledger.record(Kind::Moved { state: State::Applying }).unwrap();
        }
        let ledger = log.router_journal(&readers, "r1", "s", 1);
        ledger.record(Kind::Moved { state: State::Saved }).unwrap();
        ledger.record(Kind::Ended(Box::new(Ending::of(&Outcome::new("r1", "s", State::Saved))))).unwrap();
        log.recorder(&readers).record(Kind::RunEnded { exit: 4 }).unwrap();
        log.run().as_str().to_owned()
    }

    /// A recording in a folder.
    fn recording(&self, name: &str, router: &str, at_s: i64, said: &str) {
        fs::create_dir_all(self.path("tapes")).unwrap();
        let event = serde_json::json!([0.5, "o", said]);
        let text = format!("{{\"version\":2,\"timestamp\":{at_s},\"title\":\"{router}\"}}\n{event}\n");
        fs::write(self.path("tapes").join(name), text).unwrap();
    }

    fn export(&self, run: &str, name: &str, recordings: Option<&str>) -> Result<Exported, RunError> {
        let request = ExportRequest {
            run: run.to_owned(),
            file: self.path(name),
            recordings: recordings.map(|folder| self.path(folder)),
            page: &|evidence| format!("<p>{} records</p>", evidence.records.len()),
        };
        export(&self.journal, &request)
    }

    fn evidence(&self, run: &str) -> Evidence {
        evidence(&self.journal, &EvidenceRequest { run: run.to_owned(), ..EvidenceRequest::default() }).unwrap()
    }
}

/// A run, exported by its machine to `run.tar`.
fn exported() -> (Machine, String) {
    let here = Machine::new();
    let run = here.run();
    here.export(&run, "run.tar", None).unwrap();
    (here, run)
}
