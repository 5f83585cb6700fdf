//! A router that shows its host key on its console, by a display that the scenario invents, and a role that reads it.

use mock_device::{KeyDisplay, RouterSpec, TransportSpec};

use crate::harness::{Bench, Declared, HostKey, prepared};

/// What shows it.
pub const COMMAND: &str = "show host-key";
/// What the role looks for.
const PATTERN: &str = r"^ *Fingerprint +: (.*)$";

/// A prepared router with a console and SSH, whose display shows these lines, and a role that reads it.
pub fn bench(lines: &[&str]) -> Bench {
    bench_over(TransportSpec::Serial { baud: None }, lines)
}

/// The same with another way beside SSH.
pub fn bench_over(second: TransportSpec, lines: &[&str]) -> Bench {
    let (spec, declared) = router("r3", lines);
    let transports = vec![TransportSpec::Ssh, second];
    let bench = Bench::new(vec![(RouterSpec { transports, ..spec }, declared)]);
    write_books(&bench);
    bench
}

/// The same, and a box that is to take its place, whose number no inventory has.
pub fn bench_with_spare(lines: &[&str]) -> Bench {
    let (spec, declared) = router("spare", lines);
    let spare = Declared { serial_number: Some("0000000001".to_owned()), ..declared };
    let bench = Bench::new(vec![router("r3", lines), (spec, spare)]);
    write_books(&bench);
    bench
}

/// Two playbooks of the same change: in `keys.yaml` a check reads the host key, in `plain.yaml` none does.
fn write_books(bench: &Bench) {
    std::fs::create_dir_all(bench.path("roles/keys")).unwrap();
    let book = "version: 1\nname: keys\nplays:\n  - roles: [keys]\n";
    std::fs::write(bench.path("keys.yaml"), book).unwrap();
    let role = format!(
        "version: 1\ntitle: {{ en: Keys, ja: 鍵 }}\nowns: [\"interface GigaEthernet1.0 description\"]\ntemplates: [keys.ix.j2]\n\
         checks:\n  - {{ name: host-key, phase: bench, level: required, command: {COMMAND}, expect: [{{ host_key: '{PATTERN}' }}] }}\n"
    );
    std::fs::write(bench.path("roles/keys/role.yaml"), &role).unwrap();
    std::fs::create_dir_all(bench.path("roles/plain")).unwrap();
    let plain = "version: 1\nname: plain\nplays:\n  - routers: r3\n    roles: [plain]\n";
    std::fs::write(bench.path("plain.yaml"), plain).unwrap();
    let (head, _) = role.split_once("checks:").unwrap();
    std::fs::write(bench.path("roles/plain/role.yaml"), head).unwrap();
    template(bench, 1);
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
    for role in ["keys", "plain"] {
        std::fs::write(bench.path(&format!("roles/{role}/keys.ix.j2")), &lines).unwrap();
    }
}

/// The console of a box.
pub fn console(bench: &Bench, id: &str) -> String {
    let ends = bench.mock.endpoints();
    let path = ends.iter().filter(|end| end.id == id).find_map(|end| end.path.clone());
    path.unwrap().display().to_string()
}

/// The spare box and the old one change places: each answers over SSH where the other did, as this machine knows and declares it.
pub fn exchange(bench: &Bench) {
    let port = |id: &str| bench.endpoint(id).port.unwrap().to_string();
    let (old, spare) = (port("r3"), port("spare"));
    for (name, both) in [("clinics.yaml", true), ("state/known_hosts", false), ("state/known_hosts.enrolled", false)] {
        let Ok(text) = std::fs::read_to_string(bench.path(name)) else { continue };
        let text = match both {
            true => text.replace(&old, "PORT").replace(&spare, &old).replace("PORT", &spare),
            false => text.replace(&old, &spare),
        };
        std::fs::write(bench.path(name), text).unwrap();
    }
}

/// Writes an inventory by which the router is reached over its console, and by SSH otherwise: its name.
pub fn console_inventory(bench: &Bench) -> &'static str {
    let port = console(bench, "r3");
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let console = format!(
        "connection: {{ serial: {{ port: \"{port}\", login: {{ user: admin, password: admin-password }} }} }}\n        second_way: "
    );
    let turned = inventory.replacen("connection: ", &console, 1);
    assert_ne!(turned, inventory);
    std::fs::write(bench.path("console.yaml"), turned).unwrap();
    "console.yaml"
}
