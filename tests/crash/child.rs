//! The program in a process of its own, with a disk that kills it, or fails, or a clock that is set, at a chosen write of the journal.
//!
//! The program that ships has no such switch: this test's own binary is started again and calls the same library.

use std::io;
use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use clap::Parser;
use ixdeploy::cli::{Cli, Context, Stream, dispatch};
use ixdeploy::journal::JournalHooks;

use crate::harness::Bench;

/// What happens at the journal's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing; the writes are counted.
    None,
    /// The process dies before this write, from 1.
    KilledBefore(usize),
    /// The process dies after this write, before anything else.
    KilledAfter(usize),
    /// The disk is full from this write on.
    FullFrom(usize),
    /// The disk is full for this write alone.
    FullAt(usize),
    /// The clock is set back by a year behind this write.
    ClockBackAfter(usize),
    /// The clock is a year ahead, and the process dies after this write: the resume runs with a clock that went back.
    AheadKilledAfter(usize),
}

const YEAR: Duration = Duration::from_secs(365 * 86_400);

impl Trouble {
    fn to_words(self) -> (&'static str, usize) {
        match self {
            Self::None => ("none", 0),
            Self::KilledBefore(at) => ("before", at),
            Self::KilledAfter(at) => ("after", at),
            Self::FullFrom(at) => ("full-from", at),
            Self::FullAt(at) => ("full-at", at),
            Self::ClockBackAfter(at) => ("clock-back-after", at),
            Self::AheadKilledAfter(at) => ("ahead-killed-after", at),
        }
    }

    fn from_words(word: &str, at: usize) -> Self {
        match word {
            "before" => Self::KilledBefore(at),
            "after" => Self::KilledAfter(at),
            "full-from" => Self::FullFrom(at),
            "full-at" => Self::FullAt(at),
            "clock-back-after" => Self::ClockBackAfter(at),
            "ahead-killed-after" => Self::AheadKilledAfter(at),
            _ => Self::None,
        }
    }
}

struct Troubled {
    trouble: Trouble,
    writes: AtomicUsize,
}

impl JournalHooks for Troubled {
    fn before_write(&self) -> io::Result<()> {
        let number = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        match self.trouble {
            Trouble::KilledBefore(at) if at == number => std::process::abort(),
            Trouble::FullFrom(at) if at <= number => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Trouble::FullAt(at) if at == number => Err(io::Error::from(io::ErrorKind::StorageFull)),
            _ => Ok(()),
        }
    }

    fn after_write(&self) {
        let number = self.writes.load(Ordering::SeqCst);
        if [Trouble::KilledAfter(number), Trouble::AheadKilledAfter(number)].contains(&self.trouble) {
            std::process::abort();
        }
    }

    fn now(&self) -> SystemTime {
        let now = SystemTime::now();
        match self.trouble {
            Trouble::ClockBackAfter(at) if at <= self.writes.load(Ordering::SeqCst) => now - YEAR,
            Trouble::AheadKilledAfter(_) => now + YEAR,
            _ => now,
        }
    }
}

/// Runs the program with trouble; its output comes as one.
pub fn run(bench: &Bench, words: &[&str], trouble: Trouble) -> (Output, usize) {
    let count = bench.path("writes");
    let _ = std::fs::remove_file(&count);
    let (word, at) = trouble.to_words();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    let output = command
        .args(["--ignored", "--exact", "child::child", "--nocapture"])
        .env_clear()
        .env("CRASH_WORDS", serde_json::to_string(words).unwrap())
        .env("CRASH_TROUBLE", word)
        .env("CRASH_AT", at.to_string())
        .env("CRASH_COUNT", &count)
        .env("IXDEPLOY_STATE_DIR", bench.path("state"))
        .env("TEST_ADMIN_PASSWORD", crate::harness::PASSWORD)
        .env("TEST_NEW_PASSWORD", crate::harness::DEVICE_SECRETS[2])
        .current_dir(bench.dir.path())
        .output()
        .unwrap();
    let writes = std::fs::read_to_string(&count).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    (output, writes)
}

#[test]
#[expect(clippy::exit, reason = "the child stands for the program: its exit status is the answer")]
#[ignore = "the other half of this binary: started by the tests"]
fn child() {
    let Ok(words) = std::env::var("CRASH_WORDS") else { return };
    let words: Vec<String> = serde_json::from_str(&words).unwrap();
    let variable = |name: &str| std::env::var(name).unwrap();
    let trouble = Trouble::from_words(&variable("CRASH_TROUBLE"), variable("CRASH_AT").parse().unwrap());
    let cli = Cli::parse_from(std::iter::once("ixdeploy".to_owned()).chain(words));
    let (out, err) = (Stream::new(io::stdout()), Stream::new(io::stderr()));
    let mut context = Context::new(&cli.global, out, err, ixdeploy::cancel::Cancel::default()).unwrap();
    let disk = Arc::new(Troubled { trouble, writes: AtomicUsize::new(0) });
    context.disk = Arc::clone(&disk) as Arc<dyn JournalHooks>;
    let exit = dispatch(&context, &cli.command);
    std::fs::write(PathBuf::from(variable("CRASH_COUNT")), disk.writes.load(Ordering::SeqCst).to_string()).unwrap();
    std::process::exit(i32::from(exit.status()));
}
