//! The help in one of the two languages: commands by what one wants of them, options under headings, examples at the end.
//!
//! The texts are beside what they describe: in each subcommand's file, and in `args` for shared arguments. Tests insist that
//! none is missing.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory};

use super::command_line::{self, Cli, find};
use super::subcommand::Group;
use super::{args, commands};
use crate::message::Lang;
use crate::report::{COLUMNS, Wrap, wrapped};

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

/// The same for a screen. A line of Japanese ends where a line may end, which clap, which looks for blanks, cannot tell.
pub fn on_screen(lang: Lang) -> Command {
    match lang {
        Lang::En => command_line(lang),
        Lang::Ja => fitted(command_line(lang)),
    }
}

/// Where the help of an option begins that is below its name.
const HELP_COLUMN: usize = 10;

fn fitted(command: Command) -> Command {
    let fit = |text: &str| wrapped(text, 0, Wrap { columns: COLUMNS - HELP_COLUMN, ..whole(0) });
    let fit_arg = |arg: Arg| match arg.get_help().map(ToString::to_string) {
        Some(mut help) => {
            // What clap adds behind the text is part of it.
            if let Some(variable) = arg.get_env() {
                let _ = write!(help, " [env: {}]", variable.to_string_lossy());
            }
            arg.hide_env(true).help(fit(&help))
        }
        None => arg,
    };
    // A command below another is explained in that one's list, too.
    let about = command.get_about().map(|about| fit(&about.to_string()));
    let command = command.next_line_help(true).mut_args(fit_arg).mut_subcommands(fitted);
    match about {
        Some(about) => command.about(about),
        None => command,
    }
}

/// All of a text, on lines of a screen.
fn whole(indent: usize) -> Wrap {
    Wrap { columns: COLUMNS, indent, lines: usize::MAX }
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
    match japanese(&path, "").filter(|_| lang == Lang::Ja) {
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
    let text = japanese(path, arg.get_id().as_str()).filter(|_| lang == Lang::Ja);
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
    let wide = commands::ALL.iter().map(|entry| entry.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for group in Group::ALL {
        let _ = writeln!(out, "{}:", group.heading(lang));
        for entry in commands::ALL.iter().filter(|entry| entry.group == group) {
            let Some(found) = command.find_subcommand(entry.name) else { continue };
            let about = found.get_about().map(ToString::to_string).unwrap_or_default();
            let about = japanese(entry.name, "").filter(|_| lang == Lang::Ja).map_or(about, str::to_owned);
            let column = wide + 4;
            let _ = writeln!(out, "  {:<wide$}  {}", entry.name, wrapped(&about, column, whole(column)));
        }
        out.push('\n');
    }
    out
}

/// The Japanese help of a command, named by its words (`journal verify`), or of one of its arguments.
fn japanese(path: &str, argument: &str) -> Option<&'static str> {
    if path == "ixdeploy" {
        return if argument.is_empty() { Some(command_line::JAPANESE) } else { args::japanese(argument) };
    }
    let (name, inner) = path.split_once(' ').unwrap_or((path, ""));
    let own = find(name).and_then(|entry| entry.japanese(format!("{inner} {argument}").trim()));
    own.or_else(|| args::japanese(argument))
}

/// An example of a command, which is given as it is typed (`ixdeploy plan`): one that shows these options, else the first one.
pub fn example(typed: &str, shows: &[String]) -> Option<&'static str> {
    let examples = || examples_of(typed.strip_prefix("ixdeploy ").unwrap_or(typed));
    let options = || shows.iter().filter_map(|name| name.split(' ').next()).filter(|name| name.starts_with("--"));
    let shows_all = |line: &&str| options().all(|option| line.split(' ').any(|word| word == option));
    examples().find(shows_all).or_else(|| examples().next())
}

/// The examples of a command, named by its words; of one below another those that begin with them.
fn examples_of(path: &str) -> impl Iterator<Item = &'static str> {
    let name = path.split(' ').next().unwrap_or_default();
    let all =
        if path == "ixdeploy" { command_line::EXAMPLES } else { find(name).map_or(&[][..], |entry| entry.examples) };
    let start = format!("ixdeploy {path}");
    let is_inner = path.contains(' ');
    all.iter().copied().filter(move |line| !is_inner || line.starts_with(&start))
}

