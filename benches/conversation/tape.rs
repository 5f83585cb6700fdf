//! A recorded session as the lines that were typed and what each cost.

use std::mem::take;

use ixdeploy::ix::line;
use ixdeploy::session::Recording;

/// A line as it was typed in the end.
pub struct Typed {
    /// When its first character was typed, in seconds since the session began.
    pub at: f64,
    /// Its text.
    pub text: String,
    /// Bytes that the router sent from then to the next line: echo, answer, prompt.
    pub bytes: usize,
    /// How often it was erased and typed again.
    pub erased: usize,
}

/// The lines of a session, in their order. What was erased and typed again is one line.
pub fn lines(tape: &Recording) -> Vec<Typed> {
    let (mut lines, mut text, mut begun): (Vec<Typed>, String, Option<f64>) = (Vec::new(), String::new(), None);
    let (mut bytes, mut erased) = (0, 0);
    for event in &tape.events {
        if event.from_router {
            bytes += line::to_bytes(&event.text).len();
            continue;
        }
        if begun.is_none() {
            // What came so far belongs to the line before.
            if let Some(last) = lines.last_mut() {
                last.bytes = bytes;
            }
            bytes = 0;
        }
        let at = *begun.get_or_insert(event.at);
        for character in event.text.chars() {
            match character {
                '\u{15}' => {
                    text.clear();
                    erased += 1;
                }
                '\r' | '\n' => {
                    lines.push(Typed { at, text: take(&mut text), bytes: 0, erased: take(&mut erased) });
                    begun = None;
                }
                other => text.push(other),
            }
        }
    }
    if let Some(last) = lines.last_mut() {
        last.bytes = bytes;
    }
    lines
}
