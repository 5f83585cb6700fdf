//! Controllers of a night, one after the other: each may die, and the next one recovers what it left open.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::clinics::{Controller, InMemory};
use crate::cancel::Cancel;
use crate::journal::{JournalHooks, RunLog};
use crate::record::{Account, Readers};
use crate::run::RunEnv;
use crate::run::operator::NoOperator;
use crate::secret::{NoPrompt, SourceVault, Vault};
use crate::transaction::{self, Intent, TransactionEnv};

/// The disk of a controller that may be killed: nothing is written after that.
struct Disk(Arc<AtomicBool>);

impl JournalHooks for Disk {
    fn before_write(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) { Err(io::Error::other("killed")) } else { Ok(()) }
    }
}

/// One that has a disk of its own.
pub fn controller(dir: &Path, killed: &Arc<AtomicBool>) -> RunEnv {
    let env = RunEnv::new(dir.join("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
    env.with_journal(Default::default(), Arc::new(Disk(Arc::clone(killed))))
}

/// Recovers what a controller left open when it died.
pub fn recover(env: &RunEnv, log: &RunLog, controller: &Arc<Controller>, intents: &[Arc<Intent>]) {
    let journal = log.journal();
    for part in journal.open_router_runs().unwrap() {
        let clinic: usize = part.router.trim_start_matches('c').parse().unwrap();
        let left = transaction::load_interrupted(journal, &part, &intents[clinic]).unwrap();
        let connect = InMemory { controller: Arc::clone(controller), clinic, attempt: u32::MAX, takes_time: false };
        let vault: Arc<dyn Vault> = Arc::new(SourceVault::new([], NoPrompt));
        let recorder =
            log.router_journal(&Readers::default(), &part.router, &part.site, journal.next_fence(&part).unwrap());
        let site = None;
        let (vault, cancel) = (&*vault, &env.cancel);
        let env = TransactionEnv { connect: &connect, vault, cancel, recorder: &recorder, decisions: &(), site };
        transaction::resume(&left, env, Account::default());
    }
}
