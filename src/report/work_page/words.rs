//! Values of a work record in words.

use crate::message::{Lang, Text};
use crate::report::page::{Block, Phrase};
use crate::report::who;
use crate::report::work::{Moment, Proof, Proven, RouterPart};
use crate::run::Exit;
use crate::state::Verdict;
use crate::window::Zone;

/// A heading that nothing links to.
pub(super) fn heading(level: u8, en: &str, ja: &str) -> Block {
    Block::Heading { level, text: Phrase::words(en, ja), anchor: String::new() }
}

/// A row of a table of names and values.
pub(super) fn fact(en: &str, ja: &str, value: Phrase) -> Vec<Phrase> {
    vec![Phrase::words(en, ja), value]
}

/// Sentences, one a line.
pub(super) fn sentences(texts: &[Text]) -> Phrase {
    let phrases = texts.iter().cloned().map(Phrase::of);
    phrases.reduce(Phrase::below).unwrap_or_else(|| Phrase::recorded(None))
}

/// A time by the clock of the sites.
pub(super) fn time(at: Option<Moment>) -> Phrase {
    at.map_or_else(|| Phrase::recorded(None), |at| Phrase::time(at.in_zone(&Zone::default()), at.rfc3339()))
}

/// A user of a machine.
pub(super) fn account(by: &str, machine: &str) -> Phrase {
    Phrase::words(who(by, machine, Lang::En), who(by, machine, Lang::Ja))
}

/// A number.
pub(super) fn number(count: usize) -> Phrase {
    Phrase::data(count.to_string())
}

/// A router's state, with a mark that needs no colour.
pub(super) fn state(one: &RouterPart) -> Phrase {
    let mark = if one.in_progress { "…" } else { mark(one.verdict) };
    let Text { en, ja } = one.end_words();
    Phrase::words(format!("{mark} {en}"), format!("{mark} {ja}"))
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Done => "✓",
        Verdict::NotDone => "✗",
        Verdict::NeedsPerson => "‼",
    }
}

/// Whether something went well, where it can go wrong.
pub(super) fn went(ok: Option<bool>) -> Phrase {
    match ok {
        Some(true) => Phrase::words("✓ OK", "✓ OK"),
        Some(false) => Phrase::words("✗ failed", "✗ NG"),
        None => Phrase::default(),
    }
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
