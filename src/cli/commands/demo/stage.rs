//! The demo's stage: mock routers, and the files a user would have, in a temporary folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use mock_device::{Endpoint, Fault, Mock, RouterSpec, Scenario, Start, TransportSpec, When};
use tempfile::TempDir;

use crate::cli::error::Failure;
use crate::cli::shipped::PLAYBOOKS;
use crate::cli::usage_error::UsageError;
use crate::message::Text;
use crate::transport::ssh;

/// How fast the console of router 1 is, bit/s: four times a real one, whose story would take a minute.
const BAUD: u32 = 38_400;

/// The line in the middle of the failing push.
const REFUSED: &str = "second-new-domain";

/// The mock routers and the files.
pub struct Stage {
    mock: Mock,
    dir: TempDir,
}

impl Stage {
    /// Starts the routers and writes the files.
    pub fn set() -> Result<Self, Failure> {
        let dir = tempfile::Builder::new()
            .prefix("ixdeploy-demo-")
            .tempdir()
            .map_err(|cause| Failure::machine("temporary folder", cause))?;
        let mock = Mock::start(scenario(), &dir.path().join("routers"))
            .map_err(|error| UsageError::Demo { cause: error.to_string() })?;
        let stage = Self { mock, dir };
        stage.write_files().map_err(|cause| Failure::machine("temporary folder", cause))?;
        Ok(stage)
    }

    /// Who is on stage.
    pub fn introduction(&self) -> Text {
        let ways: Vec<Text> = self.mock.endpoints().iter().map(way).collect();
        let list = ways.iter().map(|way| format!("  {}\n", way.en)).collect::<String>();
        let list_ja = ways.iter().map(|way| format!("  {}\n", way.ja)).collect::<String>();
        let count = ways.len();
        let (no_ssh, no_ssh_ja) = if ssh::BUILT_IN {
            ("", "")
        } else {
            (
                "  (this build has no SSH: telnet takes its place)\n",
                "  (このビルドには SSH が含まれていないため、代わりに telnet を使います)\n",
            )
        };
        let (without, without_ja) = if mock_device::PSEUDO_TERMINALS {
            ("", "")
        } else {
            (
                "  (router 1 has no part: its serial console needs a pseudo terminal, which this system does not have)\n",
                "  (ルータ①は登場しません: シリアルコンソールの実演に必要な疑似端末が、この OS にはありません)\n",
            )
        };
        Text::new(
            format!("{count} mock routers, as in the vendor's sample configurations:\n{list}{no_ssh}{without}"),
            format!(
                "ベンダ資料のサンプル構成どおり、模擬ルータ {count} 台で実演します:\n{list_ja}{no_ssh_ja}{without_ja}"
            ),
        )
    }

    /// The path of a word of a command line, when it names a file of the stage.
    pub fn place(&self, word: &str) -> String {
        let on_stage = |name: &str| self.dir.path().join(name).display().to_string();
        match word.split_once('=') {
            Some(("--state-dir", name)) => format!("--state-dir={}", on_stage(name)),
            _ if word.ends_with(".yaml") => on_stage(word),
            _ => word.to_owned(),
        }
    }

    /// What the routers themselves say that they run and would start with.
    pub fn configurations(&self) -> Vec<(String, Option<String>, Option<String>)> {
        self.mock
            .endpoints()
            .iter()
            .map(|end| (end.id.clone(), self.mock.running_config(&end.id), self.mock.startup_config(&end.id)))
            .collect()
    }

    /// Makes router 3 refuse the second line of the failing push.
    pub fn arm_refusal(&self) {
        if let Err(error) = self.mock.inject("suzuki-r3", Fault::refuse(When::matching(REFUSED))) {
            tracing::warn!(%error, "the refusal could not be armed");
        }
    }

    fn write_files(&self) -> std::io::Result<()> {
        let playbooks = self.dir.path().join("playbooks");
        std::fs::create_dir(&playbooks)?;
        PLAYBOOKS.extract(&playbooks)?;
        let password = self.mock.endpoints().iter().find_map(|end| end.password.clone()).unwrap_or_default();
        write_private(&self.dir.path().join("admin-password"), &password)?;
        std::fs::write(self.dir.path().join("clinics.yaml"), self.inventory(&[]))?;
        let more = ["*first-new-domain.example", "*second-new-domain.example", "*third-new-domain.example"];
        std::fs::write(self.dir.path().join("clinics-more-domains.yaml"), self.inventory(&more))
    }

