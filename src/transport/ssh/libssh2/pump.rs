//! Moves bytes between one connection to a jump host and all tunnels through it.
//!
//! The library's session is one object behind one lock: a blocking read of one tunnel would hold up all others. So one thread
//! owns it, and tokio's reactor tells that thread when a socket is ready. Every buffer is bounded, the library's too.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::mpsc::{self as blocking};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use ssh2::{Channel, ErrorCode, Session};
use tokio::sync::mpsc;

use super::carrier::{Carrier, Watched};
use super::meter::Flood;
use super::platform::{self, Local, TokioLocal};
use super::tunnel::Tunnel;
use super::wire::{AGAIN, Connected, Wire};
use crate::transport::ssh::{Endpoint, SshError, Stage};

/// How long a tunnel that is being opened may hold up those behind it: a jump host waits minutes for a router that is switched off.
const HELD_UP: Duration = Duration::from_secs(1);

// Error numbers of libssh2, from its public header.
const SOCKET_SEND: i32 = -7;
const SOCKET_DISCONNECT: i32 = -13;
const SOCKET_RECEIVE: i32 = -43;
const KEEPALIVE: i32 = -30;

/// A request for a tunnel.
struct TunnelRequest {
    host: String,
    port: u16,
    peer: String,
    deadline: Instant,
    answer: blocking::SyncSender<Result<Local, NoTunnel>>,
}

/// Why there is no tunnel.
pub(super) enum NoTunnel {
    /// Another one is being opened, and the library opens one at a time: over another connection this one need not wait for it.
    HeldUp,
    /// It cannot be opened.
    Failed(SshError),
}

impl From<SshError> for NoTunnel {
    fn from(error: SshError) -> Self {
        Self::Failed(error)
    }
}

/// A handle to the thread; the thread ends when its handles and its tunnels are gone.
#[derive(Debug, Clone)]
pub(super) struct Pump {
    requests: mpsc::UnboundedSender<TunnelRequest>,
    name: String,
}

impl std::fmt::Debug for TunnelRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.peer)
    }
}

impl Pump {
    /// Starts the thread over an authenticated session.
    pub(super) fn start(connected: Connected, name: String, keepalive: Duration) -> Result<Self, SshError> {
        let failed = |error: io::Error| SshError::Library { reason: error.to_string() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let Connected { mut wire, session } = connected;
        wire.meter.established();
        session.set_keepalive(true, u32::try_from(keepalive.as_secs()).unwrap_or(u32::MAX).max(1));
        let (requests, inbox) = mpsc::unbounded_channel();
        let jump = name.clone();
        let run = move || {
            let wire = {
                let _entered = runtime.enter();
                wire.watched()
            };
            match wire {
                Ok(wire) => {
                    let (tunnels, requests, opening) = (Vec::new(), VecDeque::new(), None);
                    runtime.block_on(PumpWork { wire, tunnels, session, inbox, requests, opening, jump }.run());
                }
                Err(error) => tracing::warn!(%jump, %error, "the connection to the jump host cannot be watched"),
            }
        };
        thread::Builder::new().name("jump".to_owned()).spawn(run).map_err(failed)?;
        Ok(Self { requests, name })
    }

    /// Whether both are handles of one connection.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.requests.same_channel(&other.requests)
    }

    /// Whether tunnels can still be opened.
    pub(super) fn is_alive(&self) -> bool {
        !self.requests.is_closed()
    }

    /// A tunnel to a host.
    pub(super) fn tunnel(&self, endpoint: &Endpoint, deadline: Instant) -> Result<Carrier, NoTunnel> {
        let (answer, answered) = blocking::sync_channel(1);
        let peer = format!("{} ({})", endpoint.peer(), self.name);
        let gone = || SshError::Broken {
            peer: peer.clone(),
            during: Stage::Tunnel,
            reason: "the jump host is gone".to_owned(),
        };
        let request =
            TunnelRequest { host: endpoint.host.clone(), port: endpoint.port, peer: peer.clone(), deadline, answer };
        self.requests.send(request).map_err(|_| gone())?;
        match answered.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(local) => local.map(Carrier::Tunnel),
            Err(blocking::RecvTimeoutError::Timeout) => Err(SshError::Timeout { peer, during: Stage::Tunnel }.into()),
            Err(blocking::RecvTimeoutError::Disconnected) => Err(gone().into()),
        }
    }
}

/// The connection to the jump host is gone.
struct Gone;

/// Waits until the opening of a tunnel, begun then, has held up others for too long.
async fn held_up(since: Option<Instant>) {
    match since {
        Some(since) => tokio::time::sleep_until((since + HELD_UP).into()).await,
        None => std::future::pending().await,
    }
}

/// Whether the session's last error was one of its socket.
fn is_gone(session: &Session) -> bool {
    let code = ssh2::Error::last_session_error(session).map(|error| error.code());
    matches!(code, Some(ErrorCode::Session(SOCKET_SEND | SOCKET_DISCONNECT | SOCKET_RECEIVE | KEEPALIVE)))
}

