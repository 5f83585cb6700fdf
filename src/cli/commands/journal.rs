//! `journal verify`: is the journal whole and unchanged, and every run that was imported into it? `journal import`: a run of another
//! journal is taken in as a record. `journal prune`: old backups are deleted.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::local_time::local_time;
use crate::cli::run_text;
#[cfg(feature = "kit")]
use crate::cli::screen::Screen;
use crate::cli::subcommand::{Group, Subcommand};
use crate::journal::Fault;
#[cfg(feature = "kit")]
use crate::journal::Journal;
use crate::message::Lang;
use crate::record::utc;
use crate::report::{Style, who};
#[cfg(feature = "kit")]
use crate::run::ReceivedVisit;
use crate::run::{self, ExportError, HeadProof, ImportEnd, Imported, VerifiedExport, VerifiedJournal};
use crate::visible;

/// Check the record of all runs, import a run, or make it smaller
#[derive(Debug, Clone, Args)]
pub struct JournalArgs {
    /// Which.
    #[command(subcommand)]
    command: JournalCommand,
}

/// `journal`
#[derive(Debug, Clone, clap::Subcommand)]
enum JournalCommand {
    /// Detect edited, missing and rewritten records
    Verify(JournalVerify),
    /// Take in a run that `export` wrote elsewhere, to be looked at here
    Import(JournalImport),
    /// Delete old sealed backups; the records stay
    Prune(JournalPrune),
}

/// `journal verify`
#[derive(Debug, Clone, Args)]
pub struct JournalVerify {
    /// An exported run, instead of the journal
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The head that an earlier run or export printed: it must still be in the journal, in an imported run, or in FILE
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
}

/// `journal import`
#[derive(Debug, Clone, Args)]
pub struct JournalImport {
    /// The file that `export` or `kit return` wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `journal prune`
#[derive(Debug, Clone, Args)]
pub struct JournalPrune {
    /// Backups older than so many days; each router's last one stays, and every one that an open run needs
    #[arg(long, value_name = "DAYS")]
    pub days: u32,
}

impl Subcommand for JournalArgs {
    const NAME: &'static str = "journal";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "全実行の記録を検査・整理し、別の端末の実行を取り込みます";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("verify", "記録の改ざん・欠落・書き換えを検出します"),
        ("verify file", "ジャーナルの代わりに検査する、書き出された実行のファイル"),
        (
            "verify head",
            "以前の実行または書き出しが表示した末尾ハッシュ。ジャーナル、取り込んだ実行、またはファイルにあることを確認します",
        ),
        ("import", "別の端末で export により書き出した実行を、参照用に取り込みます"),
        ("import file", "export または kit return で書き出したファイル"),
        ("prune", "古い封印済みバックアップを削除します。記録は残ります"),
        ("prune days", "この日数より古いバックアップを削除。各ルータの最新分と未終了の実行の分は残します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy journal verify",
        "ixdeploy journal verify --head 3f9a0c",
        "ixdeploy journal verify night.tar --head 3f9a0c",
        "ixdeploy journal import night.tar",
        "ixdeploy journal prune --days 365",
    ];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(match &self.command {
            JournalCommand::Verify(args) => match &args.file {
                Some(file) => verify_export(context, file, args.head.as_deref())?,
                None => verify(context, args)?,
            },
            JournalCommand::Import(args) => import(context, args)?,
            JournalCommand::Prune(args) => prune(context, args)?,
        })
    }
}

