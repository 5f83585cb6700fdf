//! Carrying out one line: faults, grammar, rights, the commands that change no configuration.

use std::time::Duration;

use super::{End, Pending, Question, Session, State};
use crate::device::{Mode, Refusal};
use crate::event::Outcome;
use crate::grammar::rows::{Does, Show, Verb, all};
use crate::grammar::{Command, Miss, grammar};
use crate::router::{Right, Router, Strikes};
use crate::scenario::{Fault, SaveFault};
use crate::show;

impl Session {
    pub(super) fn carry_out(&mut self, router: &mut Router, line: &str, strikes: Strikes) {
        if strikes.cut == Some(false) {
            self.record_line(router, line, Outcome::Dropped);
            return self.finish(router, End::Cut, "cut");
        }
        if let Some(millis) = strikes.drip {
            self.record_line(router, line, Outcome::Dropped);
            return self.drip(millis);
        }
        let before = self.out.len();
        self.run(router, line, &strikes);
        if strikes.cut.is_some() || strikes.freeze {
            self.out.truncate(before);
        }
        router.aftermath(&strikes.after);
        if strikes.after.iter().any(|fault| matches!(fault, Fault::Reboot { .. })) {
            // What was typed ahead is lost with the session; the news of the restart comes like everyone else's.
            self.state = State::Dead;
        }
        let evicted = strikes.after.iter().any(|fault| matches!(fault, Fault::LockTaken { .. }));
        if evicted && router.spec.readings.eviction_at_once {
            self.evict(router);
        }
        if strikes.freeze {
            self.state = State::Dead;
        } else if strikes.cut.is_some() {
            self.finish(router, End::Cut, "cut");
        }
    }

    fn run(&mut self, router: &mut Router, line: &str, strikes: &Strikes) {
        if line.trim_start().starts_with('!') {
            self.record_line(router, line, Outcome::Ignored);
            return self.answer_with(router, Vec::new(), strikes);
        }
        if let (Some(lines), None) = (show::key_display(router, line), &strikes.refuse) {
            self.record_line(router, line, Outcome::Accepted);
            return self.answer_with(router, lines, strikes);
        }
        let result = match &strikes.refuse {
            Some(refusal) => Err(refusal.clone()),
            None => self.read(line),
        };
        let command = match result {
            Ok(command) => command,
            Err(refusal) => return self.refuse(router, line, &refusal, strikes),
        };
        if let Some(Does::Run(verb)) = all().get(command.row).map(|row| row.does) {
            self.record_line(router, line, Outcome::Accepted);
            return self.verb(router, verb, &command, strikes);
        }
        match router.apply(&self.mode, &command) {
            Ok(applied) => {
                self.record_line(router, line, Outcome::Accepted);
                if let Some(mode) = applied.mode {
                    self.mode = mode;
                    self.record_mode(router);
                }
                self.answer_with(router, applied.notices, strikes);
            }
            Err(refusal) => self.refuse(router, line, &refusal, strikes),
        }
    }

    fn read(&self, line: &str) -> Result<Command, Refusal> {
        let command = grammar().parse(self.mode.place(), line).map_err(Refusal::Grammar)?;
        let allowed = match all().get(command.row).map(|row| row.does) {
            Some(Does::Run(verb)) => monitor_may(verb),
            _ => false,
        };
        if self.right == Right::Monitor && !allowed { Err(Refusal::Monitor) } else { Ok(command) }
    }

    fn refuse(&mut self, router: &mut Router, line: &str, refusal: &Refusal, strikes: &Strikes) {
        self.record_line(router, line, Outcome::Refused);
        let offending = grammar().offending(self.mode.place(), line).unwrap_or_default();
        let text = refusal.text(&router.spec.readings, line, offending);
        self.answer_with(router, vec![text], strikes);
    }

    /// Prints an answer, log lines of faults in between, and the prompt.
    fn answer_with(&mut self, router: &Router, mut lines: Vec<String>, strikes: &Strikes) {
        if !self.silent_events {
            for (at, text) in strikes.log.iter().rev() {
                lines.insert((*at).min(lines.len()), text.clone());
            }
        }
        self.show(router, lines);
    }

