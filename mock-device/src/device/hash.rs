//! What the router keeps of a password typed in clear.
//!
//! Fact sheet 6: on 10.x about 30 mixed-case hexadecimal digits and a final `@`. The algorithm is not known; this one only looks
//! like it, and depends on the password and the serial number, so that the same password differs between two boxes.

use sha2::{Digest, Sha256};

/// The stored form of a password on the box with this serial number.
pub fn hashed(serial_number: &str, password: &str) -> String {
    let digest = Sha256::digest(format!("mock-ix\0{serial_number}\0{password}"));
    let mut text = String::with_capacity(31);
    for (byte, shape) in digest.iter().take(15).zip(digest.iter().skip(15)) {
        for (nibble, upper) in [(byte >> 4, shape & 1), (byte & 15, shape & 2)] {
            let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            text.push(if upper == 0 { digit } else { digit.to_ascii_uppercase() });
        }
    }
    text.push('@');
    text
}

/// The longer form in which NetMeister and web server secrets are kept.
pub fn sealed(serial_number: &str, secret: &str) -> String {
    let once = hashed(serial_number, secret);
    format!("{}{}", once.trim_end_matches('@'), hashed(&once, secret))
}
