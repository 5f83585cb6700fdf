//! The console's events: Ctrl-C, Ctrl-Break, and the three that leave a program only seconds.

use std::io;

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown,
};

use super::StopSignal;

/// What is listened to.
pub struct Signals {
    key: CtrlC,
    stop: CtrlBreak,
    close: CtrlClose,
    logoff: CtrlLogoff,
    shutdown: CtrlShutdown,
}

impl Signals {
    /// Listens from now on; inside a runtime.
    ///
    /// # Errors
    /// When the system lets us hear none.
    pub fn listen(_: bool) -> io::Result<Self> {
        Ok(Self {
            key: ctrl_c()?,
            stop: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// The next wish; nothing when none can come any more.
    pub async fn next(&mut self) -> Option<StopSignal> {
        tokio::select! {
            heard = self.key.recv() => heard.map(|()| StopSignal::Key),
            heard = self.stop.recv() => heard.map(|()| StopSignal::Stop),
            heard = self.close.recv() => heard.map(|()| StopSignal::Closing),
            heard = self.logoff.recv() => heard.map(|()| StopSignal::Closing),
            heard = self.shutdown.recv() => heard.map(|()| StopSignal::Closing),
        }
    }
}
