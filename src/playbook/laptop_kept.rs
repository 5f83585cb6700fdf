//! A test from the laptop as a plan file keeps it.
//!
//! A file may come from anyone: what it says is held to the same rules as what a role says.

use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::laptop::{AddressKind, Attempt, LONGEST, LaptopCheck, LaptopTest, host_name, name_server, network, peer};
use super::phase::Phase;
use crate::message::Text;

/// A test, with its addresses as they are written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptCheck {
    name: String,
    role: String,
    title: Text,
    #[serde(rename = "clinic")]
    phase: Phase,
    lan: String,
    attempt: KeptAttempt,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    negative: bool,
    within: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum KeptAttempt {
    Resolve { name: String, r#type: AddressKind, server: String },
    Connect(String),
}

impl Serialize for LaptopCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        KeptCheck::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LaptopCheck {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        KeptCheck::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

impl From<LaptopCheck> for KeptCheck {
    fn from(check: LaptopCheck) -> Self {
        let LaptopCheck { name, role, title, phase, test } = check;
        let LaptopTest { lan, attempt, is_negative, within } = test;
        let attempt = match attempt {
            Attempt::Resolve { name, record, server } => {
                KeptAttempt::Resolve { name, r#type: record, server: server.to_string() }
            }
            Attempt::Connect { to } => KeptAttempt::Connect(to.to_string()),
        };
        let (lan, within) = (lan.to_string(), within.as_secs());
        Self { name, role, title, phase, lan, attempt, negative: is_negative, within }
    }
}

impl TryFrom<KeptCheck> for LaptopCheck {
    type Error = &'static str;

    fn try_from(kept: KeptCheck) -> Result<Self, Self::Error> {
        let KeptCheck { name, role, title, phase, lan, attempt, negative, within } = kept;
        if [&name, &role, &title.en, &title.ja].into_iter().any(|text| text.contains(char::is_control)) {
            return Err("a test from the laptop has a control character");
        }
        let attempt = match attempt {
            KeptAttempt::Resolve { name, r#type, server } => Attempt::Resolve {
                name: host_name(&name).map_err(|_| "a test from the laptop asks for a name that is none")?,
                record: r#type,
                server: name_server(&server).map_err(|_| "a test from the laptop asks at an address that is none")?,
            },
            KeptAttempt::Connect(to) => Attempt::Connect {
                to: peer(&to).map_err(|_| "a test from the laptop connects to an address that is none")?,
            },
        };
        if !(1..=LONGEST).contains(&within) {
            return Err("a test from the laptop takes a time that no role may give it");
        }
        let lan = network(&lan).map_err(|_| "a test from the laptop is in a network that is none")?;
        let test = LaptopTest { lan, attempt, is_negative: negative, within: Duration::from_secs(within) };
        Ok(Self { name, role, title, phase, test })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::LaptopCheck;

    const RESOLVES: &str = r#"{"name":"dns-proxy","role":"router3","title":{"en":"the proxy answers","ja":"応答"},"clinic":true,"lan":"192.168.0.0/24","attempt":{"resolve":{"name":"www.example.jp","type":"AAAA","server":"[2001:db8::1]:53"}},"within":20}"#;
    const CLOSED: &str = r#"{"name":"closed","role":"router2","title":{"en":"","ja":""},"clinic":false,"lan":"2001:db8::/64","attempt":{"connect":"192.168.1.10:445"},"negative":true,"within":10}"#;

    #[test]
    fn a_test_is_read_as_it_was_kept_and_is_kept_as_it_was_read() {
        for kept in [RESOLVES, CLOSED] {
            let test: LaptopCheck = serde_json::from_str(kept).unwrap();
            assert_eq!(serde_json::to_string(&test).unwrap(), kept);
        }
    }

    #[test]
    fn what_no_role_may_declare_is_no_test_of_a_file_either() {
        for (kept, from, to) in [
            (RESOLVES, "192.168.0.0/24", "192.168.0"),
            (RESOLVES, "[2001:db8::1]:53", "[fe80::1]:53"),
            (RESOLVES, "www.example.jp", "www example.jp"),
            (RESOLVES, "AAAA", "ANY"),
            (RESOLVES, "dns-proxy", r"dns\u001bproxy"),
            (RESOLVES, r#""within":20"#, r#""within":601"#),
            (RESOLVES, r#""within":20"#, r#""within":20,"command":"reload""#),
            (CLOSED, "192.168.1.10:445", "224.0.0.1:445"),
            (CLOSED, "192.168.1.10:445", "192.168.1.10"),
            (CLOSED, r#""within":10"#, r#""within":0"#),
        ] {
            assert!(kept.contains(from), "{from}");
            let read = serde_json::from_str::<LaptopCheck>(&kept.replace(from, to));
            assert!(read.is_err(), "{to}: {read:?}");
        }
    }
}
