//! Waiting for a router that cannot be reached, in words: what happened, what to do, how long it lasts, how to stop.

use std::time::Duration;

use super::span;
use crate::message::Lang;
use crate::record::{Awaited, Envelope, Kind};

/// The words of an event about waiting; nothing for any other.
pub fn waiting_words(envelope: &Envelope, lang: Lang) -> Option<String> {
    let say = |en: String, ja: String| Some(one_of(lang, en, ja));
    match &envelope.kind {
        Kind::Waiting { awaited, peer, seconds, .. } => {
            let (en, ja) = what_happened(*awaited, peer);
            let at_most = span(Duration::from_secs(*seconds), lang);
            say(
                format!("{en}. It is waited for, at most {at_most}. To stop: Ctrl-C, and `ixdeploy resume` later"),
                format!(
                    "{ja}。最長 {at_most}待ちます。中止するには Ctrl-C を押し、後で ixdeploy resume を実行してください"
                ),
            )
        }
        Kind::StillWaiting { seconds_left, last, .. } => {
            let router = envelope.router().unwrap_or_default();
            // The line begins with the router's name already.
            let unnamed = |text: &'_ str| text.strip_prefix(&format!("{router}: ")).unwrap_or(text).to_owned();
            let left = clock(*seconds_left);
            say(
                format!("still waiting, {left} left; last: {}", unnamed(&last.en)),
                format!("待機中、残り {left}。直近の理由: {}", unnamed(&last.ja)),
            )
        }
        Kind::AnotherBox { expected, found, .. } => say(
            format!(
                "this is another box: serial number {found}; {expected} is waited for. Plug the cable into that one"
            ),
            format!(
                "別の機器です(製造番号 {found})。製造番号 {expected} の機器を待っています。そちらに挿し直してください"
            ),
        ),
        Kind::FoundAgain { serial_number, .. } => say(
            format!("it answers again, and it is the same box (serial number {serial_number}): going on"),
            format!("同じ機器(製造番号 {serial_number})から応答がありました。処理を続けます"),
        ),
        _ => None,
    }
}

/// The same for a line on a screen that is written over again and again.
pub fn count_words(envelope: &Envelope, lang: Lang) -> Option<String> {
    let Kind::StillWaiting { seconds_left, .. } = &envelope.kind else { return None };
    let left = clock(*seconds_left);
    Some(one_of(
        lang,
        format!("still waiting, {left} left (Ctrl-C stops)"),
        format!("待機中、残り {left}(Ctrl-C で中止)"),
    ))
}

fn what_happened(awaited: Awaited, peer: &str) -> (String, String) {
    match awaited {
        Awaited::Cable => (
            format!("the cable on {peer} was pulled, or its adapter: plug it in again, into the same box"),
            format!("{peer} のケーブルまたは変換アダプタが抜けました。同じ機器に挿し直してください"),
        ),
        Awaited::Console => (
            format!(
                "the console on {peer} does not answer any more: look at both ends of the cable and at the router's power"
            ),
            format!("{peer} のコンソールから応答がありません。ケーブルの両端とルータの電源を確認してください"),
        ),
        Awaited::Session => (
            format!("the session over {peer} is gone: look at the line and at the router's power"),
            format!("{peer} のセッションが失われました。回線とルータの電源を確認してください"),
        ),
        Awaited::Resumed => {
            (format!("the router is looked for over {peer}"), format!("{peer} でルータへの接続を試みます"))
        }
        Awaited::Restart => (
            format!("the router restarts; it is looked for over {peer}"),
            format!("ルータが再起動します。{peer} で応答を待ちます"),
        ),
        Awaited::Save => (
            format!(
                "a save may still be running: nothing is typed until it is over, then the router is read again. If the cable on {peer} is out, plug it in again, into the same box"
            ),
            format!(
                "保存が実行中の可能性があるため、終わるまで何も入力しません。その後、ルータを読み直します。{peer} のケーブルが抜けている場合は、同じ機器に挿し直してください"
            ),
        ),
    }
}

fn one_of(lang: Lang, en: String, ja: String) -> String {
    if lang == Lang::Ja { ja } else { en }
}

/// Minutes and seconds as a clock shows them.
fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{count_words, waiting_words};
    use std::time::SystemTime;

    use crate::message::{Lang, Text};
    use crate::record::{Awaited, Envelope, Kind, Scope};

    fn of_r1(kind: Kind) -> Envelope {
        Envelope::new(&Scope::router("r1", "s"), SystemTime::UNIX_EPOCH, kind)
    }

    #[test]
    fn a_pulled_cable_is_said_with_what_to_do_how_long_and_how_to_stop() {
        let event = |awaited| of_r1(Kind::Waiting { awaited, peer: "COM3".into(), seconds: 600 });
        assert_eq!(
            waiting_words(&event(Awaited::Cable), Lang::En).unwrap(),
            "the cable on COM3 was pulled, or its adapter: plug it in again, into the same box. It is waited for, at most 10 min. To stop: Ctrl-C, and `ixdeploy resume` later"
        );
        assert_eq!(
            waiting_words(&event(Awaited::Cable), Lang::Ja).unwrap(),
            "COM3 のケーブルまたは変換アダプタが抜けました。同じ機器に挿し直してください。最長 10 分待ちます。中止するには Ctrl-C を押し、後で ixdeploy resume を実行してください"
        );
        for awaited in [Awaited::Console, Awaited::Session, Awaited::Resumed, Awaited::Restart, Awaited::Save] {
            assert!(waiting_words(&event(awaited), Lang::En).unwrap().contains("COM3"));
        }
    }

    #[test]
    fn the_time_that_is_left_is_counted_and_another_box_is_named_with_both_numbers() {
        let last = Text::new("no such port", "ポートなし");
        let still = of_r1(Kind::StillWaiting { seconds: 20, seconds_left: 580, last, is_line: true });
        assert_eq!(waiting_words(&still, Lang::En).unwrap(), "still waiting, 9:40 left; last: no such port");
        assert_eq!(count_words(&still, Lang::En).unwrap(), "still waiting, 9:40 left (Ctrl-C stops)");
        let other = of_r1(Kind::AnotherBox { expected: "AAA1".into(), found: "BBB2".into() });
        for lang in [Lang::En, Lang::Ja] {
            let said = waiting_words(&other, lang).unwrap();
            assert!(said.contains("AAA1") && said.contains("BBB2"), "{said}");
        }
    }
}
