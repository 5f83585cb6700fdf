//! `--record` and `replay`: what a recording shows, and what it must not.

use mock_device::{Fault, RouterSpec, Start, TransportSpec, When};

use crate::harness::{Bench, DEVICE_SECRETS, Declared, PASSWORD, assert_clean, prepared, router3};

/// All recordings of a run, as bytes with what a player makes of them.
fn tapes(bench: &Bench) -> Vec<(String, String)> {
    let mut tapes: Vec<(String, String)> = std::fs::read_dir(bench.path("tapes"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    tapes.sort();
    tapes
}

/// What a player shows, without the folds that the terminal's width makes: a secret cut in two by one is still a secret.
fn unfolded(tape: &str) -> String {
    let events = tape.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let text: String = events.map(|event| event[2].as_str().unwrap().to_owned()).collect();
    text.chars().filter(|c| !c.is_control() && *c != ' ' && *c != '$').collect()
}

#[track_caller]
fn assert_tapes_clean(bench: &Bench) {
    for (name, tape) in tapes(bench) {
        assert_clean(&name, &tape);
        assert_clean(&name, &unfolded(&tape));
    }
}

#[test]
fn every_command_that_reads_a_router_can_be_recorded_and_replayed() {
    let bench = Bench::one();
    bench.plan(&["--record", "tapes"]).exits(2);
    bench.apply(&["--record", "tapes", "--phase", "bench"]).exits(0);
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "masked", "--mask", "--record", "tapes"]).exits(0);
    let names: Vec<String> = tapes(&bench).into_iter().map(|(name, _)| name).collect();
    assert!(names.len() >= 3, "plan, apply, backup: {names:?}");
    assert_eq!(names[0], "r3-1.cast");
    assert_tapes_clean(&bench);
    let tape = bench.path("tapes/r3-1.cast").display().to_string();
    bench.run(&["replay", &tape]).exits(0).says("show running-config");
    // The engine follows every tape again: that of the push with its windows too.
    for (name, _) in tapes(&bench) {
        let tape = bench.path("tapes").join(name).display().to_string();
        let checked = bench.run(&["--format", "json", "replay", &tape, "--check"]).exits(0).json();
        assert_eq!(checked["misread"].as_array().map(Vec::len), Some(0), "{checked}");
        assert!(checked["typed"].as_u64() > Some(5), "{checked}");
    }
    let cut = std::fs::read_to_string(&tape).unwrap().replacen("show version\\r\\n", "show vrsion\\r\\n", 1);
    std::fs::write(bench.path("damaged.cast"), cut).unwrap();
    bench.run(&["replay", "damaged.cast", "--check"]).exits(2).says("not followed to its prompt: show version");
    let replay = bench.run(&["--format", "json", "replay", &tape]).exits(0).json();
    assert_eq!((replay["title"].as_str(), replay["command"].as_str()), (Some("r3"), Some("replay")));
    // No one waits for a minute here: the whole of it takes no time at such a speed.
    bench.run(&["replay", &tape, "--speed", "1000000"]).exits(0).says("show running-config");
    bench.run(&["replay", &tape, "--speed", "0"]).exits(1).says("replay.speed");
    bench.run(&["replay", "clinics.yaml"]).exits(1).says("recording.format");
}

#[test]
#[cfg(unix)]
fn a_secret_line_whose_echo_is_folded_reaches_no_recording() {
    // Out of the box on a console of 80 columns: the administrator's line is entered, and is then used to log in.
    let mut spec = RouterSpec::new("r1");
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    // This firmware knows no wider terminal; with a prompt of 40 columns its echo folds in the middle of the password.
    spec.faults = vec![Fault::Refuse { when: When::matching("^terminal width"), text: None, times: 0 }];
    let declared = Declared {
        vars: "ntt_area: east, hostname: host-name-of-thirty-characters, management: true, \
               management_password: admin-password, \
               management_allowed: [198.51.100.0/24], management_address: 192.0.2.1/29"
            .to_owned(),
        ..Declared::new("r1", "router1")
    };
    let bench = Bench::new(vec![(spec, declared)]);
    bench.apply(&["--record", "tapes", "--phase", "bench"]).exits(0);
    // Once more behind the new host name: prompt and line are so long that the echo folds inside the password.
    let mut bench = bench;
    bench.declare(|router| router.console_login = true);
    bench.apply(&["--record", "tapes", "--phase", "bench", "--set-secrets"]).exits(0);
    assert!(bench.running("r1").contains("username admin"), "the secret line was typed");
    assert!(tapes(&bench).iter().any(|(_, tape)| tape.contains("username admin")), "and recorded, masked");
    assert_tapes_clean(&bench);
}

#[test]
fn secrets_of_the_router_itself_reach_no_recording() {
    let mut spec = prepared("r3");
    let base = Bench::new(vec![(spec.clone(), router3("r3"))]).running("r3");
    let ppp = DEVICE_SECRETS[0];
    spec.start = Start::Config(format!("{base}ppp profile isp\n  authentication password clinic@isp.example {ppp}\n"));
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    bench.apply(&["--record", "tapes", "--phase", "bench"]).exits(0);
    assert_tapes_clean(&bench);
    let leaked =
        std::panic::catch_unwind(|| assert_clean("a test", &unfolded(&format!("{{}}\n[0,\"o\",\"{PASSWORD}\"]"))));
    assert!(leaked.is_err(), "the search finds what it should");
}

#[test]
fn a_folder_that_cannot_be_written_stops_before_anything_is_typed() {
    let bench = Bench::one();
    std::fs::write(bench.path("tapes"), "a file").unwrap();
    bench.plan(&["--record", "tapes"]).exits(3).says("recording.file");
}
