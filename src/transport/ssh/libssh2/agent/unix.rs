//! Carries between the library and an SSH agent on Unix, until a deadline and up to a number of bytes.
//!
//! It understands nothing of what it carries, and keeps none of it.

use std::env;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec};
#[cfg(not(target_vendor = "apple"))]
use rustix::net::SocketFlags;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};
use ssh2::Agent;

/// What names the agent's socket.
const SOCKET: &str = "SSH_AUTH_SOCK";
/// Bytes carried in both directions altogether: a thousand keys, and a signature with each.
const LARGEST: usize = 4 * 1024 * 1024;
/// Bytes in flight in one direction.
const PORTION: usize = 8 * 1024;

/// A running relay. It ends when the library closes its end, when the agent does, at its bounds, or when this is dropped: the library's end
/// may have been inherited by a program that was started meanwhile.
pub(super) struct AgentRelay {
    shared: Arc<Shared>,
    near: UnixStream,
}

struct Shared {
    until: Mutex<Instant>,
    cut: AtomicBool,
}

impl AgentRelay {
    /// The deadline from now on; not earlier than before.
    pub(super) fn allow_until(&self, deadline: Instant) {
        let mut until = self.shared.until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = deadline.max(*until);
    }

    /// Whether it came to one of its bounds.
    pub(super) fn was_cut(&self) -> bool {
        self.shared.cut.load(Ordering::Acquire)
    }
}

impl Drop for AgentRelay {
    fn drop(&mut self) {
        // An error says that the relay has ended before.
        let _ = self.near.shutdown(Shutdown::Both);
    }
}

/// Joins the library to the agent that the environment names; otherwise the reason.
pub(super) fn relay_agent(agent: &mut Agent, until: Instant) -> Result<AgentRelay, String> {
    let path = env::var_os(SOCKET).ok_or_else(|| format!("{SOCKET} is not set"))?;
    let words = |error: io::Error| error.to_string();
    let far = reach(&path).map_err(words)?;
    // The library only takes a path. The listener there is gone before anything is sent.
    let folder = tempfile::Builder::new().prefix("ix").tempdir().map_err(words)?;
    let place = folder.path().join("agent");
    let listener = UnixListener::bind(&place).map_err(words)?;
    agent.set_identity_path(&place).and_then(|()| agent.connect()).map_err(|error| error.message().to_owned())?;
    let (near, _) = listener.accept().map_err(words)?;
    near.set_nonblocking(true).map_err(words)?;
    relay(near, far, until).map_err(words)
}

/// Carries between two sockets that never wait, in a thread of its own.
fn relay(near: UnixStream, far: UnixStream, until: Instant) -> io::Result<AgentRelay> {
    let kept = near.try_clone()?;
    let shared = Arc::new(Shared { until: Mutex::new(until), cut: AtomicBool::new(false) });
    let theirs = Arc::clone(&shared);
    let carry = move || {
        // Said before the end is shown to the library, which then asks why.
        if carry([&near, &far], &theirs.until) == End::Bound {
            theirs.cut.store(true, Ordering::Release);
        }
        let _ = near.shutdown(Shutdown::Both);
    };
    thread::Builder::new().name("agent".to_owned()).spawn(carry)?;
    Ok(AgentRelay { shared, near: kept })
}

/// Connects to the agent without waiting: one whose queue is full does not answer either.
fn reach(path: &OsStr) -> io::Result<UnixStream> {
    let socket = UnixStream::from(socket()?);
    socket.set_nonblocking(true)?;
    rustix::net::connect(&socket, &SocketAddrUnix::new(path.as_bytes())?)?;
    Ok(socket)
}

/// A socket that no program inherits which another thread starts: it could ask the agent for signatures.
#[cfg(not(target_vendor = "apple"))]
fn socket() -> rustix::io::Result<OwnedFd> {
    rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)
}

/// The same where a system can only say so afterwards.
#[cfg(target_vendor = "apple")]
fn socket() -> rustix::io::Result<OwnedFd> {
    let socket = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    Ok(socket)
}

/// Why a relay came to its end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// One side closed, or broke.
    Closed,
    /// The time was up, or too much came.
    Bound,
}

/// Carries in both directions between two sockets that never wait.
fn carry(ends: [&UnixStream; 2], until: &Mutex<Instant>) -> End {
    let [near, far] = ends;
    let (mut outwards, mut inwards) = (Vec::new(), Vec::new());
    let mut left = LARGEST;
    loop {
        for (from, to, kept) in [(near, far, &mut outwards), (far, near, &mut inwards)] {
            match step(from, to, kept) {
                Some(count) if count > left => return End::Bound,
                Some(count) => left -= count,
                None => return End::Closed,
            }
        }
        let until = *until.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = until.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            return End::Bound;
        }
        let rest = Timespec::try_from(rest).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
        let flags = |comes: &Vec<u8>, goes: &Vec<u8>| match (comes.is_empty(), goes.is_empty()) {
            (true, true) => PollFlags::IN,
            (true, false) => PollFlags::IN | PollFlags::OUT,
            (false, true) => PollFlags::empty(),
            (false, false) => PollFlags::OUT,
        };
        let mut sockets = [PollFd::new(near, flags(&outwards, &inwards)), PollFd::new(far, flags(&inwards, &outwards))];
        // An error shows itself at the next read; an interrupted wait begins again.
        let _ = rustix::event::poll(&mut sockets, Some(&rest));
    }
}

