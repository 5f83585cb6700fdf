//! A serial port whose cable brings bytes forever.

use std::io::{Read, Result, Write};
use std::time::Duration;

use ixdeploy::transport::serial::{self, PortChoice, SerialTarget};
use serialport::{SerialPort, TTYPort};

use crate::budget::within_memory;
use crate::own_process;
use crate::peer::{PHASES, Peer, Phase};
use crate::stage::{SOME, live_through};

/// The router's end of the cable: it writes byte by byte, since more than fits would be waited for without a deadline.
struct End(TTYPort);

impl Read for End {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        self.0.read(buf)
    }
}

impl Write for End {
    fn write(&mut self, buf: &[u8]) -> Result<usize> {
        self.0.write(buf.get(..1).unwrap_or(buf))
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}

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
                let _peer = Peer::on(End(master), *phase, attack);
                live_through(link, *phase, attack);
            });
        }
    }
}

#[test]
fn a_serial_port_that_never_ends_before_config_mode_is_left() {
    if own_process::moved(a_serial_port_that_never_ends_before_config_mode_is_left) {
        return;
    }
    attack_all(&PHASES[..3]);
}

#[test]
fn a_serial_port_that_never_ends_in_config_mode_is_left() {
    if own_process::moved(a_serial_port_that_never_ends_in_config_mode_is_left) {
        return;
    }
    attack_all(&PHASES[3..]);
}
