//! A hand-written SSH server that says whatever an attack wants: in clear before the keys, or encrypted after a real exchange.
//!
//! It never decrypts what the client says: a client's questions come in a known order, and the answers to all of them can be
//! said ahead. One algorithm of each kind: curve25519, Ed25519, AES-256-GCM.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

const VERSION: &str = "SSH-2.0-attacker";
/// No attack lasts longer, and none sends more, whatever the other side does.
const LONGEST: Duration = Duration::from_secs(30);
const MOST: usize = 512 * 1024 * 1024;

pub const IGNORE: u8 = 2;
pub const DEBUG: u8 = 4;
pub const SERVICE_ACCEPT: u8 = 6;
pub const KEXINIT: u8 = 20;
pub const NEWKEYS: u8 = 21;
pub const KEX_REPLY: u8 = 31;
pub const AUTH_SUCCESS: u8 = 52;
pub const AUTH_BANNER: u8 = 53;
pub const GLOBAL_REQUEST: u8 = 80;
pub const OPENED: u8 = 91;
pub const WINDOW_ADJUST: u8 = 93;
pub const DATA: u8 = 94;
pub const GRANTED: u8 = 99;
/// A type that means nothing.
pub const UNKNOWN: u8 = 200;

/// Starts a server for one connection, and what it does with it.
pub fn start(attack: impl FnOnce(Peer) -> io::Result<()> + Send + 'static) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_write_timeout(Some(LONGEST)).unwrap();
        stream.set_read_timeout(Some(LONGEST)).unwrap();
        let until = Instant::now() + LONGEST;
        // The client cuts the connection: that is what an attack ends with.
        let _ = attack(Peer { stream, until, sent: 0, seal: None });
    });
    (port, thread)
}

/// The client, as an attack sees it.
pub struct Peer {
    stream: TcpStream,
    until: Instant,
    sent: usize,
    seal: Option<Seal>,
}

/// What encrypts.
struct Seal {
    key: LessSafeKey,
    iv: [u8; 12],
}

impl Peer {
    /// Says bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sent += bytes.len();
        if self.sent > MOST || Instant::now() > self.until {
            return Err(io::Error::other("enough"));
        }
        self.stream.write_all(bytes)
    }

    /// Repeats the same bytes forever.
    pub fn endless(&mut self, bytes: &[u8]) -> io::Result<()> {
        let many = bytes.repeat((64 * 1024 / bytes.len()).max(1));
        loop {
            self.raw(&many)?;
        }
    }

    /// Says bytes one by one, so far apart.
    pub fn drip(&mut self, bytes: impl IntoIterator<Item = u8>, apart: Duration) -> io::Result<()> {
        for byte in bytes {
            self.raw(&[byte])?;
            self.pause(apart);
        }
        Ok(())
    }

    /// Waits, by reading what no one needs.
    pub fn pause(&mut self, time: Duration) {
        let until = Instant::now() + time;
        let mut void = [0; 4096];
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            self.stream.set_read_timeout(Some(left)).unwrap();
            if matches!(self.stream.read(&mut void), Ok(0)) {
                return;
            }
        }
    }

    /// Reads what no one needs until the client goes.
    pub fn listen(&mut self) {
        self.pause(LONGEST);
    }

    /// Reads on a thread of its own, so that the client can always write.
    pub fn drain(&self) {
        let mut stream = self.stream.try_clone().unwrap();
        thread::spawn(move || io::copy(&mut stream, &mut io::sink()));
    }

    /// Says that this is SSH.
    pub fn version(&mut self) -> io::Result<()> {
        self.raw(format!("{VERSION}\r\n").as_bytes())
    }

    /// Says one packet.
    pub fn packet(&mut self, payload: &[u8]) -> io::Result<()> {
        let bytes = self.sealed(payload);
        self.raw(&bytes)
    }

    /// Sends a packet forever, together with what comes before it in one write.
    pub fn endless_packets(&mut self, payload: &[u8]) -> io::Result<()> {
        loop {
            let mut many = Vec::new();
            while many.len() < 64 * 1024 {
                many.extend(self.sealed(payload));
            }
            self.raw(&many)?;
        }
    }

    fn sealed(&mut self, payload: &[u8]) -> Vec<u8> {
        match &mut self.seal {
            Some(seal) => seal.packet(payload),
            None => in_clear(payload, 8),
        }
    }

    /// Version, keys and all answers up to an open shell with this window, said ahead.
    pub fn up_to_the_shell(&mut self, window: u32) -> io::Result<()> {
        self.exchange_keys()?;
        self.answers(&[&service(), &[AUTH_SUCCESS], &opened(window), &granted(), &granted()])
    }

    /// Several packets.
    pub fn answers(&mut self, payloads: &[&[u8]]) -> io::Result<()> {
        payloads.iter().try_for_each(|payload| self.packet(payload))
    }

    /// Version and a real exchange of keys; all that follows is encrypted.
    pub fn exchange_keys(&mut self) -> io::Result<()> {
        self.version()?;
        let ours = kexinit();
        self.packet(&ours)?;
        let mut reader = BufReader::new(self.stream.try_clone()?);
        let mut version = String::new();
        reader.read_line(&mut version)?;
        let theirs = read_packet(&mut reader)?;
        let init = read_packet(&mut reader)?;
        let their_point = init.get(5..).unwrap_or_default().to_vec();

        let random = SystemRandom::new();
        let signer = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let own = EphemeralPrivateKey::generate(&X25519, &random).unwrap();
        let point = own.compute_public_key().unwrap();
        let peer = UnparsedPublicKey::new(&X25519, their_point.clone());
        let secret = agree_ephemeral(own, &peer, mpint).map_err(|_| io::Error::other("no agreement"))?;
        let host_key = [string(b"ssh-ed25519"), string(signer.public_key().as_ref())].concat();

        let mut hash = Sha256::new();
        for part in
            [version.trim_end().as_bytes(), VERSION.as_bytes(), &theirs, &ours, &host_key, &their_point, point.as_ref()]
        {
            hash.update(string(part));
        }
        hash.update(&secret);
        let hash = hash.finalize();
        let signature = [string(b"ssh-ed25519"), string(signer.sign(&hash).as_ref())].concat();
        let reply = [vec![KEX_REPLY], string(&host_key), string(point.as_ref()), string(&signature)].concat();
        self.answers(&[&reply, &[NEWKEYS]])?;

        let derived = |letter: &[u8]| {
            Sha256::new().chain_update(&secret).chain_update(hash).chain_update(letter).chain_update(hash).finalize()
        };
        let key = UnboundKey::new(&AES_256_GCM, &derived(b"D")).unwrap();
        let iv = derived(b"B").first_chunk::<12>().copied().unwrap();
        self.seal = Some(Seal { key: LessSafeKey::new(key), iv });
        Ok(())
    }
}

