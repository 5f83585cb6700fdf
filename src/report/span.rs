//! A length of time in words, never shorter than it is.

use std::time::Duration;

use crate::message::Lang;

/// `45 s`, `12 min`, `3 h 20 min`; rounded up.
pub fn span(length: Duration, lang: Lang) -> String {
    let seconds = length.as_secs().saturating_add(u64::from(length.subsec_nanos() > 0));
    let minutes = seconds.div_ceil(60);
    if seconds < 120 {
        return format!("{seconds} {}", lang.pick("s", "秒"));
    }
    if minutes < 120 {
        return format!("{minutes} {}", lang.pick("min", "分"));
    }
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match (lang, minutes) {
        (Lang::En, 0) => format!("{hours} h"),
        (Lang::En, _) => format!("{hours} h {minutes} min"),
        (Lang::Ja, 0) => format!("{hours} 時間"),
        (Lang::Ja, _) => format!("{hours} 時間 {minutes} 分"),
    }
}

#[cfg(test)]
mod tests {
    use super::span;
    use crate::message::Lang;
    use std::time::Duration;

    #[test]
    fn a_length_is_never_shown_shorter_than_it_is() {
        let words = |millis| span(Duration::from_millis(millis), Lang::En);
        assert_eq!(words(0), "0 s");
        assert_eq!(words(1_001), "2 s");
        assert_eq!(words(119_000), "119 s");
        assert_eq!(words(121_000), "3 min");
        assert_eq!(words(7_200_000), "2 h");
        assert_eq!(words(7_201_000), "2 h 1 min");
        assert_eq!(span(Duration::from_secs(600), Lang::Ja), "10 分");
        assert_eq!(span(Duration::MAX, Lang::En).split(' ').nth(1), Some("h"));
    }
}
