//! A path to a router that a test can cut, or lead to another one: bytes are passed on in both directions.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// One listening port of this machine, and where it leads.
pub struct Relay {
    /// The port.
    pub port: u16,
    target: Arc<AtomicU16>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Relay {
    /// One at this address, on a port of the system's choice where it is 0, that leads to that port of this machine.
    pub fn at(address: &str, port: u16, target: u16) -> Self {
        let listener = TcpListener::bind((address, port)).unwrap();
        let relay = Self {
            port: listener.local_addr().unwrap().port(),
            target: Arc::new(AtomicU16::new(target)),
            open: Arc::default(),
        };
        let (target, open) = (Arc::clone(&relay.target), Arc::clone(&relay.open));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(router) = TcpStream::connect(("127.0.0.1", target.load(Ordering::SeqCst))) else { continue };
                for (from, to) in [(&client, &router), (&router, &client)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    thread::spawn(move || {
                        let _ = io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                open.lock().unwrap().extend([client, router]);
            }
        });
        relay
    }

    /// Every connection is cut, and the next one leads there.
    pub fn leads_to(&self, target: u16) {
        self.target.store(target, Ordering::SeqCst);
        self.cut();
    }

    /// Every connection is cut; the next one is passed on again.
    pub fn cut(&self) {
        for end in self.open.lock().unwrap().drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}