fn examples(path: &str, lang: Lang) -> String {
    let heading = lang.pick("Examples", "例");
    let lines: String = examples_of(path).map(|line| format!("\n  {line}")).collect();
    if lines.is_empty() { lines } else { format!("{heading}:{lines}") }
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
    use std::collections::BTreeSet;

    use clap::{Command, CommandFactory, Parser};
    use unicode_width::UnicodeWidthStr as _;

    use super::{COLUMNS, command_line, japanese, on_screen};
    use crate::cli::command_line::{Cli, EXAMPLES, find};
    use crate::cli::commands;
    use crate::message::Lang;

    #[test]
    fn a_name_is_that_of_one_subcommand() {
        let names: BTreeSet<&str> = commands::ALL.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), commands::ALL.len());
    }

    /// The page of a command, and of each below it, on a narrow screen.
    fn pages(command: &Command) -> Vec<String> {
        let own = command.clone().term_width(COLUMNS).render_help().to_string();
        std::iter::once(own).chain(command.get_subcommands().flat_map(pages)).collect()
    }

    #[test]
    fn a_page_of_help_fits_a_screen_in_either_language() {
        for lang in [Lang::En, Lang::Ja] {
            for page in pages(&on_screen(lang)) {
                // An example is typed as it is, and how a command is called is one line, too.
                let is_typed = |line: &&str| line.trim_start().starts_with("ixdeploy ") || line.contains(": ixdeploy");
                for line in page.lines().filter(|line| !is_typed(line)) {
                    assert!(line.width() <= COLUMNS, "{} columns: {line}", line.width());
                }
            }
        }
    }

    #[test]
    fn every_example_can_be_typed() {
        let examples =
            commands::ALL.iter().flat_map(|entry| entry.examples.iter().map(move |line| (entry.name, *line)));
        for (name, line) in examples {
            assert!(line.starts_with(&format!("ixdeploy {name}")), "{name}: {line}");
            parses(line);
        }
        EXAMPLES.iter().for_each(|line| parses(line));
    }

    fn parses(line: &str) {
        // What is between two quotes is one word.
        let words = line.split('\'').enumerate().flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        assert!(Cli::try_parse_from(words).is_ok(), "{line}");
    }

    /// Calls for a command and every one below it, with its words.
    fn each(command: &Command, path: &str, look: &mut impl FnMut(&Command, &str)) {
        look(command, path);
        for inner in command.get_subcommands() {
            let name = inner.get_name();
            each(inner, &if path == "ixdeploy" { name.to_owned() } else { format!("{path} {name}") }, look);
        }
    }

    #[test]
    fn every_help_text_exists_in_both_languages() {
        each(&Cli::command(), "ixdeploy", &mut |command, path| {
            assert!(command.get_about().is_some_and(|about| !about.to_string().is_empty()), "command {path}");
            assert!(japanese(path, "").is_some(), "command {path}");
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{path} {}", arg.get_id());
                assert!(japanese(path, arg.get_id().as_str()).is_some(), "{path} {}", arg.get_id());
            }
        });
    }

    #[test]
    fn a_japanese_text_belongs_to_an_argument_that_exists() {
        let mut known = BTreeSet::new();
        each(&Cli::command(), "ixdeploy", &mut |command, path| {
            known.insert(path.to_owned());
            known.extend(command.get_arguments().map(|arg| format!("{path} {}", arg.get_id())));
        });
        for entry in commands::ALL {
            for words in entry.japanese_arguments() {
                assert!(known.contains(&format!("{} {words}", entry.name)), "{}: {words}", entry.name);
            }
        }
    }

    #[test]
    fn help_fits_a_terminal_in_english_and_says_everything_in_both() {
        for lang in [Lang::En, Lang::Ja] {
            // As wide as said here, whatever terminal runs the test.
            let mut command = command_line(lang).term_width(100);
            let help = command.render_help().to_string();
            assert!(commands::ALL.iter().all(|entry| help.contains(&format!("\n  {} ", entry.name))), "{help}");
            assert!(lang == Lang::Ja || help.lines().all(|line| line.chars().count() <= 100), "{help}");
            let diff = command.find_subcommand_mut("diff").unwrap().render_help().to_string();
            assert!(diff.find("  <OLD>") < diff.find("  <NEW>"), "{diff}");
            for entry in commands::ALL {
                let help = command.find_subcommand_mut(entry.name).unwrap().render_long_help().to_string();
                let english =
                    ["Possible values", "Print help", "see a summary"].iter().any(|words| help.contains(words));
                assert!(lang == Lang::En || !english, "{help}");
            }
            let plan = command.find_subcommand_mut("plan").unwrap().render_help().to_string();
            assert!(plan.contains("--from-backup") && plan.contains("plan.json"), "{plan}");
        }
    }

    #[test]
    fn the_help_of_a_command_below_another_has_its_own_examples() {
        let mut command = command_line(Lang::En);
        let journal = command.find_subcommand_mut("journal").unwrap();
        assert!(journal.render_help().to_string().contains("journal verify"));
        let prune = journal.find_subcommand_mut("prune").unwrap().render_help().to_string();
        assert!(prune.contains("journal prune --days 365") && !prune.contains("journal verify"), "{prune}");
    }

    #[test]
    fn a_call_runs_the_subcommand_that_was_typed() {
        let cli = Cli::try_parse_from(["ixdeploy", "--lang", "ja", "history", "r1"]).unwrap();
        assert_eq!(cli.command.entry.name, "history");
        assert!(cli.global.lang.is_some());
        assert!(find("histor").is_none());
    }
}
