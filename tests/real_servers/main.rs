//! Against real servers and real clients: OpenSSH's `sshd`, `ssh` and agent, and `ser2net`, each with a mock router on the other
//! side. A test that finds no such program on this machine prints so; one that used it notes that for `.ci/run`.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

mod clients;
mod console_servers;
mod host_keys;
mod jump_hosts;
mod programs;
mod proofs;
mod record;
mod ser2net;
mod sshd;

use test_support::program;

use std::net::TcpListener;
use std::path::Path;
use std::process::Child;

/// A server of this machine, ended with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server on a free port. The port is found by binding and releasing it, so that a start that loses it is tried
/// again.
fn on_a_free_port<T>(name: &str, start: impl Fn(u16) -> Option<T>) -> T {
    let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    (0..10).find_map(|_| start(free())).unwrap_or_else(|| panic!("{name} does not start"))
}

/// Whether a program is on this machine; if not it is said what is not proven here.
fn is_here(program: &str, what: &str) -> bool {
    let here = Path::new(program).exists();
    if !here {
        eprintln!("SKIPPED: no {program} on this machine, {what} are not proven here");
    }
    here
}
