//! Where a command writes: a terminal, a file or a pipe, shared by the threads of a run.
//!
//! A pipe that was closed and a terminal that is gone have no reader any more, and that is no error. Anything else that could not be written is remembered, and the
//! program ends with it: half a result must not look like one.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::terminal::has_hung_up;
use crate::message::Explain;
use crate::visible;

/// Why a result is not whole.
#[derive(Debug, Explain)]
pub enum StreamError {
    /// The disk is full, or the device does not take it.
    #[explain(
        code = "output.unwritten",
        en = "the result could not be written to standard output: {cause}",
        ja = "結果を標準出力に書き込めませんでした: {cause}",
        hint(
            en = "what arrived there is not whole: free space, or write somewhere else, and run the command again (a run with routers is in the journal: `ixdeploy show last`)",
            ja = "出力は途中までです。空き容量か出力先を確認し、コマンドを再実行してください(ルータに対する実行は記録されています: ixdeploy show last)"
        )
    )]
    Unwritten {
        #[source]
        cause: io::Error,
    },
}

/// A stream shared by the threads of a run. What is written to it is visible text: nothing in data acts on the terminal.
#[derive(Clone)]
pub struct Stream {
    is_screen: bool,
    shown: Arc<Mutex<dyn Write + Send>>,
    /// For exact output to a file or a pipe, not to a screen.
    exact: Option<Arc<Mutex<dyn Write + Send>>>,
    /// The first trouble with either.
    trouble: Arc<OnceLock<io::Error>>,
}

impl Stream {
    /// A stream over anything that can be written to.
    pub fn new(inner: impl Write + Send + 'static) -> Self {
        Self { shown: Arc::new(Mutex::new(inner)), exact: None, is_screen: false, trouble: Arc::default() }
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
    pub(super) fn write_exactly(&self, bytes: &[u8]) -> io::Result<()> {
        let Some(exact) = &self.exact else {
            let mut shown = self.clone();
            return shown.write_all(bytes).and_then(|()| shown.flush());
        };
        let mut out = exact.lock().unwrap_or_else(PoisonError::into_inner);
        self.watched(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Writes text of our own as it is, styles included.
    pub(super) fn write_bare(&self, text: &[u8]) -> io::Result<()> {
        let mut out = self.bare();
        self.watched(out.write_all(text).and_then(|()| out.flush()))
    }

    /// What could not be written to it so far; nothing where all was, or where there is no reader any more.
    pub(super) fn unwritten(&self) -> Option<StreamError> {
        self.trouble.get().map(|cause| StreamError::Unwritten { cause: same(cause) })
    }

    /// Remembers the first error that does not mean that no one reads.
    fn watched<T>(&self, written: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::BrokenPipe
            && !(self.exact.is_none() && has_hung_up(error))
        {
            // The first counts.
            let _ = self.trouble.set(same(error));
        }
        written
    }
}

/// The error once more: the system's number says all of it.
fn same(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

/// What a stream writes to, without what makes text visible.
struct Bare(Arc<Mutex<dyn Write + Send>>);

impl Write for Bare {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.shown.lock().unwrap_or_else(PoisonError::into_inner).write_all(&visible::shown(bytes));
        self.watched(written)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.shown.lock().unwrap_or_else(PoisonError::into_inner).flush();
        self.watched(flushed)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Write};

    use super::Stream;

    struct Failing(ErrorKind);

    /// A terminal that hung up.
    #[cfg(unix)]
    struct HungUp;

    #[cfg(unix)]
    impl Write for HungUp {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(nix::errno::Errno::EIO.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_terminal_that_is_gone_is_no_reader_and_a_disk_that_fails_alike_is_an_error() {
        let terminal = Stream::new(HungUp);
        let _ = terminal.clone().write_all(b"result");
        assert!(terminal.unwritten().is_none(), "how the run ended is what counts");
        let disk = Stream::new(HungUp).with_exact(HungUp);
        let _ = disk.clone().write_all(b"result");
        assert!(disk.unwritten().is_some());
    }

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_remembered_and_a_reader_that_went_away_is_not() {
        for (kind, is_remembered) in [(ErrorKind::StorageFull, true), (ErrorKind::BrokenPipe, false)] {
            let stream = Stream::new(Failing(kind));
            let _ = stream.clone().write_all(b"result");
            assert_eq!(stream.unwritten().is_some(), is_remembered, "{kind}");
            let stream = Stream::new(io::sink()).with_exact(Failing(kind));
            let _ = stream.write_exactly(b"result");
            assert_eq!(stream.unwritten().is_some(), is_remembered, "{kind}, byte for byte");
        }
    }
}
