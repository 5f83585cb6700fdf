//! Which router of the inventory a box is, or in whose place it is, and why. A person confirms it.

use crate::ix::Identity;
use crate::run::Candidate;

/// What speaks for a router, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The inventory has this serial number.
    Declared,
    /// Our last saved run met this serial number under its name.
    Recorded,
    /// It has the host name that a run of ours gave it.
    HostName,
    /// Of those that it may be, it is the only one that is not done today.
    OnlyOneLeft,
    /// Of the routers that it may replace, it is the only one with a known saved state.
    OnlyState,
    /// There is no other one on today's list.
    OnlyOne,
    /// The engineer chose it.
    Chosen,
}

/// A router that a box may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its place among the candidates.
    pub place: usize,
    /// What speaks for it; nothing where only nothing speaks against it.
    pub reasons: Vec<Reason>,
    /// Our last saved run met another box under its name.
    pub is_another_box: bool,
    /// The box is a new one, in the place of the one that the router was.
    pub replaces: bool,
}

impl Match {
    /// A router at this place; nothing else is known of it.
    pub fn of(place: usize) -> Self {
        Self { place, reasons: Vec::new(), is_another_box: false, replaces: false }
    }
}

/// Whether a box is certainly one of these routers.
pub fn is_known(seen: &Identity, candidates: &[Candidate]) -> bool {
    let is_its = |one: &Candidate| {
        one.declared.is_certainly(seen) || one.recorded.as_ref().is_some_and(|recorded| recorded.is_certainly(seen))
    };
    candidates.iter().any(is_its)
}

/// The routers that a new box may replace: those of its model that we have saved. A box that is certainly one of them is that
/// router, and replaces none.
pub fn recognise_new(seen: &Identity, candidates: &[Candidate]) -> Vec<Match> {
    if is_known(seen, candidates) {
        return recognise(seen, candidates);
    }
    let may_replace = |one: &Candidate| {
        one.recorded.is_some() && Identity { serial_number: None, ..one.declared.clone() }.may_be(seen)
    };
    let replaced = candidates.iter().enumerate().filter(|(_, one)| may_replace(one));
    let mut found: Vec<Match> =
        replaced.map(|(place, _)| Match { is_another_box: true, replaces: true, ..Match::of(place) }).collect();
    if let [only] = found.as_mut_slice() {
        only.reasons.push(Reason::OnlyState);
    }
    found
}

/// Those that a box may be, the likeliest first.
pub fn recognise(seen: &Identity, candidates: &[Candidate]) -> Vec<Match> {
    let possible: Vec<(usize, &Candidate)> =
        candidates.iter().enumerate().filter(|(_, one)| one.declared.may_be(seen)).collect();
    let mut left = possible.iter().filter(|(_, one)| !one.is_done_today).map(|(place, _)| *place);
    let only_left = left.next().filter(|_| left.next().is_none());
    let matched = possible.iter().map(|(place, one)| judged(seen, one, *place, only_left));
    let mut found: Vec<Match> = matched.collect();
    found.sort_by_key(|one| (one.reasons.is_empty(), one.reasons.first().copied(), one.place));
    // A serial number that is declared for one router is no other router's.
    if found.first().is_some_and(|first| first.reasons.contains(&Reason::Declared)) {
        found.truncate(1);
    }
    found
}

