//! How this router answers where the fact sheets do not know: readings that a scenario may choose, and the invented texts.

use serde::{Deserialize, Serialize};

/// What entering the same access-list entry twice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicate {
    /// Nothing.
    #[default]
    Ignore,
    /// It appears twice.
    Append,
    /// The line is refused.
    Refuse,
}

/// What a filter that names a list which does not exist does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingList {
    /// It is accepted.
    #[default]
    Accept,
    /// The line is refused.
    Refuse,
}

/// What binding a filter to a sequence number that is taken does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rebind {
    /// The new filter replaces the old one.
    #[default]
    Replace,
    /// Both stay.
    Add,
    /// The line is refused.
    Refuse,
}

/// What an IPv4 address does whose network another interface of the VRF has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlap {
    /// It is accepted.
    #[default]
    Accept,
    /// The line is refused.
    Refuse,
}

/// Which form of a description's removal the router takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoDescription {
    /// `no description` and `no description TEXT`.
    #[default]
    Both,
    /// Only `no description`; the one with the text is refused.
    RefuseText,
    /// Only `no description`; the one with the text is accepted and takes nothing away.
    IgnoreText,
    /// Only `no description TEXT`; the one without is refused.
    NeedText,
}

/// What entering a vlan-group again with other ports does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupAgain {
    /// The new ports replace the old ones.
    #[default]
    Replace,
    /// The new ports come to the old ones.
    Add,
    /// The line is refused.
    Refuse,
}

/// What `no` of a line that is not there does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    /// Nothing.
    #[default]
    Accept,
    /// The line is refused.
    Refuse,
}

/// How the startup configuration shows when nothing was ever saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyStartup {
    /// A line that says zero bytes are in use.
    #[default]
    Zero,
    /// The command is refused.
    Refuse,
}

/// What happens to the lock when the session that holds it is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadLock {
    /// It is free at once.
    #[default]
    Freed,
    /// It is held back this many milliseconds.
    HeldMillis(u64),
    /// It is held until someone takes it.
    HeldForever,
}

/// What a session sees whose path to the router is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// The connection closes.
    #[default]
    Close,
    /// Nothing more, ever.
    Hang,
}

/// What a refused line's diagnostic quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quote {
    /// The word that does not fit.
    #[default]
    OffendingWord,
    /// The first word.
    FirstWord,
    /// The whole line.
    WholeLine,
}

/// How the pager's prompt is wiped from the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PagerErase {
    /// Carriage return, eight blanks, carriage return.
    #[default]
    Return,
    /// Eight times backspace, eight blanks, eight times backspace.
    Backspace,
}

/// Which SSH algorithms the router offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithms {
    /// The set observed on a 10.9 router.
    #[default]
    Observed,
    /// A guess at old firmware: group 14 and group 1 with SHA-1, CBC, HMAC-SHA1.
    Old,
    /// No router's: all that the mock's own library has, with a host key of each type, to try a client's algorithms one by one.
    All,
}

