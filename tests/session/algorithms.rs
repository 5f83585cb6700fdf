//! Each SSH algorithm that the program says it has is negotiated for real, with a server that has it, too: OpenSSL is compiled without what
//! SSH has no use for (`.cargo/openssl/SshOnly.pm`), and a name in a list proves nothing of what is behind it.

use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use ixdeploy::secret::Secret;
use ixdeploy::transport::ssh::{
    Credentials, Endpoint, FirstUse, KnownHosts, Negotiated, SshTarget, open, supported_algorithms,
};
use mock_device::scenario::Algorithms;
use mock_device::{Mock, RouterSpec, Scenario, TransportSpec};
use ssh2::{MethodType, Session};

/// What this build must have. A name that is lost fails the test; one that is new is added, with how it is known to work.
const LIST: &str = include_str!("../data/ssh-algorithms.txt");

/// The kinds, each with one of its algorithms that every server here has.
const KINDS: [(&str, &[MethodType], &str); 4] = [
    ("kex", &[MethodType::Kex], "curve25519-sha256"),
    ("host-key", &[MethodType::HostKey], "ssh-rsa"),
    ("cipher", &[MethodType::CryptCs, MethodType::CryptSc], "aes256-ctr"),
    ("mac", &[MethodType::MacCs, MethodType::MacSc], "hmac-sha2-256"),
];

/// A router with every algorithm of the mock's library.
fn server() -> (Mock, tempfile::TempDir) {
    let mut spec = RouterSpec::new("r1");
    spec.transports = vec![TransportSpec::Ssh];
    spec.readings.algorithms = Algorithms::All;
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, folder.path()).unwrap();
    (mock, folder)
}

fn port(mock: &Mock) -> u16 {
    mock.endpoints()[0].port.unwrap()
}

/// Agrees on this algorithm of this kind, and logs in: what was agreed on then carries both ways.
fn negotiate(port: u16, kind: &str, name: &str) -> Result<(), String> {
    let said = |error: ssh2::Error| error.to_string();
    let mut session = Session::new().map_err(said)?;
    session.set_timeout(60_000);
    let of_kind = |(known, methods, usual): &(&str, &'static [MethodType], &'static str)| {
        methods.iter().map(|method| (*method, if *known == kind { name } else { usual })).collect::<Vec<_>>()
    };
    for (method, wanted) in KINDS.iter().flat_map(of_kind) {
        session.method_pref(method, wanted).map_err(said)?;
    }
    session.set_tcp_stream(TcpStream::connect(("127.0.0.1", port)).unwrap());
    session.handshake().map_err(said)?;
    session.userauth_password("admin", "mock-password").map_err(said)?;
    let (_, methods, _) = KINDS.iter().find(|(known, ..)| *known == kind).unwrap();
    for method in *methods {
        let agreed = session.methods(*method).unwrap_or_default();
        if agreed != name {
            return Err(format!("{agreed} was agreed on"));
        }
    }
    Ok(())
}

#[test]
fn no_algorithm_is_lost_and_each_works_with_a_server_that_has_it() {
    let (mock, _folder) = server();
    let port = port(&mock);
    let names = supported_algorithms().unwrap().into_iter().flat_map(|group| {
        let kind = group.kind.replace(' ', "-");
        group.names.into_iter().map(move |name| (kind.clone(), name))
    });
    let listed: Vec<Vec<&str>> =
        LIST.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').collect()).collect();
    let (found, known): (Vec<String>, Vec<String>) = (
        names.map(|(kind, name)| format!("{kind} {name}")).collect(),
        listed.iter().map(|words| words[..2].join(" ")).collect(),
    );
    assert_eq!(found, known, "tests/data/ssh-algorithms.txt is the list");
    // Arithmetic without optimisation takes its time: all at once.
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let judged: Vec<_> = listed
            .iter()
            .map(|words| {
                let [kind, name, how] = words[..] else { panic!("{words:?}") };
                scope.spawn(move || match (negotiate(port, kind, name), how) {
                    (Ok(()), "handshake") | (Err(_), "name") => None,
                    (Ok(()), _) => Some(format!("{kind} {name} can be negotiated: write `handshake`")),
                    (Err(why), _) => Some(format!("{kind} {name}: {why}")),
                })
            })
            .collect();
        judged.into_iter().filter_map(|judged| judged.join().unwrap()).collect()
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn of_all_that_a_server_has_the_program_takes_what_is_current() {
    let (mock, folder) = server();
    let router = Endpoint {
        host: "127.0.0.1".into(),
        port: port(&mock),
        user: "admin".into(),
        credentials: Credentials {
            password: Some(Arc::new(Secret::new("mock-password".into()))),
            ..Credentials::default()
        },
        fingerprint: None,
        legacy: true,
    };
    let (connect, keepalive) = (Duration::from_secs(60), Duration::from_secs(60));
    let target = SshTarget { router, jump: Vec::new(), connect, keepalive };
    let link = open(&target, &KnownHosts::new(folder.path().join("known_hosts"), FirstUse::Record)).unwrap();
    let Negotiated { kex, host_key, cipher, .. } = link.negotiated();
    assert_eq!(
        [kex, host_key, cipher],
        ["curve25519-sha256", "ssh-ed25519", "chacha20-poly1305@openssh.com"],
        "old ones are allowed, and come last"
    );
}
