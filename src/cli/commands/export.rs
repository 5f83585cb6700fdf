//! `export RUN FILE`: a run as one file, for another machine or for the customer's archive. No router is met.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;
use crate::report::{self, Languages, WorkRecord};
use crate::run::{self, Evidence, ExportRequest, Exported};
use crate::visible;

/// Write a run to one file, secrets masked, for another machine
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// The new file: a tar archive, which `ixdeploy journal import` takes in elsewhere
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Take along the recordings of this folder (`--record DIR`) that were made of the run's routers while it was carried out
    #[arg(long, value_name = "DIR")]
    pub recordings: Option<PathBuf>,
}

impl Subcommand for ExportArgs {
    const NAME: &'static str = "export";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "実行を 1 つのファイルに書き出します(別の端末での参照用、秘密情報はマスク)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("file", "新しいファイル(tar 形式)。別の端末で ixdeploy journal import により取り込めます"),
        ("recordings", "このフォルダ(--record DIR)から、その実行中に対象ルータを記録したファイルも含めます"),
    ];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy export last night.tar", "ixdeploy export 20261122-114603-7k3f sato.tar --recordings tapes"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let journal = context.journal()?;
        let request = ExportRequest {
            run: self.run.clone(),
            file: self.file.clone(),
            recordings: self.recordings.clone(),
            page: &page,
        };
        let exported = run::export(&journal, &request)?;
        context.screen.say_prose(&words(&exported, context.screen.lang));
        context.screen.document(Self::NAME, Exit::Done, &exported);
        Ok(Exit::Done)
    }
}

/// The page that goes along, for a person who opens the file without this program.
fn page(evidence: &Evidence) -> String {
    report::html(&report::work_page(&WorkRecord::of(evidence)), Languages::Both)
}

fn words(exported: &Exported, lang: Lang) -> String {
    let Exported {
        run, records, recordings, other_recordings, unreadable_recordings, file_sha256, journal_head, ..
    } = exported;
    let file = visible::line(&exported.file.display().to_string()).into_owned();
    let others = match (*other_recordings, lang) {
        (0, _) => String::new(),
        (others, Lang::En) => format!("{others} recording(s) of the folder are of other runs and were left out\n"),
        (others, Lang::Ja) => format!("ほかの実行の記録ファイル {others} 件は含めていません\n"),
    };
    let named = visible::line(&unreadable_recordings.join(", ")).into_owned();
    let unreadable = match (unreadable_recordings.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!("not exported, since they cannot be read as recordings: {named}\n"),
        (false, Lang::Ja) => format!("セッション記録として読み取れないため含めていません: {named}\n"),
    };
    let head = match (exported.imported, lang) {
        (true, Lang::En) => "an imported run: the file is the one that came in\n".to_owned(),
        (true, Lang::Ja) => "取り込んだ実行です。取り込んだファイルをそのまま書き出しました\n".to_owned(),
        (false, Lang::En) => {
            format!("journal head {journal_head}: noted elsewhere, it proves every byte of the file\n")
        }
        (false, Lang::Ja) => {
            format!("ジャーナル末尾ハッシュ {journal_head}: 別に控えておくと、ファイル全体を検証できます\n")
        }
    };
    match lang {
        Lang::En => format!(
            "{file}: run {run}, {records} record(s), {recordings} recording(s), secrets masked\nSHA-256 {file_sha256}\n{head}{others}{unreadable}"
        ),
        Lang::Ja => format!(
            "{file}: 実行 {run}、記録 {records} 件、セッション記録 {recordings} 件、秘密情報はマスク済み\nSHA-256 {file_sha256}\n{head}{others}{unreadable}"
        ),
    }
}
