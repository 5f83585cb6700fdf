//! What a work record says in words that every format shares: how a router ended, what became of its lines, and whether it was a router at all.

use super::{RouterPart, WorkRecord};
use crate::message::{Lang, Text};
use crate::report::end_words;

/// More names than these are a number.
const FEW: usize = 8;

impl WorkRecord {
    /// That some of its routers were mock routers; nothing where none was.
    pub fn mock_words(&self) -> Option<Text> {
        let mocks: Vec<&str> = self.routers.iter().filter(|one| one.is_mock()).map(|one| &*one.router).collect();
        let some = mocks.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
        let [en, ja] = match mocks.len() {
            0 => return None,
            1..=FEW => [some.clone(), some],
            more => [format!("{some} and {} more", more - FEW), format!("{some} ほか {} 台", more - FEW)],
        };
        Some(Text::new(
            format!(
                "Practice on the mock router that is built into this program ({en}): no evidence of work on a router."
            ),
            format!("内蔵の模擬ルータでの練習です({ja})。実機での作業の証跡にはなりません。"),
        ))
    }
}

impl RouterPart {
    /// What became of the lines of its plan.
    pub fn lines_words(&self) -> Text {
        let Self { planned, sent, refused, in_doubt, .. } = self;
        let (mut en, mut ja) = (vec![format!("accepted {sent}")], vec![format!("受理 {sent}")]);
        if *refused > 0 {
            en.push(format!("refused {refused}"));
            ja.push(format!("拒否 {refused}"));
        }
        if *in_doubt > 0 {
            en.push(format!("sent without an answer {in_doubt} (may be in effect)"));
            ja.push(format!("送信済み・応答なし {in_doubt}(反映されている可能性あり)"));
        }
        en.push(format!("planned {planned}"));
        ja.push(format!("計画 {planned}"));
        Text::new(en.join(", "), ja.join("、"))
    }

    /// How many of them were accepted, for a table.
    pub fn accepted_words(&self) -> Text {
        let Self { sent, in_doubt, .. } = self;
        match in_doubt {
            0 => Text::untranslated(sent.to_string()),
            _ => {
                Text::new(format!("{sent}; {in_doubt} without an answer"), format!("{sent}(ほかに応答なし {in_doubt})"))
            }
        }
    }

    /// How it ended, in words.
    pub fn end_words(&self) -> Text {
        match self.end() {
            "in-progress" => Text::new("in progress: how it ends is not known yet", "変更中(結果未定)"),
            "saved-unverified" => Text::new("saved, not verified", "保存済み(未検証)"),
            _ => {
                let foreign = self.causes.iter().any(|cause| cause.code == "router.foreign");
                Text::new(end_words(self.state, foreign, Lang::En), end_words(self.state, foreign, Lang::Ja))
            }
        }
    }
}
