//! Attacks on an open shell: reads and writes end at their deadline, and nothing grows.

use std::io;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ixdeploy::message::Explain;
use ixdeploy::transport::ssh::SshLink;
use ixdeploy::transport::{Received, SESSION_BUDGET, Transport, TransportError};

use super::server::{IGNORE, Peer, UNKNOWN, WINDOW_ADJUST, data, global_request};
use super::{LATE, endpoint, open_within, server};
use crate::{memory, own_process};

/// Room for what we write.
const ROOM: u32 = 1 << 20;

/// An open shell at a server that then does this.
fn shell(window: u32, then: impl FnOnce(Peer) -> io::Result<()> + Send + 'static) -> (SshLink, JoinHandle<()>) {
    let (port, server) = server::start(move |mut peer| {
        peer.up_to_the_shell(window)?;
        then(peer)
    });
    let link = open_within(Duration::from_secs(10), endpoint(port), Vec::new()).unwrap();
    (link, server)
}

/// Reads until the deadline or an end of the link.
fn read_on(link: &mut SshLink, until: Instant) -> Result<usize, TransportError> {
    let mut buffer = [0; 4096];
    let mut bytes = 0;
    while Instant::now() < until {
        match link.read(&mut buffer, until)? {
            Received::Bytes(count) => bytes += count,
            Received::Deadline | Received::End => break,
        }
    }
    Ok(bytes)
}

/// A flood of one packet, which ends in time and within the budget, in whatever way.
#[track_caller]
fn survives(name: &str, payload: Vec<u8>) -> Result<usize, TransportError> {
    let _alone = memory::alone();
    let (mut link, server) = shell(ROOM, move |mut peer| {
        // Only what is asked for now is measured.
        peer.packet(&data(b"ready"))?;
        peer.pause(Duration::from_millis(200));
        peer.drain();
        peer.endless_packets(&payload)
    });
    assert_eq!(read_on(&mut link, Instant::now() + Duration::from_millis(100)).unwrap(), 5);
    let wait = Duration::from_secs(2);
    let begun = Instant::now();
    let mut ended = None;
    let cost = memory::cost(|| ended = Some(read_on(&mut link, begun + wait)));
    let took = begun.elapsed();
    assert!(took < wait + LATE, "{name}: {took:?}");
    assert!(cost <= SESSION_BUDGET, "{name}: {cost} bytes");
    let begun = Instant::now();
    drop(link);
    assert!(begun.elapsed() < LATE, "{name}: the goodbye took {:?}", begun.elapsed());
    server.join().unwrap();
    ended.unwrap()
}

#[test]
fn unsolicited_packets_end_the_shell() {
    if own_process::moved(unsolicited_packets_end_the_shell) {
        return;
    }
    for (name, payload) in [
        ("unknown packets", vec![UNKNOWN]),
        ("requests", global_request()),
        ("nothing", vec![IGNORE, 0, 0, 0, 0]),
        ("windows", [&[WINDOW_ADJUST][..], &[0; 4], &[0, 0, 0, 1]].concat()),
    ] {
        // On a slow machine the deadline may come before the cut.
        if let Err(error) = survives(name, payload) {
            assert_eq!(error.code(), "ssh.flood", "{name}: {error}");
        }
    }
    assert!(survives("large unknown packets", vec![UNKNOWN; 30_000]).is_err(), "it is cut");
}

/// What is read is not kept here: it is for the session to say how much of it is enough.
#[test]
fn a_long_text_is_handed_on_whole() {
    if own_process::moved(a_long_text_is_handed_on_whole) {
        return;
    }
    const PACKETS: usize = 8000;
    let _alone = memory::alone();
    let (mut link, server) = shell(ROOM, |mut peer| {
        peer.drain();
        for _ in 0..PACKETS {
            peer.packet(&data(&[b'x'; 1000]))?;
        }
        peer.listen();
        Ok(())
    });
    let until = Instant::now() + Duration::from_secs(20);
    let mut read = 0;
    let cost = memory::cost(|| {
        let mut buffer = [0; 4096];
        while let Received::Bytes(count) = link.read(&mut buffer, until).unwrap() {
            read += count;
            if read >= PACKETS * 1000 {
                break;
            }
        }
    });
    assert_eq!(read, PACKETS * 1000);
    assert!(cost <= SESSION_BUDGET, "{cost} bytes");
    drop(link);
    server.join().unwrap();
}

/// One character in each packet costs sixty times its size on the way. That the packets are many is no attack while someone types.
#[test]
fn an_echo_of_single_characters_is_read_whole() {
    if own_process::moved(an_echo_of_single_characters_is_read_whole) {
        return;
    }
    let _alone = memory::alone();
    let (mut link, server) = shell(ROOM, |mut peer| {
        peer.drain();
        for _ in 0..40_000 {
            peer.packet(&data(b"x"))?;
        }
        peer.listen();
        Ok(())
    });
    let until = Instant::now() + Duration::from_secs(20);
    let (mut typed, mut read) = (0, 0);
    let mut buffer = [0; 4096];
    while read < 40_000 && Instant::now() < until {
        if typed < 40_000 {
            link.write(&[b'x'; 40], until).unwrap();
            typed += 40;
        }
        if let Received::Bytes(count) = link.read(&mut buffer, until).unwrap() {
            read += count;
        }
    }
    assert_eq!(read, 40_000);
    drop(link);
    server.join().unwrap();
}

#[test]
fn a_shell_that_only_shows_signs_of_life_gives_each_read_its_deadline() {
    if own_process::moved(a_shell_that_only_shows_signs_of_life_gives_each_read_its_deadline) {
        return;
    }
    let (mut link, server) = shell(ROOM, |mut peer| {
        loop {
            peer.packet(&[IGNORE, 0, 0, 0, 0])?;
            peer.pause(Duration::from_millis(10));
        }
    });
    let mut buffer = [0; 64];
    for wait in [0, 30, 500].map(Duration::from_millis) {
        let begun = Instant::now();
        let received = link.read(&mut buffer, begun + wait).unwrap();
        assert_eq!(received, Received::Deadline);
        assert!(begun.elapsed() < wait + LATE, "{wait:?}: {:?}", begun.elapsed());
    }
    drop(link);
    server.join().unwrap();
}

/// The other side opens no window, or reads nothing at all.
#[test]
fn a_write_that_never_drains_ends_at_its_deadline() {
    if own_process::moved(a_write_that_never_drains_ends_at_its_deadline) {
        return;
    }
    for (window, bytes) in [(0, 100), (u32::MAX, 64 * 1024 * 1024)] {
        let _alone = memory::alone();
        let (mut link, server) = shell(window, |mut peer| {
            // Says something now and then, and reads nothing.
            for _ in 0..100 {
                peer.packet(&[IGNORE, 0, 0, 0, 0])?;
                std::thread::park_timeout(Duration::from_millis(50));
            }
            Ok(())
        });
        // Zeroes, which the system gives without memory of their own.
        let text = vec![0; bytes];
        let wait = Duration::from_millis(500);
        let begun = Instant::now();
        let mut ended = None;
        let cost = memory::cost(|| ended = Some(link.write(&text, begun + wait)));
        assert_eq!(ended.unwrap().unwrap_err().code(), "link.stuck", "a window of {window}");
        assert!(begun.elapsed() < wait + LATE, "a window of {window}: {:?}", begun.elapsed());
        assert!(cost <= SESSION_BUDGET, "a window of {window}: {cost} bytes");
        let begun = Instant::now();
        drop(link);
        assert!(begun.elapsed() < LATE, "the goodbye took {:?}", begun.elapsed());
        server.join().unwrap();
    }
}
