//! Routers at whose address something never ends: they are left within their bounds, and the others are done.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Bench, Declared, prepared, router3};
use crate::lost::{apply, own_book};

/// How long a peer lives at most.
const LIFE: Duration = Duration::from_secs(120);

/// Sends this to every caller, again and again with this pause, until it is told to stop.
fn send_for_ever(listener: &TcpListener, bytes: &[u8], pause: Duration, stop: &Receiver<()>) {
    listener.set_nonblocking(true).unwrap();
    let (end, mut callers) = (Instant::now() + LIFE, Vec::<TcpStream>::new());
    while Instant::now() < end && matches!(stop.recv_timeout(pause), Err(RecvTimeoutError::Timeout)) {
        if let Ok((caller, _)) = listener.accept() {
            caller.set_nonblocking(true).unwrap();
            callers.push(caller);
        }
        // A caller that takes nothing at the moment is tried again; one that has gone is not worth telling apart.
        for caller in &mut callers {
            let _ = caller.write(bytes);
        }
    }
}

#[test]
fn routers_that_drip_or_flood_do_not_keep_the_others() {
    let deadlines = "{ connect: 5s, login: { silence: 1s, total: 3s }, command: 10s, lock: 1s, reload: 3s }";
    let routers = ["a", "b", "drip", "flood"].map(|id| (prepared(id), Declared { deadlines, ..router3(id) }));
    let bench = Bench::new(routers.into());
    own_book(&bench, "");
    let flood = b"Loading: a boot that never ends\r\n".repeat(2000);
    let attacks: [(&str, &[u8], Duration); 2] =
        [("drip", b"x", Duration::from_millis(200)), ("flood", &flood, Duration::from_millis(1))];
    let mut inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let listeners = attacks.map(|(id, ..)| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (before, router) = inventory.split_at(inventory.find(&format!("      {id}:\n")).unwrap());
        let old = router.lines().find(|line| line.trim_start().starts_with("connection:")).unwrap();
        let way = format!(
            "        connection: {{ telnet: {{ host: 127.0.0.1, port: {port}, login: {{ user: admin, password: admin-password }} }} }}"
        );
        inventory = format!("{before}{}", router.replacen(old, &way, 1));
        listener
    });
    std::fs::write(bench.path("clinics.yaml"), inventory).unwrap();
    let run = thread::scope(|scope| {
        let stops = listeners.iter().zip(attacks).map(|(listener, (_, bytes, pause))| {
            let (stop, told) = channel();
            scope.spawn(move || send_for_ever(listener, bytes, pause, &told));
            stop
        });
        let stops: Vec<_> = stops.collect();
        let run = apply(&bench, &["--yes"]);
        drop(stops);
        run
    });
    let run = run.exits(3).says("session.endless").says("session.too-long");
    for id in ["a", "b"] {
        assert!(run.stdout.contains(&format!("{id}: saved")), "{}\n{}", run.stdout, run.stderr);
        assert_eq!(bench.running(id), bench.startup(id));
    }
}

#[test]
fn check_prints_the_two_bounds_of_every_exchange() {
    let bench = Bench::new(vec![(
        prepared("a"),
        Declared { deadlines: "{ command: { silence: 7s, total: 77s } }", ..router3("a") },
    )]);
    // The program is always run with `-v` here.
    let said = bench.check().exits(0).stdout;
    for exchange in ixdeploy::session::Exchange::ALL {
        let row = said.lines().find(|row| row.split_whitespace().next() == Some(exchange.name()));
        assert!(row.is_some_and(|row| row.contains(" s ") || row.contains(" min ")), "{exchange:?}: {said}");
    }
    let line = said.lines().find(|row| row.starts_with("  line ")).unwrap();
    assert!(line.contains(" 7 s ") && line.contains(" 77 s "), "{line}");
}
