//! The serial console: a pseudo terminal behind a link of a fixed name, slowed down to the line's speed in both directions.
//!
//! No one sees whether the far end has the line open, as on a real cable: the console's session outlives its user.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{Mode, OFlags, fcntl_setfl, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::conversation::{Input, Sink, converse};
use crate::cell::Cell;
use crate::router::Via;
use crate::session::End;

/// A pseudo terminal: our side, and the other one kept open so that ours never reads an end.
pub struct Line {
    master: AsyncFd<OwnedFd>,
    _slave: OwnedFd,
}

impl Line {
    /// Opens a pseudo terminal in raw mode and lets `link` point to it.
    ///
    /// # Errors
    /// When the system has none left, or the link cannot be made. Must be called inside the runtime.
    pub fn open(link: &Path) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let slave = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
        let mut attributes = tcgetattr(&slave)?;
        attributes.make_raw();
        tcsetattr(&slave, OptionalActions::Now, &attributes)?;
        fcntl_setfl(&master, OFlags::NONBLOCK)?;
        // A program started meanwhile must not keep a cable plugged in that was pulled.
        rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC)?;
        rustix::io::fcntl_setfd(&slave, rustix::io::FdFlags::CLOEXEC)?;
        let fresh = link.with_extension("fresh");
        let target = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        // A link left over from a run that was killed is in the way.
        let _ = std::fs::remove_file(&fresh);
        std::os::unix::fs::symlink(target, &fresh)?;
        std::fs::rename(&fresh, link)?;
        #[expect(deprecated, reason = "its successor is unsafe; an owned descriptor keeps what that one asks for")]
        let master = AsyncFd::new(master)?;
        Ok(Self { master, _slave: slave })
    }

    async fn read(&self, chunk: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.master.readable().await?;
            if let Ok(result) = ready.try_io(|fd| rustix::io::read(fd, &mut *chunk).map_err(io::Error::from)) {
                return result;
            }
        }
    }

    async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let mut ready = self.master.writable().await?;
            if let Ok(result) = ready.try_io(|fd| rustix::io::write(fd, bytes).map_err(io::Error::from)) {
                bytes = bytes.get(result?..).unwrap_or_default();
            }
        }
        Ok(())
    }
}

/// Serves the console until the mock ends. A cut cable is plugged in again at once, under the same name, and finds the session as
/// it was.
pub async fn serve(cell: Cell, first: Line, link: PathBuf, baud: Option<u32>) {
    let mut line = first;
    let (mut session, mut signals) = cell.open(Via::Console, None, 80);
    loop {
        let (typed, receiver) = mpsc::unbounded_channel();
        let (printed, prints) = mpsc::unbounded_channel();
        let wire = tokio::spawn(carry(line, typed, prints, per_byte(baud)));
        let end = converse(&cell, &mut session, receiver, &mut signals, &mut WireSink { printed }).await;
        // The new cable is there before the old one goes, so that a reader who sees the end finds it under the same
        // name.
        let again = (end == Some(End::Cut)).then(|| Line::open(&link));
        wire.abort();
        match again {
            Some(Ok(again)) => line = again,
            _ => return,
        }
        session.plug_in();
    }
}

/// The time of one byte: a start bit, eight data bits, a stop bit.
fn per_byte(baud: Option<u32>) -> Duration {
    baud.filter(|rate| *rate > 0).map_or(Duration::ZERO, |rate| Duration::from_secs(10) / rate)
}

struct WireSink {
    printed: mpsc::UnboundedSender<(Vec<u8>, Instant)>,
}

impl Sink for WireSink {
    async fn write(&mut self, bytes: Vec<u8>, due: Instant) -> bool {
        self.printed.send((bytes, due)).is_ok()
    }
}

/// Moves bytes in both directions, each at the time it would have arrived. Times are reckoned from the bytes before, not from
/// the moment a timer fired, so that lateness of the timer does not add up.
async fn carry(
    line: Line,
    typed: mpsc::UnboundedSender<Input>,
    mut prints: mpsc::UnboundedReceiver<(Vec<u8>, Instant)>,
    byte_time: Duration,
) {
    let mut chunk = [0; 4096];
    let mut incoming: VecDeque<u8> = VecDeque::new();
    let mut outgoing: VecDeque<u8> = VecDeque::new();
    let mut in_due = Instant::now();
    let mut out_due = Instant::now();
    loop {
        let now = Instant::now();
        while in_due <= now
            && let Some(byte) = incoming.pop_front()
        {
            if typed.send(Input::Bytes(vec![byte], in_due)).is_err() {
                return;
            }
            in_due += byte_time;
        }
        let mut batch = Vec::new();
        while out_due <= now
            && let Some(byte) = outgoing.pop_front()
        {
            batch.push(byte);
            out_due += byte_time;
        }
        if !batch.is_empty() && line.write(&batch).await.is_err() {
            return;
        }
        let next = match (incoming.is_empty(), outgoing.is_empty()) {
            (true, true) => now + Duration::from_secs(3600),
            (false, true) => in_due,
            (true, false) => out_due,
            (false, false) => in_due.min(out_due),
        };
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            count = line.read(&mut chunk) => {
                let Ok(count @ 1..) = count else { return };
                if incoming.is_empty() {
                    in_due = in_due.max(Instant::now() + byte_time);
                }
                incoming.extend(chunk.iter().take(count));
            }
            message = prints.recv() => {
                let Some((bytes, due)) = message else { return };
                if outgoing.is_empty() {
                    out_due = out_due.max(due + byte_time);
                }
                outgoing.extend(bytes);
            }
        }
    }
}