/// What the thread works on. The wire goes first, so that the library's goodbyes wait for no peer.
struct PumpWork {
    wire: Wire<Watched>,
    tunnels: Vec<Tunnel>,
    session: Session,
    inbox: mpsc::UnboundedReceiver<TunnelRequest>,
    requests: VecDeque<TunnelRequest>,
    /// Since when the first of them is being opened.
    opening: Option<Instant>,
    jump: String,
}

impl PumpWork {
    async fn run(mut self) {
        let mut beat = tokio::time::interval(platform::BEAT);
        loop {
            if self.work().is_err() {
                return;
            }
            if self.is_done() {
                let _ = self.session.disconnect(None, "done", None);
                self.wire.carry_out();
                return;
            }
            let (opening, holds_up) = (self.opening, self.requests.len() > 1);
            tokio::select! {
                () = poll_fn(|context| self.poll_anything(context)) => {}
                () = held_up(opening), if holds_up => {}
                _ = beat.tick() => {
                    // The library sends only when its interval has passed; a dead connection shows itself at the next read.
                    let _ = self.session.keepalive_send();
                }
            }
        }
    }

    /// Whether no more work can arrive. An overdue request has no waiter left.
    fn is_done(&self) -> bool {
        let now = Instant::now();
        self.inbox.is_closed() && self.tunnels.is_empty() && self.requests.iter().all(|request| request.deadline <= now)
    }

    /// Ready when anything can move.
    fn poll_anything(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut ready = false;
        loop {
            match self.inbox.poll_recv(context) {
                Poll::Ready(Some(request)) => {
                    self.requests.push_back(request);
                    ready = true;
                }
                Poll::Ready(None) => {
                    // Ready forever once closed: only worth waking for when there is nothing else to wait for.
                    ready |= self.tunnels.is_empty() && self.requests.is_empty();
                    break;
                }
                Poll::Pending => break,
            }
        }
        ready |= self.wire.outer().poll_readable(context).is_ready();
        ready |= self.wire.is_full() && self.wire.outer().poll_writable(context).is_ready();
        for tunnel in &self.tunnels {
            ready |= tunnel.takes_from_local() && tunnel.local.poll_read_ready(context).is_ready();
            ready |= !tunnel.incoming.is_empty() && tunnel.local.poll_write_ready(context).is_ready();
        }
        if ready { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Moves what can be moved until nothing moves any more; fails when the connection is gone.
    fn work(&mut self) -> Result<(), Gone> {
        loop {
            let mut moved = self.pass()?;
            moved |= self.wire.carry_out();
            moved |= self.wire.carry_in().map_err(|Flood { bytes }| {
                tracing::warn!(jump = %self.jump, bytes, "the jump host sent bytes that belong to no tunnel; the connection was cut");
                Gone
            })?;
            if !moved {
                return Ok(());
            }
        }
    }

    /// One look at everything; whether anything moved.
    fn pass(&mut self) -> Result<bool, Gone> {
        let mut moved = self.grant()?;
        for tunnel in &mut self.tunnels {
            match tunnel.work() {
                Ok(some) => moved |= some,
                Err(_) if is_gone(&self.session) => return Err(Gone),
                // This channel alone has ended.
                Err(_) => {
                    tunnel.over = true;
                    moved = true;
                }
            }
            self.wire.meter.tunnelled(std::mem::take(&mut tunnel.taken));
        }
        self.tunnels.retain(|tunnel| !tunnel.over);
        Ok(moved)
    }

    /// Opens the tunnel that has waited longest; the library opens one at a time. Those behind one that takes long are turned away.
    fn grant(&mut self) -> Result<bool, Gone> {
        let Some(request) = self.requests.front() else { return Ok(false) };
        let opened = self.session.channel_direct_tcpip(&request.host, request.port, None);
        let answer = match opened {
            Ok(channel) => self.join(channel).map_err(|error| SshError::Library { reason: error.to_string() }),
            Err(error) if error.code() == ErrorCode::Session(AGAIN) => {
                if self.opening.get_or_insert_with(Instant::now).elapsed() >= HELD_UP {
                    // Who is no longer there has given up.
                    self.requests.drain(1..).for_each(|other| drop(other.answer.send(Err(NoTunnel::HeldUp))));
                }
                return Ok(false);
            }
            // Unanswered requests are dropped with everything else, after the inbox: their senders see that we are
            // gone.
            Err(_) if is_gone(&self.session) => return Err(Gone),
            Err(error) => Err(SshError::Broken {
                peer: request.peer.clone(),
                during: Stage::Tunnel,
                reason: error.message().to_owned(),
            }),
        };
        self.opening = None;
        if let Some(request) = self.requests.pop_front() {
            // The requester may have given up; the tunnel then ends by itself.
            let _ = request.answer.send(answer.map_err(NoTunnel::from));
        }
        Ok(true)
    }

    fn join(&mut self, channel: Channel) -> io::Result<Local> {
        let (near, far) = platform::pair()?;
        far.set_nonblocking(true)?;
        let local = TokioLocal::from_std(far)?;
        self.tunnels.push(Tunnel::new(channel, local));
        Ok(near)
    }
}
