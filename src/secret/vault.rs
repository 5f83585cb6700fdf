//! Finds the value behind a credential's name, late and once.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::known::{Known, KnownSecrets};
use super::{CredentialName, Forbidden, Secret, SecretError, Source, command, file};
use crate::message::Text;

/// How long a `command:` credential may take: long enough for a hardware key that wants to be touched.
const COMMAND_DEADLINE: Duration = Duration::from_secs(60);

/// Something that knows secrets by name. A value is asked for only when a connection or a line needs it.
pub trait Vault: Send + Sync {
    /// The value of a credential; the same value for the whole run.
    ///
    /// # Errors
    /// Any [`SecretError`]; none holds the value.
    fn get(&self, name: &CredentialName) -> Result<Arc<Secret>, SecretError>;

    /// The same for a value that will be set on a router: one that the operator types is typed twice, since a slip would lock
    /// people out.
    ///
    /// # Errors
    /// As [`Vault::get`]; [`SecretError::PromptFailed`] when the two entries never agree.
    fn get_to_set(&self, name: &CredentialName) -> Result<Arc<Secret>, SecretError> {
        self.get(name)
    }

    /// Why a credential certainly has no value, as far as that is known without asking anyone or starting anything: its environment variable
    /// is not set.
    fn missing(&self, _name: &CredentialName) -> Option<SecretError> {
        None
    }

    /// Takes a value that is known from elsewhere, where the credential was not asked for yet: what an interrupted run has set.
    fn remember(&self, _name: &CredentialName, _value: Secret) {}
}

/// What a person must know who types the same once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    /// How often two entries have differed so far.
    pub slips: usize,
    /// The first entry was used already, so that it is the one which counts; else any two in a row that agree.
    pub is_first_used: bool,
}

/// Asks the operator for a secret. The terminal belongs to `cli`, so it is handed in from there.
pub trait Prompter: Send + Sync {
    /// Asks without echo.
    ///
    /// # Errors
    /// Why nothing was entered, as a message.
    fn ask(&self, question: &Text) -> Result<Secret, String>;

    /// Asks for the same once more.
    ///
    /// # Errors
    /// As [`Prompter::ask`].
    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String>;

    /// Why nothing is asked any more, as a message: the two entries have differed too often.
    fn never_agreed(&self) -> String;
}

/// A shared prompter.
impl<P: Prompter + ?Sized> Prompter for Arc<P> {
    fn ask(&self, question: &Text) -> Result<Secret, String> {
        (**self).ask(question)
    }
    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String> {
        (**self).ask_again(question, again)
    }
    fn never_agreed(&self) -> String {
        (**self).never_agreed()
    }
}

/// A prompter for runs without a terminal: refuses every question.
#[derive(Debug, Clone, Copy)]
pub struct NoPrompt;

impl Prompter for NoPrompt {
    fn ask(&self, _: &Text) -> Result<Secret, String> {
        Err("there is no terminal to ask on".into())
    }
    fn ask_again(&self, question: &Text, _: Again) -> Result<Secret, String> {
        self.ask(question)
    }
    fn never_agreed(&self) -> String {
        "the entries differ".into()
    }
}

type Answer = Result<Arc<Secret>, SecretError>;
type Slot = Arc<Mutex<Asked>>;

/// How often a secret is typed once more until both entries agree.
const REPEATS: usize = 3;

/// What is known of one credential.
#[derive(Default)]
struct Asked {
    answer: Option<Answer>,
    /// It was typed twice, or it does not come from the terminal.
    is_certain: bool,
}

/// The vault over the sources that an inventory declares. Each source is read at most once per run, failures included, so
/// that a thousand routers do not start a failing program a thousand times.
pub struct SourceVault {
    sources: BTreeMap<CredentialName, Source>,
    prompter: Arc<dyn Prompter>,
    command_deadline: Duration,
    answers: Mutex<BTreeMap<CredentialName, Slot>>,
    known: KnownSecrets,
}

impl SourceVault {
    /// A vault that has read nothing yet.
    pub fn new(sources: impl IntoIterator<Item = (CredentialName, Source)>, prompter: impl Prompter + 'static) -> Self {
        Self {
            sources: sources.into_iter().collect(),
            prompter: Arc::new(prompter),
            command_deadline: COMMAND_DEADLINE,
            answers: Mutex::default(),
            known: KnownSecrets::default(),
        }
    }

