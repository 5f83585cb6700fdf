//! What the engine makes of a recording: the same screen, echo, prompts and diagnostics as in a conversation, over bytes that came
//! before.
//!
//! Types nothing and waits for nothing. A line that this version would not have followed is found without a router.

use super::echo::{self, Echo};
use super::recording::{RecordedEvent, Recording};
use super::screen::Screen;
use super::tail::{self, TailKind, leading_prompt};
use crate::dialect::Dialect;
use crate::dialect::diagnostic::DeviceDiagnostic;
use crate::dialect::prompt::Prompt;
use crate::ix::line as encoding;

/// One line that was typed at a prompt, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The line, as it is recorded.
    pub line: String,
    /// Whether its echo was followed to the end.
    pub echoed: bool,
    /// How many lines its answer has.
    pub answer: usize,
    /// What the router said that was no ordinary output.
    pub diagnostics: Vec<DeviceDiagnostic>,
    /// The prompt that ended the answer; none where it ended otherwise, or not at all.
    pub prompt: Option<Prompt>,
    /// Whether the answer ended in a way that the engine knows: a prompt, a question, a login.
    pub ended: bool,
}

/// Holds the conversation of a recording once more, from the other side of the glass; `dialect` is what the router spoke.
pub fn review(dialect: &Dialect, recording: &Recording) -> Vec<Reviewed> {
    let mut review = Review::of(dialect);
    for event in &recording.events {
        review.take(event);
    }
    review.conclude();
    review.lines
}

struct Review<'d> {
    dialect: &'d Dialect,
    screen: Screen,
    /// What was typed and not ended by Return.
    typed: Vec<u8>,
    /// Lines in flight, each with Return.
    under_way: Vec<Vec<u8>>,
    /// The prompt they were typed at.
    lead: String,
    lines: Vec<Reviewed>,
}

impl<'d> Review<'d> {
    fn of(dialect: &'d Dialect) -> Self {
        Self {
            dialect,
            screen: Screen::default(),
            typed: Vec::new(),
            under_way: Vec::new(),
            lead: String::new(),
            lines: Vec::new(),
        }
    }

    fn take(&mut self, event: &RecordedEvent) {
        let bytes = encoding::to_bytes(&event.text);
        if event.from_router {
            self.screen.feed(&bytes);
            return;
        }
        for byte in bytes {
            match byte {
                _ if byte == self.dialect.strings().erase_line => self.typed.clear(),
                b'\r' | b'\n' if self.typed.is_empty() => {}
                b'\r' | b'\n' => self.under_way.push(std::mem::take(&mut self.typed)),
                // A key for the pager is part of no line.
                _ if self.typed.is_empty() && tail::kind_of(self.dialect, self.screen.tail()) == TailKind::Pager => {}
                _ => {
                    if self.typed.is_empty() && !self.continues() {
                        self.begin();
                    }
                    self.typed.push(byte);
                }
            }
        }
    }

    /// Whether the next line goes out before the last is answered: a window.
    fn continues(&self) -> bool {
        !self.under_way.is_empty() && self.screen.rows().is_empty() && self.screen.tail() == self.lead.as_bytes()
    }

    /// A new line begins: what was in flight has its whole answer now.
    fn begin(&mut self) {
        self.conclude();
        self.screen.reset();
        self.lead = String::from_utf8_lossy(self.screen.tail()).into_owned();
    }

    fn conclude(&mut self) {
        let lines = std::mem::take(&mut self.under_way);
        let (mut row, mut lead) = (0, std::mem::take(&mut self.lead));
        for (index, line) in lines.iter().enumerate() {
            // A name or a password at a login has no echo to compare it with.
            if self.dialect.prompts().read(&lead).is_none() {
                return;
            }
            let last = index + 1 == lines.len();
            let (reviewed, next) = self.one(line, row, &lead, last);
            self.lines.push(reviewed);
            (row, lead) = next;
        }
    }

