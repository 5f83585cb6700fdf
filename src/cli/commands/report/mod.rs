//! `report`: the work record of a run or the labels of its routers, the work plan of a kept plan, and the security facts of routers, to file, to
//! print, or for programs. All are made from files and from the journal; no router is met.

mod plan;
mod record;
mod security;
mod written;

use std::path::{Path, PathBuf};

use clap::Args;

use self::plan::WorkPlanArgs;
use self::record::{record_from, record_of};
use self::security::SecurityArgs;
use self::written::{ForPrograms, SitePage, in_folder, languages, pages_are_html, to_file_or_stdout};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::labels::labels_of;
use crate::cli::run_text;
use crate::cli::show_saved_plan::is_file;
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::journal::Journal;
use crate::message::Text;
use crate::report::{self, Depth, Labels, SitePages, WorkRecord};
use crate::run::{self, Evidence, EvidenceRequest};

/// Make the work record of a run, the work plan of a kept plan, or the security facts of routers
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// The run, or `last`; with --work-plan also a plan kept by `plan -o`
    #[arg(value_name = "RUN|PLAN.JSON", required_unless_present = "security", conflicts_with = "security")]
    pub shown: Option<String>,
    /// With --labels: further runs, whose labels go onto the same page; of a router that several runs saved the last one named counts
    #[arg(value_name = "RUN", requires = "labels")]
    pub more: Vec<String>,
    /// The work plan: of a plan file, to be carried out and filled in by hand; of a run, with its record beside it, step by step [default: the plan that the run kept]
    #[arg(long, value_name = "PLAN.JSON", num_args = 0..=1, conflicts_with = "security")]
    pub work_plan: Option<Option<PathBuf>>,
    /// The labels of the run's saved routers, to print: site, router, serial number, what goes where, SHA-256 of the configuration
    #[arg(long, conflicts_with_all = ["work_plan", "security", "pages"])]
    pub labels: bool,
    /// The security facts of the inventory's routers, from their newest backups: remote maintenance, users, services, filters
    #[arg(long, requires = "inventory")]
    pub security: bool,
    /// With --security: the items of this list of yours, each with the facts that it names
    #[arg(long, value_name = "FILE", requires = "security")]
    pub checklist: Option<PathBuf>,
    /// With --security: these backups instead of the journal's
    #[arg(long, value_name = "DIR", requires = "security")]
    pub from_backup: Option<PathBuf>,
    /// Write it to this file [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write a page of the whole run, or plan, to DIR/index.html, and one of each site beside it
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "security"])]
    pub pages: Option<PathBuf>,
    /// Only these routers of the run, or plan, separated by commas: names and patterns of routers and sites; `!` excludes
    #[arg(short, long, value_name = "LIMIT")]
    pub limit: Option<String>,
    /// Print the clinics' names, addresses and telephone numbers on it (personal data)
    #[arg(long)]
    pub contacts: bool,
    /// An inventory for the sites' regions and times, and for the clinics' names [default: of a run its own, for the names]; with --security its routers
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
}

