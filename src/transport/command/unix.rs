//! A program on a pseudo terminal, started by `rexpect`, read and written by our own threads.
//!
//! `rexpect`'s own waiting polls every 100 ms and decodes bytes; only its launcher is used. The terminal's ends know no deadline,
//! so that one thread reads and one writes, each over a bounded channel; both end with the terminal.

use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::termios::{LocalFlags, tcgetattr};
use rexpect::process::PtyProcess;

use super::{CommandError, CommandTarget};
use crate::message::{Text, system_words};
use crate::private;
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// Chunks that wait to be read at most: the program is slowed down then, not our memory filled.
const CHUNKS: usize = 64;
/// Milliseconds after which a program that does not end by itself is killed.
const GRACE: u64 = 500;

/// A running program.
pub struct CommandLink {
    process: Option<PtyProcess>,
    received: Receiver<Vec<u8>>,
    rest: Vec<u8>,
    outgoing: Option<SyncSender<Vec<u8>>>,
    written: Receiver<Result<(), Text>>,
    name: String,
    console: Option<u32>,
    /// Our end of the terminal, to ask how the program holds the other one.
    terminal: File,
}

/// Starts the program.
///
/// # Errors
/// [`CommandError`] when the program is missing or cannot be started.
pub fn open(target: &CommandTarget) -> Result<CommandLink, TransportError> {
    let name = target.words.first().cloned().unwrap_or_default();
    let program = resolve(&name).ok_or_else(|| CommandError::NotFound { program: name.clone() })?;
    let failed = |reason: Text| CommandError::Start { program: name.clone(), reason };
    let mut command = Command::new(program);
    command.args(target.words.iter().skip(1));
    private::leave_environment(&mut command);
    let parent = std::process::id();
    let started = PtyProcess::new(command);
    if started.is_err() && std::process::id() != parent {
        // The launcher forks and returns in the child when the program does not start: this copy of us must not go on.
        std::process::abort();
    }
    let mut process = started.map_err(|error| failed(Text::untranslated(error.to_string())))?;
    process.set_kill_timeout(Some(GRACE));
    let handle = || process.get_file_handle().map_err(|error| failed(Text::untranslated(error.to_string())));
    let (from, to, terminal) = (handle()?, handle()?, handle()?);
    let (chunk_in, received) = sync_channel(CHUNKS);
    let (outgoing, chunk_out) = sync_channel(1);
    let (result_in, written) = sync_channel(1);
    let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
        thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| failed(system_words(&error)))
    };
    spawn("command-read", Box::new(move || read_all(from, &chunk_in)))?;
    spawn("command-write", Box::new(move || write_all(to, &chunk_out, &result_in)))?;
    Ok(CommandLink {
        process: Some(process),
        received,
        rest: Vec::new(),
        outgoing: Some(outgoing),
        written,
        name,
        console: target.console,
        terminal,
    })
}

fn read_all(mut from: File, chunks: &SyncSender<Vec<u8>>) {
    let mut buffer = [0_u8; 4096];
    // The terminal answers with an error when its other end has closed.
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if chunks.send(buffer.get(..count).unwrap_or_default().to_vec()).is_err() {
            return;
        }
    }
}

fn write_all(mut to: File, chunks: &Receiver<Vec<u8>>, results: &SyncSender<Result<(), Text>>) {
    while let Ok(chunk) = chunks.recv() {
        let result = to.write_all(&zeroize::Zeroizing::new(chunk)).map_err(|error| system_words(&error));
        if results.send(result).is_err() {
            return;
        }
    }
}

/// The program's file: as named when a folder is part of the name, else the first executable one on the search path.
fn resolve(name: &str) -> Option<PathBuf> {
    if name.is_empty() || name.contains('\0') {
        return None;
    }
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| is_executable(path));
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The program is no longer there.
fn ended() -> Text {
    Text::new("the program ended", "プログラムが終了しました")
}

impl CommandLink {
    fn lost(&self, reason: Text) -> TransportError {
        TransportError::Lost { peer: self.name.clone(), reason, cable: false }
    }
}