impl Seal {
    fn packet(&mut self, payload: &[u8]) -> Vec<u8> {
        let clear = in_clear(payload, 16);
        let (length, rest) = clear.split_at(4);
        let mut sealed = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(self.iv);
        self.key.seal_in_place_append_tag(nonce, Aad::from(length), &mut sealed).unwrap();
        let (fixed, count) = self.iv.split_at_mut(4);
        let _ = fixed;
        let next = u64::from_be_bytes(count.try_into().unwrap()).wrapping_add(1);
        count.copy_from_slice(&next.to_be_bytes());
        [length, &sealed].concat()
    }
}

/// A packet as it is before encryption; its length field counts towards a block only in clear.
fn in_clear(payload: &[u8], block: usize) -> Vec<u8> {
    let counted = 1 + payload.len() + if block == 8 { 4 } else { 0 };
    let mut padding = block - counted % block;
    if padding < 4 {
        padding += block;
    }
    let length = u32::try_from(1 + payload.len() + padding).unwrap();
    let padding_length = u8::try_from(padding).unwrap();
    [&length.to_be_bytes(), &[padding_length][..], payload, &vec![0; padding]].concat()
}

fn read_packet(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = [0; 5];
    reader.read_exact(&mut head)?;
    let length = usize::try_from(u32::from_be_bytes([head[0], head[1], head[2], head[3]])).unwrap();
    let mut rest = vec![0; length.min(100_000) - 1];
    reader.read_exact(&mut rest)?;
    rest.truncate(rest.len().saturating_sub(usize::from(head[4])));
    Ok(rest)
}

pub fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn mpint(number: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_some_and(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    string(&digits)
}

/// What this server can, and nothing that would make packets before it a violation.
pub fn kexinit() -> Vec<u8> {
    let lists = [
        "curve25519-sha256",
        "ssh-ed25519",
        "aes256-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "hmac-sha2-256",
        "hmac-sha2-256",
        "none",
        "none",
        "",
        "",
    ];
    let lists = lists.iter().flat_map(|list| string(list.as_bytes()));
    [KEXINIT].into_iter().chain([9; 16]).chain(lists).chain([0; 5]).collect()
}

pub fn service() -> Vec<u8> {
    [vec![SERVICE_ACCEPT], string(b"ssh-userauth")].concat()
}

/// The client's first channel, with so much room for what it writes.
pub fn opened(window: u32) -> Vec<u8> {
    [&[OPENED][..], &[0; 4], &[0; 4], &window.to_be_bytes(), &32_768_u32.to_be_bytes()].concat()
}

pub fn granted() -> Vec<u8> {
    [&[GRANTED][..], &[0; 4]].concat()
}

pub fn data(text: &[u8]) -> Vec<u8> {
    [vec![DATA], vec![0; 4], string(text)].concat()
}

/// A request to which an answer is wanted.
pub fn global_request() -> Vec<u8> {
    [vec![GLOBAL_REQUEST], string(b"keepalive@openssh.com"), vec![1]].concat()
}
