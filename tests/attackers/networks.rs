//! Telnet to a router.

use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::session::{NoTap, Session, Take};
use ixdeploy::transport::telnet::{self, Service, TelnetTarget};

use crate::budget::within_memory;
use crate::own_process;
use crate::peer::{Attack, Peer, Phase};
use crate::stage::{ATTACKS, admin, live_through, settings};

/// Telnet commands that are no text: offers, refusals, a suboption that does not end.
const OPTIONS: [Attack; 3] =
    [Attack::Flood(&[255, 251, 99]), Attack::Flood(&[255, 254, 31, 255, 253, 31]), Attack::Flood(&[255, 250, 44, 7])];

fn telnet(phase: Phase) {
    for attack in ATTACKS.into_iter().chain(OPTIONS) {
        within_memory(&format!("telnet {phase:?} {attack:?}"), || {
            let peer = Peer::listen(phase, attack);
            let connect = Duration::from_secs(5);
            let target =
                TelnetTarget { host: "127.0.0.1".to_owned(), port: peer.port, service: Service::Router, connect };
            live_through(telnet::open(&target).unwrap(), phase, attack);
        });
    }
}

macro_rules! phases {
    ($($name:ident: $phase:expr;)*) => { $(#[test] fn $name() {
        if !own_process::moved($name) {
            telnet($phase);
        }
    })* };
}

phases! {
    a_greeting_over_telnet_that_never_ends_is_left: Phase::Greeting;
    a_login_over_telnet_that_never_ends_is_left: Phase::Login;
    a_set_up_over_telnet_that_never_ends_is_left: Phase::SetUp;
    an_answer_over_telnet_that_never_ends_is_left: Phase::Show;
    a_line_over_telnet_that_never_ends_is_left: Phase::Line;
    a_save_over_telnet_that_never_ends_is_left: Phase::Save;
    a_way_out_over_telnet_that_never_ends_is_left: Phase::WayOut;
}

/// The longest answers that are taken: one endless row, rows of one byte, and what is no text.
#[test]
fn the_longest_answer_that_is_taken_costs_no_more_than_a_session_may() {
    if own_process::moved(the_longest_answer_that_is_taken_costs_no_more_than_a_session_may) {
        return;
    }
    let most = settings().max_output - 64 * 1024;
    for (part, cost) in [(&b"x"[..], 1), (b"a\r\n", 33), (b"\xff", 3), (b"show ip route, as long as most\r\n", 62)] {
        let (count, what) = (most / cost, format!("{:?}", part.escape_ascii().to_string()));
        let peer = Peer::listen(Phase::Show, Attack::Answer(part, count));
        within_memory(&what, || {
            let connect = Duration::from_secs(5);
            let target =
                TelnetTarget { host: "127.0.0.1".to_owned(), port: peer.port, service: Service::Router, connect };
            let link = Box::new(telnet::open(&target).unwrap());
            let mut session = Session::open(link, Dialect::ix(), admin(), settings(), Box::new(NoTap)).unwrap();
            session.enter_config(Take::Ask).unwrap();
            let text = session.show("show running-config").unwrap();
            assert!(text.len() >= count, "{what}: {}", text.len());
            session.close().unwrap();
        });
    }
}
