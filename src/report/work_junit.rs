//! The work record for test servers: a suite a site, and for each router a case for how it ended and one for each of its checks.
//!
//! It keeps to what the common schemas of JUnit's XML share (`tests/data/junit.xsd`). What failed and can be put right is a `failure`; what needs a person is an
//! `error`; what was not run is `skipped`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::page::Languages;
use super::work::{CheckPart, Moment, RouterPart, Step, WorkRecord};
use crate::record::CauseRecord;
use crate::state::{State, Verdict};
use crate::visible;

/// The document.
pub fn work_junit(record: &WorkRecord, languages: Languages) -> String {
    let mut sites: BTreeMap<&str, Vec<&RouterPart>> = BTreeMap::new();
    record.routers.iter().for_each(|one| sites.entry(&one.site).or_default().push(one));
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for (id, (site, routers)) in sites.into_iter().enumerate() {
        let cases: Vec<Case> = routers.iter().flat_map(|one| cases(one, languages)).collect();
        suite(&mut out, &Suite { record, id, site, cases: &cases });
    }
    out.push_str("</testsuites>\n");
    out
}

/// One case.
struct Case {
    class: String,
    name: String,
    seconds: u64,
    end: End,
}

/// How it ended.
enum End {
    Passed,
    Skipped,
    Failed(Reason),
    Error(Reason),
}

/// Why it did not pass.
struct Reason {
    kind: String,
    message: String,
    text: String,
}

/// A site.
struct Suite<'s> {
    record: &'s WorkRecord,
    id: usize,
    site: &'s str,
    cases: &'s [Case],
}

fn cases(one: &RouterPart, languages: Languages) -> Vec<Case> {
    let class = format!("{}.{}", one.site, one.router);
    let seconds = match (one.steps.first(), one.steps.last()) {
        (Some(first), Some(last)) => first.at.seconds_until(end(last)),
        _ => 0,
    };
    let router = Case { class: class.clone(), name: one.router.clone(), seconds, end: of_router(one, languages) };
    let check = |check: &CheckPart| Case {
        class: class.clone(),
        name: check.check.clone(),
        seconds: 0,
        end: of_check(check, languages),
    };
    std::iter::once(router).chain(one.checks.iter().map(check)).collect()
}

fn end(step: &Step) -> Moment {
    step.answered.unwrap_or(step.at)
}

fn of_router(one: &RouterPart, languages: Languages) -> End {
    let text = |cause: &CauseRecord| {
        let hints = cause.hints.iter().map(|hint| languages.words(hint));
        std::iter::once(format!("[{}] {}", cause.code, languages.words(&cause.text))).chain(hints).collect::<Vec<_>>()
    };
    let advice = one.advice.iter().map(|advice| languages.words(&advice.now));
    let lines: Vec<String> = advice.chain(one.causes.iter().flat_map(text)).collect();
    let reason = || Reason {
        kind: one.failure_class.map_or(one.end(), |class| class.word()).to_owned(),
        message: languages.words(&one.end_words()),
        text: lines.join("\n"),
    };
    if one.in_progress {
        return End::Skipped;
    }
    match (one.verdict, one.state) {
        (Verdict::Done, _) => End::Passed,
        (_, State::NotStarted | State::Declined) => End::Skipped,
        (Verdict::NotDone, _) => End::Failed(reason()),
        (Verdict::NeedsPerson, _) => End::Error(reason()),
    }
}

fn of_check(check: &CheckPart, languages: Languages) -> End {
    match check.passed {
        Some(true) => End::Passed,
        None => End::Skipped,
        Some(false) => End::Failed(Reason {
            kind: if check.required { "check-failed" } else { "advisory" }.to_owned(),
            message: languages.words(&check.unmet),
            text: format!("{}\n{}", check.asked(), check.answer.as_deref().unwrap_or_default()),
        }),
    }
}

fn suite(out: &mut String, suite: &Suite<'_>) {
    let Suite { record, id, site, cases } = suite;
    let run = &record.run;
    let count = |is: fn(&End) -> bool| cases.iter().filter(|case| is(&case.end)).count();
    let failed = count(|end| matches!(end, End::Failed(_)));
    let errors = count(|end| matches!(end, End::Error(_)));
    let skipped = count(|end| matches!(end, End::Skipped));
    let seconds: u64 = cases.iter().map(|case| case.seconds).sum();
    // Without a zone: the schemas allow none. It is UTC.
    let begun = run.begun.unwrap_or(Moment::of_ms(0)).rfc3339();
    let begun = begun.get(..19).unwrap_or_default();
    let _ = writeln!(
        out,
        "  <testsuite id=\"{id}\" package=\"ixdeploy\" name={} hostname={} timestamp=\"{begun}\" tests=\"{}\" failures=\"{failed}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{seconds}\">",
        quoted(if is_blank(site) { "-" } else { site }),
        quoted(if is_blank(&run.machine) { "localhost" } else { &run.machine }),
        cases.len(),
    );
    let mock = record.mock_words().map(|text| text.en);
    out.push_str("    <properties>\n");
    for (name, value) in [
        ("run", run.run.as_str()),
        ("action", run.action.as_str()),
        ("plan_sha256", run.plan_sha256.as_deref().unwrap_or_default()),
        ("made_plans_sha256", run.made_plans_sha256.as_deref().unwrap_or_default()),
        ("journal_head", run.journal.head.as_deref().unwrap_or_default()),
        ("version", run.version.as_str()),
        ("mock", mock.as_deref().unwrap_or_default()),
    ] {
        let _ = writeln!(out, "      <property name=\"{name}\" value={}/>", quoted(value));
    }
    out.push_str("    </properties>\n");
    cases.iter().for_each(|case| self::case(out, case));
    out.push_str("    <system-out/>\n    <system-err/>\n  </testsuite>\n");
}

/// Whether nothing would be left of a name: a schema takes away what is blank around it, and asks for one character.
fn is_blank(name: &str) -> bool {
    name.trim().is_empty()
}

fn case(out: &mut String, case: &Case) {
    let Case { class, name, seconds, end } = case;
    let _ = write!(out, "    <testcase classname={} name={} time=\"{seconds}\"", quoted(class), quoted(name));
    let (tag, reason) = match end {
        End::Passed => return out.push_str("/>\n"),
        End::Skipped => return out.push_str("><skipped/></testcase>\n"),
        End::Failed(reason) => ("failure", reason),
        End::Error(reason) => ("error", reason),
    };
    let Reason { kind, message, text } = reason;
    let _ = writeln!(
        out,
        "><{tag} type={} message={}>{}</{tag}></testcase>",
        quoted(kind),
        quoted(message),
        escaped(&visible::text(text))
    );
}

/// An attribute's value with its quotes.
fn quoted(value: &str) -> String {
    format!("\"{}\"", escaped(&visible::line(value)))
}

/// A text of XML: what has a meaning there is escaped, and the two characters that XML cannot hold are written as numbers.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            // Not only the end of `]]>`: one rule for all.
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, quoted};

    #[test]
    fn a_value_ends_neither_a_text_nor_an_attribute() {
        assert_eq!(escaped("]]></failure>&amp;\u{ffff}"), "]]&gt;&lt;/failure&gt;&amp;amp;\\u{ffff}");
        assert_eq!(quoted("a\"b\u{1b}\n"), "\"a&quot;b\\u{1b}\\n\"");
    }
}
