//! Keeps this machine awake while a run that no one watches is in progress, where its system has a program for that.
//!
//! The program is a child that ends with us, however we end. Where there is none, or it will not, that is said and nothing else.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use super::operator::{Notice, Operator};
use crate::message::{Text, system_words};
use crate::private;

/// How long the system may take to agree.
const DEADLINE: Duration = Duration::from_secs(5);

/// The machine stays awake until this is dropped.
pub struct Awake {
    child: Option<Child>,
}

impl Awake {
    /// Asks the system for it; the operator is told how that went.
    pub fn keep(operator: &dyn Operator) -> Self {
        match program().map(start) {
            Some(Ok(child)) => {
                operator.tell(&Notice::Note(&Text::new(
                    "this machine is kept awake until the run has ended",
                    "実行が終わるまで、この端末をスリープさせません",
                )));
                Self { child: Some(child) }
            }
            Some(Err(error)) => {
                let cause = why_not(&error);
                operator.tell(&Notice::Warning(&not_kept(&cause)));
                Self { child: None }
            }
            None => {
                let cause =
                    Text::new("this system has no program for it", "このシステムには対応するプログラムがありません");
                operator.tell(&Notice::Warning(&not_kept(&cause)));
                Self { child: None }
            }
        }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Its input ends: it ends by itself.
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

/// Why the program does not keep it awake.
fn why_not(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => Text::new(
            "the system does not agree (its program for that ended at once)",
            "システムが応じません(スリープ防止用のプログラムが直ちに終了しました)",
        ),
        io::ErrorKind::TimedOut => {
            Text::new("the system did not answer in time", "システムから期限内に応答がありません")
        }
        io::ErrorKind::NotFound => {
            Text::new("this system has no program for it", "このシステムには対応するプログラムがありません")
        }
        _ => system_words(error),
    }
}

fn not_kept(cause: &Text) -> Text {
    Text::new(
        format!("this machine may fall asleep during the run: {}", cause.en),
        format!("実行中にこの端末がスリープする可能性があります: {}", cause.ja),
    )
}

/// The program that keeps this system awake as long as its input is open.
fn program() -> Option<Command> {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("caffeinate", &["-i", "-s", "cat"]),
        "linux" => (
            "systemd-inhibit",
            &["--what=sleep:idle", "--mode=block", "--who=ixdeploy", "--why=routers are being changed", "cat"],
        ),
        _ => return None,
    };
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}

/// Starts it, and waits until it answers: it runs its own child only when the system has agreed.
fn start(mut command: Command) -> io::Result<Child> {
    private::leave_environment(&mut command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    match answers(&mut child) {
        Ok(()) => Ok(child),
        Err(error) => {
            // It is no use, and may have ended already.
            let _ = child.kill();
            let _ = child.wait();
            Err(error)
        }
    }
}

fn answers(child: &mut Child) -> io::Result<()> {
    let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
    let (input, mut output) = (child.stdin.as_mut().ok_or_else(missing)?, child.stdout.take().ok_or_else(missing)?);
    input.write_all(b"\n")?;
    let (answer, answered) = sync_channel(1);
    let read = move || answer.send(output.read_exact(&mut [0]));
    thread::Builder::new().name("awake".to_owned()).spawn(read)?;
    answered.recv_timeout(DEADLINE).map_err(|_| io::ErrorKind::TimedOut)?
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::why_not;

    #[test]
    fn that_the_system_does_not_agree_is_said_in_words_about_sleep_and_not_about_buffers() {
        // What reading the answer of a program that ended says.
        let ended = io::Read::read_exact(&mut io::empty(), &mut [0]).err();
        let said = ended.map(|error| why_not(&error)).unwrap_or_default();
        assert!(said.en.starts_with("the system does not agree") && said.ja.starts_with("システムが"), "{said:?}");
    }
}