/// Walks the chain, and reads what was imported.
///
/// # Errors
/// When the journal cannot be read at all.
fn verify(context: &Context, args: &JournalVerify) -> Result<Exit, Vec<Failure>> {
    let journal = context.journal_to_read()?;
    let VerifiedJournal { chain, imported, proof } = run::verify_journal(&journal, args.head.as_deref())?;
    let (screen, lang) = (&context.screen, context.screen.lang);
    let exit = if chain.fault.is_none() { Exit::Done } else { Exit::Differs };
    let (records, head) = (chain.records, &chain.head);
    screen.say_prose(&match &chain.fault {
        None => Style::Good.on(&match lang {
            Lang::En => format!("{records} records, unbroken; head {head}"),
            Lang::Ja => format!("記録 {records} 件、改変なし。末尾ハッシュ {head}"),
        }),
        Some(fault) => Style::Bad.on(&visible::line(fault.text().get(lang))),
    });
    screen.say_prose("\n");
    if imported > 0 && !matches!(chain.fault, Some(Fault::Imported { .. })) {
        screen.say_prose(&match lang {
            Lang::En => format!("{imported} imported run(s), each as it was exported\n"),
            Lang::Ja => format!("取り込んだ実行 {imported} 件、いずれも書き出されたまま\n"),
        });
    }
    if let Some(proof) = &proof {
        screen.say_prose(&proof_words(proof, lang));
        screen.say_prose(&Style::Warn.on(lang.pick(
            "It is no head of this journal: whether something was cut off at the end of this one is not shown by it.\n",
            "このジャーナルのハッシュではないため、このジャーナルの末尾の切り詰めは検出できません。\n",
        )));
    }
    if args.head.is_none() && chain.fault.is_none() {
        screen.say_prose(lang.pick(
            "Only a head noted elsewhere shows that nothing was cut off at the end: --head HASH\n",
            "末尾の切り詰めは、別に控えたハッシュとの照合でのみ検出できます: --head HASH\n",
        ));
    }
    let body = json!({ "path": journal.path(), "verified": chain, "imported": imported, "proof": proof });
    screen.document("journal", exit, &body);
    Ok(exit)
}

/// What a head proves of a run that came from elsewhere.
fn proof_words(proof: &HeadProof, lang: Lang) -> String {
    let HeadProof { run, exported_by, records, of, whole } = proof;
    let from = who(&exported_by.by, &exported_by.machine, lang);
    match (lang, whole) {
        (Lang::En, true) => {
            format!("the head is that of the export of run {run} by {from}: it proves every byte of the file\n")
        }
        (Lang::Ja, true) => {
            format!("このハッシュは {from} による実行 {run} の書き出しのもので、ファイル全体を証明します\n")
        }
        (Lang::En, false) => format!(
            "the head is of run {run}, exported by {from}: it proves {records} of its {of} records; the head that `export` printed proves the whole file\n"
        ),
        (Lang::Ja, false) => format!(
            "このハッシュは {from} が書き出した実行 {run} のもので、記録 {of} 件のうち {records} 件を証明します。ファイル全体は、export が表示したハッシュで証明できます\n"
        ),
    }
}

