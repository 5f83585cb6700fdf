//! A plan by sites: each router with its class, what changes, and its own values; what has no plan, and why.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::class_text::{Without, changes, placeholder};
use super::{Style, state_words};
use crate::message::Lang;
use crate::transaction::ClassGroups;
use crate::visible;

/// The sites of a plan, in the order of their names.
pub fn by_site(groups: &ClassGroups<'_>, without: &[Without<'_>], lang: Lang) -> String {
    let mut sites: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut add = |site, router: &str, words: &str| {
        sites.entry(site).or_default().push(format!("{}: {}", visible::line(router), visible::line(words)));
    };
    for group in &groups.changing {
        for (plan, values) in group.plans.iter().zip(&group.values) {
            let own = group.class.as_ref().map(|class| {
                let named =
                    values.iter().enumerate().map(|(at, value)| format!("{} = {value}", placeholder(class, at, lang)));
                named.collect::<Vec<_>>().join(", ")
            });
            let own = own.filter(|own| !own.is_empty()).map(|own| format!("; {own}")).unwrap_or_default();
            let words = format!("[{}] {}{own}", group.name, changes(plan, lang));
            add(&plan.intent.site, &plan.intent.router, &words);
        }
    }
    for plan in &groups.unchanged {
        add(&plan.intent.site, &plan.intent.router, lang.pick("as declared", "宣言どおり"));
    }
    for one in without {
        let words = format!("{} [{}] {}", state_words(one.state, lang), one.cause.code, one.cause.text.get(lang));
        add(one.site, one.router, words.lines().next().unwrap_or_default());
    }
    let mut out = String::new();
    for (site, routers) in sites {
        let _ = writeln!(out, "{}", Style::Head.on(&visible::line(site)));
        for router in routers {
            let _ = writeln!(out, "  {router}");
        }
    }
    out
}
