//! SSH with the algorithms observed on a 10.9 router: DH group exchange with SHA-256, an `ssh-rsa` host key signed with SHA-1,
//! AES-CTR, HMAC-SHA2, passwords only; the channel closes without an exit status (fact sheet 9).

use std::borrow::Cow;
use std::io;
use std::net::{Shutdown, TcpStream as StdStream};
use std::sync::Arc;
use std::time::Duration;

use russh::kex::dh::groups::{DH_GROUP14, DH_GROUP16, DhGroup};
use russh::keys::{Algorithm, HashAlg};
use russh::server::{self, Auth, Config, Handle, Handler, Msg};
use russh::{Channel, ChannelId, MethodKind, MethodSet, Preferred, Pty, SshId, cipher, kex, mac};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::arrivals::{is_taken, next, turn_away};
use super::conversation::{Input, Sink, converse};
use super::{host_keys, latency};
use crate::cell::Cell;
use crate::event::What;
use crate::router::{Right, Via};
use crate::scenario::Algorithms;
use crate::session::End;

/// Takes connections until the mock ends.
///
/// # Errors
/// None.
pub fn spawn(runtime: &Runtime, cell: Cell, listener: TcpListener) -> io::Result<()> {
    runtime.spawn(serve(cell, listener));
    Ok(())
}

async fn serve(cell: Cell, listener: TcpListener) {
    loop {
        let stream = next(&listener).await;
        if is_taken(&cell, &stream, Via::Ssh) {
            tokio::spawn(connection(cell.clone(), stream));
        } else {
            turn_away(&cell, stream);
        }
    }
}

async fn connection(cell: Cell, stream: TcpStream) {
    let Some(config) = config(&cell) else { return };
    let Ok(stream) = stream.into_std() else { return };
    let Ok(switch) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else { return };
    let one_way = Duration::from_millis(cell.with(|router| router.spec.latency_millis));
    let guest = Guest { cell, switch: Some(switch), right: None, input: None, width: 80 };
    if one_way.is_zero() {
        run(config, stream, guest).await;
    } else {
        run(config, latency::far_end(stream, one_way).await, guest).await;
    }
}

/// A client that goes away in the middle is no error of the mock's.
async fn run(config: Config, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, guest: Guest) {
    if let Ok(running) = server::run_stream(Arc::new(config), stream, guest).await {
        let _ = running.await;
    }
}

fn config(cell: &Cell) -> Option<Config> {
    let (slot, ident, algorithms, tries) = cell.with(|router| {
        let ident = format!("SSH-2.0-NEC-{}-ms-{}", router.spec.model.name(), router.spec.version());
        let readings = &router.spec.readings;
        (router.host_key, ident, readings.algorithms, readings.login_tries)
    });
    let mut keys = vec![host_keys::key(slot?).ok()?.clone()];
    if algorithms == Algorithms::All {
        keys.extend_from_slice(host_keys::of_other_types().ok()?);
    }
    Some(Config {
        server_id: SshId::Standard(Cow::Owned(ident)),
        methods: MethodSet::from(&[MethodKind::Password][..]),
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys,
        preferred: preferred(algorithms),
        max_auth_attempts: usize::try_from(tries).unwrap_or(usize::MAX),
        inactivity_timeout: None,
        nodelay: true,
        ..Config::default()
    })
}

