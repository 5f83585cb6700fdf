//! Shows who we are: key, agent, password, keyboard-interactive, in this order and only what the endpoint names.

use std::time::Instant;

use ssh2::{Agent, ErrorCode, KeyboardInteractivePrompt, Prompt, Session};

use super::connect::{failed, limit};
use super::{Endpoint, SshError};
use crate::secret::Secret;

// Error numbers of libssh2, from its public header: what a refused proof looks like, in its various forms.
const AUTHENTICATION_FAILED: i32 = -18;
const PUBLICKEY_UNVERIFIED: i32 = -19;
const FILE: i32 = -16;
const AGENT_PROTOCOL: i32 = -42;
const METHOD_NONE: i32 = -17;

/// Answers every hidden question with the password, and nothing else.
struct Answer<'a>(&'a Secret);

impl KeyboardInteractivePrompt for Answer<'_> {
    fn prompt<'b>(&mut self, _username: &str, _instructions: &str, prompts: &[Prompt<'b>]) -> Vec<String> {
        let answer = |prompt: &Prompt<'_>| if prompt.echo { String::new() } else { self.0.expose().to_owned() };
        prompts.iter().map(answer).collect()
    }
}

/// Tries what the endpoint names until something is accepted.
pub(super) fn authenticate(session: &Session, endpoint: &Endpoint, deadline: Instant) -> Result<(), SshError> {
    let (peer, user, credentials) = (endpoint.peer(), endpoint.user.as_str(), &endpoint.credentials);
    let mut tried: Vec<&'static str> = Vec::new();
    // Every attempt answers true, false (not accepted) or an error that ends everything.
    let attempt = |result: Result<(), ssh2::Error>| match result {
        Ok(()) => Ok(true),
        Err(error) if is_refusal(&error) => Ok(false),
        Err(error) => Err(failed(&peer, "authentication", &error)),
    };
    if user.contains('\0') || credentials.password.as_ref().is_some_and(|password| password.expose().contains('\0')) {
        return Err(SshError::NoCredential { peer, user: user.escape_debug().to_string() });
    }
    if let Some(key) = &credentials.key {
        tried.push("publickey");
        limit(session, deadline);
        let passphrase = key.passphrase.as_ref().map(|secret| secret.expose());
        if attempt(session.userauth_pubkey_file(user, None, &key.path, passphrase))? {
            return Ok(());
        }
    }
    if credentials.agent {
        match agent(session) {
            Ok(agent) => {
                tried.push("agent");
                for identity in agent.identities().unwrap_or_default() {
                    limit(session, deadline);
                    if attempt(agent.userauth(user, &identity))? {
                        return Ok(());
                    }
                }
            }
            Err(error) => {
                tracing::debug!(%peer, %error, "no SSH agent");
                tried.push("agent (none is running)");
            }
        }
    }
    if let Some(password) = &credentials.password {
        // Asking first which methods exist would cost a round trip, and a recorded router has the password only.
        tried.push("password");
        limit(session, deadline);
        if attempt(session.userauth_password(user, password.expose()))? {
            return Ok(());
        }
        // A password refused as such is wrong; offering it again in another form would be a second wrong attempt.
        let accepted = methods(session, user, deadline);
        if !accepted.split(',').any(|method| method == "password") && accepted.contains("keyboard-interactive") {
            tried.push("keyboard-interactive");
            limit(session, deadline);
            if attempt(session.userauth_keyboard_interactive(user, &mut Answer(password)))? {
                return Ok(());
            }
        }
    }
    if tried.is_empty() {
        return Err(SshError::NoCredential { peer, user: user.to_owned() });
    }
    let accepted = methods(session, user, deadline);
    Err(SshError::Authentication { peer, user: user.to_owned(), tried: tried.join(", "), accepted })
}

/// The agent of this session's user, asked for its keys.
fn agent(session: &Session) -> Result<Agent, ssh2::Error> {
    let mut agent = session.agent()?;
    agent.connect()?;
    agent.list_identities()?;
    Ok(agent)
}

/// The methods the server says it accepts; empty when it does not say.
fn methods(session: &Session, user: &str, deadline: Instant) -> String {
    limit(session, deadline);
    session.auth_methods(user).unwrap_or_default().to_owned()
}

fn is_refusal(error: &ssh2::Error) -> bool {
    let ErrorCode::Session(code) = error.code() else { return false };
    matches!(code, AUTHENTICATION_FAILED | PUBLICKEY_UNVERIFIED | FILE | AGENT_PROTOCOL | METHOD_NONE)
}
