//! A fleet planned from kept backups: `ixdeploy plan --from-backup` for ten thousand clinics, with no device.
//!
//! The peer is hier_config. It does less: it reads both texts and works out the change and its rollback for one clinic, as many times as
//! there are clinics.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mock_device::RouterSpec;

use crate::clinic::Deployed;
use crate::peers::Peers;
use crate::stage::Stage;
use crate::table::{Expected, figure, heading};

const CLINICS: usize = 10_000;
/// Lines of a backup.
const LINES: usize = 120;
/// The best of so many runs of the others counts.
const PEER_RUNS: usize = 20;
const PLAYBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/add-domain.yaml");
const DOMAIN: &str = "*.new-domain.example";

/// Prints the section.
pub fn run(peers: Option<&Peers>) {
    heading("F. 10,000 clinics planned from kept backups of 120 lines: add a domain");
    let deployed = Deployed::once();
    let backup = |number: usize| padded(&deployed.running(&format!("r{number}")), number);
    let stage = Stage::new("mock-password", &sites());
    let backups = stage.path("backups");
    for number in 1..=CLINICS {
        let folder = backups.join(format!("r{number}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("running.cfg"), backup(number)).unwrap();
    }
    let (folder, plan) = (backups.display().to_string(), stage.path("plan.json"));
    let file = plan.display().to_string();
    let ran = stage.ixdeploy(&["plan", "--from-backup", &folder, "-o", &file], Path::new(PLAYBOOK));
    // 2: there is something to do.
    assert_eq!(ran.status, Some(2), "{}", ran.said);
    let said = fs::read_to_string(stage.path("stdout")).unwrap();
    let wanted = format!("{CLINICS} router(s) to change");
    assert!(said.contains(&wanted) || ran.said.contains(&wanted), "{said}{}", ran.said);
    let (usage, bytes) = (ran.usage, fs::metadata(&plan).unwrap().len() as f64);
    figure("ixdeploy plan --from-backup -o, the whole command", usage.seconds, "s", &Expected::Nothing);
    figure("ixdeploy, processor", usage.cpu, "s", &Expected::AtMost(10.0));
    figure("ixdeploy, resident memory", usage.resident as f64 / 1024.0, "MiB", &Expected::AtMost(1024.0));
    figure("the plan file", bytes / 1e6, "MB", &Expected::AtMost(100.0));
    let Some(peers) = peers else { return };
    let (before, after) = (backup(1), backup(1).replacen("\nurl-list online-sikaku permit", &with_domain(), 1));
    let [old, new] = [("old", before), ("new", after)].map(|(name, text)| {
        let path = stage.path(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    });
    match peers.run("hier_config_bench.py", &[old, new, PEER_RUNS.to_string()]) {
        Ok(result) => {
            let theirs = result.as_f64().unwrap_or_default() * CLINICS as f64;
            figure("hier_config, one clinic as often", theirs, "s", &Expected::Nothing);
            figure("hier_config / ixdeploy, processor", theirs / usage.cpu, "times", &Expected::Nothing);
        }
        Err(why) => println!("    {why}"),
    }
}

/// The url-list with one more domain above the others: where it stands does not matter to the others.
fn with_domain() -> String {
    format!("\nurl-list online-sikaku permit domain {DOMAIN}\nurl-list online-sikaku permit")
}

/// A configuration as long as a backup of ours, with networks that only this clinic has.
fn padded(running: &str, clinic: usize) -> String {
    let mut text = running.to_owned();
    let (high, low) = (clinic / 250, clinic % 250);
    for number in running.lines().count()..LINES {
        writeln!(text, "ip access-list branch permit ip src 10.{high}.{low}.{number}/32 dest any").unwrap();
    }
    text
}

fn sites() -> String {
    let mut text = String::new();
    for number in 1..=CLINICS {
        let id = format!("r{number}");
        write!(
            text,
            r#"  site-{id}:
    routers:
      {id}:
        model: IX2215
        role: router1
        connection: {{ ssh: {{ host: {id}.clinic.example, user: admin, password: admin-password }} }}
        identity: {{ serial_number: "{serial}" }}
        lifeline: {{ interface: GigaEthernet2:1.0, address: 192.0.2.1, switch_port: 8 }}
        vars: {{ extra_domains: ["{DOMAIN}"] }}
"#,
            serial = RouterSpec::new(id.as_str()).serial(),
        )
        .unwrap();
    }
    text
}
