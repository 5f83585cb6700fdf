//! More than one line under way: proven with comment lines first, never on a console, never with a secret.
//!
//! A router that takes type-ahead echoes each line only when its turn comes, so that the answers stand one behind the other as if
//! the lines had been typed one by one, and every check stays the same. What may share a window is decided by the caller from
//! the grammar's relations: when a line is refused, the ones behind it have been sent already.

use super::echo::{self, Echo};
use super::error::SessionError;
use super::exchange::{Answer, Ask, End};
use super::line::{Expect, Reply, SendLine};
use super::sight;
use super::talk::{Talk, Verdict};
use super::{Session, Standing};
use crate::ix::line as encoding;
use crate::ix::mask;
use crate::ix::prompt::Prompt;
use crate::ix::wire;

/// What may be under way at once, as proven.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TypeAhead {
    lines: usize,
    bytes: usize,
}

impl TypeAhead {
    /// How many lines.
    pub(super) fn lines(self) -> usize {
        self.lines
    }

    /// Whether these lines may be under way together.
    pub(super) fn takes<'a>(self, lines: impl IntoIterator<Item = &'a SendLine>) -> bool {
        let (mut count, mut bytes) = (0, 0);
        for line in lines {
            count += 1;
            bytes += line.bytes().len() + 1;
        }
        count <= self.lines && bytes <= self.bytes
    }
}

/// What these lines take of the router's buffer.
fn bytes(lines: &[(SendLine, Expect)]) -> usize {
    lines.iter().map(|(line, _)| line.bytes().len() + 1).sum()
}

/// The answers read so far, and where the next one begins.
struct Progress {
    answers: Vec<Answer>,
    row: usize,
    lead: String,
    prompt: Prompt,
}

impl Session {
    /// Lines that may be under way together at most, as the inventory allows: one on a console.
    pub fn widest_window(&self) -> usize {
        if self.talk.is_console() { 1 } else { self.talk.settings.window }
    }

    /// Says how many lines of how many bytes shall be under way together later, before configuration mode is entered: one proof
    /// then serves everything.
    pub fn foresee(&mut self, lines: usize, length: usize) {
        let (most, longest) = self.foreseen;
        self.foreseen = (lines.max(most), length.max(longest));
    }

    /// Proves that this session takes `lines` lines of `length` bytes at once: comment lines, which the router drops (fact
    /// sheet 2). Only in configuration mode. A session that fails the proof stands at its prompt and works one line at a time.
    ///
    /// # Errors
    /// Why the session stopped, when it cannot be brought back to its prompt.
    pub fn prove_type_ahead(&mut self, lines: usize, length: usize) -> Result<bool, SessionError> {
        let lines = lines.min(self.widest_window());
        if lines < 2 || self.talk.is_console() || !self.prompt.mode.is_config() || self.standing != Standing::Ready {
            return Ok(false);
        }
        if lines <= self.type_ahead.lines && lines * (length + 1) <= self.type_ahead.bytes {
            return Ok(true);
        }
        let expect = Expect::from_mode(&self.prompt.mode);
        let comment = |number| {
            let text = format!("! {number} ");
            let fill = "-".repeat(length.saturating_sub(text.len()));
            (SendLine::own(&(text + &fill)), expect.clone())
        };
        let comments: Vec<_> = (1..=lines).map(comment).collect();
        self.type_ahead = TypeAhead { lines, bytes: bytes(&comments) };
        // Answers that were lost are not waited for as long as one that must come.
        let patience = self.talk.settings.deadlines.line;
        self.talk.settings.deadlines.line = patience.min(self.talk.settings.deadlines.wake);
        let results = self.run_window(&comments);
        self.talk.settings.deadlines.line = patience;
        let silent = |result: &Result<Reply, SessionError>| result.as_ref().is_ok_and(|reply| reply.output.is_empty());
        if results.len() == lines && results.iter().all(silent) {
            return Ok(true);
        }
        self.type_ahead = TypeAhead::default();
        self.talk.settings.window = 1;
        match results.into_iter().find_map(Result::err) {
            Some(error @ (SessionError::Link(_) | SessionError::Closed { .. })) => Err(error),
            _ => self.resync().map(|_| false),
        }
    }

    /// Types lines that may be under way together, and gives one result for each line that was answered or failed. All of them
    /// are sent before the first answer is read, if the session has proven that: then a line without a result may have been
    /// carried out. Else they go one by one up to the first that fails.
    pub fn run_window(&mut self, lines: &[(SendLine, Expect)]) -> Vec<Result<Reply, SessionError>> {
        let together = lines.len() > 1
            && self.type_ahead.takes(lines.iter().map(|(line, _)| line))
            && self.standing == Standing::Ready
            && !self.talk.is_console()
            && lines.iter().all(|(line, _)| !line.is_secret() && mask::mask_line(line.text()) == line.text())
            && !self.talk.settings.is_cancelled();
        if !together {
            let mut results = Vec::new();
            for (line, expect) in lines {
                let result = self.run(line, expect);
                let stop = result.is_err();
                results.push(result);
                if stop {
                    break;
                }
            }
            return results;
        }
        let sent: Vec<&SendLine> = lines.iter().map(|(line, _)| line).collect();
        let (answers, error) = self.talk.exchange_window(&self.prompt, &sent);
        let mut results: Vec<Result<Reply, SessionError>> =
            lines.iter().zip(answers).map(|((line, expect), answer)| self.conclude(line, expect, answer)).collect();
        results.extend(error.map(|error| Err(self.note(error))));
        results
    }
}

