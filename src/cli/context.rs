//! What every command needs from its surroundings: screen, state folder, journal, readers of events.
//!
//! What a command does with routers belongs to `run`; what it shows to `screen`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::args::{Format, Global, LangArg};
use super::error::{Exit, Failure};
use super::held_terminal::HeldTerminal;
use super::operator::TerminalOperator;
use super::screen::Screen;
use super::stream::Stream;
use super::terminal::Terminal;
use super::usage_error::UsageError;
use crate::cancel::Cancel;
use crate::journal::{Journal, JournalError, JournalHooks};
use crate::message::Lang;
use crate::record::{Envelope, Kind, Reader, Readers, Sink};
use crate::report::{Detail, EventsFile, InFlight, LastWord, Log, OnlyWaits, Progress};
use crate::run::{OpenedJournal, Operator, RunEnv};

/// The surroundings of one command.
pub struct Context {
    /// What is shown, and where, in which language and form.
    pub screen: Screen,
    /// The form of the result that was asked for; nothing where a command's own is meant.
    pub asked_format: Option<Format>,
    /// Results in both languages were asked for.
    pub both_languages: bool,
    /// Known host keys and run data.
    pub state_dir: PathBuf,
    /// The request to stop.
    pub cancel: Cancel,
    /// The last state of every router in flight.
    pub in_flight: Arc<InFlight>,
    last_word: Arc<LastWord>,
    /// Who has the terminal, where a command has screens of its own.
    pub terminal: HeldTerminal,
    /// No terminal belongs to this process: another one has handed a run over to it.
    pub detached: bool,
    /// What is called around the journal's writes.
    pub disk: Arc<dyn JournalHooks>,
    operator: Arc<TerminalOperator>,
    journal: OpenedJournal,
    readers: OnceLock<Readers>,
    shown_by: Arc<ShownBy>,
    events: Option<Arc<EventsFile>>,
    lines: bool,
    quiet: bool,
    /// Those that another process is started with.
    options: Vec<String>,
}

/// The one reader that shows what happens on the screen; a command with screens of its own puts another in its place.
#[derive(Default)]
struct ShownBy(Mutex<Option<Box<dyn Reader>>>);

impl Reader for ShownBy {
    fn read(&self, envelope: &Envelope) {
        if let Some(reader) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            reader.read(envelope);
        }
    }
}

impl Context {
    /// The surroundings that the arguments and the environment describe.
    ///
    /// # Errors
    /// When there is no state folder to be found or the events file cannot be opened.
    pub fn new(global: &Global, out: Stream, err: Stream, cancel: Cancel) -> Result<Self, Failure> {
        let screen = Screen { lang: language(global.lang), format: global.format.unwrap_or(Format::Text), out, err };
        let operator = TerminalOperator::new(screen.clone(), Terminal { cancel: cancel.clone() });
        let operator = Arc::new(operator.showing(detail(global.quiet)));
        let state_dir = match &global.state_dir {
            Some(dir) => dir.clone(),
            None => default_state_dir()?,
        };
        let events = match &global.events {
            Some(path) => Some(Arc::new(
                EventsFile::append(path).map_err(|cause| Failure::machine(path.display().to_string(), cause))?,
            )),
            None => None,
        };
        Ok(Self {
            screen,
            asked_format: global.format,
            both_languages: global.lang == Some(LangArg::Both),
            state_dir,
            cancel,
            in_flight: Arc::default(),
            last_word: Arc::default(),
            terminal: HeldTerminal::default(),
            detached: global.detached,
            disk: Arc::new(()),
            operator,
            journal: OpenedJournal::default(),
            readers: OnceLock::new(),
            shown_by: Arc::default(),
            events,
            lines: global.verbose > 0,
            quiet: global.quiet,
            options: passed_on(global),
        })
    }

    /// The readers of what happens: the same for all of a command, so that it is numbered once.
    pub fn readers(&self) -> Readers {
        let made = || {
            let err = &self.screen.err;
            let mut readers: Vec<Box<dyn Reader>> =
                vec![Box::new(Log), Box::new(Arc::clone(&self.in_flight)), Box::new(Arc::clone(&self.last_word))];
            let progress = Progress::new(err.clone(), self.screen.lang, self.lines);
            self.show_by(match self.quiet {
                true => Box::new(OnlyWaits(progress)),
                false => Box::new(progress.counting(err.screen())),
            });
            readers.insert(0, Box::new(Arc::clone(&self.shown_by)));
            if let Some(events) = &self.events {
                readers.push(Box::new(Arc::clone(events)));
            }
            Readers::new(readers)
        };
        self.readers.get_or_init(made).clone()
    }

