//! A router that was prepared for a run: what is wanted of it, and how to connect. Tasks are made from it; it is not a
//! task itself.

use std::sync::Arc;

use jiff::Timestamp;

use crate::connect::{Connect, Connector, Connectors};
use crate::fleet::{self, RouterTask, SiteMember, Trait};
use crate::inventory::{Connection, DoNotTouch, Router};
use crate::playbook::LaptopCheck;
use crate::transaction::Intent;
use crate::window::Schedule;

/// More routers than these are a fleet: what they have in common is shown, and not each of them.
pub const FEW: usize = 2;

/// One router of a run, and the way to it.
#[derive(Clone)]
pub struct Target {
    /// What is wanted of it.
    pub intent: Arc<Intent>,
    /// The way to it.
    pub connector: Arc<Connector>,
    /// When its site may be touched.
    pub schedule: Arc<Schedule>,
    /// Its site's name for people.
    pub title: Option<Arc<str>>,
    /// The inventory has its serial number.
    pub is_box_declared: bool,
    /// What is tried out from the laptop once it is saved.
    pub laptop: Arc<[LaptopCheck]>,
    /// Its site is left alone for a while.
    pub do_not_touch: Option<Arc<DoNotTouch>>,
    /// The names, each with its port, under which the host keys of its box are known: also where this run goes over a console.
    pub known_as: Arc<[(String, u16)]>,
}

impl Target {
    /// The same router with something else wanted of it.
    #[must_use]
    pub fn with(&self, intent: impl Into<Arc<Intent>>) -> Self {
        Self { intent: intent.into(), ..self.clone() }
    }

    /// What is tried out from the laptop, with the router's name.
    pub(super) fn tests(&self) -> (&str, &[LaptopCheck]) {
        (self.intent.router.as_str(), &*self.laptop)
    }

    /// The same router, to be touched whatever the windows of its site say.
    #[must_use]
    pub fn at_any_time(self) -> Self {
        Self { schedule: Arc::new(self.schedule.without_rules()), ..self }
    }

    /// Why nothing may be written to it at an instant.
    pub fn barred_at(&self, now: Timestamp) -> Option<&DoNotTouch> {
        self.do_not_touch.as_deref().filter(|barred| barred.counts(now, &self.schedule.zone))
    }

    /// What is to be done with it, as data: the action is made of what is wanted of it.
    pub fn task<A>(&self, action: impl FnOnce(Arc<Intent>) -> A) -> RouterTask<A> {
        let action = action(Arc::clone(&self.intent));
        RouterTask { console: self.connector.shared(), group: None, traits: self.traits(), action }
    }

    /// What its way has in common with that of others.
    fn traits(&self) -> Vec<Trait> {
        let jump = self.connector.jump_hosts().next().map(|host| Trait::JumpHost(host.to_owned()));
        let login = self.connector.login().map(|login| Trait::Credential(login.credential.as_str().to_owned()));
        jump.into_iter().chain(login).collect()
    }

    /// The way learns which password the roles give to the user who logs in: an earlier run may have set it already.
    pub(super) fn foresee_password(&self) {
        let user = self.connector.account().map(|account| account.user);
        if let Some(credential) = user.and_then(|user| self.intent.password_for(&user)) {
            self.connector.coming(&credential);
        }
    }

    /// The ways to these routers, by their names.
    pub fn connectors<'a>(targets: impl IntoIterator<Item = &'a Self>) -> Connectors {
        targets.into_iter().map(|target| (target.intent.router.clone(), Arc::clone(&target.connector))).collect()
    }
}

/// The names under which the host keys of a router are known.
pub(super) fn known_as(router: &Router) -> Arc<[(String, u16)]> {
    let ways = std::iter::once(&router.connection).chain(&router.second_way);
    let over_ssh = ways.filter(|way| matches!(way, Connection::Ssh(_))).filter_map(Connection::dialled);
    over_ssh.map(|(host, port)| (host.value.clone(), port)).collect()
}

/// The routers that change together or not at all, by site.
pub(super) fn by_site(targets: &[Target]) -> Vec<Vec<&Target>> {
    let member = |target: &Target| SiteMember { site: target.intent.site.clone(), console: target.connector.shared() };
    let routers: Vec<SiteMember> = targets.iter().map(member).collect();
    let members = |group: Vec<usize>| group.into_iter().filter_map(|place| targets.get(place)).collect();
    fleet::site_groups(&routers).into_iter().map(members).collect()
}