impl Talk {
    /// Types all lines and reads all answers; the error, if any, belongs to the first line without an answer.
    pub(super) fn exchange_window(
        &mut self,
        prompt: &Prompt,
        lines: &[&SendLine],
    ) -> (Vec<Answer>, Option<SessionError>) {
        let lead = match self.begin_window(prompt, lines) {
            Ok(lead) => lead,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let mut progress = Progress { answers: Vec::new(), row: 0, lead, prompt: prompt.clone() };
        while let Some(line) = lines.get(progress.answers.len()) {
            let ask = Ask::prompt(line, self.settings.deadlines.line);
            let last = progress.answers.len() + 1 == lines.len();
            let waited = self
                .wait(&ask.awaited, ask.silence, |talk, quiet| talk.judge_next(&mut progress, line, &ask, last, quiet));
            if let Err(error) = waited {
                return (progress.answers, Some(error));
            }
        }
        (progress.answers, None)
    }

    pub(super) fn begin_window(&mut self, prompt: &Prompt, lines: &[&SendLine]) -> Result<String, SessionError> {
        let mut typed = Vec::new();
        for line in lines {
            line.check(&prompt.mode)?;
            typed.extend_from_slice(&line.bytes());
            typed.extend_from_slice(self.line_end());
        }
        if let Some(first) = lines.first() {
            self.stand_at(prompt, first)?;
        }
        self.screen.reset();
        let lead = String::from_utf8_lossy(self.screen.tail()).into_owned();
        self.write(&typed)?;
        Ok(lead)
    }

    /// An answer that is not complete yet: only what explains that ends the wait, and only after silence.
    pub(super) fn judge_unanswered<T>(
        &mut self,
        prompt: &Prompt,
        lead: &str,
        line: &SendLine,
        quiet: bool,
    ) -> Result<Verdict<T>, SessionError> {
        Ok(match self.judge_without_echo(prompt, lead, line, quiet)? {
            Verdict::IfSilent | Verdict::IfQuiet => Verdict::IfSilent,
            Verdict::Wait | Verdict::Done(_) => Verdict::Wait,
        })
    }

    /// Whether the answer of the next line is complete: the prompt of the line behind it has come, or the last prompt.
    fn judge_next(
        &mut self,
        progress: &mut Progress,
        line: &SendLine,
        ask: &Ask,
        last: bool,
        quiet: bool,
    ) -> Result<Verdict<()>, SessionError> {
        let rows = self.screen.rows().get(progress.row..).unwrap_or_default();
        let Echo::Done(start) = echo::follow(rows, self.screen.tail(), &progress.lead, &line.bytes()) else {
            let (prompt, lead) = (progress.prompt.clone(), progress.lead.clone());
            return self.judge_unanswered(&prompt, &lead, line, quiet);
        };
        let (mut lines, mut logs, mut next) = (Vec::new(), Vec::new(), None);
        for (index, row) in rows.iter().enumerate().skip(start) {
            if !last && let Some(found) = expected_prompt(row, &progress.prompt, ask) {
                next = Some((progress.row + index, found));
                break;
            }
            let text = encoding::to_text(row).into_owned();
            if wire::is_log_line(&text) { logs.push(text) } else { lines.push(text) }
        }
        if next.is_none() && !last {
            let found = expected_prompt(self.screen.tail(), &progress.prompt, ask);
            next = found.map(|found| (self.screen.rows().len(), found));
        }
        let end = match next {
            Some((row, (prompt, lead))) => {
                (progress.row, progress.lead) = (row, lead);
                prompt
            }
            None => match self.judge_end(&progress.prompt, line, ask, quiet)? {
                Verdict::Done(End::Prompt(prompt)) if last => prompt,
                Verdict::IfQuiet => return Ok(Verdict::IfQuiet),
                _ => return Ok(Verdict::Wait),
            },
        };
        progress.prompt = end.clone();
        progress.answers.push(Answer { lines, logs, end: End::Prompt(end) });
        Ok(Verdict::Done(()))
    }
}

/// The prompt a row begins with, if it carries the expected host name, with its text as it stands there.
fn expected_prompt(row: &[u8], prompt: &Prompt, ask: &Ask) -> Option<(Prompt, String)> {
    sight::leading_prompt(row).filter(|(found, _)| super::exchange::is_expected(found, prompt, ask))
}
