//! Telnet: ECHO, SGA and NAWS are negotiated; a client that refuses them is cut off, as was seen on a real router (fact sheet 1).

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::arrivals::{is_taken, next, turn_away};
use super::conversation::{Input, Sink, converse};
use crate::cell::Cell;
use crate::router::Via;

const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
const SUB: u8 = 250;
const END: u8 = 240;
const ECHO: u8 = 1;
const SGA: u8 = 3;
const NAWS: u8 = 31;

/// Takes connections until the mock ends.
pub async fn serve(cell: Cell, listener: TcpListener) {
    loop {
        let stream = next(&listener).await;
        if is_taken(&cell, &stream, Via::Telnet) {
            tokio::spawn(connection(cell.clone(), stream));
        } else {
            turn_away(&cell, stream);
        }
    }
}

async fn connection(cell: Cell, stream: TcpStream) {
    // Small answers leave at once; a socket that cannot do so still works.
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.into_split();
    if writer.write_all(&[IAC, WILL, ECHO, IAC, WILL, SGA, IAC, DO, NAWS]).await.is_err() {
        return;
    }
    let strict = cell.with(|router| router.spec.readings.telnet_strict);
    let (mut session, mut signals) = cell.open(Via::Telnet, None, 80);
    let (sender, receiver) = mpsc::unbounded_channel();
    let listening = tokio::spawn(async move {
        let mut options = Options::default();
        let mut chunk = [0; 1024];
        while let Ok(count @ 1..) = reader.read(&mut chunk).await {
            let mut typed = Vec::new();
            for byte in chunk.iter().take(count) {
                options.take(*byte, &mut typed);
            }
            if strict && options.refused {
                return;
            }
            let width = options.width.take().map(Input::Width);
            let bytes = (!typed.is_empty()).then(|| Input::Bytes(typed, Instant::now()));
            if width.into_iter().chain(bytes).any(|input| sender.send(input).is_err()) {
                return;
            }
        }
    });
    converse(&cell, &mut session, receiver, &mut signals, &mut TelnetSink { writer }).await;
    listening.abort();
}

/// The option negotiation taken out of the stream of bytes.
#[derive(Debug, Default)]
struct Options {
    seen: Vec<u8>,
    width: Option<usize>,
    refused: bool,
}

impl Options {
    fn take(&mut self, byte: u8, typed: &mut Vec<u8>) {
        if self.seen.is_empty() && byte != IAC {
            typed.push(byte);
            return;
        }
        self.seen.push(byte);
        match self.seen.as_slice() {
            [IAC] | [IAC, WILL | WONT | DO | DONT] => {}
            [IAC, IAC] => {
                typed.push(IAC);
                self.seen.clear();
            }
            [IAC, answer, option] if *answer != SUB => {
                self.refused |=
                    (*answer == DONT && [ECHO, SGA].contains(option)) || (*answer == WONT && *option == NAWS);
                self.seen.clear();
            }
            [IAC, SUB, .., IAC, END] => {
                if let [IAC, SUB, NAWS, high, low, ..] = self.seen.as_slice() {
                    let width = usize::from(*high) * 256 + usize::from(*low);
                    self.width = (width > 0).then_some(width);
                }
                self.seen.clear();
            }
            [IAC, SUB, ..] => {}
            _ => self.seen.clear(),
        }
    }
}

struct TelnetSink {
    writer: OwnedWriteHalf,
}

impl Sink for TelnetSink {
    async fn write(&mut self, bytes: Vec<u8>, _due: Instant) -> bool {
        self.writer.write_all(&bytes).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{DONT, ECHO, END, IAC, NAWS, Options, SUB};

    #[test]
    fn options_are_taken_out_of_what_is_typed() {
        let mut options = Options::default();
        let mut typed = Vec::new();
        for byte in [b'a', IAC, SUB, NAWS, 1, 244, 0, 50, IAC, END, b'b', IAC, IAC, IAC, DONT, ECHO, b'c'] {
            options.take(byte, &mut typed);
        }
        assert_eq!(typed, [b'a', b'b', IAC, b'c']);
        assert_eq!(options.width, Some(500));
        assert!(options.refused);
    }
}
