//! Secrets: a table of lines that hold one and a table of public lines that look as if they did, both tried over every form in
//! which a line is shown or kept. No hidden value may appear anywhere, and each public line must appear whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Output;

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::ix::mask::{holds_secret, mask_text};
use ixdeploy::message::Explain;
use ixdeploy::plan::{self, Lifeline};
use ixdeploy::session::{ExpectedMode, Login, Recorder, SendLine, Session, SessionTap, Settings, Take};
use ixdeploy::transport::LinkKind;
use ixdeploy::transport::fake::Fake;
use tempfile::TempDir;

mod lines;

use test_support::program;

use lines::{HIDDEN, PUBLIC, WORDS};

/// What may appear nowhere.
const CANARY: &str = "Canary";

/// A text of lines, each in its block; where a block appears, all of its lines are together.
fn configuration(lines: &[(&str, &str)]) -> String {
    let mut blocks: Vec<(&str, String)> = vec![("", String::new())];
    for (block, line) in lines {
        if !blocks.iter().any(|(known, _)| known == block) {
            blocks.push((block, String::new()));
        }
        let (_, text) = blocks.iter_mut().find(|(known, _)| known == block).unwrap();
        text.push_str(&if block.is_empty() { format!("{line}\n") } else { format!("  {line}\n") });
    }
    blocks
        .iter()
        .map(|(block, text)| if block.is_empty() { text.clone() } else { format!("{block}\n{text}!\n") })
        .collect()
}

fn all() -> String {
    configuration(&[HIDDEN.as_slice(), &PUBLIC].concat())
}

#[track_caller]
fn clean(place: &str, text: &str) {
    let found: Vec<&str> = text.lines().filter(|line| line.contains(CANARY)).collect();
    assert!(found.is_empty(), "a secret stands in {place}:\n{}", found.join("\n"));
}

/// Asserts that each public line is in a text.
#[track_caller]
fn holds_public(place: &str, text: &str) {
    for (block, line) in PUBLIC {
        for part in [block, line] {
            let quoted = serde_json::to_string(part).unwrap();
            let found = text.contains(part) || text.contains(quoted.trim_matches('"'));
            assert!(found, "`{part}` does not stand in {place}:\n{text}");
        }
    }
}

struct Desk {
    dir: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        desk.write("all.cfg", &all());
        desk.write("none.cfg", "timezone +09 00\n");
        desk
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn run(&self, lang: &str, words: &[&str]) -> Output {
        program::program()
            .args(["--lang", lang, "-vv", "--events", "events.jsonl"])
            .args(words)
            .env("IXDEPLOY_STATE_DIR", self.dir.path().join("state"))
            .env("TEST_PASSWORD", "nobody")
            .current_dir(self.dir.path())
            .output()
            .unwrap()
    }

    /// Standard output of a run that shows no secret, in either language, and its exit status.
    #[track_caller]
    fn runs(&self, words: &[&str]) -> (String, Option<i32>) {
        let (mut shown, mut exit) = (String::new(), None);
        for lang in ["ja", "en"] {
            let output = self.run(lang, words);
            let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
            clean(&format!("{words:?}"), &out);
            clean(&format!("{words:?}, stderr"), &err);
            (shown, exit) = (out, output.status.code());
        }
        (shown, exit)
    }

    /// The same, where it is known how it ends.
    #[track_caller]
    fn shows(&self, words: &[&str], exit: i32) -> String {
        let (shown, ended) = self.runs(words);
        assert_eq!(ended, Some(exit), "{words:?}\n{shown}");
        for entry in std::fs::read_dir(self.dir.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "json" || end == "jsonl") {
                clean(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
            }
        }
        shown
    }
}

#[test]
fn the_difference_of_two_files_shows_no_secret_and_every_public_line() {
    let desk = Desk::new();
    for files in [["none.cfg", "all.cfg"], ["all.cfg", "none.cfg"]] {
        for form in ["text", "json", "commands"] {
            for undo in [&[][..], &["--undo"]] {
                let words = [&["--format", form, "diff"], &files[..], undo].concat();
                let shown = desk.shows(&words, 2);
                // What no line can take away is not typed again.
                if form != "commands" || (files[1] == "all.cfg" && undo.is_empty()) {
                    holds_public(&format!("{words:?}"), &shown);
                }
            }
        }
    }
}

