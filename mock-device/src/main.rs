//! `mock-ix`: arguments in, routers up, a ready file, then waiting for the end.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use mock_device::{Mock, RouterSpec, Scenario, Start, TransportSpec};

/// Mock NEC UNIVERGE IX routers.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many prepared IX2215 routers on SSH.
    #[arg(long, default_value_t = 0, value_name = "N")]
    ssh: usize,
    /// How many factory-default IX2215 routers on a serial console of 9600 bit/s.
    #[arg(long, default_value_t = 0, value_name = "N")]
    serial: usize,
    /// How many prepared IX2215 routers on telnet.
    #[arg(long, default_value_t = 0, value_name = "N")]
    telnet: usize,
    /// The folder that holds a folder for each router: running.cfg, startup.cfg, events.jsonl, console.
    #[arg(long, value_name = "D")]
    state_dir: PathBuf,
    /// A scenario file with further routers.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// The file that lists the endpoints once all of them answer.
    #[arg(long, value_name = "F")]
    ready_file: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nothing left to do when even this cannot be written.
            let _ = writeln!(std::io::stderr(), "mock-ix: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut scenario = match &arguments.scenario {
        Some(path) => Scenario::from_yaml(&std::fs::read_to_string(path)?)?,
        None => Scenario::default(),
    };
    scenario.routers.extend(counted("ssh", arguments.ssh, TransportSpec::Ssh, Start::Prepared));
    let console = TransportSpec::Serial { baud: Some(9600) };
    scenario.routers.extend(counted("serial", arguments.serial, console, Start::FactoryDefault));
    scenario.routers.extend(counted("telnet", arguments.telnet, TransportSpec::Telnet, Start::Prepared));
    raise_file_limit();
    let mock = Mock::start(scenario, &arguments.state_dir)?;
    if let Some(path) = &arguments.ready_file {
        announce(&mock, path)?;
    }
    wait_for_end()?;
    drop(mock);
    Ok(())
}

fn counted(name: &str, count: usize, transport: TransportSpec, start: Start) -> impl Iterator<Item = RouterSpec> {
    (1..=count).map(move |number| RouterSpec {
        transports: vec![transport],
        start: start.clone(),
        hostname: Some(format!("ix-{name}-{number}")),
        password: format!("mock-{name}-{number}"),
        ..RouterSpec::new(format!("{name}-{number}"))
    })
}

/// Writes the ready file under another name first, so that no one reads half of it.
fn announce(mock: &Mock, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, mock.endpoints())?;
    file.persist(path)?;
    Ok(())
}

/// One router takes at least two files, one session two more: what the system allows at most is taken.
#[cfg(unix)]
fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Without more files fewer routers fit, which shows when they are opened.
    let _ = setrlimit(Resource::Nofile, limit);
}

#[cfg(not(unix))]
fn raise_file_limit() {}

#[cfg(unix)]
fn wait_for_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok(())
    })
}

#[cfg(not(unix))]
fn wait_for_end() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(tokio::signal::ctrl_c())
}
