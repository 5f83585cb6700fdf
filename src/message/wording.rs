//! How a value appears inside a text of one language: values with words in both languages use these, all others their one form.
//!
//! Only the derive of [`super::Explain`] calls this. Which of the three traits answers is found by the compiler, which tries the one
//! with the most references first: words in two languages, an error that explains itself, and `Display`.

use std::borrow::Cow;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use super::{Explain, Lang, Text, Wording, system_words};

/// A value that a text names.
pub struct Said<'a, T: ?Sized>(pub &'a T);

/// A value that differs by language, or has no `Display` of its own.
pub trait Localised {
    /// The value in this language.
    fn localised(&self, lang: Lang) -> Cow<'_, str>;
}

impl Localised for Text {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        self.get(lang).into()
    }
}

impl Localised for Wording {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        self.get(lang).into()
    }
}

impl Localised for io::Error {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        system_words(self).into_language(lang).into()
    }
}

impl Localised for Path {
    fn localised(&self, _: Lang) -> Cow<'_, str> {
        self.to_string_lossy()
    }
}

impl Localised for PathBuf {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        self.as_path().localised(lang)
    }
}

impl<T: Localised + ?Sized> Localised for &T {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        (**self).localised(lang)
    }
}

impl<T: Localised + ?Sized> Localised for Box<T> {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        (**self).localised(lang)
    }
}

/// The first choice: words in two languages.
pub trait ByLanguage<'a> {
    /// The value, said.
    fn said(&self, lang: Lang) -> Cow<'a, str>;
}

impl<'a, T: Localised + ?Sized> ByLanguage<'a> for &&Said<'a, T> {
    fn said(&self, lang: Lang) -> Cow<'a, str> {
        self.0.localised(lang)
    }
}

/// The second choice: an error inside an error.
pub trait ByExplain {
    /// The error's text.
    fn said(&self, lang: Lang) -> String;
}

impl<T: Explain + ?Sized> ByExplain for &Said<'_, T> {
    fn said(&self, lang: Lang) -> String {
        self.0.text().into_language(lang)
    }
}

/// The last choice: names, numbers and device text, the same in every language.
pub trait ByDisplay<'a, T: ?Sized> {
    /// The value itself.
    fn said(&self, lang: Lang) -> &'a T;
}

impl<'a, T: Display + ?Sized> ByDisplay<'a, T> for Said<'a, T> {
    fn said(&self, _: Lang) -> &'a T {
        self.0
    }
}
