//! Jump hosts: one connection to each, shared by every router behind it.
//!
//! The chain of hosts is a path: the connection to the second runs through a tunnel of the first. A connection is opened by
//! the first router that needs it and kept until no one does. No wait for another router's turn outlasts one's own deadline.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::carrier::Carrier;
use super::pump::{NoTunnel, Pump};
use super::{authenticate, connect};
use crate::transport::ssh::{Endpoint, HostKeys, SshError, Stage};

/// The open connections to jump hosts; shared by all sessions of a run.
#[derive(Debug, Default)]
pub struct JumpHosts {
    open: Mutex<HashMap<String, Arc<Slot>>>,
}

/// One jump host: the first caller connects, the others wait for that.
#[derive(Debug, Default)]
struct Slot {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    connecting: bool,
    pump: Option<Pump>,
}

/// What a caller finds at a slot.
enum SlotState<'a> {
    /// An open connection.
    Open(Pump),
    /// This caller has to connect.
    Ours(Connecting<'a>),
}

/// The right to connect; given back when it is dropped.
struct Connecting<'a>(&'a Slot);

impl Drop for Connecting<'_> {
    fn drop(&mut self) {
        self.0.state().connecting = false;
        self.0.changed.notify_all();
    }
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for one's turn; nothing at the deadline.
    fn turn(&self, deadline: Instant) -> Option<SlotState<'_>> {
        let left = deadline.saturating_duration_since(Instant::now());
        let waited = self.changed.wait_timeout_while(self.state(), left, |state| state.connecting);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.connecting {
            return None;
        }
        if let Some(pump) = state.pump.as_ref().filter(|pump| pump.is_alive()) {
            return Some(SlotState::Open(pump.clone()));
        }
        state.connecting = true;
        Some(SlotState::Ours(Connecting(self)))
    }

    /// Gives no more tunnels of this connection; those that are open stay.
    fn forget(&self, pump: &Pump) {
        let mut state = self.state();
        if state.pump.as_ref().is_some_and(|kept| kept.is(pump)) {
            state.pump = None;
        }
    }
}

impl JumpHosts {
    /// No connection yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A socket to the router, straight or through its jump hosts.
    pub(super) fn reach(
        &self,
        router: &Endpoint,
        jump: &[Endpoint],
        host_keys: &dyn HostKeys,
        keepalive: Duration,
        deadline: Instant,
    ) -> Result<Carrier, SshError> {
        let Some((last, before)) = jump.split_last() else {
            return connect::socket(router, deadline).map(Carrier::Tcp);
        };
        crate::transport::tcp::check_host(&router.host)
            .map_err(|_| SshError::HostName { host: router.host.escape_debug().to_string() })?;
        let slot = self.slot(jump);
        loop {
            let turn = slot.turn(deadline);
            let (pump, fresh) =
                match turn.ok_or_else(|| SshError::Timeout { peer: last.peer(), during: Stage::Connect })? {
                    SlotState::Open(pump) => (pump, false),
                    SlotState::Ours(_connecting) => {
                        let dial = || self.reach(last, before, host_keys, keepalive, deadline);
                        let (mut connected, _) = connect::handshake(last, &dial, host_keys, deadline)?;
                        authenticate::authenticate(&mut connected, last, deadline)?;
                        let pump = Pump::start(connected, last.peer(), keepalive)?;
                        slot.state().pump = Some(pump.clone());
                        (pump, true)
                    }
                };
            let tunnel = match pump.tunnel(router, deadline) {
                Err(NoTunnel::HeldUp) => {
                    slot.forget(&pump);
                    continue;
                }
                Err(NoTunnel::Failed(error)) => Err(error),
                Ok(tunnel) => Ok(tunnel),
            };
            if matches!(tunnel, Err(SshError::Timeout { .. })) {
                // The library opens one tunnel at a time: this one may hold up all that come after it.
                slot.forget(&pump);
            }
            // A connection that died while no one used it is found out now, and made again.
            if fresh || tunnel.is_ok() || pump.is_alive() {
                return tunnel;
            }
        }
    }

    fn slot(&self, jump: &[Endpoint]) -> Arc<Slot> {
        let key = jump.iter().map(Endpoint::peer).collect::<Vec<_>>().join(" ");
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(open.entry(key).or_default())
    }
}
