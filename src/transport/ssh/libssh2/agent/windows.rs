//! Carries between the library and OpenSSH's agent on Windows, until a deadline and up to a number of bytes.
//!
//! It understands nothing of what it carries, and keeps none of it. Pageant is another matter: the library asks it first where it runs, by
//! messages between windows, between which nothing can be. There the library waits as long as Pageant likes.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ssh2::Agent;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{timeout, timeout_at};

/// What names the agent's pipe.
const SOCKET: &str = "SSH_AUTH_SOCK";
/// The pipe where nothing names one.
const AGENT: &str = r"\\.\pipe\openssh-ssh-agent";
/// Bytes carried in both directions altogether: a thousand keys, and a signature with each.
const LARGEST: usize = 4 * 1024 * 1024;
/// Bytes in flight in one direction.
const PORTION: usize = 8 * 1024;

/// A running relay. It ends when the library closes its end, when the agent does, or at its bounds.
pub(super) struct AgentRelay {
    shared: Arc<Shared>,
}

struct Shared {
    until: Mutex<Instant>,
    cut: AtomicBool,
}

impl Shared {
    fn new(until: Instant) -> Arc<Self> {
        Arc::new(Self { until: Mutex::new(until), cut: AtomicBool::new(false) })
    }

    fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AgentRelay {
    /// The deadline from now on; not earlier than before. Without an effect on Pageant.
    pub(super) fn allow_until(&self, deadline: Instant) {
        let mut until = self.shared.until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = deadline.max(*until);
    }

    /// Whether it came to one of its bounds.
    pub(super) fn was_cut(&self) -> bool {
        self.shared.cut.load(Ordering::Acquire)
    }
}

/// Joins the library to Pageant where it runs, or else to the agent that the environment names or that Windows has; otherwise the reason.
pub(super) fn relay_agent(agent: &mut Agent, until: Instant) -> Result<AgentRelay, String> {
    let words = |error: io::Error| error.to_string();
    let runtime = Builder::new_current_thread().enable_all().build().map_err(words)?;
    let place = place().map_err(|error| error.to_string())?;
    let ends = {
        let _within = runtime.enter();
        let near = ServerOptions::new().first_pipe_instance(true).max_instances(1).create(&place).map_err(words)?;
        // Without an agent behind it the place is gone again, and Pageant alone is left. One whose pipes are all taken is passed over: the
        // library would wait for it.
        ClientOptions::new().open(agent_path()).ok().map(|far| Ends { near, far })
    };
    agent.set_identity_path(Path::new(&place)).map_err(|error| error.message().to_owned())?;
    agent.connect().map_err(|error| error.message().to_owned())?;
    let shared = Shared::new(until);
    if let Some(ends) = ends
        && runtime.block_on(async { timeout(Duration::ZERO, ends.near.connect()).await }).is_ok()
    {
        carry_aside(runtime, ends, Arc::clone(&shared)).map_err(words)?;
    }
    Ok(AgentRelay { shared })
}

/// A pipe's name that nothing else has.
fn place() -> Result<String, getrandom::Error> {
    let mut tail = [0_u8; 16];
    getrandom::fill(&mut tail)?;
    Ok(format!(r"\\.\pipe\ixdeploy-agent-{:032x}", u128::from_ne_bytes(tail)))
}

fn agent_path() -> OsString {
    env::var_os(SOCKET).filter(|named| !named.is_empty()).unwrap_or_else(|| AGENT.into())
}

/// The two pipes: to the library, and to the agent.
struct Ends {
    near: NamedPipeServer,
    far: NamedPipeClient,
}

/// Carries in a thread of its own.
fn carry_aside(runtime: Runtime, mut ends: Ends, shared: Arc<Shared>) -> io::Result<()> {
    let carry = move || {
        // Said before the ends are closed: who sees the end knows why.
        if runtime.block_on(carry(&mut ends, &shared)) == End::Bound {
            shared.cut.store(true, Ordering::Release);
        }
    };
    thread::Builder::new().name("agent".to_owned()).spawn(carry).map(|_| ())
}

/// Why a relay came to its end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// One side closed, or broke.
    Closed,
    /// The time was up, or too much came.
    Bound,
}

/// Carries what comes from either side to the other one.
async fn carry(Ends { near, far }: &mut Ends, shared: &Shared) -> End {
    let (mut outwards, mut inwards) = (vec![0_u8; PORTION], vec![0_u8; PORTION]);
    let mut left = LARGEST;
    loop {
        let until = shared.until();
        let come = timeout_at(until.into(), async {
            tokio::select! {
                count = near.read(&mut outwards) => count.map(|count| (count, true)),
                count = far.read(&mut inwards) => count.map(|count| (count, false)),
            }
        });
        let (count, is_question) = match come.await {
            Ok(Ok((0, _)) | Err(_)) => return End::Closed,
            Ok(Ok(come)) => come,
            // The deadline has been moved meanwhile.
            Err(_) if until < shared.until() => continue,
            Err(_) => return End::Bound,
        };
        let Some(rest) = left.checked_sub(count) else { return End::Bound };
        left = rest;
        let sent = async {
            if is_question {
                far.write_all(outwards.get(..count).unwrap_or_default()).await
            } else {
                near.write_all(inwards.get(..count).unwrap_or_default()).await
            }
        };
        match timeout_at(shared.until().into(), sent).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return End::Closed,
            Err(_) => return End::Bound,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::time::{Duration, Instant};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};
    use tokio::runtime::Builder;
    use tokio::time::timeout;

    use super::{End, Ends, Shared, carry};

    /// A pipe with both its ends, joined as the relay joins them.
    async fn pipe(name: &str) -> (NamedPipeServer, NamedPipeClient) {
        let name = format!(r"\\.\pipe\ixdeploy-test-{}-{name}", std::process::id());
        let server = ServerOptions::new().create(&name).unwrap();
        let client = ClientOptions::new().open(&name).unwrap();
        timeout(Duration::ZERO, server.connect()).await.unwrap().unwrap();
        (server, client)
    }

    #[test]
    fn a_question_and_its_answer_arrive_and_a_silent_agent_is_given_up_at_the_deadline() {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let end = runtime.block_on(async {
            let (near, mut library) = pipe("library").await;
            let (mut agent, far) = pipe("agent").await;
            let shared = Shared::new(Instant::now() + Duration::from_millis(300));
            let mut ends = Ends { near, far };
            let talk = async {
                library.write_all(b"which keys?").await.unwrap();
                let mut question = [0; 11];
                agent.read_exact(&mut question).await.unwrap();
                assert_eq!(&question, b"which keys?");
                agent.write_all(&[7; 3000]).await.unwrap();
                let mut answer = [0; 3000];
                library.read_exact(&mut answer).await.unwrap();
                assert_eq!(answer, [7; 3000]);
                library.write_all(b"sign").await.unwrap();
            };
            tokio::join!(carry(&mut ends, &shared), talk).0
        });
        assert_eq!(end, End::Bound);
    }
}
