//! The stories in which something is cut or killed: a router, what is done to it, and what it is before and after.

use mock_device::scenario::NoDescription;
use mock_device::{DeadLock, Fault, Mock, RouterSpec, Scenario, Start, TransportSpec, When};

use crate::harness::{Bench, prepared, router3};

const PLAYBOOK: &str = "version: 1\nname: crash\nplays:\n  - routers: r3\n    roles: [crash]\nrollout: { concurrency: 1, max_failures: 1 }\n";
const ROLE: &str = "version: 1\ntitle: { en: Crash, ja: Crash }\ndescription: { en: A change., ja: 変更 }\n\
    owns: [\"ntp\", \"ip access-list crash-in\", \"url-list crash-list\", \"interface GigaEthernet1.0\", \"interface GigaEthernet1.1\"]\n\
    templates: [crash.ix.j2]\n";
/// Some of its lines go out together, some alone.
const TEMPLATE: &str = "ntp ip enable\nntp interval 600\nntp retry 3\nip access-list crash-in permit ip src 192.0.2.0/24 dest any\nip access-list crash-in deny ip src any dest any\n\
    url-list crash-list permit domain *a.example\nurl-list crash-list permit domain *b.example\n\
    interface GigaEthernet1.0\n  description crash\n  ip address 198.51.100.1/24\n  ip filter crash-in 1 in\n  no shutdown\n";
/// One of them, whose removal is not attested.
const DESCRIPTION: &str = "  description crash\n";
/// A line that takes effect only after a restart.
const WAITS_FOR_RESTART: &str = "interface GigaEthernet1.1\n  encapsulation dot1q 10\n";
/// The last line of the plan that the router is made to refuse, where the undo is the story.
const REFUSED: &str = "ip filter crash-in";

/// The words that apply the change.
pub const APPLY: [&str; 6] = ["apply", "crash.yaml", "-i", "clinics.yaml", "--yes", "--lang=en"];
/// The words that come back to it, once no one else can hold config mode.
pub const RESUME: [&str; 4] = ["resume", "--yes", "--take-over", "--lang=en"];

/// What is done to the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// A change is pushed, proven and saved over SSH.
    Push,
    /// The same over telnet, where the login is typed on the same line.
    Login,
    /// One of its lines is refused, and all is undone.
    Undo,
    /// As pushed, but a description goes whose removal the router takes in another form than the first, without a word.
    Forms,
    /// It is saved already, and the router is restarted for a line that waits for it.
    Restart,
}

/// A router at the beginning of a story, and the words that tell it.
pub struct Stage {
    pub bench: Bench,
    pub words: Vec<String>,
}

/// The same router with a description, which it takes away in one form and ignores in the other.
fn described(spec: RouterSpec) -> RouterSpec {
    let running = {
        let dir = tempfile::tempdir().unwrap();
        let mock = Mock::start(Scenario { seed: 1, routers: vec![spec.clone()] }, dir.path()).unwrap();
        mock.running_config("r3").unwrap()
    };
    let mut spec = spec;
    spec.start = Start::Config(format!("{running}interface GigaEthernet1.0\n{DESCRIPTION}"));
    spec.host_key = Some(true);
    spec.readings.no_description = NoDescription::IgnoreText;
    spec
}

impl Stage {
    /// Sets the stage; `cut` counts from here.
    pub fn of(story: Story, dead_lock: DeadLock, cut: Option<Fault>) -> Self {
        let mut spec = prepared("r3");
        spec.readings.dead_lock = dead_lock;
        if story == Story::Login {
            spec.transports = vec![TransportSpec::Telnet];
        }
        if story == Story::Undo {
            spec.faults = vec![Fault::Refuse { when: When::matching(REFUSED), text: None, times: 1 }];
        }
        if story == Story::Forms {
            spec = described(spec);
        }
        let mut bench = Bench::new(vec![(spec, router3("r3"))]);
        bench.declare(|router| router.deadlines = "{ connect: 10s, command: 10s, lock: 1s, save: 2s, reload: 3s }");
        let role = bench.path("roles").join("crash");
        std::fs::create_dir_all(&role).unwrap();
        std::fs::write(bench.path("crash.yaml"), PLAYBOOK).unwrap();
        std::fs::write(role.join("role.yaml"), ROLE).unwrap();
        let more = if story == Story::Restart { WAITS_FOR_RESTART } else { "" };
        let template = if story == Story::Forms { TEMPLATE.replace(DESCRIPTION, "") } else { TEMPLATE.to_owned() };
        std::fs::write(role.join("crash.ix.j2"), format!("{template}{more}")).unwrap();
        let mut words = APPLY.map(str::to_owned).to_vec();
        if story == Story::Restart {
            let applied = bench.run(&["apply", "crash.yaml", "-i", "clinics.yaml", "--yes", "--format", "json"]);
            let run = applied.exits(0).json()["run"].as_str().unwrap().to_owned();
            words = vec!["restart".to_owned(), run, "--yes".to_owned()];
        }
        if let Some(cut) = cut {
            bench.mock.inject("r3", cut).unwrap();
        }
        Self { bench, words }
    }

    /// The words, as the program takes them.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

/// No router is left unknown, and `status` says what the run's own record says.
///
/// A run that has its end has told its own exit status: nothing of it is left to tell, 0. One without an end is told as long as its router is
/// not saved: it is proven to be what it was before, and someone has to say how it goes on, 3. Where the run was not even begun in the
/// journal, there is nothing to tell: 0.
pub fn leaves_none_unknown(bench: &Bench, name: &str) {
    let shown = bench.run(&["--format", "json", "show", "last"]);
    let waits = shown.status == 0 && {
        let shown = shown.json();
        let is_saved = shown["outcomes"].as_array().unwrap().iter().any(|outcome| outcome["state"] == "saved");
        shown["exit_of_run"].is_null() && !is_saved
    };
    let status = bench.run(&["status"]);
    assert_eq!(status.status, if waits { 3 } else { 0 }, "{name}\n{}\n{}", status.stdout, status.stderr);
    assert_eq!(status.stdout.contains("ixdeploy continue"), waits, "{name}\n{}", status.stdout);
}
