//! Why no router of the list fits the box on the cable, and what a person can do, in words.

use std::collections::BTreeSet;

use super::visit::Visit;
use crate::message::Lang;
use crate::visible;

/// That none fits; where boxes are exchanged, with the reason.
pub(super) fn lines(visit: &Visit) -> Vec<String> {
    let lang = visit.lang;
    let mut lines = vec![lang.pick("No router fits.", "該当するルータがありません。").to_owned()];
    if visit.swaps {
        lines.extend(no_place(visit));
    }
    lines
}

/// Why a new box takes no router's place: none was saved, or those that were are declared as another model. Nothing where one could, and was
/// only not found by the words that were typed.
fn no_place(visit: &Visit) -> Option<String> {
    let lang = visit.lang;
    let seen = visit.seen.identity.model();
    let saved = visit.candidates.iter().filter(|one| one.recorded.is_some());
    let models: Option<BTreeSet<&str>> =
        saved.map(|one| one.declared.model.as_deref().filter(|model| !model.eq_ignore_ascii_case(seen))).collect();
    let models = models?;
    if models.is_empty() {
        let none_saved = lang
            .pick(
                "  No router of the list has a saved state on this computer, so there is nothing to put into a new box. A kit brings the states along.",
                "  一覧のルータの保存済みの状態がこの PC にないため、交換機に入れる設定がありません。状態はキットで持参できます。",
            )
            .to_owned();
        return Some(none_saved);
    }
    let saved = models.into_iter().collect::<Vec<_>>().join(", ");
    let words = match lang {
        Lang::En => format!(
            "  The saved routers of the list are declared as {saved}, and this box is an {seen}. Where it is to replace one of them, write `model: {seen}` at that router in the inventory; `--map OLD=NEW` names the interfaces that differ."
        ),
        Lang::Ja => format!(
            "  一覧の保存済みルータの機種は {saved} と宣言されていますが、この機器は {seen} です。交換機として使う場合は、インベントリのそのルータに `model: {seen}` と書き、異なるインタフェースは `--map 旧=新` で対応付けてください。"
        ),
    };
    Some(visible::line(&words).into_owned())
}
