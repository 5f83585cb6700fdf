//! A run in words: as a line of a list, and as the summary above its records; and the same as JSON.

use serde_json::{Map, Value, json};

use super::local_time::local_time;
use super::standing_text;
use crate::journal::{EndCount, RunListing, RunSummary};
use crate::message::Lang;
use crate::record::{Account, FailureClass, ImportRecord, RunTimes, utc};
use crate::report::{self, COLUMNS, CountedEnds, Style, Wrap, counted, span, wrapped};
use crate::run::Standing;
use crate::state::State;

/// Who did something, and where; what the system did not say is said to be unknown.
pub fn who(account: &Account, lang: Lang) -> String {
    report::who(&account.by, &account.machine, lang)
}

/// A run as a list has it: two lines.
pub fn listed(listing: &RunListing, standing: Option<&Standing>, lang: Lang) -> String {
    let run = &listing.run;
    let first = format!("{}  {}  {} {}", run.run, when(run, lang), run.action, name_of(run, lang));
    let mut parts = vec![who(&run.account(), lang), ends(listing).words(lang)];
    parts.extend(not_begun(listing, standing, lang));
    parts.extend(left_open(listing, standing, lang));
    parts.push(how_it_ended(run, standing, lang));
    parts.extend(listing.imported.as_ref().map(|record| imported(record, lang)));
    parts.retain(|part| !part.is_empty());
    let second = wrapped(&parts.join(lang.pick("; ", "、")), 2, Wrap { columns: COLUMNS, indent: 2, lines: 3 });
    format!("{}\n  {second}\n", Style::Head.on(&first))
}

/// The summary above the records of a run.
pub fn summary(listing: &RunListing, standing: Option<&Standing>, head: Option<&str>, lang: Lang) -> String {
    let run = &listing.run;
    let (when, who) = (when(run, lang), who(&run.account(), lang));
    let heading = match lang {
        Lang::En => format!("Run {}: {} {}", run.run, run.action, name_of(run, lang)),
        Lang::Ja => format!("実行 {}: {} {}", run.run, run.action, name_of(run, lang)),
    };
    let mut out = format!("{}\n", Style::Head.on(&heading));
    let below = |text: &str| wrapped(text, 2, Wrap { columns: COLUMNS, indent: 4, lines: 4 });
    let mut line = |text: &str| out.push_str(&format!("  {text}\n"));
    let how = how_it_ended(run, standing, lang);
    let length = began(run).zip(run.ended_ms).map(|(began, ended)| took(began, ended, lang));
    line(&below(&match (lang, length) {
        (Lang::En, Some(length)) => format!("{who}, {when}, took {length}, {how}"),
        (Lang::Ja, Some(length)) => format!("{who}、{when}、所要 {length}、{how}"),
        (Lang::En, None) => format!("{who}, {when}, {how}"),
        (Lang::Ja, None) => format!("{who}、{when}、{how}"),
    }));
    let routers = counted(known(listing).max(run.routers));
    let ends = [ends(listing).words(lang), not_begun(listing, standing, lang).unwrap_or_default()];
    let ends = ends.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(lang.pick(", ", "、"));
    line(&below(&match lang {
        Lang::En => format!("{routers} router(s): {ends}"),
        Lang::Ja => format!("ルータ {routers} 台: {ends}"),
    }));
    for (class, number) in classes(listing) {
        let text = format!("{} {}: {}", counted(number), class.word(), class.wording().get(lang));
        line(&Style::Bad.on(&below(&text)));
    }
    left_open(listing, standing, lang).iter().for_each(|open| line(&below(open)));
    listing.imported.iter().for_each(|record| line(&below(&imported(record, lang))));
    if let Some(head) = head {
        line(&below(&match lang {
            Lang::En => format!("journal head {head}"),
            Lang::Ja => format!("ジャーナル末尾ハッシュ {head}"),
        }));
    }
    out
}

