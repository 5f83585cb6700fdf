//! `journal verify`: is the journal whole and unchanged? `journal prune`: old backups are let go.

use std::time::Duration;

use serde_json::json;

use super::args::{JournalPrune, JournalVerify};
use super::context::Context;
use super::error::{Exit, Failure};
use crate::journal::Fault;
use crate::message::{Lang, Text};
use crate::report::Paint;

/// Walks the chain.
///
/// # Errors
/// When the journal cannot be read at all.
pub fn verify(context: &Context, args: &JournalVerify) -> Result<Exit, Failure> {
    let journal = context.journal()?;
    let found = journal.verify(args.head.as_deref()).map_err(|error| Failure::new(&error, Exit::Usage))?;
    let exit = if found.fault.is_none() { Exit::Done } else { Exit::Differs };
    let (records, head) = (found.records, &found.head);
    context.say(&match &found.fault {
        None => Paint::Good.on(&match context.lang {
            Lang::En => format!("{records} records, unbroken; head {head}"),
            Lang::Ja => format!("記録 {records} 件、改変なし。末尾ハッシュ {head}"),
        }),
        Some(fault) => Paint::Bad.on(words(fault).get(context.lang)),
    });
    context.say("\n");
    if args.head.is_none() && found.fault.is_none() {
        context.say(context.lang.pick(
            "Only a head noted elsewhere shows that nothing was cut off at the end: --head HASH\n",
            "末尾の切り詰めは、別に控えたハッシュとの照合でのみ検出できます: --head HASH\n",
        ));
    }
    context.document("journal", exit, &json!({ "path": journal.path(), "verified": found }));
    Ok(exit)
}

/// Deletes old sealed backups.
///
/// # Errors
/// When the journal cannot be read or written.
pub fn prune(context: &Context, args: &JournalPrune) -> Result<Exit, Failure> {
    let journal = context.journal()?;
    let age = Duration::from_secs(u64::from(args.days) * 24 * 60 * 60);
    let pruned = journal.prune(age).map_err(|error| Failure::new(&error, Exit::Usage))?;
    let (count, kilobytes) = (pruned.count, pruned.bytes / 1024);
    context.say(&match context.lang {
        Lang::En => format!("{count} sealed backups deleted ({kilobytes} KiB); the records stay\n"),
        Lang::Ja => format!("封印済みバックアップ {count} 件を削除しました({kilobytes} KiB)。記録は残ります\n"),
    });
    context.document("journal-prune", Exit::Done, &json!({ "path": journal.path(), "pruned": pruned }));
    Ok(Exit::Done)
}

fn words(fault: &Fault) -> Text {
    match fault {
        Fault::Gap { missing } => {
            Text::new(format!("record {missing} is missing"), format!("記録 {missing} が欠けています"))
        }
        Fault::Edited { number } => Text::new(
            format!("record {number} is not what was written"),
            format!("記録 {number} が書き換えられています"),
        ),
        Fault::HeadUnknown { head } => Text::new(
            format!("no record has the hash {head}: the journal was cut off or written anew"),
            format!("ハッシュ {head} の記録がありません。末尾が切り詰められたか、作り直されています"),
        ),
        Fault::Sealed { run, router, name } => Text::new(
            format!("what was sealed as `{name}` for {router} in run {run} is missing or was changed"),
            format!("実行 {run} の {router} の封印データ「{name}」が欠けているか、変更されています"),
        ),
    }
}
