//! Finds the value behind a credential's name, late and once.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{CredentialName, Secret, SecretError, Source, command, file};

/// How long a `command:` credential may take: long enough for a hardware key that wants to be touched.
const COMMAND_DEADLINE: Duration = Duration::from_secs(60);

/// Something that knows secrets by name. A value is asked for only when a connection or a line needs it.
pub trait Vault: Send + Sync {
    /// The value of a credential; the same value for the whole run.
    ///
    /// # Errors
    /// Any [`SecretError`]; none holds the value.
    fn get(&self, name: &CredentialName) -> Result<Arc<Secret>, SecretError>;
}

/// Asks a person for a secret. The terminal belongs to `cli`, so it is handed in from there.
pub trait Prompter: Send + Sync {
    /// Asks without echo.
    ///
    /// # Errors
    /// Why nothing was entered, in words for a person.
    fn ask(&self, question: &str) -> Result<Secret, String>;
}

/// A prompter for runs without a terminal: refuses every question.
#[derive(Debug, Clone, Copy)]
pub struct NoPrompt;

impl Prompter for NoPrompt {
    fn ask(&self, _: &str) -> Result<Secret, String> {
        Err("there is no terminal to ask on".into())
    }
}

type Answer = Result<Arc<Secret>, SecretError>;
type Slot = Arc<Mutex<Option<Answer>>>;

/// The vault over the sources that an inventory declares. Each source is read at most once per run, failures included, so
/// that a thousand routers do not start a failing program a thousand times.
pub struct SourceVault {
    sources: BTreeMap<CredentialName, Source>,
    prompter: Arc<dyn Prompter>,
    command_deadline: Duration,
    answers: Mutex<BTreeMap<CredentialName, Slot>>,
}

impl SourceVault {
    /// A vault that has read nothing yet.
    pub fn new(sources: impl IntoIterator<Item = (CredentialName, Source)>, prompter: impl Prompter + 'static) -> Self {
        Self {
            sources: sources.into_iter().collect(),
            prompter: Arc::new(prompter),
            command_deadline: COMMAND_DEADLINE,
            answers: Mutex::default(),
        }
    }

    /// The same vault with another deadline for `command:` credentials.
    #[must_use]
    pub fn with_command_deadline(mut self, after: Duration) -> Self {
        self.command_deadline = after;
        self
    }

    fn read(&self, name: &CredentialName) -> Answer {
        let source = self.sources.get(name).ok_or_else(|| SecretError::Undeclared(name.clone()))?;
        let secret = match source {
            Source::Env(variable) => match std::env::var(variable) {
                Ok(value) => Secret::new(value),
                Err(std::env::VarError::NotPresent) => {
                    return Err(SecretError::EnvMissing { name: name.clone(), variable: variable.clone() });
                }
                Err(std::env::VarError::NotUnicode(_)) => return Err(SecretError::NotText(name.clone())),
            },
            Source::File(path) => file::read(name, path)?,
            Source::Command(argv) => command::run(name, argv, self.command_deadline)?,
            Source::Prompt(question) => self
                .prompter
                .ask(question)
                .map_err(|reason| SecretError::PromptFailed { name: name.clone(), reason })?,
        };
        if secret.is_empty() {
            return Err(SecretError::Empty(name.clone()));
        }
        if secret.expose().chars().any(char::is_control) {
            return Err(SecretError::Untypable { name: name.clone(), what: "a control character" });
        }
        Ok(Arc::new(secret))
    }
}

impl Vault for SourceVault {
    fn get(&self, name: &CredentialName) -> Answer {
        let slot = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(name.clone()).or_default())
        };
        // Held while reading, so that two routers that need one credential ask the person once.
        let mut answer = slot.lock().unwrap_or_else(PoisonError::into_inner);
        answer.get_or_insert_with(|| self.read(name)).clone()
    }
}

impl fmt::Debug for SourceVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceVault").field("sources", &self.sources).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