    /// The inventory, with the ways that this run's mock has.
    fn inventory(&self, extra_domains: &[&str]) -> String {
        let domains = extra_domains.iter().map(|domain| format!("\"{domain}\"")).collect::<Vec<_>>().join(", ");
        let [r2, r3] = ["sato-r2", "suzuki-r3"].map(|id| self.connection(id));
        let serial = |id: &str| RouterSpec::new(id).serial();
        let r1 = if mock_device::PSEUDO_TERMINALS { self.router1(&serial("sato-r1")) } else { String::new() };
        format!(
            r#"version: 1
credentials:
  admin-password: {{ file: admin-password }}
defaults:
  vars: {{ extra_domains: [{domains}] }}
groups:
  ntt-east: {{ vars: {{ ntt_area: east }} }}
  ntt-west: {{ vars: {{ ntt_area: west }} }}
sites:
  sato:
    title: 佐藤医院
    groups: [ntt-east]
    routers:{r1}
      sato-r2:
        model: IX2215
        role: router2
        connection: {r2}
        identity: {{ serial_number: "{}" }}
        lifeline: {{ interface: GigaEthernet0.0, address: 192.168.1.254 }}
        vars: {{ hostname: sato-r2 }}
  suzuki:
    title: 鈴木クリニック
    groups: [ntt-west]
    routers:
      suzuki-r3:
        model: IX2215
        role: router3
        connection: {r3}
        identity: {{ serial_number: "{}" }}
        lifeline: {{ interface: GigaEthernet2.0, address: 192.0.2.66, switch_port: 8 }}
        vars: {{ hostname: suzuki-r3 }}
"#,
            serial("sato-r2"),
            serial("suzuki-r3"),
        )
    }

    /// Router 1, out of the box: its management access is the first thing that it is given.
    fn router1(&self, serial_number: &str) -> String {
        let connection = self.connection("sato-r1");
        format!(
            r#"
      sato-r1:
        model: IX2215
        role: router1
        connection: {connection}
        identity: {{ serial_number: "{serial_number}" }}
        vars:
          hostname: sato-r1
          management: true
          management_password: admin-password
          management_allowed: [198.51.100.0/24]
          management_address: 192.0.2.1/29"#
        )
    }

    fn connection(&self, id: &str) -> String {
        let Some(end) = self.mock.endpoints().iter().find(|end| end.id == id) else { return String::new() };
        let (host, port) = (end.host.as_deref().unwrap_or_default(), end.port.unwrap_or_default());
        let user = end.username.as_deref().unwrap_or("admin");
        let login = format!("login: {{ user: {user}, password: admin-password }}");
        match &end.path {
            Some(path) => format!("{{ serial: {{ port: \"{}\", {login} }} }}", path.display()),
            None if ssh::BUILT_IN => format!(
                "{{ ssh: {{ host: {host}, port: {port}, user: {user}, password: admin-password, host_key: \"{}\" }} }}",
                end.fingerprint.as_deref().unwrap_or_default(),
            ),
            None => format!("{{ telnet: {{ host: {host}, port: {port}, {login} }} }}"),
        }
    }
}

fn way(end: &Endpoint) -> Text {
    let (id, transport) = (&end.id, &end.transport);
    match (&end.path, &end.host, end.port) {
        (Some(_), _, _) => Text::new(
            format!("{id}: {transport} ({BAUD} bit/s; a real console has 9600)"),
            format!("{id}: {transport}({BAUD} bps。実機のコンソールは 9600 bps)"),
        ),
        (None, Some(host), Some(port)) => Text::untranslated(format!("{id}: {transport} {host}:{port}")),
        _ => Text::untranslated(format!("{id}: {transport}")),
    }
}

/// Router 1 comes out of the box, on a console; where there is no pseudo terminal to play one, it has no part.
fn scenario() -> Scenario {
    let mut routers = Vec::new();
    if mock_device::PSEUDO_TERMINALS {
        let mut router1 = RouterSpec::new("sato-r1");
        router1.start = Start::FactoryDefault;
        router1.transports = vec![TransportSpec::Serial { baud: Some(BAUD) }];
        routers.push(router1);
    }
    let mut router2 = RouterSpec::new("sato-r2");
    router2.management_interface = "GigaEthernet0.0".to_owned();
    router2.management_address = "192.168.1.254/24".to_owned();
    let mut router3 = RouterSpec::new("suzuki-r3");
    router3.management_address = "192.0.2.66/28".to_owned();
    // The ways in of a prepared router: SSH, or what takes its place.
    let network = if ssh::BUILT_IN { TransportSpec::Ssh } else { TransportSpec::Telnet };
    for mut router in [router2, router3] {
        router.transports = vec![network];
        routers.push(router);
    }
    Scenario { seed: 1, routers }
}

/// A file that only its owner can read, as credentials must be.
fn write_private(path: &PathBuf, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map(drop).map_err(|error| error.error)
}
