//! `completions`: the script with which a shell asks this program how a command line goes on.

use clap::{Args, ValueEnum};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Zsh};
use serde_json::json;

use crate::cli::completion;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};

/// What the library makes for bash takes an answer with `*` for a pattern of file names; ours does not.
const BASH: &str = include_str!("ixdeploy.bash");
/// What the library makes for PowerShell evaluates the line that is being typed; ours does not.
const POWERSHELL: &str = include_str!("ixdeploy.ps1");

/// Print a shell's completion script: commands, routers, sites, groups, roles, runs
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell: bash, elvish, fish, powershell, zsh
    #[arg(value_name = "SHELL", value_enum, hide_possible_values = true)]
    pub shell: Shell,
}

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// bash
    Bash,
    /// elvish
    Elvish,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// zsh
    Zsh,
}

impl Shell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Elvish => "elvish",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Zsh => "zsh",
        }
    }

    fn script(self) -> std::io::Result<String> {
        let library: &dyn EnvCompleter = match self {
            Self::Bash => return Ok(BASH.to_owned()),
            Self::Elvish => &Elvish,
            Self::Fish => &Fish,
            Self::Powershell => return Ok(POWERSHELL.to_owned()),
            Self::Zsh => &Zsh,
        };
        let mut script = Vec::new();
        // Found on the PATH each time, so that the script outlives the place where the program is.
        library.write_registration(completion::VARIABLE, "ixdeploy", "ixdeploy", "ixdeploy", &mut script)?;
        Ok(String::from_utf8_lossy(&script).trim_start().to_owned())
    }
}

impl Subcommand for CompletionsArgs {
    const NAME: &'static str = "completions";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str =
        "シェルの補完スクリプトを出力します(コマンド、ルータ、拠点、グループ、ロール、実行名)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("shell", "シェル: bash、elvish、fish、powershell、zsh")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy completions bash", "ixdeploy completions powershell"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let script = self.shell.script().map_err(|cause| vec![Failure::machine(self.shell.name(), cause)])?;
        context.screen.write_lines(&script);
        let document = json!({ "shell": self.shell.name(), "script": script });
        context.screen.document(Self::NAME, Exit::Done, &document);
        Ok(Exit::Done)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::{Shell, completion};

    #[test]
    fn every_script_asks_this_program_by_its_variable_and_evaluates_no_line() {
        for shell in Shell::value_variants() {
            let script = shell.script().unwrap_or_default();
            assert!(script.contains(completion::VARIABLE), "{script}");
            assert!(script.contains("ixdeploy"), "{script}");
            for evaluates in ["Invoke-Expression", "eval ", "COMPREPLY=( $("] {
                assert!(!script.contains(evaluates), "{script}");
            }
        }
        assert!(super::POWERSHELL.contains(&format!("$env:{} = ", completion::WORDS)));
    }
}
