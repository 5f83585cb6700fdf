//! The visit as screens on the whole terminal: raw keys, the other screen of the terminal, and both given back however it ends.

use std::io::{self, IsTerminal as _, Stderr};
use std::mem::ManuallyDrop;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::{self, MoveTo};
use ratatui::crossterm::event::{self, KeyEvent, KeyEventKind};
use ratatui::crossterm::execute;
use ratatui::crossterm::style::Print;
use ratatui::crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use super::drawing::draw;
use super::entry::Entry;
use super::face::{Face, in_ascii};
use super::operator::SecretSink;
use crate::cli::error::Failure;
use crate::cli::held_terminal::HoldsTerminal;
use crate::cli::terminal::terminal_is_there;
use crate::field::{Event, Input, Page};

/// How often it is looked whether the terminal is still there.
const LOOK: Duration = Duration::from_millis(500);

/// The terminal, for as long as the visit lasts.
pub struct FullScreen {
    screen: Arc<Mutex<Shown>>,
    tell: Sender<Event>,
}

/// What is on it.
struct Shown {
    /// Never dropped: the library then prints that a terminal which is gone keeps its cursor hidden, and to print there is to panic.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stderr>>>,
    entry: Entry,
    ascii: bool,
    /// The terminal is gone: no one reads, and no one answers any more.
    is_gone: bool,
    /// It was given back: nothing is drawn on it any more, whatever key is still being taken.
    is_given_back: bool,
}

impl FullScreen {
    /// Takes the terminal, and passes on what is typed there. Signs of our own are written in ASCII where that is asked for, and where the
    /// terminal makes them wider than they are counted.
    ///
    /// # Errors
    /// When the terminal does not go along, or this machine gives us no thread.
    pub fn begin(tell: Sender<Event>, secrets: SecretSink, ascii: bool) -> Result<Self, Failure> {
        let refused = |cause| Failure::machine("terminal", cause);
        enable_raw_mode().map_err(refused)?;
        let taken = execute!(io::stderr(), EnterAlternateScreen)
            .and_then(|()| Terminal::new(CrosstermBackend::new(io::stderr())));
        let terminal = match taken {
            Ok(terminal) => ManuallyDrop::new(terminal),
            Err(cause) => {
                give_back();
                return Err(refused(cause));
            }
        };
        let ascii = ascii || makes_signs_wide(column_after_a_sign());
        let shown = Shown { terminal, entry: Entry::default(), ascii, is_gone: false, is_given_back: false };
        let screen = Self { screen: Arc::new(Mutex::new(shown)), tell: tell.clone() };
        let keys = Arc::clone(&screen.screen);
        let listen = move || {
            while let Some(happened) = next_event() {
                if !take(&mut lock(&keys), happened, &tell, &secrets) {
                    return;
                }
            }
            lock(&keys).is_gone = true;
            let _ = tell.send(Event::LeftAlone);
        };
        thread::Builder::new().name("keys".into()).spawn(listen).map_err(refused)?;
        Ok(screen)
    }
}

impl Face for FullScreen {
    fn show(&mut self, page: &Page) {
        let mut shown = lock(&self.screen);
        let page = if shown.ascii { in_ascii(page) } else { page.clone() };
        let takes_something = page.input != Input::None;
        shown.entry.show(page);
        shown.draw();
        if shown.is_gone && takes_something {
            let _ = self.tell.send(Event::LeftAlone);
        }
    }

    fn heard(&mut self) {}

    fn holder(&self) -> Option<Arc<dyn HoldsTerminal>> {
        Some(Arc::new(Holder { screen: Arc::clone(&self.screen), tell: Mutex::new(self.tell.clone()) }))
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        lock(&self.screen).give_back();
    }
}

/// What has the terminal for a screen.
struct Holder {
    screen: Arc<Mutex<Shown>>,
    tell: Mutex<Sender<Event>>,
}

impl HoldsTerminal for Holder {
    fn say(&self, text: &str) {
        let tell = self.tell.lock().unwrap_or_else(PoisonError::into_inner);
        // The visit may be over.
        let _ = tell.send(Event::Told(text.to_owned()));
    }

    fn give_back(&self) {
        lock(&self.screen).give_back();
    }
}

/// A sign of ours whose width is ambiguous in East Asia: one column in most terminals, two in some that are set up for Japanese.
const AMBIGUOUS: char = '→';

/// How long the terminal is waited for that is asked where its cursor is: the library gives it two seconds.
const ANSWER: Duration = Duration::from_secs(3);

/// Where the cursor is once that sign was written at the beginning of a line; nothing where the terminal does not say within two seconds, or where
/// it could not be asked without writing into a file.
fn column_after_a_sign() -> Option<u16> {
    // It is asked on standard output.
    if !io::stdout().is_terminal() {
        return None;
    }
    execute!(io::stderr(), MoveTo(0, 0), Print(AMBIGUOUS)).ok()?;
    let at = answer_within(ANSWER, cursor::position)?.ok();
    execute!(io::stderr(), MoveTo(0, 0), Clear(ClearType::All)).ok()?;
    at.map(|(column, _)| column)
}

/// What is answered within this time. The library asks a terminal that hangs up meanwhile again and again without end: that is left to a
/// thread, which ends with the program.
fn answer_within<A: Send + 'static>(most: Duration, ask: impl FnOnce() -> A + Send + 'static) -> Option<A> {
    let (answer, answered) = channel();
    let asking = move || {
        let _ = answer.send(ask());
    };
    thread::Builder::new().name("cursor".into()).spawn(asking).ok()?;
    answered.recv_timeout(most).ok()
}

/// Whether signs are made wider than they are counted. A terminal that does not say is taken for one that does not.
fn makes_signs_wide(column: Option<u16>) -> bool {
    column.is_some_and(|column| column > 1)
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
    /// Once is enough: what others write stands on it afterwards.
    fn give_back(&mut self) {
        if !std::mem::replace(&mut self.is_given_back, true) {
            let _ = self.terminal.show_cursor();
            give_back();
        }
    }

    fn draw(&mut self) {
        if self.is_given_back {
            return;
        }
        let Some((page, typed)) = self.entry.shown() else { return };
        let mut sight = None;
        // A terminal that is gone has no reader; what is in progress goes on.
        let _ = self.terminal.draw(|frame| sight = Some(draw(frame, page, &typed)));
        sight.into_iter().for_each(|sight| self.entry.drawn(sight));
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
            let is_open = match shown.entry.take(code, modifiers, secrets) {
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::{answer_within, makes_signs_wide};

    #[test]
    fn a_terminal_that_never_answers_is_not_waited_for() {
        let (never, silence) = channel::<()>();
        assert_eq!(answer_within(Duration::from_millis(20), move || silence.recv().is_ok()), None);
        drop(never);
        assert_eq!(answer_within(Duration::from_secs(60), || 7), Some(7));
    }

    #[test]
    fn signs_are_written_in_ascii_where_the_terminal_makes_them_two_columns_wide() {
        assert!(makes_signs_wide(Some(2)));
        assert!(!makes_signs_wide(Some(1)));
        assert!(!makes_signs_wide(None), "it does not say");
    }
}