fn preferred(algorithms: Algorithms) -> Preferred {
    let mut key = vec![Algorithm::Rsa { hash: None }];
    let (kex, cipher, mac) = match algorithms {
        Algorithms::Observed => (
            vec![kex::DH_GEX_SHA256],
            vec![cipher::AES_128_CTR, cipher::AES_192_CTR, cipher::AES_256_CTR],
            vec![mac::HMAC_SHA256, mac::HMAC_SHA512],
        ),
        Algorithms::Old => (
            vec![kex::DH_G14_SHA1, kex::DH_G1_SHA1],
            vec![cipher::AES_128_CBC, cipher::AES_256_CBC, cipher::TRIPLE_DES_CBC],
            vec![mac::HMAC_SHA1],
        ),
        Algorithms::All => {
            key.extend([HashAlg::Sha256, HashAlg::Sha512].map(|hash| Algorithm::Rsa { hash: Some(hash) }));
            key.extend(host_keys::OTHER_TYPES);
            let none = [cipher::CLEAR, cipher::NONE];
            (
                kex::ALL_KEX_ALGORITHMS.iter().map(|name| **name).filter(|name| *name != kex::NONE).collect(),
                cipher::ALL_CIPHERS.iter().map(|name| **name).filter(|name| !none.contains(name)).collect(),
                mac::ALL_MAC_ALGORITHMS.iter().map(|name| **name).filter(|name| *name != mac::NONE).collect(),
            )
        }
    };
    Preferred {
        kex: Cow::Owned(kex),
        key: Cow::Owned(key),
        cipher: Cow::Owned(cipher),
        mac: Cow::Owned(mac),
        ..Preferred::DEFAULT
    }
}

/// One client.
struct Guest {
    cell: Cell,
    switch: Option<StdStream>,
    right: Option<Right>,
    input: Option<mpsc::UnboundedSender<Input>>,
    width: usize,
}

impl Guest {
    fn send(&self, input: Input) {
        if let Some(sender) = &self.input {
            // The session may have ended a moment ago.
            let _ = sender.send(input);
        }
    }

    fn honours_size(&self) -> bool {
        self.cell.with(|router| router.spec.readings.honour_pty_size)
    }
}

impl Handler for Guest {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        self.right = self.cell.with(|router| {
            let right = router.authenticate(user, password);
            router.record(0, What::Login { user: user.to_owned(), accepted: right.is_some() });
            right
        });
        Ok(if self.right.is_some() { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: server::ChannelOpenHandle,
        _session: &mut server::Session,
    ) -> Result<(), Self::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        columns: u32,
        _rows: u32,
        _pixel_width: u32,
        _pixel_height: u32,
        _modes: &[(Pty, u32)],
        session: &mut server::Session,
    ) -> Result<(), Self::Error> {
        if self.honours_size() && columns > 0 {
            self.width = usize::try_from(columns).unwrap_or(80);
        }
        session.channel_success(channel)
    }

    async fn window_change_request(
        &mut self,
        _channel: ChannelId,
        columns: u32,
        _rows: u32,
        _pixel_width: u32,
        _pixel_height: u32,
        _session: &mut server::Session,
    ) -> Result<(), Self::Error> {
        if self.honours_size() && columns > 0 {
            self.send(Input::Width(usize::try_from(columns).unwrap_or(80)));
        }
        Ok(())
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut server::Session) -> Result<(), Self::Error> {
        session.channel_success(channel)?;
        let (sender, receiver) = mpsc::unbounded_channel();
        self.input = Some(sender);
        let (mut shell, mut signals) = self.cell.open(Via::Ssh, self.right, self.width);
        let cell = self.cell.clone();
        let switch = self.switch.take();
        let mut sink = ChannelSink { handle: session.handle(), channel };
        tokio::spawn(async move {
            match converse(&cell, &mut shell, receiver, &mut signals, &mut sink).await {
                Some(End::Cut) => {
                    if let Some(switch) = switch {
                        let _ = switch.shutdown(Shutdown::Both);
                    }
                }
                _ => {
                    let _ = sink.handle.close(channel).await;
                }
            }
        });
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        session: &mut server::Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _session: &mut server::Session,
    ) -> Result<(), Self::Error> {
        self.send(Input::Bytes(data.to_vec(), Instant::now()));
        Ok(())
    }

    async fn lookup_dh_gex_group(&mut self, asked: &russh::client::GexParams) -> Result<Option<DhGroup>, Self::Error> {
        let fits = |group: &DhGroup| (asked.min_group_size()..=asked.max_group_size()).contains(&group.bit_size());
        Ok([DH_GROUP14, DH_GROUP16].into_iter().find(fits))
    }
}

struct ChannelSink {
    handle: Handle,
    channel: ChannelId,
}

impl Sink for ChannelSink {
    async fn write(&mut self, bytes: Vec<u8>, _due: Instant) -> bool {
        self.handle.data(self.channel, bytes).await.is_ok()
    }
}
