//! What one session may cost in time and memory: every exchange with its two bounds, in one table. These are the
//! timeouts; they are changed in the inventory.
//!
//! Pure arithmetic; nothing here waits. The meter below all loops holds an exchange to its bound, `check -v` prints the table, a
//! transaction adds it up, and `docs/waits.md` repeats it under a test.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::settings::{Deadlines, Settings};
use crate::message::Text;
use crate::transport::{LinkKind, SESSION_BUDGET};

/// Memory that one session may take beyond an idle one, whatever its peer does. Half of it is the conversation's, half the
/// transport's.
pub const MEMORY: usize = SESSION_BUDGET;
/// Most bytes of one answer of a show command. It is held up to three times before the caller has it: as rows, as lines, as text.
pub const ANSWER: usize = MEMORY / 8;
/// Most bytes of any other exchange: banners, a boot, log lines between an echo and its prompt.
pub const SHORT: usize = 256 * 1024;
/// Bytes a second at which a long answer earns its time on a network. A slower one still has the time before its bytes count: at
/// 64 kbit/s that is a configuration of half a MiB.
const NETWORK_RATE: u64 = 64 * 1024;
/// The part of a line's speed that a long answer must keep up: three quarters, the rest is for the pager.
const SERIAL_RATE: (u64, u64) = (3, 4);
/// Bits on a serial line for one byte.
const BITS: u64 = 10;
/// Time that a long answer may earn by coming at all. A slow console shows less in it than [`ANSWER`].
const LONGEST: Duration = Duration::from_secs(10 * 60);
/// Silences of a boot that fit into its total.
pub(super) const BOOT_PAUSES: u32 = 4;
/// Silence on the way out at most, and how many of them fit into the whole of it.
const WAY_OUT: (Duration, u32) = (Duration::from_secs(5), 6);
/// Silences that fit into the whole of a type-ahead proof.
const PROOF_PAUSES: u32 = 5;
/// Lines of a window that share the time of one typed alone.
const SHARED: u32 = 4;
/// Lines that set a session up at most.
const SET_UP_LINES: u32 = 3;

/// Everything a session waits for as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exchange {
    /// Until the connection is open: name, connection, key exchange, authentication, a console server's port.
    Connect,
    /// From the open path to operation mode, login included.
    Login,
    /// The time that a booting router may take on top of a login.
    Boot,
    /// Finding the prompt again after an error.
    Look,
    /// The proof that lines may be typed ahead.
    TypeAhead,
    /// No pager, a wide terminal, no log lines; the proof included.
    SetUp,
    /// One line of configuration.
    Line,
    /// Lines in flight together.
    Window,
    /// A show command, a ping or a traceroute.
    Show,
    /// A save.
    Save,
    /// Generating a host key.
    HostKey,
    /// Out of configuration mode and out of the router, from wherever the session is.
    WayOut,
}

impl Exchange {
    /// All of them, in the order of a session.
    pub const ALL: [Self; 12] = [
        Self::Connect,
        Self::Login,
        Self::Boot,
        Self::Look,
        Self::TypeAhead,
        Self::SetUp,
        Self::Line,
        Self::Window,
        Self::Show,
        Self::Save,
        Self::HostKey,
        Self::WayOut,
    ];

    /// Its stable name, as in JSON and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Login => "login",
            Self::Boot => "boot",
            Self::Look => "look",
            Self::TypeAhead => "type-ahead",
            Self::SetUp => "set-up",
            Self::Line => "line",
            Self::Window => "window",
            Self::Show => "show",
            Self::Save => "save",
            Self::HostKey => "host-key",
            Self::WayOut => "way-out",
        }
    }

    /// Its name in messages.
    pub fn title(self) -> Text {
        let (en, ja) = match self {
            Self::Connect => ("connection", "接続"),
            Self::Login => ("login", "ログイン"),
            Self::Boot => ("boot, on top of a login", "起動待ち(ログインに加算)"),
            Self::Look => ("finding the prompt again", "プロンプトの再検出"),
            Self::TypeAhead => ("proof of type-ahead", "先行入力の確認"),
            Self::SetUp => ("set-up of the session", "セッションの初期設定"),
            Self::Line => ("configuration line", "設定行"),
            Self::Window => ("lines under way together", "まとめて送る設定行"),
            Self::Show => ("show command, ping", "show コマンド、ping"),
            Self::Save => ("save", "保存"),
            Self::HostKey => ("host key", "ホスト鍵の生成"),
            Self::WayOut => ("way out", "ログアウト"),
        };
        Text::new(en, ja)
    }

    /// The inventory's `deadlines:` key that its bounds follow.
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::Connect => Some("connect"),
            Self::Login | Self::Look | Self::WayOut => Some("login"),
            Self::Line | Self::Window | Self::SetUp => Some("command"),
            Self::Show => Some("read"),
            Self::Save => Some("save"),
            Self::Boot => Some("reload"),
            Self::TypeAhead | Self::HostKey => None,
        }
    }
}

/// How long one exchange may last and how much may come in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Longest time without a byte of what is waited for.
    pub silence: Duration,
    /// Longest time for the whole, whatever comes.
    pub total: Duration,
    /// Most bytes that may come.
    pub bytes: usize,
    /// Bytes a second that must come for the total to be reached; without them the exchange ends earlier.
    rate: Option<u64>,
}

