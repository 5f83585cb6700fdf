//! Attacks on a connection that is being set up: `connect:` bounds all of it, whatever comes meanwhile.

use std::io;
use std::time::{Duration, Instant};

use ixdeploy::message::Explain;
use ixdeploy::transport::SESSION_BUDGET;
use ixdeploy::transport::ssh::Endpoint;

use super::server::{
    self, AUTH_BANNER, DEBUG, IGNORE, KEXINIT, Peer, UNKNOWN, WINDOW_ADJUST, global_request, kexinit, service, string,
};
use super::{CONNECT, LATE, endpoint, open_within};
use crate::{memory, own_process};

/// Lets a server attack a connection that is being set up: it ends in time, costs no more than it may, and is called what it is.
#[track_caller]
fn fends_off(name: &str, codes: &[&str], attack: impl FnOnce(Peer) -> io::Result<()> + Send + 'static) {
    let _alone = memory::alone();
    let (port, server) = server::start(attack);
    let begun = Instant::now();
    let mut ended = None;
    let cost = memory::cost(|| ended = Some(open_within(CONNECT, endpoint(port), Vec::new()).map(|_| ())));
    let took = begun.elapsed();
    let error = ended.unwrap().expect_err(name);
    assert!(took < CONNECT + LATE, "{name}: {took:?}, {error}");
    assert!(cost <= SESSION_BUDGET, "{name}: {cost} bytes, {error}");
    assert!(codes.contains(&error.code()), "{name}: {}: {error}", error.code());
    server.join().unwrap();
}

const TIMEOUT: &[&str] = &["ssh.timeout"];
const FLOOD: &[&str] = &["ssh.flood"];

#[test]
fn endless_lines_before_the_version_end() {
    if own_process::moved(endless_lines_before_the_version_end) {
        return;
    }
    fends_off("lines", FLOOD, |mut peer| peer.endless(b"a line of a banner\r\n"));
    fends_off("one line", FLOOD, |mut peer| peer.endless(b"a line that never ends "));
    fends_off("empty lines", FLOOD, |mut peer| peer.endless(b"\n"));
    fends_off("lines dripping", TIMEOUT, |mut peer| {
        peer.drip(b"a line\r\n".iter().copied().cycle(), Duration::from_millis(50))
    });
}

#[test]
fn unsolicited_packets_end_the_connection_before_the_keys() {
    if own_process::moved(unsolicited_packets_end_the_connection_before_the_keys) {
        return;
    }
    let endless = |payload: Vec<u8>| {
        move |mut peer: Peer| {
            peer.version()?;
            peer.endless_packets(&payload)
        }
    };
    fends_off("the smallest packets", FLOOD, |mut peer| {
        peer.version()?;
        peer.endless(&[0, 0, 0, 2, 0, UNKNOWN])
    });
    fends_off("unknown packets", FLOOD, endless(vec![UNKNOWN]));
    fends_off("large unknown packets", FLOOD, endless(vec![UNKNOWN; 30_000]));
    // The library takes a packet that means nothing for an end of the exchange of keys.
    fends_off("nothing", &["ssh.flood", "ssh.algorithms"], endless(vec![IGNORE, 0, 0, 0, 0]));
    fends_off(
        "remarks",
        &["ssh.flood", "ssh.algorithms"],
        endless([vec![DEBUG, 1], string(b"\x1b]52;c;eA==\x07"), string(b"")].concat()),
    );
    fends_off("requests", &["ssh.flood", "ssh.algorithms"], endless(global_request()));
    fends_off("offers of keys", &["ssh.flood", "ssh.algorithms", "ssh.broken"], endless(kexinit()));
}

#[test]
fn an_exchange_of_keys_that_drips_ends() {
    if own_process::moved(an_exchange_of_keys_that_drips_ends) {
        return;
    }
    fends_off("dripping", TIMEOUT, |mut peer| {
        peer.version()?;
        let packet = [&[0, 0, 1, 0, 4][..], &[KEXINIT]].concat();
        peer.drip(packet.into_iter().chain(std::iter::repeat_n(0, 250)), Duration::from_millis(50))
    });
    fends_off("silent", TIMEOUT, |mut peer| {
        peer.version()?;
        peer.packet(&kexinit())?;
        peer.listen();
        Ok(())
    });
}