fn judged(seen: &Identity, one: &Candidate, place: usize, only_left: Option<usize>) -> Match {
    let recorded = one.recorded.as_ref();
    let is_recorded = recorded.is_some_and(|recorded| recorded.is_certainly(seen));
    let host_name = one.declared.host_name.as_ref();
    let reasons = [
        (one.declared.is_certainly(seen), Reason::Declared),
        (is_recorded, Reason::Recorded),
        // A name counts only where a run of ours has given it.
        (recorded.is_some() && host_name.is_some() && host_name == seen.host_name.as_ref(), Reason::HostName),
        (only_left == Some(place), Reason::OnlyOneLeft),
    ];
    let reasons = reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
    let is_another_box = recorded.is_some_and(|recorded| recorded.serial_number.is_some()) && !is_recorded;
    Match { place, reasons, is_another_box, replaces: false }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Reason, is_known, recognise, recognise_new};
    use crate::ix::Identity;
    use crate::run::{Candidate, Clinic};

    pub(in crate::field) fn candidate(router: &str, serial: Option<&str>) -> Candidate {
        Candidate {
            router: router.to_owned(),
            title: None,
            roles: vec!["router1".to_owned()],
            clinic: Clinic {
                site: "sato".to_owned(),
                title: Some("さとう内科クリニック".to_owned()),
                ..Clinic::default()
            },
            code: Some("1312345".to_owned()),
            declared: Identity {
                model: Some("IX2215".to_owned()),
                serial_number: serial.map(str::to_owned),
                ..Identity::default()
            },
            recorded: None,
            is_done_today: false,
        }
    }

    pub(in crate::field) fn seen(serial: &str) -> Identity {
        Identity {
            model: Some("IX2215".to_owned()),
            serial_number: Some(serial.to_owned()),
            firmware: Some("10.7.18".to_owned()),
            host_name: Some("Router".to_owned()),
        }
    }

    #[test]
    fn a_declared_serial_number_leaves_no_other_router() {
        let candidates = [candidate("r1", None), candidate("r2", Some("222"))];
        let found = recognise(&seen("222"), &candidates);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found.first().map(|one| (one.place, one.reasons.first().copied())),
            Some((1, Some(Reason::Declared)))
        );
    }

    #[test]
    fn another_declared_serial_number_or_model_rules_a_router_out() {
        let mut other = candidate("r3", None);
        other.declared.model = Some("IX2106".to_owned());
        let found = recognise(&seen("222"), &[candidate("r1", Some("111")), other]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn of_two_that_it_may_be_only_one_that_is_left_is_proposed() {
        let mut candidates = [candidate("r1", None), candidate("r2", None)];
        assert!(recognise(&seen("9"), &candidates).iter().all(|one| one.reasons.is_empty()));
        candidates[0].is_done_today = true;
        let found = recognise(&seen("9"), &candidates);
        assert_eq!(found.first().map(|one| (one.place, one.reasons.clone())), Some((1, vec![Reason::OnlyOneLeft])));
    }

    #[test]
    fn a_host_name_counts_only_where_a_run_of_ours_gave_it() {
        let mut named = candidate("r1", None);
        named.declared.host_name = Some("Router".to_owned());
        let other = candidate("r2", None);
        let reasons = |named: &Candidate| recognise(&seen("9"), &[named.clone(), other.clone()])[0].reasons.clone();
        assert_eq!(reasons(&named), []);
        named.recorded = Some(Identity { serial_number: Some("8".to_owned()), ..Identity::default() });
        assert_eq!(reasons(&named), [Reason::HostName]);
        assert!(recognise(&seen("9"), &[named])[0].is_another_box, "the record knows another box");
    }

    #[test]
    fn a_new_box_is_in_the_place_of_a_router_of_its_model_that_was_saved() {
        let saved = |router: &str, serial: &str| {
            let recorded = Identity { serial_number: Some(serial.to_owned()), ..Identity::default() };
            Candidate { recorded: Some(recorded), ..candidate(router, Some(serial)) }
        };
        let never_saved = candidate("r2", None);
        let found = recognise_new(&seen("9"), &[saved("r1", "111"), never_saved.clone()]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].replaces && found[0].reasons == [Reason::OnlyState], "{found:?}");
        let two = recognise_new(&seen("9"), &[saved("r1", "111"), saved("r3", "333")]);
        assert!(two.len() == 2 && two.iter().all(|one| one.reasons.is_empty()), "a person says which: {two:?}");
        let mut other_model = saved("r1", "111");
        other_model.declared.model = Some("IX2106".to_owned());
        assert!(recognise_new(&seen("9"), &[other_model, never_saved]).is_empty());
    }

    #[test]
    fn a_box_that_is_known_replaces_no_other() {
        let declared = [candidate("r1", Some("111")), candidate("r2", Some("222"))];
        assert!(is_known(&seen("222"), &declared) && !is_known(&seen("9"), &declared));
        let found = recognise_new(&seen("222"), &declared);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].place == 1 && !found[0].replaces, "{found:?}");
    }
}
