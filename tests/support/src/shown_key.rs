//! A router that shows its host key on its console, by a display that the scenario invents, and a role that reads it.

use mock_device::{KeyDisplay, RouterSpec, TransportSpec};

use crate::harness::{Bench, Declared, HostKey, prepared};

/// What shows it.
pub const COMMAND: &str = "show host-key";
/// What the role looks for.
const PATTERN: &str = r"^ *Fingerprint +: (.*)$";

/// A prepared router with a console and SSH, whose display shows these lines, and a role that reads it.
pub fn bench(lines: &[&str]) -> Bench {
    let bench = Bench::new(vec![router("r3", lines)]);
    std::fs::create_dir_all(bench.path("roles/keys")).unwrap();
    let book = "version: 1\nname: keys\nplays:\n  - roles: [keys]\n";
    std::fs::write(bench.path("keys.yaml"), book).unwrap();
    let role = format!(
        "version: 1\ntitle: {{ en: Keys, ja: 鍵 }}\nowns: [\"interface GigaEthernet1.0 description\"]\ntemplates: [keys.ix.j2]\n\
         checks:\n  - {{ name: host-key, phase: bench, level: required, command: {COMMAND}, expect: [{{ host_key: '{PATTERN}' }}] }}\n"
    );
    std::fs::write(bench.path("roles/keys/role.yaml"), role).unwrap();
    template(&bench, 1);
    bench
}

fn router(id: &str, lines: &[&str]) -> (RouterSpec, Declared) {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    let key_display = Some(KeyDisplay { command: COMMAND.to_owned(), lines });
    let transports = vec![TransportSpec::Ssh, TransportSpec::Serial { baud: None }];
    let spec = RouterSpec { key_display, transports, ..prepared(id) };
    (spec, Declared { host_key: HostKey::KnownHosts, ..Declared::new(id, "keys") })
}

/// What the role wants, another one for each number.
pub fn template(bench: &Bench, number: u8) {
    let lines = format!("interface GigaEthernet1.0\n  description clinic-{number}\n");
    std::fs::write(bench.path("roles/keys/keys.ix.j2"), lines).unwrap();
}

/// Writes an inventory by which the router is reached over its console, and by SSH otherwise: its name.
pub fn console_inventory(bench: &Bench) -> &'static str {
    let port = bench.mock.endpoints().iter().find_map(|end| end.path.clone()).unwrap().display().to_string();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let console = format!(
        "connection: {{ serial: {{ port: \"{port}\", login: {{ user: admin, password: admin-password }} }} }}\n        second_way: "
    );
    let turned = inventory.replacen("connection: ", &console, 1);
    assert_ne!(turned, inventory);
    std::fs::write(bench.path("console.yaml"), turned).unwrap();
    "console.yaml"
}
