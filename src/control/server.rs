//! The listening side: one thread of the process that carries out a run.
//!
//! Each connection is one question with a deadline for its whole line. Only so many are open at once; one more closes the oldest, so that
//! a flood cannot keep an operator out, whose line comes whole and at once.

use std::collections::VecDeque;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::endpoint::{Endpoint, Written};
use super::protocol::{Answer, Ask, LONGEST_QUESTION, Question, Reply, VERSION};
use crate::secret::Secret;

/// How long a question may take to arrive, and its answer to leave.
const DEADLINE: Duration = Duration::from_secs(5);
/// Connections that are open at once.
const MOST_OPEN: usize = 32;
/// How long no connection is accepted after the system gave none, such as without a free descriptor.
const PAUSE: Duration = Duration::from_millis(100);

/// Who carries out the run, and knows what an order means.
pub trait Controlled: Send + Sync {
    /// Answers a question; an order is recorded before it is obeyed.
    fn answer(&self, ask: &Ask) -> Answer;
}

/// A run that can be reached from other terminals until this is dropped.
pub struct Server {
    /// The first to go: a process that reads it finds one that listens.
    file: Option<Written>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on loopback, on a port of the system's choice, and says where in the run's private file.
    ///
    /// # Errors
    /// When this machine gives no socket, thread or file for it.
    pub fn start(state_dir: &Path, run: &str, controlled: Arc<dyn Controlled>) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let endpoint = Endpoint::new(listener.local_addr()?.port())?;
        let file = endpoint.write(state_dir, run)?;
        let (stop, stopped) = oneshot::channel();
        let listening = Arc::new(Listening { run: run.to_owned(), token: endpoint.token, controlled });
        let thread = thread::Builder::new()
            .name("control".to_owned())
            .spawn(move || runtime.block_on(listen(listener, listening, stopped)))?;
        Ok(Self { file: Some(file), stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.file = None;
        self.stop = None;
        // An answer that is being made is finished: it says that the run is over.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What every connection is answered with.
struct Listening {
    run: String,
    token: Secret,
    controlled: Arc<dyn Controlled>,
}

async fn listen(listener: TcpListener, listening: Arc<Listening>, stopped: oneshot::Receiver<()>) {
    let mut stopped = pin!(stopped);
    let mut open: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            let _ = timeout(PAUSE, &mut stopped).await;
            continue;
        };
        open.retain(|connection| !connection.is_finished());
        if open.len() >= MOST_OPEN
            && let Some(oldest) = open.pop_front()
        {
            oldest.abort();
        }
        let listening = Arc::clone(&listening);
        open.push_back(tokio::spawn(async move { listening.serve(stream).await }).abort_handle());
    }
}

impl Listening {
    /// One question and its answer. A caller without the token gets no answer.
    async fn serve(&self, mut stream: TcpStream) {
        let Ok(Some(ask)) = timeout(DEADLINE, self.hear(&mut stream)).await else { return };
        let reply = Reply { version: VERSION, run: self.run.clone(), answer: self.controlled.answer(&ask) };
        let Ok(mut line) = serde_json::to_vec(&reply) else { return };
        line.push(b'\n');
        // The caller may be gone: the order holds all the same.
        let _ = timeout(DEADLINE, async {
            stream.write_all(&line).await?;
            stream.shutdown().await
        })
        .await;
    }

    async fn hear(&self, stream: &mut TcpStream) -> Option<Ask> {
        let mut line = Vec::new();
        BufReader::new(stream.take(LONGEST_QUESTION)).read_until(b'\n', &mut line).await.ok()?;
        if line.last() != Some(&b'\n') {
            return None;
        }
        let Question { version: _, token, ask } = serde_json::from_slice(&line).ok()?;
        let token = Secret::new(token);
        bool::from(token.expose().as_bytes().ct_eq(self.token.expose().as_bytes())).then_some(ask)
    }
}