#[test]
fn a_public_line_is_typed_and_a_hidden_one_leaves_a_comment() {
    let desk = Desk::new();
    let shown = desk.shows(&["--format", "commands", "diff", "none.cfg", "all.cfg"], 2);
    let typed: Vec<&str> = shown.lines().map(str::trim).collect();
    for (_, line) in &PUBLIC {
        assert!(typed.contains(line), "`{line}` is not typed in\n{shown}");
    }
    for line in typed.iter().filter(|line| line.contains("********")) {
        assert!(line.starts_with('!'), "the mask would be typed: {line}");
    }
    // Hidden on suspicion: the place is marked, and a warning says how to see it.
    assert!(
        typed.iter().any(|line| line.starts_with("! flux password ********") && line.contains("--reveal")),
        "{shown}"
    );
    let warned =
        String::from_utf8(desk.run("en", &["--format", "commands", "diff", "none.cfg", "all.cfg"]).stderr).unwrap();
    assert!(warned.contains("unknown line(s) may hold a secret and are placeholders; --reveal"), "{warned}");
    let revealed = desk.run("en", &["--format", "commands", "diff", "none.cfg", "all.cfg", "--reveal"]).stdout;
    let revealed = String::from_utf8(revealed).unwrap();
    for (_, line) in HIDDEN {
        assert!(revealed.lines().any(|shown| shown.trim() == line), "`{line}` is not revealed in\n{revealed}");
    }
}

#[test]
fn a_descriptions_words_are_hidden_where_shown_and_kept_where_typed() {
    let desk = Desk::new();
    std::fs::write(desk.dir.path().join("words.cfg"), configuration(&WORDS)).unwrap();
    desk.shows(&["diff", "none.cfg", "words.cfg", "--undo"], 2);
    desk.shows(&["--format", "json", "diff", "none.cfg", "words.cfg"], 2);
    let pasted = desk.run("en", &["--format", "commands", "diff", "none.cfg", "words.cfg"]);
    let pasted = String::from_utf8(pasted.stdout).unwrap();
    for (_, line) in WORDS {
        assert!(pasted.lines().any(|shown| shown.trim() == line), "`{line}` is not typed in\n{pasted}");
    }
}

#[test]
fn the_context_of_a_change_shows_no_secret() {
    let desk = Desk::new();
    // Every line once as the neighbour of a changed one.
    let old: String = HIDDEN.iter().map(|(_, line)| format!("neutral {}\n{line}\n", line.len())).collect();
    desk.write("old.cfg", &old);
    desk.write("new.cfg", &old.replace("neutral ", "neutral 1"));
    for form in ["text", "json"] {
        desk.shows(&["--format", form, "diff", "old.cfg", "new.cfg"], 2);
    }
}

#[test]
fn no_finding_shows_a_secret() {
    let desk = Desk::new();
    // Once as it is, once with every value wrong, abbreviated, twice.
    let twice = format!("{}{}", all(), all().replace(CANARY, "Canary-other-"));
    desk.write("twice.cfg", &twice);
    let wrong = all().replace("GigaEthernet", "Giga").replace(" permit", " perm").replace("profile", "prof");
    desk.write("wrong.cfg", &wrong);
    // And without indentation, where lines may belong to two modes.
    desk.write("flat.cfg", &all().lines().map(|line| format!("{}\n", line.trim())).collect::<String>());
    for file in ["all.cfg", "twice.cfg", "wrong.cfg", "flat.cfg"] {
        for form in ["text", "json"] {
            desk.shows(&["--format", form, "lint", file, "--model", "IX2215"], 2);
            desk.shows(&["--format", form, "lint", "--coverage", file], 0);
        }
    }
    desk.shows(&["lint", "all.cfg", "--model", "IX-R2520"], 2);
    desk.runs(&["diff", "none.cfg", "flat.cfg"]);
    desk.runs(&["diff", "flat.cfg", "wrong.cfg"]);
}

