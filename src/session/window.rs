//! More than one line in flight: proven with comment lines first, never on a console, never with a secret.
//!
//! A router that takes type-ahead echoes each line only when its turn comes, so that the answers follow each other as if the
//! lines had been typed one by one, and every check stays the same. What may share a window is decided by the caller from the
//! grammar's relations: when a line is refused, the ones after it have been sent already.

use super::bounds::Exchange;
use super::channel::{Channel, Heard, Judgement};
use super::echo::{Echo, Follower};
use super::error::SessionError;
use super::exchange::{Answer, Ask, End};
use super::line::{ExpectedLine, ExpectedMode, Reply, SendLine};
use super::tail;
use super::{Condition, Session};
use crate::dialect::Dialect;
use crate::dialect::prompt::Prompt;
use crate::ix::line as encoding;
use crate::ix::mask;

/// What may be in flight at once, as proven.
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

    /// Whether these lines may be in flight together.
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
fn bytes(lines: &[ExpectedLine]) -> usize {
    lines.iter().map(|expected| expected.line.bytes().len() + 1).sum()
}

/// The answers read so far, and where the next one begins.
struct Progress {
    answers: Vec<Answer>,
    row: usize,
    lead: String,
    prompt: Prompt,
    /// A line was echoed before its turn, so that nothing tells its answer from that of the line before it: the prompt then.
    early: Option<String>,
}

/// One line of a window and its answer so far.
struct ReadLine<'a> {
    line: &'a SendLine,
    /// The line after it, which must not be echoed before this one's prompt.
    following: Option<&'a SendLine>,
    ask: Ask,
    echo: Follower<'a>,
    /// The first row of the answer that was not looked at yet.
    next: usize,
    lines: Vec<String>,
    logs: Vec<String>,
}

impl Session {
    /// The most lines in flight together that the inventory allows: one on a console.
    pub fn widest_window(&self) -> usize {
        if self.talk.is_console() { 1 } else { self.talk.settings.window }
    }

    /// Says how many lines of how many bytes will be in flight together later, before configuration mode is entered: one proof
    /// then serves everything.
    pub fn foresee(&mut self, lines: usize, length: usize) {
        let (most, longest) = self.foreseen;
        self.foreseen = (lines.max(most), length.max(longest));
    }

    /// Proves that this session takes `lines` lines of `length` bytes at once: comment lines, which the router drops (fact
    /// sheet 2). Only in configuration mode. A session that fails the proof is at its prompt and works one line at a time.
    ///
    /// # Errors
    /// Why the session stopped, when it cannot be brought back to its prompt.
    pub fn prove_type_ahead(&mut self, lines: usize, length: usize) -> Result<bool, SessionError> {
        let lines = lines.min(self.widest_window());
        if lines < 2 || self.talk.is_console() || !self.prompt.mode.is_config() || self.standing != Condition::Ready {
            return Ok(false);
        }
        if lines <= self.type_ahead.lines && lines * (length + 1) <= self.type_ahead.bytes {
            return Ok(true);
        }
        let expect = ExpectedMode::from_mode(&self.prompt.mode);
        let comment = |number| {
            let text = format!("{} {number} ", self.commands().comment);
            let fill = "-".repeat(length.saturating_sub(text.len()));
            ExpectedLine { line: SendLine::own(&(text + &fill)), expect: expect.clone() }
        };
        let comments: Vec<_> = (1..=lines).map(comment).collect();
        self.type_ahead = TypeAhead { lines, bytes: bytes(&comments) };
        let (results, early) = self.run_together(&comments, Exchange::TypeAhead);
        let silent = |result: &Result<Reply, SessionError>| result.as_ref().is_ok_and(|reply| reply.output.is_empty());
        if results.len() == lines && results.iter().all(silent) {
            return Ok(true);
        }
        self.never_type_ahead();
        // Every comment has its prompt: with the last of them the session is where it was.
        if let Some(lead) = early
            && self.talk.within(Exchange::TypeAhead, |talk| talk.await_prompts(&lead, lines))?
        {
            return Ok(false);
        }
        match results.into_iter().find_map(Result::err) {
            // Nothing may be typed any more: what happened says why, and not that this session was given up.
            Some(error) if self.standing == Condition::Over => Err(error),
            _ => self.resync().map(|_| false),
        }
    }

