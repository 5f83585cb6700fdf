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

/// A hint that names the closest candidate, or lists the candidates when they are few.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<Text> {
    if let Some(near) = nearest(word, candidates.clone()) {
        return Some(Text::new(format!("did you mean `{near}`?"), format!("`{near}` の誤りではありませんか?")));
    }
    let mut all: Vec<String> = Vec::new();
    for candidate in candidates.into_iter().map(|candidate| format!("`{candidate}`")) {
        if !all.contains(&candidate) && all.len() <= 12 {
            all.push(candidate);
        }
    }
    if all.is_empty() || all.len() > 12 {
        return None;
    }
    Some(Text::new(format!("known: {}", all.join(", ")), format!("使えるもの: {}", all.join("、"))))
}

#[cfg(test)]
mod tests {
    use super::{nearest, suggestion};

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
