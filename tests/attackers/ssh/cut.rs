//! A connection that is cut while it is set up is a broken connection, whatever byte was the last: not one without common
//! algorithms, and not one whose password was refused.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::transport::TransportError;
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, KnownHosts, SshTarget};
use mock_device::{Mock, RouterSpec, Scenario};

/// Which way the bytes go that are counted.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    FromRouter,
    ToRouter,
}

/// A path for one connection that is cut after this many bytes in one direction; the counter says how many went
/// there.
fn path(router: u16, way: Way, cut: usize) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        let (near, _) = listener.accept().unwrap();
        let far = TcpStream::connect(("127.0.0.1", router)).unwrap();
        let (near_copy, far_copy) = (near.try_clone().unwrap(), far.try_clone().unwrap());
        let limit = |own| if own == way { cut } else { usize::MAX };
        let (up, down) = (limit(Way::ToRouter), limit(Way::FromRouter));
        let counted_up = if way == Way::ToRouter { Arc::clone(&counted) } else { Arc::default() };
        let counted_down = if way == Way::FromRouter { counted } else { Arc::default() };
        thread::spawn(move || pass(near_copy, far_copy, up, &counted_up));
        pass(far, near, down, &counted_down);
    });
    (port, count)
}

fn pass(mut from: TcpStream, mut to: TcpStream, limit: usize, count: &AtomicUsize) {
    let mut buffer = [0; 4096];
    loop {
        let read = from.read(&mut buffer).unwrap_or(0);
        let left = limit - count.load(Ordering::Relaxed).min(limit);
        let given = read.min(left);
        let ended = to.write_all(&buffer[..given]).is_err();
        count.fetch_add(given, Ordering::Relaxed);
        if read == 0 || ended || read >= left {
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
            return;
        }
    }
}

fn open(port: u16, fingerprint: &str) -> Result<(), TransportError> {
    let password = Secret::new("mock-password".into());
    let router = Endpoint {
        host: "127.0.0.1".into(),
        port,
        user: "admin".into(),
        credentials: Credentials { password: Some(password.into()), ..Credentials::default() },
        fingerprint: Some(fingerprint.into()),
        legacy: false,
    };
    let target =
        SshTarget { router, jump: Vec::new(), connect: Duration::from_secs(60), keepalive: Duration::from_secs(30) };
    ssh::open(&target, &KnownHosts::new("/nonexistent/known_hosts", FirstUse::Refuse)).map(|_| ())
}

/// Every byte that goes in clear until the first costly step, then a sample; `IXDEPLOY_CUT=all` for every byte.
fn points(total: usize) -> Vec<usize> {
    let step = if std::env::var_os("IXDEPLOY_CUT").is_some() { 1 } else { 61 };
    let cheap = 0..700.min(total);
    let every = if step == 1 { 1 } else { 7 };
    cheap.step_by(every).chain((700..total).step_by(step)).collect()
}

#[test]
fn a_cut_at_any_byte_is_a_broken_connection() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = Scenario { routers: vec![RouterSpec::new("r1")], ..Scenario::default() };
    let mock = Mock::start(scenario, folder.path()).unwrap();
    let end = mock.endpoints()[0].clone();
    let (router, fingerprint) = (end.port.unwrap(), end.fingerprint.unwrap());
    for way in [Way::FromRouter, Way::ToRouter] {
        let (port, count) = path(router, way, usize::MAX);
        open(port, &fingerprint).unwrap();
        let total = count.load(Ordering::Relaxed);
        assert!(total > 1000, "{way:?}: {total}");
        let mut opened = Vec::new();
        for cut in points(total) {
            let (port, _) = path(router, way, cut);
            match open(port, &fingerprint) {
                Ok(()) => opened.push(cut),
                Err(error) => assert_eq!(error.code(), "ssh.broken", "{way:?}, cut after {cut} of {total}: {error}"),
            }
        }
        // What comes behind the shell (its first text, our goodbye) is no part of setting it up.
        assert!(opened.iter().all(|cut| *cut + 600 > total), "{way:?}: opened although cut at {opened:?} of {total}");
    }
}
