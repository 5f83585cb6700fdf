//! `depot`: boxes for many clinics are set up on one bench, at several consoles at once.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Asking, Format, Unsaved};
use crate::cli::context::Context;
use crate::cli::depot::{DepotRequest, depot};
use crate::cli::error::{Exit, Failure};
use crate::cli::field::FaceChoice;
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::visit_input::VisitInput;

/// In the depot: set up boxes at up to eight consoles at once, each recognised by its serial number
#[derive(Debug, Clone, Args)]
pub struct DepotArgs {
    /// What the routers should have
    #[command(flatten)]
    pub input: VisitInput,
    /// A console's port, as often as there are some [default: every USB cable]
    #[arg(long, value_name = "PORT")]
    pub port: Vec<String>,
    /// Write a label of each saved box to DIR/<router>.html, and a sheet of all to DIR/labels.html
    #[arg(long, value_name = "DIR")]
    pub labels: Option<PathBuf>,
    /// Print the clinics' names on the labels (personal data)
    #[arg(long, requires = "labels")]
    pub contacts: bool,
    /// What happens line by line, as for a screen reader
    #[arg(long)]
    pub plain: bool,
    /// Draw with ASCII characters alone, where the terminal's own are too wide
    #[arg(long)]
    pub ascii: bool,
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
        #[cfg(feature = "kit")]
        (
            "kit",
            "必要なものをすべてこのキットから取得します(パスフレーズは一度だけ入力、秘密情報はメモリ内のみ)。封印した記録はキットの隣に書き出します",
        ),
        #[cfg(feature = "kit")]
        ("playbook", "プレイブック。--kit ではキット内のもの [既定: 最初のもの]"),
        ("port", "コンソールのポート。複数回指定できます [既定: すべての USB ケーブル]"),
        ("labels", "保存した機器ごとのラベルを DIR/<ルータ>.html に、全体を DIR/labels.html に書き出します"),
        ("ascii", "罫線や記号を ASCII 文字だけで描きます(文字幅が崩れる端末向け)"),
        ("plain", "起きたことを 1 行ずつ表示します(スクリーンリーダー向け)"),
        ("contacts", "ラベルに医院名も記載します(個人情報)"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy depot playbooks/online-eligibility.yaml -i clinics.yaml --labels labels",
        "ixdeploy depot playbooks/online-eligibility.yaml -i clinics.yaml -l @today.txt --port COM3 --port COM4",
    ];
    const MEETS_ROUTERS: bool = true;
    const FORMATS: &'static [Format] = &[Format::Text];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let mut options = DepotRequest::options(self.unsaved.adopt);
        let input = self.input.open(&context.run_env(), &mut options)?;
        let request = DepotRequest {
            source: input.source.clone(),
            ports: self.port.clone(),
            labels: self.labels.clone(),
            contacts: self.contacts,
            is_approved: self.asking.yes,
            look: FaceChoice { plain: self.plain, ascii: self.ascii },
            options,
        };
        let exit = depot(context, request)?;
        Ok(input.bring_back(context, exit))
    }
}