    /// From here on one line at a time.
    pub(super) fn never_type_ahead(&mut self) {
        self.type_ahead = TypeAhead::default();
        self.talk.settings.window = 1;
    }

    /// Types lines that may be in flight together, and gives one result for each line that was answered or failed. All of them
    /// are sent before the first answer is read, if the session has proven that: then a line without a result may have been
    /// carried out. Otherwise they are typed one by one up to the first that fails.
    pub fn run_window(&mut self, lines: &[ExpectedLine]) -> Vec<Result<Reply, SessionError>> {
        let together = lines.len() > 1
            && self.type_ahead.takes(lines.iter().map(|expected| &expected.line))
            && self.standing == Condition::Ready
            && !self.talk.is_console()
            && lines
                .iter()
                .all(|ExpectedLine { line, .. }| !line.is_secret() && mask::mask_line(line.text()) == line.text());
        if !together {
            let mut results = Vec::new();
            for ExpectedLine { line, expect } in lines {
                let result = self.run(line, expect);
                let stop = result.is_err();
                results.push(result);
                if stop {
                    break;
                }
            }
            return results;
        }
        self.run_together(lines, Exchange::Window).0
    }

    /// All lines at once; besides the results the prompt, where a line was echoed before its turn.
    fn run_together(
        &mut self,
        lines: &[ExpectedLine],
        exchange: Exchange,
    ) -> (Vec<Result<Reply, SessionError>>, Option<String>) {
        let sent: Vec<&SendLine> = lines.iter().map(|expected| &expected.line).collect();
        let (answers, error, early) = self.talk.exchange_together(&self.prompt, &sent, exchange);
        let mut results: Vec<Result<Reply, SessionError>> = lines
            .iter()
            .zip(answers)
            .map(|(ExpectedLine { line, expect }, answer)| self.conclude(line, expect, answer))
            .collect();
        results.extend(error.map(|error| Err(self.note(error))));
        (results, early)
    }
}

impl Channel {
    /// Types all lines and reads all answers; the error, if any, belongs to the first line without an answer.
    pub(super) fn exchange_window(
        &mut self,
        prompt: &Prompt,
        lines: &[&SendLine],
        exchange: Exchange,
    ) -> (Vec<Answer>, Option<SessionError>) {
        let (answers, error, _) = self.exchange_together(prompt, lines, exchange);
        (answers, error)
    }

    /// The same, and the prompt where a line was echoed before its turn, which only a proof looks for and ends at.
    fn exchange_together(
        &mut self,
        prompt: &Prompt,
        lines: &[&SendLine],
        exchange: Exchange,
    ) -> (Vec<Answer>, Option<SessionError>, Option<String>) {
        let mut progress =
            Progress { answers: Vec::new(), row: 0, lead: String::new(), prompt: prompt.clone(), early: None };
        let read = self.within(exchange, |talk| talk.read_window(lines, exchange, &mut progress));
        (progress.answers, read.err(), progress.early)
    }

    fn read_window(
        &mut self,
        lines: &[&SendLine],
        exchange: Exchange,
        progress: &mut Progress,
    ) -> Result<(), SessionError> {
        progress.lead = self.begin_window(&progress.prompt, lines)?;
        let silence = self.bounds().bound(exchange).silence;
        while let Some(line) = lines.get(progress.answers.len()).filter(|_| progress.early.is_none()) {
            let (lead, sent) = (progress.lead.clone(), line.bytes());
            let mut turn = ReadLine {
                line,
                following: lines.get(progress.answers.len() + 1).copied(),
                ask: Ask::prompt(&self.dialect, line, exchange),
                echo: Follower::at(self.dialect.strings(), progress.row, &lead, &sent),
                next: 0,
                lines: Vec::new(),
                logs: Vec::new(),
            };
            let awaited = turn.ask.awaited.clone();
            self.wait(&awaited, silence, |talk, quiet| talk.judge_next(progress, &mut turn, quiet))?;
        }
        Ok(())
    }

