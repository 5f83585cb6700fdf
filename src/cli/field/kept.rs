//! A screen that keeps what is shown on it: what other commands print becomes text of a page.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::args::Format;
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

/// What was written, shared with who reads it.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
