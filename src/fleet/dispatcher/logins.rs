//! How fast logins follow each other: a bucket that holds one, refilled at the declared rate. A site whose routers begin together
//! may borrow; nothing more begins until that is paid back.

use std::time::Duration;

use crate::fleet::clock::Moment;
use crate::fleet::rules::LoginRate;

/// The pace of logins.
#[derive(Debug)]
pub(super) struct Logins {
    /// Between two of them; nothing where there is no limit.
    interval: Option<Duration>,
    /// When the next may be.
    next: Moment,
}

impl Logins {
    pub(super) fn new(rate: Option<LoginRate>) -> Self {
        Self { interval: rate.map(LoginRate::interval), next: Moment::default() }
    }

    /// When the next login may be, if that is not now.
    pub(super) fn not_before(&self, now: Moment) -> Option<Moment> {
        let ahead = self.interval.is_some() && self.next > now;
        ahead.then_some(self.next)
    }

    /// So many logins begin now.
    pub(super) fn take(&mut self, now: Moment, logins: usize) {
        if let Some(interval) = self.interval {
            self.next = self.next.max(now) + interval.saturating_mul(u32::try_from(logins).unwrap_or(u32::MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Logins;
    use crate::fleet::clock::Moment;
    use crate::fleet::rules::LoginRate;

    #[test]
    fn logins_keep_their_distance_and_a_site_pays_for_all_of_its_routers() {
        let at = Moment::from_millis;
        let mut logins = Logins::new(Some(LoginRate { logins: 60, per: Duration::from_secs(60) }));
        assert_eq!(logins.not_before(at(5)), None);
        logins.take(at(5), 1);
        assert_eq!((logins.not_before(at(1004)), logins.not_before(at(1005))), (Some(at(1005)), None));
        logins.take(at(2000), 3);
        assert_eq!(logins.not_before(at(2000)), Some(at(5000)));
        let mut free = Logins::new(None);
        free.take(at(5), 100);
        assert_eq!(free.not_before(at(5)), None);
    }
}
