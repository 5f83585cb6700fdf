//! A question to a name server and the reading of its answer. Pure: the answer comes from anyone, and may be anything.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE, header_buffer};

use crate::playbook::AddressKind;

/// Names that lead to one another, followed no further than this.
const MOST_ALIASES: usize = 16;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What the answer must repeat.
    pub id: u16,
    /// The name.
    pub name: String,
    /// The kind of its addresses.
    pub record: AddressKind,
}

/// What a name server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These addresses.
    Addresses(Vec<IpAddr>),
    /// The name has none of this kind.
    NoAddress,
    /// There is no such name.
    NoSuchName,
    /// It will not say.
    Refused,
    /// It could not find out.
    Failed,
}

/// What a message is to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Its answer.
    Answer(Answer),
    /// Its answer did not fit: it is asked again over TCP.
    CutOff,
    /// Something else: another one's answer, or no message.
    NotOurs,
}

impl Query {
    /// The message; nothing where the name cannot be asked for.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let mut packet = Packet::new_query(self.id);
        packet.set_flags(PacketFlag::RECURSION_DESIRED);
        let name = Name::new(self.name.trim_end_matches('.')).ok()?;
        packet.questions.push(Question::new(name, QTYPE::TYPE(self.kind()), QCLASS::CLASS(CLASS::IN), false));
        packet.build_bytes_vec().ok()
    }

    /// Reads what came.
    pub fn read(&self, bytes: &[u8]) -> Message {
        let is_answer = header_buffer::id(bytes).is_ok_and(|id| id == self.id)
            && header_buffer::has_flags(bytes, PacketFlag::RESPONSE).unwrap_or_default();
        if !is_answer {
            return Message::NotOurs;
        }
        let is_cut = header_buffer::has_flags(bytes, PacketFlag::TRUNCATION).unwrap_or_default();
        // One that was cut off may end in the middle of a record.
        match Packet::parse(bytes) {
            Ok(packet) if !self.is_repeated_in(&packet) => Message::NotOurs,
            Ok(_) | Err(_) if is_cut => Message::CutOff,
            Ok(packet) => Message::Answer(self.answer(&packet)),
            Err(_) => Message::NotOurs,
        }
    }

    fn kind(&self) -> TYPE {
        match self.record {
            AddressKind::A => TYPE::A,
            AddressKind::Aaaa => TYPE::AAAA,
        }
    }

    /// Whether a message repeats the question.
    fn is_repeated_in(&self, packet: &Packet<'_>) -> bool {
        let [question] = packet.questions.as_slice() else { return false };
        question.qtype == QTYPE::TYPE(self.kind()) && same_name(&question.qname.to_string(), &self.name)
    }

    fn answer(&self, packet: &Packet<'_>) -> Answer {
        match packet.rcode() {
            RCODE::NoError => {}
            RCODE::NameError => return Answer::NoSuchName,
            RCODE::Refused => return Answer::Refused,
            _ => return Answer::Failed,
        }
        let mut name = self.name.clone();
        for _ in 0..MOST_ALIASES {
            let records = || packet.answers.iter().filter(|record| same_name(&record.name.to_string(), &name));
            let addresses: Vec<IpAddr> = records().filter_map(|record| self.address(&record.rdata)).collect();
            if !addresses.is_empty() {
                return Answer::Addresses(addresses);
            }
            let alias = records().find_map(|record| match &record.rdata {
                RData::CNAME(alias) => Some(alias.0.to_string()),
                _ => None,
            });
            let Some(alias) = alias else { break };
            name = alias;
        }
        Answer::NoAddress
    }

    fn address(&self, data: &RData<'_>) -> Option<IpAddr> {
        match (self.record, data) {
            (AddressKind::A, RData::A(found)) => Some(Ipv4Addr::from(found.address).into()),
            (AddressKind::Aaaa, RData::AAAA(found)) => Some(Ipv6Addr::from(found.address).into()),
            _ => None,
        }
    }
}

