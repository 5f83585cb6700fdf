//! What keys mean on the page that is shown, and the line that is being typed there. Draws nothing, and reads no terminal.

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use zeroize::Zeroizing;

use super::drawing::{Sight, Typed};
use super::operator::SecretSink;
use crate::cli::terminal::to_halfwidth;
use crate::field::{Event, Input, Page};
use crate::secret::Secret;

/// What is typed is no longer than this: a reason is a sentence.
const LONGEST: usize = 400;

/// The page that is shown, and what is being typed there.
pub struct Entry {
    page: Option<Page>,
    /// As long as it can become from the start: it never moves, so no copy of a secret is left behind in memory.
    line: Zeroizing<String>,
    above: usize,
    /// Lines of the text that were in sight when it was drawn last.
    room: usize,
}

impl Default for Entry {
    fn default() -> Self {
        Self { page: None, line: empty_line(), above: 0, room: 1 }
    }
}

impl Entry {
    /// Shows a page; another one begins with nothing typed.
    pub fn show(&mut self, page: Page) {
        if self.page.as_ref().is_none_or(|last| last.name != page.name || last.input != page.input) {
            (self.line, self.above) = (empty_line(), 0);
        }
        self.page = Some(page);
    }

    /// The page, and what is to be seen of the line.
    pub fn shown(&self) -> Option<(&Page, Typed)> {
        let page = self.page.as_ref()?;
        let line = match page.input {
            Input::Secret(_) => "*".repeat(self.line.chars().count()),
            _ => self.line.as_str().to_owned(),
        };
        Some((page, Typed { line, above: self.above }))
    }

    /// The text was drawn so: no key moves it further than that.
    pub fn drawn(&mut self, Sight { above, room }: Sight) {
        (self.above, self.room) = (above, room.max(1));
    }

    /// Takes a key: what happens because of it.
    pub fn take(&mut self, key: KeyCode, modifiers: KeyModifiers, secrets: &SecretSink) -> Option<Event> {
        let held = modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        // Both together are how some keyboards write a letter.
        if held == KeyModifiers::CONTROL || held == KeyModifiers::ALT {
            return self.command(key, held);
        }
        match key {
            KeyCode::Up => self.above = self.above.saturating_sub(1),
            KeyCode::Down => self.above += 1,
            // To the beginning of a page, whatever lines were moved before.
            KeyCode::PageUp => self.above = self.above.saturating_sub(1) / self.room * self.room,
            KeyCode::PageDown => self.above = (self.above / self.room + 1) * self.room,
            _ => {}
        }
        match (&self.page.as_ref()?.input, key) {
            (Input::Keys(keys), KeyCode::Char(key)) => {
                let narrow = to_halfwidth(&key.to_string()).to_lowercase();
                keys.iter().any(|known| known.key.to_string() == narrow).then_some(Event::Typed(narrow))
            }
            (Input::Line(_), KeyCode::Enter) => {
                let line = std::mem::replace(&mut self.line, empty_line());
                Some(Event::Typed(to_halfwidth(&line)))
            }
            (Input::Secret(_), KeyCode::Enter) => {
                let line = std::mem::replace(&mut self.line, empty_line());
                secrets.give(Secret::new(line.as_str().to_owned()));
                None
            }
            (Input::Line(_) | Input::Secret(_), key) => {
                self.edit(key);
                None
            }
            (Input::None | Input::Keys(_), _) => None,
        }
    }

    /// A key that is held with Ctrl or Alt is no letter.
    fn command(&mut self, key: KeyCode, held: KeyModifiers) -> Option<Event> {
        match key {
            KeyCode::Char('c') if held == KeyModifiers::CONTROL => return Some(Event::Stop),
            KeyCode::Char('u') if held == KeyModifiers::CONTROL => self.line = empty_line(),
            _ => {}
        }
        None
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

fn empty_line() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(LONGEST * 4))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use ratatui::crossterm::event::{KeyCode, KeyModifiers};

    use super::super::operator::FieldOperator;
    use super::{Entry, LONGEST};
    use crate::field::{Event, Input, Key, Page};
    use crate::message::Lang;
    use crate::run::NoOperator;

    fn entry(input: Input) -> Entry {
        let mut entry = Entry::default();
        entry.show(Page { name: "page", title: String::new(), lines: Vec::new(), pinned: 0, left: None, input });
        entry
    }

    fn press(entry: &mut Entry, keys: &[(KeyCode, KeyModifiers)]) -> Vec<Event> {
        let (tell, _) = channel();
        let secrets = FieldOperator::new(tell, Arc::new(NoOperator), Lang::En).secrets();
        keys.iter().filter_map(|(key, held)| entry.take(*key, *held, &secrets)).collect()
    }

    fn letter(letter: char) -> (KeyCode, KeyModifiers) {
        (KeyCode::Char(letter), KeyModifiers::NONE)
    }

    const ENTER: (KeyCode, KeyModifiers) = (KeyCode::Enter, KeyModifiers::NONE);

    #[test]
    fn a_control_key_is_no_letter_and_ctrl_u_clears_the_line() {
        let clear = (KeyCode::Char('u'), KeyModifiers::CONTROL);
        let mut line = entry(Input::Line(String::new()));
        let events =
            press(&mut line, &[letter('a'), clear, letter('b'), (KeyCode::Char('k'), KeyModifiers::CONTROL), ENTER]);
        assert!(matches!(events.as_slice(), [Event::Typed(typed)] if typed == "b"), "{events:?}");
        let mut keys = entry(Input::Keys(vec![Key::new('y', "yes")]));
        for held in [KeyModifiers::CONTROL, KeyModifiers::ALT] {
            assert!(press(&mut keys, &[(KeyCode::Char('y'), held)]).is_empty(), "no question is answered by it");
        }
        assert!(matches!(press(&mut keys, &[letter('y')]).as_slice(), [Event::Typed(_)]));
        let altgr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert!(matches!(press(&mut keys, &[(KeyCode::Char('y'), altgr)]).as_slice(), [Event::Typed(_)]));
    }

    #[test]
    fn the_line_of_a_secret_never_moves_in_memory() {
        let mut secret = entry(Input::Secret("password".to_owned()));
        let begins = secret.line.as_ptr();
        press(&mut secret, &vec![letter('鍵'); LONGEST + 1]);
        assert_eq!((secret.line.as_ptr(), secret.line.chars().count()), (begins, LONGEST));
        assert_eq!(secret.shown().map(|(_, typed)| typed.line), Some("*".repeat(LONGEST)));
    }
}
