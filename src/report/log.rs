//! Events as log records, for the debug log.

use std::io::{self, Write};

use serde_json::Value;

use crate::ix::without_end;
use crate::record::{Envelope, Kind, Reader};
use crate::visible;

/// Writes each event to the log.
#[derive(Debug, Clone, Copy)]
pub struct Log;

impl Reader for Log {
    fn read(&self, envelope: &Envelope) {
        let kind = &envelope.kind;
        if kind.only_counts() {
            return;
        }
        let router = envelope.router().unwrap_or("-");
        match kind {
            // Which box it is instead is said by its serial number.
            Kind::Failed { cause, .. } if cause.code.starts_with("identity.") => {
                tracing::warn!(router, code = cause.code, "failed");
            }
            Kind::Failed { cause, .. } => tracing::warn!(router, code = cause.code, cause = %cause.text, "failed"),
            Kind::Warned { warning, .. } => tracing::warn!(router, warning = %warning, "warned"),
            Kind::Sending { number, line, undo, .. } => tracing::debug!(router, number, undo, line, "sending"),
            Kind::Answered { number, text, accepted, .. } => {
                tracing::debug!(router, number, accepted, text, "answered");
            }
            Kind::Moved { state, .. } => tracing::info!(router, state = state.word(), "moved"),
            // The whole plan is in the journal.
            Kind::Intended { .. } => tracing::debug!(router, "intended"),
            other => tracing::debug!(router, event = %shown(other), "event"),
        }
    }
}

/// An event as the log shows it. Who reads a screen may be asked for the end of a serial number, which is read off the label of the box.
fn shown(kind: &Kind) -> String {
    let mut numbers = Vec::new();
    if let Ok(value) = serde_json::to_value(kind) {
        find_serial_numbers(&value, &mut numbers);
    }
    let hide = |text: String, number: String| text.replace(&number, &without_end(&number));
    numbers.into_iter().filter(|number| !number.is_empty()).fold(format!("{kind:?}"), hide)
}

/// Every serial number in what is recorded of an event.
fn find_serial_numbers(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("serial_number").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| find_serial_numbers(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| find_serial_numbers(value, found)),
        _ => {}
    }
}

/// Where log records go: one write is one record and becomes one line of visible text.
#[derive(Debug)]
pub struct LogLines<W>(pub W);

impl<W: Write> Write for LogLines<W> {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(record);
        let line = format!("{}\n", visible::line(text.strip_suffix('\n').unwrap_or(&text)));
        self.0.write_all(line.as_bytes())?;
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::{LogLines, shown};
    use crate::ix::Identity;
    use crate::record::{Ending, Kind, Outcome};
    use crate::state::State;

    #[test]
    fn the_end_of_a_serial_number_is_in_no_event_of_the_log() {
        let number = "8798873495".to_owned();
        let identity = Identity { serial_number: Some(number.clone()), ..Identity::default() };
        let ended = Outcome { serial_number: Some(number.clone()), ..Outcome::new("r1", "s", State::Saved) };
        let kinds = [Kind::Identified { identity }, Kind::Ended(Box::new(Ending::of(&ended)))];
        for text in kinds.iter().map(shown) {
            assert!(!text.contains(&number) && text.contains("879887****"), "{text}");
        }
    }

    /// What was logged, kept.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_record_is_one_line_of_visible_text() {
        let kept = Kept::default();
        let writer = kept.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).without_time().with_max_level(tracing::Level::WARN);
        let log = log.with_writer(move || LogLines(writer.clone())).finish();
        tracing::subscriber::with_default(log, || {
            let hostile = "x\n WARN forged\u{1b}]52;c;AA\u{7}\u{202e}\u{9b}31m";
            tracing::warn!(router = hostile, cause = %hostile, debug = ?hostile, "{hostile}");
        });
        let bytes = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("forged") && !text.trim_end().chars().any(crate::visible::is_unseen), "{text:?}");
    }
}
