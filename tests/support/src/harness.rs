//! Mock routers, an inventory for them, and the program run on both.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mock_device::{Endpoint, Event, Fault, Mock, RouterSpec, Scenario, Start, TransportSpec};
use tempfile::TempDir;

pub use crate::program::program;
use crate::program::root;
pub use crate::ran::Run;

/// The administrator's password on every mock router, and in the credentials: found nowhere but there.
pub const PASSWORD: &str = "CanaryAdmin7Pw";
/// Secrets in a router's configuration: found nowhere but there.
pub const DEVICE_SECRETS: [&str; 3] = ["CanaryPpp8Pw", "CanaryIke9Psk", "CanaryNew5Pw"];
/// How every hash that a mock makes ends; a hash is a secret too, but too short a needle alone.
const NEEDLES: [&str; 4] = [PASSWORD, DEVICE_SECRETS[0], DEVICE_SECRETS[1], DEVICE_SECRETS[2]];

/// Routers of a test, and the files of its user.
pub struct Bench {
    /// The running mock routers.
    pub mock: Mock,
    /// The user's folder.
    pub dir: TempDir,
    routers: Vec<Declared>,
}

/// One router as the inventory declares it.
#[derive(Clone)]
pub struct Declared {
    /// Its name.
    pub id: String,
    /// Its role in the shipped playbook.
    pub role: &'static str,
    /// Its model.
    pub model: &'static str,
    /// Its serial number, where the inventory has one.
    pub serial_number: Option<String>,
    /// Its host name, where the inventory has one.
    pub host_name: Option<&'static str>,
    /// Its variables, as written between braces.
    pub vars: String,
    /// Its lifeline, as YAML.
    pub lifeline: Option<&'static str>,
    /// What is known of its host key.
    pub host_key: HostKey,
    /// Whether its console asks for a login.
    pub console_login: bool,
    /// Its deadlines, as YAML.
    pub deadlines: &'static str,
}

/// What the inventory says about the SSH host key.
#[derive(Clone, PartialEq, Eq)]
pub enum HostKey {
    /// Pinned to the mock's.
    Pinned,
    /// Left to known_hosts.
    KnownHosts,
    /// Pinned to another one.
    Wrong,
}

impl Declared {
    /// A router with the right serial number and host key.
    pub fn new(id: &str, role: &'static str) -> Self {
        Self {
            id: id.to_owned(),
            role,
            model: "IX2215",
            serial_number: Some(RouterSpec::new(id).serial()),
            host_name: None,
            vars: String::new(),
            lifeline: None,
            host_key: HostKey::Pinned,
            console_login: false,
            deadlines: "{ connect: 10s, command: 10s, lock: 1s, reload: 3s }",
        }
    }
}

/// Ports of this machine at which nothing answers. They are below those that a system gives out: one that was given out and closed is the
/// next test's.
pub const CLOSED_PORTS: [u16; 6] = [1, 2, 3, 4, 5, 6];

/// The prepared router 3 of the demo: management on switch port 8, which the role leaves alone.
pub fn prepared(id: &str) -> RouterSpec {
    let mut spec = RouterSpec::new(id);
    spec.password = PASSWORD.to_owned();
    spec.management_address = "192.0.2.66/28".to_owned();
    spec
}

/// Its declaration.
pub fn router3(id: &str) -> Declared {
    Declared {
        vars: "ntt_area: west".to_owned(),
        lifeline: Some("{ interface: GigaEthernet2.0, address: 192.0.2.66, switch_port: 8 }"),
        ..Declared::new(id, "router3")
    }
}

/// A router as it leaves the factory, on a console of this speed; nothing for one that is not paced.
pub fn factory_on_console(id: &str, baud: Option<u32>) -> RouterSpec {
    let mut spec = RouterSpec::new(id);
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud }];
    spec
}

/// A bench with one such router, `r1`, whose serial number no inventory has; and that number.
pub fn unknown_factory_box(baud: Option<u32>) -> (Bench, String) {
    let spec = factory_on_console("r1", baud);
    let serial = spec.serial();
    let vars = "ntt_area: east".to_owned();
    let declared = Declared { serial_number: None, vars, ..Declared::new("r1", "router1") };
    (Bench::new(vec![(spec, declared)]), serial)
}

/// Takes away which words are a router's own: only the present form says that.
fn without_own_words(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.remove("own");
            fields.values_mut().for_each(without_own_words);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_own_words),
        _ => {}
    }
}

