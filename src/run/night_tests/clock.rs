//! A clock that no one waits for: routers take their time by it, and it moves on when all of them do. Who wakes at one instant is at work
//! at the same time.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use crate::fleet::{Clock, Inbox, Message, Moment};

#[derive(Default)]
struct Night {
    now: Moment,
    /// Tasks that have begun, not ended, and do not sleep.
    awake: usize,
    /// Tasks that sleep until then, with the number of their nap.
    asleep: BTreeMap<(Moment, u64), Sender<()>>,
    naps: u64,
    /// What a person says to a run that waits for nothing else.
    person: Option<Person>,
}

/// Says something to a run.
pub type Person = Box<dyn FnOnce() + Send>;

/// Sleep ends at these instants: so that many wake together.
const TICK: u64 = 2000;

/// The clock.
#[derive(Default)]
pub struct VirtualClock {
    night: Mutex<Night>,
    at_rest: Condvar,
}

impl VirtualClock {
    fn night(&self) -> MutexGuard<'_, Night> {
        self.night.lock().unwrap()
    }

    /// The same when no task is at work: what was reported or ordered by then is in the inbox.
    fn resting(&self) -> MutexGuard<'_, Night> {
        self.at_rest.wait_while(self.night(), |night| night.awake > 0).unwrap()
    }

    /// When the run waits for nothing but a person, this one speaks, once.
    pub fn has_a_person(&self, says: Person) {
        self.night().person = Some(says);
    }

    /// What a task does takes so long.
    pub fn sleep(&self, time: Duration) {
        let (wake, woken) = channel();
        let mut night = self.night();
        night.naps += 1;
        let until = Moment::from_millis((night.now + time).millis().next_multiple_of(TICK));
        let until = (until, night.naps);
        night.asleep.insert(until, wake);
        night.awake -= 1;
        drop(night);
        self.at_rest.notify_all();
        woken.recv().unwrap();
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        self.night().now
    }

    fn wait(&self, inbox: &Inbox, until: Option<Moment>) -> Option<Message> {
        loop {
            let mut night = self.resting();
            if let Some(message) = inbox.try_next() {
                return Some(message);
            }
            let first = night.asleep.first_key_value().map(|((at, _), _)| *at);
            match (first, until) {
                (Some(at), until) if until.is_none_or(|until| at <= until) => {
                    night.now = night.now.max(at);
                    let later = night.asleep.split_off(&(at, u64::MAX));
                    let woken = std::mem::replace(&mut night.asleep, later);
                    night.awake += woken.len();
                    woken.into_values().for_each(|wake| wake.send(()).unwrap());
                }
                (_, Some(until)) => {
                    night.now = night.now.max(until);
                    return None;
                }
                (_, None) if night.person.is_some() => {
                    let says = night.person.take();
                    drop(night);
                    says.into_iter().for_each(|says| says());
                }
                (_, None) => panic!("the run waits, nothing is in flight, and nothing will happen"),
            }
        }
    }

    fn begins(&self) {
        self.night().awake += 1;
    }

    fn ends(&self) {
        self.night().awake -= 1;
        self.at_rest.notify_all();
    }
}
