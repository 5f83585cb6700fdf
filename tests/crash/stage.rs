//! A router, a small change of every kind for it, and the judgement over how it ended.

use mock_device::{DeadLock, Event, Fault, Mock, What};

use crate::harness::{Bench, prepared, router3};

const PLAYBOOK: &str = "version: 1\nname: crash\nplays:\n  - routers: r3\n    roles: [crash]\nrollout: { concurrency: 1, max_failures: 1 }\n";
const ROLE: &str = "version: 1\ntitle: { en: Crash, ja: Crash }\ndescription: { en: A change., ja: 変更 }\n\
    owns: [\"ip access-list crash-in\", \"url-list crash-list\", \"interface GigaEthernet1.0\"]\ntemplates: [crash.ix.j2]\n";
const TEMPLATE: &str = "ip access-list crash-in permit ip src 192.0.2.0/24 dest any\nip access-list crash-in deny ip src any dest any\n\
    url-list crash-list permit domain *a.example\nurl-list crash-list permit domain *b.example\n\
    interface GigaEthernet1.0\n  description crash\n  ip address 198.51.100.1/24\n  ip filter crash-in 1 in\n  no shutdown\n";

/// The words that apply the change.
pub const APPLY: [&str; 6] = ["apply", "crash.yaml", "-i", "clinics.yaml", "--yes", "--lang=en"];
/// The words that come back to it, once nobody else can hold config mode.
pub const RESUME: [&str; 4] = ["resume", "--yes", "--take-over", "--lang=en"];

/// A router with the lock of a lost session held as this says, and the files of the change.
pub fn bench(dead_lock: DeadLock, faults: Vec<Fault>) -> Bench {
    let mut spec = prepared("r3");
    spec.readings.dead_lock = dead_lock;
    spec.faults = faults;
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let role = bench.path("roles").join("crash");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(bench.path("crash.yaml"), PLAYBOOK).unwrap();
    std::fs::write(role.join("role.yaml"), ROLE).unwrap();
    std::fs::write(role.join("crash.ix.j2"), TEMPLATE).unwrap();
    bench
}

/// What the router is before and after the change, both configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    pub before: (String, String),
    pub after: (String, String),
}

impl Ends {
    /// From a run in which nothing goes wrong.
    pub fn observed() -> Self {
        let bench = bench(DeadLock::Freed, Vec::new());
        let before = bench.snapshot("r3");
        bench.run(&APPLY).exits(0);
        let after = bench.snapshot("r3");
        assert_ne!(before, after);
        assert_eq!(after.0, after.1);
        Self { before, after }
    }

    /// The state that the journal must name: the router's own files say it.
    #[track_caller]
    pub fn judge(&self, bench: &Bench, point: &str) -> &'static str {
        let now = bench.snapshot("r3");
        let end = if now == self.before {
            "undone"
        } else if now == self.after {
            "saved"
        } else {
            panic!("{point}: the router is neither before nor after:\n{}\nstartup:\n{}", now.0, now.1)
        };
        let told = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
        let last = told["runs"].as_array().and_then(|runs| runs.last()).cloned().unwrap_or_default();
        // A run that died before its first line wrote nothing, and says so.
        let state = last["state"].as_str().unwrap_or("planned").to_owned();
        let silent = ["planned", "locked", "backed-up", "refused", "unreachable", "occupied", "drifted"];
        let agrees = state == end || (end == "undone" && silent.contains(&state.as_str()));
        assert!(agrees, "{point}: the router is {end}, the journal says {state}");
        assert!(!last["unfinished"].as_bool().unwrap_or(false), "{point}");
        agree_about_lines(&bench.mock, &last, point);
        bench.run(&["journal", "verify"]).exits(0);
        end
    }
}

/// No line that the mock carried out may be missing in the journal's account.
#[track_caller]
fn agree_about_lines(mock: &Mock, part: &serde_json::Value, point: &str) {
    let changed = |event: &Event| match &event.what {
        What::Line { line, outcome: mock_device::Outcome::Accepted, .. } => {
            line.starts_with("ip access-list crash-in") || line.starts_with("url-list crash-list")
        }
        _ => false,
    };
    let carried_out = mock.events("r3").iter().filter(|event| changed(event)).count();
    if carried_out > 0 {
        assert!(part["run"].is_string(), "{point}: the router was changed and no run knows of it");
    }
}