impl Bound {
    fn new(silence: Duration, total: Duration) -> Self {
        Self { silence, total: total.max(silence), bytes: SHORT, rate: None }
    }

    /// The same for an answer that is allowed its size at its line's speed.
    fn sized(self, most: usize, rate: u64) -> Self {
        let bytes = most.min(usize::try_from(rate * LONGEST.as_secs()).unwrap_or(usize::MAX));
        Self { total: self.total + time(bytes, rate), bytes, rate: Some(rate), ..self }
    }

    /// How long the exchange may last once this many bytes have come.
    pub fn after(&self, bytes: usize) -> Duration {
        match self.rate {
            Some(rate) => self.total.saturating_sub(time(self.bytes.saturating_sub(bytes), rate)),
            None => self.total,
        }
    }
}

/// How long this many bytes take at this rate.
fn time(bytes: usize, rate: u64) -> Duration {
    Duration::from_millis(bytes as u64 * 1_000 / rate.max(1))
}

/// The bounds of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    deadlines: Deadlines,
    window: usize,
    answer: usize,
    rate: u64,
}

impl Bounds {
    /// Over a path of this kind, at this speed in bit/s where it is a serial line.
    pub fn of(settings: &Settings, kind: LinkKind, line_speed: Option<u32>) -> Self {
        let (part, whole) = SERIAL_RATE;
        let rate = line_speed.map_or(NETWORK_RATE, |speed| u64::from(speed) / BITS * part / whole);
        let window = if kind == LinkKind::Serial { 1 } else { settings.window };
        Self { deadlines: settings.deadlines, window, answer: settings.max_output, rate: rate.max(1) }
    }

    /// The bound of one exchange.
    pub fn bound(&self, exchange: Exchange) -> Bound {
        let waits = &self.deadlines;
        let line = Bound::new(waits.line, waits.line_total);
        let quick = waits.line.min(waits.wake);
        match exchange {
            Exchange::Connect => Bound::new(waits.connect, waits.connect),
            Exchange::Login => Bound::new(waits.login, waits.login_total),
            Exchange::Boot => Bound::new(waits.boot / BOOT_PAUSES, waits.boot),
            Exchange::Look => Bound::new(waits.wake, waits.login_total),
            Exchange::TypeAhead => Bound::new(quick, quick * PROOF_PAUSES),
            Exchange::SetUp => Bound::new(waits.line, line.total * SET_UP_LINES + quick * PROOF_PAUSES),
            Exchange::Line => line,
            Exchange::Window => {
                let lines = u32::try_from(self.window).unwrap_or(u32::MAX);
                Bound::new(waits.line, line.total.saturating_mul(lines.div_ceil(SHARED).max(1)))
            }
            Exchange::Show => Bound::new(waits.show, waits.show_total).sized(self.answer, self.rate),
            Exchange::Save => Bound::new(waits.save, waits.save_total),
            Exchange::HostKey => Bound::new(waits.host_key, waits.host_key),
            Exchange::WayOut => {
                let silence = waits.login.min(WAY_OUT.0);
                Bound::new(silence, silence * WAY_OUT.1)
            }
        }
    }

    /// Every exchange with its bound, in the order of a session.
    pub fn table(&self) -> impl Iterator<Item = (Exchange, Bound)> + '_ {
        Exchange::ALL.into_iter().map(|exchange| (exchange, self.bound(exchange)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ANSWER, Bounds, Exchange, MEMORY};
    use crate::session::Settings;
    use crate::transport::LinkKind;

    #[test]
    fn every_exchange_has_two_bounds_and_the_total_is_never_the_shorter() {
        let settings = Settings::default();
        for (kind, speed) in [(LinkKind::Ssh, None), (LinkKind::Serial, Some(9600)), (LinkKind::Serial, Some(115_200))]
        {
            let bounds = Bounds::of(&settings, kind, speed);
            for (exchange, bound) in bounds.table() {
                assert!(!bound.silence.is_zero() && bound.silence <= bound.total, "{exchange:?}: {bound:?}");
                assert!(bound.total <= Duration::from_secs(15 * 60), "{exchange:?}: {bound:?}");
                assert!(3 * bound.bytes <= MEMORY / 2, "{exchange:?}: {bound:?}");
            }
        }
    }

    #[test]
    fn a_long_answer_earns_its_time_by_its_bytes_and_a_drip_does_not() {
        let settings = Settings::default();
        let serial = Bounds::of(&settings, LinkKind::Serial, Some(9600)).bound(Exchange::Show);
        let waits = settings.deadlines;
        assert_eq!(serial.after(0), waits.show_total, "nothing has come");
        // A hundred KiB take 107 s at 9600 bit/s.
        assert!(serial.after(100 * 1024) > Duration::from_secs(107) + waits.show);
        assert_eq!(serial.after(serial.bytes), serial.total);
        assert!(serial.after(60) < waits.show_total + Duration::from_secs(1), "a byte a second");
        assert_eq!(Bounds::of(&settings, LinkKind::Ssh, None).bound(Exchange::Show).bytes, ANSWER);
        assert!(Bounds::of(&settings, LinkKind::Ssh, None).bound(Exchange::Line).after(0) == waits.line_total);
    }
}
