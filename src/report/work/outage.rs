//! How long a change took on a router, from the times of the records. It is no measure of how long traffic stopped: nothing measures that.

use serde::Serialize;

use super::Moment;
use crate::message::Text;

/// How long a change took, in seconds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outage {
    /// From the first line, or the order to restart, to the reading that proved how it ended; nothing where none did.
    pub seconds: Option<u64>,
    /// Of that, between lines that the plan said traffic stops between; nothing where no plan was kept with the run.
    pub known_gaps: Option<u64>,
    /// The same in words.
    pub text: Text,
}

/// What the times are found from.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    /// When the first line was sent or a restart was ordered.
    pub(super) first: Option<Moment>,
    /// When a reading last proved that the router is as declared, or as before.
    pub(super) proven: Option<Moment>,
    /// Whether something was sent after that.
    pub(super) is_open: bool,
}

impl Touched {
    /// Something may be cut off from now on.
    pub(super) fn touched(&mut self, at: Moment) {
        self.first.get_or_insert(at);
        self.is_open = true;
    }

    /// A reading proved how the router is.
    pub(super) fn proven(&mut self, at: Moment) {
        self.proven = Some(at);
        self.is_open = false;
    }
}

impl Outage {
    /// What the times say.
    pub(super) fn of(touched: &Touched, known_gaps: Option<u64>) -> Self {
        let Some(first) = touched.first else {
            let text = Text::new("none: nothing was sent to it", "なし(何も送信していません)");
            return Self { seconds: Some(0), known_gaps: Some(0), text };
        };
        let proven = touched.proven.filter(|_| !touched.is_open);
        let whole = proven.map(|proven| first.seconds_until(proven));
        let (mut en, mut ja) = match whole {
            Some(seconds) => (
                format!("{seconds} s; how long traffic stopped was not measured"),
                format!("{seconds} 秒(通信断の時間は測定していません)"),
            ),
            None => (
                "not known: no reading of the configuration followed".to_owned(),
                "不明(その後の構成の読み取りの記録がありません)".to_owned(),
            ),
        };
        match known_gaps {
            Some(seconds) => {
                en.push_str(&format!("; {seconds} s of that between lines that the plan said traffic stops between"));
                ja.push_str(&format!("。うち、計画で通信断と示した行の間は {seconds} 秒"));
            }
            None => {
                en.push_str("; between which lines traffic stops is not recorded");
                ja.push_str("。通信断となる行の範囲は記録されていません");
            }
        }
        Self { seconds: whole, known_gaps, text: Text::new(en, ja) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outage, Touched};
    use crate::report::work::Moment;

    #[test]
    fn an_end_that_no_reading_proved_has_no_length() {
        let mut touched = Touched::default();
        assert_eq!(Outage::of(&touched, None).seconds, Some(0));
        touched.touched(Moment::of_ms(1_000));
        assert_eq!(Outage::of(&touched, None).seconds, None);
        touched.proven(Moment::of_ms(9_100));
        assert_eq!(Outage::of(&touched, Some(2)).seconds, Some(9));
        touched.touched(Moment::of_ms(10_000));
        assert_eq!(Outage::of(&touched, None).seconds, None, "a line after the proof is not proven by it");
    }
}
