//! Where a run without an end is, in words, with the command that goes on; and the same as JSON.

use serde_json::{Value, json};

use crate::message::Lang;
use crate::report::{Style, counted, step_name};
use crate::run::{Standing, WaitsFor};

/// What it does or waits for, in a few words with the next command.
pub fn words(standing: &Standing, lang: Lang) -> String {
    let run = &standing.run;
    let (en, ja) = match (&standing.waits_for, standing.is_carried_out) {
        (_, false) => (
            format!("not ended, and no process carries it out: ixdeploy continue {run}"),
            format!("未終了、処理しているプログラムなし: ixdeploy continue {run}"),
        ),
        (None, true) => (format!("in progress: ixdeploy watch {run}"), format!("進行中: ixdeploy watch {run}")),
        (Some(WaitsFor::Approval(step)), true) => {
            let [name_en, name_ja] = [Lang::En, Lang::Ja].map(|lang| step_name(step, lang));
            (
                format!("waits for a person's word before {name_en}: ixdeploy continue {run}"),
                format!("{name_ja} の承認待ち: ixdeploy continue {run}"),
            )
        }
        (Some(WaitsFor::Continue), true) => (
            format!("paused, begins nothing: ixdeploy continue {run}"),
            format!("一時停止中(新たに着手しません): ixdeploy continue {run}"),
        ),
        (Some(WaitsFor::Clock(seconds)), true) => (
            format!(
                "held, since the routers' clocks are {seconds} s from this machine's: set the clock, then ixdeploy continue {run}"
            ),
            format!(
                "ルータとこの PC の時計が {seconds} 秒ずれているため保留中: 時刻を直してから ixdeploy continue {run}"
            ),
        ),
        (Some(WaitsFor::Time(at)), true) => (
            format!("begins at {at} (to call it off: ixdeploy abort {run})"),
            format!("{at} に開始予定(取りやめるには: ixdeploy abort {run})"),
        ),
        (Some(WaitsFor::Bake(step)), true) => {
            let [name_en, name_ja] = [Lang::En, Lang::Ja].map(|lang| step_name(step, lang));
            (
                format!("in progress, {name_en} proves itself: ixdeploy watch {run}"),
                format!("進行中、{name_ja} の様子見中: ixdeploy watch {run}"),
            )
        }
        (Some(WaitsFor::Window(at)), true) => (
            format!("no window is open before {at}: ixdeploy watch {run}"),
            format!("{at} まで時間帯待ち: ixdeploy watch {run}"),
        ),
        (Some(WaitsFor::End), true) => (
            format!("ends, begins nothing more: ixdeploy watch {run}"),
            format!("終了処理中(新たに着手しません): ixdeploy watch {run}"),
        ),
    };
    lang.pick(&en, &ja).to_owned()
}

/// The run with its numbers, on one line of its own.
pub fn line(standing: &Standing, lang: Lang) -> String {
    let (in_flight, not_begun) = (counted(standing.in_flight.routers), counted(standing.not_begun));
    let said = words(standing, lang);
    let text = match lang {
        Lang::En => format!("run {}: {in_flight} in flight, {not_begun} not begun; {said}", standing.run),
        Lang::Ja => format!("実行 {}: 処理中 {in_flight} 台、未着手 {not_begun} 台、{said}", standing.run),
    };
    format!("{}\n", if standing.needs_word() { Style::Warn.on(&text) } else { text })
}

/// The same for programs.
pub fn document(standing: &Standing) -> Value {
    json!({
        "run": standing.run,
        "in_progress": standing.is_carried_out,
        "waits_for": standing.waits_for.as_ref().map(WaitsFor::word),
        "in_flight": standing.in_flight.routers,
        "not_begun": standing.not_begun,
    })
}
