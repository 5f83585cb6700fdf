//! A serial port whose cable brings bytes for ever.

use ixdeploy::transport::serial::{self, PortChoice, SerialTarget};
use serialport::{SerialPort, TTYPort};
use std::time::Duration;

use crate::budget::within_memory;
use crate::peer::{PHASES, Peer, Phase};
use crate::stage::{SOME, live_through};

fn attack_all(phases: &[Phase]) {
    for phase in phases {
        for attack in SOME {
            within_memory(&format!("serial {phase:?} {attack:?}"), || {
                let (mut master, slave) = TTYPort::pair().unwrap();
                master.set_timeout(Duration::from_millis(20)).unwrap();
                let port = PortChoice::Name(slave.name().unwrap());
                // Held by us it could not be opened.
                drop(slave);
                let link = serial::open(&SerialTarget { port, speed: 115_200 }).unwrap();
                let _peer = Peer::on(master, *phase, attack);
                live_through(link, *phase, attack);
            });
        }
    }
}

#[test]
fn a_serial_port_that_never_ends_before_config_mode_is_left() {
    attack_all(&PHASES[..3]);
}

#[test]
fn a_serial_port_that_never_ends_in_config_mode_is_left() {
    attack_all(&PHASES[3..]);
}
