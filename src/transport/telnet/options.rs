//! Telnet's in-band commands: taken out of what arrives, answered, and nothing more.
//!
//! A recorded router drops the session when its ECHO, SGA and NAWS offers are refused (fact sheet 1), so these are agreed to:
//! DO ECHO, DO SGA, WILL NAWS. Everything else is refused. A console server's COM port option (RFC 2217) is agreed to when the
//! caller wants it.

const SE: u8 = 240;
const SB: u8 = 250;
const WILL: u8 = 251;
const WONT: u8 = 252;
const DO: u8 = 253;
const DONT: u8 = 254;
const IAC: u8 = 255;

const BINARY: u8 = 0;
const ECHO: u8 = 1;
const SUPPRESS_GO_AHEAD: u8 = 3;
const WINDOW_SIZE: u8 = 31;
const COM_PORT: u8 = 44;

/// The window we name: wide enough that no echo folds (fact sheet 3: 500 wide is accepted by an IX2215).
const WINDOW: [u8; 4] = [1, 244, 0, 50];
/// Options answered in one connection: a router offers a handful. More are heard and not answered.
const ANSWERS: usize = 64;
/// Longest suboption kept; more is dropped.
const LONGEST_SUBOPTION: usize = 64;

// RFC 2217 commands; the server answers with the number plus 100.
const SET_BAUDRATE: u8 = 1;
const SET_DATASIZE: u8 = 2;
const SET_PARITY: u8 = 3;
const SET_STOPSIZE: u8 = 4;
const SET_CONTROL: u8 = 5;
const SERVER_SET_BAUDRATE: u8 = 101;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Data,
    Return,
    Command,
    Verb(u8),
    Suboption,
    SuboptionCommand,
}

/// The state of one telnet connection.
#[derive(Debug, Default)]
pub(super) struct Options {
    state: State,
    suboption: Vec<u8>,
    /// What we have agreed to do.
    ours: Vec<u8>,
    /// What the other side has said it does.
    theirs: Vec<u8>,
    wants_com_port: bool,
    /// Options answered so far.
    answered: usize,
    /// Whether the other side has agreed to RFC 2217; `None` while it has not said.
    pub(super) com_port: Option<bool>,
    /// The speed the console server says it has set, in bit/s.
    pub(super) speed: Option<u32>,
}

impl Options {
    /// For a console server with RFC 2217.
    pub(super) fn with_com_port() -> Self {
        Self { wants_com_port: true, ..Self::default() }
    }

    /// What is sent first to a console server: binary both ways, and the request to set its port.
    pub(super) fn opening() -> Vec<u8> {
        vec![IAC, WILL, COM_PORT, IAC, WILL, BINARY, IAC, DO, BINARY]
    }

    /// Sets speed, 8N1 and no flow control on a console server.
    pub(super) fn set_port(speed: u32) -> Vec<u8> {
        let mut bytes = set_speed(speed);
        for (command, value) in [(SET_DATASIZE, 8), (SET_PARITY, 1), (SET_STOPSIZE, 1), (SET_CONTROL, 1)] {
            bytes.extend_from_slice(&[IAC, SB, COM_PORT, command, value, IAC, SE]);
        }
        bytes
    }

    /// Splits what arrived into text and answers that must be sent.
    pub(super) fn take(&mut self, bytes: &[u8], text: &mut Vec<u8>, answers: &mut Vec<u8>) {
        for &byte in bytes {
            self.state = self.step(byte, text, answers);
        }
    }

