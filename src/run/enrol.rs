//! The host key that a router has shown on its console is enrolled once the router is saved: the first contact over SSH is held to it.
//!
//! What was shown, a check of its role has read ([`CheckResult::host_key`]). Meets no router.

use std::time::SystemTime;

use super::env::RunEnv;
use super::operator::Notice;
use super::target::Target;
use crate::connect::ConnectOptions;
use crate::inventory::Fingerprint;
use crate::journal::RunLog;
use crate::message::{Explain as _, Text};
use crate::record::{CheckResult, EnrolledRecord, Kind, Outcome, rfc3339};
use crate::state::State;
use crate::transport::ssh::EnrolledKey;

/// Enrols what the saved routers of a run have shown, records it there, and notes it in how they ended.
pub(super) fn enrol_host_keys<'t>(
    env: &RunEnv,
    options: &ConnectOptions,
    log: &RunLog,
    targets: impl Iterator<Item = &'t Target>,
    outcomes: &mut [Outcome],
) {
    for target in targets.filter(|target| !target.known_as.is_empty()) {
        let is_it = |outcome: &&mut Outcome| outcome.router == target.intent.router && outcome.state == State::Saved;
        let Some(outcome) = outcomes.iter_mut().find(is_it) else { continue };
        let Some(fingerprint) = shown_on_console(env, outcome) else { continue };
        let key = EnrolledKey {
            fingerprint,
            at: rfc3339(SystemTime::now()),
            run: log.run().as_str().to_owned(),
            serial_number: outcome.serial_number.clone(),
        };
        if !enrol(env, options, target, &key) {
            continue;
        }
        let hosts = target.known_as.iter().map(|(host, port)| format!("{host}:{port}")).collect();
        let record = EnrolledRecord { fingerprint, hosts, serial_number: key.serial_number };
        let attempts = outcome.attempts.as_ref().map_or(1, |attempts| u64::from(attempts.count));
        let fence = log.claimed(&outcome.router) + attempts;
        let recorder = log.router_journal(&env.readers, &outcome.router, &outcome.site, fence);
        if let Err(error) = recorder.record(Kind::HostKeyEnrolled(record.clone())) {
            env.operator.tell(&Notice::Warning(&error.text()));
        }
        outcome.enrolled = Some(record);
    }
}

/// The one key that its checks have read; SHA-256 says more than MD5. Where two say different things, neither is taken.
fn shown_on_console(env: &RunEnv, outcome: &Outcome) -> Option<Fingerprint> {
    let shown: Vec<Fingerprint> = outcome.checks.iter().filter_map(|check: &CheckResult| check.host_key).collect();
    let of_kind = |is_kind: fn(&Fingerprint) -> bool| shown.iter().copied().filter(is_kind);
    let sha256 = |one: &Fingerprint| matches!(one, Fingerprint::Sha256(_));
    let md5 = |one: &Fingerprint| matches!(one, Fingerprint::Md5(_));
    for kind in [sha256 as fn(&Fingerprint) -> bool, md5] {
        let Some(first) = of_kind(kind).next() else { continue };
        if of_kind(kind).all(|other| other == first) {
            return Some(first);
        }
        let router = &outcome.router;
        env.operator.tell(&Notice::Warning(&Text::new(
            format!("{router}: its checks have read different host keys, so none is enrolled"),
            format!("{router}: チェックごとに異なるホスト鍵が読み取られたため、登録しません"),
        )));
        return None;
    }
    None
}

/// Whether it is enrolled for every name of the router.
fn enrol(env: &RunEnv, options: &ConnectOptions, target: &Target, key: &EnrolledKey) -> bool {
    let router = &target.intent.router;
    for (host, port) in target.known_as.iter() {
        match options.enrol(host, *port, key) {
            Ok(None) => {}
            Ok(Some(known)) => {
                let (shown, file) = (key.fingerprint, options.known_hosts.display());
                env.operator.tell(&Notice::Warning(&Text::new(
                    format!(
                        "{router}: its console shows the host key {shown}, and {file} has another one for {host}, {known}: SSH is held to that one until its line is taken out"
                    ),
                    format!(
                        "{router}: コンソールのホスト鍵 {shown} と、{file} に登録済みの {host} の鍵 {known} が異なります。該当行を削除するまで、SSH では登録済みの鍵が使われます"
                    ),
                )));
            }
            Err(error) => {
                env.operator.tell(&Notice::Warning(&error.text()));
                return false;
            }
        }
    }
    true
}
