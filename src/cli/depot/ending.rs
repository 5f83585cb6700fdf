//! Work on a box tells how it ended, whatever happens to the thread that does it: one that cannot begin, or dies, has an end, too.

use std::sync::mpsc::Sender;

use crate::field::depot::DepotEvent;

/// Tells an event when it is dropped.
pub struct Ending {
    tell: Sender<DepotEvent>,
    event: Option<DepotEvent>,
}

impl Ending {
    /// Tells this, unless the work comes to an end of its own.
    pub fn or_else(tell: Sender<DepotEvent>, broken_off: DepotEvent) -> Self {
        Self { tell, event: Some(broken_off) }
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
    fn a_thread_that_dies_has_told_that_it_did_and_one_that_ends_tells_only_how() {
        let (tell, told) = channel();
        let said = |text: &str| DepotEvent::Said(text.to_owned());
        drop(Ending::or_else(tell.clone(), said("broken off")));
        Ending::or_else(tell, said("broken off")).tells(said("done"));
        let lines: Vec<String> = told
            .try_iter()
            .map(|event| match event {
                DepotEvent::Said(line) => line,
                event => format!("{event:?}"),
            })
            .collect();
        assert_eq!(lines, ["broken off", "done"]);
    }
}
