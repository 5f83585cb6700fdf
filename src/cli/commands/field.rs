//! `field`: an engineer's visit to a clinic, one screen after another, over a console cable.

use clap::Args;

use crate::cli::args::{Format, Surroundings, Times, Unsaved};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::field::{FaceChoice, VisitRequest, visit};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::visit_input::VisitInput;
use crate::run::RunOptions;

/// In the clinic: from the console cable to a saved router, one screen after another
#[derive(Debug, Clone, Args)]
pub struct FieldArgs {
    /// What the routers should have
    #[command(flatten)]
    pub input: VisitInput,
    /// Boxes are exchanged: a new one gets what the old one of a router ran when it was saved last
    #[arg(long)]
    pub replace: bool,
    /// With --replace: this interface of the old box is that one of the new box
    #[arg(long, value_name = "OLD=NEW", requires = "replace")]
    pub map: Vec<String>,
    /// The console's port, where it is no USB cable
    #[arg(long, value_name = "PORT")]
    pub port: Option<String>,
    /// Questions and answers line by line, as for a screen reader
    #[arg(long)]
    pub plain: bool,
    /// Draw with ASCII characters alone, where the terminal's own are too wide
    #[arg(long)]
    pub ascii: bool,
    /// Where the routers are
    #[command(flatten)]
    pub surroundings: Surroundings,
    /// When
    #[command(flatten)]
    pub times: Times,
    /// Unsaved changes
    #[command(flatten)]
    pub unsaved: Unsaved,
}

impl Subcommand for FieldArgs {
    const NAME: &'static str = "field";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "医院での作業: コンソールケーブルの接続から保存まで、画面に沿って進めます";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        #[cfg(feature = "kit")]
        (
            "kit",
            "必要なものをすべてこのキットから取得します(パスフレーズは一度だけ入力、秘密情報はメモリ内のみ)。封印した記録はキットの隣に書き出します",
        ),
        #[cfg(feature = "kit")]
        ("playbook", "プレイブック。--kit ではキット内のもの [既定: 最初のもの]"),
        ("replace", "機器の交換: 新しい機器に、ルータの旧機器の最後の保存時の設定を入れます"),
        ("map", "--replace と併用: 旧機器のインタフェースに対応する新機器のインタフェース"),
        ("port", "コンソールのポート(USB ケーブルでない場合)"),
        ("ascii", "罫線や記号を ASCII 文字だけで描きます(文字幅が崩れる端末向け)"),
        ("plain", "1 行ずつの質問と回答で進めます(スクリーンリーダー向け)"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy field playbooks/online-eligibility.yaml -i clinics.yaml",
        "ixdeploy field playbooks/online-eligibility.yaml -i clinics.yaml -l sato --port COM3",
        "ixdeploy field playbooks/online-eligibility.yaml -i clinics.yaml --replace",
        #[cfg(feature = "kit")]
        "ixdeploy field --kit sato.kit",
    ];
    const MEETS_ROUTERS: bool = true;
    const FORMATS: &'static [Format] = &[Format::Text];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let mut options = RunOptions {
            adopt: self.unsaved.adopt,
            on_bench: self.surroundings.on_bench(),
            line_pending: self.surroundings.line_pending.clone(),
            outside_windows: self.times.outside_windows.clone(),
            ..RunOptions::default()
        };
        let look = FaceChoice { plain: self.plain, ascii: self.ascii };
        let input = self.input.open(&context.run_env(), &mut options)?;
        let request = VisitRequest {
            source: input.source.clone(),
            warned: input.warned.clone(),
            port: self.port.clone(),
            options,
            swaps: self.replace,
            map: self.map.clone(),
            look,
        };
        let exit = visit(context, &request)?;
        Ok(input.bring_back(context, exit))
    }
}
