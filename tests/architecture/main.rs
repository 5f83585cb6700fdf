//! The house rules that a compiler does not hold: which way imports go, what pure modules may not touch, where platforms differ.
#![allow(clippy::unwrap_used, reason = "a failed test is the point")]

mod banned;
mod circles;
mod dependencies;
mod imports;
mod parameters;
mod size;

use std::path::{Path, PathBuf};

/// The modules in the order in which data flows; the same order as in `src/lib.rs` and `docs/architecture.md`.
const ORDER: [&str; 29] = [
    "visible",
    "message",
    "private",
    "file",
    "secret",
    "kit",
    "dialect",
    "ix",
    "plan",
    "facts",
    "window",
    "state",
    "inventory",
    "playbook",
    "transport",
    "session",
    "cancel",
    "record",
    "laptop",
    "journal",
    "control",
    "connect",
    "transaction",
    "fleet",
    "run",
    "report",
    "field",
    "cli",
    "main",
];

/// Every Rust file below a folder, in order.
fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The project's folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The file's name below `src`, and its lines without comments and without what follows `#[cfg(test)]`.
fn code(path: &Path) -> (String, Vec<(usize, String)>) {
    let name = path.strip_prefix(src()).unwrap().display().to_string().replace('\\', "/");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line.to_owned()))
        .collect();
    (name, lines)
}

fn module_of(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap_or_default()
}

/// A file of tests: by its own name, or by that of its folder.
fn is_test_file(name: &str) -> bool {
    name.trim_end_matches(".rs").split('/').any(|part| part.ends_with("tests"))
}

#[test]
fn a_module_imports_only_modules_listed_before_it() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let (name, lines) = code(&path);
        let Some(own) = place(module_of(&name)) else { continue };
        for (number, line) in lines {
            for part in line.split("crate::").skip(1) {
                let module: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if place(&module).is_some_and(|other| other > own) {
                    wrong.push(format!("{name}:{number}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the flow:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_its_place() {
    for entry in std::fs::read_dir(src()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = module_of(&name);
        assert!(module == "lib" || ORDER.contains(&module), "{module} stands nowhere in the order");
    }
}

#[test]
fn the_language_and_the_planner_touch_nothing_outside() {
    const FORBIDDEN: [&str; 10] = [
        "std::fs",
        "TcpStream",
        "UdpSocket",
        "std::io",
        "std::process",
        "std::thread",
        "std::env",
        "Instant",
        "SystemTime",
        "tokio",
    ];
    let mut wrong = Vec::new();
    for folder in ["dialect", "ix", "plan", "window"] {
        for path in sources(&src().join(folder)) {
            let (name, lines) = code(&path);
            for (number, line) in lines.iter().filter(|_| !is_test_file(&name)) {
                if FORBIDDEN.iter().any(|word| line.contains(word)) {
                    wrong.push(format!("{name}:{number}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "not pure:\n{}", wrong.join("\n"));
}

#[test]
fn the_fleet_never_sees_a_session_and_its_dispatcher_neither_threads_nor_time() {
    let mut wrong = Vec::new();
    for path in sources(&src().join("fleet")) {
        let (name, lines) = code(&path);
        let mut forbidden = vec!["crate::session", "crate::transport", "crate::inventory", "tokio"];
        if name.starts_with("fleet/dispatcher/") || name == "fleet/task.rs" {
            forbidden.extend(["std::thread", "mpsc", "Mutex", "Instant", "SystemTime", "crate::connect", "std::fs"]);
        }
        for (number, line) in lines.iter().filter(|_| !is_test_file(&name)) {
            if forbidden.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "fleet reaches too far:\n{}", wrong.join("\n"));
}

#[test]
fn platforms_differ_only_in_their_paired_files() {
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let (name, lines) = code(&path);
        if is_test_file(&name) {
            continue;
        }
        let paired = ["unix", "windows"].iter().any(|end| name.trim_end_matches(".rs").ends_with(end));
        for (number, line) in lines {
            let differs = ["std::os::unix", "std::os::windows", "cfg(unix)", "cfg(windows)", "cfg(not(unix))", "cfg!("];
            if !paired && differs.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "outside a platform's own file:\n{}", wrong.join("\n"));
}

#[test]
fn a_run_prints_nothing_and_reads_no_terminal() {
    const FORBIDDEN: [&str; 9] =
        ["print!(", "println!(", "stdin()", "stdout()", "stderr()", "IsTerminal", "anstream", "rpassword", "clap"];
    let mut wrong = Vec::new();
    for path in sources(&src().join("run")) {
        let (name, lines) = code(&path);
        if is_test_file(&name) {
            continue;
        }
        for (number, line) in lines {
            if FORBIDDEN.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "the operator is asked and told through the port alone:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for path in sources(&src()) {
        let (name, _) = code(&path);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(is_test_file(&name) || text.starts_with("//!"), "{} does not open with what it is for", path.display());
    }
}

#[test]
fn nothing_assumes_a_series() {
    // The model of a router decides its dialect, and `dialect` itself in which one a file is read that names no model.
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let (name, lines) = code(&path);
        if is_test_file(&name) || name.starts_with("dialect/") {
            continue;
        }
        let named = lines.into_iter().filter(|(_, line)| line.contains("Dialect::ix"));
        wrong.extend(named.map(|(number, line)| format!("{name}:{number}: {}", line.trim())));
    }
    assert!(wrong.is_empty(), "these take one series for every router:\n{}", wrong.join("\n"));
}

/// What a router shows and what is typed on it is data of its series: a text that is also in the code would be used for every
/// series.
#[test]
fn the_texts_of_a_series_are_in_its_data_alone() {
    // What hosts on the way to a router may ask, whatever they are.
    const OTHERS: [(&str, &str); 1] = [("session/program.rs", "login:")];
    let texts: Vec<String> =
        ["ix.rs", "ix_r.rs"].iter().flat_map(|file| texts_of(&src().join("dialect").join(file))).collect();
    assert!(texts.len() > 40, "the data of a series is not found where it was: {texts:?}");
    let mut wrong = Vec::new();
    for path in sources(&src()) {
        let (name, lines) = code(&path);
        if is_test_file(&name) || name.starts_with("dialect/") {
            continue;
        }
        for (number, line) in lines {
            let repeated = texts.iter().filter(|text| line.contains(&format!("\"{text}\"")));
            let repeated = repeated.filter(|text| !OTHERS.contains(&(name.as_str(), text)));
            wrong.extend(repeated.map(|text| format!("{name}:{number}: {text}")));
        }
    }
    assert!(wrong.is_empty(), "take these from the `Dialect` that is spoken:\n{}", wrong.join("\n"));
}

/// The texts in a file of data that are no ordinary words.
fn texts_of(path: &Path) -> Vec<String> {
    let (_, lines) = code(path);
    let quoted =
        lines.iter().flat_map(|(_, line)| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    let is_ordinary = |text: &str| text.len() < 4 || text.bytes().all(|byte| byte.is_ascii_lowercase());
    quoted.filter(|text| !is_ordinary(text) && !text.ends_with(".ixg")).collect()
}
