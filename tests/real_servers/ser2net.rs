//! A real `ser2net` in front of a mock router's console.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use mock_device::{Mock, RouterSpec, Scenario, TransportSpec};

use crate::{Server, is_here, on_a_free_port};

const SER2NET: &str = "/usr/sbin/ser2net";

pub struct Bench {
    pub server: Server,
    pub mock: Mock,
    _folder: tempfile::TempDir,
}

/// A mock router on a console, and the console's path.
pub fn console(folder: &Path) -> (Mock, String) {
    let mut spec = RouterSpec::new("r1");
    spec.transports = vec![TransportSpec::Serial { baud: Some(115_200) }];
    let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, &folder.join("mock")).unwrap();
    let path = mock.endpoints()[0].path.clone().unwrap().display().to_string();
    (mock, path)
}

/// A server that accepts in this way.
pub fn bench(accepter: &str) -> Option<Bench> {
    if !is_here(SER2NET, "console servers") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mock, path) = console(folder.path());
    let server = on_a_free_port("ser2net", |port| {
        let config = folder.path().join("ser2net.yaml");
        let text = format!(
            "connection: &console\n  accepter: {accepter}tcp,127.0.0.1,{port}\n  connector: serialdev,{path},115200n81,local\n"
        );
        fs::write(&config, text).unwrap();
        let child = Command::new(SER2NET)
            .args(["-n", "-c"])
            .arg(&config)
            .arg("-P")
            .arg(folder.path().join("pid"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Server { child, port };
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline && server.child.try_wait().unwrap().is_none() {
            // This first connection is the question whether the server listens; it ends at once.
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(server);
            }
            thread::yield_now();
        }
        None
    });
    Some(Bench { server, mock, _folder: folder })
}
