//! What can go wrong with a mock router, and when.

use regex::Regex;
use serde::{Deserialize, Serialize};

/// The line at which a fault strikes. All conditions that are given must hold; none given means the next line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// The Nth line received since the fault was set, empty ones not counted; 1 is the first.
    pub line: Option<u64>,
    /// The Nth configuration line received since the fault was set: typed in configuration mode and changing it.
    pub config_line: Option<u64>,
    /// A regular expression the line must match.
    pub matching: Option<String>,
    /// Strike once the router has received this many bytes, counted over all its sessions since the fault was set.
    pub byte: Option<u64>,
}

impl When {
    /// At the Nth line.
    pub fn line(number: u64) -> Self {
        Self { line: Some(number), ..Self::default() }
    }

    /// At the Nth configuration line.
    pub fn config_line(number: u64) -> Self {
        Self { config_line: Some(number), ..Self::default() }
    }

    /// At a line that matches.
    pub fn matching(pattern: impl Into<String>) -> Self {
        Self { matching: Some(pattern.into()), ..Self::default() }
    }

    /// After the Nth byte.
    pub fn byte(number: u64) -> Self {
        Self { byte: Some(number), ..Self::default() }
    }
}

/// How a save goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaveFault {
    /// It says so and writes nothing.
    Fails,
    /// It looks like success, and nothing was written.
    Silent,
    /// It looks like success, and startup lacks the lines that match.
    Loses(String),
    /// The link is cut before anything was written.
    CutBefore,
    /// The link is cut after everything was written, before the prompt.
    CutAfter,
}

