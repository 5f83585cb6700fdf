//! Events as log records, for the debug log.

use std::io::{self, Write};

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
            Kind::Failed { cause, .. } => tracing::warn!(router, code = cause.code, cause = %cause.text, "failed"),
            Kind::Warned { warning, .. } => tracing::warn!(router, warning = %warning, "warned"),
            Kind::Sending { number, line, undo, .. } => tracing::debug!(router, number, undo, line, "sending"),
            Kind::Answered { number, text, accepted, .. } => {
                tracing::debug!(router, number, accepted, text, "answered");
            }
            Kind::Moved { state, .. } => tracing::info!(router, state = state.word(), "moved"),
            // The whole plan is in the journal.
            Kind::Intended { .. } => tracing::debug!(router, "intended"),
            other => tracing::debug!(router, event = ?other, "event"),
        }
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

    use super::LogLines;

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
