//! Who did something, and where, in words.

use crate::message::Lang;
use crate::visible;

/// `user@machine`; what the system did not say is said to be unknown.
pub fn who(by: &str, machine: &str, lang: Lang) -> String {
    let unknown = lang.pick("unknown", "不明");
    let named = |name: &str| if name.is_empty() { unknown.to_owned() } else { visible::line(name).into_owned() };
    format!("{}@{}", named(by), named(machine))
}
