//! The visit line by line: what is new on a page is written, then its question, and an answer ends with Return. A screen reader reads it as
//! it comes, and a log of the terminal reads well.

use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use super::face::{Face, in_ascii};
use super::operator::SecretSink;
use crate::cancel::Cancel;
use crate::cli::context::Context;
use crate::cli::screen::Screen;
use crate::cli::terminal::{Terminal, to_halfwidth};
use crate::field::{Event, Input, Page};
use crate::report::for_screen;

/// Writes pages, and asks.
pub struct Plain {
    screen: Screen,
    terminal: Terminal,
    tell: Sender<Event>,
    secrets: SecretSink,
    last: Option<Page>,
    /// What was written of the work in progress: a question comes in between, and it goes on.
    in_progress: Option<Page>,
    ascii: bool,
    /// The question that is open.
    open: Option<Question>,
}

/// A question at the terminal, and the thread that waits for its answer.
struct Question {
    /// Asking this to stop ends it.
    over: Cancel,
    thread: JoinHandle<()>,
}

impl Question {
    /// Ends it. The terminal takes one question at a time: the next is asked once this one is gone.
    fn end(self) {
        self.over.ask();
        // A thread that died has asked for nothing.
        let _ = self.thread.join();
    }
}

impl Plain {
    /// On the terminal of a command.
    pub fn new(context: &Context, tell: Sender<Event>, secrets: SecretSink) -> Self {
        let terminal = Terminal { cancel: context.cancel.clone() };
        Self {
            screen: context.screen.clone(),
            terminal,
            tell,
            secrets,
            last: None,
            in_progress: None,
            ascii: false,
            open: None,
        }
    }

    /// The same with signs in ASCII, or as they are.
    pub fn in_ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }
}

impl Face for Plain {
    fn heard(&mut self) {
        self.open.take().into_iter().for_each(Question::end);
    }

    /// Of a page that goes on only what is new.
    fn show(&mut self, page: &Page) {
        let page = &if self.ascii { in_ascii(page) } else { page.clone() };
        let is_same = self.last.as_ref() == Some(page);
        if is_same && (self.open.is_some() || page.input == Input::None) {
            return;
        }
        if !is_same {
            // What was asked before belongs to another page.
            self.open.take().into_iter().for_each(Question::end);
            let mut lines = new_lines(self.last.as_ref(), self.in_progress.as_ref(), page);
            if let (Some(line), Some(left)) = (lines.last_mut(), &page.left) {
                line.push_str(&format!("  ({})", left.time));
            }
            lines.iter().for_each(|line| self.screen.note(for_screen(line).trim_end()));
            if page.input == Input::None {
                self.in_progress = Some(page.clone());
            }
            self.last = Some(page.clone());
        }
        match (&page.input, prompt(&page.input)) {
            (Input::Secret(words), _) => self.ask_secret(words.clone()),
            (_, Some(words)) => self.ask(words),
            (_, None) => {}
        }
    }
}

impl Plain {
    /// A secret that is asked for belongs to the work in progress, and nothing else ends the question.
    fn ask_secret(&mut self, words: String) {
        let (terminal, tell, secrets) = (self.terminal.clone(), self.tell.clone(), self.secrets.clone());
        let ask = move || match terminal.ask_secret(words.trim_end_matches(':')) {
            Some(secret) => secrets.give(secret),
            None => drop(tell.send(Event::LeftAlone)),
        };
        self.open = begin(ask, Cancel::default());
    }

    fn ask(&mut self, words: String) {
        let open = Cancel::default();
        let (terminal, tell, over) = (self.terminal.clone(), self.tell.clone(), open.clone());
        let ask = move || {
            let Some(answer) = terminal.ask_until(&for_screen(&words), &over) else {
                // The question is over, or no one is there any more.
                if !over.is_asked() {
                    let _ = tell.send(Event::LeftAlone);
                }
                return;
            };
            // Ctrl-C is the empty answer, and was heard elsewhere.
            let stops = answer.is_empty() && terminal.cancel.is_asked();
            let _ = tell.send(if stops { Event::LeftAlone } else { Event::Typed(to_halfwidth(&answer)) });
        };
        // Without a thread no one can answer: the visit is left where it is, and Ctrl-C ends it.
        self.open = begin(ask, open);
    }
}

/// Asks on a thread of its own, until it has an answer or is over.
fn begin(ask: impl FnOnce() + Send + 'static, over: Cancel) -> Option<Question> {
    let thread = thread::Builder::new().name("asking".into()).spawn(ask).ok()?;
    Some(Question { over, thread })
}

/// The lines that are not on the terminal yet. Of work in progress nothing is written twice; it has its heading again after a question.
fn new_lines(last: Option<&Page>, in_progress: Option<&Page>, page: &Page) -> Vec<String> {
    let rest = |shown: &Page| {
        let is_same = shown.name == page.name && shown.title == page.title;
        page.lines.strip_prefix(shown.lines.as_slice()).filter(|_| is_same).map(<[String]>::to_vec)
    };
    if let Some(rest) = last.and_then(rest) {
        return rest;
    }
    let goes_on = in_progress.filter(|_| page.input == Input::None).and_then(rest);
    let heading = [String::new(), format!("== {} ==", page.title)];
    heading.into_iter().chain(goes_on.unwrap_or_else(|| page.lines.clone())).collect()
}

/// What is asked; nothing where nothing is taken.
fn prompt(input: &Input) -> Option<String> {
    match input {
        Input::None | Input::Secret(_) => None,
        Input::Line(words) if words.is_empty() => Some(">".to_owned()),
        Input::Line(words) => Some(words.clone()),
        Input::Keys(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("[{}] {}", key.key, key.does)).collect();
            Some(format!("{}:", keys.join("  ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{new_lines, prompt};
    use crate::field::{Input, Key, Page};

    fn page(name: &'static str, lines: &[&str]) -> Page {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Page { name, title: "T".to_owned(), lines, pinned: 0, left: None, input: Input::None }
    }

    #[test]
    fn of_a_page_that_goes_on_only_what_is_new_is_written() {
        let first = page("working", &["a"]);
        assert_eq!(new_lines(None, None, &first), ["", "== T ==", "a"]);
        assert_eq!(new_lines(Some(&first), Some(&first), &page("working", &["a", "b"])), ["b"]);
        assert_eq!(new_lines(Some(&first), Some(&first), &page("end", &["a", "b"])), ["", "== T ==", "a", "b"]);
        let other = page("working", &["x"]);
        assert_eq!(new_lines(Some(&other), Some(&other), &first), ["", "== T ==", "a"]);
        // After a question the work goes on, and a question that comes again is written whole.
        let asked = Page { input: Input::Line(String::new()), ..page("question", &["sure?"]) };
        assert_eq!(new_lines(Some(&asked), Some(&first), &page("working", &["a", "b"])), ["", "== T ==", "b"]);
        assert_eq!(new_lines(Some(&first), Some(&first), &asked), ["", "== T ==", "sure?"]);
    }

    #[test]
    fn every_key_is_named_where_it_is_asked_for() {
        let keys = Input::Keys(vec![Key::new('y', "yes"), Key::new('q', "leave")]);
        assert_eq!(prompt(&keys).as_deref(), Some("[y] yes  [q] leave:"));
        assert_eq!(prompt(&Input::None), None);
    }
}
