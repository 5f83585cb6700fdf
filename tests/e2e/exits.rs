//! Exit statuses of everything that needs no router, and the two languages.

use crate::harness::{Bench, playbook, program};

#[test]
fn wrong_usage_is_1_and_not_claps_own_2() {
    let bench = Bench::one();
    bench.run(&["plan"]).exits(1);
    bench.run(&["no-such-command"]).exits(1);
    bench.run(&["--help"]).exits(0).says("Usage:");
    bench.run(&["--version"]).exits(0);
    bench.plan(&["--format", "commands"]).exits(1).says("usage.format");
}

#[test]
fn arguments_that_cannot_be_understood_are_an_error_like_any_other() {
    let bench = Bench::one();
    for (words, command, code, japanese) in [
        (&["plna"][..], "ixdeploy", "usage.unknown-command", "`plan` の誤りではありませんか"),
        (&["plan", "--inventry", "x"], "plan", "usage.unknown-argument", "`--inventory` の誤りではありませんか"),
        (&["plan", "x"], "plan", "usage.missing-argument", "必須の引数がありません: --inventory"),
        (&["check"], "check", "usage.missing-argument", "例: `ixdeploy check playbooks/"),
        // The example has what is missing.
        (&["apply", "x", "-i", "y", "--at", "22:00"], "apply", "usage.missing-argument", "--detach --at 22:00`"),
        (
            &["check", "x", "clinic.yaml"],
            "check",
            "usage.unknown-argument",
            "`-i` の後に指定してください: `-i clinic.yaml`",
        ),
        (&["plan", "x", "-i"], "plan", "usage.missing-argument", "には値が必要です"),
        (&["apply", "x", "-i", "y", "--phase", "z"], "apply", "usage.invalid-value", "bench、clinic"),
        (&["replay", "x", "--speed", "fast"], "replay", "usage.invalid-value", "`fast` は指定できません"),
        (&["check", "x", "-i", "y", "-i", "z"], "check", "usage.arguments", "重複しています"),
        (&["resume", "--finish", "--undo"], "resume", "usage.arguments", "`--undo` は同時に指定できません"),
        (&["journal"], "journal", "usage.missing-argument", "コマンドを指定してください"),
        (&["journal", "prune"], "journal", "usage.missing-argument", "例: `ixdeploy journal prune --days 365`"),
    ] {
        let json = bench.run(&[&["--format", "json"], words].concat()).exits(1).says(code).json();
        assert_eq!((&json["command"], &json["exit"]), (&command.into(), &1.into()), "{json}");
        assert_eq!(json["errors"][0]["code"], code, "{json}");
        let output = program().args(["--lang", "ja"]).args(words).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(words == ["journal"] || said.contains(japanese), "{said}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn what_is_suggested_is_what_the_command_has_and_an_option_in_front_of_it_is_shown_behind() {
    let said = |lang: &str, words: &[&str]| {
        let output = program().args(["--lang", lang]).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    for (words, english, japanese) in [
        (&["ports", "--format", "xml"][..], "hint: known: `text`, `json`\n", "対処: 使えるもの: `text`、`json`\n"),
        (&["ports", "--format", "jsno"], "did you mean `json`?", "`json` の誤りではありませんか?"),
        (&["report", "x", "--format", "htm"], "did you mean `html`?", "`html` の誤りではありませんか?"),
        (&["diff", "a", "b", "--format", "html"], "with one of: text, json, commands", "text, json, commands"),
        (&["ports", "--lang", "bot"], "hint: known: `ja`, `en`\n", "対処: 使えるもの: `ja`、`en`\n"),
        (&["-i", "x", "check"], "`-i` belongs to `check`, and comes after it:", "`-i` は `check` のオプションです"),
        (&["-i", "x", "check"], "`ixdeploy check --help`", "`ixdeploy check --help`"),
        (&["check", "-i", "x"], "`ixdeploy init DIR` makes a folder", "`ixdeploy init DIR` で作るフォルダの中では"),
    ] {
        let (en, ja) = (said("en", words), said("ja", words));
        assert!(en.contains(english) && ja.contains(japanese), "{en}{ja}");
    }
}

#[test]
fn without_arguments_the_help_is_shown_as_it_is() {
    let output = program().env("LANG", "C").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.starts_with("Deploys ") && said.matches("Usage: ixdeploy <COMMAND>").count() == 1, "{said}");
}

#[test]
fn with_nothing_to_resume_no_question_is_asked() {
    Bench::one().run(&["resume"]).exits(0).says("Every run has ended");
}

#[test]
fn playbook_and_inventory_in_each_others_place_are_said_as_such() {
    let bench = Bench::one();
    let book = playbook("online-eligibility.yaml");
    let run = bench.run(&["check", "clinics.yaml", "-i", &book]).exits(1);
    let run = run.says("playbook.inventory").says("inventory.playbook").says("the playbook comes first");
    assert!(!run.stderr.contains("yaml.unknown-key"), "one slip, one complaint each:\n{}", run.stderr);
}

#[test]
fn a_role_that_is_misspelt_leaves_no_router_out_in_silence() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace("role: router3", "role: ruoter3")).unwrap();
    bench.check().exits(1).says("playbook.unknown-role").says("did you mean `router3`?").says("clinics.yaml:");
}

