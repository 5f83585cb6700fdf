//! What is said last about a router that needs a person: what to do now, whether a power cycle is safe, what to say on the phone.

use super::{COLUMNS, Style, Wrap, wrapped};
use crate::message::Lang;
use crate::transaction::{Advice, phone_meaning};

/// A word and what it introduces. What is said on the phone is Japanese, and a caller who reads none is told what it means.
pub fn advice_parts(advice: &Advice, lang: Lang) -> Vec<(&'static str, &str)> {
    let mut parts = vec![
        (lang.pick("now:", "今すること:"), advice.now.get(lang)),
        (lang.pick("power cycle:", "電源の入れ直し:"), advice.power_cycle.get(lang)),
        (lang.pick("say on the phone:", "電話で伝える文:"), advice.phone.ja.as_str()),
    ];
    if lang == Lang::En {
        parts.push(("which means:", phone_meaning(advice.power_cycle_safe)));
    }
    parts
}

/// The same, below the router.
pub fn advice(advice: &Advice, lang: Lang) -> String {
    let below = Wrap { columns: COLUMNS, indent: 4, lines: 6 };
    let part = |(word, text): (&str, &str)| {
        let said = wrapped(&format!("{word} {text}"), 2, below);
        let rest = said.strip_prefix(word).unwrap_or_default();
        format!("  {}{rest}\n", Style::Head.on(word))
    };
    advice_parts(advice, lang).into_iter().map(part).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use crate::message::Lang;
    use crate::state::State;
    use crate::transaction::{Advice, Power};

    fn said(lang: Lang, state: State, power: Power) -> String {
        let advice = Advice::of(state, power, Some("r1")).unwrap();
        let said = anstream::adapter::strip_str(&super::advice(&advice, lang)).to_string();
        assert!(said.lines().all(|line| line.width() <= 80), "{said}");
        said
    }

    #[test]
    fn a_router_that_needs_a_person_ends_with_what_to_do_and_what_to_say() {
        let lost = said(Lang::En, State::Lost, Power::Before);
        assert!(lost.starts_with("  now: change nothing by hand; as soon as the router can be reached:\n"), "{lost}");
        assert!(lost.contains("`ixdeploy resume r1`\n  power cycle: safe: "), "{lost}");
        assert!(lost.contains("\n  say on the phone: 「お手数ですが、"), "{lost}");
        assert!(lost.contains("\n  which means: \"Could you please restart the router"), "{lost}");
        let failed = said(Lang::Ja, State::UndoFailed, Power::SaveBegun);
        assert!(failed.starts_with("  今すること: コンソールで接続し、`ixdeploy show r1 --undo` の"), "{failed}");
        assert!(failed.contains("\n  電源の入れ直し: 不可。"), "{failed}");
        assert!(failed.contains("\n  電話で伝える文: 「ルータの電源は切らず、"), "{failed}");
        assert!(!failed.contains("which means"), "who reads Japanese needs no translation: {failed}");
    }
}
