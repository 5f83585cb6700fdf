//! Which router of a run each box is, by its serial number: a box that answers under two names is changed under one of them.
//!
//! The routers of a run are read at the same time and hours apart, so this is kept for the whole run and asked while each is read.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The boxes of a run, by serial number.
#[derive(Debug, Default)]
pub struct BoxClaims(Mutex<HashMap<String, String>>);

impl BoxClaims {
    /// Those that are named before any router is read: whichever name answers first, such a box is the router that it is declared to be.
    pub fn declared<'a>(boxes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let claims = Self::default();
        for (serial_number, router) in boxes {
            // The first name holds, as in the order of the inventory.
            let _ = claims.claim(serial_number, router);
        }
        claims
    }

    /// This box is this router, from now on.
    ///
    /// # Errors
    /// The router that it is already.
    pub fn claim(&self, serial_number: &str, router: &str) -> Result<(), String> {
        let mut claims = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match claims.get(serial_number) {
            Some(other) if other != router => Err(other.clone()),
            Some(_) => Ok(()),
            None => {
                claims.insert(serial_number.to_owned(), router.to_owned());
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BoxClaims;

    #[test]
    fn a_box_is_the_router_that_claims_it_first_and_a_declared_one_before_that() {
        let claims = BoxClaims::declared([("SN1", "r1"), ("SN1", "r9")]);
        assert_eq!(claims.claim("SN1", "r2"), Err("r1".to_owned()), "it is declared to be another");
        assert_eq!(claims.claim("SN1", "r1"), Ok(()));
        assert_eq!(claims.claim("SN2", "r2"), Ok(()));
        assert_eq!(claims.claim("SN2", "r2"), Ok(()), "asked again after a lost session");
        assert_eq!(claims.claim("SN2", "r3"), Err("r2".to_owned()));
    }
}
