//! How a command line goes on, for a shell that asks: what the command line knows, and names from files.
//!
//! Runs no program, opens no session, waits for nothing and says nothing where a file cannot be read: a line that is being typed is no
//! place for errors. A shell puts what is offered into the line as it is, so nothing is offered that would act there.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _};
use clap_complete::env::Shells;

use super::{codes, context, help, working_folder};
use crate::inventory::{self, Names};
use crate::journal::Journal;
use crate::message::Lang;
use crate::run::names_of_imported_runs;

/// The variable in which a shell says that it asks, and which shell it is.
pub const VARIABLE: &str = "IXDEPLOY_COMPLETE";

/// The variable in which PowerShell hands over the words, one a line: its older versions lose an empty word on the way to a program.
pub const WORDS: &str = "IXDEPLOY_COMPLETE_WORDS";

/// Runs that are offered, the last ones.
const RUNS: usize = 20;

/// The answer to a shell, in the form that it reads; nothing where no shell asks.
pub fn answer(arguments: &[OsString], lang: Lang) -> Option<Vec<u8>> {
    let name = env::var_os(VARIABLE)?;
    let shells = Shells::builtins();
    let shell = shells.completer(name.to_str()?)?;
    let words: Vec<OsString> = match env::var(WORDS) {
        Ok(words) => words.split('\n').map(OsString::from).collect(),
        Err(_) => arguments.iter().skip_while(|word| *word != "--").skip(1).cloned().collect(),
    };
    if words.is_empty() {
        return None;
    }
    let here = env::current_dir().ok();
    let files = Files {
        typed: words.clone(),
        here: here.clone(),
        inventory: working_folder::inventory,
        state_dir: context::state_dir(),
    };
    let mut command = completed(help::command_line(lang), &Arc::new(files));
    let mut answer = Vec::new();
    match shell.write_complete(&mut command, words, here.as_deref(), &mut answer) {
        Ok(()) => Some(answer),
        // The line does not go on.
        Err(_) => Some(Vec::new()),
    }
}

/// Adds to every argument that names something where its names come from.
fn completed(command: Command, files: &Arc<Files>) -> Command {
    command.mut_args(|arg| with_names(arg, files)).mut_subcommands(|command| completed(command, files))
}

/// One argument, by the id that all subcommands give to what is the same.
fn with_names(arg: Arg, files: &Arc<Files>) -> Arg {
    let offered: fn(&Files, &str) -> Vec<CompletionCandidate> = match arg.get_id().as_str() {
        "limit" => Files::limits,
        "router" => Files::routers,
        "run" => Files::runs,
        // A run, or a file.
        "shown" | "from" => |files, typed| files.runs(typed).into_iter().chain(files.paths(typed)).collect(),
        // The recording of an imported run, or a file.
        "replayed" => |files, typed| files.imported(typed).into_iter().chain(files.paths(typed)).collect(),
        "code" => |_, typed| beginning(typed, codes::errors().into_keys()),
        _ if arg.get_value_hint() == ValueHint::AnyPath => Files::paths,
        _ => return arg,
    };
    let files = Arc::clone(files);
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        typed.to_str().map(|typed| offered(&files, typed)).unwrap_or_default()
    }))
}

/// The names that a word may become.
fn beginning<N: Into<OsString> + AsRef<str>>(
    typed: &str,
    names: impl IntoIterator<Item = N>,
) -> Vec<CompletionCandidate> {
    let fitting = names.into_iter().filter(|name| name.as_ref().starts_with(typed));
    fitting.map(CompletionCandidate::new).collect()
}

/// Whether a shell takes a path for what it is, unquoted. Letters of every language are such; a blank and `$` are not.
fn is_plain(path: &str) -> bool {
    let inside = path.strip_prefix("~/").unwrap_or(path);
    let is_safe = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '.' | '_' | '-' | '/' | '+' | ',' | '@')
            || c == MAIN_SEPARATOR
            // Behind a drive's letter.
            || (c == ':' && MAIN_SEPARATOR == '\\')
    };
    !inside.is_empty() && !inside.starts_with('-') && inside.chars().all(is_safe)
}

