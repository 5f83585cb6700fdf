//! What is asked of a router, each question by a name that does not change.
//!
//! The names are what a checklist refers to. Three of them cannot be answered from one configuration alone: they also need the
//! journal and the other routers.

use serde::{Serialize, Serializer};

use crate::message::{Text, Wording};

/// Something that is asked of a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// It can be entered in a ledger. Answered with the record.
    Ledger,
    /// Its backup is proven. Answered with the record.
    VerifiedBackup,
    /// There is a way in over the network.
    RemoteMaintenance,
    /// Each such way is limited to sources.
    SourceRestricted,
    /// No way in is open that sends what is typed in clear.
    ClearTextClosed,
    /// An idle session ends.
    IdleLogout,
    /// Someone has to log in.
    Administrator,
    /// The passwords of users are kept as hashes.
    PasswordsHashed,
    /// A password is used more than once. Answered with the other routers.
    PasswordsShared,
    /// The SSH server is on.
    SshServer,
    /// The telnet server is on.
    TelnetServer,
    /// The web server is on.
    WebServer,
    /// The SNMP agent is on.
    SnmpAgent,
    /// It is managed by NetMeister.
    NetMeister,
    /// It answers name queries.
    DnsProxy,
    /// It hands out addresses.
    DhcpServer,
    /// It takes USB memory.
    UsbMemory,
    /// What comes in from the line is filtered.
    WanFilterIn,
    /// What goes out to the line is filtered.
    WanFilterOut,
    /// What comes in belongs to what went out.
    StatefulInspection,
}

/// Where a fact belongs in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The entry of a ledger.
    Ledger,
    /// Remote maintenance and its sources.
    Maintenance,
    /// Users and passwords.
    Users,
    /// Services.
    Services,
    /// The side of the line.
    Wan,
}

/// What is said of a fact.
struct Entry {
    name: &'static str,
    section: Section,
    question: Wording,
}

const fn entry(name: &'static str, section: Section, en: &'static str, ja: &'static str) -> Entry {
    Entry { name, section, question: Wording::new(en, ja) }
}

impl Fact {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 20] = [
        Self::Ledger,
        Self::VerifiedBackup,
        Self::RemoteMaintenance,
        Self::SourceRestricted,
        Self::ClearTextClosed,
        Self::IdleLogout,
        Self::Administrator,
        Self::PasswordsHashed,
        Self::PasswordsShared,
        Self::SshServer,
        Self::TelnetServer,
        Self::WebServer,
        Self::SnmpAgent,
        Self::NetMeister,
        Self::DnsProxy,
        Self::DhcpServer,
        Self::UsbMemory,
        Self::WanFilterIn,
        Self::WanFilterOut,
        Self::StatefulInspection,
    ];

    const fn entry(self) -> Entry {
        use Section::{Ledger, Maintenance, Services, Users, Wan};
        match self {
            Self::Ledger => entry(
                "ledger",
                Ledger,
                "Are model, serial number and firmware known?",
                "機種、製造番号、ファームウェアが分かっているか",
            ),
            Self::VerifiedBackup => entry(
                "verified-backup",
                Ledger,
                "Is the backup proven to be this router's, as it was read?",
                "このルータから読み出したままのバックアップであることが確認できるか",
            ),
            Self::RemoteMaintenance => entry(
                "remote-maintenance",
                Maintenance,
                "Is there a way to manage it over the network?",
                "ネットワーク経由の保守手段があるか",
            ),
            Self::SourceRestricted => entry(
                "source-restricted",
                Maintenance,
                "Is every such way limited to named sources?",
                "すべての保守手段で接続元が限定されているか",
            ),
            Self::ClearTextClosed => {
                entry("clear-text-closed", Maintenance, "Are telnet and HTTP closed?", "telnet と HTTP は閉じているか")
            }
            Self::IdleLogout => {
                entry("idle-logout", Maintenance, "Does an idle session end?", "無操作のセッションは終了するか")
            }
            Self::Administrator => entry(
                "administrator",
                Users,
                "Is an administrator registered, so that the router asks for a login?",
                "管理者が登録され、ログインが求められるか",
            ),
            Self::PasswordsHashed => entry(
                "passwords-hashed",
                Users,
                "Are the passwords of all users kept as hashes?",
                "すべてのユーザのパスワードがハッシュで保存されているか",
            ),
            Self::PasswordsShared => entry(
                "passwords-shared",
                Users,
                "Is a password of its users used more than once in the inventory?",
                "ユーザのパスワードがインベントリ内で共用されているか",
            ),
            Self::SshServer => entry("ssh-server", Services, "Is the SSH server on?", "SSH サーバは有効か"),
            Self::TelnetServer => entry("telnet-server", Services, "Is the telnet server on?", "telnet サーバは有効か"),
            Self::WebServer => entry("web-server", Services, "Is the web server on?", "Web サーバは有効か"),
            Self::SnmpAgent => entry("snmp-agent", Services, "Is the SNMP agent on?", "SNMP エージェントは有効か"),
            Self::NetMeister => {
                entry("netmeister", Services, "Is it managed by NetMeister?", "NetMeister で管理されているか")
            }
            Self::DnsProxy => entry("dns-proxy", Services, "Is the DNS proxy on?", "プロキシ DNS は有効か"),
            Self::DhcpServer => entry("dhcp-server", Services, "Is a DHCP server on?", "DHCP サーバは有効か"),
            Self::UsbMemory => entry("usb-memory", Services, "Is USB memory enabled?", "USB メモリは有効か"),
            Self::WanFilterIn => entry(
                "wan-filter-in",
                Wan,
                "Is what comes in from the line filtered?",
                "回線側からの受信にフィルタがあるか",
            ),
            Self::WanFilterOut => entry(
                "wan-filter-out",
                Wan,
                "Is what goes out to the line filtered?",
                "回線側への送信にフィルタがあるか",
            ),
            Self::StatefulInspection => entry(
                "stateful-inspection",
                Wan,
                "Do filters on the line keep track of connections (dynamic access lists)?",
                "回線側のフィルタはステートフル(ダイナミックアクセスリスト)か",
            ),
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// Where it belongs.
    pub fn section(self) -> Section {
        self.entry().section
    }

    /// The question.
    pub fn question(self) -> Wording {
        self.entry().question
    }

    /// Each with its name.
    pub fn choices() -> [(&'static str, Self); Self::ALL.len()] {
        Self::ALL.map(|fact| (fact.name(), fact))
    }
}

/// By its name.
impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

/// An answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was asked.
    pub fact: Fact,
    /// The answer.
    pub answer: Answer,
    /// The lines it rests on, masked, each behind the headers of its blocks.
    pub lines: Vec<String>,
    /// Why it is not known, or what else belongs to the answer.
    pub reasons: Vec<Text>,
}

/// What a configuration answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is not so.
    No,
    /// It is not known for sure, and why is said.
    NotKnown,
    /// It is so.
    Yes,
}

impl Answer {
    /// Whether all of them are so: one that is not decides, and then one that is not known.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        answers.into_iter().min().unwrap_or(Self::Yes)
    }

    /// Whether any of them is so.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        answers.into_iter().max().unwrap_or(Self::No)
    }

    /// The word for it, as it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotKnown => "not-known",
        }
    }
}
