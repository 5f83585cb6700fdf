//! Shows who we are: key, agent, password, keyboard-interactive, in this order and only what the endpoint names.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use ssh2::{ErrorCode, KeyboardInteractivePrompt, Prompt, Session};

use super::agent::{Keys, NoAgent};
use super::connect::failed;
use super::wire::{Connected, Stop};
use crate::file;
use crate::message::{Text, system_words};
use crate::secret::Secret;
use crate::transport::ssh::{Endpoint, KeyFile, SshError, Stage};

// Error numbers of libssh2, from its public header: what a refused proof looks like, in its various forms.
const AUTHENTICATION_FAILED: i32 = -18;
const PUBLICKEY_UNVERIFIED: i32 = -19;
const FILE: i32 = -16;
const AGENT_PROTOCOL: i32 = -42;
const METHOD_NONE: i32 = -17;

/// Rounds of questions answered at most. Some servers begin and end with one that asks nothing.
const ROUNDS: u32 = 3;
/// Questions in one round at most.
const QUESTIONS: usize = 3;
/// Bytes of the server's list of methods that are shown.
const LISTED: usize = 200;

/// Answers one hidden question with the password, visible ones with nothing, and no second hidden one: it would be for another secret, or
/// for the same one after it was refused.
struct Answer<'a> {
    password: &'a Secret,
    rounds: u32,
    given: bool,
    too_much: Option<Text>,
}

impl Answer<'_> {
    fn takes(&mut self, prompts: &[Prompt<'_>]) -> Result<(), Text> {
        self.rounds += 1;
        let hidden = prompts.iter().filter(|prompt| !prompt.echo).count();
        if self.rounds > ROUNDS {
            return Err(Text::new("more than three rounds of questions", "3 回を超える質問"));
        }
        if prompts.len() > QUESTIONS {
            return Err(Text::new("more than three questions at once", "一度に 3 つを超える質問"));
        }
        if hidden > 1 || hidden == 1 && self.given {
            return Err(Text::new("a second hidden answer", "2 つ目の非表示入力"));
        }
        self.given |= hidden == 1;
        Ok(())
    }
}

impl KeyboardInteractivePrompt for Answer<'_> {
    fn prompt<'b>(&mut self, _username: &str, _instructions: &str, prompts: &[Prompt<'b>]) -> Vec<String> {
        if let Err(why) = self.takes(prompts) {
            self.too_much.get_or_insert(why);
            return vec![String::new(); prompts.len()];
        }
        let answer = |prompt: &Prompt<'_>| if prompt.echo { String::new() } else { self.password.expose().to_owned() };
        prompts.iter().map(answer).collect()
    }
}

/// The result of the attempts.
struct Attempts<'a> {
    connected: &'a mut Connected,
    endpoint: &'a Endpoint,
    deadline: Instant,
    tried: Vec<&'static str>,
    /// A key that could not even be offered.
    unusable: Option<SshError>,
}

/// Tries what the endpoint names until something is accepted.
pub(super) fn authenticate(connected: &mut Connected, endpoint: &Endpoint, deadline: Instant) -> Result<(), SshError> {
    let (peer, credentials) = (endpoint.peer(), &endpoint.credentials);
    let zero = |text: &str| text.contains('\0');
    if zero(&endpoint.user) || credentials.password.as_ref().is_some_and(|password| zero(password.expose())) {
        return Err(SshError::NoCredential { peer, user: endpoint.user.escape_debug().to_string() });
    }
    let mut attempts = Attempts { connected, endpoint, deadline, tried: Vec::new(), unusable: None };
    if let Some(key) = &credentials.key
        && attempts.key(key)?
    {
        return Ok(());
    }
    if credentials.agent && attempts.agent()? {
        return Ok(());
    }
    if let Some(password) = &credentials.password
        && attempts.password(password)?
    {
        return Ok(());
    }
    attempts.over()
}