#[test]
fn an_authentication_that_never_ends_ends() {
    if own_process::moved(an_authentication_that_never_ends_ends) {
        return;
    }
    fends_off("silent", TIMEOUT, |mut peer| {
        peer.exchange_keys()?;
        peer.packet(&service())?;
        peer.listen();
        Ok(())
    });
    fends_off("signs of life", TIMEOUT, |mut peer| {
        peer.exchange_keys()?;
        peer.packet(&service())?;
        loop {
            peer.packet(&[IGNORE, 0, 0, 0, 0])?;
            peer.pause(Duration::from_millis(20));
        }
    });
    let encrypted = |payload: Vec<u8>| {
        move |mut peer: Peer| {
            peer.exchange_keys()?;
            peer.packet(&service())?;
            peer.drain();
            peer.endless_packets(&payload)
        }
    };
    let flood = &["ssh.flood", "ssh.broken"][..];
    fends_off("banners", flood, encrypted([vec![AUTH_BANNER], string(b"welcome\r\n"), string(b"")].concat()));
    fends_off("requests", flood, encrypted(global_request()));
    fends_off("unknown packets", flood, encrypted(vec![UNKNOWN]));
    fends_off("windows", flood, encrypted([&[WINDOW_ADJUST][..], &[0; 4], &[0, 0, 0, 1]].concat()));
}

/// The list of methods is the server's own text: no byte of it may harm, and it need not be text.
#[test]
fn a_list_of_methods_that_is_no_text_ends_in_a_refusal() {
    if own_process::moved(a_list_of_methods_that_is_no_text_ends_in_a_refusal) {
        return;
    }
    let _alone = memory::alone();
    let refusal = |list: &[u8]| [vec![51], string(list), vec![0]].concat();
    let (port, server) = server::start(move |mut peer| {
        peer.exchange_keys()?;
        let list = refusal(b"\x1b]52;c;eA==\x07\xff\xfe,public\x9bkey");
        peer.answers(&[&service(), &list, &list, &list])?;
        peer.listen();
        Ok(())
    });
    let error = open_within(Duration::from_secs(10), endpoint(port), Vec::new()).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "ssh.authentication", "{error}");
    assert!(error.text().en.chars().all(|c| !c.is_control() && c.is_ascii()), "{:?}", error.text().en);
    server.join().unwrap();
}

/// A server that asks again for a password that it was just given, forever.
#[test]
fn a_question_that_comes_again_gets_no_second_answer() {
    if own_process::moved(a_question_that_comes_again_gets_no_second_answer) {
        return;
    }
    let question = |echo: u8| {
        [vec![60], string(b""), string(b""), string(b""), vec![0, 0, 0, 1], string(b"Password: "), vec![echo]].concat()
    };
    for echo in [0, 1] {
        fends_off("questions", &["ssh.questions"], move |mut peer| {
            peer.exchange_keys()?;
            let list = [vec![51], string(b"keyboard-interactive"), vec![0]].concat();
            peer.answers(&[&service(), &list, &list])?;
            let question = question(echo);
            for _ in 0..100 {
                peer.packet(&question)?;
            }
            peer.listen();
            Ok(())
        });
    }
}

/// A jump host floods once the tunnel is open: the session through it ends, in time and within what two sessions may
/// cost.
#[test]
fn a_jump_host_that_floods_ends_with_its_tunnels() {
    if own_process::moved(a_jump_host_that_floods_ends_with_its_tunnels) {
        return;
    }
    let _alone = memory::alone();
    let (port, server) = server::start(|mut peer| {
        peer.exchange_keys()?;
        peer.answers(&[&service(), &[server::AUTH_SUCCESS], &server::opened(1 << 20)])?;
        peer.drain();
        peer.endless_packets(&[UNKNOWN])
    });
    let begun = Instant::now();
    let mut ended = None;
    let cost = memory::cost(|| {
        let router = Endpoint { host: "192.0.2.1".into(), ..endpoint(22) };
        ended = Some(open_within(CONNECT, router, vec![endpoint(port)]).map(|_| ()));
    });
    let error = ended.unwrap().unwrap_err();
    assert!(begun.elapsed() < CONNECT + LATE, "{error}");
    assert!(cost <= 2 * SESSION_BUDGET, "{cost} bytes");
    assert!(["ssh.broken", "ssh.timeout"].contains(&error.code()), "{}: {error}", error.code());
    server.join().unwrap();
}
