//! One router over SSH, 20 ms away: connect, read, push sample A router 1, verify, save. Ours beside others, and beside the floor.

use std::fs;
use std::path::Path as File;
use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::plan::{self, Lifeline, LifelinePath, Plan};
use mock_device::{Endpoint, Mock, Scenario};
use serde_json::Value;

use crate::clinic::{self, ADDRESS, INTERFACE};
use crate::floor::Floor;
use crate::path::Path;
use crate::peers::Peers;
use crate::stage::{PLAYBOOK, Stage};
use crate::table::{Expected, best, figure, heading};
use crate::tape;

const ONE_WAY: Duration = Duration::from_millis(20);
/// The best of this many runs counts.
const RUNS: usize = 5;
const PEER_RUNS: usize = 3;
/// One of our runs.
struct Ours {
    before: String,
    after: String,
    checks: usize,
    /// The whole command, and the transaction in it.
    command: f64,
    transaction: f64,
    round_trips: usize,
    phases: Vec<(&'static str, f64)>,
}

/// Prints the section.
pub fn run(peers: Option<&Peers>) {
    heading("A. SSH, one router, 20 ms each way: connect, read, push sample A router 1, verify, save");
    let runs: Vec<Ours> = (0..RUNS).map(|_| ours()).collect();
    let Some(ours) = runs.iter().min_by(|a, b| a.transaction.total_cmp(&b.transaction)) else { return };
    let lifeline = LifelinePath {
        interface: Some(INTERFACE.to_owned()),
        address: Some(ADDRESS.to_owned()),
        ..LifelinePath::default()
    };
    let (before, after) = (Config::parse(Dialect::ix(), &ours.before), Config::parse(Dialect::ix(), &ours.after));
    let plan = plan::between(&before, &after, &Lifeline::Path(lifeline), 255).unwrap();
    let fastest =
        peers.map_or(f64::INFINITY, |peers| best(["netmiko", "scrapli"].map(|name| peer(peers, name, ours, &plan))));
    let phases: Vec<String> = ours.phases.iter().map(|(name, seconds)| format!("{name} {seconds:.2}")).collect();
    figure("ixdeploy, the transaction", ours.transaction, "s", &Expected::Nothing);
    println!("    {} lines, {} round trips: {}", plan.commands.len(), ours.round_trips, phases.join(", "));
    figure(
        "ixdeploy apply --yes, the whole command",
        best(runs.iter().map(|run| run.command)),
        "s",
        &Expected::Nothing,
    );
    let mut floors = Vec::new();
    for (name, windows) in [("floor, line by line", false), ("floor, with windows", true)] {
        let floor = Floor::of(&plan, ours.checks, windows);
        figure(name, floor.seconds(ONE_WAY), "s", &Expected::Nothing);
        println!("    {} round trips: {}", floor.round_trips(), floor.derivation());
        floors.push(floor.seconds(ONE_WAY));
    }
    if fastest.is_finite() {
        figure(
            "the faster peer / ixdeploy, the transaction",
            fastest / ours.transaction,
            "times",
            &Expected::AtLeast(3.0),
        );
        let command = best(runs.iter().map(|run| run.command));
        figure("the faster peer / ixdeploy, the whole command", fastest / command, "times", &Expected::AtLeast(2.8));
    }
    if fastest.is_finite() {
        figure(
            "the faster peer / floor with windows, the most there is",
            fastest / best(floors.clone()),
            "times",
            &Expected::Nothing,
        );
    }
    let command = best(runs.iter().map(|run| run.command));
    figure("the whole command / the transaction", command / ours.transaction, "times", &Expected::AtMost(1.1));
    figure("ixdeploy / floor with windows", ours.transaction / best(floors), "times", &Expected::AtMost(1.5));
}

/// The seconds of a peer for the same lines; infinite where it is not there or fails.
fn peer(peers: &Peers, name: &str, ours: &Ours, plan: &Plan) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let (lines, expected) = (folder.path().join("lines"), folder.path().join("expected"));
    fs::write(&lines, plan.commands_text(true)).unwrap();
    fs::write(&expected, &ours.after).unwrap();
    let mut fastest: Option<(f64, Value)> = None;
    for _ in 0..PEER_RUNS {
        let (_mock, end, path) = router(&folder.path().join("routers"));
        let words = [
            name.to_owned(),
            "127.0.0.1".to_owned(),
            path.port.to_string(),
            end.username.unwrap_or_default(),
            end.password.unwrap_or_default(),
            lines.display().to_string(),
            expected.display().to_string(),
        ];
        match peers.run("deploy.py", &words) {
            Ok(result) => {
                let seconds = result["seconds"].as_f64().unwrap_or(f64::INFINITY);
                if fastest.as_ref().is_none_or(|(least, _)| seconds < *least) {
                    fastest = Some((seconds, result));
                }
            }
            Err(why) => println!("    {why}"),
        }
        fs::remove_dir_all(folder.path().join("routers")).unwrap();
    }
    let Some((seconds, result)) = fastest else { return f64::INFINITY };
    figure(name, seconds, "s", &Expected::Nothing);
    let phase = |name: &str| format!("{name} {:.2}", result["phases"][name].as_f64().unwrap_or_default());
    println!("    {}", ["connect", "read", "push", "verify", "save"].map(phase).join(", "));
    seconds
}

