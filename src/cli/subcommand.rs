//! What a subcommand is: arguments, help in both languages, and the call. It knows no subcommand in particular.
//!
//! English help is where clap looks for it, in the doc comments of the arguments; Japanese help is a list beside them.

use std::ffi::OsString;

use clap::{ArgMatches, Args, Command, FromArgMatches as _};

use super::args::{Format, Global};
use super::context::Context;
use super::error::{Exit, Failure};
use crate::message::Lang;

/// Where the help lists a subcommand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// It needs no router.
    Offline,
    /// It reads or changes routers.
    OnRouters,
    /// It reaches a run that another process carries out.
    DuringRun,
    /// It looks back at a run, or recovers from it.
    AfterRun,
    /// It is about this machine.
    Machine,
}

impl Group {
    /// In the order in which they are usually needed.
    pub const ALL: [Self; 5] = [Self::Offline, Self::OnRouters, Self::DuringRun, Self::AfterRun, Self::Machine];

    /// The heading in the help.
    pub fn heading(self, lang: Lang) -> &'static str {
        match self {
            Self::Offline => lang.pick("Without a router", "ルータなしで"),
            Self::OnRouters => lang.pick("On routers", "ルータに対して"),
            Self::DuringRun => lang.pick("During a run, from another terminal", "実行中に、別の端末から"),
            Self::AfterRun => lang.pick("After a run", "実行の後で"),
            Self::Machine => lang.pick("This machine", "この PC"),
        }
    }
}

/// One subcommand. The type that implements this holds its arguments; the doc comment of the type says in English what it does.
pub trait Subcommand: Args + Send + Sync + 'static {
    /// What is typed.
    const NAME: &'static str;
    /// Where the help lists it.
    const GROUP: Group;
    /// What it does, in Japanese.
    const JAPANESE: &'static str;
    /// The Japanese help of each argument that is not shared ([`super::args::japanese`]). An argument of a command below this one
    /// has that command's name in front, `verify head`; the command itself is `verify`.
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[];
    /// Lines to type, shown at the end of the help.
    const EXAMPLES: &'static [&'static str];
    /// Whether it opens sessions: Ctrl-C then waits for a safe moment, instead of ending the program at once.
    const MEETS_ROUTERS: bool = false;
    /// The forms that its result can have.
    const FORMATS: &'static [Format] = &[Format::Text, Format::Json];
    /// Whether its result can be in both languages at once.
    const SPEAKS_BOTH: bool = false;

    /// Does it.
    ///
    /// # Errors
    /// Why it could not be done, everything at once; no router was changed then.
    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>>;
}

/// A subcommand with its arguments, ready to run.
pub type Call = Box<dyn Fn(&Context) -> Result<Exit, Vec<Failure>> + Send + Sync>;

/// A subcommand as the list of all of them holds it.
#[derive(Debug)]
pub struct Entry {
    /// What is typed.
    pub name: &'static str,
    /// Where the help lists it.
    pub group: Group,
    /// Lines to type.
    pub examples: &'static [&'static str],
    /// Whether Ctrl-C waits for a router.
    pub meets_routers: bool,
    /// The forms that its result can have.
    pub formats: &'static [Format],
    /// Whether its result can be in both languages at once.
    pub speaks_both: bool,
    japanese: &'static str,
    japanese_arguments: &'static [(&'static str, &'static str)],
    arguments: fn(Command) -> Command,
    call: fn(&ArgMatches) -> Result<Call, clap::Error>,
}

impl Entry {
    /// The entry of one subcommand.
    pub const fn of<S: Subcommand>() -> Self {
        Self {
            name: S::NAME,
            group: S::GROUP,
            examples: S::EXAMPLES,
            meets_routers: S::MEETS_ROUTERS,
            formats: S::FORMATS,
            speaks_both: S::SPEAKS_BOTH,
            japanese: S::JAPANESE,
            japanese_arguments: S::JAPANESE_ARGUMENTS,
            arguments: S::augment_args,
            call: call::<S>,
        }
    }

    /// Its part of the command line.
    pub fn command(&self) -> Command {
        (self.arguments)(Command::new(self.name))
    }

    /// The call that the matched arguments mean.
    ///
    /// # Errors
    /// When clap matched what the arguments cannot hold.
    pub fn call(&self, matches: &ArgMatches) -> Result<Call, clap::Error> {
        (self.call)(matches)
    }

    /// Reads a line that is typed for this subcommand, its name first, with the options of every command.
    ///
    /// # Errors
    /// What clap does not understand.
    pub fn parse(&self, words: impl IntoIterator<Item = OsString>) -> Result<(Global, Call), clap::Error> {
        let matches = Global::augment_args(self.command()).try_get_matches_from(words)?;
        Ok((Global::from_arg_matches(&matches)?, self.call(&matches)?))
    }

    /// The Japanese help of itself (no words), of one of its arguments, or of a command below it.
    pub fn japanese(&self, words: &str) -> Option<&'static str> {
        if words.is_empty() {
            return Some(self.japanese);
        }
        self.japanese_arguments.iter().find(|(known, _)| *known == words).map(|(_, text)| *text)
    }

    /// What its file has Japanese help for.
    #[cfg(test)]
    pub fn japanese_arguments(&self) -> impl Iterator<Item = &'static str> {
        self.japanese_arguments.iter().map(|(words, _)| *words)
    }
}

fn call<S: Subcommand>(matches: &ArgMatches) -> Result<Call, clap::Error> {
    let subcommand = S::from_arg_matches(matches)?;
    Ok(Box::new(move |context| subcommand.run(context)))
}
