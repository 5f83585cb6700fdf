//! A night: `ixdeploy apply` adds a domain to the url-list of up to ten thousand clinics, verifies, checks and saves, over a path of 20 ms.
//!
//! Beside it the journal's share, and netmiko with the same change on fewer clinics.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ixdeploy::journal::Journal;
use ixdeploy::state::State;
use mock_device::{Mock, RouterSpec, Scenario};

use crate::clinic::{self, Deployed};
use crate::journal;
use crate::peers::Peers;
use crate::process;
use crate::stage::{Ran, Stage};
use crate::table::{Expected, figure, heading};

/// How many clinics; each by itself, from nothing. `IX_BENCH_CLINICS` leaves out what is more than it says.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
const LATENCY_MILLIS: u64 = 20;
/// Clinics under way at once.
const CONCURRENCY: &str = "250";
/// What the whole of the largest size may take, in seconds.
const NIGHT: f64 = 300.0;
/// Of the others' clinics: enough to see how many they change in a second.
const PEER_CLINICS: usize = 200;
/// Thread counts that are tried with them.
const PEER_THREADS: [usize; 4] = [10, 25, 50, 100];
const PLAYBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/add-domain.yaml");
const DOMAIN: &str = "*.new-domain.example";

/// What a night needed.
#[derive(Clone, Copy)]
struct Night {
    clinics: f64,
    seconds: f64,
    /// Processor seconds of ours.
    cpu: f64,
}

/// Prints the section.
pub fn run(peers: Option<&Peers>) {
    heading("E. A night: add a domain, verify, save; 20 ms each way, 250 clinics at once, one mock process");
    let deployed = Deployed::once();
    let most: usize = std::env::var("IX_BENCH_CLINICS").ok().and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= most).collect();
    let nights: Vec<Night> = sizes.iter().map(|size| night(&deployed, *size, sizes.last() == Some(size))).collect();
    let (Some(least), Some(night)) = (nights.first(), nights.last()) else { return };
    let each = |night: &Night| night.cpu / night.clinics;
    let growth = each(night) / each(least);
    figure(
        &format!("ixdeploy, processor per clinic, {} / {}", night.clinics, least.clinics),
        growth,
        "times",
        &Expected::AtMost(1.2),
    );
    if let Some(peers) = peers {
        beside(peers, &deployed, *night);
    }
}

/// One night over so many clinics, from nothing.
fn night(deployed: &Deployed, clinics: usize, is_last: bool) -> Night {
    let folder = tempfile::tempdir().unwrap();
    let mock = mock(deployed, clinics, folder.path());
    let vars = format!("vars: {{ extra_domains: [\"{DOMAIN}\"] }}");
    let sites: String = mock.endpoints().iter().map(|end| clinic::site(end, end.port.unwrap(), &vars)).collect();
    let stage = Stage::new("mock-password", &sites);
    let before = process::own();
    let words = ["apply", "--yes", "--concurrency", CONCURRENCY, "--max-failures", "100%"];
    let ran = stage.ixdeploy(&words, Path::new(PLAYBOOK));
    let mocks = process::own() - before;
    drop(mock);
    println!("\n{clinics} clinics");
    print(&ran, mocks, clinics);
    let state = Arc::new(Journal::open(&stage.path("state"), Arc::new(())).unwrap());
    let listed = state.runs(1).unwrap();
    let saved: usize = listed[0].ends.iter().filter(|end| end.state == Some(State::Saved)).map(|end| end.routers).sum();
    figure("saved, of all clinics", saved as f64 / clinics as f64 * 100.0, "%", &Expected::AtLeast(100.0));
    let records = state.records(&listed[0].run.run).unwrap();
    if is_last {
        journal::share(&records, ran.usage.cpu);
        journal::lists(&state, &records, clinics);
    } else if clinics == 1_000 {
        journal::syncs(&records);
    }
    Night { clinics: clinics as f64, seconds: ran.usage.seconds, cpu: ran.usage.cpu }
}

fn mock(deployed: &Deployed, clinics: usize, folder: &Path) -> Mock {
    let router = |number| RouterSpec { latency_millis: LATENCY_MILLIS, ..deployed.router(&format!("r{number}")) };
    Mock::start(Scenario { routers: (1..=clinics).map(router).collect(), ..Scenario::default() }, folder).unwrap()
}

fn print(ran: &Ran, mocks: f64, clinics: usize) {
    let (count, usage) = (clinics as f64, ran.usage);
    let in_time = if clinics == 10_000 { Expected::AtMost(NIGHT) } else { Expected::Nothing };
    figure("ixdeploy apply --yes, the whole command", usage.seconds, "s", &in_time);
    figure("ixdeploy, clinics a second", count / usage.seconds, "/s", &Expected::Nothing);
    figure("ixdeploy, processor per clinic", usage.cpu / count * 1000.0, "ms", &Expected::Nothing);
    figure("ixdeploy, resident memory", usage.resident as f64 / 1024.0, "MiB", &Expected::AtMost(1024.0));
    figure("the mock, processor per clinic", mocks / count * 1000.0, "ms", &Expected::Nothing);
    println!("    exit status {:?}; at most {} threads and {} files at once", ran.status, usage.threads, usage.files);
}

/// netmiko with the same change: read, add the line, read again and compare, save.
fn beside(peers: &Peers, deployed: &Deployed, ours: Night) {
    println!("\nnetmiko, {PEER_CLINICS} clinics");
    let mut best: Option<(f64, f64)> = None;
    for threads in PEER_THREADS {
        let folder = tempfile::tempdir().unwrap();
        let mock = mock(deployed, PEER_CLINICS, folder.path());
        let ready = folder.path().join("ready.json");
        fs::write(&ready, serde_json::to_string(mock.endpoints()).unwrap()).unwrap();
        let line = format!("url-list online-sikaku permit domain {DOMAIN}");
        match peers.run("night.py", &[ready.display().to_string(), threads.to_string(), line]) {
            Ok(result) => {
                let number = |name: &str| result[name].as_f64().unwrap_or_default();
                let (rate, cpu) = (number("clinics_per_second"), number("cpu_per_clinic"));
                figure(&format!("netmiko with {threads} threads, clinics a second"), rate, "/s", &Expected::Nothing);
                if best.is_none_or(|(most, _)| rate > most) {
                    best = Some((rate, cpu));
                }
            }
            Err(why) => println!("    {why}"),
        }
    }
    let Some((rate, cpu)) = best else { return };
    figure("netmiko at its best, processor per clinic", cpu * 1000.0, "ms", &Expected::Nothing);
    figure(
        "ixdeploy / netmiko at its best, clinics a second",
        ours.clinics / ours.seconds / rate,
        "times",
        &Expected::Nothing,
    );
    let ratio = cpu * ours.clinics / ours.cpu;
    figure("netmiko at its best / ixdeploy, processor per clinic", ratio, "times", &Expected::Nothing);
}