/// What the fact sheets leave open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Readings {
    /// The same access-list entry twice.
    pub duplicate_entry: Duplicate,
    /// A filter naming a list that is not there.
    pub missing_list: MissingList,
    /// A filter on a sequence number that is taken.
    pub rebind: Rebind,
    /// An address in a network that is used elsewhere.
    pub overlap: Overlap,
    /// A vlan-group that is there already.
    pub group_again: GroupAgain,
    /// `no` of something that is not there.
    pub absent: Absent,
    /// Which form of `no description` it takes.
    pub no_description: NoDescription,
    /// Whether a VRF must be declared with `ip vrf NAME` before an interface may join it.
    pub vrf_declared: bool,
    /// Whether leaving a VRF deletes the address, as joining one does.
    pub leaving_vrf_drops_address: bool,
    /// Whether the router enters `auto-connect` by itself below a new `encapsulation dot1q`.
    pub makes_auto_connect: bool,
    /// Whether `ppp binding` and `ip address ipcp` want an encapsulation of PPP, which stays while one is bound and takes
    /// `auto-connect` along when it goes.
    pub ppp_wants_encapsulation: bool,
    /// Whether the provider's router is among the neighbours of an interface that asks for a prefix where one is only advertised.
    pub advertiser_seen: bool,
    /// Whether a BGP neighbour's other lines go with its `remote-as`.
    pub peer_takes_lines_along: bool,
    /// Whether a switch port may move from one vlan-group to another without leaving the first.
    pub port_may_move: bool,
    /// The startup configuration before the first save.
    pub empty_startup: EmptyStartup,
    /// The lock of a lost session.
    pub dead_lock: DeadLock,
    /// Whether what an evicted session has typed ahead finds it outside configuration mode already; otherwise it is still
    /// carried out.
    pub eviction_at_once: bool,
    /// What a session sees when its path is gone.
    pub cut: Cut,
    /// What a refused line quotes.
    pub quote: Quote,
    /// The bytes that wipe the pager's prompt.
    pub pager_erase: PagerErase,
    /// Whether the SSH server needs a generated host key; otherwise one appears by itself.
    pub host_key_needed: bool,
    /// The SSH algorithms.
    pub algorithms: Algorithms,
    /// Whether the size an SSH client asks for counts.
    pub honour_pty_size: bool,
    /// Whether a telnet client that refuses ECHO, SGA or NAWS is cut off.
    pub telnet_strict: bool,
    /// How many Returns a console swallows before it answers for the first time.
    pub quiet_returns: u32,
    /// Seconds without input until a session is logged out; 0 is never.
    pub idle_seconds: u64,
    /// Minutes that the router has been up when the mock starts it.
    pub up_minutes: u64,
    /// How many sessions may be open at once; 0 is any number.
    pub max_sessions: usize,
    /// Wrong passwords until a login is broken off.
    pub login_tries: u32,
    /// Bytes kept of what is typed while a command runs; the rest is lost.
    pub type_ahead: usize,
    /// The longest line the editor takes, in bytes; what is typed beyond it is neither kept nor echoed.
    pub max_line: usize,
    /// Milliseconds a save takes.
    pub save_millis: u64,
    /// Whether a save goes on when the session that ordered it is gone.
    pub save_goes_on: bool,
    /// Milliseconds a restart takes.
    pub boot_millis: u64,
    /// Milliseconds every command takes.
    pub think_millis: u64,
    /// The texts.
    pub texts: Texts,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            duplicate_entry: Duplicate::default(),
            missing_list: MissingList::default(),
            rebind: Rebind::default(),
            overlap: Overlap::default(),
            group_again: GroupAgain::default(),
            absent: Absent::default(),
            no_description: NoDescription::default(),
            vrf_declared: false,
            leaving_vrf_drops_address: true,
            makes_auto_connect: false,
            ppp_wants_encapsulation: false,
            advertiser_seen: false,
            peer_takes_lines_along: false,
            port_may_move: true,
            empty_startup: EmptyStartup::default(),
            dead_lock: DeadLock::default(),
            eviction_at_once: false,
            cut: Cut::default(),
            quote: Quote::default(),
            pager_erase: PagerErase::default(),
            host_key_needed: true,
            algorithms: Algorithms::default(),
            honour_pty_size: false,
            telnet_strict: true,
            quiet_returns: 0,
            idle_seconds: 0,
            up_minutes: 0,
            max_sessions: 0,
            login_tries: 3,
            type_ahead: 4096,
            max_line: 4096,
            save_millis: 0,
            save_goes_on: true,
            boot_millis: 0,
            think_millis: 0,
            texts: Texts::default(),
        }
    }
}

/// The texts no source attests word by word, and the attested ones beside them that a scenario may vary.
/// `{0}` is the quoted word, line or name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the text of what its name says")]
pub struct Texts {
    pub invalid: String,
    pub ambiguous: String,
    pub incomplete: String,
    pub out_of_range: String,
    pub monitor: String,
    pub no_interface: String,
    pub duplicate: String,
    pub no_list: String,
    pub sequence_taken: String,
    pub absent: String,
    pub no_vrf: String,
    pub port: String,
    pub fixed: String,
    pub occupied: Vec<String>,
    pub evicted: String,
    pub user_added: String,
    pub user_changed: String,
    pub interface_created: String,
    pub restart_needed: String,
    pub login_failed: String,
    pub no_startup: String,
    pub save_failed: String,
}

impl Default for Texts {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            invalid: text("% {0}  -- Invalid command."),
            ambiguous: text("% {0}  -- Ambiguous command."),
            incomplete: text("% Expects a subcommand or item selection."),
            out_of_range: text("% {0}  -- Out of range."),
            monitor: text("?Invalid command"),
            no_interface: text("% {0}  -- Invalid interface."),
            duplicate: text("% {0}  -- Entry already exists."),
            no_list: text("% {0}  -- Access list not found."),
            sequence_taken: text("% {0}  -- Sequence number already exists."),
            absent: text("% {0}  -- Not found."),
            no_vrf: text("% {0}  -- VRF not found."),
            port: text("% {0}  -- Invalid port."),
            fixed: text("% {0}  -- Cannot be removed."),
            occupied: vec![
                text("% CONFIG process is occupied."),
                text("% You may use `svintr-config' command with administrator privilege."),
            ],
            evicted: text("% CONFIG process was taken over by another user."),
            user_added: text("% User '{0}' has been added."),
            user_changed: text("% User '{0}' has been added."),
            interface_created: text("% Interface {0} has been created."),
            restart_needed: text("% You must restart the router for this configuration to take effect."),
            login_failed: text("% Login incorrect."),
            no_startup: text("% startup-config  -- Not found."),
            save_failed: text("% Startup configuration write failed."),
        }
    }
}