fn same_name(one: &str, other: &str) -> bool {
    one.trim_end_matches('.').eq_ignore_ascii_case(other.trim_end_matches('.'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use proptest::prelude::*;
    use simple_dns::rdata::{A, AAAA, CNAME};
    use simple_dns::{Packet, PacketFlag, RCODE, ResourceRecord};

    use super::*;

    fn asked(record: AddressKind) -> Query {
        Query { id: 7, name: "www.example.jp".to_owned(), record }
    }

    fn reply(query: &Query, change: impl FnOnce(&mut Packet<'_>)) -> Vec<u8> {
        let bytes = query.bytes().unwrap();
        let mut packet = Packet::parse(&bytes).unwrap().into_reply();
        change(&mut packet);
        packet.build_bytes_vec_compressed().unwrap()
    }

    fn record<'a>(name: &'a str, data: RData<'a>) -> ResourceRecord<'a> {
        ResourceRecord::new(Name::new(name).unwrap(), CLASS::IN, 60, data)
    }

    fn four(address: [u8; 4]) -> RData<'static> {
        RData::A(A { address: Ipv4Addr::from(address).into() })
    }

    #[test]
    fn addresses_are_read_through_aliases_and_of_the_kind_that_was_asked_for() {
        let query = asked(AddressKind::A);
        let bytes = reply(&query, |packet| {
            packet.answers = vec![
                record("WWW.example.jp", RData::CNAME(CNAME(Name::new("cdn.example.jp").unwrap()))),
                record("cdn.example.jp", four([192, 0, 2, 7])),
                record("stranger.example.jp", four([192, 0, 2, 8])),
            ];
        });
        assert_eq!(query.read(&bytes), Message::Answer(Answer::Addresses(vec![[192, 0, 2, 7].into()])));
        let query = asked(AddressKind::Aaaa);
        let address: Ipv6Addr = "2001:db8::7".parse().unwrap();
        let six = RData::AAAA(AAAA { address: address.into() });
        let bytes = reply(&query, |packet| packet.answers = vec![record("www.example.jp", six)]);
        assert_eq!(query.read(&bytes), Message::Answer(Answer::Addresses(vec![address.into()])));
        let bytes = reply(&query, |packet| packet.answers = vec![record("www.example.jp", four([192, 0, 2, 7]))]);
        assert_eq!(query.read(&bytes), Message::Answer(Answer::NoAddress));
    }

    #[test]
    fn aliases_that_lead_in_a_circle_end() {
        let query = asked(AddressKind::A);
        let circle = CNAME(Name::new("www.example.jp").unwrap());
        let bytes = reply(&query, |packet| packet.answers = vec![record("www.example.jp", RData::CNAME(circle))]);
        assert_eq!(query.read(&bytes), Message::Answer(Answer::NoAddress));
    }

    #[test]
    fn what_a_server_refuses_or_cannot_find_is_no_address() {
        for (code, answer) in [
            (RCODE::NameError, Answer::NoSuchName),
            (RCODE::Refused, Answer::Refused),
            (RCODE::ServerFailure, Answer::Failed),
            (RCODE::NoError, Answer::NoAddress),
        ] {
            let query = asked(AddressKind::A);
            assert_eq!(query.read(&reply(&query, |packet| *packet.rcode_mut() = code)), Message::Answer(answer));
        }
    }

    #[test]
    fn only_the_answer_to_this_question_counts() {
        let query = asked(AddressKind::A);
        let good = reply(&query, |packet| packet.answers = vec![record("www.example.jp", four([192, 0, 2, 7]))]);
        let other_id = Query { id: 8, ..query.clone() };
        let other_name = Query { name: "example.jp".to_owned(), ..query.clone() };
        let other_kind = Query { record: AddressKind::Aaaa, ..query.clone() };
        for other in [other_id, other_name, other_kind] {
            assert_eq!(other.read(&good), Message::NotOurs);
        }
        assert_eq!(query.read(&query.bytes().unwrap()), Message::NotOurs, "a question is no answer");
        assert_eq!(query.read(&good[..good.len() - 3]), Message::NotOurs);
    }

    #[test]
    fn an_answer_that_did_not_fit_is_asked_for_again_also_where_it_ends_in_a_record() {
        let query = asked(AddressKind::A);
        let bytes = reply(&query, |packet| {
            packet.set_flags(PacketFlag::TRUNCATION);
            packet.answers = vec![record("www.example.jp", four([192, 0, 2, 7]))];
        });
        assert_eq!(query.read(&bytes), Message::CutOff);
        assert_eq!(query.read(&bytes[..bytes.len() - 3]), Message::CutOff);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..600), at in 0..600_usize) {
            let query = asked(AddressKind::A);
            query.read(&bytes);
            // The same behind a header that is believed.
            let good = reply(&query, |packet| packet.answers = vec![record("www.example.jp", four([192, 0, 2, 7]))]);
            bytes.splice(..bytes.len().min(12), good[..12].iter().copied());
            query.read(&bytes);
            let mut changed = good;
            let place = at % changed.len();
            changed[place] = bytes[at % bytes.len()];
            query.read(&changed);
        }
    }
}
