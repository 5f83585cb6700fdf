//! Show commands in flight together: reading costs one round trip then, and no waiting for silence.
//!
//! Any end mark could also be in a long text, so a text read alone ends only when its prompt is followed by silence. With
//! another line after it the end is certain: the pinned prompt with exactly that line on it. After the last command comes a
//! comment, which the router drops without leaving a submode (fact sheet 2). Only where type-ahead is proven and the pager is
//! off, which would eat what is typed.

use super::bounds::Exchange;
use super::channel::{Channel, Judgement};
use super::echo::{Echo, Follower};
use super::error::SessionError;
use super::exchange::{Answer, Ask, End};
use super::line::SendLine;
use super::{Condition, Session};
use crate::dialect::prompt::Prompt;
use crate::ix::line as encoding;

impl Session {
    /// The answers of show commands, as [`Session::show`] gives each, in their order. They go together where the session may do
    /// that, else one after the other. Whatever stops the session is the last result; a refused command does not stop it.
    pub fn show_all(&mut self, commands: &[&str]) -> Vec<Result<String, SessionError>> {
        let mut results = Vec::new();
        let end = format!("{} end", self.commands().comment);
        let most = self.type_ahead.lines().saturating_sub(1).max(1);
        for commands in commands.chunks(most) {
            let lines: Vec<SendLine> = commands.iter().copied().chain([end.as_str()]).map(SendLine::own).collect();
            if self.may_go_together(&lines) {
                results.extend(self.show_together(&lines));
            } else {
                for command in commands {
                    results.push(self.show_alone(command));
                    if results.last().is_some_and(stops) {
                        break;
                    }
                }
            }
            if results.last().is_some_and(stops) {
                break;
            }
        }
        results
    }

    fn may_go_together(&self, lines: &[SendLine]) -> bool {
        self.unpaged
            && self.standing == Condition::Ready
            && self.prompt.mode.is_config()
            && !self.talk.is_console()
            && self.type_ahead.takes(lines)
    }

    /// The answers of all lines but the last, which is the comment.
    fn show_together(&mut self, lines: &[SendLine]) -> Vec<Result<String, SessionError>> {
        let (answers, error) = self.talk.exchange_texts(&self.prompt, lines);
        let commands = lines.len().saturating_sub(1);
        let (mut results, mut stop) = (Vec::new(), error.map(|error| self.note(error)));
        for (index, (line, answer)) in lines.iter().zip(answers).enumerate() {
            if index < commands {
                results.push(self.text(line, answer));
            } else {
                stop = stop.or(self.stay(line, &answer).err());
            }
        }
        if let Some(error) = stop {
            results.truncate(commands.saturating_sub(1));
            results.push(Err(error));
        }
        results
    }
}

/// Whether nothing may follow: a refused command leaves the session at its prompt.
fn stops(result: &Result<String, SessionError>) -> bool {
    result.as_ref().is_err_and(|error| !matches!(error, SessionError::Refused { .. }))
}

impl Channel {
    /// Types all lines and reads all answers; the error, if any, belongs to the first line without an answer.
    fn exchange_texts(&mut self, prompt: &Prompt, lines: &[SendLine]) -> (Vec<Answer>, Option<SessionError>) {
        let all: Vec<&SendLine> = lines.iter().collect();
        let lead = match self.within(Exchange::Show, |talk| talk.begin_window(prompt, &all)) {
            Ok(lead) => lead,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let (mut answers, mut row) = (Vec::new(), 0);
        for (index, line) in lines.iter().enumerate() {
            let read =
                self.within(Exchange::Show, |talk| talk.read_text(prompt, &lead, row, line, lines.get(index + 1)));
            match read {
                Ok((answer, following)) => {
                    answers.push(answer);
                    row = following;
                }
                Err(error) => return (answers, Some(error)),
            }
        }
        (answers, None)
    }

    /// The answer that begins at this row, and the row where the next one does.
    fn read_text(
        &mut self,
        prompt: &Prompt,
        lead: &str,
        row: usize,
        line: &SendLine,
        next: Option<&SendLine>,
    ) -> Result<(Answer, usize), SessionError> {
        let ask = Ask::prompt(&self.dialect, line, Exchange::Show);
        let silence = self.bounds().bound(Exchange::Show).silence;
        let (sent, following) = (line.bytes(), next.map(SendLine::bytes));
        let mut echo = Follower::at(self.dialect.strings(), row, lead, &sent);
        let mut end = Search { next: 0, candidate: None };
        self.wait(&ask.awaited, silence, |talk, quiet| {
            let Echo::Done(start) = echo.follow(talk.screen.rows(), talk.screen.tail()) else {
                return talk.judge_unanswered(prompt, lead, line, quiet);
            };
            let Some(following) = &following else {
                return talk.judge_last(prompt, row, line, &ask, quiet);
            };
            match end.find(talk, lead, start, following) {
                Some(end) => Ok(Judgement::Done((talk.text_of(prompt, start, end), end))),
                None => talk.judge_unanswered(prompt, lead, line, quiet),
            }
        })
    }

    /// The rows of one answer.
    fn text_of(&self, prompt: &Prompt, start: usize, end: usize) -> Answer {
        let rows = self.screen.rows().from(start).iter().take(end.saturating_sub(start));
        let lines = rows.map(|row| encoding::to_text(row).into_owned()).collect();
        Answer { lines, logs: Vec::new(), end: End::Prompt(prompt.clone()) }
    }

    /// Whether the comment after the last command has its prompt.
    fn judge_last(
        &mut self,
        prompt: &Prompt,
        row: usize,
        line: &SendLine,
        ask: &Ask,
        quiet: bool,
    ) -> Result<Judgement<(Answer, usize)>, SessionError> {
        Ok(match self.judge_end(prompt, line, ask, quiet)? {
            Judgement::Done(end) => Judgement::Done((Answer { lines: Vec::new(), logs: Vec::new(), end }, row)),
            Judgement::IfQuiet => Judgement::IfQuiet,
            Judgement::IfSilent => Judgement::IfSilent,
            Judgement::Wait => Judgement::Wait,
        })
    }
}

/// Looks for the row with the prompt and the whole next line on it; each row is looked at once.
struct Search<'a> {
    next: usize,
    /// The row with a prompt on which the next line may be, and how far its echo has come.
    candidate: Option<(usize, Follower<'a>)>,
}

impl<'a> Search<'a> {
    fn find(&mut self, talk: &Channel, lead: &'a str, start: usize, following: &'a [u8]) -> Option<usize> {
        let (rows, tail) = (talk.screen.rows(), talk.screen.tail());
        self.next = self.next.max(start);
        loop {
            if let Some((row, echo)) = &mut self.candidate {
                match echo.follow(rows, tail) {
                    Echo::Done(_) => return Some(*row),
                    // Broken at a row, which is no prompt then: every prompt between is broken with it.
                    Echo::Different if echo.is_broken() => self.next = echo.next(),
                    _ => return None,
                }
                self.candidate = None;
            }
            while !rows.get(self.next)?.starts_with(lead.as_bytes()) {
                self.next += 1;
            }
            self.candidate = Some((self.next, Follower::at(talk.dialect.strings(), self.next, lead, following)));
        }
    }
}
