//! Commands of this program that a person pastes into a shell.

/// A word for a shell: what is no letter, digit or part of a path is put in quotes. It may come from a stranger's file.
pub(super) fn argument(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '@');
    match !word.is_empty() && word.chars().all(is_plain) && !word.starts_with('-') {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn a_path_of_a_plan_is_one_word_in_a_shell() {
        assert_eq!(argument("plans/night.json"), "plans/night.json");
        assert_eq!(argument("a b; rm -rf '~'"), r"'a b; rm -rf '\''~'\'''");
        assert_eq!([argument(""), argument("-x"), argument("$(x)")], ["''", "'-x'", "'$(x)'"]);
    }
}
