//! Every format of the security facts: a hostile value stays text in it, nothing is judged, and what is not known is said.

use super::record::{AgeKind, BackupPart, SecretPart, SecurityRecord, SecurityRouter, UserPart};
use super::{security_csv, security_page};
use crate::ix::security::{Answer, Fact, Finding, Stored, UserKind};
use crate::message::{Lang, Text};
use crate::report::page::tests::{HOSTILE, tags};
use crate::report::work::Moment;
use crate::report::{Languages, html, markdown};
use crate::run::{Checklist, ChecklistItem};

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn router(name: &str) -> SecurityRouter {
    let said = || vec![Text::untranslated(HOSTILE)];
    let finding = |fact| Finding { fact, answer: Answer::NotKnown, lines: vec![hostile()], reasons: said() };
    SecurityRouter {
        router: name.to_owned(),
        site: hostile(),
        title: Some(hostile()),
        clinic: None,
        model: Some(hostile()),
        serial_number: Some("0012345".to_owned()),
        serial_number_read: false,
        firmware: Some("10.8.27".to_owned()),
        host_name: Some(hostile()),
        backup: Some(BackupPart {
            run: None,
            after: false,
            file: Some(hostile()),
            at: Some(Moment::of_ms(1_772_323_200_000)),
            shown: Some(hostile()),
            days: Some(17),
            caveats: said(),
        }),
        no_backup: None,
        findings: Fact::ALL.map(finding).into(),
        users: vec![UserPart {
            kind: UserKind::Login,
            name: hostile(),
            right: Some(hostile()),
            stored: Stored::Hash,
            age: AgeKind::SetBy,
            age_run: Some(hostile()),
            since: Some(Moment::of_ms(1_772_323_200_000)),
            shared: Answer::Yes,
            shared_with: vec![hostile()],
            line: hostile(),
        }],
        secrets: vec![SecretPart {
            line: hostile(),
            stored: Stored::Clear,
            shared: Answer::No,
            shared_with: vec![hostile()],
        }],
        unknown: vec![hostile()],
    }
}

fn record(routers: usize) -> SecurityRecord {
    let item = |item: &str, facts: &[Fact]| ChecklistItem {
        item: item.to_owned(),
        text: hostile(),
        source: Some(hostile()),
        date: Some(hostile()),
        facts: facts.to_vec(),
    };
    let items = vec![item(HOSTILE, &[Fact::SshServer, Fact::WanFilterIn]), item("2", &[])];
    let checklist = Checklist { title: hostile(), source: Some(hostile()), date: Some(hostile()), items };
    SecurityRecord {
        schema: "ixdeploy-security/1",
        statement: super::words::NO_JUDGEMENT.into(),
        made_at: Moment::of_ms(1_772_323_200_000),
        version: "0.1.0",
        inventory: hostile(),
        routers: (0..routers).map(|_| router(HOSTILE)).collect(),
        checklist: Some(checklist),
        is_detailed: routers <= 20,
    }
}

#[test]
fn a_hostile_value_stays_text_in_every_format_of_few_routers_and_of_a_fleet() {
    for record in [record(2), record(21)] {
        let page = security_page(&record);
        for languages in [Languages::One(Lang::En), Languages::One(Lang::Ja), Languages::Both] {
            let shown = html(&page, languages);
            let csv = security_csv(&record, languages);
            let json = crate::visible::in_json(&serde_json::to_string(&record).unwrap()).into_owned();
            for (format, text) in
                [("html", &shown), ("md", &markdown(&page, languages)), ("csv", &csv), ("json", &json)]
            {
                assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{format}: {text}");
            }
            let tags = tags(&shown);
            let scripts = tags.iter().filter(|tag| *tag == "script").count();
            assert!(scripts <= 1 && !tags.iter().any(|tag| tag == "img"), "only the search of a fleet: {tags:?}");
            assert_eq!(scripts == 1, !record.is_detailed);
            for cell in csv.trim_start_matches('\u{feff}').split("\",\"") {
                assert!(!cell.trim_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
    }
}

#[test]
fn every_format_says_that_it_is_no_legal_judgement_and_what_is_not_known() {
    let record = record(1);
    let page = security_page(&record);
    let english = Languages::One(Lang::En);
    for text in [html(&page, english), markdown(&page, english), security_csv(&record, english)] {
        assert!(text.contains("no legal judgement"), "{text}");
        assert!(text.contains("not known"), "{text}");
        assert!(text.contains("17 day") || text.contains("\"17\""), "the age of the backup: {text}");
    }
    assert!(html(&page, Languages::One(Lang::Ja)).contains("法令上の判断"));
}

#[test]
fn a_spreadsheet_gets_its_mark_its_line_ends_and_its_zeros() {
    let csv = security_csv(&record(1), Languages::One(Lang::Ja));
    assert!(csv.starts_with("\u{feff}\"行の種類\",\"拠点\"") && csv.ends_with("\"\r\n"), "{csv}");
    assert!(csv.contains("\"'0012345\""), "{csv}");
}

#[test]
fn an_item_of_a_checklist_shows_the_answers_of_its_facts_and_no_result_of_its_own() {
    let shown = markdown(&security_page(&record(1)), Languages::One(Lang::En));
    let (_, list) = shown.split_once("### Checklist").unwrap();
    assert!(list.contains("Is the SSH server on? not known"), "{list}");
    assert!(list.contains("no fact of a configuration") && list.contains("no judgement"), "{list}");
}