impl Transport for CommandLink {
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError> {
        if self.rest.is_empty() {
            match self.received.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(chunk) => self.rest = chunk,
                Err(RecvTimeoutError::Timeout) => return Ok(Received::Deadline),
                Err(RecvTimeoutError::Disconnected) => return Ok(Received::End),
            }
        }
        let count = self.rest.len().min(buf.len());
        for (place, byte) in buf.iter_mut().zip(self.rest.drain(..count)) {
            *place = byte;
        }
        Ok(Received::Bytes(count))
    }

    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError> {
        let Some(outgoing) = &self.outgoing else {
            return Err(self.lost(Text::new("it is closed", "閉じられています")));
        };
        outgoing.send(bytes.to_vec()).map_err(|_| self.lost(ended()))?;
        let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        match self.written.recv_timeout(left) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(reason)) => Err(self.lost(reason)),
            Err(RecvTimeoutError::Disconnected) => Err(self.lost(ended())),
            Err(RecvTimeoutError::Timeout) => {
                // What is still in flight would mix with what comes next.
                self.outgoing = None;
                Err(TransportError::Stuck { peer: self.name.clone() })
            }
        }
    }

    fn kind(&self) -> LinkKind {
        if self.console.is_some() { LinkKind::Serial } else { LinkKind::Command }
    }

    fn peer(&self) -> String {
        self.name.clone()
    }

    fn line_speed(&self) -> Option<u32> {
        self.console
    }

    fn terminal(&self) -> Option<Terminal> {
        // A terminal that does not answer has closed: nothing is typed on it.
        let flags = tcgetattr(&self.terminal).map_or(LocalFlags::ECHO | LocalFlags::ICANON, |now| now.local_flags);
        Some(Terminal {
            echoes: flags.contains(LocalFlags::ECHO),
            relays: !flags.intersects(LocalFlags::ICANON | LocalFlags::ECHO),
        })
    }

    fn close(&mut self) {
        self.outgoing = None;
        // Ends the program, by force after the grace time.
        self.process = None;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::time::{Duration, Instant};

    use super::{CommandTarget, open};
    use crate::transport::{Received, Transport};

    fn target(words: &[&str]) -> CommandTarget {
        CommandTarget { words: words.iter().map(|word| (*word).to_owned()).collect(), console: None }
    }

    #[test]
    fn a_program_is_talked_to_without_waiting() {
        // Its first output shows that the terminal is ready: what is typed before that may be echoed by the terminal
        // itself.
        let mut link = open(&target(&["sh", "-c", "echo ready; exec cat"])).unwrap();
        let soon = || Instant::now() + Duration::from_secs(5);
        let mut buffer = [0; 64];
        let mut line = |link: &mut super::CommandLink| {
            let mut seen = Vec::new();
            while !seen.ends_with(b"\n") {
                let Received::Bytes(count) = link.read(&mut buffer, soon()).unwrap() else { break };
                seen.extend_from_slice(&buffer[..count]);
            }
            seen
        };
        assert_eq!(line(&mut link), b"ready\r\n");
        link.write("新宿\n".as_bytes(), soon()).unwrap();
        assert_eq!(line(&mut link), "新宿\r\n".as_bytes());
        let mut buffer = [0; 64];
        assert_eq!(link.read(&mut buffer, Instant::now()).unwrap(), Received::Deadline);
        link.close();
    }

    #[test]
    fn a_program_that_is_not_there_is_not_started() {
        for words in [&["/nonexistent/tool"][..], &["no-such-tool-anywhere"], &[], &["/etc"]] {
            assert!(open(&target(words)).is_err(), "{words:?}");
        }
    }

    #[test]
    fn a_program_sees_little_of_our_environment() {
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "this test's own environment holds more");
        let script = "test -n \"$PATH\" && test -z \"$CARGO_MANIFEST_DIR\" && echo little";
        let mut link = open(&target(&["sh", "-c", script])).unwrap();
        let (mut seen, mut buffer) = (Vec::new(), [0; 64]);
        let until = Instant::now() + Duration::from_secs(20);
        while let Received::Bytes(count) = link.read(&mut buffer, until).unwrap() {
            seen.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(seen, b"little\r\n");
    }

    #[test]
    fn a_program_that_ends_is_an_end() {
        let mut link = open(&target(&["true"])).unwrap();
        let until = Instant::now() + Duration::from_secs(5);
        assert_eq!(link.read(&mut [0; 8], until).unwrap(), Received::End);
    }
}