impl Subcommand for ReportArgs {
    const NAME: &'static str = "report";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str =
        "実行の作業記録、保存した計画の作業手順書、またはルータのセキュリティ状況を作成します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("shown", "実行または last(最新)。--work-plan では plan -o で保存した計画も指定できます"),
        (
            "more",
            "--labels 用: 同じページに並べるほかの実行。複数の実行で保存したルータは、後に指定した実行のものを使います",
        ),
        (
            "work_plan",
            "作業手順書を作成します。計画ファイルに対しては記入用、実行に対しては手順ごとに実施記録を並べます [既定: 実行とともに保管された計画]",
        ),
        ("labels", "保存済みルータのラベルを作成します(拠点、ルータ、製造番号、ポートの用途、構成の SHA-256)"),
        (
            "security",
            "インベントリのルータのセキュリティ状況を、最新のバックアップから作成します(リモート保守、ユーザ、サービス、フィルタ)",
        ),
        ("checklist", "--security 用: 利用者のチェックリスト。項目ごとに、指定された確認事項の結果を並べます"),
        ("from_backup", "--security 用: ジャーナルの代わりに使うバックアップのフォルダ"),
        ("output", "このファイルに書き出します [既定: 標準出力]"),
        ("pages", "全体のページを DIR/index.html に、拠点ごとのページをその下に書き出します"),
        ("limit", "対象の限定(カンマ区切り): その実行・計画のルータ・拠点の名前または型。! で除外"),
        ("contacts", "医院名・住所・電話番号も記載します(個人情報)"),
        (
            "inventory",
            "拠点の地域・変更可能な時間と医院名を調べるインベントリ [既定: 実行ではその実行のもの(医院名のみ)]。--security ではその全ルータ",
        ),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy report last -o record.html --lang ja",
        "ixdeploy report last -l sato --lang both -o sato.html",
        "ixdeploy report 20261122-114603-7k3f --pages night",
        "ixdeploy report 20261122-114603-7k3f --format csv -o record.csv",
        "ixdeploy report 20261122-114603-7k3f --format junit",
        "ixdeploy report last --labels -o labels.html --lang ja",
        "ixdeploy report 20261122-114603-7k3f last --labels -o labels.html",
        "ixdeploy report plan.json --work-plan -o work-plan.html --lang ja",
        "ixdeploy report last --work-plan -o side-by-side.html",
        "ixdeploy report --security -i clinics.yaml -o security.html --lang ja",
        "ixdeploy report --security -i clinics.yaml --checklist our-list.yaml --format csv -o security.csv",
    ];
    const FORMATS: &'static [Format] = &[Format::Html, Format::Markdown, Format::Csv, Format::Junit, Format::Json];
    const SPEAKS_BOTH: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        if let Some(inventory) = self.inventory.as_deref().filter(|_| self.security) {
            return self.security_args(inventory).give(context, Self::NAME);
        }
        let shown = self.shown.as_deref().unwrap_or_default();
        let is_plan = match &self.work_plan {
            Some(_) => is_file(shown),
            // A run is what is meant, unless it can be none.
            None => shown.contains(['.', '/', '\\']),
        };
        match (&self.work_plan, is_plan) {
            (None, true) => Err(vec![UsageError::NotARun { file: shown.to_owned() }.into()]),
            (Some(Some(_)), true) => Err(vec![UsageError::TwoPlans.into()]),
            (Some(None), true) => self.work_plan_args(Some(Path::new(shown))).give(context),
            (Some(given), false) => {
                let journal = context.journal_to_read()?;
                let evidence = self.evidence(context, &journal, shown)?;
                self.work_plan_args(given.as_deref()).give_beside(context, &journal, evidence)
            }
            (None, false) => {
                let journal = context.journal_to_read()?;
                let evidence = self.evidence(context, &journal, shown)?;
                match &self.pages {
                    None if self.labels => self.labels(context, &journal, evidence),
                    Some(folder) => write_pages(context, &journal, evidence, folder),
                    None => Ok(self.give(context, &record_from(&journal, evidence, depth(context))?)?),
                }
            }
        }
    }
}

impl ReportArgs {
    fn security_args<'a>(&'a self, inventory: &'a Path) -> SecurityArgs<'a> {
        SecurityArgs {
            inventory,
            limit: self.limit.as_deref(),
            from_backup: self.from_backup.as_deref(),
            checklist: self.checklist.as_deref(),
            contacts: self.contacts,
            output: self.output.as_deref(),
        }
    }

    fn work_plan_args<'a>(&'a self, plan: Option<&'a Path>) -> WorkPlanArgs<'a> {
        WorkPlanArgs {
            plan,
            output: self.output.as_deref(),
            pages: self.pages.as_deref(),
            limit: self.limit.as_deref(),
            contacts: self.contacts,
            inventory: self.inventory.as_deref(),
        }
    }

    /// What is known of the run.
    ///
    /// # Errors
    /// When there is no such run, or it has none of the routers that are meant.
    fn evidence(&self, context: &Context, journal: &Journal, run: &str) -> Result<Evidence, Vec<Failure>> {
        let request = EvidenceRequest {
            run: run.to_owned(),
            limit: self.limit.clone(),
            contacts: self.contacts,
            inventory: self.inventory.clone(),
            whole: false,
        };
        let evidence = run::evidence(journal, &request)?;
        if let Some(limit) = self.limit.as_ref().filter(|_| evidence.result.routers.is_empty()) {
            return Err(vec![UsageError::NotInRun { run: evidence.run, router: limit.clone(), or_site: true }.into()]);
        }
        evidence.faults.iter().for_each(|fault| context.screen.warn(fault));
        if let Some(imported) = &evidence.imported {
            context.screen.note(&run_text::imported(&imported.record, context.screen.lang));
        }
        Ok(evidence)
    }

