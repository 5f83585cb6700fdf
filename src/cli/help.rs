//! The command line as people see it, in one of the two languages: what belongs together stands together, examples at the end.
//!
//! Names and order come from `args`; the Japanese texts stand in `help_ja`. Tests insist that nothing is missing.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory};

use super::args::Cli;
use super::help_ja;
use crate::message::Lang;

/// The commands by what one wants of them, in the order in which one meets them.
const GROUPS: [(&str, &str, &[&str]); 4] = [
    ("Without a router", "ルータなしで", &["init", "check", "render", "lint", "fmt", "diff", "replay"]),
    ("On routers", "ルータに対して", &["plan", "apply", "verify", "backup"]),
    ("After a run", "実行の後で", &["status", "resume", "undo", "restore", "restart", "history", "show", "journal"]),
    ("This machine", "この PC", &["ports", "doctor", "demo"]),
];

/// What one types, by command.
const EXAMPLES: [(&str, &[&str]); 21] = [
    (
        "ixdeploy",
        &[
            "ixdeploy check playbooks/online-eligibility.yaml -i clinic.yaml",
            "ixdeploy plan  playbooks/online-eligibility.yaml -i clinic.yaml",
            "ixdeploy apply playbooks/online-eligibility.yaml -i clinic.yaml --phase bench",
        ],
    ),
    ("init", &["ixdeploy init clinics"]),
    ("check", &["ixdeploy check playbooks/online-eligibility.yaml -i inventories/sample-clinics.yaml"]),
    ("render", &["ixdeploy render playbooks/online-eligibility.yaml -i clinic.yaml -o desired"]),
    (
        "plan",
        &[
            "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -l 'sato-*,!sato-r2'",
            "ixdeploy plan playbooks/add-domain.yaml -i inventories/sample-clinics.yaml -o plan.json",
            "ixdeploy plan playbooks/add-domain.yaml -i clinic.yaml --from-backup ~/ix-backup",
        ],
    ),
    (
        "apply",
        &[
            "ixdeploy apply playbooks/online-eligibility.yaml -i clinic.yaml --phase bench",
            "ixdeploy apply plan.json -i inventories/sample-clinics.yaml --yes",
        ],
    ),
    ("verify", &["ixdeploy verify playbooks/online-eligibility.yaml -i inventories/sample-clinics.yaml --format json"]),
    ("backup", &["ixdeploy backup -i inventories/sample-clinics.yaml -o ~/ix-backup"]),
    ("fmt", &["ixdeploy fmt running.cfg"]),
    ("diff", &["ixdeploy diff old.cfg new.cfg", "ixdeploy diff old.cfg new.cfg --format commands"]),
    ("lint", &["ixdeploy lint running.cfg --model IX2215", "ixdeploy lint --coverage r1.cfg r2.cfg"]),
    ("replay", &["ixdeploy replay tapes/sato-r1-1.cast --speed 4", "ixdeploy replay tapes/sato-r1-1.cast --check"]),
    ("history", &["ixdeploy history sato-r1"]),
    ("show", &["ixdeploy show 20261122-114603-7k3f", "ixdeploy show 20261122-114603-7k3f --undo"]),
    ("resume", &["ixdeploy resume", "ixdeploy resume 20261122-114603-7k3f --take-over"]),
    ("undo", &["ixdeploy undo 20261122-114603-7k3f -l sato-r1"]),
    (
        "restore",
        &[
            "ixdeploy restore sato-r1 --from ~/ix-backup -i clinic.yaml",
            "ixdeploy restore sato-r1 --from 20261122-114603-7k3f -i clinic.yaml",
        ],
    ),
    ("restart", &["ixdeploy restart 20261122-114603-7k3f"]),
    ("journal", &["ixdeploy journal verify", "ixdeploy journal prune --days 365"]),
    ("journal prune", &["ixdeploy journal prune --days 365"]),
    ("journal verify", &["ixdeploy journal verify", "ixdeploy journal verify --head 3f9a0c"]),
];

/// The command line in a language. It is built first, so that `--help` and `--version` are there to be worded and placed.
pub fn command_line(lang: Lang) -> Command {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let commands = groups(&command, lang);
    let usage = lang.pick("Usage", "使い方");
    let options = lang.pick("Options of every command", "すべてのコマンドに共通のオプション");
    let template = format!(
        "{{about-with-newline}}\n{usage}: ixdeploy <COMMAND> [OPTIONS]\n\n{commands}{options}:\n{{options}}{{after-help}}"
    );
    let after = format!("{}\n\n{}", examples("ixdeploy", lang), exits(lang));
    worded(command, "", lang).help_template(template).after_help(after)
}

fn worded(command: Command, parent: &str, lang: Lang) -> Command {
    let name = command.get_name().to_owned();
    let path = if parent.is_empty() || parent == "ixdeploy" { name } else { format!("{parent} {name}") };
    let usage = lang.pick("Usage", "使い方");
    let after = examples(&path, lang);
    let mut command = command
        .help_template(format!("{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}"))
        .subcommand_help_heading(lang.pick("Commands", "コマンド"))
        .mut_args(|arg| placed(arg, &path, lang))
        .mut_subcommands(|command| worded(command, &path, lang));
    if !after.is_empty() {
        command = command.after_help(after);
    }
    match help_ja::text(&path, "").filter(|_| lang == Lang::Ja) {
        Some(about) => command.about(about),
        None => command,
    }
}

