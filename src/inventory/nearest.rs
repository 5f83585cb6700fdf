//! "Did you mean": the closest known word to one that is not known.

use crate::message::Text;

/// The candidate that is few enough edits away to be worth a suggestion; the first of the closest.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    // One much longer or shorter is further away than it could be worth, whatever it says.
    for candidate in candidates.into_iter().filter(|one| one.chars().count().abs_diff(word.chars().count()) <= 3) {
        let edits = strsim::osa_distance(&word.to_ascii_lowercase(), &candidate.to_ascii_lowercase());
        if edits <= allowed && best.is_none_or(|(least, _)| edits < least) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// More candidates than these are not listed.
const LISTED: usize = 12;

/// A hint that names the closest candidate, or lists the candidates when they are few.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<Text> {
    meant(word, candidates.clone()).or_else(|| known(candidates))
}

/// A hint that lists the candidates when they are few, after the closest one: where there are only a few to choose from, and names differ
/// by a number (`router1`, `router2`), the closest alone may be the wrong one.
pub(crate) fn choices<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<Text> {
    match (meant(word, candidates.clone()), known(candidates)) {
        (Some(meant), Some(known)) => {
            Some(Text::new(format!("{} {}", meant.en, known.en), format!("{} {}", meant.ja, known.ja)))
        }
        (meant, known) => known.or(meant),
    }
}

fn meant<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    let near = nearest(word, candidates)?;
    Some(Text::new(format!("did you mean `{near}`?"), format!("`{near}` の誤りではありませんか?")))
}

/// A hint that lists the candidates, each once; nothing when they are none or many.
fn known<'a>(candidates: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    let mut all: Vec<String> = Vec::new();
    for candidate in candidates.into_iter().map(|candidate| format!("`{candidate}`")) {
        if !all.contains(&candidate) && all.len() <= LISTED {
            all.push(candidate);
        }
    }
    if all.is_empty() || all.len() > LISTED {
        return None;
    }
    Some(Text::new(format!("known: {}", all.join(", ")), format!("使えるもの: {}", all.join("、"))))
}

#[cfg(test)]
mod tests {
    use super::{choices, nearest, suggestion};

    #[test]
    fn choices_are_all_listed_also_where_one_is_near() {
        let said = |word| choices(word, ["router1", "router2"]).map(|hint| hint.en);
        assert_eq!(said("router4").as_deref(), Some("did you mean `router1`? known: `router1`, `router2`"));
        assert_eq!(said("main").as_deref(), Some("known: `router1`, `router2`"));
        let many: Vec<String> = (1..40).map(|number| format!("role{number}")).collect();
        let said = choices("role55", many.iter().map(String::as_str)).map(|hint| hint.en);
        assert_eq!(said.as_deref(), Some("did you mean `role5`?"));
    }

    #[test]
    fn a_candidate_that_comes_twice_is_listed_once() {
        assert_eq!(
            suggestion("x", ["routers", "groups", "routers"]).map(|hint| hint.en),
            Some("known: `routers`, `groups`".into())
        );
    }

    #[test]
    fn a_misspelt_word_gets_a_suggestion_and_an_unrelated_one_does_not() {
        let keys = ["routers", "groups", "title", "vars"];
        assert_eq!(nearest("ruters", keys), Some("routers"));
        assert_eq!(nearest("Routers", keys), Some("routers"));
        assert_eq!(nearest("vras", keys), Some("vars"));
        assert_eq!(nearest("lifeline", keys), None);
        assert_eq!(nearest("x", keys), None);
    }
}
