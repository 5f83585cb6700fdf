//! Figures for people: what was measured, what was expected, whether it is so.

/// What a figure should be.
pub enum Expected {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Nothing is promised.
    Nothing,
}

/// Prints a heading.
pub fn heading(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.chars().count()));
}

/// Prints one figure and whether it is as expected.
pub fn figure(what: &str, value: f64, unit: &str, expected: &Expected) {
    let (wish, met) = match expected {
        Expected::AtLeast(least) => (format!("at least {least:.2}"), Some(value >= *least)),
        Expected::AtMost(most) => (format!("at most {most:.2}"), Some(value <= *most)),
        Expected::Nothing => (String::new(), None),
    };
    let verdict = met.map_or("", |met| if met { "met" } else { "NOT MET" });
    let shown = format!("{value:.2} {unit}");
    println!("{}", format!("{what:<64} {shown:>14}   {wish:<16} {verdict}").trim_end());
}

/// The smallest of some figures.
pub fn best(figures: impl IntoIterator<Item = f64>) -> f64 {
    figures.into_iter().fold(f64::INFINITY, f64::min)
}
