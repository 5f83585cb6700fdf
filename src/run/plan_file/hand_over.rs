//! What will be tried out from the laptop when routers are handed over, as a plan file keeps it: once for the routers that are tested alike.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::message::Text;
use crate::playbook::LaptopCheck;
use crate::visible;

/// The tests of all routers of a plan that have any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HandOverPlan(Vec<TestsOf>);

/// What is tried out of each of these routers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestsOf {
    /// The routers, in the order of the plan.
    pub routers: Vec<String>,
    /// The tests, in the order in which they are made.
    pub tests: Vec<LaptopCheck>,
}

impl HandOverPlan {
    /// The tests of these routers.
    pub(in crate::run) fn of<'t>(routers: impl IntoIterator<Item = (&'t str, &'t [LaptopCheck])>) -> Self {
        let mut groups: Vec<TestsOf> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (router, tests) in routers.into_iter().filter(|(_, tests)| !tests.is_empty()) {
            let next = groups.len();
            let place = *places.entry(serde_json::to_string(tests).unwrap_or_default()).or_insert(next);
            match groups.get_mut(place) {
                Some(group) => group.routers.push(router.to_owned()),
                None => groups.push(TestsOf { routers: vec![router.to_owned()], tests: tests.to_vec() }),
            }
        }
        Self(groups)
    }

    /// Whether nothing is tried out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tests, with the routers that are tested so.
    pub fn groups(&self) -> &[TestsOf] {
        &self.0
    }

    /// The tests by router.
    pub fn by_router(&self) -> HashMap<&str, &[LaptopCheck]> {
        let tests = self.0.iter().map(|group| group.tests.as_slice());
        let routers = self.0.iter().map(|group| &group.routers).zip(tests);
        routers.flat_map(|(routers, tests)| routers.iter().map(move |router| (router.as_str(), tests))).collect()
    }

    /// Leaves these routers alone in it.
    pub(in crate::run) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        for group in &mut self.0 {
            group.routers.retain(|router| is_kept(router));
        }
        self.0.retain(|group| !group.routers.is_empty());
    }

    /// What no plan of these routers says.
    pub(super) fn forged(&self, planned: &HashSet<&str>) -> Option<Text> {
        let mut named = HashSet::new();
        let mut routers = self.0.iter().flat_map(|group| &group.routers).map(String::as_str);
        let router = visible::line(routers.find(|router| !planned.contains(router) || !named.insert(*router))?);
        Some(Text::new(
            format!("`hand_over` names {router}, which has no plan or is named twice"),
            format!("`hand_over` の {router} には計画がないか、重複しています"),
        ))
    }
}
