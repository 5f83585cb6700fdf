//! The visit as screens on the whole terminal: raw keys, the other screen of the terminal, and both given back however it ends.

use std::io::{self, Stderr};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use zeroize::Zeroizing;

use super::drawing::{Typed, draw};
use super::face::{Face, in_ascii};
use super::operator::SecretSink;
use crate::cli::error::Failure;
use crate::cli::terminal::{terminal_is_there, to_halfwidth};
use crate::field::{Event, Input, Page};
use crate::secret::Secret;

/// How often it is looked whether the terminal is still there.
const LOOK: Duration = Duration::from_millis(500);
/// Lines that a page key moves the text by.
const PAGE: usize = 10;
/// What is typed is no longer than this: a reason is a sentence.
const LONGEST: usize = 400;

/// The terminal, for as long as the visit lasts.
pub struct FullScreen {
    screen: Arc<Mutex<Shown>>,
    tell: Sender<Event>,
}

/// What is on it.
struct Shown {
    terminal: Terminal<CrosstermBackend<Stderr>>,
    page: Option<Page>,
    ascii: bool,
    line: Zeroizing<String>,
    above: usize,
    /// The terminal is gone: no one reads, and no one answers any more.
    is_gone: bool,
}

impl FullScreen {
    /// Takes the terminal, and passes on what is typed there.
    ///
    /// # Errors
    /// When the terminal does not go along, or this machine gives us no thread.
    pub fn begin(tell: Sender<Event>, secrets: SecretSink, ascii: bool) -> Result<Self, Failure> {
        let refused = |cause| Failure::machine("terminal", cause);
        enable_raw_mode().map_err(refused)?;
        let taken = execute!(io::stderr(), EnterAlternateScreen)
            .and_then(|()| Terminal::new(CrosstermBackend::new(io::stderr())));
        let terminal = match taken {
            Ok(terminal) => terminal,
            Err(cause) => {
                give_back();
                return Err(refused(cause));
            }
        };
        let shown = Shown { terminal, page: None, ascii, line: Zeroizing::default(), above: 0, is_gone: false };
        let screen = Self { screen: Arc::new(Mutex::new(shown)), tell: tell.clone() };
        let keys = Arc::clone(&screen.screen);
        let listen = move || {
            while let Some(happened) = next_event() {
                if !take(&mut lock(&keys), happened, &tell, &secrets) {
                    return;
                }
            }
            lock(&keys).is_gone = true;
            let _ = tell.send(Event::Stop);
        };
        thread::Builder::new().name("keys".into()).spawn(listen).map_err(refused)?;
        Ok(screen)
    }
}

impl Face for FullScreen {
    fn show(&mut self, page: &Page) {
        let mut shown = lock(&self.screen);
        if shown.page.as_ref().is_none_or(|last| last.name != page.name || last.input != page.input) {
            shown.line = Zeroizing::default();
            shown.above = 0;
        }
        shown.page = Some(if shown.ascii { in_ascii(page) } else { page.clone() });
        shown.draw();
        if shown.is_gone && page.input != Input::None {
            let _ = self.tell.send(Event::Stop);
        }
    }

    fn heard(&mut self) {}

    fn leaves_no_trace(&self) -> bool {
        true
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        let mut shown = lock(&self.screen);
        // A key that is still being taken draws nothing on the terminal that is given back.
        shown.page = None;
        let _ = shown.terminal.show_cursor();
        give_back();
    }
}

/// Gives the terminal back as it was; there is nothing to be done about one that is gone.
fn give_back() {
    let _ = execute!(io::stderr(), LeaveAlternateScreen);
    let _ = disable_raw_mode();
}

fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shown {
    fn draw(&mut self) {
        let Some(page) = &self.page else { return };
        let line = match page.input {
            Input::Secret(_) => "*".repeat(self.line.chars().count()),
            _ => self.line.as_str().to_owned(),
        };
        let typed = Typed { line, above: self.above };
        // A terminal that is gone has no reader; what is in progress goes on.
        let _ = self.terminal.draw(|frame| draw(frame, page, &typed));
    }

    fn edit(&mut self, key: KeyCode) {
        match key {
            KeyCode::Backspace => {
                self.line.pop();
            }
            KeyCode::Char(typed) if self.line.chars().count() < LONGEST => self.line.push(typed),
            _ => {}
        }
    }
}

/// What happens next at the terminal. Nothing when the terminal is gone: `event::read` would wait for ever then, so it is looked at.
fn next_event() -> Option<event::Event> {
    loop {
        match event::poll(LOOK) {
            Ok(true) => return event::read().ok(),
            Ok(false) if terminal_is_there() => {}
            Ok(false) | Err(_) => return None,
        }
    }
}

/// Takes what happened at the terminal; false when the visit is over.
fn take(shown: &mut Shown, happened: event::Event, tell: &Sender<Event>, secrets: &SecretSink) -> bool {
    match happened {
        event::Event::Key(KeyEvent { code, modifiers, kind, .. }) if kind != KeyEventKind::Release => {
            let is_open = match typed(shown, code, modifiers, secrets) {
                Some(event) => tell.send(event).is_ok(),
                None => true,
            };
            shown.draw();
            is_open
        }
        event::Event::Resize(..) => {
            shown.draw();
            true
        }
        _ => true,
    }
}

/// What a key means on the page that is shown.
fn typed(shown: &mut Shown, key: KeyCode, modifiers: KeyModifiers, secrets: &SecretSink) -> Option<Event> {
    if key == KeyCode::Char('c') && modifiers.contains(KeyModifiers::CONTROL) {
        return Some(Event::Stop);
    }
    match key {
        KeyCode::Up => shown.above = shown.above.saturating_sub(1),
        KeyCode::Down => shown.above += 1,
        KeyCode::PageUp => shown.above = shown.above.saturating_sub(PAGE),
        KeyCode::PageDown => shown.above += PAGE,
        _ => {}
    }
    match (&shown.page.as_ref()?.input, key) {
        (Input::Keys(keys), KeyCode::Char(key)) => {
            let narrow = to_halfwidth(&key.to_string()).to_lowercase();
            keys.iter().any(|known| known.key.to_string() == narrow).then_some(Event::Typed(narrow))
        }
        (Input::Line(_), KeyCode::Enter) => {
            let line = std::mem::take(&mut *shown.line);
            Some(Event::Typed(to_halfwidth(&line)))
        }
        (Input::Secret(_), KeyCode::Enter) => {
            secrets.give(Secret::new(std::mem::take(&mut *shown.line)));
            Some(Event::Typed(String::new()))
        }
        (Input::Line(_) | Input::Secret(_), key) => {
            shown.edit(key);
            None
        }
        (Input::None | Input::Keys(_), _) => None,
    }
}
