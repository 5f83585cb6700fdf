//! `doctor`: what on this machine would stop a deployment, with the remedy.

use clap::Args;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::report::Style;
use crate::run::{self, DoctorReport, Level, MachineFinding};
use crate::transport::ssh;

/// Say what on this machine would stop a deployment, with the remedy
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Print only the SSH algorithms that are compiled in
    #[arg(long)]
    pub ssh_algorithms: bool,
}

impl Subcommand for DoctorArgs {
    const NAME: &'static str = "doctor";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "この PC で展開の妨げになるものと対処を示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("ssh_algorithms", "組み込まれた SSH アルゴリズムだけを表示します")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy doctor"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        if self.ssh_algorithms {
            return Ok(list_algorithms(context)?);
        }
        Ok(show(context, &run::doctor(&context.run_env())))
    }
}

/// Shows what was found; exits 2 where something would stop a deployment.
fn show(context: &Context, report: &DoctorReport) -> Exit {
    for finding in &report.findings {
        let mark = match finding.level {
            Level::Good => Style::Good.on("ok"),
            Level::Warning => Style::Warn.on(context.screen.lang.pick("warning", "警告")),
            Level::Error => Style::Bad.on(context.screen.lang.pick("error", "エラー")),
        };
        context.screen.say_prose(&format!("{mark}  {}: {}\n", finding.id, finding.text.get(context.screen.lang)));
        if let Some(remedy) = &finding.remedy {
            context.screen.say_prose(&format!(
                "    {} {}\n",
                context.screen.lang.pick("remedy:", "対処:"),
                remedy.get(context.screen.lang)
            ));
        }
    }
    let record = |finding: &MachineFinding| {
        serde_json::json!({
            "id": finding.id,
            "level": finding.level,
            "message": finding.text.get(context.screen.lang),
            "remedy": finding.remedy.as_ref().map(|remedy| remedy.get(context.screen.lang)),
        })
    };
    let records: Vec<_> = report.findings.iter().map(record).collect();
    context.screen.document("doctor", report.exit, &serde_json::json!({ "findings": records }));
    report.exit
}

fn list_algorithms(context: &Context) -> Result<Exit, Failure> {
    let supported = ssh::supported_algorithms().map_err(|error| Failure::new(&error, Exit::Usage))?;
    let mut groups = serde_json::Map::new();
    for group in supported {
        context.screen.say_prose(&format!("{}: {}\n", group.kind, group.names.join(",")));
        groups.insert(group.kind.to_owned(), group.names.into());
    }
    context.screen.document("doctor", Exit::Done, &serde_json::json!({ "ssh_algorithms": groups }));
    Ok(Exit::Done)
}
