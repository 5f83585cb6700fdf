//! One router on a console of 9600 bit/s: push sample A router 1 and read the running configuration, over what the wire needs.
//!
//! The wire needs a character time for every byte that the router sends, echoes included, and one more for each line, whose Return
//! goes out only after its echo has come. With lost characters the floor stays that of the run without.

use std::path::Path;
use std::thread;

use mock_device::{Fault, Mock, RouterSpec, Scenario, Start};

use crate::stage::{PLAYBOOK, Stage};
use crate::table::{Expected, figure, heading};
use crate::tape;

/// Characters in a second: a start bit, eight data bits, a stop bit.
const CHARACTERS: f64 = 960.0;
/// One typed character in this many is lost.
const LOSS: u32 = 2000;
/// Runs with losses, each with its own seed; their mean counts, since a run meets few losses.
const SEEDS: [u64; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// The part of a run that is measured.
struct Push {
    seconds: f64,
    bytes: usize,
    lines: usize,
    /// Lines that were typed again, in whole or in part.
    repairs: usize,
}

impl Push {
    fn floor(&self) -> f64 {
        (self.bytes + self.lines) as f64 / CHARACTERS
    }
}

/// Prints the section.
pub fn run() {
    heading("B. Serial console at 9600 bit/s: push sample A router 1, read the running configuration");
    // They take turns with no one: each has its router, and all of them mostly wait for the wire.
    let lossy = SEEDS.map(|seed| thread::spawn(move || push(seed, Some(LOSS))));
    let clean = push(0, None);
    let lossy: Vec<Push> = lossy.into_iter().map(|run| run.join().unwrap()).collect();
    let floor = clean.floor();
    figure("the wire alone", floor, "s", &Expected::Nothing);
    println!(
        "    {} bytes from the router and {} lines, at {CHARACTERS} characters a second",
        clean.bytes, clean.lines
    );
    figure("ixdeploy, nothing lost", clean.seconds, "s", &Expected::Nothing);
    let mean = lossy.iter().map(|run| run.seconds).sum::<f64>() / lossy.len() as f64;
    figure("ixdeploy, 1 character in 2,000 lost, mean of 8", mean, "s", &Expected::Nothing);
    let each: Vec<String> =
        lossy.iter().map(|run| format!("{:.2} s with {} repairs", run.seconds, run.repairs)).collect();
    println!("    {}", each.join(", "));
    figure("nothing lost / the wire alone", clean.seconds / floor, "times", &Expected::AtMost(1.10));
    figure("1 character in 2,000 lost and repaired / the wire alone", mean / floor, "times", &Expected::AtMost(1.20));
}

fn push(seed: u64, loss: Option<u32>) -> Push {
    let folder = tempfile::tempdir().unwrap();
    let faults = loss.map(|one_in| Fault::CharacterLoss { one_in }).into_iter().collect();
    let spec = RouterSpec { start: Start::FactoryDefault, faults, ..RouterSpec::new("r1") };
    let serial = spec.serial();
    let spec = RouterSpec { transports: vec![mock_device::TransportSpec::Serial { baud: Some(9600) }], ..spec };
    let mock = Mock::start(Scenario { seed, routers: vec![spec] }, folder.path()).unwrap();
    let console = mock.endpoints()[0].path.clone().unwrap();
    let sites = format!(
        r#"  bench:
    routers:
      r1:
        model: IX2215
        role: router1
        connection: {{ serial: {{ port: "{}" }} }}
        identity: {{ serial_number: "{serial}" }}
        vars: {{ ntt_area: east }}
"#,
        console.display()
    );
    let stage = Stage::new("unused", &sites);
    let tapes = stage.path("tapes").display().to_string();
    let ran = stage.ixdeploy(&["apply", "--yes", "--phase", "bench", "--record", &tapes], Path::new(PLAYBOOK));
    assert_eq!(ran.status, Some(0), "{}", ran.said);
    let first = stage.events().into_iter().find(|event| event["event"] == "sending").unwrap();
    let first = first["line"].as_str().unwrap_or_default();
    let lines = tape::lines(stage.tapes().last().unwrap());
    let from = lines.iter().position(|line| line.text == first).unwrap();
    let read = lines.iter().skip(from).position(|line| line.text == "show running-config").unwrap() + from;
    let measured = &lines[from..=read];
    Push {
        seconds: lines[read + 1].at - lines[from].at,
        bytes: measured.iter().map(|line| line.bytes).sum(),
        lines: measured.len(),
        repairs: measured.iter().map(|line| line.erased).sum(),
    }
}