    fn step(&mut self, byte: u8, text: &mut Vec<u8>, answers: &mut Vec<u8>) -> State {
        match (self.state, byte) {
            (State::Data | State::Return, IAC) => State::Command,
            // A carriage return that means itself is followed by a zero byte.
            (State::Return, 0) if !self.theirs.contains(&BINARY) => State::Data,
            (State::Data | State::Return, _) => {
                text.push(byte);
                if byte == b'\r' { State::Return } else { State::Data }
            }
            (State::Command, IAC) => {
                text.push(IAC);
                State::Data
            }
            (State::Command, WILL | WONT | DO | DONT) => State::Verb(byte),
            (State::Command, SB) => {
                self.suboption.clear();
                State::Suboption
            }
            (State::Command, _) => State::Data,
            (State::Verb(verb), option) => {
                let before = answers.len();
                self.negotiate(verb, option, answers);
                if answers.len() > before {
                    self.answered += 1;
                    // No peer that only offers and refuses keeps us answering forever.
                    answers.truncate(if self.answered > ANSWERS { before } else { answers.len() });
                }
                State::Data
            }
            (State::Suboption, IAC) => State::SuboptionCommand,
            (State::Suboption, _) => {
                self.keep(byte);
                State::Suboption
            }
            (State::SuboptionCommand, SE) => {
                self.learn();
                State::Data
            }
            (State::SuboptionCommand, _) => {
                self.keep(byte);
                State::Suboption
            }
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.suboption.len() < LONGEST_SUBOPTION {
            self.suboption.push(byte);
        }
    }

    /// Answers only what changes something: two sides that repeat themselves would go on forever.
    fn negotiate(&mut self, verb: u8, option: u8, answers: &mut Vec<u8>) {
        match verb {
            WILL if matches!(option, ECHO | SUPPRESS_GO_AHEAD) || (self.wants_com_port && option == BINARY) => {
                if add(&mut self.theirs, option) && !(self.wants_com_port && option == BINARY) {
                    answers.extend_from_slice(&[IAC, DO, option]);
                }
            }
            WILL => answers.extend_from_slice(&[IAC, DONT, option]),
            WONT => {
                if remove(&mut self.theirs, option) {
                    answers.extend_from_slice(&[IAC, DONT, option]);
                }
            }
            DO if option == COM_PORT && self.wants_com_port => self.com_port = Some(true),
            DO if self.wants_com_port && option == BINARY => {
                add(&mut self.ours, option);
            }
            DO if matches!(option, SUPPRESS_GO_AHEAD | WINDOW_SIZE) => {
                if add(&mut self.ours, option) {
                    answers.extend_from_slice(&[IAC, WILL, option]);
                    if option == WINDOW_SIZE {
                        answers.extend_from_slice(&[IAC, SB, WINDOW_SIZE]);
                        answers.extend_from_slice(&WINDOW);
                        answers.extend_from_slice(&[IAC, SE]);
                    }
                }
            }
            DO => answers.extend_from_slice(&[IAC, WONT, option]),
            DONT if option == COM_PORT && self.wants_com_port => self.com_port = Some(false),
            _ => {
                if remove(&mut self.ours, option) {
                    answers.extend_from_slice(&[IAC, WONT, option]);
                }
            }
        }
    }

    fn learn(&mut self) {
        if let [COM_PORT, SERVER_SET_BAUDRATE, a, b, c, d] = self.suboption.as_slice() {
            self.speed = Some(u32::from_be_bytes([*a, *b, *c, *d]));
        }
    }

    /// What to send for bytes that are to be typed.
    pub(super) fn escape(&self, bytes: &[u8]) -> Vec<u8> {
        let binary = self.ours.contains(&BINARY);
        let mut escaped = Vec::with_capacity(bytes.len() + 2);
        for &byte in bytes {
            escaped.push(byte);
            match byte {
                IAC => escaped.push(IAC),
                b'\r' if !binary => escaped.push(0),
                _ => {}
            }
        }
        escaped
    }
}

/// Asks a console server for a speed.
pub(super) fn set_speed(speed: u32) -> Vec<u8> {
    let mut bytes = vec![IAC, SB, COM_PORT, SET_BAUDRATE];
    for byte in speed.to_be_bytes() {
        bytes.push(byte);
        if byte == IAC {
            bytes.push(IAC);
        }
    }
    bytes.extend_from_slice(&[IAC, SE]);
    bytes
}

fn add(set: &mut Vec<u8>, option: u8) -> bool {
    let new = !set.contains(&option);
    if new {
        set.push(option);
    }
    new
}

fn remove(set: &mut Vec<u8>, option: u8) -> bool {
    let before = set.len();
    set.retain(|known| *known != option);
    set.len() < before
}

#[cfg(test)]
mod tests {
    use super::{COM_PORT, DO, DONT, ECHO, IAC, Options, SB, SE, WILL, WINDOW_SIZE, WONT, set_speed};

    fn taken(options: &mut Options, bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut text, mut answers) = (Vec::new(), Vec::new());
        // One byte at a time: commands may be torn anywhere.
        bytes.chunks(1).for_each(|piece| options.take(piece, &mut text, &mut answers));
        (text, answers)
    }

    #[test]
    fn the_offers_of_a_router_are_agreed_to_once() {
        let mut options = Options::default();
        let offer = [IAC, WILL, ECHO, IAC, WILL, 3, IAC, DO, WINDOW_SIZE, b'l', IAC, DO, 24];
        let (text, answers) = taken(&mut options, &offer);
        assert_eq!(text, b"l");
        let window = [IAC, WILL, WINDOW_SIZE, IAC, SB, WINDOW_SIZE, 1, 244, 0, 50, IAC, SE];
        assert_eq!(answers, [&[IAC, DO, ECHO, IAC, DO, 3][..], &window, &[IAC, WONT, 24]].concat());
        assert!(taken(&mut options, &offer[..9]).1.is_empty(), "a repeated offer is not answered again");
    }

    #[test]
    fn a_peer_that_offers_for_ever_is_not_answered_for_ever() {
        let mut options = Options::default();
        let flood = [IAC, WILL, 99, IAC, DO, 98].repeat(10_000);
        let (text, answers) = taken(&mut options, &flood);
        assert!(text.is_empty() && answers.len() == 3 * super::ANSWERS, "{}", answers.len());
    }

    #[test]
    fn text_is_unescaped_and_typed_text_escaped() {
        let mut options = Options::default();
        assert_eq!(taken(&mut options, &[b'a', IAC, IAC, b'\r', 0, b'b', b'\r', b'\n', IAC, 241]).0, b"a\xff\rb\r\n");
        assert_eq!(options.escape(b"a\xff\r"), b"a\xff\xff\r\0");
    }

    #[test]
    fn a_console_server_says_what_it_can() {
        let mut options = Options::with_com_port();
        taken(&mut options, &[IAC, DO, COM_PORT, IAC, DO, 0, IAC, WILL, 0]);
        assert_eq!(options.com_port, Some(true));
        assert_eq!(options.escape(b"\r"), b"\r", "binary");
        taken(&mut options, &[IAC, SB, COM_PORT, 101, 0, 0, 0x25, 0x80, IAC, SE]);
        assert_eq!(options.speed, Some(9600));
        let mut plain = Options::with_com_port();
        taken(&mut plain, &[IAC, DONT, COM_PORT]);
        assert_eq!(plain.com_port, Some(false));
        assert_eq!(set_speed(9600), [IAC, SB, COM_PORT, 1, 0, 0, 0x25, 0x80, IAC, SE]);
    }
}
