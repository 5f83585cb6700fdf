//! Signals to the built program, the real ones: the first Ctrl-C, sent by a system instead of an operator.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use mock_device::{Fault, When};

use crate::harness::{Bench, PASSWORD, assert_clean, playbook, prepared, program, router3};

/// A deployment in the middle of its push, held there by a slow line.
struct InTheMiddle {
    bench: Bench,
    before: (String, String),
    process: Child,
    lines: Box<dyn Iterator<Item = String>>,
}

/// What starts the program with signals as a terminal leaves them: the parent of the tests (`nohup`, a background job) may ignore some,
/// and a program heeds that. Elsewhere no such starter is known.
const WITH_SIGNALS: &[&str] = if cfg!(target_os = "linux") { &["env", "--default-signal=HUP,INT,TERM"] } else { &[] };

/// Starts `words` before the program, and waits for the line.
fn in_the_middle(words: &[&str], line: &str) -> InTheMiddle {
    let slow = Fault::Slow { when: When::matching(format!("^{line}")), millis: 1500, times: 1 };
    at_the_line(Bench::with_fault(slow), words, line)
}

/// The same with a router of the test's own.
fn at_the_line(bench: Bench, words: &[&str], line: &str) -> InTheMiddle {
    let before = bench.snapshot("r3");
    let book = playbook("online-eligibility.yaml");
    let plain = bench.command(&["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"]);
    let mut command = started_by(if words.is_empty() { WITH_SIGNALS } else { words }, plain);
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines: Box<dyn Iterator<Item = String>> =
        Box::new(BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok));
    assert!(lines.any(|said| said.contains(line)), "the line was never sent");
    InTheMiddle { bench, before, process, lines }
}

/// The program as these words start it.
fn started_by(words: &[&str], plain: Command) -> Command {
    let [starter, words @ ..] = words else { return plain };
    let mut wrapped = Command::new(starter);
    wrapped.args(words).arg(plain.get_program()).args(plain.get_args()).env_clear();
    wrapped.current_dir(plain.get_current_dir().unwrap());
    wrapped.envs(plain.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    wrapped.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    wrapped
}

impl InTheMiddle {
    fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    fn ends(mut self, status: i32) -> (Bench, String) {
        let rest = self.lines.collect::<Vec<_>>().join("\n");
        assert_clean("stderr", &rest);
        assert_eq!(self.process.wait().unwrap().code(), Some(status), "{rest}");
        (self.bench, rest)
    }
}

#[test]
fn a_signal_to_stop_is_the_first_ctrl_c_and_a_second_one_abandons_nothing() {
    for (first, second) in [("-TERM", "-HUP"), ("-HUP", "-TERM"), ("-INT", "-TERM")] {
        let mut run = in_the_middle(&[], "bridge irb enable");
        let before = run.before.clone();
        run.signal(first);
        assert!(run.lines.any(|said| said.contains("then undoing the change")), "{first} was not heard");
        run.signal(second);
        let (bench, rest) = run.ends(3);
        assert!(rest.contains("r3: applying: sending the plan; ends in "), "{rest}");
        assert!(rest.contains("run.stopped") && rest.contains("undone"), "{first}, {second}: {rest}");
        assert_eq!(bench.snapshot("r3"), before, "{first}, {second}");
    }
}

#[test]
fn a_program_that_was_detached_from_its_terminal_does_not_stop_when_the_window_closes() {
    let run = in_the_middle(&["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"], "bridge irb enable");
    run.signal("-HUP");
    let (bench, rest) = run.ends(0);
    assert!(rest.contains("saved"), "{rest}");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn a_save_that_has_begun_is_finished_before_a_signal_is_heeded() {
    let mut run = in_the_middle(&[], "bridge irb enable");
    run.bench.mock.inject("r3", Fault::Slow { when: When::matching("^write memory"), millis: 1500, times: 1 }).unwrap();
    assert!(run.lines.any(|said| said.contains("saving")), "it was never saved");
    run.signal("-TERM");
    let (bench, rest) = run.ends(0);
    assert!(rest.contains("saved"), "{rest}");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn one_signal_ends_a_run_whose_router_only_drips() {
    let line = "bridge irb enable";
    let drip = Fault::Drip { when: When::matching(format!("^{line}")), millis: 300, times: 1 };
    let mut bench = Bench::with_fault(drip);
    bench.declare(|router| router.deadlines = "{ connect: 10s, command: 3s, lock: 5s, reload: 30s }");
    let mut run = at_the_line(bench, &[], line);
    let before = run.before.clone();
    run.signal("-INT");
    assert!(run.lines.any(|said| said.contains("at the latest")), "the signal was not heard");
    // The line's total bound, then one login and the undo: nothing that comes byte by byte makes it longer.
    let begun = std::time::Instant::now();
    let (bench, rest) = run.ends(3);
    assert!(begun.elapsed() < std::time::Duration::from_secs(120), "{:?}", begun.elapsed());
    assert!(rest.contains("session.endless") || rest.contains("session.timeout"), "{rest}");
    assert_eq!(bench.snapshot("r3"), before);
}

/// Its screens ask where the cursor is: a terminal that goes away before it says so is not asked without end.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_hangs_up_before_it_says_where_its_cursor_is_ends_the_program() {
    use std::fs::File;
    use std::io::Read as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::time::{Duration, Instant};

    use nix::fcntl::OFlag;
    use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};

    let bench = Bench::new(vec![(prepared("r3"), router3("r3"))]);
    let book = playbook("online-eligibility.yaml");
    for words in [&["depot", &book, "-i", "clinics.yaml", "--yes"][..], &["field", &book, "-i", "clinics.yaml"]] {
        // No other process may hold the terminal's end open.
        let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
        let mut master = posix_openpt(flags).unwrap();
        grantpt(&master).and_then(|()| unlockpt(&master)).unwrap();
        let name = ptsname_r(&master).unwrap();
        let open = || File::options().read(true).write(true).custom_flags(OFlag::O_NOCTTY.bits()).open(&name);
        let side = || Stdio::from(open().unwrap());
        // What `-vv` says goes into no screen, so that there would be none.
        let mut plain = program();
        plain.args(["--lang", "en"]).args(words).current_dir(bench.dir.path());
        plain.env("IXDEPLOY_STATE_DIR", bench.path("state")).env("TEST_ADMIN_PASSWORD", PASSWORD).env("TERM", "xterm");
        let mut command = started_by(&["setsid", "--ctty"], plain);
        let mut process = command.stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
        drop(command);
        let mut said = Vec::new();
        while !said.windows(4).any(|bytes| bytes == b"\x1b[6n") {
            let mut some = [0; 4096];
            let count = master.read(&mut some).unwrap_or_default();
            assert_ne!(count, 0, "it ended without asking: {}", String::from_utf8_lossy(&said));
            said.extend_from_slice(&some[..count]);
        }
        drop(master);
        let until = Instant::now() + Duration::from_secs(60);
        while process.try_wait().unwrap().is_none() {
            if Instant::now() > until {
                process.kill().unwrap();
                panic!("`{}` goes on without its terminal", words[0]);
            }
            std::thread::yield_now();
        }
    }
}
