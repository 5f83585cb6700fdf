//! `journal verify`: is the journal whole and unchanged? `journal prune`: old backups are deleted.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;
use crate::report::Style;

/// Check the record of all runs, or make it smaller
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
    /// Delete old sealed backups; the records stay
    Prune(JournalPrune),
}

/// `journal verify`
#[derive(Debug, Clone, Args)]
pub struct JournalVerify {
    /// The head that an earlier run printed: it must still be in the journal
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
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
    const JAPANESE: &'static str = "全実行の記録を検査・整理します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("verify", "記録の改ざん・欠落・書き換えを検出します"),
        ("verify head", "以前の実行が表示した末尾ハッシュ。ジャーナルに残っていることを確認します"),
        ("prune", "古い封印済みバックアップを削除します。記録は残ります"),
        ("prune days", "この日数より古いバックアップを削除。各ルータの最新分と未終了の実行の分は残します"),
    ];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy journal verify", "ixdeploy journal verify --head 3f9a0c", "ixdeploy journal prune --days 365"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(match &self.command {
            JournalCommand::Verify(args) => verify(context, args)?,
            JournalCommand::Prune(args) => prune(context, args)?,
        })
    }
}

/// Walks the chain.
///
/// # Errors
/// When the journal cannot be read at all.
fn verify(context: &Context, args: &JournalVerify) -> Result<Exit, Failure> {
    let journal = context.journal_to_read()?;
    let found = journal.verify(args.head.as_deref()).map_err(|error| Failure::new(&error, Exit::Usage))?;
    let exit = if found.fault.is_none() { Exit::Done } else { Exit::Differs };
    let (records, head) = (found.records, &found.head);
    context.screen.say_prose(&match &found.fault {
        None => Style::Good.on(&match context.screen.lang {
            Lang::En => format!("{records} records, unbroken; head {head}"),
            Lang::Ja => format!("記録 {records} 件、改変なし。末尾ハッシュ {head}"),
        }),
        Some(fault) => Style::Bad.on(fault.text().get(context.screen.lang)),
    });
    context.screen.say_prose("\n");
    if args.head.is_none() && found.fault.is_none() {
        context.screen.say_prose(context.screen.lang.pick(
            "Only a head noted elsewhere shows that nothing was cut off at the end: --head HASH\n",
            "末尾の切り詰めは、別に控えたハッシュとの照合でのみ検出できます: --head HASH\n",
        ));
    }
    context.screen.document("journal", exit, &json!({ "path": journal.path(), "verified": found }));
    Ok(exit)
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
