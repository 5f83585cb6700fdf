//! The security facts as rows for a spreadsheet: for each router its entry, its answers, its users, its other secrets, the lines that are not
//! known, and the items of the checklist.

use super::record::{SecretPart, SecurityRecord, SecurityRouter, UserPart};
use super::words::{answer, kind, stored};
use crate::ix::security::{Answer, Finding};
use crate::message::Text;
use crate::report::csv::{Cell, Csv};
use crate::report::page::Languages;
use crate::report::work::Moment;
use crate::run::Checklist;
use crate::window::Zone;

/// The columns, in both languages; programs go by their place, which does not change.
const COLUMNS: [(&str, &str); 14] = [
    ("row", "行の種類"),
    ("site", "拠点"),
    ("router", "ルータ"),
    ("name", "名前"),
    ("what", "内容"),
    ("answer", "結果"),
    ("lines", "根拠の行"),
    ("remarks", "備考"),
    ("since", "日時"),
    ("model", "機種"),
    ("serial number", "製造番号"),
    ("firmware", "ファームウェア"),
    ("backup from", "バックアップの出所"),
    ("age of the backup, days", "バックアップの経過日数"),
];

/// The rows.
pub fn security_csv(record: &SecurityRecord, languages: Languages) -> String {
    let mut rows = Rows { csv: Csv::new(), languages };
    rows.csv.row(COLUMNS.map(|(en, ja)| languages.words(&Text::new(en, ja)).into()));
    rows.row(
        "note",
        None,
        Said { what: languages.words(&record.statement), at: Some(record.made_at), ..Said::default() },
    );
    for one in &record.routers {
        rows.router(one, record.checklist.as_ref());
    }
    rows.csv.finish()
}

struct Rows {
    csv: Csv,
    languages: Languages,
}

/// What a row says.
#[derive(Default)]
struct Said {
    name: String,
    what: String,
    answer: String,
    lines: String,
    remarks: String,
    at: Option<Moment>,
}

impl Rows {
    fn router(&mut self, one: &SecurityRouter, checklist: Option<&Checklist>) {
        let backup = one.backup.as_ref();
        let caveats = backup.map(|backup| backup.caveats.as_slice()).unwrap_or_default();
        let remarks: Vec<String> = one.no_backup.iter().chain(caveats).map(|text| self.languages.words(text)).collect();
        let clinic = one.clinic.as_ref().and_then(|clinic| clinic.title.clone());
        let said = Said {
            name: one.title.clone().unwrap_or_default(),
            what: clinic.unwrap_or_default(),
            remarks: remarks.join("\n"),
            at: backup.and_then(|backup| backup.at),
            ..Said::default()
        };
        self.row("router", Some(one), said);
        one.findings.iter().for_each(|finding| self.finding(one, finding));
        one.users.iter().for_each(|user| self.user(one, user));
        one.secrets.iter().for_each(|secret| self.secret(one, secret));
        for line in &one.unknown {
            self.row("unknown", Some(one), Said { lines: line.clone(), ..Said::default() });
        }
        for item in checklist.iter().flat_map(|list| &list.items) {
            let facts = item.facts.iter().filter_map(|asked| one.findings.iter().find(|found| found.fact == *asked));
            let facts: Vec<String> = facts
                .map(|found| format!("{}: {}", found.fact.name(), self.languages.words(&answer(found.answer))))
                .collect();
            let from: Vec<&str> = [item.source.as_deref(), item.date.as_deref()].into_iter().flatten().collect();
            let said = Said {
                name: item.item.clone(),
                what: item.text.clone(),
                answer: facts.join("\n"),
                remarks: from.join(", "),
                ..Said::default()
            };
            self.row("item", Some(one), said);
        }
    }

    fn finding(&mut self, one: &SecurityRouter, finding: &Finding) {
        let reasons: Vec<String> = finding.reasons.iter().map(|text| self.languages.words(text)).collect();
        let said = Said {
            name: finding.fact.name().to_owned(),
            what: self.languages.words(&finding.fact.question().into()),
            answer: self.languages.words(&answer(finding.answer)),
            lines: finding.lines.join("\n"),
            remarks: reasons.join("\n"),
            at: None,
        };
        self.row("fact", Some(one), said);
    }

    fn user(&mut self, one: &SecurityRouter, user: &UserPart) {
        let what = [
            Some(self.languages.words(&kind(user.kind))),
            user.right.clone(),
            Some(self.languages.words(&stored(user.stored))),
        ];
        let what: Vec<String> = what.into_iter().flatten().collect();
        let said = Said {
            name: user.name.clone(),
            what: what.join(", "),
            lines: user.line.clone(),
            at: user.since,
            ..self.shared(user.shared, &user.shared_with)
        };
        self.row("user", Some(one), said);
    }

    fn secret(&mut self, one: &SecurityRouter, secret: &SecretPart) {
        let said = Said {
            what: self.languages.words(&stored(secret.stored)),
            lines: secret.line.clone(),
            ..self.shared(secret.shared, &secret.shared_with)
        };
        self.row("secret", Some(one), said);
    }

    /// Whether a secret is used elsewhere, and where.
    fn shared(&self, said: Answer, with: &[String]) -> Said {
        let used = Text::new("used elsewhere: ", "共用: ");
        let said = self.languages.words(&answer(said));
        Said { answer: format!("{}{said}", self.languages.words(&used)), remarks: with.join("\n"), ..Said::default() }
    }

    fn row(&mut self, of: &'static str, one: Option<&SecurityRouter>, said: Said) {
        let Said { name, what, answer, lines, remarks, at } = said;
        let known = |text: Option<&String>| text.cloned().unwrap_or_default();
        let backup = one.and_then(|one| one.backup.as_ref());
        let from = backup.map(|backup| known(backup.run.as_ref().or(backup.file.as_ref()))).unwrap_or_default();
        let age = backup.and_then(|backup| backup.days).map(|days| days.to_string());
        let cells: [Cell; COLUMNS.len()] = [
            of.into(),
            one.map_or("", |one| one.site.as_str()).into(),
            one.map_or("", |one| one.router.as_str()).into(),
            name.into(),
            what.into(),
            answer.into(),
            lines.into(),
            remarks.into(),
            Cell::Time(at.map(|at| at.in_zone(&Zone::default())).unwrap_or_default()),
            known(one.and_then(|one| one.model.as_ref())).into(),
            known(one.and_then(|one| one.serial_number.as_ref())).into(),
            known(one.and_then(|one| one.firmware.as_ref())).into(),
            from.into(),
            age.unwrap_or_default().into(),
        ];
        self.csv.row(cells);
    }
}
