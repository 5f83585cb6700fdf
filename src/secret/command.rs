//! Reads a credential from a program's standard output, without a shell and with a deadline.

use std::io::Read;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::file::{LIMIT, from_bytes};
use super::{CredentialName, Secret, SecretError};
use crate::message::{Text, system_words};
use crate::private;

/// Runs the program and takes its output. Its error output is thrown away: it may quote the secret.
pub(super) fn run(name: &CredentialName, argv: &[String], after: Duration) -> Result<Secret, SecretError> {
    let until = Instant::now() + after;
    let (program, arguments) = argv.split_first().ok_or_else(|| SecretError::CommandMissing {
        name: name.clone(),
        program: String::new(),
        reason: Text::new("the command is empty", "コマンドが空です"),
    })?;
    let missing = |e: std::io::Error| SecretError::CommandMissing {
        name: name.clone(),
        program: program.clone(),
        reason: system_words(&e),
    };
    let slow = || SecretError::CommandSlow { name: name.clone(), program: program.clone(), after };
    // Both threads are there before the program is: a machine that has none left starts nothing that is then in no one's hands.
    let (pipe, output) = reader().map_err(missing)?;
    let (give, ended) = waiter().map_err(missing)?;
    let mut command = Command::new(program);
    private::leave_environment(&mut command);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(missing)?;
    pipe.send(child.stdout.take()).ok();
    let output = match output.recv_timeout(until.saturating_duration_since(Instant::now())) {
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
    give.send(child).ok();
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

type Output = std::io::Result<Zeroizing<Vec<u8>>>;

/// A thread that reads a child's output when it is given it, since a pipe has no deadline.
fn reader() -> std::io::Result<(Sender<Option<ChildStdout>>, Receiver<Output>)> {
    let (give, given) = channel();
    let (sender, receiver) = channel();
    Builder::new().name("secret-read".to_owned()).spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
        let read = match given.recv().ok().flatten() {
            Some(pipe) => ChildStdout::take(pipe, LIMIT as u64 + 1).read_to_end(&mut bytes),
            None => Ok(0),
        };
        // The receiver may have given up already; then no one needs the answer.
        sender.send(read.map(|_| bytes)).ok();
    })?;
    Ok((give, receiver))
}

/// A thread that waits for a child's end when it is given it.
fn waiter() -> std::io::Result<(Sender<Child>, Receiver<std::io::Result<ExitStatus>>)> {
    let (give, given) = channel::<Child>();
    let (sender, receiver) = channel();
    Builder::new().name("secret-wait".to_owned()).spawn(move || {
        if let Ok(mut child) = given.recv() {
            sender.send(child.wait()).ok();
        }
    })?;
    Ok((give, receiver))
}

/// Ends a child that is of no more use, and collects it.
fn stop(child: &mut Child) {
    // Both fail only when it has already ended.
    child.kill().ok();
    child.wait().ok();
}
