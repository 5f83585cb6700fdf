//! Reads a recording back: as events for a player, or as a script that a session can be held with again.

use serde_json::Value;

use crate::ix::line;
use crate::message::{Explain, Wording};
use crate::transport::LinkKind;
use crate::transport::fake::Fake;

/// A recorded session.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What was recorded.
    pub title: String,
    /// When, in Unix seconds.
    pub timestamp: u64,
    /// What happened, in order.
    pub events: Vec<RecordedEvent>,
}

/// One piece of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedEvent {
    /// Seconds since the start.
    pub at: f64,
    /// Whether the router sent it; else it was typed.
    pub from_router: bool,
    /// The text; what was no text is in the reversible form of `ix::line::to_text`.
    pub text: String,
}

const EMPTY: Wording = Wording::new("it is empty", "空です");
const NO_JSON: Wording = Wording::new("it is not JSON", "JSON ではありません");
const NOT_VERSION_2: Wording = Wording::new("it is not of version 2", "バージョン 2 ではありません");
const NOT_THREE: Wording = Wording::new("it does not have three fields", "項目が 3 つではありません");
const NOT_AN_EVENT: Wording =
    Wording::new("it is not a time, a kind and a text", "時刻、種類、テキストの並びではありません");

/// Why a file is no recording.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
#[explain(
    code = "recording.format",
    en = "line {line} of the recording: {reason}",
    ja = "記録ファイルの {line} 行目を解釈できません: {reason}",
    hint(
        en = "this program reads recordings in asciinema's version 2 format",
        ja = "asciinema バージョン 2 形式の記録ファイルを指定してください"
    )
)]
pub struct RecordingError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: Wording,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// [`RecordingError`] with the line that is not understood.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let wrong = |line: usize, reason| RecordingError { line, reason };
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (_, header) = lines.next().ok_or_else(|| wrong(1, EMPTY))?;
        let header: Value = serde_json::from_str(header).map_err(|_| wrong(1, NO_JSON))?;
        if header.get("version").and_then(Value::as_u64) != Some(2) {
            return Err(wrong(1, NOT_VERSION_2));
        }
        let mut events = Vec::new();
        for (index, line) in lines {
            let event: Value = serde_json::from_str(line).map_err(|_| wrong(index + 1, NO_JSON))?;
            let fields = event.as_array().map(Vec::as_slice);
            let Some([at, kind, text]) = fields else { return Err(wrong(index + 1, NOT_THREE)) };
            let (Some(at), Some(kind), Some(text)) = (at.as_f64(), kind.as_str(), text.as_str()) else {
                return Err(wrong(index + 1, NOT_AN_EVENT));
            };
            // Other kinds (markers, resizes) are for players.
            if matches!(kind, "o" | "i") {
                events.push(RecordedEvent { at, from_router: kind == "o", text: text.to_owned() });
            }
        }
        let title = header.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        let timestamp = header.get("timestamp").and_then(Value::as_u64).unwrap_or_default();
        Ok(Self { title, timestamp, events })
    }

    /// The recording as the other side of a session: what was typed must be typed again, in chunks of this size.
    pub fn script(&self, kind: LinkKind, chunk: usize) -> Fake {
        self.events.iter().fold(Fake::new(kind, chunk), |fake, event| {
            let bytes = line::to_bytes(&event.text);
            if event.from_router { fake.says(bytes) } else { fake.wants(bytes) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Recording;

    #[test]
    fn what_is_no_recording_is_named_by_its_line() {
        for (text, line) in [
            ("", 1),
            ("{}", 1),
            ("{\"version\":1}", 1),
            ("{\"version\":2}\nx", 2),
            ("{\"version\":2}\n\n[1,\"o\"]", 3),
            ("{\"version\":2}\n[1,\"o\",2]", 2),
        ] {
            assert_eq!(Recording::parse(text).map_err(|error| error.line), Err(line), "{text}");
        }
    }
}
