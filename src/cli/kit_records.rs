//! The records of a visit for the office: the page beside each run, and the words about the sealed file.

use std::path::Path;

use super::context::Context;
use super::error::Exit;
use crate::message::{Lang, Text};
use crate::report::{self, Languages, WorkRecord};
use crate::run::{Evidence, SealedVisit, VisitKit};
use crate::visible;

/// The page that goes along with each run, for who opens its file without this program.
pub fn page(evidence: &Evidence) -> String {
    report::html(&report::work_page(&WorkRecord::of(evidence)), Languages::Both)
}

/// What is said of records that were sealed.
pub fn sealed_words(sealed: &SealedVisit, lang: Lang) -> String {
    let SealedVisit { file, runs, journal_head } = sealed;
    let (file, count, runs) = (name(file), runs.len(), runs.join(", "));
    match lang {
        Lang::En => format!(
            "{file}: {count} run(s), sealed to the office ({runs})\njournal head {journal_head}: noted elsewhere, it proves the last of them\n`ixdeploy journal import` at the office takes it in\n"
        ),
        Lang::Ja => format!(
            "{file}: 実行 {count} 件を事務所あてに封印しました({runs})\nジャーナル末尾ハッシュ {journal_head}: 別に控えておくと、最後の実行を検証できます\n事務所で ixdeploy journal import により取り込んでください\n"
        ),
    }
}

/// Seals what was done since a kit was opened, beside it. Where that fails it is said, with another way; what the routers need counts for more.
pub fn bring_back(context: &Context, kit: &VisitKit, exit: Exit) -> Exit {
    let screen = &context.screen;
    let sealed = context.journal().map_err(Vec::from).and_then(|journal| Ok(kit.bring_back(&journal, &page)?));
    match sealed {
        Ok(None) => exit,
        Ok(Some(sealed)) => {
            screen.say_prose(&sealed_words(&sealed, screen.lang));
            exit
        }
        Err(failures) => {
            screen.fail("kit", &failures);
            screen.warn(&still_here(kit));
            exit.max(Exit::Usage)
        }
    }
}

fn still_here(kit: &VisitKit) -> Text {
    let folder = name(kit.folder());
    Text::new(
        format!(
            "the records are in this machine's journal; `ixdeploy kit return --folder {folder} -o FILE` seals them"
        ),
        format!(
            "記録はこの端末のジャーナルにあります。ixdeploy kit return --folder {folder} -o ファイル で封印してください"
        ),
    )
}

fn name(path: &Path) -> String {
    visible::line(&path.display().to_string()).into_owned()
}