    fn verb(&mut self, router: &mut Router, verb: Verb, command: &Command, strikes: &Strikes) {
        let last = command.words.last().map(String::as_str).unwrap_or_default();
        let mut lines = Vec::new();
        match verb {
            Verb::EnableConfig => {
                if router.ask_lock(self.id) {
                    lines = self.enter_config(router);
                } else {
                    lines.clone_from(&router.spec.readings.texts.occupied);
                }
            }
            Verb::StealConfig => {
                router.steal_lock(self.id);
                lines = self.enter_config(router);
            }
            Verb::Configure => self.move_to(router, Mode::Global),
            Verb::Exit => match self.mode.up() {
                Some(Mode::Operation) => self.leave_config(router),
                Some(mode) => self.move_to(router, mode),
                None => return self.log_out(router, "logout"),
            },
            Verb::TerminalLength => self.length = last.parse().unwrap_or(24),
            Verb::TerminalWidth => self.editor.set_width(last.parse().unwrap_or(80)),
            Verb::EventTerminal => self.silent_events = last == "stop",
            Verb::GenerateKey => {
                router.generate_host_key(self.id);
                lines.push("Generating RSA private key ........".to_owned());
            }
            Verb::Show(what) => lines = self.show_command(router, what, command),
            Verb::Ping | Verb::Ping6 | Verb::Traceroute => lines = show::probe(router, verb, command),
            Verb::WriteMemory | Verb::CopyRunning => return self.start_save(router, verb),
            Verb::Reload => return self.ask_reload(router),
            Verb::EraseStartup => {
                self.state = State::Question(Question::Erase);
                let prompt = "Are you sure you want to erase the startup-configuration? (Yes or [No]): ";
                return self.editor.start(prompt, true, &mut self.out);
            }
            Verb::CheckConfig | Verb::Clear => {}
        }
        self.answer_with(router, lines, strikes);
    }

    fn show_command(&self, router: &mut Router, what: Show, command: &Command) -> Vec<String> {
        match what {
            Show::Users => show::users(router, self.id),
            Show::Terminal => vec![format!("  length {}", self.length)],
            Show::Logging => {
                let last = command.words.get(3);
                let asked = last.map(|last| last.parse().unwrap_or(usize::MAX));
                show::logging(router, asked).unwrap_or_else(|| {
                    let refusal = Refusal::Grammar(Miss::OutOfRange);
                    let word = last.map(String::as_str).unwrap_or_default();
                    vec![refusal.text(&router.spec.readings, &command.words.join(" "), word)]
                })
            }
            _ => show::lines(router, what, command),
        }
    }

    fn enter_config(&mut self, router: &mut Router) -> Vec<String> {
        self.move_to(router, Mode::Global);
        vec!["Enter configuration commands, one per line. End with CNTL/Z.".to_owned()]
    }

    fn move_to(&mut self, router: &mut Router, mode: Mode) {
        if self.mode != mode {
            self.mode = mode;
            self.record_mode(router);
        }
    }

    fn start_save(&mut self, router: &mut Router, verb: Verb) {
        if verb == Verb::CopyRunning {
            self.say("Copying from \"running-config\" to \"startup-config\"");
        }
        self.say("Building configuration...");
        self.say("% Warning: do NOT enter CNTL/Z while saving to avoid config corruption.");
        self.spoiled = false;
        let body = router.body();
        match router.spec.readings.save_millis {
            0 => self.finish_save(router, body),
            millis => {
                self.wait = Some(Duration::from_millis(millis));
                self.pending = Some(Pending::Save(body));
            }
        }
    }

    pub(super) fn finish_save(&mut self, router: &mut Router, body: Vec<String>) {
        match router.save(self.id, self.spoiled, body) {
            Some(SaveFault::CutBefore | SaveFault::CutAfter) => return self.finish(router, End::Cut, "cut"),
            Some(SaveFault::Fails) => {
                let text = router.spec.readings.texts.save_failed.clone();
                self.say(&text);
            }
            _ => {}
        }
        self.prompt(router);
    }

    fn ask_reload(&mut self, router: &Router) {
        if router.unsaved() {
            self.say("% Warning: current running-configuration is not saved yet.");
        }
        self.say("Notice: The router will be RELOADED. This is to ensure that");
        self.say("        the peripheral devices are properly initialized.");
        self.state = State::Question(Question::Reload);
        let prompt = "Are you sure you want to reload the router? (Yes or [No]): ";
        self.editor.start(prompt, true, &mut self.out);
    }

    pub(super) fn answer(&mut self, router: &mut Router, question: Question, line: &str) {
        self.state = State::Shell;
        if router.strikes(self.id, line, false).cut == Some(false) {
            self.record_line(router, line, Outcome::Dropped);
            return self.finish(router, End::Cut, "cut");
        }
        self.record_line(router, line, Outcome::Answer);
        if !line.trim().eq_ignore_ascii_case("yes") {
            return self.prompt(router);
        }
        match question {
            Question::Reload => router.restart("command execution"),
            Question::Erase => {
                router.erase_startup(self.id);
                self.prompt(router);
            }
        }
    }
}

/// What a monitor user may run (fact sheet 1): shows, the terminal, the way in and out; taking the lock is for administrators.
fn monitor_may(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::EnableConfig
            | Verb::Configure
            | Verb::Exit
            | Verb::Show(_)
            | Verb::Ping
            | Verb::Ping6
            | Verb::Traceroute
            | Verb::TerminalLength
            | Verb::TerminalWidth
            | Verb::EventTerminal
    )
}
