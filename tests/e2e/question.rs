//! What is on a screen of 80 columns and 24 lines at the moment of the question: nothing of what matters has scrolled away.

use rexpect::session::{PtySession, spawn_command};
use unicode_width::UnicodeWidthChar;

use crate::harness::{Bench, PASSWORD, playbook, prepared, program, router3, unknown_factory_box};

/// Starts `apply` as an operator types it.
fn applying(bench: &Bench, lang: &str, more: &[&str]) -> PtySession {
    let mut command = program();
    command
        .args(["--lang", lang, "apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--phase", "bench"])
        .args(more)
        .env("IXDEPLOY_STATE_DIR", bench.path("state"))
        .env("TEST_ADMIN_PASSWORD", PASSWORD)
        .current_dir(bench.dir.path());
    spawn_command(command, Some(60_000)).unwrap()
}

/// What was read up to these words, which are ASCII: a terminal's bytes come as one character each.
fn until(session: &mut PtySession, words: &str) -> String {
    let read = session.exp_string(words).unwrap();
    let bytes: Vec<u8> = read.chars().map(|byte| u8::try_from(u32::from(byte)).unwrap()).collect();
    String::from_utf8(bytes).unwrap()
}

/// The last 24 rows of a terminal that was sent this text: it begins a row at each line feed, and where 80 columns are full.
fn screen(sent: &str) -> String {
    let sent = regex::Regex::new(r"\x1b\[[0-9;]*[A-Za-z]").unwrap().replace_all(sent, "").into_owned();
    let mut rows = vec![String::new()];
    let mut column = 0;
    for c in sent.chars() {
        let width = c.width().unwrap_or_default();
        if c == '\n' || column + width > 80 {
            rows.push(String::new());
            column = 0;
        }
        match c {
            '\n' => {}
            '\r' => column = 0,
            c => {
                if column == 0 {
                    rows.last_mut().unwrap().clear();
                }
                rows.last_mut().unwrap().push(c);
                column += width;
            }
        }
    }
    rows[rows.len().saturating_sub(24)..].join("\n")
}

/// Names the site, as a person does.
fn with_title(bench: &Bench, id: &str, title: &str) {
    let path = bench.path("clinics.yaml");
    let inventory = std::fs::read_to_string(&path).unwrap();
    let titled = inventory.replace(&format!("  site-{id}:\n"), &format!("  site-{id}:\n    title: {title}\n"));
    assert_ne!(titled, inventory);
    std::fs::write(path, titled).unwrap();
}

#[test]
fn at_the_question_a_small_screen_shows_site_box_changes_counts_and_risks() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3"))]);
    with_title(&bench, "r3", "鈴木クリニック");
    let words = [
        (
            "en",
            ["r3: 鈴木クリニック (site-r3)", "serial number 8798873495", "and ", "67 line(s) to type", "if it fails: "],
        ),
        ("ja", ["r3: 鈴木クリニック(site-r3)", "製造番号 8798873495", "ほか ", "送信 67 行", "失敗時: "]),
    ];
    for (lang, shown) in words {
        let mut session = applying(&bench, lang, &[]);
        let screen = screen(&until(&mut session, "[yes/no]"));
        for part in shown.into_iter().chain(["ip access-list v4-deny-list", "IX2215", "(--rollback-notes"]) {
            assert!(screen.contains(part), "{part} has scrolled away:\n{screen}");
        }
        session.send_line("no").unwrap();
        session.exp_eof().unwrap();
    }
    let mut session = applying(&bench, "en", &["--rollback-notes"]);
    let all = until(&mut session, "[yes/no]").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(all.contains("the rollback, in this order") && all.contains("電源コードを抜き"), "{all}");
    assert!(all.contains("which means \"Could you please restart the router"), "{all}");
    session.send_line("no").unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn two_routers_of_a_clinic_fit_the_same_screen() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("r4"), router3("r4"))]);
    let mut session = applying(&bench, "ja", &[]);
    let screen = screen(&until(&mut session, "[yes/no]"));
    for part in ["══ r3", "══ r4", "送信 67 行", "失敗時: "] {
        assert!(screen.contains(part), "{part} has scrolled away:\n{screen}");
    }
    session.send_line("no").unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn the_characters_that_are_asked_for_are_nowhere_on_the_screen() {
    let (bench, serial) = unknown_factory_box(None);
    let mut session = applying(&bench, "en", &[]);
    let all = until(&mut session, "has them:");
    let masked = format!("{}****", &serial[..serial.len() - 4]);
    assert!(!all.contains(&serial), "{all}");
    assert!(all.matches(&masked).count() >= 3, "while reading, in the summary and in the question: {all}");
    session.send_line("").unwrap();
    let again = until(&mut session, "has them:");
    assert!(again.contains(&masked) && !again.contains(&serial), "{again}");
    session.send_line("").unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn a_slip_of_a_finger_at_the_question_is_asked_again_and_return_alone_is_no() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3"))]);
    let before = bench.running("r3");
    let mut session = applying(&bench, "en", &[]);
    until(&mut session, "[yes/no]");
    session.send_line("yse").unwrap();
    until(&mut session, "neither yes nor no. [yes/no]");
    session.send_line("").unwrap();
    let rest = session.exp_eof().unwrap();
    assert!(rest.contains("the operator said no"), "{rest}");
    assert_eq!(bench.running("r3"), before);
}
