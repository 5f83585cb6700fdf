//! What is shown to people is visible text, whatever is in files, journals, recordings and on routers: each test plants what acts on
//! a terminal or hides in one, and searches all that came out. `harness` searches the output of every other test too.

use mock_device::{Fault, When};

use crate::harness::{Bench, acts_on_a_terminal, assert_visible, playbook, prepared, router3};
use crate::lost::last_run;

/// Characters that a router can print within a line: the session follows the rest itself.
const PRINTED: &str = "\u{9b}31m\u{9d}52;c;AA\u{9c}\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}\u{2028}";
/// Everything, as a file can hold it.
const WRITTEN: &str = "\u{1b}[31m\u{1b}]52;c;cm0=\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{7f}\u{7}\u{8}a\rb\u{85}\u{ad}\u{2028}\u{e0041}";

/// The same inside a string of JSON or of YAML in double quotes.
fn quoted(text: &str) -> String {
    text.chars()
        .flat_map(|c| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>())
        .collect()
}

#[test]
fn router_output_is_escaped_for_terminals() {
    let mut spec = prepared("r3");
    spec.firmware = Some(format!("10.8.27{PRINTED}"));
    let text = format!("% {PRINTED}dangerous\r\n% r4: saved{PRINTED}");
    spec.faults = vec![
        Fault::Refuse { when: When::matching("^description ## Innai"), text: Some(text), times: 1 },
        Fault::LogLine { when: When::matching("^bridge 1"), text: PRINTED.to_owned(), after_output_lines: 0, times: 1 },
    ];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let run = bench.apply(&["--phase", "bench"]).exits(3).says("\\u{9b}31m").says("\\u{202e}");
    let forged = |line: &str| line.starts_with("% r4") || line.starts_with("r4:");
    assert!(!run.stderr.lines().chain(run.stdout.lines()).any(forged), "{}", run.stderr);
    let name = last_run(&bench);
    bench.run(&["show", &name]).exits(0).says("\\u{202e}");
    bench.run(&["history", "r3"]).exits(0);
    let told = bench.run(&["--format", "json", "show", &name]).exits(0);
    assert!(told.json().to_string().contains(PRINTED), "JSON loses nothing: {}", told.stdout);
    let events = std::fs::read_to_string(bench.path("events.jsonl")).unwrap();
    let lost_nothing =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap().to_string().contains(PRINTED);
    assert!(events.lines().any(lost_nothing), "{events}");
}

/// What hides, but is no key for a router: lines that hold a control byte are never made into commands.
const HIDDEN: &str = "\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}\u{2028}\u{e0041}";

/// A configuration for `fmt` and `lint`, and two for `diff`.
fn configurations(bench: &Bench) {
    let with = |text: &str| format!("hostname r1\ninterface GigaEthernet0.0\n  description {text}\n  shutdown\n");
    std::fs::write(bench.path("a.cfg"), with(&WRITTEN.replace('\r', ""))).unwrap();
    std::fs::write(bench.path("b.cfg"), with(HIDDEN)).unwrap();
    std::fs::write(bench.path("c.cfg"), "hostname r1\n").unwrap();
}

const EXACT: [(&[&str], &str); 2] = [
    (&["fmt", "a.cfg"], "\u{1b}]52;c;cm0=\u{7}\u{1b}[2J\u{9b}31m"),
    (&["diff", "c.cfg", "b.cfg", "--format", "commands"], HIDDEN),
];

#[test]
fn configurations_are_escaped_for_terminals_and_exact_for_pipes() {
    let bench = Bench::one();
    configurations(&bench);
    bench.run(&["diff", "c.cfg", "b.cfg"]).exits(2).says("\\u{202e}");
    let lost = bench.run(&["--format", "json", "diff", "c.cfg", "b.cfg"]).exits(2).json();
    assert!(lost["diff"].as_str().unwrap().contains(HIDDEN), "{lost}");
    bench.run(&["diff", "c.cfg", "a.cfg"]).exits(1).says("\\u{1b}]52");
    bench.run(&["lint", "a.cfg"]);
    bench.run(&["--format", "json", "fmt", "a.cfg"]).exits(0);
    for (words, text) in EXACT {
        let out = bench.command(words).output().unwrap();
        assert!(String::from_utf8(out.stdout).unwrap().contains(text), "{words:?}");
    }
}

