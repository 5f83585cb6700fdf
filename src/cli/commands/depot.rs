//! `depot`: boxes for many clinics are set up on one bench, at several consoles at once.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Asking, Format, Input, Unsaved};
use crate::cli::context::Context;
use crate::cli::depot::{DepotRequest, depot};
use crate::cli::error::{Exit, Failure};
use crate::cli::input::source;
use crate::cli::subcommand::{Group, Subcommand};
use crate::secret::KnownSecrets;

/// In the depot: set up boxes at up to eight consoles at once, each recognised by its serial number
#[derive(Debug, Clone, Args)]
pub struct DepotArgs {
    /// What the routers should have
    #[command(flatten)]
    pub input: Input,
    /// A console's port, as often as there are some [default: every USB cable]
    #[arg(long, value_name = "PORT")]
    pub port: Vec<String>,
    /// Write a label of each saved box to DIR/<router>.html, and a sheet of all to DIR/labels.html
    #[arg(long, value_name = "DIR")]
    pub labels: Option<PathBuf>,
    /// Print the clinics' names on the labels (personal data)
    #[arg(long, requires = "labels")]
    pub contacts: bool,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// Unsaved changes
    #[command(flatten)]
    pub unsaved: Unsaved,
}

impl Subcommand for DepotArgs {
    const NAME: &'static str = "depot";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "デポでの作業: 最大 8 本のコンソールで同時に機器を設定します(機器は製造番号で識別)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("port", "コンソールのポート。複数回指定できます [既定: すべての USB ケーブル]"),
        ("labels", "保存した機器ごとのラベルを DIR/<ルータ>.html に、全体を DIR/labels.html に書き出します"),
        ("contacts", "ラベルに医院名も記載します(個人情報)"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy depot playbooks/online-eligibility.yaml -i clinics.yaml --labels labels",
        "ixdeploy depot playbooks/online-eligibility.yaml -i clinics.yaml -l @today.txt --port COM3 --port COM4",
    ];
    const MEETS_ROUTERS: bool = true;
    const FORMATS: &'static [Format] = &[Format::Text];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let request = DepotRequest {
            source: source(&self.input),
            ports: self.port.clone(),
            labels: self.labels.clone(),
            contacts: self.contacts,
            is_approved: self.asking.yes,
            adopt: self.unsaved.adopt,
            secrets: KnownSecrets::default(),
        };
        depot(context, request)
    }
}
