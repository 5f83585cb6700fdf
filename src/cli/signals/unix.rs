//! SIGINT, SIGTERM and SIGHUP.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::StopSignal;

/// The number of SIGHUP in the masks that the system shows.
const HANGUP: u32 = 1;

/// What is listened to.
pub struct Signals {
    key: Signal,
    terminate: Signal,
    /// Nothing where the program was started detached from its terminal (`nohup`): then only the view ends.
    hangup: Option<Signal>,
    /// No terminal belongs to this process: what it hears of one ends nothing.
    detached: bool,
}

impl Signals {
    /// Listens from now on; inside a runtime.
    ///
    /// # Errors
    /// When the system lets us hear none.
    pub fn listen(detached: bool) -> io::Result<Self> {
        let hangup = if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self {
            key: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup,
            detached,
        })
    }

    /// The next wish; nothing when none can come any more.
    pub async fn next(&mut self) -> Option<StopSignal> {
        let Self { key, terminate, hangup, detached } = self;
        let hung_up = async {
            match hangup {
                // Heard, so that the system does not end the program; and not heeded.
                Some(hangup) if *detached => {
                    while hangup.recv().await.is_some() {}
                    std::future::pending().await
                }
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            heard = key.recv() => heard.map(|()| StopSignal::Key),
            heard = terminate.recv() => heard.map(|()| StopSignal::Stop),
            heard = hung_up => heard.map(|()| StopSignal::Stop),
        }
    }
}

/// Whether the process that started us had SIGHUP ignored, as Linux shows it; elsewhere it is listened to.
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask & (1 << (HANGUP - 1)) != 0
}
