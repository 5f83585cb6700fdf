//! The asking side: a question to a run in progress, from another process of the same user.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use super::endpoint::Endpoint;
use super::error::ControlError;
use super::protocol::{Answer, Ask, LONGEST_ANSWER, Question, Reply, VERSION};
use crate::journal::RunLock;
use crate::message::{Text, system_words};

/// How long the whole exchange may take: a run records an order before it answers.
const DEADLINE: Duration = Duration::from_secs(10);

/// Asks a run in progress.
///
/// # Errors
/// When no one carries it out, it is another user's, it does not answer, or it could not record the order.
pub fn ask(state_dir: &Path, run: &str, ask: &Ask) -> Result<Answer, ControlError> {
    let not_running = || ControlError::NotRunning { run: run.to_owned() };
    let endpoint = Endpoint::read(state_dir, run).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => ControlError::OfAnother { run: run.to_owned() },
        // Without a file, or with one that its writer could not end, no one listens.
        _ => not_running(),
    })?;
    match exchange(&endpoint, run, ask) {
        Ok(Answer::NotRecorded { cause }) => Err(ControlError::NotRecorded { run: run.to_owned(), cause }),
        Ok(Answer::Over) => Err(not_running()),
        Ok(answer) => Ok(answer),
        // A file that a dead process left leads to a closed port, or to a stranger's.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Err(not_running()),
        // It ended while it was asked.
        Err(_) if Endpoint::read(state_dir, run).is_err() => Err(not_running()),
        // The port is another program's by now: who carries the run out would hold its lock.
        Err(_) if is_left_behind(state_dir, run) => Err(not_running()),
        Err(error) => Err(ControlError::NoAnswer { run: run.to_owned(), cause: words(&error) }),
    }
}

/// Whether no process carries the run out; its file is removed then, so that no stranger is asked again.
fn is_left_behind(state_dir: &Path, run: &str) -> bool {
    let Ok(_lock) = RunLock::take(state_dir, run) else { return false };
    Endpoint::forget(state_dir, run);
    true
}

fn exchange(endpoint: &Endpoint, run: &str, ask: &Ask) -> io::Result<Answer> {
    let deadline = Instant::now() + DEADLINE;
    let question = Question { version: VERSION, token: endpoint.token.expose().to_owned(), ask: ask.clone() };
    let mut line = zeroize::Zeroizing::new(serde_json::to_vec(&question).map_err(io::Error::other)?);
    line.push(b'\n');
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, endpoint.port)), DEADLINE)?;
    stream.set_write_timeout(Some(DEADLINE))?;
    stream.write_all(&line)?;
    let Reply { version: _, run: answering, answer } =
        serde_json::from_slice(&read_line(&mut stream, deadline)?).map_err(io::Error::other)?;
    if answering == run { Ok(answer) } else { Err(io::Error::other("another run answers")) }
}

/// The answer's line, within its bound and the deadline, however its bytes come.
fn read_line(stream: &mut TcpStream, deadline: Instant) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut piece = [0_u8; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        let read = match stream.read(&mut piece) {
            // What a deadline of a socket is called on Unix.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(io::ErrorKind::TimedOut.into()),
            read => read?,
        };
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        line.extend_from_slice(bytes);
        if line.ends_with(b"\n") {
            return Ok(line);
        }
        if line.len() as u64 > LONGEST_ANSWER {
            return Err(io::Error::other("the answer has no end"));
        }
    }
}

fn words(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::TimedOut => Text::new("no answer in time", "期限内に応答がありません"),
        io::ErrorKind::UnexpectedEof => Text::new("it closed the connection", "接続が切断されました"),
        _ => system_words(error),
    }
}