impl Bench {
    /// Starts routers and writes an inventory that is right about them.
    pub fn new(routers: Vec<(RouterSpec, Declared)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (specs, declared): (Vec<_>, Vec<_>) = routers.into_iter().unzip();
        let mock = Mock::start(Scenario { seed: 1, routers: specs }, &dir.path().join("routers")).unwrap();
        let bench = Self { mock, dir, routers: declared };
        bench.write_inventory();
        bench
    }

    /// One prepared router 3 over SSH.
    pub fn one() -> Self {
        Self::new(vec![(prepared("r3"), router3("r3"))])
    }

    /// The same with one fault.
    pub fn with_fault(fault: Fault) -> Self {
        let mut spec = prepared("r3");
        spec.faults = vec![fault];
        Self::new(vec![(spec, router3("r3"))])
    }

    /// Declares a router otherwise.
    pub fn declare(&mut self, change: impl Fn(&mut Declared)) {
        self.routers.iter_mut().for_each(change);
        self.write_inventory();
    }

    /// What a plan file says, each router whole.
    pub fn kept_plan(&self, name: &str) -> serde_json::Value {
        self.run(&["--format", "json", "show", name]).exits(0).json()["plan"].take()
    }

    /// The same in the form before the present one, in which nothing is shared: so that a test may edit it by hand.
    pub fn plan_to_edit(&self, name: &str) -> serde_json::Value {
        let mut plan = self.kept_plan(name);
        let whole = plan.as_object_mut().unwrap();
        whole.retain(|key, _| !["rollout", "unplanned"].contains(&key.as_str()));
        whole.insert("schema".to_owned(), "ixdeploy-plan/4".into());
        whole.insert("concurrency".to_owned(), 4.into());
        whole.insert("max_failures".to_owned(), 1.into());
        let of_present = ["reason", "limit", "backups", "title"];
        whole["made"].as_object_mut().unwrap().retain(|key, _| !of_present.contains(&key.as_str()));
        without_own_words(&mut plan);
        plan
    }