/// One fault. `times` is how often it strikes; 0 is every time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// A line is refused.
    Refuse {
        /// Which line.
        #[serde(default)]
        when: When,
        /// The diagnostic; by default that of an unknown command. `{0}` is what it quotes.
        #[serde(default)]
        text: Option<String>,
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// The link is cut.
    Drop {
        /// When.
        #[serde(default)]
        when: When,
        /// Whether the line that triggered it was carried out first.
        #[serde(default = "yes")]
        executed: bool,
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// The session stops answering, its connection stays.
    Freeze {
        /// When.
        #[serde(default)]
        when: When,
    },
    /// The session says an `x` again and again and answers no more; its connection stays.
    Drip {
        /// From which line on, which is not carried out.
        #[serde(default)]
        when: When,
        /// Milliseconds between one and the next.
        millis: u64,
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// A log line appears on the terminal in the middle of an answer.
    LogLine {
        /// In the answer to which line.
        #[serde(default)]
        when: When,
        /// The line.
        text: String,
        /// After how many lines of the answer.
        #[serde(default)]
        after_output_lines: usize,
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// A log line appears at once, on every terminal.
    LogNow {
        /// The line.
        text: String,
    },
    /// The provider changes the line at once.
    LineNow {
        /// The prefix that it delegates from now on.
        #[serde(default)]
        delegated: Option<String>,
        /// The prefix that it advertises from now on.
        #[serde(default)]
        advertised: Option<String>,
    },
    /// A save goes wrong.
    Save {
        /// How.
        how: SaveFault,
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// A colleague takes the configuration lock away from its holder.
    LockTaken {
        /// After which line.
        #[serde(default)]
        when: When,
        /// Whether the colleague keeps it.
        #[serde(default = "yes")]
        kept: bool,
    },
    /// A colleague holds the configuration lock from the start.
    LockHeld {
        /// How many attempts to take it are refused before it is free; nothing lasts forever.
        #[serde(default)]
        attempts: Option<u32>,
    },
    /// Logins are refused although the password is right.
    LoginRefused {
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// The SSH host key is another one.
    HostKeyChanged,
    /// The router restarts by itself.
    Reboot {
        /// After which line.
        #[serde(default)]
        when: When,
    },
    /// Someone sets the router's clock: it says that it started at another time.
    ClockSet {
        /// After which line.
        #[serde(default)]
        when: When,
        /// How many seconds later it says.
        seconds: u64,
    },
    /// A line takes its time.
    Slow {
        /// Which line.
        #[serde(default)]
        when: When,
        /// How long, in milliseconds.
        millis: u64,
        /// How often.
        #[serde(default = "once")]
        times: u32,
    },
    /// Characters typed at the router get lost, one in this many on average.
    CharacterLoss {
        /// One in how many.
        one_in: u32,
    },
    /// Characters typed at the router arrive twice, one in this many on average.
    CharacterDoubled {
        /// One in how many.
        one_in: u32,
    },
    /// A colleague's lines are applied to the running configuration, without the colleague being seen.
    ColleagueLines {
        /// After which of our lines; at the start when nothing is said.
        #[serde(default)]
        when: Option<When>,
        /// The lines, from global configuration mode.
        lines: Vec<String>,
    },
    /// Everyone who logs in has monitor right only.
    Monitor,
}

fn once() -> u32 {
    1
}

fn yes() -> bool {
    true
}

impl Fault {
    /// A refused line.
    pub fn refuse(when: When) -> Self {
        Self::Refuse { when, text: None, times: 1 }
    }

    /// A link cut after a line was carried out, before its answer.
    pub fn drop_link(when: When) -> Self {
        Self::Drop { when, executed: true, times: 1 }
    }

    /// When it strikes, for those that strike at a line.
    pub fn when(&self) -> Option<&When> {
        match self {
            Self::Refuse { when, .. }
            | Self::Drop { when, .. }
            | Self::Freeze { when }
            | Self::Drip { when, .. }
            | Self::LogLine { when, .. }
            | Self::LockTaken { when, .. }
            | Self::Reboot { when }
            | Self::ClockSet { when, .. }
            | Self::Slow { when, .. } => Some(when),
            Self::ColleagueLines { when, .. } => when.as_ref(),
            _ => None,
        }
    }

    fn times(&self) -> u32 {
        match self {
            Self::Refuse { times, .. }
            | Self::Drop { times, .. }
            | Self::LogLine { times, .. }
            | Self::Save { times, .. }
            | Self::LoginRefused { times }
            | Self::Drip { times, .. }
            | Self::Slow { times, .. } => *times,
            Self::Freeze { .. }
            | Self::LockTaken { .. }
            | Self::Reboot { .. }
            | Self::ClockSet { .. }
            | Self::ColleagueLines { .. } => 1,
            Self::LockHeld { attempts } => attempts.unwrap_or(0),
            _ => 0,
        }
    }
}

/// A fault with its own counters.
#[derive(Debug)]
pub struct Armed {
    /// The fault.
    pub fault: Fault,
    pattern: Option<Regex>,
    lines: u64,
    config_lines: u64,
    bytes: u64,
    struck: u32,
}

impl Armed {
    /// Sets a fault; its counters start here.
    ///
    /// # Errors
    /// When a regular expression in it is invalid.
    pub fn new(fault: Fault) -> Result<Self, regex::Error> {
        let pattern = fault.when().and_then(|when| when.matching.as_deref()).map(Regex::new).transpose()?;
        if let Fault::Save { how: SaveFault::Loses(lines), .. } = &fault {
            Regex::new(lines)?;
        }
        Ok(Self { fault, pattern, lines: 0, config_lines: 0, bytes: 0, struck: 0 })
    }

    /// Whether it has struck as often as it may.
    pub fn spent(&self) -> bool {
        let times = self.fault.times();
        times != 0 && self.struck >= times
    }

    /// Notes that it struck.
    pub fn strike(&mut self) {
        self.struck += 1;
    }

    /// Counts a received line and says whether the fault strikes at it.
    pub fn meets(&mut self, line: &str, is_config: bool) -> bool {
        self.lines += 1;
        self.config_lines += u64::from(is_config);
        let Some(when) = self.fault.when() else { return false };
        if self.spent() || when.byte.is_some() {
            return false;
        }
        when.line.is_none_or(|number| number == self.lines)
            && when.config_line.is_none_or(|number| is_config && number == self.config_lines)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(line))
    }

    /// Counts received bytes and says whether the fault strikes at them.
    pub fn meets_byte(&mut self) -> bool {
        self.bytes += 1;
        let at = self.fault.when().and_then(|when| when.byte);
        !self.spent() && at == Some(self.bytes)
    }
}