#[test]
#[cfg(unix)]
fn at_a_terminal_what_is_exact_to_a_pipe_is_visible_text() {
    let bench = Bench::one();
    configurations(&bench);
    for (words, text) in EXACT {
        let all = at_a_terminal(&bench, words);
        let escape = |c: char| if acts_on_a_terminal(c) { c.escape_unicode().to_string() } else { c.to_string() };
        assert!(all.contains(&text.chars().map(escape).collect::<String>()), "{all:?}");
        assert_visible("the terminal", &all);
    }
    let all = at_a_terminal(&bench, &["diff", "c.cfg", "b.cfg"]);
    assert!(all.contains("\u{1b}[32m+"), "our own colours: {all:?}");
    assert_visible("the terminal", &anstream::adapter::strip_str(&all).to_string());
}

/// What the operator sees of a command, line ends as the program wrote them.
#[cfg(unix)]
fn at_a_terminal(bench: &Bench, words: &[&str]) -> String {
    let mut command = bench.command(words);
    command.env("TERM", "xterm");
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    // It gives each byte as a character.
    let bytes = session.exp_eof().unwrap().chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

#[test]
fn inventory_text_is_escaped_for_terminals() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let hostile = quoted(&WRITTEN.replace("\u{e0041}", ""));
    for (what, text) in [
        ("an unknown key", inventory.replace("role: router3", &format!("\"{hostile}\": x\n        role: router3"))),
        ("a model", inventory.replace("model: IX2215", &format!("model: \"{hostile}\""))),
        ("a role", inventory.replace("role: router3", &format!("role: \"r{hostile}\""))),
        ("a user", inventory.replace("user: admin", &format!("user: \"a{hostile}\""))),
        ("a variable", inventory.replace("ntt_area: west", &format!("ntt_area: \"{hostile}\""))),
        ("no YAML", format!("{WRITTEN}\n{inventory}")),
        ("a value bare", inventory.replace("ntt_area: west", "ntt_area: \u{9b}31m\u{202e}west")),
    ] {
        assert_ne!(text, inventory, "{what}");
        std::fs::write(bench.path("clinics.yaml"), &text).unwrap();
        for format in ["text", "json"] {
            let book = playbook("online-eligibility.yaml");
            let run = bench.run(&["--format", format, "check", &book, "-i", "clinics.yaml"]);
            assert_eq!(run.status, 1, "{what}: {}", run.stderr);
        }
    }
}

#[test]
fn template_errors_are_escaped_for_terminals() {
    let bench = Bench::one();
    let role = bench.path("roles/r");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(
        bench.path("p.yaml"),
        format!("version: 1\nname: \"p{}\"\nplays:\n  - routers: r3\n    roles: [r]\n", quoted("\u{1b}[31m\u{202e}")),
    )
    .unwrap();
    std::fs::write(
        role.join("role.yaml"),
        format!(
            "version: 1\ntitle: {{ en: \"{0}\", ja: \"{0}\" }}\nowns: [ntp]\ntemplates: [r.ix.j2]\n",
            quoted("x\u{9b}31m")
        ),
    )
    .unwrap();
    for template in [
        format!("{{{{ raise('{WRITTEN}') }}}}\n"),
        format!("{{{{ {WRITTEN} }}}}\n"),
        format!("ntp {WRITTEN}\n"),
        format!("{WRITTEN}\n"),
    ] {
        std::fs::write(role.join("r.ix.j2"), &template).unwrap();
        for format in ["text", "json"] {
            let run = bench.run(&["--format", format, "check", "p.yaml", "-i", "clinics.yaml"]);
            assert_eq!(run.status, 1, "{template:?}: {}", run.stderr);
        }
    }
}