#[test]
fn a_plan_its_file_and_its_notes_show_no_secret() {
    let desk = Desk::new();
    desk.write(
        "inventory.yaml",
        "version: 1\ncredentials:\n  admin: { env: TEST_PASSWORD }\nsites:\n  s:\n    routers:\n      r1:\n        model: IX2215\n        \
         role: small\n        connection: { ssh: { host: 192.0.2.1, user: admin, password: admin } }\n",
    );
    desk.write(
        "book.yaml",
        "version: 1\nname: small\nplays:\n  - routers: r1\n    roles: [small]\nallow_unrecognised: true\nallow_lifeline_change: true\n",
    );
    desk.write("roles/small/role.yaml", "version: 1\ntitle: { en: S, ja: 小 }\nowns: all\ntemplates: [t.ix.j2]\n");
    desk.write("roles/small/t.ix.j2", "ntp ip enable\n");
    desk.write("backup/r1/running.cfg", &all());
    desk.write("backup/r1/startup.cfg", &all());
    for form in ["text", "json"] {
        let words = [
            "--format",
            form,
            "plan",
            "book.yaml",
            "-i",
            "inventory.yaml",
            "--from-backup",
            "backup",
            "--undo",
            "-o",
            "plan.json",
        ];
        let shown = desk.shows(&words, 2);
        assert!(shown.contains("ntp ip enable") && shown.contains("********"), "{shown}");
    }
    let kept = std::fs::read_to_string(desk.dir.path().join("plan.json")).unwrap();
    assert!(kept.contains("ntp ip enable") && kept.contains("tunnel key 456"), "{kept}");
    // Nothing may go that no one knows: the message names it.
    desk.write("book.yaml", "version: 1\nname: small\nplays:\n  - routers: r1\n    roles: [small]\n");
    let words = ["plan", "book.yaml", "-i", "inventory.yaml", "--from-backup", "backup"];
    let refused = desk.shows(&words, 3);
    assert!(refused.contains("plan.unrecognised") && refused.contains("********"), "{refused}");
    // A template with a secret in it is named, and its line is not shown.
    desk.write("roles/small/t.ix.j2", &all());
    for form in ["text", "json"] {
        desk.shows(&["--format", form, "check", "book.yaml", "-i", "inventory.yaml"], 1);
    }
}

#[test]
fn a_message_about_a_line_shows_no_secret() {
    let empty = Config::parse(Dialect::ix(), "");
    for (block, line) in HIDDEN {
        let inside = if block.is_empty() { format!("{line}\n") } else { format!("{block}\n  {line}\n") };
        // Too long, a question mark, and words that the router completes.
        let cut = inside.replacen("interface", "interf", 1).replacen("username", "user", 1);
        for (text, longest) in [(inside.clone(), 5), (inside.replace('\n', "?\n"), 255), (cut, 255)] {
            for (from, to) in
                [(&empty, &Config::parse(Dialect::ix(), &text)), (&Config::parse(Dialect::ix(), &text), &empty)]
            {
                let Err(error) = plan::offline::difference(from, to, longest) else { continue };
                let hints: Vec<String> = error.hints().iter().map(|hint| format!("{hint:?}")).collect();
                clean(line, &format!("{error} {error:?} {:?} {hints:?}", error.text()));
            }
        }
        let plan = plan::between(&empty, &Config::parse(Dialect::ix(), &inside), &Lifeline::Console, 255).unwrap();
        clean(line, &plan.to_json().unwrap());
        for command in plan.commands.iter().filter(|command| command.text.contains(CANARY)) {
            assert!(command.secret, "what is said of `{}` is not shown", command.text);
        }
        let headed: Vec<String> = plan.with_headers().map(|(_, line)| line).collect();
        clean(line, &headed.join("\n"));
    }
}

