//! What every command needs from its surroundings: language, streams, state folder, readers of events.
//!
//! Commands write results to `out` and everything else to `err`, never to the process's streams directly, so that the demo and
//! the tests run the very same code.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;

use super::args::{Format, Global, LangArg};
use super::error::{ErrorRecord, Exit, Failure};
use crate::cancel::Cancel;
use crate::file;
use crate::fleet::{ExecutorEnv, Target};
use crate::ix::line;
use crate::journal::{Journal, JournalHooks};
use crate::message::{Lang, Text};
use crate::record::{Kind, Reader, Readers, Sink};
use crate::report::{EventsFile, InFlight, Log, Progress};
use crate::secret::Secret;
use crate::visible;

/// The version of the JSON documents on stdout; `docs/json.md` describes them.
pub const SCHEMA: &str = "ixdeploy/1";

/// A stream shared by the threads of a run. What is written to it is visible text: nothing in data acts on the terminal.
#[derive(Clone)]
pub struct Stream {
    is_screen: bool,
    shown: Arc<Mutex<dyn Write + Send>>,
    /// Where a file or a pipe, and no person, takes what must be exact.
    exact: Option<Arc<Mutex<dyn Write + Send>>>,
}

impl Stream {
    /// A stream over anything that can be written to.
    pub fn new(inner: impl Write + Send + 'static) -> Self {
        Self { shown: Arc::new(Mutex::new(inner)), exact: None, is_screen: false }
    }

    /// The same, with another way for what must arrive byte for byte, for a stream that is no terminal.
    pub fn with_exact(self, inner: impl Write + Send + 'static) -> Self {
        Self { exact: Some(Arc::new(Mutex::new(inner))), ..self }
    }

    /// The same, on a screen where a line may be written over another.
    #[must_use]
    pub fn on_screen(self, is_screen: bool) -> Self {
        Self { is_screen, ..self }
    }

    /// The screen itself, for the one line that is written over itself: it is not made visible here.
    fn screen(&self) -> Option<Box<dyn Write + Send>> {
        self.is_screen.then(|| Box::new(Bare(Arc::clone(&self.shown))) as _)
    }

    /// Writes bytes as they are to a file or a pipe; a terminal gets visible text.
    fn write_exactly(&self, bytes: &[u8]) -> std::io::Result<()> {
        let Some(exact) = &self.exact else {
            let mut shown = self.clone();
            return shown.write_all(bytes).and_then(|()| shown.flush());
        };
        let mut out = exact.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(bytes).and_then(|()| out.flush())
    }
}

/// What a stream writes to, without what makes text visible.
struct Bare(Arc<Mutex<dyn Write + Send>>);

impl Write for Bare {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).write_all(&visible::shown(bytes))?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// Who answers questions.
pub trait Person: Send + Sync {
    /// Whether there is anybody to ask.
    fn present(&self) -> bool;
    /// Asks, and returns the answer without its line end; nothing when there is nobody. Ctrl-C is the empty answer, which
    /// agrees to nothing.
    fn ask(&self, question: &str) -> Option<String>;
    /// Asks for a secret, without echo; nothing when there is nobody.
    fn ask_secret(&self, question: &str) -> Option<Secret>;
}

/// The surroundings of one command.
pub struct Context {
    /// The language of messages.
    pub lang: Lang,
    /// The form of the result.
    pub format: Format,
    /// Results.
    pub out: Stream,
    /// Progress, warnings, errors.
    pub err: Stream,
    /// Known host keys and run data.
    pub state_dir: PathBuf,
    /// Who answers questions.
    pub person: Arc<dyn Person>,
    /// The wish to stop.
    pub cancel: Cancel,
    /// Where every router under way stands.
    pub in_flight: Arc<InFlight>,
    /// What stands between the journal and its disk.
    pub disk: Arc<dyn JournalHooks>,
    journal: OnceLock<Arc<Journal>>,
    readers: OnceLock<Readers>,
    events: Option<Arc<EventsFile>>,
    lines: bool,
}

impl Context {
    /// The surroundings that the arguments and the environment describe.
    ///
    /// # Errors
    /// When there is no state folder to be found or the events file cannot be opened.
    pub fn new(
        global: &Global,
        (out, err): (Stream, Stream),
        person: Arc<dyn Person>,
        cancel: Cancel,
    ) -> Result<Self, Failure> {
        let lang = language(global.lang);
        let state_dir = match &global.state_dir {
            Some(dir) => dir.clone(),
            None => default_state_dir()?,
        };
        let events = match &global.events {
            Some(path) => Some(Arc::new(
                EventsFile::append(path).map_err(|cause| Failure::machine(&path.display().to_string(), &cause))?,
            )),
            None => None,
        };
        Ok(Self {
            lang,
            format: global.format,
            out,
            err,
            state_dir,
            person,
            cancel,
            in_flight: Arc::default(),
            disk: Arc::new(()),
            journal: OnceLock::new(),
            readers: OnceLock::new(),
            events,
            lines: global.verbose > 0,
        })
    }