    /// From now on this reader shows what happens, in the place of the lines of progress.
    pub fn show_by(&self, reader: Box<dyn Reader>) {
        *self.shown_by.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader);
    }

    /// Closes the events with how the command ended, where they do not say so already: nothing was begun, or the end came early.
    pub fn end_events(&self, exit: Exit) {
        if self.events.is_some() && self.last_word.exit() != Some(exit.status()) {
            self.readers().emit(Kind::RunEnded { exit: exit.status() });
        }
    }

    /// The options of every command, as another process of this program is started with them.
    pub fn options(&self) -> Vec<String> {
        let mut options = vec!["--lang".to_owned(), self.screen.lang.pick("en", "ja").to_owned()];
        options.extend(self.options.iter().cloned());
        options
    }

    /// What is shown of plans where no more is asked for.
    pub fn detail(&self) -> Detail {
        detail(self.quiet)
    }

    /// Whether more was asked for than what everyone needs.
    pub fn is_verbose(&self) -> bool {
        self.lines
    }

    /// Who is asked and told.
    pub fn operator(&self) -> Arc<dyn Operator> {
        Arc::clone(&self.operator) as _
    }

    /// The surroundings of a run.
    pub fn run_env(&self) -> RunEnv {
        RunEnv::new(self.state_dir.clone(), self.operator(), self.readers(), self.cancel.clone())
            .with_journal(self.journal.clone(), Arc::clone(&self.disk))
    }

    /// The same, with this shown of a plan before the question.
    pub fn run_env_showing(&self, detail: Detail) -> RunEnv {
        let terminal = Terminal { cancel: self.cancel.clone() };
        let operator = TerminalOperator::new(self.screen.clone(), terminal).showing(detail);
        let mut env = self.run_env();
        env.operator = Arc::new(operator);
        env
    }

    /// The journal, opened at the first call.
    ///
    /// # Errors
    /// When it cannot be opened: nothing is changed without it.
    pub fn journal(&self) -> Result<Arc<Journal>, Failure> {
        self.journal.get(&self.state_dir, &self.disk).map_err(|error| Failure::new(&error, Exit::Usage))
    }

    /// The journal for a command that only reads it: on a disk that cannot be written, too.
    ///
    /// # Errors
    /// When it can be opened neither way.
    pub fn journal_to_read(&self) -> Result<Arc<Journal>, Failure> {
        self.journal.get(&self.state_dir, &self.disk).or_else(|error| {
            let may_be_read = matches!(error, JournalError::Open { .. } | JournalError::Write { .. });
            let copied = may_be_read.then(|| Journal::open_copy(&self.state_dir).ok()).flatten();
            copied.map(Arc::new).ok_or_else(|| Failure::new(&error, Exit::Usage))
        })
    }
}

/// What is shown of plans: quietly, only what is approved.
fn detail(quiet: bool) -> Detail {
    Detail { brief: quiet, ..Detail::default() }
}

/// What another process of this program is told of these options, besides the language and the state folder.
fn passed_on(global: &Global) -> Vec<String> {
    let mut options = vec!["-v".to_owned(); usize::from(global.verbose)];
    options.extend(global.quiet.then(|| "-q".to_owned()));
    if let Some(path) = &global.events {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        options.extend(["--events".to_owned(), path.display().to_string()]);
    }
    options
}

/// The language of messages that was asked for, else the locale's.
pub fn language(asked: Option<LangArg>) -> Lang {
    match asked {
        Some(LangArg::Ja) => Lang::Ja,
        Some(LangArg::En) => Lang::En,
        Some(LangArg::Both) | None => {
            sys_locale::get_locale().map(|locale| Lang::from_locale(&locale)).unwrap_or_default()
        }
    }
}

/// The state folder where no option names one; nothing for a user without a home.
pub fn state_dir() -> Option<PathBuf> {
    let named = std::env::var_os("IXDEPLOY_STATE_DIR").filter(|named| !named.is_empty());
    named.map(PathBuf::from).or_else(|| default_state_dir().ok())
}

fn default_state_dir() -> Result<PathBuf, Failure> {
    use etcetera::BaseStrategy;
    let strategy = etcetera::choose_base_strategy().map_err(|_| UsageError::NoHome)?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("ixdeploy"))
}
