//! Where a command writes: a terminal, a file or a pipe, shared by the threads of a run.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use crate::visible;

/// A stream shared by the threads of a run. What is written to it is visible text: nothing in data acts on the terminal.
#[derive(Clone)]
pub struct Stream {
    is_screen: bool,
    shown: Arc<Mutex<dyn Write + Send>>,
    /// For exact output to a file or a pipe, not to a screen.
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
    pub(super) fn screen(&self) -> Option<Box<dyn Write + Send>> {
        self.is_screen.then(|| self.bare())
    }

    /// Whether it is a screen, whose width counts.
    pub(super) fn is_screen(&self) -> bool {
        self.is_screen
    }

    /// What is behind this stream, for text that another stream has made visible already.
    pub(super) fn bare(&self) -> Box<dyn Write + Send> {
        Box::new(Bare(Arc::clone(&self.shown)))
    }

    /// Writes bytes as they are to a file or a pipe; a terminal gets visible text.
    pub(super) fn write_exactly(&self, bytes: &[u8]) -> std::io::Result<()> {
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
