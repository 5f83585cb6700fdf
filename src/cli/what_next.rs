//! What is to do after a run: what to write into the inventory, and the commands that go on.

use std::collections::{BTreeMap, HashSet};

use crate::message::Lang;
use crate::record::{Journalled, Outcome};
use crate::report::{self, Style, counted};
use crate::run::{FinishedRun, LearnedBox, NoPlan};
use crate::state::{State, Verdict};
use crate::visible;

/// With which credentials many routers log in from now on: what to write into the inventory after a rotation.
pub fn new_logins(lang: Lang, outcomes: &[Outcome]) -> String {
    /// Of more credentials than these there is a number.
    const CREDENTIALS: usize = 3;
    let mut credentials: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for outcome in outcomes {
        let Some(credential) = &outcome.new_login else { continue };
        let user = outcome.login.as_ref().map(|login| login.user.as_str()).unwrap_or_default();
        *credentials.entry((user, credential)).or_default() += 1;
    }
    let mut out = String::new();
    for ((user, credential), routers) in credentials.iter().take(CREDENTIALS) {
        let routers = counted(*routers);
        let text = match lang {
            Lang::En => format!(
                "from now on {user} logs in on {routers} router(s) with the password of `{credential}`: name that user and credential at their connections in the inventory"
            ),
            Lang::Ja => format!(
                "今後 {routers} 台へのログインは、ユーザ {user}、パスワード `{credential}` です。インベントリの接続設定にこのユーザと認証情報を指定してください"
            ),
        };
        let text = report::wrapped(&text, 0, report::Wrap { columns: report::COLUMNS, indent: 2, lines: 4 });
        out.push_str(&format!("{}\n", Style::Warn.on(&text)));
    }
    if let Some(more @ 1..) = credentials.len().checked_sub(CREDENTIALS) {
        out.push_str(&match lang {
            Lang::En => format!("  and {more} more credential(s): --format json\n"),
            Lang::Ja => format!("  ほか {more} 件の認証情報(--format json)\n"),
        });
    }
    out
}

/// What to write into the inventory, so that the next run knows which box each router is: a few lines, however many routers there are.
pub fn learned(lang: Lang, finished: &FinishedRun) -> String {
    /// Of more boxes than these there is a number, and where to see them.
    const BOXES: usize = 4;
    let boxes = &finished.learned;
    let mut out = String::new();
    let identity = |number: &str| format!("identity: {{ serial_number: \"{}\" }}", visible::line(number));
    if let [LearnedBox { router, serial_number }] = boxes.as_slice() {
        let router = visible::line(router);
        out.push_str(&match lang {
            Lang::En => format!("To hold {router} to this box, write below it in the inventory:\n"),
            Lang::Ja => {
                format!("{router} をこの機器に固定するには、インベントリの {router} に次の行を書いてください:\n")
            }
        });
        return format!("{out}    {}\n", identity(serial_number));
    }
    if !boxes.is_empty() {
        out.push_str(lang.pick(
            "To hold each router to its box, write below it in the inventory:\n",
            "各ルータを現在の機器に固定するには、インベントリの各ルータに次の行を書いてください:\n",
        ));
    }
    for LearnedBox { router, serial_number } in boxes.iter().take(BOXES) {
        out.push_str(&format!("    {}: {}\n", visible::line(router), identity(serial_number)));
    }
    if let Some(more @ 1..) = boxes.len().checked_sub(BOXES) {
        let more = counted(more);
        let run = finished.result.journalled.as_ref().map_or("last", |journalled| journalled.run.as_str());
        out.push_str(&match lang {
            Lang::En => format!("    and {more} more: serial_number in ixdeploy show {run} --format json\n"),
            Lang::Ja => format!("    ほか {more} 台: ixdeploy show {run} --format json の serial_number\n"),
        });
    }
    out
}

