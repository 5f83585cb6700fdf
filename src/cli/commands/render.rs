//! `render`: the configuration each router should have, as its roles say it. Secrets stay references.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::args::Input;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input;
use crate::cli::subcommand::{Group, Subcommand};
use crate::file;
use crate::ix::line;
use crate::report::Style;
use crate::run::InputError;

/// Print the configuration each router should have
#[derive(Debug, Clone, Args)]
pub struct RenderArgs {
    /// What to render
    #[command(flatten)]
    pub input: Input,
    /// Write DIR/<router>.cfg instead of printing
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

impl Subcommand for RenderArgs {
    const NAME: &'static str = "render";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "各ルータのあるべきコンフィグを表示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("output", "表示せずに DIR/<ルータ>.cfg に書き出します")];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy render playbooks/online-eligibility.yaml -i clinics.yaml -o desired"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Prints or writes each router's desired configuration.
///
/// # Errors
/// Every finding in inventory, playbook and roles, or a file that cannot be written.
fn run(context: &Context, args: &RenderArgs) -> Result<Exit, Vec<Failure>> {
    let loaded = input::load(context, &args.input)?;
    if let Some(dir) = &args.output {
        std::fs::create_dir_all(dir).map_err(|cause| vec![Failure::machine(dir.display().to_string(), cause)])?;
    }
    for wanted in &loaded.rendered {
        match &args.output {
            Some(dir) => {
                let path = dir.join(format!("{}.cfg", wanted.router));
                writable(&path)?;
                std::fs::write(&path, line::to_bytes(wanted.config.as_str()))
                    .map_err(|cause| vec![Failure::machine(path.display().to_string(), cause)])?;
                context.screen.note(&path.display().to_string());
            }
            None => {
                if loaded.rendered.len() > 1 {
                    context.screen.say(&format!("{}\n", Style::Head.on(&format!("! ══ {}", wanted.router))));
                }
                context.screen.write_lines(wanted.config.as_str());
            }
        }
    }
    let routers: Vec<_> = loaded
        .rendered
        .iter()
        .map(|wanted| json!({ "router": wanted.router, "site": wanted.site, "model": wanted.model, "configuration": wanted.config.as_str() }))
        .collect();
    context.screen.document("render", Exit::Done, &json!({ "routers": routers }));
    Ok(Exit::Done)
}

/// What is there already is a file: writing to a pipe would wait for its reader.
fn writable(path: &Path) -> Result<(), Failure> {
    match file::open(path) {
        Err(error) if error.system().is_none() => Err(InputError::file(path, error).into()),
        _ => Ok(()),
    }
}
