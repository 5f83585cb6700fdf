//! What a command is for, in a person's words. Nothing is decided by them.

use std::sync::OnceLock;

use super::words;
use crate::message::Text;

/// The words, by mode and by how a command begins.
const TABLE: &str = include_str!("purposes.ixg");

/// One line of the table.
struct Purpose {
    context: String,
    begins: Vec<String>,
    text: Text,
}

/// What the commands of a mode are for that begin with these words: the longest that are known; nothing where none are.
pub(super) fn of(context: &str, leading: &str) -> Option<&'static Text> {
    static PURPOSES: OnceLock<Vec<Purpose>> = OnceLock::new();
    let leading = words(leading);
    let fits = |purpose: &&Purpose| {
        purpose.context == context
            && purpose.begins.len() <= leading.len()
            && purpose.begins.iter().zip(&leading).all(|(begins, word)| begins == word)
    };
    let all = PURPOSES.get_or_init(|| read(TABLE));
    all.iter().filter(fits).max_by_key(|purpose| purpose.begins.len()).map(|purpose| &purpose.text)
}

/// A line that has not its three columns is left out; a test insists that there is none.
fn read(table: &str) -> Vec<Purpose> {
    let mut context = "";
    let mut purposes = Vec::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            context = name;
            continue;
        }
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [begins, en, ja] = columns.as_slice() {
            let begins = words(begins).into_iter().map(str::to_owned).collect();
            purposes.push(Purpose { context: context.to_owned(), begins, text: Text::new(*en, *ja) });
        }
    }
    purposes
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::{TABLE, of, read};
    use crate::dialect::Dialect;

    #[test]
    fn every_line_of_the_table_is_read_and_is_about_a_command_of_the_grammar() {
        let lines = TABLE.lines().filter(|line| line.contains('|') && !line.starts_with('#')).count();
        let purposes = read(TABLE);
        assert_eq!(purposes.len(), lines);
        for purpose in purposes {
            let begins = |leading: &str| {
                words(leading).starts_with(&purpose.begins.iter().map(String::as_str).collect::<Vec<_>>())
            };
            let known =
                Dialect::ix().grammar().rows().iter().any(|row| row.context == purpose.context && begins(&row.leading));
            assert!(known, "[{}] {:?}", purpose.context, purpose.begins);
            assert!(!purpose.text.en.is_empty() && !purpose.text.ja.is_empty());
        }
    }

    #[test]
    fn the_longest_words_that_fit_say_what_a_command_is_for() {
        let english = |context, leading| of(context, leading).map(|text| text.en.as_str());
        assert_eq!(english("global", "ntp server"), Some("NTP servers"));
        assert_eq!(english("global", "ntp ip enable"), Some("time by NTP"));
        assert_eq!(english("interface", "ntp server"), None);
        assert_eq!(english("global", "ntpd"), None);
    }
}