/// Every string of a document with something planted in it, one after another.
fn planted(value: &serde_json::Value, hostile: &str) -> Vec<serde_json::Value> {
    use serde_json::Value;
    match value {
        Value::String(text) => vec![Value::String(format!("{text}{hostile}"))],
        Value::Array(items) => (0..items.len())
            .flat_map(|index| {
                planted(&items[index], hostile).into_iter().map(move |item| {
                    let mut items = items.clone();
                    items[index] = item;
                    Value::Array(items)
                })
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, field)| {
                planted(field, hostile).into_iter().map(move |field| {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), field);
                    Value::Object(fields)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn plan_files_are_escaped_for_terminals() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    let mut kept: serde_json::Value = serde_json::from_slice(&std::fs::read(bench.path("plan.json")).unwrap()).unwrap();
    // One line of each list is enough to plant in.
    shorten(&mut kept);
    let plans = planted(&kept, WRITTEN);
    assert!(plans.len() > 10, "{}", plans.len());
    for plan in plans {
        std::fs::write(bench.path("plan.json"), plan.to_string()).unwrap();
        bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--phase", "bench"]);
    }
    std::fs::write(bench.path("plan.json"), format!("{{\"schema\": \"{WRITTEN}\"")).unwrap();
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml"]).exits(1);
}

fn shorten(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(items) => {
            items.truncate(1);
            items.iter_mut().for_each(shorten);
        }
        serde_json::Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

#[test]
fn forged_journals_are_escaped_for_terminals() {
    let bench = Bench::with_fault(Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true });
    bench.apply(&["--phase", "bench"]).exits(4);
    let name = last_run(&bench);
    forge(&bench);
    for words in [
        ["status"].as_slice(),
        &["history", "r3"],
        &["show", &name],
        &["show", &name, "--undo", "--format", "json"],
        &["resume", "--yes"],
        &["journal", "verify"],
    ] {
        bench.run(words);
        bench.run(&[words, &["--lang", "ja"]].concat());
    }
    bench.run(&["--format", "json", "show", &name]);
    // To a pipe the lines are exact: they are there to be typed.
    let undo = bench.command(&["show", &name, "--undo"]).output().unwrap();
    assert!(String::from_utf8(undo.stdout).unwrap().contains("\u{9b}31m"));
}

/// Plants in every string of every record.
fn forge(bench: &Bench) {
    let journal = rusqlite::Connection::open(bench.path("state/journal.sqlite")).unwrap();
    journal.execute_batch("DROP TRIGGER record_is_final").unwrap();
    let mut read = journal.prepare("SELECT number, body FROM record").unwrap();
    let rows: Vec<(i64, String)> =
        read.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    for (number, body) in rows {
        let mut record: serde_json::Value = serde_json::from_str(&body).unwrap();
        plant_everywhere(&mut record, &["kind", "state", "code", "action"]);
        journal.execute("UPDATE record SET body = ?1 WHERE number = ?2", (record.to_string(), number)).unwrap();
    }
}

fn plant_everywhere(value: &mut serde_json::Value, but: &[&str]) {
    match value {
        serde_json::Value::String(text) => text.push_str(WRITTEN),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| plant_everywhere(item, but)),
        serde_json::Value::Object(fields) => {
            fields
                .iter_mut()
                .filter(|(key, _)| !but.contains(&key.as_str()))
                .for_each(|(_, field)| plant_everywhere(field, but));
        }
        _ => {}
    }
}

#[test]
fn recordings_are_escaped_for_terminals() {
    let bench = Bench::one();
    let hostile = quoted(WRITTEN);
    let tape = format!(
        "{{\"version\": 2, \"width\": 80, \"height\": 24, \"timestamp\": 1, \"title\": \"{hostile}\"}}\n[0.1, \"o\", \"r1# {hostile}\\r\\n\"]\n[0.2, \"i\", \"{hostile}\\r\"]\n[0.3, \"o\", \"% {hostile}\\r\\n% A new kind of answer {}\\r\\nr1# \"]\n",
        quoted(PRINTED)
    );
    std::fs::write(bench.path("x.cast"), tape).unwrap();
    // What the recording wrote over in its own row is gone, as on the terminal then.
    bench.run(&["replay", "x.cast"]).exits(0).says("\\u{9b}31m\\u{202e}");
    bench.run(&["replay", "x.cast", "--speed", "1000"]).exits(0);
    bench.run(&["replay", "x.cast", "--check"]).exits(2);
    let told = bench.run(&["--format", "json", "replay", "x.cast"]).exits(0).json();
    assert_eq!(told["title"], WRITTEN);
    std::fs::write(bench.path("lone.cast"), "{\"version\": 2, \"title\": \"\\ud800\"}\n[0.1, \"o\", \"\\udc00x\"]\n")
        .unwrap();
    bench.run(&["replay", "lone.cast"]).exits(1);
}

#[test]
fn arguments_are_escaped_for_terminals() {
    let bench = Bench::one();
    for words in [
        ["lint", WRITTEN].as_slice(),
        &["diff", WRITTEN, "x"],
        &[WRITTEN],
        &["check", "x", "-l", WRITTEN, "-i", WRITTEN],
        &["show", WRITTEN],
        &["history", WRITTEN],
        &["backup", "-i", "clinics.yaml", "-o", WRITTEN, "-l", WRITTEN],
        &["--format", "json", "lint", WRITTEN],
        &["--format", WRITTEN, "status"],
    ] {
        let run = bench.run(words);
        assert!(run.status >= 0, "{words:?}");
        assert_visible("stderr", &run.stderr);
    }
}
