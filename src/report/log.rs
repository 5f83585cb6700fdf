//! Events as log records, for the debug log.

use crate::event::{Event, Sink};

/// Writes each event to the log.
#[derive(Debug, Clone, Copy)]
pub struct Log;

impl Sink for Log {
    fn emit(&self, event: &Event) {
        let router = event.router().unwrap_or("-");
        match event {
            Event::Failed { code, cause, .. } => tracing::warn!(router, code, cause = %cause, "failed"),
            Event::Warned { warning, .. } => tracing::warn!(router, warning = %warning, "warned"),
            Event::Sending { number, line, undo, .. } => tracing::debug!(router, number, undo, line, "sending"),
            Event::Answered { number, answer, refused, .. } => {
                tracing::debug!(router, number, refused, answer, "answered");
            }
            Event::Moved { state, .. } => tracing::info!(router, state = state.word(), "moved"),
            other => tracing::debug!(router, event = ?other, "event"),
        }
    }
}
