//! A screen that keeps what is shown on it: what other commands print becomes text of a page.

use crate::cli::args::Format;
use crate::cli::kept::Kept;
use crate::cli::screen::Screen;
use crate::cli::stream::Stream;
use crate::cli::whole_lines::plain_text;
use crate::message::Lang;

/// A screen that keeps what is shown on it, and the way to take that.
pub fn kept_screen(lang: Lang) -> (Screen, impl Fn() -> String) {
    let kept = Kept::default();
    let stream = Stream::new(kept.clone());
    let screen = Screen { lang, format: Format::Text, out: stream.clone(), err: stream };
    (screen, move || plain_text(&kept.text()))
}