    /// A file of the user's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write_inventory(&self) {
        std::fs::write(self.path("clinics.yaml"), self.inventory()).unwrap();
    }

    fn inventory(&self) -> String {
        let mut text = String::from(
            "version: 1\ncredentials:\n  admin-password: { env: TEST_ADMIN_PASSWORD }\n  new-password: { env: TEST_NEW_PASSWORD }\nsites:\n",
        );
        for router in &self.routers {
            let id = &router.id;
            writeln!(
                text,
                "  site-{id}:\n    routers:\n      {id}:\n        model: {}\n        role: {}",
                router.model, router.role
            )
            .unwrap();
            writeln!(text, "        connection: {}", self.connection(router)).unwrap();
            writeln!(text, "        deadlines: {}", router.deadlines).unwrap();
            let name = router.host_name.map(|name| format!(", hostname: {name}")).unwrap_or_default();
            if let Some(number) = &router.serial_number {
                writeln!(text, "        identity: {{ serial_number: \"{number}\"{name} }}").unwrap();
            }
            if let Some(lifeline) = router.lifeline {
                writeln!(text, "        lifeline: {lifeline}").unwrap();
            }
            if !router.vars.is_empty() {
                writeln!(text, "        vars: {{ {} }}", router.vars).unwrap();
            }
        }
        text
    }

    fn connection(&self, router: &Declared) -> String {
        let end = self.endpoint(&router.id);
        match &end.path {
            Some(path) => {
                let login =
                    if router.console_login { ", login: { user: admin, password: admin-password }" } else { "" };
                format!("{{ serial: {{ port: \"{}\"{login} }} }}", path.display())
            }
            None if end.transport == "telnet" => format!(
                "{{ telnet: {{ host: {}, port: {}, login: {{ user: admin, password: admin-password }} }} }}",
                end.host.as_deref().unwrap_or_default(),
                end.port.unwrap_or_default(),
            ),
            None => {
                let pin = match router.host_key {
                    HostKey::Pinned => format!(", host_key: \"{}\"", end.fingerprint.as_deref().unwrap_or_default()),
                    HostKey::Wrong => format!(", host_key: \"SHA256:{}\"", "A".repeat(43)),
                    HostKey::KnownHosts => String::new(),
                };
                format!(
                    "{{ ssh: {{ host: {}, port: {}, user: admin, password: admin-password{pin} }} }}",
                    end.host.as_deref().unwrap_or_default(),
                    end.port.unwrap_or_default(),
                )
            }
        }
    }

    /// The first way into a router.
    pub fn endpoint(&self, id: &str) -> &Endpoint {
        self.mock.endpoints().iter().find(|end| end.id == id).unwrap()
    }

    /// Runs the program with English messages.
    pub fn run(&self, words: &[&str]) -> Run {
        self.finish(self.command(words).output().unwrap())
    }

    /// The same as an operator types it: without the debug log, and with the progress that everyone gets.
    pub fn run_plainly(&self, words: &[&str]) -> Run {
        self.finish(self.command_with(&[], words).output().unwrap())
    }

    /// The program, not yet started.
    pub fn command(&self, words: &[&str]) -> Command {
        self.command_with(&["-vv"], words)
    }

    fn command_with(&self, options: &[&str], words: &[&str]) -> Command {
        let mut command = program();
        command
            .args(["--lang", "en", "--events"])
            .arg(self.path("events.jsonl"))
            .args(options)
            .args(words)
            .env("IXDEPLOY_STATE_DIR", self.path("state"))
            .env("TEST_ADMIN_PASSWORD", PASSWORD)
            .env("TEST_NEW_PASSWORD", DEVICE_SECRETS[2])
            .current_dir(self.dir.path());
        command
    }

    /// What a finished program did, searched for secrets.
    pub fn finish(&self, output: Output) -> Run {
        let run = Run {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for (place, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            assert_clean(place, text);
            assert_visible(place, text);
        }
        if let Ok(events) = std::fs::read_to_string(self.path("events.jsonl")) {
            assert_visible("the events", &events);
        }
        for place in ["state", "events.jsonl", "plan.json", "masked", "recorded"] {
            assert_clean_below(&self.path(place));
        }
        run
    }

    /// `check` of the shipped playbook.
    pub fn check(&self) -> Run {
        self.run(&["check", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"])
    }

    /// `plan` of the shipped playbook.
    pub fn plan(&self, more: &[&str]) -> Run {
        self.with(&["plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"], more)
    }

    /// `apply --yes` of the shipped playbook.
    pub fn apply(&self, more: &[&str]) -> Run {
        self.with(&["apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--yes"], more)
    }

    fn with(&self, words: &[&str], more: &[&str]) -> Run {
        let words: Vec<&str> = words.iter().chain(more).copied().collect();
        self.run(&words)
    }

    /// What a router runs, without its header.
    pub fn running(&self, id: &str) -> String {
        without_header(&self.mock.running_config(id).unwrap())
    }

    /// What a router has saved, without its header.
    pub fn startup(&self, id: &str) -> String {
        without_header(&self.mock.startup_config(id).unwrap_or_default())
    }

    /// What a router says was done to it.
    pub fn events(&self, id: &str) -> Vec<Event> {
        self.mock.events(id)
    }

    /// Both configurations, to be compared with the same later.
    pub fn snapshot(&self, id: &str) -> (String, String) {
        (self.running(id), self.startup(id))
    }
}

/// The configuration alone: the header shows the time.
fn without_header(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('!') && !line.starts_with("Using ")).fold(
        String::new(),
        |mut all, line| {
            all.push_str(line);
            all.push('\n');
            all
        },
    )
}

/// A playbook that ships.
pub fn playbook(name: &str) -> String {
    root().join("playbooks").join(name).display().to_string()
}

/// Insists that no canary secret is in a text.
#[track_caller]
pub fn assert_clean(place: &str, text: &str) {
    for needle in NEEDLES {
        assert!(!text.contains(needle), "a secret stands in {place}:\n{}", text.replace(needle, "<<<SECRET>>>"));
    }
}

/// Whether a character acts on a terminal or hides in one; line feed and tab are layout.
pub fn acts_on_a_terminal(c: char) -> bool {
    let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    hidden || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Insists that a text holds nothing that acts on a terminal.
#[track_caller]
pub fn assert_visible(place: &str, text: &str) {
    let found = text.lines().find(|line| line.chars().any(acts_on_a_terminal));
    assert_eq!(found, None, "in {place}");
}

fn assert_clean_below(path: &Path) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            assert_clean_below(&entry.unwrap().path());
        }
    } else if path.is_file() {
        assert_clean(&path.display().to_string(), &String::from_utf8_lossy(&std::fs::read(path).unwrap()));
    }
}
