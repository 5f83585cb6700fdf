//! How far a run in progress has come, and what it does because of an order, in words.

use std::time::Duration;

use serde_json::json;

use super::context::Context;
use super::error::Exit;
use crate::control::{InFlight, Pace, Progress};
use crate::message::Lang;
use crate::report::span;
use crate::run::Ordered;
use crate::visible;

/// More lines than these push what was said off the screen; the slowest are shown.
const LINES: usize = 20;

/// Shows what a run does because of an order.
pub fn show(context: &Context, command: &str, ordered: &Ordered) -> Exit {
    context.screen.say_prose(&words(context.screen.lang, ordered));
    let body = json!({ "run": ordered.run, "progress": ordered.progress });
    context.screen.document(command, Exit::Done, &body);
    Exit::Done
}

/// What a run does now.
fn words(lang: Lang, Ordered { run, progress, .. }: &Ordered) -> String {
    let what = match progress.pace {
        Pace::Running => lang.pick("goes on", "続行します"),
        Pace::Paused => lang.pick(
            "paused: nothing new begins, what is in flight finishes",
            "一時停止: 新たには着手せず、処理中のルータは最後まで処理します",
        ),
        Pace::Finishing => lang.pick(
            "ends: nothing new begins, what is in flight finishes",
            "終了します: 新たには着手せず、処理中のルータは最後まで処理します",
        ),
        Pace::Undoing => lang.pick(
            "ends: nothing new begins, what is in flight finishes its line and is undone",
            "終了します: 新たには着手せず、処理中のルータは送信中の行を終えてから取り消します",
        ),
    };
    let mut out = match lang {
        Lang::En => format!("run {run} {what}\n"),
        Lang::Ja => format!("実行 {run}: {what}\n"),
    };
    out.push_str(&counts(lang, progress));
    if progress.pace != Pace::Running {
        out.push_str(&in_flight(lang, progress));
    }
    out
}

/// How many routers are where.
fn counts(lang: Lang, progress: &Progress) -> String {
    let Progress { waiting, skipped, ended, failed, in_flight, .. } = progress;
    let waiting = waiting + skipped;
    match lang {
        Lang::En => format!("  {ended} ended ({failed} failed), {in_flight} in flight, {waiting} not begun\n"),
        Lang::Ja => format!("  終了 {ended} 台(失敗 {failed} 台)、処理中 {in_flight} 台、未着手 {waiting} 台\n"),
    }
}

fn in_flight(lang: Lang, progress: &Progress) -> String {
    let mut out = String::new();
    for InFlight { router, seconds } in progress.longest.iter().take(LINES) {
        let (router, longest) = (visible::line(router), span(Duration::from_secs(*seconds), lang));
        out.push_str(&match lang {
            Lang::En => format!("  {router}: ends in {longest} at the latest\n"),
            Lang::Ja => format!("  {router}: 遅くとも {longest}後に終了\n"),
        });
    }
    let more = progress.in_flight.saturating_sub(progress.longest.len().min(LINES));
    if more > 0 {
        out.push_str(&match lang {
            Lang::En => format!("  and {more} more, none of them longer\n"),
            Lang::Ja => format!("  ほか {more} 台(これより長くはかかりません)\n"),
        });
    }
    out
}
