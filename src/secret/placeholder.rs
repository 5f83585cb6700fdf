//! `<secret:NAME>` in configuration text, and putting the value in at the last moment.

use std::fmt;

use zeroize::Zeroizing;

use super::{CredentialName, Forbidden, SecretError, Vault};

/// How a placeholder begins. A variable's value that holds this is refused: only a template may name a secret.
pub const OPENING: &str = "<secret:";

/// The placeholder of a credential, one word of a router line.
pub fn placeholder(name: &CredentialName) -> String {
    format!("{OPENING}{name}>")
}

/// The credentials a line names, from left to right. Text that only resembles a placeholder is passed over.
pub fn placeholders(line: &str) -> impl Iterator<Item = CredentialName> + '_ {
    line.match_indices(OPENING).filter_map(|(at, _)| {
        let rest = line.get(at + OPENING.len()..)?;
        let name = rest.get(..rest.find('>')?)?;
        CredentialName::new(name).ok()
    })
}

/// A line with its secrets in place: wiped when dropped, and without `Display` and `Serialize`.
pub struct Filled(Zeroizing<String>);

impl Filled {
    /// The line as it is typed. The caller is responsible for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<line with secrets>")
    }
}

/// Puts the values into a line.
///
/// # Errors
/// When a credential cannot be resolved, when its value holds a byte that changes what the router reads (blank, TAB,
/// `?`, a control or non-ASCII character), or when a placeholder is broken.
pub fn fill(line: &str, vault: &dyn Vault) -> Result<Filled, SecretError> {
    let mut filled = Zeroizing::new(String::with_capacity(line.len() + 256));
    let mut rest = line;
    while let Some(at) = rest.find(OPENING) {
        let (before, after) = rest.split_at(at);
        let after = after.strip_prefix(OPENING).unwrap_or(after);
        let (name, tail) = after.split_once('>').ok_or(SecretError::BrokenPlaceholder)?;
        let name = CredentialName::new(name).map_err(|_| SecretError::BrokenPlaceholder)?;
        let secret = vault.get_to_set(&name)?;
        if let Some(what) = untypable(secret.expose()) {
            return Err(SecretError::Untypable { name, what });
        }
        filled.push_str(before);
        filled.push_str(secret.expose());
        rest = tail;
    }
    filled.push_str(rest);
    Ok(Filled(filled))
}

/// The first kind of character in a value that would change the line around it.
fn untypable(value: &str) -> Option<Forbidden> {
    value.chars().find_map(|c| match c {
        ' ' => Some(Forbidden::Blank),
        '?' => Some(Forbidden::QuestionMark),
        '\t' => Some(Forbidden::Tab),
        c if c.is_control() => Some(Forbidden::Control),
        c if !c.is_ascii() => Some(Forbidden::NotAscii),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::super::Secret;
    use super::*;

    struct One(&'static str);

    impl Vault for One {
        fn get(&self, _: &CredentialName) -> Result<Arc<Secret>, SecretError> {
            Ok(Arc::new(Secret::new(self.0.to_owned())))
        }
    }

    #[test]
    fn names_are_found_in_order() {
        let names: Vec<String> =
            placeholders("a <secret:one> b <secret:t w o> <secret:three> <secret:").map(|n| n.to_string()).collect();
        assert_eq!(names, ["one", "three"]);
    }

    #[test]
    fn a_line_is_filled_and_cannot_be_printed() {
        let filled = fill("username a password plain 1 <secret:pw> administrator", &One("canary")).unwrap();
        assert_eq!(filled.expose(), "username a password plain 1 canary administrator");
        assert_eq!(format!("{filled:?}"), "<line with secrets>");
        assert_eq!(fill("no secret here", &One("x")).unwrap().expose(), "no secret here");
    }

    #[test]
    fn a_value_is_not_scanned_for_placeholders() {
        assert_eq!(fill("x <secret:a>", &One("<secret:b>")).unwrap().expose(), "x <secret:b>");
    }

    #[test]
    fn a_value_that_would_change_the_line_is_refused_without_being_shown() {
        for value in ["can ary", "can?ary", "can\tary", "can\nary", "can\u{7f}ary", "カナリア"] {
            let error = fill("x <secret:a>", &One(value)).unwrap_err();
            assert!(matches!(error, SecretError::Untypable { .. }), "{error:?}");
            assert!(!format!("{error} {error:?}").contains(value));
        }
    }

    #[test]
    fn a_broken_placeholder_is_an_error() {
        for line in ["x <secret:a", "x <secret:>", "x <secret:a b>"] {
            assert_eq!(fill(line, &One("v")).unwrap_err(), SecretError::BrokenPlaceholder, "{line}");
        }
    }
}
