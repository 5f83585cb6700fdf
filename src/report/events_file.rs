//! Events as lines of JSON in a file, for programs that follow a run.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::Serialize;

use crate::event::{Event, Sink};
use crate::file;
use crate::journal::rfc3339;
use crate::visible;

/// The version of the form of a line; it changes when a reader of the old form would misread the new one.
pub const SCHEMA: u32 = 1;

/// Appends each event as one line.
#[derive(Debug)]
pub struct EventsFile {
    file: Mutex<File>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: u32,
    at: String,
    #[serde(flatten)]
    event: &'a Event,
}

impl EventsFile {
    /// Opens the file for appending; it is made where it is missing.
    ///
    /// # Errors
    /// When the file cannot be opened for writing.
    pub fn append(path: &Path) -> io::Result<Self> {
        let file = file::append(path)?;
        Ok(Self { file: Mutex::new(file) })
    }
}

impl Sink for EventsFile {
    fn emit(&self, event: &Event) {
        if event.only_counts() {
            return;
        }
        // One write a line, so that lines of several routers never mix. A full disk must not stop a transaction under way:
        // the journal, not this file, is what the outcome rests on.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // The time is taken in the order of the lines, so that it never runs backwards unless the clock does.
        let at = rfc3339(SystemTime::now());
        let Ok(line) = serde_json::to_string(&Line { schema: SCHEMA, at, event }) else { return };
        let mut line = visible::in_json(&line).into_owned();
        line.push('\n');
        if let Err(error) = file.write_all(line.as_bytes()) {
            tracing::warn!(%error, "an event could not be written to the events file");
        }
    }
}