/// Reads an exported run in its file.
///
/// # Errors
/// When it is not what was exported.
fn verify_export(context: &Context, path: &Path, head: Option<&str>) -> Result<Exit, Failure> {
    let VerifiedExport { exported, proof } = run::verify_export(path, head).map_err(|error| {
        let exit = if matches!(error, ExportError::Damaged { .. }) { Exit::Differs } else { Exit::Usage };
        Failure::new(&error, exit)
    })?;
    let (screen, lang) = (&context.screen, context.screen.lang);
    let (run, records, recordings) = (&exported.run, exported.records.len(), exported.recordings.len());
    let from = who(&exported.export.by, &exported.export.machine, lang);
    let when = local_time(exported.exported_ms);
    let said = match lang {
        Lang::En => format!(
            "run {run}, {records} record(s), {recordings} recording(s), as exported by {from}, {when}; SHA-256 {}",
            exported.sha256
        ),
        Lang::Ja => format!(
            "実行 {run}、記録 {records} 件、セッション記録 {recordings} 件。{from} が {when} に書き出したまま。SHA-256 {}",
            exported.sha256
        ),
    };
    screen.say_prose(&format!("{}\n", Style::Good.on(&said)));
    let unknown = head.filter(|_| proof.is_none());
    match (&proof, unknown) {
        (Some(proof), _) => screen.say_prose(&proof_words(proof, lang)),
        (None, Some(_)) => {
            let said = lang.pick(
                "the head is none of this file's: another run, or everything in it was written again",
                "このハッシュはこのファイルのものではありません。別の実行か、内容がすべて作り直されています",
            );
            screen.say_prose(&format!("{}\n", Style::Bad.on(said)));
        }
        (None, None) => screen.say_prose(lang.pick(
            "Only the head that `export` printed shows that not everything in it was written again: --head HASH\n",
            "全体の作り直しは、export が表示したハッシュとの照合でのみ検出できます: --head HASH\n",
        )),
    }
    let exit = if unknown.is_some() { Exit::Differs } else { Exit::Done };
    let body = json!({
        "run": exported.run,
        "exported_by": exported.export.by,
        "exported_on": exported.export.machine,
        "exported_at": when,
        "records": records,
        "recordings": exported.recordings,
        "file_sha256": exported.sha256,
        "journal_head": exported.head,
        "proof": proof,
    });
    screen.document("journal-verify-file", exit, &body);
    Ok(exit)
}

/// Takes in a run of another journal.
///
/// # Errors
/// When the file is not what was exported, another run of its name is here, or something cannot be written.
fn import(context: &Context, args: &JournalImport) -> Result<Exit, Vec<Failure>> {
    let journal = context.journal()?;
    #[cfg(feature = "kit")]
    if run::is_visit_file(&args.file) {
        return import_visit(context, &journal, &args.file);
    }
    let imported = run::import(&journal, &args.file)?;
    context.screen.say_prose(&imported_words(&imported, context.screen.lang));
    context.screen.document("journal-import", Exit::Done, &imported_document(&imported));
    Ok(Exit::Done)
}

/// Takes in the runs of a sealed visit. Those that conflict are shown, and do not keep the others back.
///
/// # Errors
/// When it cannot be opened here.
#[cfg(feature = "kit")]
fn import_visit(context: &Context, journal: &Journal, file: &Path) -> Result<Exit, Vec<Failure>> {
    Ok(received(&context.screen, run::receive_visit(journal, file)?))
}

/// Shows what came of a visit; what was refused beside what was taken in.
#[cfg(feature = "kit")]
fn received(screen: &Screen, visit: ReceivedVisit) -> Exit {
    const COMMAND: &str = "journal-import-visit";
    let ReceivedVisit { imported, refused } = visit;
    for one in &imported {
        screen.say_prose(&imported_words(one, screen.lang));
    }
    let runs: Vec<_> = imported.iter().map(imported_document).collect();
    let refused: Vec<Failure> = refused.into_iter().flat_map(Vec::<Failure>::from).collect();
    if refused.is_empty() {
        screen.document(COMMAND, Exit::Done, &json!({ "runs": runs }));
        return Exit::Done;
    }
    let done = serde_json::Map::from_iter([("runs".to_owned(), json!(runs))]);
    screen.fail_partly(COMMAND, &refused, done)
}

