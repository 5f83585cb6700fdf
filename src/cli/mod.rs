//! The command line: arguments and presentation only. Each subcommand is one file of `commands`.
//!
//! `main` parses, dispatches and turns whatever happened into one exit status. The one border for errors is `error`.

mod args;
mod cables;
mod change_args;
pub mod codes;
mod command_line;
mod commands;
mod completion;
mod configurations;
mod context;
mod control_text;
mod depot;
mod detaching;
mod double_click;
mod error;
mod field;
mod held_terminal;
mod help;
mod identity_text;
mod input;
mod interrupt;
mod kept;
#[cfg(feature = "kit")]
mod kit_records;
mod labels;
mod late_plans;
mod line_document;
mod local_time;
mod misplaced;
mod operator;
mod over_console;
mod person_text;
mod plan_heading;
mod question_text;
mod result;
mod rollout_args;
mod run_text;
mod screen;
mod shipped;
mod show_classes;
mod show_plan_diff;
mod show_plans;
mod show_saved_plan;
mod signals;
mod standing_text;
mod stream;
mod subcommand;
mod terminal;
mod usage;
mod usage_error;
mod version;
mod visit_input;
mod waits;
mod what_next;
mod whole_lines;
mod working_folder;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

pub use args::{Format, Global, LangArg};
pub use command_line::{Cli, Invocation};
pub use context::Context;
pub use error::{Exit, Failure};
pub use screen::SCHEMA;
use screen::Screen;
pub use stream::Stream;

use crate::cancel::Cancel;
use crate::message::{CodeEntry, Lang, Text};
use crate::private;
use crate::report::LogLines;
use crate::run;
use usage_error::UsageError;

/// The codes of this room's errors.
const CODES: &[&[CodeEntry]] = &[usage::Unreadable::CODES, UsageError::CODES, stream::StreamError::CODES];

/// Runs the program and returns its exit status.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    private::protect_process();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if double_click::started(&arguments) {
        let exit = run_words(&double_click::words(&arguments));
        double_click::keep_window(exit != Exit::Usage.status());
        return exit;
    }
    run_words(&arguments)
}

/// Does what the words of a command line say.
fn run_words(arguments: &[OsString]) -> u8 {
    let lang = language_of(arguments);
    if let Some(answer) = completion::answer(arguments, lang) {
        let _ = std::io::stdout().write_all(&answer);
        return Exit::Done.status();
    }
    if arguments.len() < 2 {
        // Nothing was asked for: the whole help is of more use than what is missing.
        let _ = write!(anstream::stderr(), "{}", help::on_screen(lang).render_help().ansi());
        return Exit::Usage.status();
    }
    let (cli, added) = match parse(arguments, lang) {
        Ok(parsed) => parsed,
        Err(Unclear::Arguments(error)) => return answer(&error, arguments, lang, &[]).status(),
        Err(Unclear::Folder(error, failures)) => return answer(&error, arguments, lang, &failures).status(),
    };
    let entry = cli.command.entry;
    if cli.global.detached
        && let Err(error) = run::leave_terminal()
    {
        tracing::debug!(%error, "this process stays in the session that it was started in");
    }
    start_log(cli.global.verbose);
    let (out, err) = streams();
    let out = if std::io::stdout().is_terminal() { out } else { out.with_exact(std::io::stdout()) };
    let cancel = Cancel::default();
    match Context::new(&cli.global, out.clone(), err.clone(), cancel) {
        Ok(context) => {
            if let Some(added) = added {
                context.screen.note_prose(added.get(context.screen.lang));
            }
            if entry.meets_routers
                && let Err(cause) = interrupt::watch(&context)
            {
                return context.screen.fail(entry.name, &[Failure::machine("Ctrl-C", cause)]).status();
            }
            let exit = dispatch(&context, &cli.command);
            whole(&context.screen, exit).status()
        }
        Err(failure) => {
            let format = cli.global.format.unwrap_or(Format::Text);
            let screen = Screen { lang, format, out, err };
            screen.fail(entry.name, &[failure]).status()
        }
    }
}

/// The process's own streams, which know whether they go to a screen.
fn streams() -> (Stream, Stream) {
    let out = Stream::new(anstream::stdout()).on_screen(std::io::stdout().is_terminal());
    (out, Stream::new(anstream::stderr()).on_screen(std::io::stderr().is_terminal()))
}

/// Why there is nothing to do.
enum Unclear {
    /// What was typed is not understood, or is help.
    Arguments(clap::Error),
    /// Something is missing, and the working folder that could give it cannot be used.
    Folder(clap::Error, Vec<Failure>),
}

impl From<clap::Error> for Unclear {
    fn from(error: clap::Error) -> Self {
        Self::Arguments(error)
    }
}

