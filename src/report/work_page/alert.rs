//! What must be known before anything else: a router that is not done, what to do with it, whom to call; a record that is not whole.

use super::words::state;
use crate::message::{Lang, Text};
use crate::report::advice_parts;
use crate::report::page::{Block, Phrase};
use crate::report::work::{Contact, RouterPart, WorkRecord};
use crate::state::{State, Verdict};

/// The alerts, those that need a person first.
pub(super) fn alerts(record: &WorkRecord) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(record.mock_words().map(|text| Block::Alert(vec![Phrase::of(text)])));
    for fault in &record.run.faults {
        let warning = Phrase::words("Of this record's evidence: ", "この記録の根拠について: ");
        blocks.push(Block::Alert(vec![warning.then(Phrase::of(fault.clone()))]));
    }
    if record.run.exit_of_run.is_none() {
        blocks.push(Block::Alert(vec![Phrase::words(
            format!(
                "The run has not ended in the records: this page says what was known then. If no process carries it out: `ixdeploy status`, then `ixdeploy continue {}`",
                record.run.run
            ),
            format!(
                "この実行は、記録上まだ終了していません。このページは作成時点の内容です。実行中のプロセスがない場合は ixdeploy status で確認し、ixdeploy continue {} を実行してください",
                record.run.run
            ),
        )]));
    }
    if !record.is_detailed {
        blocks.extend(of_fleet(&record.routers));
        return blocks;
    }
    let mut failed: Vec<&RouterPart> = record.routers.iter().filter(|one| one.verdict != Verdict::Done).collect();
    failed.sort_by_key(|one| std::cmp::Reverse(one.verdict));
    blocks.extend(failed.iter().map(|one| Block::Alert(alert(record, one))));
    blocks
}

/// Of many routers how many are not done: each has its row below.
fn of_fleet(routers: &[RouterPart]) -> Option<Block> {
    let count = |verdict: Verdict| routers.iter().filter(|one| one.verdict == verdict).count();
    let (people, failed) = (count(Verdict::NeedsPerson), count(Verdict::NotDone));
    let said = Phrase::words(
        format!(
            "{people} router(s) need a person, {failed} are not done with their state proven, of {}.",
            routers.len()
        ),
        format!("全 {} 台のうち、担当者の対応が必要 {people} 台、未完了(状態は確認済み) {failed} 台。", routers.len()),
    );
    (people + failed > 0).then(|| Block::Alert(vec![said]))
}

fn alert(record: &WorkRecord, one: &RouterPart) -> Vec<Phrase> {
    let name =
        Phrase::data(one.router.as_str()).then(Phrase::words(" at ", " 拠点 ")).then(Phrase::data(one.site.as_str()));
    let mut said = vec![name.then(Phrase::words(": ", ": ")).then(state(one))];
    if one.in_progress {
        said.push(Phrase::words(
            "A process is changing it now: its end is not known yet.",
            "現在変更中です。結果はまだ分かりません。",
        ));
        return said;
    }
    if let Some(cause) = one.causes.first() {
        said.push(Phrase::of(cause.text.clone()));
        let hints = cause.hints.iter();
        said.extend(hints.map(|hint| Phrase::words("What to do: ", "対処: ").then(Phrase::of(hint.clone()))));
    }
    match &one.advice {
        Some(advice) => {
            let [mut en, ja] = [Lang::En, Lang::Ja].map(|lang| {
                let joined = advice_parts(advice, lang).into_iter().map(|(word, text)| format!("{word} {text}"));
                joined.collect::<Vec<_>>()
            });
            // English says what the sentence for the phone means.
            if en.len() > ja.len()
                && let Some(meaning) = en.pop()
                && let Some(last) = en.last_mut()
            {
                *last = format!("{last} {meaning}");
            }
            said.extend(en.into_iter().zip(ja).map(|(en, ja)| Phrase::of(Text { en, ja })));
            said.push(whom_to_call(one));
        }
        None if one.verdict == Verdict::NeedsPerson => said.push(Phrase::words(
            "Its end is not recorded: `ixdeploy status` says whether it is open.",
            "結果の記録がありません。ixdeploy status で未終了かどうかを確認してください。",
        )),
        None if one.state == State::Saved => said.push(Phrase::words(
            "It is saved, and not all of it is proven: the deviations say what. `ixdeploy verify` runs the checks again.",
            "保存済みですが、すべては確認できていません(「通常と異なる点」を参照)。ixdeploy verify で確認を再実行できます。",
        )),
        None => said.push(match &one.plan_anew {
            Some(command) => Phrase::words("To plan it anew: ", "計画し直すには: ").then(Phrase::code(command.as_str())),
            None => Phrase::words("To try it again: ", "やり直すには: ")
                .then(Phrase::code(format!("ixdeploy rerun {}", record.run.run))),
        }),
    }
    said
}

/// The clinic as it is called, or where its number is found: personal data is here only if it was asked for.
fn whom_to_call(one: &RouterPart) -> Phrase {
    let call = Phrase::words("whom to call: ", "連絡先: ");
    let Some(Contact { title, reading, phone, address }) = &one.contact else {
        return call.then(Phrase::words(
            format!("the contact of site {} (`ixdeploy status --needs-person` shows it; `report --contacts` prints it here)", one.site),
            format!("拠点 {} の担当者(ixdeploy status --needs-person で表示。report --contacts でこのページにも記載)", one.site),
        ));
    };
    let parts = [title, reading, phone, address].into_iter().flatten().cloned().collect::<Vec<_>>();
    let said = if parts.is_empty() { Phrase::recorded(None) } else { Phrase::data(parts.join(" ")) };
    call.then(said)
}
