//! Consoles behind a network: a bare port, and a console server whose port is set.

use std::time::{Duration, Instant};

use ixdeploy::transport::Transport;
use ixdeploy::transport::telnet::{self, Service, TelnetTarget};

use crate::budget::{within_memory, within_time};
use crate::own_process;
use crate::peer::{Attack, PHASES, Peer, Phase};
use crate::stage::{SOME, live_through};

const SPEED: u32 = 115_200;

fn target(peer: &Peer, service: Service) -> TelnetTarget {
    TelnetTarget { host: "127.0.0.1".to_owned(), port: peer.port, service, connect: Duration::from_millis(500) }
}

fn attack_all(service: Service, phases: &[Phase]) {
    for phase in phases {
        for attack in SOME {
            within_memory(&format!("{service:?} {phase:?} {attack:?}"), || {
                let peer = Peer::listen(*phase, attack);
                live_through(telnet::open(&target(&peer, service)).unwrap(), *phase, attack);
            });
        }
    }
}

#[test]
fn a_bare_console_port_that_never_ends_before_config_mode_is_left() {
    if own_process::moved(a_bare_console_port_that_never_ends_before_config_mode_is_left) {
        return;
    }
    attack_all(Service::Raw { speed: SPEED }, &PHASES[..3]);
}

#[test]
fn a_bare_console_port_that_never_ends_in_config_mode_is_left() {
    if own_process::moved(a_bare_console_port_that_never_ends_in_config_mode_is_left) {
        return;
    }
    attack_all(Service::Raw { speed: SPEED }, &PHASES[3..]);
}

#[test]
fn a_console_server_that_never_ends_once_its_port_is_set_is_left() {
    if own_process::moved(a_console_server_that_never_ends_once_its_port_is_set_is_left) {
        return;
    }
    // Before its port is set, the greeting is an attack on that.
    attack_all(Service::Rfc2217 { speed: SPEED }, &PHASES[1..]);
}

#[test]
fn a_console_server_that_never_sets_its_port_is_left_within_the_connection() {
    if own_process::moved(a_console_server_that_never_sets_its_port_is_left_within_the_connection) {
        return;
    }
    let agrees = Attack::Flood(&[255, 253, 44]);
    let noise = [Attack::Flood(b"noise"), Attack::Flood(&[255, 251, 99]), Attack::Drip(b"x"), agrees];
    for attack in noise {
        let what = format!("setting the port {attack:?}");
        within_memory(&what, || {
            let peer = Peer::listen(Phase::Greeting, attack);
            let target = target(&peer, Service::Rfc2217 { speed: SPEED });
            let failed = within_time(&what, target.connect, || telnet::open(&target).is_err());
            assert!(failed, "{what}");
        });
    }
}

#[test]
fn a_flood_without_text_does_not_outlast_the_deadline_of_a_read() {
    if own_process::moved(a_flood_without_text_does_not_outlast_the_deadline_of_a_read) {
        return;
    }
    let peer = Peer::listen(Phase::Greeting, Attack::Flood(&[255, 251, 99]));
    let mut link = telnet::open(&target(&peer, Service::Console { speed: SPEED })).unwrap();
    let until = Duration::from_millis(200);
    within_time("options", until, || link.read(&mut [0; 64], Instant::now() + until).unwrap());
}
