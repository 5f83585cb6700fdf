//! The one screen of a depot: how many routers are how far, every console, which boxes are missing, and what was said last.

use super::list::{List, Listed, Part};
use super::machine::Depot;
use super::words;
use crate::field::page::{Input, Page};
use crate::message::Lang;
use crate::visible;

/// Routers that are named as missing, and as failed.
const NAMED: usize = 3;

impl Depot {
    /// The screen as it is now, with what was said last below the consoles.
    pub fn page(&self, said: &[String]) -> Page {
        let lang = self.lang;
        let mut lines = words::consoles(&self.list, &self.bays, lang);
        lines.extend(missing(&self.list, lang));
        lines.extend(failed(&self.list, lang));
        lines.push(String::new());
        let pinned = lines.len();
        lines.extend(said.iter().cloned());
        let title = format!("{}: {}", lang.pick("Depot", "デポ"), words::count(self.counter(), lang));
        let prompt = lang.pick(
            "Scan a label, or type: ROUTER=SERIAL, NUMBER=ROUTER, again NUMBER, s, q:",
            "ラベルのスキャン、ルータ名=製造番号、番号=ルータ名、again 番号、s、q:",
        );
        Page { name: "depot", title, lines, pinned, left: None, input: Input::Line(prompt.to_owned()) }
    }
}

/// The routers whose boxes have not been met, the next one first.
fn missing(list: &List, lang: Lang) -> Option<String> {
    named(
        list,
        |part| *part == Part::Waiting,
        lang.pick("next:", "次の機器:"),
        |one| one.candidate.router.clone(),
        lang,
    )
}

/// Those that failed, each with how.
fn failed(list: &List, lang: Lang) -> Option<String> {
    let with_reason = |one: &Listed| match &one.part {
        Part::Failed(end) => format!("{} ({})", one.candidate.router, end.brief),
        _ => one.candidate.router.clone(),
    };
    named(list, |part| matches!(part, Part::Failed(_)), lang.pick("failed:", "失敗:"), with_reason, lang)
}

/// A line with a few routers of the list and how many more there are; nothing where there is none.
fn named(
    list: &List,
    is_meant: impl Fn(&Part) -> bool,
    heading: &str,
    words: impl Fn(&Listed) -> String,
    lang: Lang,
) -> Option<String> {
    let meant: Vec<&Listed> = list.all().iter().filter(|one| is_meant(&one.part)).collect();
    let names: Vec<String> = meant.iter().take(NAMED).map(|one| words(one)).collect();
    let more = match meant.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => match lang {
            Lang::En => format!(" and {more} more"),
            Lang::Ja => format!(" ほか {more} 台"),
        },
    };
    let line = format!("{heading} {}{more}", names.join(", "));
    (!names.is_empty()).then(|| visible::line(&line).into_owned())
}
