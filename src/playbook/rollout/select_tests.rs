//! Which site is in which step, for many fleets and rollouts made from a seed.

use proptest::prelude::*;

use super::select;
use crate::playbook::rollout::{Amount, Criterion, Match, Property, SiteTraits, Step};

fn site(name: &str, model: &str, region: &str) -> SiteTraits {
    let text = |text: &str| text.to_owned();
    SiteTraits {
        name: text(name),
        models: vec![text(model)],
        region: (!region.is_empty()).then(|| text(region)),
        ..SiteTraits::default()
    }
}

fn step(fits: Match) -> Step {
    Step::new("s", fits)
}

fn of(property: Property, pattern: &str) -> Vec<Criterion> {
    vec![Criterion { property, patterns: vec![pattern.to_owned()] }]
}

#[test]
fn a_canary_by_number_takes_the_first_sites_and_the_rest_follows() {
    let sites: Vec<SiteTraits> = ["a", "b", "c"].map(|name| site(name, "IX2215", "")).to_vec();
    let canary = step(Match { amount: Amount::Count(2), ..Match::default() });
    assert_eq!(select(&[canary], &sites), [vec![0, 1], vec![2]]);
}

#[test]
fn a_percentage_is_of_all_that_fit_and_rounded_up() {
    let sites: Vec<SiteTraits> = (0..11).map(|n| site(&format!("s{n}"), "IX2215", "")).collect();
    let tenth = || step(Match { amount: Amount::Percent(10), ..Match::default() });
    assert_eq!(select(&[tenth(), tenth()], &sites), [vec![0, 1], vec![2, 3], (4..11).collect::<Vec<_>>()]);
}

#[test]
fn a_step_takes_only_what_matches_in_every_respect() {
    let sites = [site("a-1", "IX2215", "west"), site("a-2", "IX2106", "west"), site("b-1", "IX2215", "west")];
    let criteria = [of(Property::Site, "a-*"), of(Property::Model, "IX2215"), of(Property::Region, "*est")].concat();
    assert_eq!(select(&[step(Match { criteria, ..Match::default() })], &sites), [vec![0], vec![1, 2]]);
}

#[test]
fn a_firmware_that_was_never_seen_fits_no_step() {
    let mut sites = [site("a", "IX2215", ""), site("b", "IX2215", "")];
    sites[1].firmware.push("10.7.18".to_owned());
    let criteria = of(Property::Firmware, "*");
    assert_eq!(select(&[step(Match { criteria, ..Match::default() })], &sites), [vec![1], vec![0]]);
}

/// A fleet, a property at a time from few values, so that they repeat.
fn fleet() -> impl Strategy<Value = Vec<SiteTraits>> {
    let one = (0..4_u8, 0..3_u8, 0..4_u8, 0..3_u8, any::<bool>());
    prop::collection::vec(one, 0..60).prop_map(|sites| {
        let site =
            |(number, (model, firmware, region, carrier, grouped)): (usize, (u8, u8, u8, u8, bool))| SiteTraits {
                name: format!("s{number}"),
                groups: if grouped { vec!["west".to_owned()] } else { Vec::new() },
                models: vec![format!("m{model}")],
                firmware: if firmware == 0 { Vec::new() } else { vec![format!("10.{firmware}")] },
                region: (region > 0).then(|| format!("r{region}")),
                carrier: Some(format!("c{carrier}")),
                held: false,
            };
        sites.into_iter().enumerate().map(site).collect()
    })
}

fn matching() -> impl Strategy<Value = Match> {
    let criteria = prop_oneof![
        Just(Vec::new()),
        Just(of(Property::Group, "west")),
        Just(of(Property::Model, "m1")),
        Just(of(Property::Region, "r*")),
        Just(of(Property::Site, "s1*")),
    ];
    let amount =
        prop_oneof![Just(Amount::All), (1..9_usize).prop_map(Amount::Count), (1..=100_u8).prop_map(Amount::Percent)];
    let cover = prop::collection::vec(
        prop_oneof![Just(Property::Model), Just(Property::Firmware), Just(Property::Region), Just(Property::Carrier)],
        0..3,
    );
    (criteria, amount, cover).prop_map(|(criteria, amount, cover)| Match { criteria, amount, cover })
}

proptest! {
    #[test]
    fn each_site_is_in_exactly_one_step_and_the_order_of_sites_is_kept(
        sites in fleet(),
        steps in prop::collection::vec(matching().prop_map(step), 0..5),
    ) {
        let chosen = select(&steps, &sites);
        prop_assert_eq!(chosen.len(), steps.len() + 1);
        prop_assert!(chosen.iter().all(|places| places.is_sorted()));
        let mut all: Vec<usize> = chosen.iter().flatten().copied().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..sites.len()).collect::<Vec<_>>());
        for (places, step) in chosen.iter().zip(&steps) {
            let fitting = step.fits.fitting(&sites);
            prop_assert!(places.iter().all(|place| fitting.contains(place)));
        }
        prop_assert_eq!(select(&steps, &sites), chosen, "the same sites give the same steps");
    }

    #[test]
    fn a_canary_shows_every_value_that_it_is_to_cover_with_no_site_too_many(sites in fleet(), fits in matching()) {
        let chosen = select(&[step(fits.clone())], &sites);
        let values = |places: &mut dyn Iterator<Item = &SiteTraits>| {
            let mut values: Vec<(Property, String)> = places
                .flat_map(|site| fits.cover.iter().flat_map(|one| site.values(*one).iter().map(|value| (*one, value.clone()))))
                .collect();
            values.sort();
            values.dedup();
            values
        };
        let fitting = fits.fitting(&sites);
        let there = values(&mut fitting.iter().map(|place| &sites[*place]));
        let shown = values(&mut chosen[0].iter().map(|place| &sites[*place]));
        prop_assert_eq!(&shown, &there);
        let fitting = fitting.len();
        let most = fits.amount.of(fitting).min(fitting).max(there.len());
        prop_assert!(chosen[0].len() <= most, "{} of at most {}", chosen[0].len(), most);
        prop_assert!(chosen[0].len() >= fits.amount.of(fitting).min(fitting));
    }
}

#[test]
fn sites_like_those_that_were_held_are_chosen_last_and_cover_nothing() {
    let held = |name: &str| SiteTraits { held: true, ..site(name, "IX2215", "") };
    let sites = [held("a"), site("b", "IX2215", ""), held("c"), site("d", "IX2215", "")];
    let canary = |count| step(Match { amount: Amount::Count(count), ..Match::default() });
    assert_eq!(select(&[canary(1)], &sites), [vec![1], vec![0, 2, 3]]);
    assert_eq!(select(&[canary(3)], &sites), [vec![0, 1, 3], vec![2]], "where there are not enough others");
}
