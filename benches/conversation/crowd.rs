//! A thousand routers at once against one mock: how many sessions a second, and what each costs.
//!
//! Ours is `ixdeploy verify`: it logs in, reads model, serial number, firmware, running and startup configuration under config
//! mode, plans, and says for each router whether it is as declared. The others connect, read the running configuration and close.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mock_device::{Mock, RouterSpec, Scenario};

use crate::peers::Peers;
use crate::process;
use crate::stage::Stage;
use crate::table::{Expected, figure, heading};

const ROUTERS: usize = 1000;
/// Of the others' routers: enough to see how many they read in a second.
const PEER_ROUTERS: usize = 120;
/// Thread counts that are tried with them.
const PEER_THREADS: [usize; 4] = [10, 25, 50, 100];

/// Prints the section.
pub fn run(peers: Option<&Peers>) {
    heading("C. 1,000 routers at once over SSH, one mock process");
    let folder = tempfile::tempdir().unwrap();
    let routers = (1..=ROUTERS).map(|number| RouterSpec::new(format!("r{number}"))).collect();
    let mock = Mock::start(Scenario { routers, ..Scenario::default() }, folder.path()).unwrap();
    let (stage, playbook) = (Stage::new("mock-password", &sites(&mock)), folder.path().join("bench.yaml"));
    write_playbook(folder.path(), &playbook);
    let one = stage.ixdeploy(&["verify", "--limit", "r1"], &playbook);
    assert_eq!(one.status, Some(0), "{}", one.said);
    let before = process::own();
    let all = stage.ixdeploy(&["verify"], &playbook);
    let mocks = process::own() - before;
    assert_eq!(all.status, Some(0), "{}", all.said.lines().take(20).collect::<Vec<_>>().join("\n"));
    let (count, usage) = (ROUTERS as f64, all.usage);
    let per_second = count / usage.seconds;
    let kib = usage.resident.saturating_sub(one.usage.resident) as f64 / (count - 1.0);
    figure("ixdeploy, sessions a second", per_second, "/s", &Expected::Nothing);
    figure("ixdeploy, processor per session", usage.cpu / count * 1000.0, "ms", &Expected::Nothing);
    figure("ixdeploy, resident memory per session", kib, "KiB", &Expected::AtMost(1024.0));
    println!(
        "    {:.1} s; at most {} files and {} threads at once, {} MiB; one session alone {} MiB",
        usage.seconds,
        usage.files,
        usage.threads,
        usage.resident / 1024,
        one.usage.resident / 1024
    );
    figure("the mock, processor per session", mocks / count * 1000.0, "ms", &Expected::Nothing);
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    let busy = |cpu: f64| cpu / usage.seconds / cores * 100.0;
    println!("    of {cores} processors ixdeploy kept {:.0} % busy, the mock {:.0} %", busy(usage.cpu), busy(mocks));
    let Some(peers) = peers else { return };
    let ready = folder.path().join("ready.json");
    fs::write(&ready, serde_json::to_string(mock.endpoints()).unwrap()).unwrap();
    let mut best: Option<(f64, f64, f64)> = None;
    for threads in PEER_THREADS {
        let words = [ready.display().to_string(), PEER_ROUTERS.to_string(), threads.to_string()];
        match peers.run("crowd.py", &words) {
            Ok(result) => {
                let number = |name: &str| result[name].as_f64().unwrap_or_default();
                let (rate, cpu, kib) =
                    (number("sessions_per_second"), number("cpu_per_session"), number("kib_per_session"));
                figure(&format!("netmiko with {threads} threads, sessions a second"), rate, "/s", &Expected::Nothing);
                if best.is_none_or(|(most, ..)| rate > most) {
                    best = Some((rate, cpu, kib));
                }
            }
            Err(why) => println!("    {why}"),
        }
    }
    let Some((rate, cpu, peer_kib)) = best else { return };
    figure("netmiko at its best, processor per session", cpu * 1000.0, "ms", &Expected::Nothing);
    figure("netmiko at its best, resident memory per session", peer_kib, "KiB", &Expected::Nothing);
    figure("ixdeploy / netmiko at its best, sessions a second", per_second / rate, "times", &Expected::Nothing);
    figure(
        "netmiko at its best / ixdeploy, processor per session",
        cpu * count / usage.cpu,
        "times",
        &Expected::Nothing,
    );
}

fn sites(mock: &Mock) -> String {
    let mut text = String::new();
    for end in mock.endpoints() {
        write!(
            text,
            r#"  site-{id}:
    routers:
      {id}:
        model: IX2215
        role: named
        connection: {{ ssh: {{ host: 127.0.0.1, port: {port}, user: admin, password: admin-password, host_key: "{key}" }} }}
        deadlines: {{ connect: 120s, login: 50s, command: 120s, read: 120s }}
        vars: {{ hostname: {id} }}
"#,
            id = end.id,
            port = end.port.unwrap_or_default(),
            key = end.fingerprint.as_deref().unwrap_or_default(),
        )
        .unwrap();
    }
    text
}

/// A playbook with one role, which declares the name that the router has.
fn write_playbook(folder: &Path, playbook: &Path) {
    let role = folder.join("roles/named");
    fs::create_dir_all(&role).unwrap();
    let declared = "version: 1\ntitle: { en: Host name, ja: ホスト名 }\nowns: [hostname]\ntemplates: [name.ix.j2]\nvariables:\n  hostname: { type: string, required: true, description: { en: Its name., ja: 名前。 } }\n";
    fs::write(role.join("role.yaml"), declared).unwrap();
    fs::write(role.join("name.ix.j2"), "hostname {{ hostname }}\n").unwrap();
    let play = format!(
        "version: 1\nname: bench\ntitle: {{ en: Bench, ja: 計測 }}\nplays:\n  - roles: [named]\nrollout: {{ concurrency: {ROUTERS}, max_failures: {ROUTERS} }}\n"
    );
    fs::write(playbook, play).unwrap();
}
