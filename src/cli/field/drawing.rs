//! A page drawn on a screen of any size: heading, text, what may be typed. Pure: what is drawn follows from the page and from what was typed.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use crate::field::{Input, Page};
use crate::report::{Wrap, wrapped};

/// What was typed so far, and how far the text was moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The line that is being typed; of a secret as many dots.
    pub line: String,
    /// Lines of the text above the screen, from its beginning.
    pub above: usize,
}

/// Which lines of the text are in sight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sight {
    /// Lines above the screen.
    pub above: usize,
    /// Lines that have room on it.
    pub room: usize,
}

/// The page that follows its end: what is new is what counts.
const FOLLOWS: &str = "working";

/// Lines of what happens that are worth cutting those that stay in sight.
const FOLLOWED: usize = 6;

/// The keys that turn the pages of a longer text.
const TURNED_BY: &str = "[PgUp] [PgDn]";

/// Draws a page, and says what of its text is in sight.
pub fn draw(frame: &mut Frame<'_>, page: &Page, typed: &Typed) -> Sight {
    let width = usize::from(frame.area().width);
    let input = input_lines(page, &typed.line, width);
    let below = u16::try_from(input.len()).unwrap_or(u16::MAX);
    let parts = [Constraint::Length(2), Constraint::Min(1), Constraint::Length(below.saturating_add(1))];
    let [head, body, foot] = Layout::vertical(parts).areas(frame.area());
    let (pinned, text) = page.lines.split_at(page.pinned.min(page.lines.len()));
    let height = usize::from(body.height);
    let pinned = pinned_lines(pinned, width, height);
    let lines: Vec<String> = text.iter().flat_map(|line| in_columns(line, width)).collect();
    let room = height - pinned.len();
    let sight = Sight { above: first_line(page, lines.len(), room, typed.above), room };
    let above = sight.above;
    let followed = lines.iter().skip(above).take(room);
    let shown = pinned.iter().chain(followed).map(|line| Line::raw(line.clone()));
    let place = place(page, sight, lines.len());
    let heading = Style::default().add_modifier(Modifier::BOLD | Modifier::REVERSED);
    frame.render_widget(Paragraph::new(Line::styled(format!(" {} {place}", page.title), heading)), head);
    frame.render_widget(Paragraph::new(Text::from_iter(shown)), body);
    let rule = Line::styled("-".repeat(width), Style::default().add_modifier(Modifier::DIM));
    let foot_lines = std::iter::once(rule).chain(input.into_iter().map(Line::raw));
    frame.render_widget(Paragraph::new(Text::from_iter(foot_lines)), foot);
    sight
}

/// The lines that stay in sight: whole while there is room for what happens below them, then each in one line.
fn pinned_lines(pinned: &[String], width: usize, height: usize) -> Vec<String> {
    let whole: Vec<String> = pinned.iter().flat_map(|line| in_columns(line, width)).collect();
    if whole.len() + FOLLOWED <= height {
        return whole;
    }
    // Something of what happens is always in sight.
    pinned.iter().take(height.saturating_sub(1)).map(|line| in_one_line(line, width)).collect()
}

/// How many lines are above the screen.
fn first_line(page: &Page, lines: usize, room: usize, above: usize) -> usize {
    let last = lines.saturating_sub(room);
    if follows(page) { last } else { above.min(last) }
}

/// Whether the end of a page is what is shown of it.
fn follows(page: &Page) -> bool {
    page.name == FOLLOWS || page.pinned > 0
}

/// Where not all lines are shown: which page of how many this is, with the keys that turn them; of a page that follows its end, which lines.
fn place(page: &Page, Sight { above, room }: Sight, lines: usize) -> String {
    if lines <= room {
        return String::new();
    }
    if follows(page) {
        return format!("({}-{}/{lines})", above + 1, (above + room).min(lines));
    }
    let (room, is_last) = (room.max(1), above + room >= lines);
    let pages = lines.div_ceil(room);
    // The last page is a whole screen, too, and begins among the lines of the one before.
    let number = if is_last { pages } else { (above / room + 1).min(pages - 1) };
    format!("{number}/{pages}  {TURNED_BY}")
}

fn input_lines(page: &Page, typed: &str, width: usize) -> Vec<String> {
    match &page.input {
        Input::None => {
            let left = page.left.iter().map(|left| format!("  {}", left.whole)).collect::<String>();
            vec![in_one_line(&format!("Ctrl-C{left}"), width)]
        }
        Input::Keys(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("[{}] {}", key.key, key.does)).collect();
            in_columns(&keys.join("  "), width)
        }
        Input::Line(words) | Input::Secret(words) => {
            let mut lines = if words.is_empty() { Vec::new() } else { in_columns(words, width) };
            lines.push(format!("> {typed}_"));
            lines
        }
    }
}

/// A line in as many lines of so many columns as it takes; further ones are indented like it.
fn in_columns(line: &str, columns: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let wrap = Wrap { columns, indent: (indent + 2).min(columns / 2), lines: usize::MAX };
    let text = wrapped(line.trim_start_matches(' '), indent, wrap);
    let mut lines = text.lines().map(str::to_owned);
    let first = format!("{}{}", " ".repeat(indent), lines.next().unwrap_or_default());
    std::iter::once(first).chain(lines).collect()
}

/// As much of a line as there is room for.
fn in_one_line(line: &str, columns: usize) -> String {
    wrapped(line, 0, Wrap { columns, indent: 0, lines: 1 })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
#[path = "drawing_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "depot_drawing_tests.rs"]
mod depot_tests;