    /// The same vault where these were found before; what it finds is added to them.
    #[must_use]
    pub fn with_known(self, known: KnownSecrets) -> Self {
        Self { known, ..self }
    }

    /// The same vault with another deadline for `command:` credentials.
    #[must_use]
    pub fn with_command_deadline(mut self, after: Duration) -> Self {
        self.command_deadline = after;
        self
    }

    fn slot(&self, name: &CredentialName) -> Slot {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(answers.entry(name.clone()).or_default())
    }

    /// Asks once more for what was typed once. What no one has used yet may have been the slip itself: then any two entries
    /// in a row agree.
    fn confirm(&self, name: &CredentialName, mut typed: Arc<Secret>, is_used: bool) -> Answer {
        let Some(Source::Prompt(question)) = self.sources.get(name) else { return Ok(typed) };
        let failed = |reason| SecretError::PromptFailed { name: name.clone(), reason };
        for slips in 0..REPEATS {
            let again = Again { slips, is_first_used: is_used };
            let again = self.prompter.ask_again(question, again).map_err(failed)?;
            if again.expose() == typed.expose() {
                return Ok(typed);
            }
            if !is_used {
                typed = Arc::new(again);
            }
        }
        Err(failed(self.prompter.never_agreed()))
    }

    /// What was found, now or before.
    fn answer(&self, name: &CredentialName, asked: &mut Asked) -> Answer {
        if asked.answer.is_none()
            && let Some(Known { value, is_certain }) = self.known.get(name)
        {
            (asked.answer, asked.is_certain) = (Some(Ok(value)), is_certain);
        }
        if let Some(answer) = &asked.answer {
            return answer.clone();
        }
        let answer = self.read(name);
        asked.answer = Some(answer.clone());
        self.keep(name, asked);
        answer
    }

    /// What came from this process's terminal or environment cannot be found again by another one.
    fn keep(&self, name: &CredentialName, asked: &Asked) {
        let is_prompted = match self.sources.get(name) {
            Some(Source::Prompt(_)) => true,
            Some(Source::Env(_)) => false,
            Some(Source::File(_) | Source::Command(_)) | None => return,
        };
        if let Some(Ok(value)) = &asked.answer {
            self.known.keep(name, Known { value: Arc::clone(value), is_certain: asked.is_certain || !is_prompted });
        }
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
        usable(name, Arc::new(secret))
    }
}

/// Refuses what is no secret: nothing, or what no line can hold.
fn usable(name: &CredentialName, secret: Arc<Secret>) -> Answer {
    if secret.is_empty() {
        return Err(SecretError::Empty(name.clone()));
    }
    if secret.expose().chars().any(char::is_control) {
        return Err(SecretError::Untypable { name: name.clone(), what: Forbidden::Control });
    }
    Ok(secret)
}

impl Vault for SourceVault {
    fn get(&self, name: &CredentialName) -> Answer {
        let slot = self.slot(name);
        // Held while reading, so that two routers that need one credential ask the operator once.
        let mut asked = slot.lock().unwrap_or_else(PoisonError::into_inner);
        self.answer(name, &mut asked)
    }

    fn missing(&self, name: &CredentialName) -> Option<SecretError> {
        let Some(Source::Env(variable)) = self.sources.get(name) else { return None };
        let is_answered = self.slot(name).lock().unwrap_or_else(PoisonError::into_inner).answer.is_some();
        if is_answered || self.known.get(name).is_some() || std::env::var_os(variable).is_some() {
            return None;
        }
        Some(SecretError::EnvMissing { name: name.clone(), variable: variable.clone() })
    }

    fn remember(&self, name: &CredentialName, value: Secret) {
        let slot = self.slot(name);
        let mut asked = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.answer.is_none() {
            *asked = Asked { answer: Some(usable(name, Arc::new(value))), is_certain: true };
        }
    }

    fn get_to_set(&self, name: &CredentialName) -> Answer {
        let slot = self.slot(name);
        let mut asked = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let is_used = asked.answer.is_some();
        let answer = self.answer(name, &mut asked);
        if asked.is_certain {
            return answer;
        }
        let confirmed =
            answer.and_then(|typed| self.confirm(name, typed, is_used)).and_then(|typed| usable(name, typed));
        asked.is_certain = true;
        asked.answer = Some(confirmed.clone());
        self.keep(name, &asked);
        confirmed
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