#[test]
fn everything_wrong_in_the_input_is_said_at_once_and_no_router_is_asked() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let broken = inventory
        .replace("role: router3", "rolle: router3")
        .replace("interface: GigaEthernet2.0", "interface: GigaEthernet9.0");
    std::fs::write(bench.path("clinics.yaml"), broken).unwrap();
    let run = bench.check().exits(1);
    assert!(run.stderr.contains("rolle") && run.stderr.contains("GigaEthernet9.0"), "{}", run.stderr);
    assert!(run.stderr.contains("clinics.yaml:"), "with its place: {}", run.stderr);
    let json = bench
        .run(&["--format", "json", "plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"])
        .exits(1)
        .json();
    assert!(json["errors"].as_array().unwrap().len() >= 2, "{json}");
    assert!(json["errors"][0]["place"]["line"].as_u64().unwrap() > 0, "{json}");
    assert!(bench.events("r3").is_empty());
}

#[test]
fn a_limit_that_names_nothing_suggests_what_was_meant() {
    let bench = Bench::one();
    bench.plan(&["-l", "r33"]).exits(1).says("limit.unknown").says("r3");
}

#[test]
fn files_with_the_line_ends_of_windows_say_the_same() {
    let bench = Bench::one();
    let with_crlf = |path: &std::path::Path| {
        let text = std::fs::read_to_string(path).unwrap();
        std::fs::write(path, text.replace('\n', "\r\n")).unwrap();
    };
    crate::identity::copy_folder(std::path::Path::new(&playbook("")), &bench.path("playbooks"));
    let render = |output: &str| {
        let words = ["render", "playbooks/online-eligibility.yaml", "-i", "clinics.yaml", "-o", output];
        bench.run(&words).exits(0);
        std::fs::read_to_string(bench.path(output).join("r3.cfg")).unwrap()
    };
    let before = render("lf");
    let mut folders = vec![bench.path("playbooks")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { with_crlf(&path) }
        }
    }
    with_crlf(&bench.path("clinics.yaml"));
    assert_eq!(render("crlf"), before);
    with_crlf(&bench.path("crlf/r3.cfg"));
    // And the mark that Notepad begins a file with.
    let text = std::fs::read_to_string(bench.path("crlf/r3.cfg")).unwrap();
    std::fs::write(bench.path("crlf/r3.cfg"), format!("\u{feff}{text}")).unwrap();
    bench.run(&["diff", "lf/r3.cfg", "crlf/r3.cfg"]).exits(0);
}

#[test]
fn two_text_files_are_enough_for_fmt_diff_and_lint() {
    let bench = Bench::one();
    let old = "hostname old\ninterface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n";
    std::fs::write(bench.path("old.cfg"), old).unwrap();
    std::fs::write(bench.path("new.cfg"), old.replace("hostname old", "hostname new")).unwrap();
    bench.run(&["diff", "old.cfg", "old.cfg"]).exits(0);
    let commands = bench.run(&["--format", "commands", "diff", "old.cfg", "new.cfg"]).exits(2);
    assert_eq!(commands.stdout, "hostname new\n", "nothing else on stdout");
    let formatted = bench.run(&["fmt", "old.cfg"]).exits(0).stdout;
    std::fs::write(bench.path("formatted.cfg"), &formatted).unwrap();
    assert_eq!(bench.run(&["fmt", "formatted.cfg"]).exits(0).stdout, formatted, "canonical form is stable");
    std::fs::write(bench.path("bad.cfg"), "interface GigaEthernet0.0\n  ip filter missing 1 in\n  no shutdown\n")
        .unwrap();
    bench.run(&["lint", "bad.cfg"]).exits(2).says("not-defined");
    bench.run(&["lint", "no-such-file.cfg"]).exits(1).says("machine.io");
}

