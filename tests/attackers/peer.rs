//! A small router that turns into an attacker at a chosen moment.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a peer lives at most.
pub const LIFE: Duration = Duration::from_secs(60);
/// Between two bytes of a drip.
const DROP: Duration = Duration::from_millis(20);
/// How long one read or write of a peer may take.
const PAUSE: Duration = Duration::from_millis(20);

/// When the router turns into an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// As soon as the connection is open.
    Greeting,
    /// After the user's name.
    Login,
    /// After `enable-config`.
    SetUp,
    /// In the answer to `show running-config`.
    Show,
    /// After a configuration line.
    Line,
    /// After `write memory`.
    Save,
    /// On the way out.
    WayOut,
}

/// Every phase of a session.
pub const PHASES: [Phase; 7] =
    [Phase::Greeting, Phase::Login, Phase::SetUp, Phase::Show, Phase::Line, Phase::Save, Phase::WayOut];

/// What the attacker sends.
#[derive(Debug, Clone, Copy)]
pub enum Attack {
    /// Byte by byte, slowly, forever.
    Drip(&'static [u8]),
    /// As fast as they are taken.
    Flood(&'static [u8]),
    /// This many times as fast as they are taken, and then the prompt: the longest answer that is still one.
    Answer(&'static [u8], usize),
}

/// A path as the router sees it.
pub trait Pipe: Read + Write + Send {}

impl<T: Read + Write + Send> Pipe for T {}

/// A running peer.
pub struct Peer {
    pub port: u16,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    /// Listens, and attacks the one that calls.
    pub fn listen(phase: Phase, attack: Attack) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self::start(port, move |stop| {
            listener.set_nonblocking(true).unwrap();
            while matches!(stop.recv_timeout(PAUSE), Err(RecvTimeoutError::Timeout)) {
                if let Ok((socket, _)) = listener.accept() {
                    return Router::new(phase, attack).serve(&mut calm(socket), stop);
                }
            }
        })
    }

    /// Serves a connection that is open already.
    #[cfg(unix)]
    pub fn on(mut pipe: impl Pipe + 'static, phase: Phase, attack: Attack) -> Self {
        Self::start(0, move |stop| Router::new(phase, attack).serve(&mut pipe, stop))
    }

    fn start(port: u16, work: impl FnOnce(&Receiver<()>) + Send + 'static) -> Self {
        let (stop, told) = channel();
        Self { port, stop: Some(stop), thread: Some(thread::spawn(move || work(&told))) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn calm(socket: TcpStream) -> TcpStream {
    socket.set_nonblocking(false).unwrap();
    socket.set_read_timeout(Some(PAUSE)).unwrap();
    socket.set_write_timeout(Some(PAUSE)).unwrap();
    socket
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Name,
    Password,
    Operation,
    Config,
}

struct Router {
    phase: Phase,
    attack: Attack,
    place: Place,
    line: Vec<u8>,
    /// Bytes of a telnet command that is not over.
    command: Vec<u8>,
}

const BANNER: &[u8] = b"\r\nNEC Portable Internetwork Core Operating System Software\r\n";
const IAC: u8 = 255;

impl Router {
    fn new(phase: Phase, attack: Attack) -> Self {
        Self { phase, attack, place: Place::Name, line: Vec::new(), command: Vec::new() }
    }

    fn serve(mut self, pipe: &mut dyn Pipe, stop: &Receiver<()>) {
        let end = Instant::now() + LIFE;
        if self.phase == Phase::Greeting {
            return attack(self.attack, pipe, stop, end);
        }
        let _ = pipe.write_all(&[BANNER, b"login: "].concat());
        let mut buffer = [0; 512];
        while Instant::now() < end && matches!(stop.try_recv(), Err(TryRecvError::Empty)) {
            let count = match pipe.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => count,
                Err(error) if is_pause(&error) => continue,
                Err(_) => return,
            };
            for &byte in &buffer[..count] {
                match self.take(byte, pipe) {
                    Ok(true) => {}
                    Ok(false) => match self.attack {
                        Attack::Answer(part, count) => {
                            if !self.answer((part, count), pipe, stop, end) {
                                return;
                            }
                        }
                        endless => return attack(endless, pipe, stop, end),
                    },
                    Err(_) => return,
                }
            }
        }
    }

    /// Answers at length, and goes on as a router; `false` when no one takes it.
    fn answer(
        &mut self,
        (part, count): (&[u8], usize),
        pipe: &mut dyn Pipe,
        stop: &Receiver<()>,
        end: Instant,
    ) -> bool {
        self.phase = Phase::Greeting;
        let block = part.repeat(4096_usize.div_ceil(part.len()));
        let (mut left, mut next) = (part.len() * count, 0);
        while left > 0 {
            if Instant::now() >= end || !matches!(stop.try_recv(), Err(TryRecvError::Empty)) {
                return false;
            }
            let upto = block.len().min(next + left);
            match pipe.write(&block[next..upto]) {
                Ok(taken) => (left, next) = (left - taken, (next + taken) % block.len()),
                Err(error) if is_pause(&error) => {}
                Err(_) => return false,
            }
        }
        pipe.write_all(b"\r\nR(config)# ").is_ok()
    }

    /// Takes one byte; `false` when it is time to attack.
    fn take(&mut self, byte: u8, pipe: &mut dyn Pipe) -> io::Result<bool> {
        if byte == IAC || !self.command.is_empty() {
            return self.telnet(byte, pipe).map(|()| true);
        }
        match byte {
            b'\r' | b'\n' => return self.enter(pipe),
            0 => {}
            0x15 => {
                let erased = b"\x08 \x08".repeat(self.line.len());
                self.line.clear();
                pipe.write_all(&erased)?;
            }
            _ => {
                self.line.push(byte);
                if self.place != Place::Password {
                    pipe.write_all(&[byte])?;
                }
            }
        }
        Ok(true)
    }

    /// A console server agrees to everything, and says what speed it was told.
    fn telnet(&mut self, byte: u8, pipe: &mut dyn Pipe) -> io::Result<()> {
        self.command.push(byte);
        match self.command.as_slice() {
            [IAC, 251, 44] => pipe.write_all(&[IAC, 253, 44])?,
            [IAC, 251 | 253, 0] => pipe.write_all(&[IAC, 253, 0, IAC, 251, 0])?,
            [IAC, 250, 44, 1, a, b, c, d, IAC, 240] => {
                pipe.write_all(&[IAC, 250, 44, 101, *a, *b, *c, *d, IAC, 240])?;
            }
            [IAC, 250, .., IAC, 240] | [IAC, 251..=254, _] => {}
            [IAC] | [IAC, 250..=254] | [IAC, 250, ..] => return Ok(()),
            _ => {}
        }
        self.command.clear();
        Ok(())
    }

    fn enter(&mut self, pipe: &mut dyn Pipe) -> io::Result<bool> {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        pipe.write_all(b"\r\n")?;
        let reached = match (self.place, line.as_str()) {
            (Place::Name, name) if !name.is_empty() => self.phase == Phase::Login,
            (_, "enable-config") => self.phase == Phase::SetUp,
            (_, "show running-config") => self.phase == Phase::Show,
            (_, "write memory") => self.phase == Phase::Save,
            (_, "exit" | "configure") => self.phase == Phase::WayOut,
            (_, line) => line.starts_with("ip route") && self.phase == Phase::Line,
        };
        if reached {
            return Ok(false);
        }
        self.place = match (self.place, line.as_str()) {
            (Place::Name, "") => Place::Name,
            (Place::Name, _) => Place::Password,
            (Place::Operation, "enable-config") => Place::Config,
            (Place::Password, _) | (Place::Config, "exit") => Place::Operation,
            (Place::Operation, "exit") => Place::Name,
            (place, _) => place,
        };
        let answer: &[u8] = if line == "show running-config" { b"hostname R\r\n! end\r\n" } else { b"" };
        let prompt: &[u8] = match self.place {
            Place::Name => b"login: ",
            Place::Password => b"Password: ",
            Place::Operation => b"R# ",
            Place::Config => b"R(config)# ",
        };
        pipe.write_all(&[answer, prompt].concat())?;
        Ok(true)
    }
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

fn attack(attack: Attack, pipe: &mut dyn Pipe, stop: &Receiver<()>, end: Instant) {
    let (bytes, pause) = match attack {
        Attack::Drip(bytes) => (bytes, DROP),
        Attack::Flood(bytes) | Attack::Answer(bytes, _) => (bytes, Duration::ZERO),
    };
    let block = if pause.is_zero() { bytes.repeat(4096_usize.div_ceil(bytes.len())) } else { bytes.to_vec() };
    let mut next = 0;
    while Instant::now() < end && matches!(stop.recv_timeout(pause), Err(RecvTimeoutError::Timeout)) {
        let rest = if pause.is_zero() { &block[next..] } else { &block[next..=next] };
        match pipe.write(rest) {
            Ok(count) => next = (next + count) % block.len(),
            Err(error) if is_pause(&error) => {}
            Err(_) => return,
        }
    }
}
