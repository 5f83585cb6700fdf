//! The passphrase of a kit: read as any other secret, from the variable `IXDEPLOY_KIT_PASSPHRASE` or from the operator, never from the
//! command line.

use std::path::Path;
use std::sync::Arc;

use super::error::KitError;
use crate::message::Text;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::secret::{CredentialName, Secret, SecretError, Source, SourceVault, Vault as _};
use crate::visible;

/// The variable that holds it where no one is asked.
const VARIABLE: &str = "IXDEPLOY_KIT_PASSPHRASE";
/// What it is called where something is wrong with it.
const NAME: &str = "kit-passphrase";
/// Characters that it has at least.
const LEAST: usize = 12;

/// The passphrase that opens a kit.
///
/// # Errors
/// When there is none.
pub(super) fn to_open(env: &RunEnv, file: &Path) -> Result<Arc<Secret>, SecretError> {
    let name = CredentialName::new(NAME)?;
    vault(env, &name, question(file)).get(&name)
}

/// Whether a person types it, who may have mistyped it.
pub(super) fn is_typed(env: &RunEnv) -> bool {
    std::env::var_os(VARIABLE).is_none() && env.operator.is_present()
}

/// The passphrase of a new kit, which is typed twice.
///
/// # Errors
/// When there is none, or a short one.
pub(super) fn to_seal(env: &RunEnv, file: &Path) -> Result<Arc<Secret>, RunError> {
    let name = CredentialName::new(NAME)?;
    let Text { en, ja } = question(file);
    let question = Text::new(format!("{en} ({LEAST} characters or more)"), format!("{ja}({LEAST} 文字以上)"));
    let passphrase = vault(env, &name, question).get_to_set(&name)?;
    if passphrase.expose().chars().count() < LEAST {
        return Err(KitError::ShortPassphrase { least: LEAST }.into());
    }
    Ok(passphrase)
}

fn question(file: &Path) -> Text {
    let file = file.display().to_string();
    let file = visible::line(&file);
    Text::new(format!("passphrase of the kit {file}"), format!("キット {file} のパスフレーズ"))
}

fn vault(env: &RunEnv, name: &CredentialName, question: Text) -> SourceVault {
    let source = match std::env::var_os(VARIABLE) {
        Some(_) => Source::Env(VARIABLE.to_owned()),
        None => Source::Prompt(question),
    };
    SourceVault::new([(name.clone(), source)], Arc::clone(&env.operator))
}
