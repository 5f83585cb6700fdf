//! `report RUN`: the work record of a run, to file, to print, or for programs. It is made from the journal, the kept plan and the sealed
//! backups; no router is met.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::journal::Journal;
use crate::message::Text;
use crate::report::{self, Languages, SitePages, WorkRecord};
use crate::run::{self, Evidence, EvidenceRequest};
use crate::visible;

/// Make the work record of a run: what was done, the checks, the proofs, the rollback
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// Write it to this file [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write a page of the whole run to DIR/index.html, and one of each site beside it
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub pages: Option<PathBuf>,
    /// Only these routers of the run, separated by commas: names and patterns of routers and sites; `!` excludes
    #[arg(short, long, value_name = "LIMIT")]
    pub limit: Option<String>,
    /// Print the clinics' names, addresses and telephone numbers on it (personal data)
    #[arg(long)]
    pub contacts: bool,
    /// An inventory for the sites' regions, and for the clinics' names [default: the run's own, for the names]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
}

impl Subcommand for ReportArgs {
    const NAME: &'static str = "report";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "実行の作業記録を作成します(ルータごとの実施内容、確認、保存の証拠、切り戻し)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("output", "このファイルに書き出します [既定: 標準出力]"),
        ("pages", "実行全体のページを DIR/index.html に、拠点ごとのページをその下に書き出します"),
        ("limit", "対象の限定(カンマ区切り): その実行のルータ・拠点の名前または型。! で除外"),
        ("contacts", "医院名・住所・電話番号も記載します(個人情報)"),
        ("inventory", "拠点の地域と医院名を調べるインベントリ [既定: その実行のもの(医院名のみ)]"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy report last -o record.html --lang ja",
        "ixdeploy report last -l sato --lang both -o sato.html",
        "ixdeploy report 20261122-114603-7k3f --pages night",
        "ixdeploy report 20261122-114603-7k3f --format csv -o record.csv",
        "ixdeploy report 20261122-114603-7k3f --format junit",
    ];
    const FORMATS: &'static [Format] = &[Format::Html, Format::Markdown, Format::Csv, Format::Junit, Format::Json];
    const SPEAKS_BOTH: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let journal = context.journal_to_read()?;
        let request = EvidenceRequest {
            run: self.run.clone(),
            limit: self.limit.clone(),
            contacts: self.contacts,
            inventory: self.inventory.clone(),
        };
        let evidence = run::evidence(&journal, &request)?;
        if let Some(limit) = self.limit.as_ref().filter(|_| evidence.result.routers.is_empty()) {
            return Err(vec![UsageError::NotInRun { run: evidence.run, router: limit.clone() }.into()]);
        }
        evidence.faults.iter().for_each(|fault| context.screen.warn(fault));
        match &self.pages {
            Some(folder) => Ok(write_pages(context, &journal, evidence, folder)?),
            None => Ok(self.give(context, &WorkRecord::of(&evidence))?),
        }
    }
}

impl ReportArgs {
    /// Writes it, in the form that was asked for.
    ///
    /// # Errors
    /// When the file cannot be written.
    fn give(&self, context: &Context, record: &WorkRecord) -> Result<Exit, Failure> {
        let screen = &context.screen;
        let languages = languages(context);
        let page = || report::work_page(record);
        let text = match context.asked_format {
            Some(Format::Json) => match (&self.output, serde_json::to_string_pretty(record)) {
                (Some(_), Ok(text)) => visible::in_json(&text).into_owned() + "\n",
                _ => {
                    screen.document(Self::NAME, Exit::Done, &json!({ "report": record }));
                    return Ok(Exit::Done);
                }
            },
            Some(Format::Markdown) => report::markdown(&page(), languages),
            Some(Format::Csv) => report::work_csv(record, languages),
            Some(Format::Junit) => report::work_junit(record, languages),
            None | Some(Format::Html | Format::Text | Format::Commands) => report::html(&page(), languages),
        };
        let Some(path) = &self.output else {
            let _ = screen.out.write_exactly(text.as_bytes());
            return Ok(Exit::Done);
        };
        run::write_whole(path, text.as_bytes())?;
        let (file, count) = (path.display(), record.routers.len());
        let said = Text::new(
            format!("{file}: the record of {count} router(s)"),
            format!("{file}: ルータ {count} 台の作業記録"),
        );
        screen.note(&visible::line(said.get(screen.lang)));
        Ok(Exit::Done)
    }
}

fn languages(context: &Context) -> Languages {
    if context.both_languages { Languages::Both } else { Languages::One(context.screen.lang) }
}

/// Writes the page of the run, and one of each site beside it.
///
/// # Errors
/// When another form was asked for, or the folder cannot be written.
fn write_pages(context: &Context, journal: &Journal, evidence: Evidence, folder: &Path) -> Result<Exit, Failure> {
    if context.asked_format.is_some_and(|format| format != Format::Html) {
        return Err(UsageError::PagesAreHtml.into());
    }
    let languages = languages(context);
    let record = WorkRecord { is_detailed: false, ..WorkRecord::of(&evidence) };
    let pages = SitePages::of(record.routers.iter().map(|one| one.site.as_str()));
    std::fs::create_dir_all(folder.join(SitePages::FOLDER))
        .map_err(|cause| Failure::machine(folder.display().to_string(), cause))?;
    let mut sites = 0;
    for evidence in run::by_site(journal, evidence) {
        let record = WorkRecord::of(&evidence);
        let Some(page) = record.routers.first().and_then(|one| pages.page(&one.site)) else { continue };
        run::write_whole(&folder.join(page), report::html(&report::work_page(&record), languages).as_bytes())?;
        sites += 1;
    }
    // Last: what it leads to is there.
    let index = folder.join("index.html");
    run::write_whole(&index, report::html(&report::fleet_page(&record, &pages), languages).as_bytes())?;
    let index = index.display();
    let said = Text::new(
        format!("{index}: the record of the run, and of {sites} site(s) beside it"),
        format!("{index}: 実行全体と {sites} 拠点の作業記録"),
    );
    context.screen.note(&visible::line(said.get(context.screen.lang)));
    Ok(Exit::Done)
}
