//! Which passwords of a swap a person is asked for: those that nothing refers to, and those whose source has no value on this machine.
//! Each is told before it is asked for. Meets no router.

use super::env::RunEnv;
use super::operator::Notice;
use crate::inventory::Inventory;
use crate::message::{Explain as _, Text};
use crate::plan::AskedPassword;
use crate::secret::{Source, Vault};
use crate::visible;

/// Where the values of a swap's passwords come from.
pub(super) struct Values<'v> {
    /// What declares them.
    pub(super) inventory: &'v Inventory,
    /// What reads them.
    pub(super) vault: &'v dyn Vault,
}

/// Of the passwords that nothing else refers to, those that are asked for: what was typed once may be declared by now.
///
/// Where no one can be asked, a declared one without a value stays what it is, and the run says so for itself.
pub(super) fn still_asked(
    env: &RunEnv,
    router: &str,
    values: &Values<'_>,
    unreferenced: Vec<AskedPassword>,
) -> Vec<AskedPassword> {
    let router = visible::line(router).into_owned();
    let mut asked = Vec::new();
    for one in unreferenced {
        let (owner, credential) = (visible::line(&one.owner).into_owned(), &one.credential);
        let why = match values.no_value(&one) {
            Some(Text { en, ja }) if env.operator.is_present() => Text::new(
                format!("{router}: the password of `{owner}` has no value here, so it is asked for ({en})"),
                format!("{router}: `{owner}` のパスワードはこの端末に値がないため、入力を求めます({ja})"),
            ),
            _ if values.inventory.declares(credential.as_str()) => continue,
            _ => Text::new(
                format!("{router}: `{owner}` has no reference, so its password is asked for ({credential})"),
                format!("{router}: `{owner}` のパスワードは参照がないため、入力を求めます({credential})"),
            ),
        };
        env.operator.tell(&Notice::Note(&why));
        asked.push(one);
    }
    asked
}

impl Values<'_> {
    /// Why a declared password has no value here; nothing for one that has, that is typed anyway, or that is not declared.
    fn no_value(&self, one: &AskedPassword) -> Option<Text> {
        let (_, source) = self.inventory.sources().find(|(name, _)| *name == one.credential)?;
        match source {
            Source::Prompt(_) => None,
            Source::Env(_) | Source::File(_) | Source::Command(_) => {
                self.vault.get(&one.credential).err().map(|error| error.text())
            }
        }
    }
}
