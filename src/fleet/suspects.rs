//! Lines that nothing explains, and on which routers of a run they appeared: the same one on two of a kind is likely the router's
//! own, and a third of that kind would only meet it again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::message::Text;
use crate::state::State;
use crate::transaction::CauseRecord;

/// On how many routers of a kind a line appears before the others of that kind are held.
const ENOUGH: usize = 2;

/// Which routers are of a kind: those of one model and firmware.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    /// The model.
    pub(super) model: String,
    /// The firmware; empty where it is not known.
    pub(super) firmware: String,
}

/// The routers on which each line appeared, by their kind.
#[derive(Default)]
pub(super) struct Suspects(Mutex<BTreeMap<Group, BTreeMap<String, BTreeSet<String>>>>);

impl Suspects {
    /// Unexplained lines of one router, masked.
    pub(super) fn note(&self, group: &Group, router: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.entry(group.clone()).or_default();
        for line in lines {
            seen.entry(line.clone()).or_default().insert(router.to_owned());
        }
    }

    /// Why no further router of this kind is begun.
    pub(super) fn hold(&self, group: &Group) -> Option<(State, CauseRecord)> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (line, routers) = seen.get(group)?.iter().find(|(_, routers)| routers.len() >= ENOUGH)?;
        let names: Vec<&str> = routers.iter().map(String::as_str).collect();
        Some((State::NotStarted, held(group, line, &names.join(", "))))
    }
}

fn held(group: &Group, line: &str, routers: &str) -> CauseRecord {
    let kind = format!("{} {}", group.model, group.firmware);
    let kind = kind.trim_end();
    CauseRecord {
        code: "run.model-held".to_owned(),
        text: Text::new(
            format!(
                "the same line came by itself on {routers}, all {kind}, so that no further router of these is begun: {line}"
            ),
            format!("{routers}({kind})で同じ行が現れたため、同じ機種の残りのルータには着手しません: {line}"),
        ),
        hints: vec![Text::new(
            "nothing was begun here. Did nobody type that line? Then it is likely the model's own: write it under `router_made:` of a reviewed fact (docs/facts.md), and run it again for these routers",
            "このルータには着手していません。誰も入力していなければ機種が自動で生成する行と考えられます。レビュー済みの事実ファイルの router_made に記載し(docs/facts.md)、残りのルータで再実行してください",
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, Suspects};

    fn group(model: &str, firmware: &str) -> Group {
        Group { model: model.to_owned(), firmware: firmware.to_owned() }
    }

    #[test]
    fn the_same_line_on_a_second_router_of_a_kind_holds_that_kind_and_no_other() {
        let (suspects, kind) = (Suspects::default(), group("IX2215", "10.9.34"));
        let lines = |text: &str| vec![text.to_owned()];
        suspects.note(&kind, "a", &lines("+nm sitename x"));
        suspects.note(&kind, "a", &lines("+nm sitename x"));
        suspects.note(&kind, "b", &lines("+ntp retry 9"));
        suspects.note(&group("IX2215", "10.8.1"), "c", &lines("+nm sitename x"));
        assert!(suspects.hold(&kind).is_none(), "one router, another line, another firmware");
        suspects.note(&kind, "d", &lines("+nm sitename x"));
        let cause = suspects.hold(&kind).map(|(_, cause)| cause.text.en).unwrap_or_default();
        assert!(cause.contains("+nm sitename x") && cause.contains("a, d"), "{cause}");
        for other in [group("IX2215", "10.8.1"), group("IX2106", "10.9.34")] {
            assert!(suspects.hold(&other).is_none(), "{other:?}");
        }
    }
}