/// The commands that go on, where something is left to do: those not begun, and all that are not done.
pub fn next_step(lang: Lang, finished: &FinishedRun) -> String {
    let outcomes = &finished.result.routers;
    let not_begun = outcomes.iter().filter(|outcome| outcome.is_left()).count();
    let not_done = outcomes.iter().filter(|outcome| outcome.verdict() != Verdict::Done).count();
    let without: HashSet<&str> =
        finished.no_plan.iter().flat_map(|no_plan| &no_plan.routers).map(String::as_str).collect();
    let not_done = not_done - without.len();
    let failed = |outcome: &&Outcome| outcome.failure_class().is_some() && outcome.verdict() == Verdict::NotDone;
    let failed = outcomes.iter().filter(failed).filter(|one| !without.contains(one.router.as_str())).count();
    let planned_anew = finished.no_plan.as_ref().map(|no_plan| planned_anew(lang, no_plan, finished));
    let planned_anew = planned_anew.unwrap_or_default();
    let Some(Journalled { run, .. }) = &finished.result.journalled else {
        return planned_anew
            + &if outcomes.iter().any(|outcome| outcome.state == State::NotStarted) {
                without_what_failed(lang, outcomes, finished.limit.as_deref())
            } else {
                String::new()
            };
    };
    // What was skipped, and who waits for it, is no better off in a new run.
    let (left, all) = (counted(not_begun), counted(not_done));
    let again = match (not_begun, failed, lang) {
        (0, 0, _) => String::new(),
        (_, 0, Lang::En) => format!("To go on with the {left} not begun: ixdeploy continue {run}\n"),
        (_, 0, Lang::Ja) => format!("未着手の {left} 台を続けるには: ixdeploy continue {run}\n"),
        (0, _, Lang::En) => format!("To try the {all} that are not done again: ixdeploy rerun {run}\n"),
        (0, _, Lang::Ja) => format!("未完了の {all} 台をやり直すには: ixdeploy rerun {run}\n"),
        (_, _, Lang::En) => format!(
            "To go on with the {left} not begun: ixdeploy continue {run}\nFor a new run for all {all} that are not done: ixdeploy rerun {run}\n"
        ),
        (_, _, Lang::Ja) => format!(
            "未着手の {left} 台を続けるには: ixdeploy continue {run}\n未完了の全 {all} 台を新しい実行でやり直すには: ixdeploy rerun {run}\n"
        ),
    };
    again + &planned_anew
}

/// The command that plans those anew for which the plan file has no plan that holds: the same file does not bring them further.
fn planned_anew(lang: Lang, NoPlan { routers, playbook, inventory }: &NoPlan, finished: &FinishedRun) -> String {
    let playbook = playbook.as_ref().map_or_else(|| "PLAYBOOK".to_owned(), |path| path.display().to_string());
    let inventory = inventory.display().to_string();
    let (playbook, inventory) = (visible::line(&playbook), visible::line(&inventory));
    let limit = match &finished.result.journalled {
        Some(Journalled { run, .. }) => format!("@run:{run}:no-plan"),
        // No run was begun that could be named.
        None => visible::line(&routers.join(",")).into_owned(),
    };
    let count = counted(routers.len());
    match lang {
        Lang::En => format!(
            "To plan the {count} anew for which the plan file has no plan that holds: ixdeploy apply {playbook} -i {inventory} -l {limit}\n"
        ),
        Lang::Ja => format!(
            "計画ファイルに有効な計画がない {count} 台を計画し直すには: ixdeploy apply {playbook} -i {inventory} -l {limit}\n"
        ),
    }
}

