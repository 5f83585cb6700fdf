//! Walking the chain: the whole of it, or from the first record of a run on.
//!
//! A chain that was rewritten to its very end agrees with itself; only a head that was noted elsewhere tells.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::chain::{self, ChainCheck, Fault, GENESIS, Row};
use super::store::digest;
use crate::record::Kind;

/// What the chain says last of each sealed thing, by run, router and name.
type Sealed = BTreeMap<(String, String, String), String>;

/// The whole chain and everything sealed; with `head`, some record must have this hash.
pub(super) fn whole(connection: &Connection, head: Option<&str>) -> rusqlite::Result<ChainCheck> {
    let begin = ChainCheck { records: 0, head: GENESIS.to_owned(), fault: None };
    let mut head_seen = head.is_none_or(|head| head == GENESIS);
    let (mut verified, sealed) = follow(connection, begin, |hash| head_seen |= head == Some(hash))?;
    if verified.fault.is_none() && !head_seen {
        verified.fault = Some(Fault::HeadUnknown { head: head.unwrap_or_default().to_owned() });
    }
    if verified.fault.is_none() {
        verified.fault = changed(connection, sealed)?;
    }
    Ok(verified)
}

/// The chain from a run's first record on, and what was sealed for the run; the first thing that is wrong.
pub(super) fn of_run(connection: &Connection, run: &str) -> rusqlite::Result<Option<Fault>> {
    let first: Option<i64> =
        connection.query_row("SELECT MIN(number) FROM record WHERE run = ?1", params![run], |row| row.get(0))?;
    let Some(first) = first else { return Ok(None) };
    let before = connection
        .query_row("SELECT hash FROM record WHERE number = ?1", params![first - 1], |row| row.get(0))
        .optional()?;
    let head = match before {
        Some(hash) => hash,
        None if first == 1 => GENESIS.to_owned(),
        None => return Ok(Some(Fault::Gap { missing: first - 1 })),
    };
    let begin = ChainCheck { records: first - 1, head, fault: None };
    let (verified, mut sealed) = follow(connection, begin, |_| {})?;
    if verified.fault.is_some() {
        return Ok(verified.fault);
    }
    sealed.retain(|(of, ..), _| of == run);
    changed(connection, sealed)
}

/// Every record after its beginning, up to the first that is wrong.
fn follow(
    connection: &Connection,
    mut verified: ChainCheck,
    mut seen: impl FnMut(&str),
) -> rusqlite::Result<(ChainCheck, Sealed)> {
    let mut sealed = Sealed::new();
    let mut statement = connection
        .prepare("SELECT number, at_ms, run, router, kind, body, hash FROM record WHERE number > ?1 ORDER BY number")?;
    let mut rows = statement.query(params![verified.records])?;
    while let Some(row) = rows.next()? {
        let (number, at_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
        let text = |index| row.get::<_, String>(index);
        let (run, router, kind, body, hash) = (text(2)?, text(3)?, text(4)?, text(5)?, text(6)?);
        let expected = verified.records + 1;
        if number != expected {
            verified.fault = Some(Fault::Gap { missing: expected });
            break;
        }
        let row = Row { number, at_ms, run: &run, router: &router, kind: &kind, body: &body };
        if chain::link(&verified.head, &row) != hash {
            verified.fault = Some(Fault::Edited { number });
            break;
        }
        match serde_json::from_str(&body) {
            Ok(Kind::Sealed { name, sha256 }) => {
                sealed.insert((run, router, name), sha256);
            }
            Ok(Kind::Pruned { name }) => {
                sealed.remove(&(run, router, name));
            }
            _ => {}
        }
        seen(&hash);
        verified.records = number;
        verified.head = hash;
    }
    Ok((verified, sealed))
}

/// The first sealed thing that is not what the chain says.
fn changed(connection: &Connection, sealed: Sealed) -> rusqlite::Result<Option<Fault>> {
    let mut statement = connection.prepare("SELECT bytes FROM sealed WHERE run = ?1 AND router = ?2 AND name = ?3")?;
    for ((run, router, name), sha256) in sealed {
        let bytes: Option<Vec<u8>> = statement.query_row(params![run, router, name], |row| row.get(0)).optional()?;
        if bytes.is_none_or(|bytes| digest(&bytes) != sha256) {
            return Ok(Some(Fault::Sealed { run, router, name }));
        }
    }
    Ok(None)
}
