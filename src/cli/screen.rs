//! What a command shows: results on `out`, everything else on `err`, text for people or a document for programs.
//!
//! Never the process's streams directly, so that the demo and the tests run the very same code.

use std::io::Write;

use serde::Serialize;

use super::args::Format;
use super::error::{ErrorRecord, Exit, Failure};
use super::stream::Stream;
use crate::ix::line;
use crate::message::{Lang, Text};
use crate::report::{finding_for_screen, for_screen};
use crate::visible;

/// The version of the JSON documents on stdout; `docs/json.md` describes them.
pub const SCHEMA: &str = "ixdeploy/1";

/// Where, and in which language and form.
#[derive(Clone)]
pub struct Screen {
    /// The language of messages.
    pub lang: Lang,
    /// The form of the result.
    pub format: Format,
    /// Results.
    pub out: Stream,
    /// Progress, warnings, errors.
    pub err: Stream,
}

impl Screen {
    /// Writes text for people, where the result is text.
    pub fn say(&self, text: &str) {
        if self.format == Format::Text {
            self.print(text);
        }
    }

    /// Writes to stdout, whatever the form of the result. A closed pipe has no reader, so that is no error.
    pub fn print(&self, text: &str) {
        let mut out = self.out.clone();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Writes a line to stderr.
    pub fn note(&self, text: &str) {
        let mut err = self.err.clone();
        let _ = writeln!(err, "{text}").and_then(|()| err.flush());
    }

    /// Writes prose to stderr, wrapped where it goes to a screen.
    pub fn note_prose(&self, text: &str) {
        self.note(&self.fitting(text.to_owned()));
    }

    /// Writes a warning to stderr.
    pub fn warn(&self, text: &Text) {
        let text = visible::hanging(text.get(self.lang), 2);
        self.note(&self.fitting(format!("{}: {text}", self.lang.pick("warning", "警告"))));
    }

    /// Writes an error to stderr, wrapped where it goes to a screen.
    pub fn note_failure(&self, failure: &Failure) {
        let text = failure.render(self.lang);
        if failure.is_drawn() { self.note_finding(&text) } else { self.note_prose(&text) }
    }

    /// Writes a finding to stderr, which is drawn under the lines of its file.
    pub fn note_finding(&self, drawn: &str) {
        self.note(&if self.err.is_screen() { finding_for_screen(drawn) } else { drawn.to_owned() });
    }

    /// Writes prose for people, wrapped where it goes to a screen.
    pub fn say_prose(&self, text: &str) {
        if self.out.is_screen() {
            self.say(&for_screen(text));
        } else {
            self.say(text);
        }
    }

    /// Prose, wrapped where it goes to a screen; a file or a pipe has no width.
    fn fitting(&self, text: String) -> String {
        if self.err.is_screen() { for_screen(&text) } else { text }
    }

    /// Writes the result's JSON document, where the result is JSON.
    pub fn document(&self, command: &str, exit: Exit, body: &impl Serialize) {
        if self.format == Format::Json {
            document(self.out.clone(), command, exit, body);
        }
    }

    /// The same, put together only where it is written: of a fleet it takes more room than all its plans.
    pub fn document_of<B: Serialize>(&self, command: &str, exit: Exit, body: impl FnOnce() -> B) {
        if self.format == Format::Json {
            document(self.out.clone(), command, exit, &body());
        }
    }

    /// Writes errors to stderr, and to stdout as a document where the result is JSON; returns how the program ends.
    pub fn fail(&self, command: &str, failures: &[Failure]) -> Exit {
        self.fail_partly(command, failures, serde_json::Map::new())
    }

    /// The same where a part was done: the document has that beside the errors.
    pub fn fail_partly(
        &self,
        command: &str,
        failures: &[Failure],
        mut done: serde_json::Map<String, serde_json::Value>,
    ) -> Exit {
        let exit = failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Usage);
        for failure in failures {
            self.note_failure(failure);
        }
        if self.format == Format::Json {
            let errors: Vec<ErrorRecord> = failures.iter().map(|failure| failure.json(self.lang)).collect();
            done.insert("errors".to_owned(), serde_json::json!(errors));
            self.document(command, exit, &done);
        }
        exit
    }

    /// Writes lines of a configuration to stdout where the result is no document: byte for byte to a file or a pipe, since a file's
    /// encoding is its own, and as visible text to a terminal.
    pub fn write_lines(&self, text: &str) {
        if self.format != Format::Json {
            let _ = self.out.write_exactly(&line::to_bytes(text));
        }
    }
}

/// A closed pipe has no reader, so that is no error.
fn document(mut out: Stream, command: &str, exit: Exit, body: &impl Serialize) {
    let mut document = serde_json::Map::new();
    document.insert("schema".into(), SCHEMA.into());
    document.insert("command".into(), command.into());
    document.insert("exit".into(), exit.status().into());
    if let Ok(serde_json::Value::Object(body)) = serde_json::to_value(body) {
        document.extend(body);
    }
    if let Ok(text) = serde_json::to_string_pretty(&document) {
        let _ = writeln!(out, "{}", visible::in_json(&text)).and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Format, Screen, Stream};
    use crate::cli::error::Exit;
    use crate::cli::kept::Kept;
    use crate::message::Lang;
    use crate::transport::ssh::SshError;
    use crate::visible;

    #[test]
    fn names_of_ssh_methods_are_escaped_and_begin_no_line() {
        let accepted =
            "publickey,\u{1b}]52;c;AA\u{7}\u{1b}[31m\u{9b}2J\u{202e}\u{200b}\u{feff}\r\nerror[forged]: x\n".to_owned();
        let error = SshError::Authentication {
            peer: "r1".to_owned(),
            user: "admin".to_owned(),
            tried: "password".to_owned(),
            accepted: accepted.clone(),
        };
        let failure = Failure::new(&error, Exit::NotDone);
        for format in [Format::Text, Format::Json] {
            let (out, err) = (Kept::default(), Kept::default());
            let (shown, told) = (Stream::new(out.clone()), Stream::new(err.clone()));
            let screen = Screen { lang: Lang::En, format, out: shown, err: told };
            screen.fail("plan", std::slice::from_ref(&failure));
            for text in [out.text(), err.text()] {
                let acting = text.chars().find(|c| *c != '\n' && visible::is_unseen(*c));
                assert_eq!(acting, None, "{text:?}");
                assert!(!text.lines().any(|line| line.starts_with("error[forged]")), "{text}");
            }
            assert!(err.text().contains("\\u{1b}]52;c;AA\\u{7}"), "{}", err.text());
            if format == Format::Json {
                let told: serde_json::Value = serde_json::from_str(&out.text()).unwrap_or_default();
                let message = told["errors"][0]["message"].as_str();
                assert!(message.is_some_and(|message| message.contains(&accepted)), "{told}");
            }
        }
    }
}
