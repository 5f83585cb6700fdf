//! A network path with a delay, between a client and a router: every chunk comes out so much later, whatever follows it.
//!
//! It delays and does not queue: what was sent together arrives together. It also counts round trips: the longest chain of
//! messages in which each one had to wait for the one before it to arrive.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// A path that listens on a port of its own until the process ends.
pub struct Path {
    /// Where clients connect.
    pub port: u16,
    connections: Arc<Mutex<Vec<Arc<Trips>>>>,
}

/// The round trips of one connection so far, as each end knows them.
struct Trips {
    near: AtomicUsize,
    far: AtomicUsize,
}

/// One direction of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    ToRouter,
    ToClient,
}

impl Path {
    /// A path to a port of this machine.
    pub fn to(port: u16, one_way: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let path = Self { port: listener.local_addr().unwrap().port(), connections: Arc::default() };
        let connections = Arc::clone(&path.connections);
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                // The handshake of TCP itself is the first round trip.
                let trips = Arc::new(Trips { near: AtomicUsize::new(1), far: AtomicUsize::new(1) });
                connections.lock().unwrap().push(Arc::clone(&trips));
                thread::spawn(move || carry(near, port, one_way, &trips));
            }
        });
        path
    }

    /// Round trips of each connection, in the order in which they were opened.
    pub fn round_trips(&self) -> Vec<usize> {
        self.connections.lock().unwrap().iter().map(|trips| trips.near.load(Ordering::SeqCst)).collect()
    }
}

fn carry(near: TcpStream, port: u16, one_way: Duration, trips: &Arc<Trips>) {
    // The client believes to be connected already. The router learns of it when the handshake would have come to its end, and
    // what the client says before that arrives with it.
    let connected = Instant::now() + 3 * one_way;
    wait_until(connected);
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { return };
    let pairs = [(Way::ToRouter, &near, &far), (Way::ToClient, &far, &near)];
    for (way, from, into) in pairs {
        into.set_nodelay(true).unwrap();
        let (from, into, trips) = (from.try_clone().unwrap(), into.try_clone().unwrap(), Arc::clone(trips));
        let (send, receive) = mpsc::channel();
        let late = if way == Way::ToRouter { connected } else { Instant::now() };
        let read_trips = Arc::clone(&trips);
        thread::spawn(move || read(from, &send, (way, one_way, late), &read_trips));
        thread::spawn(move || write(into, &receive, way, &trips));
    }
}

/// A chunk, when it is due at the other end, and how many round trips it took to be sent.
type Chunk = (Instant, usize, Vec<u8>);

fn read(
    mut from: TcpStream,
    send: &mpsc::Sender<Chunk>,
    (way, one_way, late): (Way, Duration, Instant),
    trips: &Trips,
) {
    let mut buffer = [0; 65536];
    let mut first = true;
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        // The first words of the client were waiting for the handshake.
        let due = if std::mem::take(&mut first) && way == Way::ToRouter { late } else { Instant::now() + one_way };
        let depth = match way {
            Way::ToRouter => trips.near.load(Ordering::SeqCst),
            Way::ToClient => trips.far.load(Ordering::SeqCst) + 1,
        };
        if send.send((due, depth, buffer[..count].to_vec())).is_err() {
            return;
        }
    }
}

fn write(mut into: TcpStream, receive: &mpsc::Receiver<Chunk>, way: Way, trips: &Trips) {
    for (due, depth, bytes) in receive {
        wait_until(due);
        let end = if way == Way::ToRouter { &trips.far } else { &trips.near };
        end.fetch_max(depth, Ordering::SeqCst);
        if into.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = into.shutdown(Shutdown::Both);
}

fn wait_until(due: Instant) {
    let (_keep, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(due.saturating_duration_since(Instant::now()));
}