impl Attempts<'_> {
    /// Tries once: accepted, not accepted, or an end of everything. Only a server that is still there has refused something.
    fn attempt(&mut self, mut proof: impl FnMut(&Session) -> Result<(), ssh2::Error>) -> Result<bool, SshError> {
        match self.connected.drive(self.deadline, &mut proof) {
            Ok(()) => Ok(true),
            Err(Stop::Library(error)) if is_refusal(&error) => Ok(false),
            Err(stop) => Err(failed(&self.endpoint.peer(), Stage::Authentication, stop)),
        }
    }

    fn key(&mut self, key: &KeyFile) -> Result<bool, SshError> {
        if let Err(reason) = readable(&key.path) {
            self.unusable = Some(SshError::KeyFile { file: key.path.display().to_string(), reason });
            return Ok(false);
        }
        let user = self.endpoint.user.as_str();
        let passphrase = key.passphrase.as_ref().map(|secret| secret.expose());
        let tried = self
            .connected
            .drive(self.deadline, |session| session.userauth_pubkey_file(user, None, &key.path, passphrase));
        match tried {
            Ok(()) => return Ok(true),
            Err(Stop::Library(error)) if error.code() == ErrorCode::Session(FILE) => {
                let reason = Text::untranslated(error.message());
                self.unusable = Some(SshError::KeyFile { file: key.path.display().to_string(), reason });
            }
            Err(Stop::Library(error)) if is_refusal(&error) => self.tried.push("publickey"),
            Err(stop) => return Err(failed(&self.endpoint.peer(), Stage::Authentication, stop)),
        }
        Ok(false)
    }

    fn agent(&mut self) -> Result<bool, SshError> {
        let keys = match Keys::ask(&self.connected.session, self.deadline) {
            Ok(keys) => keys,
            Err(NoAgent::Absent(reason)) => {
                tracing::debug!(peer = %self.endpoint.peer(), reason, "no SSH agent");
                self.tried.push("agent (none is running)");
                return Ok(false);
            }
            Err(NoAgent::Endless) => {
                self.tried.push("agent (it does not answer)");
                return Ok(false);
            }
        };
        self.tried.push("agent");
        let user = self.endpoint.user.as_str();
        for key in keys.identities() {
            let tried = self.attempt(|_| keys.try_key(user, &key));
            if keys.was_given_up() {
                return Err(SshError::Timeout { peer: self.endpoint.peer(), during: Stage::Agent });
            }
            if tried? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn password(&mut self, password: &Secret) -> Result<bool, SshError> {
        let user = self.endpoint.user.as_str();
        // Asking first which methods exist would cost a round trip, and a recorded router has the password only.
        self.tried.push("password");
        if self.attempt(|session| session.userauth_password(user, password.expose()))? {
            return Ok(true);
        }
        // A password refused as such is wrong; offering it again in another form would be a second wrong attempt.
        let accepted = self.methods();
        if accepted.split(',').any(|method| method == "password") || !accepted.contains("keyboard-interactive") {
            return Ok(false);
        }
        self.tried.push("keyboard-interactive");
        self.questions(password)
    }

    fn questions(&mut self, password: &Secret) -> Result<bool, SshError> {
        let user = self.endpoint.user.as_str();
        let mut answer = Answer { password, rounds: 0, given: false, too_much: None };
        let Connected { wire, session } = &mut *self.connected;
        let tried = wire.drive(self.deadline, || {
            let result = session.userauth_keyboard_interactive(user, &mut answer);
            // Ended here, before the empty answers leave.
            if answer.too_much.is_some() {
                Err(ssh2::Error::from_errno(ErrorCode::Session(AUTHENTICATION_FAILED)))
            } else {
                result
            }
        });
        if let Some(asked) = answer.too_much {
            return Err(SshError::Questions { peer: self.endpoint.peer(), user: user.to_owned(), asked });
        }
        match tried {
            Ok(()) => Ok(true),
            Err(Stop::Library(error)) if is_refusal(&error) => Ok(false),
            Err(stop) => Err(failed(&self.endpoint.peer(), Stage::Authentication, stop)),
        }
    }

    /// The methods the server says it accepts; empty when it does not say, or says it in no text.
    fn methods(&mut self) -> String {
        let user = self.endpoint.user.as_str();
        let listed = self.connected.drive(self.deadline, |session| {
            // The crate panics over bytes that are no text; a server may send any.
            let listed = catch_unwind(AssertUnwindSafe(|| session.auth_methods(user).map(str::to_owned)));
            listed.unwrap_or_else(|_| Ok(String::new()))
        });
        let mut listed = listed.unwrap_or_default();
        listed.retain(|c| c.is_ascii_graphic());
        listed.truncate(LISTED);
        listed
    }

    /// Nothing was accepted.
    fn over(mut self) -> Result<(), SshError> {
        let (peer, user) = (self.endpoint.peer(), self.endpoint.user.clone());
        match self.unusable.take() {
            // Nothing else was refused: the file is the cause.
            Some(unusable) if self.tried.is_empty() => return Err(unusable),
            Some(_) => self.tried.push("publickey (the key file cannot be used)"),
            None => {}
        }
        if self.tried.is_empty() {
            return Err(SshError::NoCredential { peer, user });
        }
        let accepted = self.methods();
        Err(SshError::Authentication { peer, user, tried: self.tried.join(", "), accepted })
    }
}

/// The largest private key in a file.
const LARGEST_KEY: u64 = 1024 * 1024;

/// Whether a key file is there: the C library opens it once more by its name, and would wait for a pipe.
fn readable(path: &Path) -> Result<(), Text> {
    let file = file::open(path).map_err(|error| error.reason())?;
    let length = file.metadata().map_err(|error| system_words(&error))?.len();
    if length > LARGEST_KEY {
        return Err(Text::new("it is larger than any key", "鍵のファイルとしては大きすぎます"));
    }
    Ok(())
}

fn is_refusal(error: &ssh2::Error) -> bool {
    let ErrorCode::Session(code) = error.code() else { return false };
    matches!(code, AUTHENTICATION_FAILED | PUBLICKEY_UNVERIFIED | FILE | AGENT_PROTOCOL | METHOD_NONE)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use ssh2::{KeyboardInteractivePrompt, Prompt};

    use super::Answer;
    use crate::secret::Secret;

    fn ask(echo: bool) -> Prompt<'static> {
        Prompt { text: Cow::Borrowed("?"), echo }
    }

    /// The answers to these rounds; each question says whether its answer is shown.
    fn answers(rounds: &[&[bool]]) -> (Vec<Vec<String>>, bool) {
        let password = Secret::new("s3cret".into());
        let mut answer = Answer { password: &password, rounds: 0, given: false, too_much: None };
        let mut given = Vec::new();
        for round in rounds {
            let prompts: Vec<_> = round.iter().map(|echo| ask(*echo)).collect();
            given.push(answer.prompt("", "", &prompts));
        }
        (given, answer.too_much.is_some())
    }

    #[test]
    fn one_hidden_question_gets_the_password_and_no_other_gets_anything() {
        let (given, too_much) = answers(&[&[], &[true, false], &[true]]);
        assert_eq!(given, [vec![], vec![String::new(), "s3cret".to_owned()], vec![String::new()]]);
        assert!(!too_much);
        for rounds in [
            // Twice the password, at once or after it was refused; a fourth round; a form to fill in.
            &[&[false, false][..]][..],
            &[&[false], &[false]],
            &[&[true], &[true], &[true], &[false]],
            &[&[true, true, true, false]],
        ] {
            let (given, too_much) = answers(rounds);
            assert!(too_much, "{rounds:?}");
            assert!(given.last().is_some_and(|last| last.iter().all(String::is_empty)), "{rounds:?}: {given:?}");
        }
    }
}