/// How those go on that were not begun, where no run was: among hundreds no one finds the one that stopped it.
fn without_what_failed(lang: Lang, outcomes: &[Outcome], limit: Option<&str>) -> String {
    /// More names than this are no help on a command line.
    const NAMES: usize = 4;
    let stopped = |outcome: &&Outcome| outcome.verdict() != Verdict::Done && outcome.state != State::NotStarted;
    let stoppers: Vec<&Outcome> = outcomes.iter().filter(stopped).collect();
    // Where a person is needed, that comes first.
    if stoppers.is_empty()
        || stoppers.len() > NAMES
        || stoppers.iter().any(|outcome| outcome.verdict() != Verdict::NotDone)
    {
        return String::new();
    }
    let names = stoppers.iter().map(|outcome| format!("!{}", outcome.router));
    let limit = limit.map(str::to_owned).into_iter().chain(names).collect::<Vec<_>>().join(",");
    match lang {
        Lang::En => format!("To go on with those not started, leave out what failed: -l '{limit}'\n"),
        Lang::Ja => format!("未着手のルータだけを続けるには、失敗したルータを除外してください: -l '{limit}'\n"),
    }
}

/// Sites where some routers were saved and others not: the saved ones can be undone.
pub fn half_done(lang: Lang, outcomes: &[Outcome], run: &str) -> String {
    /// Of more sites than these there is a number.
    const SITES: usize = 3;
    let mut sites: BTreeMap<&str, (Vec<&str>, bool)> = BTreeMap::new();
    for outcome in outcomes {
        let (changed, is_whole) = sites.entry(&outcome.site).or_insert((Vec::new(), true));
        *is_whole &= outcome.state == State::Saved;
        if outcome.state == State::Saved && outcome.sent > 0 {
            changed.push(&outcome.router);
        }
    }
    let half: Vec<(&str, Vec<&str>)> = sites
        .into_iter()
        .filter(|(_, (changed, is_whole))| !is_whole && !changed.is_empty())
        .map(|(site, (changed, _))| (site, changed))
        .collect();
    let mut out = String::new();
    for (site, changed) in half.iter().take(SITES) {
        let routers = changed.join(",");
        out.push_str(&match lang {
            Lang::En => format!(
                "Site {site} is half done. To undo what was saved there: ixdeploy undo {run} -l {routers}\n"
            ),
            Lang::Ja => format!(
                "拠点 {site} は一部のルータだけが保存されています。保存済みの変更を取り消すには: ixdeploy undo {run} -l {routers}\n"
            ),
        });
    }
    if half.len() > SITES {
        let more = counted(half.len() - SITES);
        out.push_str(&match lang {
            Lang::En => format!("{more} more sites are half done: ixdeploy show {run}\n"),
            Lang::Ja => format!("ほか {more} 拠点も一部のルータだけが保存されています: ixdeploy show {run}\n"),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{learned, new_logins};
    use crate::message::Lang;
    use crate::record::{Outcome, RunResult};
    use crate::run::{Exit, FinishedRun, LearnedBox};
    use crate::state::State;

    #[test]
    fn after_the_rotation_of_a_fleet_the_result_says_once_what_to_write_into_the_inventory() {
        let router = |number: usize| Outcome {
            new_login: Some("admin-2027".to_owned()),
            ..Outcome::new(&format!("c{number}"), "s", State::Saved)
        };
        let said = new_logins(Lang::En, &(0..30).map(router).collect::<Vec<_>>());
        let said = anstream::adapter::strip_str(&said).to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("on 30 router(s) with the password of `admin-2027`"), "{said}");
        assert_eq!(said.matches("admin-2027").count(), 1, "{said}");
        assert_eq!(new_logins(Lang::En, &[Outcome::new("r1", "s", State::Saved)]), "");
    }

    #[test]
    fn the_boxes_of_a_fleet_take_a_few_lines_and_where_to_see_all_is_said() {
        let boxes = (0..60).map(|number| LearnedBox { router: format!("c{number}"), serial_number: "879".to_owned() });
        let finished = |learned| FinishedRun {
            action: "apply",
            result: RunResult::default(),
            exit: Exit::Done,
            limit: None,
            learned,
            no_plan: None,
            journal_error: None,
        };
        let said = learned(Lang::En, &finished(boxes.collect()));
        assert_eq!(said.lines().count(), 6, "{said}");
        assert!(said.ends_with("    and 56 more: serial_number in ixdeploy show last --format json\n"), "{said}");
        assert_eq!(learned(Lang::En, &finished(Vec::new())), "");
    }
}