#[test]
fn a_playbook_or_a_plan_that_is_not_there_is_said_alike_by_every_command_that_reads_one() {
    let bench = Bench::one();
    std::fs::write(bench.path("night.yaml"), "title: x\n").unwrap();
    std::fs::write(bench.path("approved.json"), "{}").unwrap();
    for command in ["plan", "apply", "check", "render", "verify"] {
        let yes: &[&str] = if command == "apply" { &["--yes"] } else { &[] };
        let run = |source: &str| bench.run(&[&[command, source, "-i", "clinics.yaml"], yes].concat()).exits(1);
        run("nigth.yaml").says("file.unreadable").says("did you mean `night.yaml`?").says("the folder you are in");
        // The router where the playbook goes.
        run("sato-r1").says("file.unreadable").says("a playbook belongs here").says("`-l sato-r1`");
    }
    for words in [
        &["apply", "aproved.json", "-i", "clinics.yaml", "--yes"][..],
        &["plan", "diff", "aproved.json", "approved.json"],
        &["show", "aproved.json"],
        &["report", "aproved.json", "--work-plan"],
    ] {
        bench.run(words).exits(1).says("file.unreadable").says("did you mean `approved.json`?");
    }
    let wide: Vec<u8> = "\u{feff}{}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(bench.path("approved.json"), wide).unwrap();
    for words in [&["apply", "approved.json", "-i", "clinics.yaml", "--yes"][..], &["show", "approved.json"]] {
        bench.run(words).exits(1).says("file.encoding").says("is UTF-16");
    }
}

#[test]
fn a_terminals_log_is_no_configuration() {
    let bench = Bench::one();
    // The header of a section was overwritten by the page mark: what follows would land elsewhere.
    let log = "hostname a\n--More--\r        \rinterface GigaEthernet0.0\r\n  shutdown\n";
    std::fs::write(bench.path("log.cfg"), log).unwrap();
    std::fs::write(bench.path("good.cfg"), "hostname a\n").unwrap();
    for words in [&["fmt", "log.cfg"][..], &["lint", "log.cfg"], &["diff", "good.cfg", "log.cfg"]] {
        let run = bench.run(words).exits(1).says("input.terminal-log").says("line 2").says("terminal length 0");
        assert_eq!(run.stdout, "", "nothing that could be pasted");
    }
    bench.plan(&["--from-backup", "log.cfg"]).exits(1).says("input.terminal-log");
    bench.run(&["diff", "-", "-"]).exits(1).says("usage.arguments");
}

#[test]
fn doctor_names_what_would_stop_a_deployment() {
    let bench = Bench::one();
    let json = bench.run(&["--format", "json", "doctor"]).json();
    let ids: Vec<&str> =
        json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["id"].as_str()).collect();
    assert_eq!(ids, ["ssh-algorithms", "serial-ports", "console-cables", "state-folder", "clock"]);
    bench.run(&["doctor", "--ssh-algorithms"]).exits(0).says("ssh-rsa").says("diffie-hellman-group-exchange-sha256");
    // A state folder that is a file cannot be written, by no one.
    std::fs::write(bench.path("a-file"), "").unwrap();
    bench.run(&["--state-dir", "a-file", "doctor"]).exits(2).says("state-folder");
    let output = bench.command(&["--state-dir", "a-file", "doctor", "--lang=ja"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("は使用できません: ") && !said.contains("exists") && !said.contains("Not a"), "{said}");
    bench.run(&["ports"]).exits(0);
}

#[test]
fn messages_come_in_japanese_too() {
    let bench = Bench::one();
    let words = ["plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--lang=ja"];
    let output = bench.command(&words).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("変更あり 1 台"), "{text}");
}