    /// Writes it, in the form that was asked for.
    ///
    /// # Errors
    /// When the file cannot be written.
    fn give(&self, context: &Context, record: &WorkRecord) -> Result<Exit, Failure> {
        let languages = languages(context);
        let page = || report::work_page(record);
        let count = record.routers.len();
        let said = Text::new(format!("the record of {count} router(s)"), format!("ルータ {count} 台の作業記録"));
        let text = match context.asked_format {
            Some(Format::Json) => {
                let report = ForPrograms { command: Self::NAME, name: "report", record };
                return report.give(context, self.output.as_deref(), &said);
            }
            Some(Format::Markdown) => report::markdown(&page(), languages),
            Some(Format::Csv) => report::work_csv(record, languages),
            Some(Format::Junit) => report::work_junit(record, languages),
            None | Some(Format::Html | Format::Text | Format::Commands) => report::html(&page(), languages),
        };
        to_file_or_stdout(context, self.output.as_deref(), &text, &said)
    }
}

impl ReportArgs {
    /// Writes the labels of the run, and of those that were named beside it, on one page.
    ///
    /// # Errors
    /// When there is no such run, or as [`Self::give_labels`].
    fn labels(&self, context: &Context, journal: &Journal, first: Evidence) -> Result<Exit, Vec<Failure>> {
        let mut labels = labels_of(journal, first)?;
        for run in &self.more {
            labels = labels.and(labels_of(journal, self.evidence(context, journal, run)?)?);
        }
        Ok(self.give_labels(context, &labels)?)
    }

    /// Writes the labels.
    ///
    /// # Errors
    /// When a form was asked for that is no page, or the file cannot be written.
    fn give_labels(&self, context: &Context, labels: &Labels) -> Result<Exit, Failure> {
        let (page, languages) = (report::labels_page(labels), languages(context));
        let text = match context.asked_format {
            None | Some(Format::Html) => report::html(&page, languages),
            Some(Format::Markdown) => report::markdown(&page, languages),
            Some(_) => return Err(UsageError::LabelsArePages.into()),
        };
        let count = labels.labels.len();
        let said = Text::new(format!("the labels of {count} router(s)"), format!("ルータ {count} 台のラベル"));
        to_file_or_stdout(context, self.output.as_deref(), &text, &said)
    }
}

/// How much of each router the form holds that was asked for: programs get all of it.
fn depth(context: &Context) -> Depth {
    if context.asked_format == Some(Format::Json) { Depth::Whole } else { Depth::Rows }
}

/// Writes the page of the run, and one of each site beside it.
///
/// # Errors
/// When another form was asked for, the journal cannot be read, or the folder cannot be written.
fn write_pages(context: &Context, journal: &Journal, evidence: Evidence, folder: &Path) -> Result<Exit, Vec<Failure>> {
    pages_are_html(context)?;
    let languages = languages(context);
    let record = WorkRecord { is_detailed: false, ..record_of(journal, &evidence, Depth::Rows)? };
    let pages = SitePages::of(record.routers.iter().map(|one| one.site.as_str()));
    let of_sites = run::by_site(journal, evidence).filter_map(|evidence| {
        let record = match evidence {
            Ok(evidence) => WorkRecord::made_of(evidence),
            Err(error) => return Some(Err(error)),
        };
        let page = record.routers.first().and_then(|one| pages.page(&one.site))?.to_owned();
        Some(Ok(SitePage { page, text: report::html(&report::work_page(&record), languages) }))
    });
    let index = || report::html(&report::fleet_page(&record, &pages), languages);
    let said = |sites: usize| {
        Text::new(
            format!("the record of the run, and of {sites} site(s) beside it"),
            format!("実行全体と {sites} 拠点の作業記録"),
        )
    };
    in_folder(context, folder, of_sites, index, said)
}