    /// Waits for the prompts of lines whose answers nothing distinguishes. `false` when they do not all come.
    fn await_prompts(&mut self, lead: &str, lines: usize) -> Result<bool, SessionError> {
        let silence = self.settings.deadlines.echo;
        loop {
            let shown = |row: &[u8]| row.windows(lead.len().max(1)).filter(|part| *part == lead.as_bytes()).count();
            let tail = self.screen.tail();
            let count = self.screen.rows().iter().map(shown).sum::<usize>() + shown(tail);
            // The one that was there before the first line was sent counts too.
            if count > lines && tail.ends_with(lead.as_bytes()) {
                self.screen.clear();
                self.screen.feed(lead.as_bytes());
                return Ok(true);
            }
            match self.hear(silence)? {
                Heard::More => {}
                Heard::Quiet => return Ok(false),
                Heard::End => return Err(SessionError::Closed { peer: self.peer(), awaited: self.awaited.clone() }),
            }
        }
    }

    pub(super) fn begin_window(&mut self, prompt: &Prompt, lines: &[&SendLine]) -> Result<String, SessionError> {
        let mut typed = Vec::new();
        for line in lines {
            line.check(&self.dialect, &prompt.mode)?;
            typed.extend_from_slice(&line.bytes());
            typed.extend_from_slice(self.line_end());
        }
        if let Some(first) = lines.first() {
            self.expect_still_at(prompt, first)?;
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
    ) -> Result<Judgement<T>, SessionError> {
        Ok(match self.judge_without_echo(prompt, lead, line, quiet)? {
            Judgement::IfSilent | Judgement::IfQuiet => Judgement::IfSilent,
            Judgement::Wait | Judgement::Done(_) => Judgement::Wait,
        })
    }

    /// Whether the answer of the next line is complete: the prompt of the line after it has come, or the last prompt.
    fn judge_next(
        &mut self,
        progress: &mut Progress,
        turn: &mut ReadLine<'_>,
        quiet: bool,
    ) -> Result<Judgement<()>, SessionError> {
        let (rows, strings) = (self.screen.rows(), self.dialect.strings());
        let Echo::Done(start) = turn.echo.follow(rows, self.screen.tail()) else {
            let (prompt, lead) = (progress.prompt.clone(), progress.lead.clone());
            return self.judge_unanswered(&prompt, &lead, turn.line, quiet);
        };
        turn.next = turn.next.max(start);
        let last = turn.following.is_none();
        let mut next = None;
        while let Some(row) = rows.get(turn.next) {
            if !last && let Some(found) = expected_prompt(&self.dialect, row, &progress.prompt, &turn.ask) {
                next = Some((turn.next, found));
                break;
            }
            if turn.ask.exchange == Exchange::TypeAhead
                && turn.following.is_some_and(|line| row == line.bytes().as_slice())
            {
                progress.early = Some(progress.lead.clone());
                return Ok(Judgement::Done(()));
            }
            let text = encoding::to_text(row).into_owned();
            if strings.is_log_line(&text) {
                turn.logs.push(text)
            } else {
                turn.lines.push(text)
            }
            turn.next += 1;
        }
        if next.is_none() && !last {
            let found = expected_prompt(&self.dialect, self.screen.tail(), &progress.prompt, &turn.ask);
            next = found.map(|found| (rows.len(), found));
        }
        let end = match next {
            Some((row, (prompt, lead))) => {
                (progress.row, progress.lead) = (row, lead);
                prompt
            }
            None => match self.judge_end(&progress.prompt, turn.line, &turn.ask, quiet)? {
                Judgement::Done(End::Prompt(prompt)) if last => prompt,
                Judgement::IfQuiet => return Ok(Judgement::IfQuiet),
                _ => return Ok(Judgement::Wait),
            },
        };
        progress.prompt = end.clone();
        let (lines, logs) = (std::mem::take(&mut turn.lines), std::mem::take(&mut turn.logs));
        progress.answers.push(Answer { lines, logs, end: End::Prompt(end) });
        Ok(Judgement::Done(()))
    }
}

/// The prompt a row begins with, if it carries the expected host name, with its text as shown there.
fn expected_prompt(dialect: &Dialect, row: &[u8], prompt: &Prompt, ask: &Ask) -> Option<(Prompt, String)> {
    tail::leading_prompt(dialect, row).filter(|(found, _)| super::exchange::is_expected(found, prompt, ask))
}