    /// What tasks on these routers are carried out with.
    pub fn executor_env<'a>(&self, targets: impl IntoIterator<Item = &'a Target>) -> ExecutorEnv {
        ExecutorEnv {
            connectors: Target::connectors(targets),
            readers: self.readers(),
            state_dir: self.state_dir.clone(),
            cancel: self.cancel.clone(),
        }
    }

    /// The readers of what happens: the same for all of a command, so that it is numbered once.
    pub fn readers(&self) -> Readers {
        let made = || {
            let mut readers: Vec<Box<dyn Reader>> = vec![
                Box::new(Progress::new(self.err.clone(), self.lang, self.lines).counting(self.err.screen())),
                Box::new(Log),
                Box::new(Arc::clone(&self.in_flight)),
            ];
            if let Some(events) = &self.events {
                readers.push(Box::new(Arc::clone(events)));
            }
            Readers::new(readers)
        };
        self.readers.get_or_init(made).clone()
    }

    /// Tells the readers that a command is over which is no run of the journal.
    pub fn run_ended(&self, exit: Exit) {
        self.readers().emit(Kind::RunEnded { exit: exit.status() });
    }

    /// Whether more was asked for than what everybody needs.
    pub fn is_verbose(&self) -> bool {
        self.lines
    }

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

    /// Writes a warning to stderr.
    pub fn warn(&self, text: &Text) {
        let text = visible::hanging(text.get(self.lang), 2);
        self.note(&format!("{}: {text}", self.lang.pick("warning", "警告")));
    }

    /// Writes errors to stderr, and to stdout as a document where the result is JSON; returns how the program ends.
    pub fn fail(&self, command: &str, failures: &[Failure]) -> Exit {
        fail((self.out.clone(), self.err.clone()), (self.lang, self.format), command, failures)
    }

    /// Writes the result's JSON document, where the result is JSON.
    pub fn document(&self, command: &str, exit: Exit, body: &impl Serialize) {
        if self.format == Format::Json {
            document(self.out.clone(), command, exit, body);
        }
    }

    /// The journal, opened at the first call.
    ///
    /// # Errors
    /// When it cannot be opened: nothing is changed without it.
    pub fn journal(&self) -> Result<Arc<Journal>, Failure> {
        if let Some(journal) = self.journal.get() {
            return Ok(Arc::clone(journal));
        }
        let opened = Journal::open(&self.state_dir, Arc::clone(&self.disk));
        let journal = Arc::new(opened.map_err(|error| Failure::new(&error, Exit::Usage))?);
        Ok(Arc::clone(self.journal.get_or_init(|| journal)))
    }

    /// The journal for a command that only reads it: on a disk that cannot be written, too.
    ///
    /// # Errors
    /// When it can be opened neither way.
    pub fn journal_to_read(&self) -> Result<Arc<Journal>, Failure> {
        self.journal().or_else(|failure| {
            let may_be_read = ["journal.open", "journal.write", "journal.disk-full"].contains(&failure.code.as_str());
            let copied = may_be_read.then(|| Journal::open_copy(&self.state_dir).ok()).flatten();
            copied.map(Arc::new).ok_or(failure)
        })
    }

    /// A file below the state folder.
    pub fn state_file(&self, name: &str) -> PathBuf {
        self.state_dir.join(name)
    }
}

/// Writes errors as [`Context::fail`] does, also where there is no context yet.
pub fn fail(
    (out, mut err): (Stream, Stream),
    (lang, format): (Lang, Format),
    command: &str,
    failures: &[Failure],
) -> Exit {
    let exit = failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Usage);
    for failure in failures {
        let _ = writeln!(err, "{}", failure.render(lang)).and_then(|()| err.flush());
    }
    if format == Format::Json {
        let errors: Vec<ErrorRecord> = failures.iter().map(|failure| failure.json(lang)).collect();
        document(out, command, exit, &serde_json::json!({ "errors": errors }));
    }
    exit
}

/// Nobody reads a closed pipe, so that is no error.
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

/// The language asked for, else the locale's.
pub fn language(asked: Option<LangArg>) -> Lang {
    match asked {
        Some(LangArg::Ja) => Lang::Ja,
        Some(LangArg::En) => Lang::En,
        None => sys_locale::get_locale().map(|locale| Lang::from_locale(&locale)).unwrap_or_default(),
    }
}

fn default_state_dir() -> Result<PathBuf, Failure> {
    use etcetera::BaseStrategy;
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::usage(
            "machine.no-home",
            Text::new("this user has no home folder", "ホームフォルダがありません"),
            Text::new("name a folder with --state-dir", "--state-dir でフォルダを指定してください"),
        )
    })?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("ixdeploy"))
}

/// Writes lines of a configuration to stdout where the result is no document: byte for byte to a file or a pipe, since a file's
/// encoding is its own, and as visible text to a terminal.
pub fn write_lines(context: &Context, text: &str) {
    if context.format != Format::Json {
        let _ = context.out.write_exactly(&line::to_bytes(text));
    }
}

/// The mark with which some editors begin a file in UTF-8; it is no part of what they wrote.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a file, or standard input where it is `-`, of at most so many bytes.
///
/// # Errors
/// When it cannot be read, is no regular file, or is larger.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let read = if path.as_os_str() == "-" { file::read_stdin(limit) } else { file::read(path, limit) };
    let mut bytes = read.map_err(|error| Failure::file(path, &error))?;
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::{Failure, Format, Stream, fail};
    use crate::cli::error::Exit;
    use crate::message::Lang;
    use crate::transport::ssh::SshError;
    use crate::visible;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
        }
    }

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_an_ssh_server_calls_its_methods_acts_on_no_terminal_and_begins_no_line() {
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
            let streams = (Stream::new(out.clone()), Stream::new(err.clone()));
            fail(streams, (Lang::En, format), "plan", std::slice::from_ref(&failure));
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