/// Takes what has come, unless something is still kept, and gives on what is taken now. How many bytes came; nothing at an end.
fn step(mut from: &UnixStream, mut to: &UnixStream, kept: &mut Vec<u8>) -> Option<usize> {
    let mut came = 0;
    if kept.is_empty() {
        let mut buffer = [0_u8; PORTION];
        match from.read(&mut buffer) {
            Ok(0) => return None,
            Ok(count) => {
                came = count;
                kept.extend_from_slice(buffer.get(..count).unwrap_or_default());
            }
            Err(error) if waits(&error) => {}
            Err(_) => return None,
        }
    }
    if !kept.is_empty() {
        match to.write(kept) {
            Ok(count) => drop(kept.drain(..count)),
            Err(error) if waits(&error) => {}
            Err(_) => return None,
        }
    }
    Some(came)
}

fn waits(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::sync::Mutex;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::io::FdFlags;

    use super::{End, LARGEST, carry, reach, relay};

    /// A relay between a library and an agent, each in its own thread, and how it ended.
    fn relayed(until: Duration, library: impl FnOnce(UnixStream) + Send, agent: impl FnOnce(UnixStream) + Send) -> End {
        let (library_end, near) = UnixStream::pair().unwrap();
        let (agent_end, far) = UnixStream::pair().unwrap();
        near.set_nonblocking(true).unwrap();
        far.set_nonblocking(true).unwrap();
        let until = Mutex::new(Instant::now() + until);
        thread::scope(|scope| {
            scope.spawn(|| library(library_end));
            scope.spawn(|| agent(agent_end));
            let end = carry([&near, &far], &until);
            drop((near, far));
            end
        })
    }

    /// Long enough for any machine; only what is meant to reach it does.
    const LONG: Duration = Duration::from_secs(600);

    fn asks_and_reads(mut library: UnixStream) {
        library.write_all(b"which keys?").unwrap();
        let _ = library.read_to_end(&mut Vec::new());
    }

    #[test]
    fn a_question_and_its_answer_arrive_as_they_were_said() {
        let answer = vec![7_u8; 300_000];
        let library = |mut library: UnixStream| {
            library.write_all(b"which keys?").unwrap();
            let mut heard = vec![0_u8; 300_000];
            library.read_exact(&mut heard).unwrap();
            assert!(heard.iter().all(|byte| *byte == 7));
        };
        let agent = |mut agent: UnixStream| {
            let mut question = [0_u8; 11];
            agent.read_exact(&mut question).unwrap();
            assert_eq!(&question, b"which keys?");
            agent.write_all(&answer).unwrap();
            let _ = agent.read_to_end(&mut Vec::new());
        };
        assert_eq!(relayed(LONG, library, agent), End::Closed);
    }

    #[test]
    fn an_agent_that_says_nothing_is_given_up_at_the_deadline() {
        let agent = |mut agent: UnixStream| drop(agent.read_to_end(&mut Vec::new()));
        assert_eq!(relayed(Duration::from_millis(30), asks_and_reads, agent), End::Bound);
    }

    #[test]
    fn an_agent_that_drips_is_given_up_at_the_same_deadline() {
        let agent = |mut agent: UnixStream| while agent.write_all(b"x").is_ok() {};
        // Takes one byte and stops: what the agent says piles up before the relay.
        let library = |mut library: UnixStream| {
            let _ = library.read_exact(&mut [0_u8; 1]);
            let _ = library.write_all(&vec![0_u8; LARGEST]);
        };
        assert_eq!(relayed(Duration::from_millis(30), library, agent), End::Bound);
    }

    #[test]
    fn an_agent_that_says_too_much_is_given_up_before_the_deadline() {
        let agent = |mut agent: UnixStream| while agent.write_all(&[b'x'; 4096]).is_ok() {};
        assert_eq!(relayed(LONG, asks_and_reads, agent), End::Bound);
    }

    #[test]
    fn no_program_that_is_started_meanwhile_inherits_the_agents_socket() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent");
        let _agent = UnixListener::bind(&path).unwrap();
        let socket = reach(path.as_os_str()).unwrap();
        assert!(rustix::io::fcntl_getfd(&socket).unwrap().contains(FdFlags::CLOEXEC));
    }

    #[test]
    fn a_relay_ends_with_its_login_although_a_program_has_inherited_the_librarys_end() {
        let (_inherited, near) = UnixStream::pair().unwrap();
        let (mut agent, far) = UnixStream::pair().unwrap();
        near.set_nonblocking(true).unwrap();
        far.set_nonblocking(true).unwrap();
        drop(relay(near, far, Instant::now() + LONG).unwrap());
        agent.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        assert_eq!(agent.read(&mut [0; 1]).unwrap(), 0, "the agent is let go");
    }
}
