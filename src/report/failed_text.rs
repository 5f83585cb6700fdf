//! Routers that could not be read, or for which nothing can be planned, for people: those with one cause once.

use super::plan_text::names;
use super::{Style, end_words};
use crate::message::Lang;
use crate::record::CauseRecord;
use crate::state::State;
use crate::visible;

/// A router without a result.
#[derive(Debug, Clone, Copy)]
pub struct FailedRouter<'f> {
    /// The router.
    pub router: &'f str,
    /// How it was left.
    pub state: State,
    /// Why.
    pub cause: &'f CauseRecord,
}

impl<'f> FailedRouter<'f> {
    /// What happened, without its name in front.
    fn said(&self, lang: Lang) -> &'f str {
        let said = self.cause.text.get(lang).trim_end();
        said.strip_prefix(self.router).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(said)
    }

    fn fails_like(&self, other: &Self) -> bool {
        self.state == other.state
            && self.cause.code == other.cause.code
            && self.cause.hints == other.cause.hints
            && self.said(Lang::En) == other.said(Lang::En)
    }
}

/// Each cause with the routers that it stopped, in the order of the first of them.
pub fn failed_routers<'f>(failed: impl IntoIterator<Item = FailedRouter<'f>>, lang: Lang) -> Vec<String> {
    let mut groups: Vec<Vec<FailedRouter<'_>>> = Vec::new();
    for one in failed {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| first.fails_like(&one))) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups.iter().map(|group| text(group, lang)).collect()
}

fn text(group: &[FailedRouter<'_>], lang: Lang) -> String {
    let Some(first) = group.first() else { return String::new() };
    let routers: Vec<&str> = group.iter().map(|one| one.router).collect();
    let count = match (group.len(), lang) {
        (1, _) => String::new(),
        (count, Lang::En) => format!(" ({count} routers)"),
        (count, Lang::Ja) => format!("({count} 台)"),
    };
    let foreign = first.cause.code == "router.foreign";
    let said = if group.len() == 1 { first.cause.text.get(lang).trim_end() } else { first.said(lang) };
    let heading = format!("{}: {}{count}", names(&routers, lang), end_words(first.state, foreign, lang));
    let mut out = format!("{}\n  [{}] {}\n", Style::Bad.on(&heading), first.cause.code, visible::hanging(said, 4));
    for hint in &first.cause.hints {
        out.push_str(&format!("  {} {}\n", lang.pick("hint:", "対処:"), visible::hanging(hint.get(lang), 4)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{FailedRouter, failed_routers};
    use crate::message::{Lang, Text};
    use crate::record::CauseRecord;
    use crate::state::State;

    #[test]
    fn one_cause_of_many_routers_is_said_once_with_their_number() {
        let cause = |router: &str, what: &str| CauseRecord {
            code: "secret.empty".to_owned(),
            text: Text::new(format!("{router}: {what}"), format!("{router}: {what}")),
            hints: vec![Text::new("set it", "設定してください")],
        };
        let causes =
            [("r1", cause("r1", "it is empty")), ("r2", cause("r2", "other")), ("r3", cause("r3", "it is empty"))];
        let failed = || causes.iter().map(|(router, cause)| FailedRouter { router, state: State::Refused, cause });
        let said: Vec<String> = failed_routers(failed(), Lang::En)
            .iter()
            .map(|text| anstream::adapter::strip_str(text).to_string())
            .collect();
        let expected = [
            "r1, r3: refused: nothing was written (2 routers)\n  [secret.empty] it is empty\n  hint: set it\n",
            "r2: refused: nothing was written\n  [secret.empty] r2: other\n  hint: set it\n",
        ];
        assert_eq!(said, expected);
    }
}