/// A recording that is kept in memory.
#[derive(Clone, Default)]
struct Tape(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_recording_and_a_masked_backup_hold_no_secret_and_every_public_line() {
    let long = format!("flux password {}\n", "Canary-and-on-".repeat(4000));
    let text = format!("{}{long}", all());
    let prompted: String = text.lines().map(|line| format!("r1(config)# {}\r\n", line.trim())).collect();
    for shown in [
        text.clone(),
        text.replace('\n', "\r\n"),
        text.lines().map(|line| format!("{}\n", line.trim())).collect(),
        prompted,
    ] {
        let masked = mask_text(&shown);
        clean("a masked text", &masked);
        holds_public("a masked text", &masked);
        assert_eq!(mask_text(&masked), masked, "what is masked stays masked");
        for chunk in [1, 7, 4096] {
            let tape = Tape::default();
            let mut recorder = Recorder::new(tape.clone(), Dialect::ix(), 1_800_000_000, "r1").unwrap();
            for (number, piece) in shown.as_bytes().chunks(chunk).enumerate() {
                recorder.received(piece);
                // Something typed in the middle of a line changes nothing.
                if number % 97 == 0 {
                    recorder.sent(b" ");
                }
            }
            drop(recorder);
            let tape = String::from_utf8(tape.0.lock().unwrap().clone()).unwrap();
            clean("a recording", &tape);
        }
    }
    // Typed a blank at a time: even a line that comes in halves is hidden.
    for (_, line) in HIDDEN {
        for at in (1..line.len()).filter(|at| line.is_char_boundary(*at)) {
            let (first, then) = line.split_at(at);
            let tape = Tape::default();
            let mut recorder = Recorder::new(tape.clone(), Dialect::ix(), 1_800_000_000, "r1").unwrap();
            recorder.received(first.as_bytes());
            recorder.sent(b" ");
            recorder.received(format!("{then}\r\n").as_bytes());
            drop(recorder);
            clean(line, &String::from_utf8(tape.0.lock().unwrap().clone()).unwrap());
        }
    }
}

/// A router in configuration mode.
fn in_config() -> Fake {
    Fake::new(LinkKind::Fake, 7)
        .says("\r\nNEC Portable Internetwork Core Operating System Software\r\nRouter# ")
        .line("enable-config", "Enter configuration commands, one per line. End with CNTL/Z.\r\nRouter(config)# ")
        .line("terminal length 0", "Router(config)# ")
        .line("terminal width 512", "% terminal -- Invalid command.\r\nRouter(config)# ")
}

fn session(fake: Fake, tape: &Tape) -> Session {
    let recorder = Recorder::new(tape.clone(), Dialect::ix(), 1_800_000_000, "r1").unwrap();
    let mut session =
        Session::open(Box::new(fake), Dialect::ix(), Login::default(), Settings::default(), Box::new(recorder))
            .unwrap();
    session.enter_config(Take::Ask).unwrap();
    session
}

#[test]
fn what_a_router_says_of_a_line_shows_no_secret() {
    for (_, line) in HIDDEN.iter().filter(|(_, line)| line.contains(CANARY)) {
        let word = line.split(['"', ' ']).find(|word| word.contains(CANARY)).unwrap();
        // A refusal quotes the word it takes offence at, or the whole line; or the answer breaks off behind it.
        for answer in [
            format!("% {word}  -- Invalid command.\r\nRouter(config)# "),
            format!("% {line} -- Invalid command.\r\nRouter(config)# "),
            format!("% {word} is weak.\r\n{word}"),
        ] {
            let tape = Tape::default();
            let mut session =
                session(in_config().wants(format!("{line}\n")).says(format!("{line}\r\n{answer}")), &tape);
            let sent = SendLine::new(3, *line, holds_secret(line));
            let error = session.run(&sent, ExpectedMode::Global).unwrap_err();
            clean(line, &format!("{error} {error:?} {} {:?} {sent:?}", error.text(), error.hints()));
            drop(session);
            clean(line, &String::from_utf8(tape.0.lock().unwrap().clone()).unwrap());
        }
    }
}

#[test]
fn the_tail_of_a_display_that_breaks_off_shows_no_secret() {
    // Messages show the last bytes: where they begin in the middle of a line, nothing announces what it says.
    for form in ["flux password {}", "username admin password plain 1 {} administrator", "query {}"] {
        for length in [10, 100, 150, 160, 200, 1000] {
            let line = form.replace("{}", &CANARY.repeat(length));
            let text = format!("show running-config\r\nhostname r1\r\n{line}\r\nx");
            let tape = Tape::default();
            let mut session = session(in_config().wants("show running-config\n").says(text), &tape);
            let error = session.show("show running-config").unwrap_err();
            clean(form, &format!("{error} {error:?} {}", error.text()));
        }
    }
}
