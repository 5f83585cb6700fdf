//! A visit whose terminal is taken away, as a closed window does: `script` makes one, and is killed.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use mock_device::{Fault, RouterSpec, Start, TransportSpec, When};

use crate::field::factory_box;
use crate::harness::{Bench, Declared, playbook};

/// A visit on a terminal that `script` makes: killed, it takes the terminal away as a closed window does.
struct OnAWindow {
    script: Child,
    keys: ChildStdin,
    shown: Receiver<u8>,
    /// Open as long as the program lives.
    alive: ChildStderr,
    seen: String,
}

impl OnAWindow {
    fn open(bench: &Bench, port: &str) -> Self {
        let book = playbook("online-eligibility.yaml");
        let visit =
            bench.command(&["field", &book, "-i", "clinics.yaml", "--port", port, "--plain", "--phase", "bench"]);
        let words = std::iter::once(visit.get_program()).chain(visit.get_args());
        let line = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect::<Vec<_>>().join(" ");
        // The parent of the tests may ignore a hang-up, and a program heeds that.
        let line = format!("exec env --default-signal=HUP,INT,TERM {line}");
        let mut command = Command::new("sh");
        command.args(["-c", "exec script -qfc \"$0\" /dev/null 3>&2 2>/dev/null", &line]);
        command.current_dir(bench.dir.path()).env_clear();
        command.envs(visit.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("SHELL", "/bin/sh");
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (keys, alive) = (script.stdin.take().unwrap(), script.stderr.take().unwrap());
        let (tell, shown) = channel();
        let out = BufReader::new(script.stdout.take().unwrap());
        std::thread::spawn(move || out.bytes().map_while(Result::ok).try_for_each(|byte| tell.send(byte)));
        Self { script, keys, shown, alive, seen: String::new() }
    }

    fn sees(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let from = self.seen.len();
        while !self.seen.get(from..).is_some_and(|seen| seen.contains(text)) {
            let left = deadline.saturating_duration_since(Instant::now());
            let byte = self.shown.recv_timeout(left).unwrap_or_else(|_| panic!("`{text}` is not in\n{}", self.seen));
            self.seen.push(char::from(byte));
        }
    }

    fn types(&mut self, text: &str) {
        self.keys.write_all(format!("{text}\r").as_bytes()).unwrap();
    }

    /// The window is closed; returns once the program has ended.
    fn closes(mut self) {
        self.script.kill().unwrap();
        self.script.wait().unwrap();
        self.alive.read_to_end(&mut Vec::new()).unwrap();
    }
}

#[test]
fn a_window_that_closes_in_the_middle_of_the_push_ends_the_visit_with_all_undone() {
    let mut spec = RouterSpec::new("r1");
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.faults = vec![Fault::Slow { when: When::matching("^bridge irb enable"), millis: 1500, times: 1 }];
    let vars = "ntt_area: east".to_owned();
    let bench = Bench::new(vec![(spec, Declared { vars, ..Declared::new("r1", "router1") })]);
    let before = bench.snapshot("r1");
    let port = bench.endpoint("r1").path.clone().unwrap().display().to_string();
    let mut window = OnAWindow::open(&bench, &port);
    window.sees("leave:");
    window.types("1");
    window.sees("leave:");
    window.types("y");
    window.sees("[p] ports:");
    window.types("y");
    window.sees("bridge irb enable");
    window.closes();
    assert_eq!(bench.snapshot("r1"), before);
    bench.run(&["status"]).exits(0);
}

#[test]
fn a_window_that_closes_at_a_question_agrees_to_nothing_and_ends_the_visit() {
    let (bench, port, _) = factory_box(38_400);
    let before = bench.snapshot("r1");
    let mut window = OnAWindow::open(&bench, &port);
    window.sees("leave:");
    window.types("1");
    window.sees("leave:");
    window.closes();
    assert_eq!(bench.snapshot("r1"), before);
    bench.run(&["status"]).exits(0);
}
