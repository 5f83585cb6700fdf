//! A router that needs a person, for the operator who calls the clinic: as text, and as JSON.

use serde_json::{Value, json};

use super::local_time::local_time;
use crate::message::Lang;
use crate::record::utc;
use crate::report::{COLUMNS, Style, Wrap, advice_parts, state_words, wrapped};
use crate::run::PersonNeeded;
use crate::transaction::phone_meaning;

/// What is indented below the clinic's name.
const BELOW: Wrap = Wrap { columns: COLUMNS, indent: 5, lines: 6 };

/// One entry of the list.
pub fn person_needed(number: usize, one: &PersonNeeded, lang: Lang) -> String {
    let PersonNeeded { part, state, clinic, advice, cause } = one;
    let name = clinic.title.as_deref().unwrap_or(&clinic.site);
    let reading = clinic.reading.as_ref().map(|reading| match lang {
        Lang::En => format!(" ({})", reading.shown()),
        Lang::Ja => format!("({})", reading.shown()),
    });
    let phone =
        clinic.phone.as_ref().map_or(lang.pick("no telephone number", "電話番号なし"), |phone| phone.shown());
    let heading = format!("{number}. {name}{}  {phone}", reading.unwrap_or_default());
    let mut out =
        format!("{}\n", Style::Head.on(&wrapped(&heading, 0, Wrap { columns: COLUMNS, indent: 3, lines: 2 })));
    let mut styled = |text: &str, style: fn(&str) -> String| {
        out.push_str(&format!("   {}\n", style(&wrapped(text, 3, BELOW))));
    };
    let (router, run, since) = (&part.router, &part.run, local_time(part.last_ms));
    clinic.address.iter().for_each(|address| styled(address.shown(), str::to_owned));
    styled(&format!("{router}: {}", state_words(*state, lang)), |text| Style::Bad.on(text));
    let mut line = |text: &str| styled(text, str::to_owned);
    line(&match lang {
        Lang::En => format!("since {since}, run {run}"),
        Lang::Ja => format!("{since} から、実行 {run}"),
    });
    cause.iter().for_each(|cause| line(cause.get(lang)));
    advice_parts(advice, lang).into_iter().for_each(|(word, text)| line(&format!("{word} {text}")));
    out.push('\n');
    out
}

/// The same for programs, personal data included: it was asked for.
pub fn document(one: &PersonNeeded) -> Value {
    let PersonNeeded { part, state, clinic, advice, cause } = one;
    json!({
        "router": part.router,
        "site": clinic.site,
        "title": clinic.title,
        "reading": clinic.reading.as_ref().map(|reading| reading.shown()),
        "phone": clinic.phone.as_ref().map(|phone| phone.shown()),
        "address": clinic.address.as_ref().map(|address| address.shown()),
        "state": state,
        "run": part.run,
        "since": utc(part.last_ms),
        "cause": cause,
        "advice": advice,
        "phone_meaning": phone_meaning(advice.power_cycle_safe),
    })
}