/// Parses the arguments, with help in the language that they or the locale ask for. A missing playbook or inventory is taken from the
/// working folder, and reported.
fn parse(arguments: &[OsString], lang: Lang) -> Result<(Cli, Option<Text>), Unclear> {
    let command = help::on_screen(lang);
    let words = asking_for_help(arguments);
    let error = match command.clone().try_get_matches_from(&words) {
        Ok(matches) => return Ok((Cli::from_arg_matches(&matches)?, None)),
        Err(error) => error,
    };
    match working_folder::complete(&error, &words) {
        Ok(None) => Err(error.into()),
        Ok(Some(completed)) => {
            let matches = command.try_get_matches_from(completed.arguments)?;
            Ok((Cli::from_arg_matches(&matches)?, Some(completed.added)))
        }
        Err(failures) => Err(Unclear::Folder(error, failures)),
    }
}

/// `help plan` means `plan --help`.
fn asking_for_help(arguments: &[OsString]) -> Vec<OsString> {
    let mut words = arguments.to_vec();
    let cli = Cli::command();
    let first = words.iter().position(|word| {
        word == "help"
            || word.to_str().is_some_and(|name| cli.get_subcommands().any(|command| command.get_name() == name))
    });
    if let Some(first) = first.filter(|first| words.get(*first).is_some_and(|word| word == "help")) {
        words.remove(first);
        words.push("--help".into());
    }
    words
}

/// Help and version are answers, not errors; what cannot be understood is an error like any other.
fn answer(error: &clap::Error, arguments: &[OsString], lang: Lang, others: &[Failure]) -> Exit {
    match error.kind() {
        ErrorKind::DisplayVersion if arguments.iter().any(|word| word == "--version") => {
            return answered(&version::long(lang), lang);
        }
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return answered(&error.render().ansi().to_string(), lang);
        }
        _ => {}
    }
    let (format, meant) = usage::made_out(Cli::command(), arguments);
    let command = meant.first().filter(|name| Cli::command().find_subcommand(name).is_some()).cloned();
    let words = std::iter::once("ixdeploy").chain(meant.iter().filter(|_| command.is_some()).map(String::as_str));
    let typed = words.collect::<Vec<_>>().join(" ");
    let failure = usage::failure(error, &typed, arguments);
    let (out, err) = streams();
    let screen = Screen { lang, format, out, err };
    let failures: Vec<Failure> = others.iter().cloned().chain([failure]).collect();
    screen.fail(command.as_deref().unwrap_or("ixdeploy"), &failures)
}

/// Shows what was asked for about the program itself.
fn answered(text: &str, lang: Lang) -> Exit {
    let (out, err) = streams();
    // It is ours, and has styles.
    let _ = out.write_bare(text.as_bytes());
    whole(&Screen { lang, format: Format::Text, out, err }, Exit::Done)
}

/// How the program ends where its result may not have arrived whole: never well.
fn whole(screen: &Screen, exit: Exit) -> Exit {
    let Some(error) = screen.out.unwritten() else { return exit };
    let failure = Failure::new(&error, Exit::Usage);
    screen.note_failure(&failure);
    // What the routers need counts for more than what was shown of it.
    if exit >= Exit::NotDone { exit } else { Exit::Usage }
}

/// The language, before the arguments are understood: help must know it.
fn language_of(arguments: &[OsString]) -> Lang {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let asked = words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix("--lang") {
        Some("") => words.get(index + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    match asked {
        Some("ja") => Lang::Ja,
        Some("en") => Lang::En,
        _ => context::language(None),
    }
}

/// Does what the command says.
pub fn dispatch(context: &Context, command: &Invocation) -> Exit {
    let entry = command.entry;
    if let Some(format) = context.asked_format.filter(|format| !entry.formats.contains(format)) {
        return context.screen.fail(entry.name, &[UsageError::no_form(entry.name, format, entry.formats).into()]);
    }
    if context.both_languages && !entry.speaks_both {
        return context.screen.fail(entry.name, &[UsageError::OneLanguage { command: entry.name }.into()]);
    }
    let exit = command.run(context).unwrap_or_else(|failures| context.screen.fail(command.entry.name, &failures));
    if command.entry.meets_routers {
        context.end_events(exit);
    }
    exit
}

/// The debug log on stderr: off, unless asked for by `-vv` or the usual environment variable.
fn start_log(verbose: u8) {
    use tracing_subscriber::EnvFilter;
    let fallback = if verbose >= 2 { "ixdeploy=debug" } else { "off" };
    let filter = EnvFilter::try_from_env("IXDEPLOY_LOG").unwrap_or_else(|_| EnvFilter::new(fallback));
    // Of a terminal that is gone nothing is said: a thread that says so there panics, in the middle of a router.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).log_internal_errors(false);
    let _ = log.with_writer(|| LogLines(std::io::stderr())).try_init();
}
