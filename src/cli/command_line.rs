//! The command line as clap reads it: the options of every command, and one of the subcommands.

use std::fmt;

use clap::{ArgMatches, Command, FromArgMatches, Parser};

use super::args::Global;
use super::commands;
use super::context::Context;
use super::error::{Exit, Failure};
use super::subcommand::{Call, Entry};

/// Deploys declared configuration to NEC UNIVERGE IX routers as a verified transaction
#[derive(Debug, Parser)]
#[command(name = "ixdeploy", version, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Invocation,
}

/// What the program does, in Japanese.
pub const JAPANESE: &str = "NEC UNIVERGE IX ルータに宣言どおりの構成を、検証付きトランザクションで展開します";

/// Lines to type, shown at the end of the program's own help.
pub const EXAMPLES: &[&str] = &[
    "ixdeploy check playbooks/online-eligibility.yaml -i clinics.yaml",
    "ixdeploy plan  playbooks/online-eligibility.yaml -i clinics.yaml",
    "ixdeploy apply playbooks/online-eligibility.yaml -i clinics.yaml --phase bench",
];

/// A subcommand and what was typed after it.
pub struct Invocation {
    /// Which.
    pub entry: &'static Entry,
    call: Call,
}

impl Invocation {
    /// Does it.
    ///
    /// # Errors
    /// What the subcommand says.
    pub fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        (self.call)(context)
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation").field("command", &self.entry.name).finish_non_exhaustive()
    }
}

impl FromArgMatches for Invocation {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, inner) = matches.subcommand().ok_or_else(missing)?;
        let entry = find(name).ok_or_else(missing)?;
        Ok(Self { entry, call: entry.call(inner)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Subcommand for Invocation {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(commands::ALL.iter().map(Entry::command))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        find(name).is_some()
    }
}

/// The subcommand of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    commands::ALL.iter().find(|entry| entry.name == name)
}
