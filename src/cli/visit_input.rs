//! What a visit and a depot are given: files of this machine, or a kit, which is opened in memory. At the end the kit's records go back
//! beside it.

use std::path::PathBuf;

use clap::Args;

use super::args::Only;
use super::context::Context;
use super::error::{Exit, Failure};
#[cfg(feature = "kit")]
use super::kit_records;
use crate::message::Text;
use crate::run::{RunEnv, RunOptions, Source};
#[cfg(feature = "kit")]
use crate::run::{VisitFromKit, VisitKit, open_for_visit};

/// Files, or a kit.
#[derive(Debug, Clone, Args)]
pub struct VisitInput {
    /// What the routers should have; with --kit one of the kit's playbooks [default there: its first]
    #[arg(value_name = "PLAYBOOK")]
    #[cfg_attr(feature = "kit", arg(required_unless_present = "kit"))]
    #[cfg_attr(not(feature = "kit"), arg(required = true))]
    pub playbook: Option<PathBuf>,
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    #[cfg_attr(feature = "kit", arg(required_unless_present = "kit", conflicts_with = "kit"))]
    #[cfg_attr(not(feature = "kit"), arg(required = true))]
    pub inventory: Option<PathBuf>,
    /// Some of the routers
    #[command(flatten)]
    pub only: Only,
    /// Everything from this kit: its passphrase is asked for once, its secrets stay in memory, the sealed records come back beside it
    #[cfg(feature = "kit")]
    #[arg(long, value_name = "FILE")]
    pub kit: Option<PathBuf>,
}

/// Input that is ready to be used.
pub struct OpenedInput {
    /// Playbook, inventory and routers.
    pub source: Source,
    /// What was warned of when it was opened.
    pub warned: Vec<Text>,
    #[cfg(feature = "kit")]
    kit: Option<VisitKit>,
}

impl VisitInput {
    /// Opens the kit, where there is one; what it knows becomes part of `options`.
    ///
    /// # Errors
    /// A kit that cannot be used.
    #[cfg_attr(not(feature = "kit"), expect(clippy::unnecessary_wraps, reason = "a kit can be refused"))]
    pub fn open(&self, env: &RunEnv, options: &mut RunOptions) -> Result<OpenedInput, Vec<Failure>> {
        #[cfg(feature = "kit")]
        if let Some(file) = &self.kit {
            let wanted =
                VisitFromKit { file: file.clone(), playbook: self.playbook.clone(), limit: self.only.limit.clone() };
            let kit = open_for_visit(env, &wanted, options)?;
            return Ok(OpenedInput { source: kit.source.clone(), warned: kit.warned.clone(), kit: Some(kit) });
        }
        #[cfg(not(feature = "kit"))]
        let _ = (env, options);
        let named = |path: &Option<PathBuf>| path.clone().unwrap_or_default();
        let (playbook, inventory) = (named(&self.playbook), named(&self.inventory));
        let source = Source { playbook, inventory, limit: self.only.limit.clone() };
        Ok(OpenedInput {
            source,
            warned: Vec::new(),
            #[cfg(feature = "kit")]
            kit: None,
        })
    }
}

impl OpenedInput {
    /// The visit has ended so: its records go back into a file beside the kit. How the program ends, also where they cannot.
    pub fn bring_back(&self, context: &Context, exit: Exit) -> Exit {
        #[cfg(feature = "kit")]
        if let Some(kit) = &self.kit {
            return kit_records::bring_back(context, kit, exit);
        }
        let _ = context;
        exit
    }
}
