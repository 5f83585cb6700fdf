//! Reads a credential from a program's standard output, without a shell and with a deadline.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::file::{LIMIT, from_bytes};
use super::{CredentialName, Secret, SecretError};
use crate::private;

/// Runs the program and takes its output. Its error output is thrown away: it may quote the secret.
pub(super) fn run(name: &CredentialName, argv: &[String], after: Duration) -> Result<Secret, SecretError> {
    let until = Instant::now() + after;
    let (program, arguments) = argv.split_first().ok_or_else(|| SecretError::CommandMissing {
        name: name.clone(),
        program: String::new(),
        reason: "the command is empty".into(),
    })?;
    let missing = |e: std::io::Error| SecretError::CommandMissing {
        name: name.clone(),
        program: program.clone(),
        reason: e.to_string(),
    };
    let slow = || SecretError::CommandSlow { name: name.clone(), program: program.clone(), after };
    let mut command = Command::new(program);
    private::leave_environment(&mut command);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(missing)?;
    let output = match read_all(&mut child).recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(output) => output.map_err(missing)?,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            stop(&mut child);
            return Err(slow());
        }
    };
    if output.len() > LIMIT {
        stop(&mut child);
        return Err(SecretError::TooLong { name: name.clone(), limit: LIMIT });
    }
    // A program may close its output and go on: waiting for its end has the same deadline, and leaves it running.
    let (sender, ended) = channel();
    std::thread::spawn(move || sender.send(child.wait()));
    let status = match ended.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(status) => status.map_err(missing)?,
        Err(_) => return Err(slow()),
    };
    if !status.success() {
        return Err(SecretError::CommandFailed {
            name: name.clone(),
            program: program.clone(),
            status: status.to_string(),
        });
    }
    from_bytes(name, &output)
}

/// Reads the child's output on a thread of its own, since a pipe has no deadline.
fn read_all(child: &mut Child) -> Receiver<std::io::Result<Zeroizing<Vec<u8>>>> {
    let (sender, receiver) = channel();
    let stdout = child.stdout.take();
    std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
        let read = match stdout {
            Some(pipe) => pipe.take(LIMIT as u64 + 1).read_to_end(&mut bytes),
            None => Ok(0),
        };
        // The receiver may have given up already; then nobody needs the answer.
        sender.send(read.map(|_| bytes)).ok();
    });
    receiver
}

/// Ends a child that is of no more use, and collects it.
fn stop(child: &mut Child) {
    // Both fail only when it has already ended.
    child.kill().ok();
    child.wait().ok();
}
