//! Between the library and the network.
//!
//! The library reads as long as something comes, and a wait of its own begins again at every byte. So it never has the
//! network's socket: it gets one end of a pair, never waits, and is given one portion at a time by its caller's own thread,
//! which knows the deadline and counts. Outside a call no byte moves.

use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec};
use ssh2::{ErrorCode, Session};

use super::carrier::{Carrier, Outer, Watched};
use super::meter::{Flood, Meter};
use super::platform::{self, Local};

/// Bytes the library is given before it is asked again.
const PORTION: usize = 8 * 1024;
/// Bytes of the library kept at most for a network that takes none.
const KEPT: usize = 64 * 1024;
/// libssh2's "would wait", from its public header.
pub(super) const AGAIN: i32 = -37;

/// Why work with the library came to no answer.
#[derive(Debug)]
pub(super) enum Stop {
    /// The time is up.
    Deadline,
    /// The network's side has ended: the system's words.
    Ended(String),
    /// Too much came.
    Flood(Flood),
    /// The library's own error, on an open connection.
    Library(ssh2::Error),
}

impl From<Flood> for Stop {
    fn from(flood: Flood) -> Self {
        Self::Flood(flood)
    }
}

/// The network on one side, the library on the other.
pub(super) struct Wire<O> {
    outer: O,
    inner: Local,
    /// The library's end once more, where bytes take time from one end to the other.
    near: Option<Local>,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    /// What was counted so far.
    pub(super) meter: Meter,
    ended: Option<String>,
    told: bool,
}

impl<O: Outer> Wire<O> {
    /// Why the network's side has ended, if it has.
    pub(super) fn ended(&self) -> Option<&str> {
        self.ended.as_deref()
    }