/// The same for programs.
pub fn document(listing: &RunListing, standing: Option<&Standing>) -> Map<String, Value> {
    let RunListing { run, ends, imported } = listing;
    let mut states: Map<String, Value> = Map::new();
    let mut classes_by_word: Map<String, Value> = Map::new();
    let add = |counts: &mut Map<String, Value>, word: &str, number: usize| {
        let before = counts.get(word).and_then(Value::as_u64).unwrap_or_default();
        counts.insert(word.to_owned(), json!(before + number as u64));
    };
    for end in ends {
        add(&mut states, end.state.unwrap_or(State::Planned).word(), end.routers);
        end.failure_class.iter().for_each(|class| add(&mut classes_by_word, class.word(), end.routers));
    }
    let count = |is: fn(&EndCount) -> bool| -> usize { ends.iter().filter(|end| is(end)).map(|end| end.routers).sum() };
    let body = json!({
        "run": run.run,
        "action": run.action,
        "by": run.by,
        "machine": run.machine,
        "begun": utc(run.begun_ms),
        "ordered": run.times.ordered_ms.map(utc),
        "first_begun": began(run).map(utc),
        "ended": run.ended_ms.map(utc),
        "inventory": run.inventory,
        "source": run.source,
        "routers": count(|_| true),
        "exit_of_run": run.exit,
        "states": states,
        "as_declared": count(|end| end.as_declared),
        "failure_classes": classes_by_word,
        "open": count(|end| end.is_open),
        "imported": imported.as_ref().map(|record| json!({
            "by": record.exported_by.by,
            "machine": record.exported_by.machine,
            "at": utc(record.exported_ms),
            "head": record.head,
            "file_sha256": record.file_sha256,
        })),
        "standing": standing.map(standing_text::document),
    });
    match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// How many of its routers ended how.
fn ends(listing: &RunListing) -> CountedEnds {
    let mut ends = CountedEnds::default();
    for end in &listing.ends {
        ends.take_many(end.state.unwrap_or(State::Planned), end.as_declared, end.routers);
    }
    ends
}

/// Its routers with at least one record.
fn known(listing: &RunListing) -> usize {
    listing.ends.iter().map(|end| end.routers).sum()
}

/// How many routers a run that has not ended has not begun.
fn not_begun(listing: &RunListing, standing: Option<&Standing>, lang: Lang) -> Option<String> {
    let left =
        standing.map_or_else(|| listing.run.routers.saturating_sub(known(listing)), |standing| standing.left.not_begun);
    (left > 0 && listing.run.exit.is_none()).then(|| match lang {
        Lang::En => format!("{} not begun", counted(left)),
        Lang::Ja => format!("未着手 {} 台", counted(left)),
    })
}

/// Its classes of failure, the fewest last.
fn classes(listing: &RunListing) -> Vec<(FailureClass, usize)> {
    let number = |class: FailureClass| -> usize {
        let of_class = listing.ends.iter().filter(|end| end.failure_class == Some(class));
        of_class.map(|end| end.routers).sum()
    };
    let mut found: Vec<(FailureClass, usize)> =
        FailureClass::ALL.into_iter().map(|class| (class, number(class))).filter(|(_, number)| *number > 0).collect();
    found.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    found
}

fn how_it_ended(run: &RunSummary, standing: Option<&Standing>, lang: Lang) -> String {
    match (run.exit, standing, lang) {
        (None, Some(standing), _) => standing_text::words(standing, lang),
        (None, None, _) => lang.pick("not ended", "未終了").to_owned(),
        (Some(exit), _, Lang::En) => format!("exit status {exit}"),
        (Some(exit), _, Lang::Ja) => format!("終了コード {exit}"),
    }
}

/// What is left for a person, where anything is. What a process is working on now is not.
fn left_open(listing: &RunListing, standing: Option<&Standing>, lang: Lang) -> Option<String> {
    let in_progress = standing.filter(|standing| standing.is_carried_out).map_or(0, |standing| standing.left.open);
    let open: usize = listing.ends.iter().filter(|end| end.is_open).map(|end| end.routers).sum();
    let open = open.saturating_sub(in_progress);
    (open > 0).then(|| match (lang, listing.imported.is_some()) {
        (Lang::En, false) => format!("{} left open: ixdeploy resume {}", counted(open), listing.run.run),
        (Lang::Ja, false) => format!("未解決 {} 台: ixdeploy resume {}", counted(open), listing.run.run),
        // What became of them since is known there.
        (Lang::En, true) => format!("{} left open when it was exported", counted(open)),
        (Lang::Ja, true) => format!("書き出し時点で未解決 {} 台", counted(open)),
    })
}

/// Where an imported run came from.
pub fn imported(record: &ImportRecord, lang: Lang) -> String {
    let (who, when) = (who(&record.exported_by, lang), local_time(record.exported_ms));
    match lang {
        Lang::En => format!("imported: exported by {who}, {when}"),
        Lang::Ja => format!("取り込み: {who} が {when} に書き出し"),
    }
}

/// When a run began; nothing where it ended while it waited for its time. Of an imported one its journal knows less.
fn began(run: &RunSummary) -> Option<i64> {
    let is_known = run.times != RunTimes::default();
    if is_known { run.times.begun_ms } else { Some(run.begun_ms) }
}

/// When it began; of one that was given a time, when it was ordered, too.
fn when(run: &RunSummary, lang: Lang) -> String {
    match (run.times.ordered_ms.map(local_time), began(run).map(local_time), lang) {
        (Some(ordered), Some(began), Lang::En) => format!("{began} (ordered {ordered})"),
        (Some(ordered), Some(began), Lang::Ja) => format!("{began}({ordered} に予約)"),
        (Some(ordered), None, Lang::En) => format!("ordered {ordered}, not begun"),
        (Some(ordered), None, Lang::Ja) => format!("{ordered} に予約、未開始"),
        (None, _, _) => local_time(run.begun_ms),
    }
}

fn took(begun_ms: i64, ended_ms: i64, lang: Lang) -> String {
    let milliseconds = u64::try_from(ended_ms.saturating_sub(begun_ms)).unwrap_or_default();
    span(std::time::Duration::from_millis(milliseconds), lang)
}

/// What a run rests on, without the folders before it.
fn name_of(run: &RunSummary, lang: Lang) -> &str {
    let name = run.source.rsplit(['/', '\\']).next().unwrap_or(&run.source);
    match name.strip_suffix(".json") {
        // A detached run goes by the copy that was kept for it.
        Some(stem) if stem == run.run => lang.pick("(the plan kept with it)", "(実行と共に保存した計画)"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, ImportRecord};
    use super::{document, listed, local_time, summary};
    use crate::journal::{EndCount, RunListing, RunSummary};
    use crate::message::Lang;
    use crate::record::FailureClass;
    use crate::run::{RoutersLeft, Standing, WaitsFor};
    use crate::state::State;

    fn night() -> RunListing {
        let run = RunSummary {
            run: "20261129-131503-7k3f".to_owned(),
            action: "apply".to_owned(),
            source: "/srv/add-domain.yaml".to_owned(),
            machine: "noc".to_owned(),
            begun_ms: 1_795_958_103_000,
            ended_ms: Some(1_795_973_223_000),
            exit: Some(4),
            ..RunSummary::default()
        };
        let end = |state, failure_class, as_declared, is_open, routers| EndCount {
            state: Some(state),
            failure_class,
            as_declared,
            is_open,
            routers,
        };
        let ends = vec![
            end(State::Lost, Some(FailureClass::Lost), false, true, 1),
            end(State::Saved, None, false, false, 9_812),
            end(State::Saved, None, true, false, 173),
            end(State::Unreachable, Some(FailureClass::Unreachable), false, false, 14),
        ];
        RunListing { run, ends, imported: None }
    }

    fn bare(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_run_in_a_list_is_what_when_who_and_how_many() {
        let begun = local_time(night().run.begun_ms);
        assert_eq!(
            bare(&listed(&night(), None, Lang::En)),
            format!(
                "20261129-131503-7k3f  {begun}  apply add-domain.yaml\n  unknown@noc; 9,812 saved, 173 as declared, 14 unreachable, 1 lost; 1 left\n  open: ixdeploy resume 20261129-131503-7k3f; exit status 4\n"
            )
        );
    }

    #[test]
    fn a_run_by_its_own_kept_plan_does_not_repeat_its_name() {
        let mut night = night();
        night.run.source = format!("/var/lib/ixdeploy/plans/{}.json", night.run.run);
        let said = bare(&listed(&night, None, Lang::En));
        assert!(said.contains("  apply (the plan kept with it)\n"), "{said}");
    }

    #[test]
    fn the_summary_has_the_classes_and_fits_a_screen_in_both_languages() {
        let said = bare(&summary(&night(), None, Some("abcd"), Lang::En));
        let begun = local_time(night().run.begun_ms);
        assert_eq!(
            said,
            format!(
                "Run 20261129-131503-7k3f: apply add-domain.yaml\n  unknown@noc, {begun}, took 4 h 12 min, exit status 4\n  10,000 router(s): 9,812 saved, 173 as declared, 14 unreachable, 1 lost\n  14 unreachable: no session, or it broke\n  1 lost: the outcome is unknown\n  1 left open: ixdeploy resume 20261129-131503-7k3f\n  journal head abcd\n"
            )
        );
        let said = bare(&summary(&night(), None, None, Lang::Ja));
        assert!(said.contains("ルータ 10,000 台: 9,812 saved、173 宣言どおり、14 unreachable、1 lost"), "{said}");
    }

    #[test]
    fn an_imported_run_says_where_it_came_from_and_offers_no_resume() {
        let exported_by = Account { by: "sato".to_owned(), machine: "field".to_owned() };
        let record = ImportRecord { exported_by, exported_ms: 1_795_973_223_000, ..ImportRecord::default() };
        let listing = RunListing { imported: Some(Box::new(record)), ..night() };
        for said in [bare(&listed(&listing, None, Lang::En)), bare(&summary(&listing, None, None, Lang::En))] {
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("1 left open when it was exported"), "{said}");
            let exported = local_time(1_795_973_223_000);
            assert!(said.contains(&format!("imported: exported by sato@field, {exported}")), "{said}");
            assert!(!said.contains("ixdeploy resume"), "{said}");
        }
        assert_eq!(document(&listing, None)["imported"]["machine"], "field");
    }

    #[test]
    fn what_a_process_is_working_on_is_in_progress_and_not_left_open() {
        let mut night = night();
        (night.run.exit, night.run.ended_ms) = (None, None);
        let run = night.run.run.clone();
        let standing = |is_carried_out| Standing {
            run: run.clone(),
            is_carried_out,
            waits_for: Some(WaitsFor::Continue),
            left: RoutersLeft { in_flight: 1, open: 1, not_begun: 27, failed: 0 },
        };
        for (is_carried_out, words) in [(true, "paused, begins nothing"), (false, "no process carries it out")] {
            let standing = standing(is_carried_out);
            for said in [listed(&night, Some(&standing), Lang::En), summary(&night, Some(&standing), None, Lang::En)] {
                let said = bare(&said).split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(said.contains(words) && said.contains(&format!("ixdeploy continue {run}")), "{said}");
                assert_eq!(said.contains("left open"), !is_carried_out, "{said}");
            }
            assert_eq!(document(&night, Some(&standing))["standing"]["waits_for"], "continue");
        }
    }

    #[test]
    fn the_document_counts_by_state_and_by_class() {
        let said = document(&night(), None);
        assert_eq!(said["states"]["saved"], 9_985);
        assert_eq!((&said["as_declared"], &said["open"]), (&173.into(), &1.into()));
        assert_eq!(said["failure_classes"]["unreachable"], 14);
    }
}
