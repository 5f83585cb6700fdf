//! A question to a name server: by a datagram, over TCP where the answer does not fit. Another one's answers are passed over.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::Instant;

use super::dial::{dial, left_until};
use super::dns::{Answer, Message, Query};
use super::judgement::Seen;
use crate::playbook::AddressKind;

/// The largest datagram that is read: more than any server sends without being asked to.
const DATAGRAM: usize = 4096;

/// Asks once.
pub fn query(from: IpAddr, server: SocketAddr, name: &str, record: AddressKind, until: Instant) -> Seen {
    let asked = || -> io::Result<Seen> {
        let mut id = [0; 2];
        getrandom::fill(&mut id).map_err(io::Error::other)?;
        let query = Query { id: u16::from_be_bytes(id), name: name.to_owned(), record };
        let bytes = query.bytes().ok_or(io::ErrorKind::InvalidInput)?;
        match by_datagram(from, server, &query, &bytes, until)? {
            Some(answer) => Ok(Seen::Answered { answer, over_tcp: false }),
            None => Ok(match over_tcp(from, server, &query, &bytes, until)? {
                Some(answer) => Seen::Answered { answer, over_tcp: true },
                None => Seen::Silence,
            }),
        }
    };
    asked().unwrap_or_else(|error| Seen::of(&error))
}

/// Nothing where the answer was cut off.
fn by_datagram(
    from: IpAddr,
    server: SocketAddr,
    query: &Query,
    bytes: &[u8],
    until: Instant,
) -> io::Result<Option<Answer>> {
    let socket = UdpSocket::bind((from, 0))?;
    // From here on only what this server sends arrives.
    socket.connect(server)?;
    socket.send(bytes)?;
    let mut room = [0; DATAGRAM];
    loop {
        socket.set_read_timeout(Some(left_until(until)?))?;
        let length = match socket.recv(&mut room) {
            // A signal: what is waited for is still to come.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            received => received?,
        };
        match query.read(room.get(..length).unwrap_or_default()) {
            Message::Answer(answer) => return Ok(Some(answer)),
            Message::CutOff => return Ok(None),
            Message::NotOurs => {}
        }
    }
}

/// Nothing where what comes is no answer, or is cut off here, too.
fn over_tcp(
    from: IpAddr,
    server: SocketAddr,
    query: &Query,
    bytes: &[u8],
    until: Instant,
) -> io::Result<Option<Answer>> {
    let mut stream = dial(from, server, until)?;
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.set_write_timeout(Some(left_until(until)?))?;
    stream.write_all(&[&length.to_be_bytes(), bytes].concat())?;
    let mut length = [0; 2];
    read_whole(&mut stream, &mut length, until)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    read_whole(&mut stream, &mut answer, until)?;
    Ok(match query.read(&answer) {
        Message::Answer(answer) => Some(answer),
        Message::CutOff | Message::NotOurs => None,
    })
}

/// Fills the room, within the time however slowly it comes.
fn read_whole(stream: &mut TcpStream, mut room: &mut [u8], until: Instant) -> io::Result<()> {
    while !room.is_empty() {
        stream.set_read_timeout(Some(left_until(until)?))?;
        let length = match stream.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if length == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        room = room.get_mut(length..).unwrap_or_default();
    }
    Ok(())
}