    /// One line of those in flight: from its row on, up to the next prompt or the end.
    fn one(&self, line: &[u8], row: usize, lead: &str, last: bool) -> (Reviewed, (usize, String)) {
        let rows = self.screen.rows().from(row);
        let sent = line.trim_ascii_end();
        let text = encoding::to_text(sent).into_owned();
        let start = match echo::follow(self.dialect.strings(), rows, self.screen.tail(), lead, sent) {
            Echo::Done(start) => Some(start),
            _ => None,
        };
        let begin = start.unwrap_or_default();
        let next = (begin..rows.len()).find_map(|index| Some((index, leading_prompt(self.dialect, rows.get(index)?)?)));
        let next = next.filter(|_| !last && start.is_some());
        let (end, (prompt, after)) = match next {
            Some((index, (prompt, lead))) => (index, (Some(prompt), (row + index, lead))),
            None => {
                let tail = leading_prompt(self.dialect, self.screen.tail()).filter(|_| !last).unzip();
                let own = self.dialect.prompts().read(&String::from_utf8_lossy(self.screen.tail())).filter(|_| last);
                (rows.len(), (tail.0.or(own), (self.screen.rows().len(), tail.1.unwrap_or_default())))
            }
        };
        let answer: Vec<String> = rows
            .from(begin)
            .iter()
            .take(end.saturating_sub(begin))
            .map(|row| encoding::to_text(row).into_owned())
            .filter(|row| !self.dialect.strings().is_log_line(row))
            .collect();
        let known = matches!(
            tail::kind_of(self.dialect, self.screen.tail()),
            TailKind::Question(_) | TailKind::Login | TailKind::BootMonitor
        );
        let commands = self.dialect.commands();
        let reviewed = Reviewed {
            echoed: start.is_some(),
            answer: answer.len(),
            diagnostics: answer.iter().filter_map(|row| self.dialect.diagnostics().classify(row, &text)).collect(),
            ended: prompt.is_some() || known || text == commands.exit || text == commands.yes,
            prompt,
            line: text,
        };
        (reviewed, after)
    }
}

#[cfg(test)]
mod tests {
    use super::{Reviewed, review};
    use crate::dialect::Dialect;
    use crate::session::{RecordedEvent, Recording};

    fn reviewed(events: &[(bool, &str)]) -> Vec<Reviewed> {
        let events = events.iter().enumerate().map(|(at, (from_router, text))| RecordedEvent {
            at: at as f64,
            from_router: *from_router,
            text: (*text).to_owned(),
        });
        review(Dialect::ix(), &Recording { title: String::new(), timestamp: 0, events: events.collect() })
    }

    #[test]
    fn a_conversation_is_followed_again() {
        let found = reviewed(&[
            (true, "\r\nlogin: "),
            (false, "admin\r"),
            (true, "admin\r\nPassword: "),
            (false, "\r"),
            (true, "\r\nr1# "),
            (false, "show running-config\n"),
            (true, "show running-config\r\n! a\r\n--More--"),
            (false, " "),
            (true, "\r        \r! b\r\nr1# "),
            (false, "bogus\n"),
            (true, "bogus\r\n% bogus -- Invalid command.\r\nr1# "),
        ]);
        let lines: Vec<_> =
            found.iter().map(|line| (line.line.as_str(), line.echoed, line.answer, line.ended)).collect();
        assert_eq!(lines, [("show running-config", true, 2, true), ("bogus", true, 1, true)]);
        assert_eq!(found.iter().map(|line| line.diagnostics.len()).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_window_is_taken_apart_and_a_console_put_together() {
        let found = reviewed(&[
            (true, "r1(config)# "),
            (false, "ip a\nip b\nip c\n"),
            (true, "ip a\r\nr1(config)# ip b\r\n% ip b -- Invalid command.\r\nr1(config)# ip c\r\nr1(config)# "),
            (false, "ntp ip"),
            (true, "ntp i"),
            (false, " enable"),
            (true, "p enable"),
            (false, "\r"),
            (true, "\r\nr1(config)# "),
        ]);
        assert_eq!(
            found.iter().map(|line| line.line.as_str()).collect::<Vec<_>>(),
            ["ip a", "ip b", "ip c", "ntp ip enable"]
        );
        assert!(found.iter().all(|line| line.echoed && line.ended), "{found:?}");
        assert_eq!(found.iter().map(|line| line.answer).collect::<Vec<_>>(), [0, 1, 0, 0]);
    }

    #[test]
    fn a_recording_that_this_version_cannot_follow_is_found() {
        let found = reviewed(&[
            (true, "r1(config)# "),
            (false, "ip a\n"),
            (true, "ip x\r\nr1(config)# "),
            (false, "ip b\n"),
            (true, "ip b\r\nand then nothing"),
        ]);
        assert_eq!(
            found.iter().map(|line| (line.echoed, line.ended)).collect::<Vec<_>>(),
            [(false, true), (true, false)]
        );
    }
}
