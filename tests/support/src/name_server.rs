//! A name server on this machine, for tests: it answers what it was told to, over datagrams and TCP on one port, until it is dropped.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use simple_dns::rdata::{A, AAAA, RData};
use simple_dns::{CLASS, Packet, PacketFlag, RCODE, ResourceRecord};

/// What it answers.
#[derive(Debug, Clone, Copy)]
pub enum Answers {
    /// This address.
    Address(IpAddr),
    /// This address over TCP; a datagram says that it does not fit.
    OverTcp(IpAddr),
    /// First the second address as if another question had been asked, then the first.
    AfterSpoofed(IpAddr, IpAddr),
    /// That it cannot find out, the first time; then this address.
    InTheEnd(IpAddr),
    /// That there is no such name.
    NoSuchName,
    /// Nothing.
    Nothing,
}

/// A name server.
pub struct NameServer {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Ends the thread that waits for datagrams.
const OVER: &[u8] = b"over";

impl NameServer {
    /// One at this address of the machine, at a port that the system chooses.
    pub fn at(address: impl Into<IpAddr>, answers: Answers) -> Self {
        let address = address.into();
        let (listener, socket) = loop {
            let listener = TcpListener::bind((address, 0)).unwrap();
            // The same port may be taken for datagrams.
            if let Ok(socket) = UdpSocket::bind(listener.local_addr().unwrap()) {
                break (listener, socket);
            }
        };
        let address = listener.local_addr().unwrap();
        let (asked, over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (counted, is_over) = (Arc::clone(&asked), Arc::clone(&over));
        let datagrams = std::thread::spawn(move || {
            let mut room = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut room) {
                if &room[..length] == OVER {
                    return;
                }
                let earlier = counted.fetch_add(1, Ordering::SeqCst);
                for reply in replies(&room[..length], answers, earlier) {
                    socket.send_to(&reply, from).unwrap();
                }
            }
        });
        let streams = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                // Who asked may be gone.
                let _ = stream.and_then(|stream| answer(stream, answers));
            }
        });
        Self { address, asked, over, threads: vec![datagrams, streams] }
    }

    /// The same on the loopback.
    pub fn here(answers: Answers) -> Self {
        Self::at(Ipv4Addr::LOCALHOST, answers)
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many datagrams have asked it.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let socket = UdpSocket::bind((self.address.ip(), 0)).unwrap();
        socket.send_to(OVER, self.address).unwrap();
        drop(TcpStream::connect(self.address));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn replies(question: &[u8], answers: Answers, earlier: usize) -> Vec<Vec<u8>> {
    let with = |address| reply(question, |packet| add(packet, address));
    match answers {
        Answers::Address(address) => vec![with(address)],
        Answers::OverTcp(_) => vec![reply(question, |packet| packet.set_flags(PacketFlag::TRUNCATION))],
        Answers::AfterSpoofed(address, spoofed) => {
            let wrong_id = reply(question, |packet| {
                packet.set_id(packet.id().wrapping_add(1));
                add(packet, spoofed);
            });
            let no_message = b"no message".to_vec();
            vec![wrong_id, no_message, with(address)]
        }
        Answers::InTheEnd(_) if earlier == 0 => {
            vec![reply(question, |packet| *packet.rcode_mut() = RCODE::ServerFailure)]
        }
        Answers::InTheEnd(address) => vec![with(address)],
        Answers::NoSuchName => vec![reply(question, |packet| *packet.rcode_mut() = RCODE::NameError)],
        Answers::Nothing => Vec::new(),
    }
}

fn answer(mut stream: TcpStream, answers: Answers) -> std::io::Result<()> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question)?;
    let Answers::OverTcp(address) = answers else { return Ok(()) };
    let reply = reply(&question, |packet| add(packet, address));
    let length = u16::try_from(reply.len()).unwrap().to_be_bytes();
    // A byte at a time: it is read to its end all the same.
    for byte in length.iter().chain(&reply) {
        stream.write_all(&[*byte])?;
    }
    Ok(())
}

fn reply(question: &[u8], change: impl FnOnce(&mut Packet<'_>)) -> Vec<u8> {
    let mut packet = Packet::parse(question).unwrap().into_reply();
    change(&mut packet);
    packet.build_bytes_vec_compressed().unwrap()
}

fn add(packet: &mut Packet<'_>, address: IpAddr) {
    let data = match address {
        IpAddr::V4(address) => RData::A(A { address: address.into() }),
        IpAddr::V6(address) => RData::AAAA(AAAA { address: address.into() }),
    };
    let name = packet.questions[0].qname.clone();
    packet.answers.push(ResourceRecord::new(name, CLASS::IN, 60, data));
}
