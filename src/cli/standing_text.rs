//! Where a run without an end is, in words, with the command that goes on; and the same as JSON.

use serde_json::{Value, json};

use super::local_time::local_time_of;
use crate::message::Lang;
use crate::report::{Style, counted, step_name};
use crate::run::{RoutersLeft, Standing, WaitsFor};

/// What it does or waits for, in a few words with the next command.
pub fn words(standing: &Standing, lang: Lang) -> String {
    let run = &standing.run;
    let (en, ja) = match (&standing.waits_for, standing.is_carried_out) {
        (_, false) => {
            let next = goes_on(standing);
            (
                format!("not ended, and no process carries it out: {next}"),
                format!("未終了、処理しているプログラムなし: {next}"),
            )
        }
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
            format!("begins at {} (to call it off: ixdeploy abort {run})", local_time_of(at)),
            format!("{} に開始予定(取りやめるには: ixdeploy abort {run})", local_time_of(at)),
        ),
        (Some(WaitsFor::Bake(step)), true) => {
            let [name_en, name_ja] = [Lang::En, Lang::Ja].map(|lang| step_name(step, lang));
            (
                format!("in progress, {name_en} proves itself: ixdeploy watch {run}"),
                format!("進行中、{name_ja} の様子見中: ixdeploy watch {run}"),
            )
        }
        (Some(WaitsFor::Window(at)), true) => (
            format!("no window is open before {}: ixdeploy watch {run}", local_time_of(at)),
            format!("{} まで時間帯待ち: ixdeploy watch {run}", local_time_of(at)),
        ),
        (Some(WaitsFor::End), true) => (
            format!("ends, begins nothing more: ixdeploy watch {run}"),
            format!("終了処理中(新たに着手しません): ixdeploy watch {run}"),
        ),
    };
    lang.pick(&en, &ja).to_owned()
}

/// What brings a run to its end that no process carries out any more: `continue` recovers what it left open, goes on with what it had not
/// begun, and shows the whole result. Where it only left routers open, to recover them is all.
fn goes_on(Standing { run, left, .. }: &Standing) -> String {
    let only_open = left.in_flight > 0 && left.not_begun + left.failed == 0;
    format!("ixdeploy {} {run}", if only_open { "resume" } else { "continue" })
}

/// The run with its numbers, on one line of its own.
pub fn line(standing: &Standing, lang: Lang) -> String {
    let (numbers, said) = (numbers(standing, lang), words(standing, lang));
    let text = match lang {
        Lang::En => format!("run {}: {numbers}; {said}", standing.run),
        Lang::Ja => format!("実行 {}: {numbers}、{said}", standing.run),
    };
    format!("{}\n", if standing.needs_word() { Style::Warn.on(&text) } else { text })
}

/// How many of its routers are where.
fn numbers(standing: &Standing, lang: Lang) -> String {
    let RoutersLeft { in_flight, not_begun, failed, .. } = standing.left;
    let [in_flight, begins] = [in_flight, not_begun].map(counted);
    let mut said = match (standing.is_carried_out, lang) {
        (true, Lang::En) => format!("{in_flight} in flight, {begins} not begun"),
        (true, Lang::Ja) => format!("処理中 {in_flight} 台、未着手 {begins} 台"),
        (false, Lang::En) => format!("{in_flight} left open, {begins} not begun"),
        (false, Lang::Ja) => format!("未解決 {in_flight} 台、未着手 {begins} 台"),
    };
    if failed > 0 {
        said.push_str(&match lang {
            Lang::En => format!(", {} failed", counted(failed)),
            Lang::Ja => format!("、失敗 {} 台", counted(failed)),
        });
    }
    said
}

/// The same for programs.
pub fn document(standing: &Standing) -> Value {
    json!({
        "run": standing.run,
        "in_progress": standing.is_carried_out,
        "waits_for": standing.waits_for.as_ref().map(WaitsFor::word),
        "in_flight": standing.left.in_flight,
        "not_begun": standing.left.not_begun,
        "failed": standing.left.failed,
    })
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::message::Lang;
    use crate::run::{RoutersLeft, Standing};

    /// A run that stopped, with so many routers left open, not begun, and failed.
    fn stopped([open, not_begun, failed]: [usize; 3], lang: Lang) -> String {
        let left = RoutersLeft { in_flight: open, open, not_begun, failed };
        let run = "20261129-131503-7k3f".to_owned();
        let said = line(&Standing { run, is_carried_out: false, waits_for: None, left }, lang);
        anstream::adapter::strip_str(&said).to_string()
    }

    #[test]
    fn a_run_that_stopped_has_its_numbers_and_one_command() {
        assert_eq!(
            stopped([1, 7, 0], Lang::En),
            "run 20261129-131503-7k3f: 1 left open, 7 not begun; not ended, and no process carries it out: ixdeploy continue 20261129-131503-7k3f\n"
        );
        assert_eq!(
            stopped([0, 0, 14], Lang::Ja),
            "実行 20261129-131503-7k3f: 未解決 0 台、未着手 0 台、失敗 14 台、未終了、処理しているプログラムなし: ixdeploy continue 20261129-131503-7k3f\n"
        );
        let only_open = stopped([2, 0, 0], Lang::En);
        assert!(only_open.ends_with(": ixdeploy resume 20261129-131503-7k3f\n"), "{only_open}");
    }
}
