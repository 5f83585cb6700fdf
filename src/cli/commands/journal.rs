//! `journal verify`: is the journal whole and unchanged? `journal prune`: old backups are let go.

use std::time::Duration;

use serde_json::json;

use crate::cli::args::{JournalPrune, JournalVerify};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::message::Lang;
use crate::report::Style;

/// Walks the chain.
///
/// # Errors
/// When the journal cannot be read at all.
pub fn verify(context: &Context, args: &JournalVerify) -> Result<Exit, Failure> {
    let journal = context.journal_to_read()?;
    let found = journal.verify(args.head.as_deref()).map_err(|error| Failure::new(&error, Exit::Usage))?;
    let exit = if found.fault.is_none() { Exit::Done } else { Exit::Differs };
    let (records, head) = (found.records, &found.head);
    context.say(&match &found.fault {
        None => Style::Good.on(&match context.lang {
            Lang::En => format!("{records} records, unbroken; head {head}"),
            Lang::Ja => format!("記録 {records} 件、改変なし。末尾ハッシュ {head}"),
        }),
        Some(fault) => Style::Bad.on(fault.text().get(context.lang)),
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