fn imported_words(imported: &Imported, lang: Lang) -> String {
    let Imported { end, record, records, recordings } = imported;
    let run = &record.imported;
    let counted = match lang {
        Lang::En => format!("{records} record(s), {recordings} recording(s)"),
        Lang::Ja => format!("記録 {records} 件、セッション記録 {recordings} 件"),
    };
    let from = run_text::imported(record, lang);
    match (end, lang) {
        (ImportEnd::Taken, Lang::En) => format!(
            "run {run}: {counted}; {from}\n`ixdeploy show {run}` and `ixdeploy report {run}` read it, `ixdeploy replay {run} --recording NAME` a session of it; nothing is resumed, undone or restored from it here\n"
        ),
        (ImportEnd::Taken, Lang::Ja) => format!(
            "実行 {run}: {counted}。{from}\nixdeploy show {run} と ixdeploy report {run} で参照できます。セッション記録は ixdeploy replay {run} --recording 名前 です。ここでは再開・取り消し・復元の対象になりません\n"
        ),
        (ImportEnd::Known, Lang::En) => {
            format!("run {run} was imported before, with the same content: nothing to do\n")
        }
        (ImportEnd::Known, Lang::Ja) => format!("実行 {run} は同じ内容で取り込み済みです。何もしていません\n"),
        (ImportEnd::Own, Lang::En) => format!("run {run} is this journal's own, which has all of it: nothing to do\n"),
        (ImportEnd::Own, Lang::Ja) => {
            format!("実行 {run} はこのジャーナル自身の実行で、すべて記録済みです。何もしていません\n")
        }
    }
}

fn imported_document(imported: &Imported) -> serde_json::Value {
    let Imported { end, record, records, recordings } = imported;
    let end = match end {
        ImportEnd::Taken => "taken",
        ImportEnd::Known => "known",
        ImportEnd::Own => "own",
    };
    json!({
        "run": record.imported,
        "end": end,
        "exported_by": record.exported_by.by,
        "exported_on": record.exported_by.machine,
        "exported_at": utc(record.exported_ms),
        "records": records,
        "recordings": recordings,
        "file_sha256": record.file_sha256,
        "journal_head": record.head,
    })
}

/// Deletes old sealed backups.
///
/// # Errors
/// When the journal cannot be read or written.
fn prune(context: &Context, args: &JournalPrune) -> Result<Exit, Failure> {
    let journal = context.journal()?;
    let age = Duration::from_secs(u64::from(args.days) * 24 * 60 * 60);
    let pruned = journal.prune(age).map_err(|error| Failure::new(&error, Exit::Usage))?;
    let (count, kilobytes) = (pruned.count, pruned.bytes / 1024);
    context.screen.say_prose(&match context.screen.lang {
        Lang::En => format!("{count} sealed backups deleted ({kilobytes} KiB); the records stay\n"),
        Lang::Ja => format!("封印済みバックアップ {count} 件を削除しました({kilobytes} KiB)。記録は残ります\n"),
    });
    context.screen.document("journal-prune", Exit::Done, &json!({ "path": journal.path(), "pruned": pruned }));
    Ok(Exit::Done)
}

#[cfg(all(test, feature = "kit"))]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Exit, ImportEnd, Imported, Lang, ReceivedVisit, Screen, received};
    use crate::cli::args::Format;
    use crate::cli::kept::Kept;
    use crate::cli::stream::Stream;
    use crate::journal::JournalError;
    use crate::message::Explain as _;
    use crate::record::ImportRecord;

    #[test]
    fn a_refused_run_of_a_visit_leaves_the_other_runs_in_its_document() {
        let (out, err) = (Kept::default(), Kept::default());
        let screen = Screen {
            lang: Lang::En,
            format: Format::Json,
            out: Stream::new(out.clone()),
            err: Stream::new(err.clone()),
        };
        let record = ImportRecord { imported: "20261122-114603-7k3f".to_owned(), ..ImportRecord::default() };
        let imported = vec![Imported { end: ImportEnd::Taken, record, records: 3, recordings: 0 }];
        let error = JournalError::NoRun { run: "x".to_owned() };
        let code = error.code();
        let refused = vec![error.into()];
        assert_eq!(received(&screen, ReceivedVisit { imported, refused }), Exit::Usage);
        let told: serde_json::Value = serde_json::from_str(&out.text()).unwrap();
        assert_eq!(told["runs"][0]["run"], "20261122-114603-7k3f");
        assert_eq!((&told["exit"], &told["errors"][0]["code"]), (&1.into(), &code.into()));
        assert!(err.text().contains(code));
    }
}