/// Where names are: the files that the line names as far as it is typed, or else those of the working folder and of the user.
struct Files {
    typed: Vec<OsString>,
    /// The folder that we are in.
    here: Option<PathBuf>,
    /// The inventory where none is typed.
    inventory: fn() -> Option<PathBuf>,
    /// The state folder where none is typed.
    state_dir: Option<PathBuf>,
}

impl Files {
    /// The last part of a limit, `a,b,!c`: routers, sites, groups and roles.
    fn limits(&self, typed: &str) -> Vec<CompletionCandidate> {
        let (before, part) = typed.split_at(typed.rfind([',', '!']).map_or(0, |at| at + 1));
        if before.rfind('[') > before.rfind(']') {
            // Numbers of a pattern, `c00[1,2`.
            return Vec::new();
        }
        let names = self.names();
        // A site with one router may have its name.
        let all: BTreeSet<&String> =
            [&names.groups, &names.sites, &names.routers, &names.roles].into_iter().flatten().collect();
        let fitting = all.into_iter().filter(|name| name.starts_with(part));
        fitting.map(|name| CompletionCandidate::new(format!("{before}{name}"))).collect()
    }

    fn routers(&self, typed: &str) -> Vec<CompletionCandidate> {
        beginning(typed, self.names().routers)
    }

    fn runs(&self, typed: &str) -> Vec<CompletionCandidate> {
        let runs = self.state_dir().map(|folder| Journal::names_of_runs(&folder, RUNS)).unwrap_or_default();
        let names = std::iter::once("last").chain(runs.iter().map(String::as_str));
        let own = beginning(typed, names.filter(|name| inventory::is_name(name)));
        own.into_iter().chain(self.imported(typed)).collect()
    }

    /// Runs that were imported: they can be looked at, and are refused by name where that is not enough.
    fn imported(&self, typed: &str) -> Vec<CompletionCandidate> {
        let runs = self.state_dir().map(|folder| names_of_imported_runs(&folder, RUNS)).unwrap_or_default();
        beginning(typed, runs)
    }

    fn state_dir(&self) -> Option<PathBuf> {
        self.value("--state-dir", None).or_else(|| self.state_dir.clone())
    }

    fn paths(&self, typed: &str) -> Vec<CompletionCandidate> {
        let Some(here) = &self.here else { return Vec::new() };
        let mut found = PathCompleter::any().current_dir(here).complete(OsStr::new(typed));
        found.retain(|path| path.get_value().to_str().is_some_and(is_plain));
        found
    }

    /// As many names of the inventory as can be found: one with a mistake has names, too.
    fn names(&self) -> Names {
        let path = self.value("--inventory", Some("-i")).or_else(self.inventory);
        path.map(|path| inventory::names(&path)).unwrap_or_default()
    }

    /// The value of an option, as far as the line is typed: in a word of its own (which some shells cut at `=`), or joined to the option.
    fn value(&self, long: &str, short: Option<&str>) -> Option<PathBuf> {
        let mut words = self.typed.iter();
        while let Some(word) = words.next() {
            if word == long || short.is_some_and(|short| word == short) {
                let value = words.next()?;
                return Some(self.path(if value == "=" { words.next()? } else { value }));
            }
            let Some(word) = word.to_str() else { continue };
            let joined = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
            let joined = joined.or_else(|| short.and_then(|short| word.strip_prefix(short)));
            if let Some(value) = joined {
                return Some(self.path(OsStr::new(value)));
            }
        }
        None
    }

    /// A path as it is typed: with its quotes, and with `~`.
    fn path(&self, typed: &OsStr) -> PathBuf {
        let bare = |quote: char| typed.to_str()?.strip_prefix(quote)?.strip_suffix(quote);
        let typed = bare('\'').or_else(|| bare('"')).map_or(Path::new(typed), Path::new);
        let from_home = typed.strip_prefix("~").ok().and_then(|rest| Some(env::home_dir()?.join(rest)));
        let path = from_home.unwrap_or_else(|| typed.to_owned());
        self.here.as_ref().map_or_else(|| path.clone(), |here| here.join(&path))
    }
}

#[cfg(test)]
#[path = "completion_tests.rs"]
mod tests;
