//! Jump hosts: one connection to each, shared by every router behind it.
//!
//! The chain of hosts is a path: the connection to the second runs through a tunnel of the first. A connection is opened by
//! the first router that needs it and kept until nobody does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::carrier::Carrier;
use super::pump::Pump;
use super::{Endpoint, HostKeys, SshError, authenticate, connect};

/// The open connections to jump hosts; shared by all sessions of a run.
#[derive(Debug, Default)]
pub struct JumpHosts {
    open: Mutex<HashMap<String, Slot>>,
}

/// One jump host: whoever comes first connects, the others wait for that.
type Slot = Arc<Mutex<Option<Pump>>>;

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
        let mut pump = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = pump.as_ref().filter(|open| open.is_alive()) {
            let tunnel = open.tunnel(router, deadline);
            // A connection that died while nobody used it is found out now, and made again.
            if tunnel.is_ok() || open.is_alive() {
                return tunnel;
            }
        }
        let carrier = self.reach(last, before, host_keys, keepalive, deadline)?;
        let own = carrier.try_clone().map_err(|error| SshError::Library { reason: error.to_string() })?;
        let (session, _) = connect::handshake(last, carrier, host_keys, deadline)?;
        authenticate::authenticate(&session, last, deadline)?;
        let started = Pump::start(session, own, last.peer(), keepalive)?;
        let tunnel = started.tunnel(router, deadline);
        *pump = Some(started);
        tunnel
    }

    fn slot(&self, jump: &[Endpoint]) -> Slot {
        let key = jump.iter().map(Endpoint::peer).collect::<Vec<_>>().join(" ");
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(open.entry(key).or_default())
    }
}