    /// Whether bytes of the library wait for the network to take them.
    pub(super) fn is_full(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// The network's side.
    pub(super) fn outer(&self) -> &O {
        &self.outer
    }

    /// Moves what the library said outwards, as far as it is taken now; whether anything moved.
    pub(super) fn carry_out(&mut self) -> bool {
        let mut moved = false;
        loop {
            moved |= self.collect();
            if self.outgoing.is_empty() {
                return moved;
            }
            match self.outer.give(&self.outgoing) {
                Ok(count @ 1..) => {
                    self.outgoing.drain(..count);
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return moved,
                // What it had said before it went is still read; the end shows itself there.
                Ok(_) | Err(_) => {
                    self.outgoing.clear();
                    return moved;
                }
            }
        }
    }

    fn collect(&mut self) -> bool {
        let mut buffer = [0_u8; 4096];
        let mut moved = false;
        while self.outgoing.len() < KEPT {
            match self.inner.read(&mut buffer) {
                Ok(count @ 1..) => {
                    self.outgoing.extend_from_slice(buffer.get(..count).unwrap_or_default());
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => break,
            }
        }
        moved
    }

    /// Gives the library what has come, one portion at most; whether anything moved, an end included.
    pub(super) fn carry_in(&mut self) -> Result<bool, Flood> {
        let mut moved = self.hand_over_rest();
        let mut buffer = [0_u8; PORTION];
        while !moved && self.incoming.is_empty() && self.ended.is_none() {
            match self.outer.take(&mut buffer) {
                Ok(0) => self.ended = Some("the other side closed the connection".to_owned()),
                Ok(count) => {
                    self.meter.came(count)?;
                    let portion = buffer.get(..count).unwrap_or_default();
                    let given = give(&mut self.inner, portion);
                    self.incoming.extend_from_slice(portion.get(given..).unwrap_or_default());
                    moved = given > 0;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(moved),
                Err(error) => self.ended = Some(error.to_string()),
            }
        }
        Ok(self.hand_over_end() || moved)
    }

    /// Gives the library what it did not take of its last portion.
    fn hand_over_rest(&mut self) -> bool {
        let given = give(&mut self.inner, &self.incoming);
        self.incoming.drain(..given);
        given > 0
    }

    /// Tells the library about the end, once and after the last byte.
    fn hand_over_end(&mut self) -> bool {
        let tells = self.ended.is_some() && self.incoming.is_empty() && !self.told;
        if tells {
            self.told = true;
            let _ = self.inner.shutdown(Shutdown::Write);
        }
        tells
    }
}

/// Gives as much as the library's end takes now.
fn give(inner: &mut Local, bytes: &[u8]) -> usize {
    let mut given = 0;
    while let Some(rest) = bytes.get(given..).filter(|rest| !rest.is_empty()) {
        match inner.write(rest) {
            Ok(count @ 1..) => given += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => break,
        }
    }
    given
}

impl Wire<Carrier> {
    /// A wire, and the library's end of it.
    pub(super) fn over(outer: Carrier) -> io::Result<(Self, Local)> {
        outer.never_wait()?;
        let (near, inner) = platform::pair()?;
        near.set_nonblocking(true)?;
        inner.set_nonblocking(true)?;
        let watched = platform::watched_too(&near)?;
        let (incoming, outgoing) = (Vec::new(), Vec::new());
        let meter = Meter::new();
        Ok((Self { outer, inner, near: watched, incoming, outgoing, meter, ended: None, told: false }, near))
    }

    /// Works with the library until it has an answer or the time is up.
    pub(super) fn drive<T>(
        &mut self,
        until: Instant,
        mut work: impl FnMut() -> Result<T, ssh2::Error>,
    ) -> Result<T, Stop> {
        loop {
            match work() {
                Err(error) if error.code() == ErrorCode::Session(AGAIN) => {}
                // Nothing of what it may have said leaves any more.
                Err(error) => return Err(self.ended.clone().map_or(Stop::Library(error), Stop::Ended)),
                Ok(answer) => {
                    self.carry_out();
                    return Ok(answer);
                }
            }
            if Instant::now() >= until {
                return Err(Stop::Deadline);
            }
            self.receive(until)?;
        }
    }

    /// Gives the library its next portion, at the latest at the deadline; what is there already is taken even then.
    pub(super) fn receive(&mut self, until: Instant) -> Result<(), Stop> {
        loop {
            self.carry_out();
            if self.carry_in()? {
                return Ok(());
            }
            if let Some(reason) = &self.ended {
                return Err(Stop::Ended(reason.clone()));
            }
            let flags = match (self.incoming.is_empty(), self.is_full()) {
                (true, false) => PollFlags::IN,
                (true, true) => PollFlags::IN | PollFlags::OUT,
                (false, true) => PollFlags::OUT,
                // The library has not taken all of its last portion.
                (false, false) => return Ok(()),
            };
            if !self.wait(flags, until) {
                return Err(Stop::Deadline);
            }
            if self.near.is_some() {
                // Perhaps the library's end woke us: it is asked again.
                return Ok(());
            }
        }
    }

    /// Moves everything that the library said outwards.
    pub(super) fn flush(&mut self, until: Instant) -> Result<(), Stop> {
        loop {
            self.carry_out();
            if !self.is_full() {
                return Ok(());
            }
            if !self.wait(PollFlags::OUT, until) {
                return Err(Stop::Deadline);
            }
        }
    }

    /// Waits for the network; `false` at the deadline.
    fn wait(&self, flags: PollFlags, until: Instant) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let left = Timespec::try_from(left).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
        let mut sockets = vec![PollFd::from_borrowed_fd(self.outer.handle(), flags)];
        if let (Some(near), true) = (&self.near, flags.contains(PollFlags::IN)) {
            sockets.extend([near, &self.inner].map(|end| PollFd::new(end, PollFlags::IN)));
        }
        // An error shows itself at the next read; an interrupted wait begins again.
        rustix::event::poll(&mut sockets, Some(&left)) != Ok(0)
    }

    /// The same wire watched by tokio; inside its runtime only.
    pub(super) fn watched(self) -> io::Result<Wire<Watched>> {
        let Self { outer, inner, near, incoming, outgoing, meter, ended, told } = self;
        Ok(Wire { outer: outer.watched()?, inner, near, incoming, outgoing, meter, ended, told })
    }

    /// Ends both sides.
    pub(super) fn close(&mut self) {
        self.outer.shutdown();
        let _ = self.inner.shutdown(Shutdown::Both);
    }
}

/// A session of the library and its wire. The wire goes first, so that the library's own goodbye waits for no peer.
pub(super) struct Connected {
    /// The way to the network.
    pub(super) wire: Wire<Carrier>,
    /// The library's session, which never waits.
    pub(super) session: Session,
}

impl Connected {
    /// Works with the session until it has an answer or the time is up.
    pub(super) fn drive<T>(
        &mut self,
        until: Instant,
        mut work: impl FnMut(&Session) -> Result<T, ssh2::Error>,
    ) -> Result<T, Stop> {
        let session = &self.session;
        self.wire.drive(until, || work(session))
    }
}
