//! What happens as lines of JSON in a file, for programs that follow a run.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::file;
use crate::record::{Envelope, Kind, Reader, rfc3339};
use crate::visible;

/// The version of the form of a line; it changes when a reader of the old form would misread the new one.
pub const SCHEMA: u32 = 1;

/// Appends each event as one line.
#[derive(Debug)]
pub struct EventsFile {
    file: Mutex<File>,
}

#[derive(Serialize)]
struct EventLine<'a> {
    schema: u32,
    at: String,
    event: &'static str,
    seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    router: Option<&'a str>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl<'a> EventLine<'a> {
    /// The line of an envelope; nothing for what is no event: counting on a screen, and what the journal keeps for itself.
    fn of(envelope: &'a Envelope) -> Option<Self> {
        let Envelope { run, number, at, site, router, fence, kind } = envelope;
        let of_the_journal =
            matches!(kind, Kind::Intended { .. } | Kind::Sealed { .. } | Kind::NotSealed { .. } | Kind::Pruned { .. });
        // An event is that a router said something, or refused a line; that it accepted one silently is for the
        // journal.
        let is_silence = matches!(kind, Kind::Answered { accepted: true, text, .. } if text.is_empty());
        if kind.only_counts() || of_the_journal || is_silence {
            return None;
        }
        let Ok(Value::Object(mut fields)) = serde_json::to_value(kind) else { return None };
        fields.shift_remove("kind");
        // These two had other names in events before there was one form.
        match kind {
            Kind::Answered { text, accepted, .. } => {
                fields.shift_remove("text");
                fields.shift_remove("accepted");
                fields.insert("answer".into(), text.as_str().into());
                fields.insert("refused".into(), (!accepted).into());
            }
            Kind::Failed { .. } => {
                let cause = fields.shift_remove("text").unwrap_or_default();
                fields.insert("cause".into(), cause);
            }
            _ => {}
        }
        Some(Self {
            schema: SCHEMA,
            at: rfc3339(*at),
            event: kind.name(),
            seq: *number,
            run: run.as_ref().map(|run| run.as_str()),
            fence: *fence,
            site: site.as_deref(),
            router: router.as_deref(),
            fields,
        })
    }
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

impl Reader for EventsFile {
    fn read(&self, envelope: &Envelope) {
        let Some(line) = EventLine::of(envelope).and_then(|line| serde_json::to_string(&line).ok()) else { return };
        let mut line = visible::in_json(&line).into_owned();
        line.push('\n');
        // One write a line, so that lines of several routers never mix. A full disk must not stop a transaction in
        // progress: the journal, not this file, is what the outcome rests on.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all(line.as_bytes()) {
            tracing::warn!(%error, "an event could not be written to the events file");
        }
    }
}
