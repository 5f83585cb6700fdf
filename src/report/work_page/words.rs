//! Values of a work record in words.

use crate::message::Text;
use crate::report::page::Phrase;
use crate::report::page_words::{mark, time};
use crate::report::work::{Proof, Proven, RouterPart};
use crate::run::Exit;
use crate::state::Verdict;

/// A router's state, with a mark that needs no colour.
pub(super) fn state(one: &RouterPart) -> Phrase {
    let mark = mark(one.verdict_of_end());
    let Text { en, ja } = one.end_words();
    Phrase::words(format!("{mark} {en}"), format!("{mark} {ja}"))
}

/// A proof.
pub(super) fn proof(proven: &Proven) -> Phrase {
    let mark = match proven.proof {
        Proof::Proven => "✓ ",
        Proof::Refuted | Proof::Unproven => "✗ ",
        Proof::NotDone => "",
    };
    let said = Phrase::words(mark, mark).then(Phrase::of(proven.text.clone()));
    match proven.at {
        Some(_) => said.then(Phrase::words(" (", " (")).then(time(proven.at)).then(Phrase::words(")", ")")),
        None => said,
    }
}

/// How these routers ended, taken together.
pub(super) fn result_of(routers: &[RouterPart]) -> Phrase {
    if routers.iter().any(|one| one.in_progress) {
        return result_words(None);
    }
    let (en, ja) = match routers.iter().map(|one| one.verdict).max() {
        None | Some(Verdict::Done) => ("done", "完了"),
        Some(Verdict::NotDone) => ("not done; the state is proven", "未完了(状態は確認済み)"),
        Some(Verdict::NeedsPerson) => ("needs a person", "担当者の対応が必要"),
    };
    Phrase::words(en, ja)
}

/// How a run ended.
pub(super) fn result_words(exit: Option<u8>) -> Phrase {
    let (en, ja) = match exit {
        Some(exit) if exit == Exit::Done.status() => ("done", "完了"),
        Some(exit) if exit == Exit::NotDone.status() => {
            ("some router is not done; its state is proven", "未完了のルータあり(状態は確認済み)")
        }
        Some(exit) if exit == Exit::NeedsPerson.status() => {
            ("some router needs a person", "担当者の対応が必要なルータあり")
        }
        Some(_) => ("ended by an error of input or of this machine", "入力またはこの PC の障害により終了"),
        None => return Phrase::words("the run has not ended", "実行は終了していません"),
    };
    let status = exit.unwrap_or_default();
    Phrase::words(format!("{en} (exit status {status})"), format!("{ja}(終了コード {status})"))
}
