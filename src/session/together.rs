//! Show commands under way together: reading costs one round trip then, and no waiting for silence.
//!
//! A long text has no end that could not stand in it, so that alone its prompt must be followed by silence. With another line
//! behind it the end is certain: the pinned prompt with exactly that line on it. Behind the last command stands a comment, which
//! the router drops without leaving a submode (fact sheet 2). Only where type-ahead is proven and the pager is off, which would
//! eat what is typed.

use super::echo::{self, Echo};
use super::error::SessionError;
use super::exchange::{Answer, Ask, End};
use super::line::SendLine;
use super::talk::{Talk, Verdict};
use super::{Session, Standing};
use crate::ix::line as encoding;
use crate::ix::prompt::Prompt;

/// The line behind the last command.
const END: &str = "! end";

impl Session {
    /// The answers of show commands, as [`Session::show`] gives each, in their order. They go together where the session may do
    /// that, else one after the other. Whatever stops the session is the last result; a refused command does not stop it.
    pub fn show_all(&mut self, commands: &[&str]) -> Vec<Result<String, SessionError>> {
        let mut results = Vec::new();
        let most = self.type_ahead.lines().saturating_sub(1).max(1);
        for commands in commands.chunks(most) {
            let lines: Vec<SendLine> = commands.iter().chain([&END]).map(|text| SendLine::own(text)).collect();
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
            && self.standing == Standing::Ready
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

impl Talk {
    /// Types all lines and reads all answers; the error, if any, belongs to the first line without an answer.
    fn exchange_texts(&mut self, prompt: &Prompt, lines: &[SendLine]) -> (Vec<Answer>, Option<SessionError>) {
        let all: Vec<&SendLine> = lines.iter().collect();
        let lead = match self.begin_window(prompt, &all) {
            Ok(lead) => lead,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let (mut answers, mut row) = (Vec::new(), 0);
        for (index, line) in lines.iter().enumerate() {
            let ask = Ask::prompt(line, self.settings.deadlines.show);
            let next = lines.get(index + 1);
            let waited = self.wait(&ask.awaited, ask.silence, |talk, quiet| match next {
                Some(next) => talk.judge_text((prompt, &lead), row, (line, next), quiet),
                None => talk.judge_last((prompt, &lead), row, (line, &ask), quiet),
            });
            match waited {
                Ok((answer, following)) => {
                    answers.push(answer);
                    row = following;
                }
                Err(error) => return (answers, Some(error)),
            }
        }
        (answers, None)
    }

    /// Whether the answer that begins at this row is complete: the prompt has come with the whole next line on it. Gives the row
    /// where that stands.
    fn judge_text(
        &mut self,
        (prompt, lead): (&Prompt, &str),
        row: usize,
        (line, next): (&SendLine, &SendLine),
        quiet: bool,
    ) -> Result<Verdict<(Answer, usize)>, SessionError> {
        let (rows, tail) = (self.screen.rows().get(row..).unwrap_or_default(), self.screen.tail());
        let Echo::Done(start) = echo::follow(rows, tail, lead, &line.bytes()) else {
            return self.judge_unanswered(prompt, lead, line, quiet);
        };
        let sent = next.bytes();
        let is_next = |index: &usize| {
            let rest = rows.get(*index..).unwrap_or_default();
            rest.first().is_some_and(|row| row.starts_with(lead.as_bytes()))
                && matches!(echo::follow(rest, tail, lead, &sent), Echo::Done(_))
        };
        let Some(end) = (start..rows.len()).find(is_next) else {
            return self.judge_unanswered(prompt, lead, line, quiet);
        };
        let text = |row: &Vec<u8>| encoding::to_text(row).into_owned();
        let lines = rows.iter().take(end).skip(start).map(text).collect();
        Ok(Verdict::Done((Answer { lines, logs: Vec::new(), end: End::Prompt(prompt.clone()) }, row + end)))
    }

    /// Whether the comment behind the last command has its prompt.
    fn judge_last(
        &mut self,
        (prompt, lead): (&Prompt, &str),
        row: usize,
        (line, ask): (&SendLine, &Ask),
        quiet: bool,
    ) -> Result<Verdict<(Answer, usize)>, SessionError> {
        let rows = self.screen.rows().get(row..).unwrap_or_default();
        let Echo::Done(_) = echo::follow(rows, self.screen.tail(), lead, &line.bytes()) else {
            return self.judge_unanswered(prompt, lead, line, quiet);
        };
        Ok(match self.judge_end(prompt, line, ask, quiet)? {
            Verdict::Done(end) => Verdict::Done((Answer { lines: Vec::new(), logs: Vec::new(), end }, row)),
            Verdict::IfQuiet => Verdict::IfQuiet,
            Verdict::IfSilent => Verdict::IfSilent,
            Verdict::Wait => Verdict::Wait,
        })
    }
}
