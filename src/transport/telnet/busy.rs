//! A console server's port that someone else is using: the connection is taken, a line may say why, and it is closed at once.
//!
//! Nothing we sent has reached a router then, so it is not the end of a conversation.

use std::time::{Duration, Instant};

use crate::visible;

/// An end later than this after the connection is no answer to it.
const AT_ONCE: Duration = Duration::from_secs(10);
/// Bytes of text that may precede such an end: one line or two.
const SHORT: usize = 256;
/// What console servers say then, in their various words.
const WORDS: [&str; 7] = ["in use", "busy", "already", "occupied", "another user", "other user", "maximum"];

/// What came first.
pub(super) struct Greeting {
    since: Instant,
    text: Vec<u8>,
}

impl Greeting {
    /// For a connection that opens now.
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), text: Vec::new() }
    }

    /// Keeps the first text, and one byte more where there was more.
    pub(super) fn hears(&mut self, text: &[u8]) {
        let room = (SHORT + 1).saturating_sub(self.text.len());
        self.text.extend(text.iter().take(room));
    }

    /// What an end now with this unread text says, if it is an answer to the connection: the other side's words, if any.
    pub(super) fn turned_away(&self, unread: &[u8]) -> Option<Option<String>> {
        if self.since.elapsed() > AT_ONCE || self.text.len() + unread.len() > SHORT {
            return None;
        }
        let text = String::from_utf8_lossy(&[&self.text, unread].concat()).trim().to_owned();
        if text.is_empty() {
            return Some(None);
        }
        let lower = text.to_ascii_lowercase();
        WORDS.iter().any(|word| lower.contains(word)).then(|| Some(visible::line(&text).into_owned()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::Greeting;
    use crate::message::Explain;
    use crate::transport::telnet::{Service, TelnetTarget, open};
    use crate::transport::{Received, Transport, TransportError};

    #[test]
    fn only_a_short_message_about_another_user_is_a_refusal() {
        let said = |text: &[u8]| Greeting::new().turned_away(text);
        assert_eq!(said(b""), Some(None));
        assert_eq!(said(b"Port already in use\r\n"), Some(Some("Port already in use".to_owned())));
        let escaped = said(b"\x1b[2JLine is BUSY").flatten().unwrap();
        assert!(escaped.ends_with("Line is BUSY") && !escaped.contains('\x1b'), "{escaped}");
        assert_eq!(said(b"login: "), None);
        let mut greeting = Greeting::new();
        greeting.hears(&[b'x'; 300]);
        assert_eq!(greeting.turned_away(b"in use"), None);
    }

    /// What a session does first: it types, and it reads.
    fn begin(service: Service, says: &'static [u8]) -> Result<(), TransportError> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(says).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            // Until the other side has gone, so that nothing of what was said is lost.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let target = TelnetTarget { host: "127.0.0.1".into(), port, service, connect: Duration::from_secs(5) };
        let until = Instant::now() + Duration::from_secs(5);
        let result = open(&target).and_then(|mut link| {
            link.write(b"\x15\x15\r", until)?;
            let mut buffer = [0; 64];
            while let Received::Bytes(_) = link.read(&mut buffer, until)? {}
            Ok(())
        });
        server.join().unwrap();
        result
    }

    #[test]
    fn a_port_in_use_is_not_a_lost_router() {
        let speed = 9600;
        for service in [Service::Raw { speed }, Service::Console { speed }, Service::Rfc2217 { speed }] {
            for says in [&b"Port already in use\r\n"[..], b""] {
                let error = begin(service, says).unwrap_err();
                assert_eq!(error.code(), "telnet.busy", "{service:?}: {error}");
                assert_eq!(error.to_string().contains("already in use"), !says.is_empty(), "{error}");
            }
        }
        assert!(begin(Service::Router, b"Port already in use\r\n").is_ok(), "a router's own server is no console");
        let other = begin(Service::Raw { speed }, b"login: ");
        assert!(other.is_ok(), "a login was there: {other:?}");
    }
}
