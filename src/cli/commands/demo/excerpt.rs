//! What the demo tells of a command: some lines of what it says, as they come. All of it goes into a file.

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Which lines of a command's output belong to the story.
#[derive(Debug, Clone, Copy, Default)]
pub struct Picks {
    /// What is shown of this router's plan: its heading and what changes by meaning.
    pub plan_of: Option<&'static str>,
    /// Lines that have one of these in them.
    pub marks: &'static [&'static str],
    /// No line before this one, which is shown, belongs to it.
    pub last: bool,
}

/// The output of one command: whole in a file, the story's lines also on the screen.
#[derive(Clone)]
pub struct Excerpt(Arc<Mutex<Inner>>);

struct Inner {
    picks: Picks,
    is_full: bool,
    file: File,
    screen: Box<dyn Write + Send>,
    /// The begin of a line that has not ended.
    open: Vec<u8>,
    /// The last line that is not empty, as it came.
    last: Vec<u8>,
    in_plan: bool,
}

impl Excerpt {
    /// Shows what `picks` says, or everything where `is_full`.
    pub fn new(picks: Picks, is_full: bool, file: File, screen: Box<dyn Write + Send>) -> Self {
        let (open, last) = Default::default();
        Self(Arc::new(Mutex::new(Inner { picks, is_full, file, screen, open, last, in_plan: false })))
    }

    /// Ends the last line, and shows it where that is asked for.
    ///
    /// # Errors
    /// When file or screen cannot be written.
    pub fn end(&self) -> std::io::Result<()> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = std::mem::take(&mut inner.open);
        if !open.is_empty() {
            inner.line(&[open, b"\n".to_vec()].concat())?;
        }
        if inner.picks.last && !inner.is_full {
            let last = std::mem::take(&mut inner.last);
            inner.screen.write_all(&last)?;
        }
        inner.screen.flush()
    }
}

impl Inner {
    /// One line with its end.
    fn line(&mut self, line: &[u8]) -> std::io::Result<()> {
        let plain = anstream::adapter::strip_bytes(line).into_vec();
        self.file.write_all(&plain)?;
        let plain = String::from_utf8_lossy(&plain);
        if !plain.trim().is_empty() {
            line.clone_into(&mut self.last);
        }
        if self.is_full || self.is_told(plain.trim_end()) {
            self.screen.write_all(line)?;
            self.screen.flush()?;
        }
        Ok(())
    }

    fn is_told(&mut self, line: &str) -> bool {
        let heads = line.strip_prefix("══ ").is_some_and(|name| Some(name) == self.picks.plan_of);
        self.in_plan = heads || (self.in_plan && line.starts_with("  ~ "));
        self.in_plan || self.picks.marks.iter().any(|mark| line.contains(mark))
    }
}

impl Write for Excerpt {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            inner.open.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut inner.open);
                inner.line(&line)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::io::{Read, Seek, Write};

    use super::{Excerpt, Picks};
    use crate::cli::stream::Stream;

    /// What of these words is on the screen, and what in the file.
    fn told(picks: Picks, is_full: bool) -> [String; 2] {
        let file = tempfile::tempfile().unwrap();
        let mut screen = tempfile::tempfile().unwrap();
        let out = Stream::new(screen.try_clone().unwrap());
        let excerpt = Excerpt::new(picks, is_full, file.try_clone().unwrap(), out.bare());
        let words = "══ r1\n  ~ a\n\n  ~ b\n══ r2\n  ~ c\nr2: \u{1b}[1mfailed\u{1b}[0m[x]\nthe end\n\n";
        for some in words.as_bytes().chunks(7) {
            excerpt.clone().write_all(some).unwrap();
        }
        excerpt.end().unwrap();
        let read = |mut file: std::fs::File| {
            let mut text = String::new();
            file.rewind().unwrap();
            file.read_to_string(&mut text).unwrap();
            text
        };
        screen.flush().unwrap();
        [read(screen), read(file)]
    }

    #[test]
    fn the_story_has_one_plan_the_marked_lines_and_the_last_one() {
        let picks = Picks { plan_of: Some("r2"), marks: &["failed["], last: true };
        let [screen, file] = told(Picks { marks: &["[x]"], ..picks }, false);
        assert_eq!(screen, "══ r2\n  ~ c\nr2: \u{1b}[1mfailed\u{1b}[0m[x]\nthe end\n");
        assert!(
            file.starts_with("══ r1\n") && file.contains("r2: failed[x]\n"),
            "the file has everything, plainly: {file}"
        );
        let [screen, _] = told(picks, true);
        assert!(screen.starts_with("══ r1\n  ~ a\n"), "{screen}");
    }
}
