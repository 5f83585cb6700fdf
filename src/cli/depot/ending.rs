//! Work on a box tells how it ended, whatever happens to the thread that does it: one that cannot begin, or dies, has an end, too.

use std::sync::mpsc::Sender;

use crate::field::depot::DepotEvent;

/// Tells an event when it is dropped.
pub struct Ending {
    tell: Sender<DepotEvent>,
    event: Option<DepotEvent>,
}

impl Ending {
    /// Tells this, unless the work begins, or comes to an end of its own.
    pub fn or_else(tell: Sender<DepotEvent>, not_begun: DepotEvent) -> Self {
        Self { tell, event: Some(not_begun) }
    }

    /// The work has begun: from now on this is told of a thread that dies.
    pub fn begins_or_else(&mut self, broken_off: DepotEvent) {
        self.event = Some(broken_off);
    }

    /// The work has ended so.
    pub fn tells(mut self, event: DepotEvent) {
        self.event = Some(event);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(event) = self.event.take() {
            // The day may be over.
            let _ = self.tell.send(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::Ending;
    use crate::field::depot::DepotEvent;

    #[test]
    fn work_that_did_not_begin_or_broke_off_has_told_which_and_one_that_ends_tells_only_how() {
        let (tell, told) = channel();
        let said = |text: &str| DepotEvent::Said(text.to_owned());
        let ending = || Ending::or_else(tell.clone(), said("not begun"));
        let begun = || {
            let mut ending = ending();
            ending.begins_or_else(said("broken off"));
            ending
        };
        drop(ending());
        drop(begun());
        begun().tells(said("done"));
        let lines: Vec<String> = told
            .try_iter()
            .map(|event| match event {
                DepotEvent::Said(line) => line,
                event => format!("{event:?}"),
            })
            .collect();
        assert_eq!(lines, ["not begun", "broken off", "done"]);
    }
}