/// A prepared router and the path to it.
fn router(folder: &File) -> (Mock, Endpoint, Path) {
    let mock = Mock::start(Scenario { routers: vec![clinic::prepared("r1")], ..Scenario::default() }, folder).unwrap();
    let end = mock.endpoints()[0].clone();
    let path = Path::to(end.port.unwrap(), ONE_WAY);
    (mock, end, path)
}

fn ours() -> Ours {
    let folder = tempfile::tempdir().unwrap();
    let (mock, end, path) = router(folder.path());
    let before = mock.running_config("r1").unwrap();
    let sites = clinic::site(&end, path.port, "vars: { hostname: r1, ntt_area: east }");
    let stage = Stage::new(end.password.as_deref().unwrap_or_default(), &sites);
    let tapes = stage.path("tapes").display().to_string();
    let ran = stage.ixdeploy(&["apply", "--yes", "--phase", "bench", "--record", &tapes], File::new(PLAYBOOK));
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    let events = stage.events();
    let ended = events.iter().find(|event| event["event"] == "ended").unwrap();
    let checks = events.iter().filter(|event| event["event"] == "checked" && !event["passed"].is_null()).count();
    let first = events.iter().find(|event| event["event"] == "sending").unwrap();
    let transaction = ended["milliseconds"].as_f64().unwrap() / 1000.0;
    Ours {
        before,
        after: mock.running_config("r1").unwrap(),
        checks,
        command: ran.usage.seconds,
        transaction,
        // One session does everything; another one only proves that the changed path lets us in.
        round_trips: path.round_trips().iter().sum(),
        phases: phases(&tape::lines(&stage.tapes()[0]), first["line"].as_str().unwrap_or_default(), transaction),
    }
}

/// Where the time of the transaction went, by the lines that were typed.
fn phases(lines: &[tape::Typed], first: &str, all: f64) -> Vec<(&'static str, f64)> {
    let at = |index: usize| lines.get(index).map_or(0.0, |line| line.at);
    let push = lines.iter().position(|line| line.text == first).unwrap_or_default();
    let after = |from: usize, text: &str| {
        lines.iter().skip(from).position(|line| line.text == text).map_or(from, |index| from + index)
    };
    let verify = after(push, "show running-config");
    let save = after(verify, "write memory");
    let leave = after(save, "exit");
    let end = at(lines.len().saturating_sub(1));
    vec![
        ("connect and goodbye", all - end + at(0) + end - at(leave)),
        ("read", at(push) - at(0)),
        ("push", at(verify) - at(push)),
        ("verify and check", at(save) - at(verify)),
        ("save and read again", at(leave) - at(save)),
    ]
}