fn placed(arg: Arg, path: &str, lang: Lang) -> Arg {
    let everywhere = arg.is_global_set() || arg.get_id() == "help" || arg.get_id() == "version";
    let heading = match () {
        () if everywhere => lang.pick("Options of every command", "すべてのコマンドに共通のオプション"),
        () if arg.is_positional() => lang.pick("Arguments", "引数"),
        () => lang.pick("Options", "オプション"),
    };
    let text = help_ja::text(path, arg.get_id().as_str()).filter(|_| lang == Lang::Ja);
    let arg = match (text, arg.get_id() == "help") {
        // The Japanese texts name the default themselves.
        (Some(help), _) => arg.help(help).hide_default_value(true),
        // There is one help, not a short one and a long one.
        (None, true) => arg.help("Print help"),
        (None, false) => arg,
    };
    // Under a heading clap sorts by name; what is typed in an order is shown in it.
    let arg = match arg.get_index() {
        Some(place) => arg.display_order(place),
        None => arg,
    };
    arg.help_heading(heading)
}

fn groups(command: &Command, lang: Lang) -> String {
    let mut out = String::new();
    for (english, japanese, names) in GROUPS {
        let _ = writeln!(out, "{}:", lang.pick(english, japanese));
        for name in names {
            let Some(found) = command.find_subcommand(name) else { continue };
            let about = found.get_about().map(ToString::to_string).unwrap_or_default();
            let about = help_ja::text(name, "").filter(|_| lang == Lang::Ja).map_or(about, str::to_owned);
            let _ = writeln!(out, "  {name:<7}  {about}");
        }
        out.push('\n');
    }
    out
}

/// The first example of a command, which is given as it is typed: `ixdeploy plan`.
pub fn example(typed: &str) -> Option<&'static str> {
    let name = typed.strip_prefix("ixdeploy ").unwrap_or(typed);
    EXAMPLES.iter().find(|(command, _)| *command == name).and_then(|(_, lines)| lines.first().copied())
}

fn examples(path: &str, lang: Lang) -> String {
    let Some((_, lines)) = EXAMPLES.iter().find(|(name, _)| *name == path) else { return String::new() };
    let heading = lang.pick("Examples", "例");
    lines.iter().fold(format!("{heading}:"), |all, line| all + "\n  " + line)
}

fn exits(lang: Lang) -> &'static str {
    lang.pick(
        "Exit status:\n  0  done, or nothing to do\n  1  wrong usage or input; nothing was written\n  2  ran well, and the answer is \"differs\"\n  3  some router is not done, and its state is proven\n  4  some router needs a person",
        "終了コード:\n  0  完了、または変更なし\n  1  使い方・入力の誤り。書き込みなし\n  2  正常に実行し「差分あり」\n  3  未完了のルータあり(状態は確認済み)\n  4  担当者の対応が必要なルータあり",
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{EXAMPLES, GROUPS, command_line};
    use crate::cli::args::Cli;
    use crate::message::Lang;

    #[test]
    fn every_command_stands_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, _, names)| *names).copied().collect();
        let command = Cli::command();
        let mut there: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        grouped.sort_unstable();
        there.sort_unstable();
        // The demo is left out of a build without mock routers.
        grouped.retain(|name| *name != "demo" || there.contains(name));
        assert_eq!(grouped, there);
    }

    #[test]
    fn every_example_can_be_typed() {
        for line in EXAMPLES.iter().flat_map(|(_, lines)| *lines) {
            let words = line.split_whitespace().map(|word| word.trim_matches('\''));
            assert!(Cli::try_parse_from(words).is_ok(), "{line}");
        }
    }

    #[test]
    fn help_fits_a_terminal_in_english_and_says_everything_in_both() {
        for lang in [Lang::En, Lang::Ja] {
            // As wide as said here, whatever terminal runs the test.
            let mut command = command_line(lang).term_width(100);
            let help = command.render_help().to_string();
            for (_, _, names) in GROUPS {
                assert!(names.iter().all(|name| *name == "demo" || help.contains(&format!("\n  {name} "))), "{help}");
            }
            assert!(lang == Lang::Ja || help.lines().all(|line| line.chars().count() <= 100), "{help}");
            let diff = command.find_subcommand_mut("diff").unwrap().render_help().to_string();
            assert!(diff.find("  <OLD>") < diff.find("  <NEW>"), "{diff}");
            for name in GROUPS.iter().flat_map(|(_, _, names)| *names) {
                let Some(found) = command.find_subcommand_mut(name) else { continue };
                let help = found.render_long_help().to_string();
                let english =
                    ["Possible values", "Print help", "see a summary"].iter().any(|words| help.contains(words));
                assert!(lang == Lang::En || !english, "{help}");
            }
            let plan = command.find_subcommand_mut("plan").unwrap().render_help().to_string();
            assert!(plan.contains("--from-backup") && plan.contains("plan.json"), "{plan}");
        }
    }
}
