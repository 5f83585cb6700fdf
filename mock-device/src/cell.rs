//! A router that many sessions share: the lock around it, the delivery of its messages, its files in the state folder.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::error::MockError;
use crate::event::What;
use crate::router::signal::Signal;
use crate::router::{Right, Router, Via};
use crate::session::Session;

/// A shared router.
#[derive(Clone)]
pub struct Cell(Arc<Inside>);

struct Inside {
    router: Mutex<Router>,
    senders: Mutex<HashMap<u64, mpsc::UnboundedSender<Signal>>>,
    folder: PathBuf,
    stored: Mutex<Option<Instant>>,
}

/// How old the files of a configuration may be while lines keep coming; a long push would otherwise write them once a line.
const STALE: Duration = Duration::from_millis(20);

impl Cell {
    /// Puts a router and its folder together.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(router: Router, folder: &Path) -> Result<Self, MockError> {
        let file = |error| MockError::File { path: folder.to_owned(), error };
        fs::create_dir_all(folder).map_err(file)?;
        File::create(folder.join("events.jsonl")).map_err(file)?;
        let cell = Self(Arc::new(Inside {
            router: Mutex::new(router),
            senders: Mutex::new(HashMap::new()),
            folder: folder.to_owned(),
            stored: Mutex::new(None),
        }));
        cell.with(|_| ());
        Ok(cell)
    }

    /// Works on the router, then delivers what it has to say and writes its files.
    pub fn with<T>(&self, work: impl FnOnce(&mut Router) -> T) -> T {
        let mut router = self.lock();
        let result = work(&mut router);
        let mut senders = self.senders();
        for (session, signal) in std::mem::take(&mut router.outbox) {
            if let Some(sender) = senders.get(&session) {
                // A session that ends at this moment no longer listens; it does not need the message either.
                let _ = sender.send(signal);
            }
        }
        senders.retain(|_, sender| !sender.is_closed());
        drop(senders);
        self.store(&mut router);
        result
    }

    /// Counts bytes that the router sends.
    pub fn sends(&self, bytes: usize) {
        if bytes > 0 {
            self.lock().sends(bytes);
        }
    }

    /// When the files must be written although nothing else happens.
    pub fn due(&self) -> Option<Instant> {
        self.lock().dirty.then(|| Instant::now() + STALE)
    }

    /// Opens a session and the line on which it hears from the router.
    pub fn open(&self, via: Via, known: Option<Right>, width: usize) -> (Session, mpsc::UnboundedReceiver<Signal>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let session = self.with(|router| Session::open(router, via, known, width));
        self.senders().insert(session.id, sender);
        (session, receiver)
    }

    /// A session goes on under another number, as a console does after a logout.
    pub fn renumber(&self, old: u64, new: u64) {
        let mut senders = self.senders();
        if let Some(sender) = senders.remove(&old) {
            senders.insert(new, sender);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Router> {
        self.0.router.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn senders(&self) -> MutexGuard<'_, HashMap<u64, mpsc::UnboundedSender<Signal>>> {
        self.0.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the state folder up to date. A folder that cannot be written is the test's own doing; the router goes on.
    fn store(&self, router: &mut Router) {
        let fresh = router.unwritten();
        if !fresh.is_empty() {
            let mut text = String::new();
            for event in &fresh {
                text.push_str(&serde_json::to_string(event).unwrap_or_default());
                text.push('\n');
            }
            let path = self.0.folder.join("events.jsonl");
            let written =
                OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
            drop(written);
        }
        let only_lines = !fresh.is_empty() && fresh.iter().all(|event| matches!(event.what, What::Line { .. }));
        let mut stored = self.0.stored.lock().unwrap_or_else(PoisonError::into_inner);
        if only_lines && stored.is_some_and(|at| at.elapsed() < STALE) {
            return;
        }
        if std::mem::take(&mut router.dirty) {
            *stored = Some(Instant::now());
            self.replace("running.cfg", Some(router.body()));
            self.replace("startup.cfg", router.startup.as_ref().map(|saved| saved.body.clone()));
        }
    }

    fn replace(&self, name: &str, body: Option<Vec<String>>) {
        let path = self.0.folder.join(name);
        let done = match body {
            Some(lines) => {
                let fresh = self.0.folder.join(format!(".{name}"));
                fs::write(&fresh, lines.join("\n") + "\n").and_then(|()| fs::rename(fresh, path))
            }
            None if path.exists() => fs::remove_file(path),
            None => Ok(()),
        };
        drop(done);
    }
}
