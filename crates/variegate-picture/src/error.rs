//! The one error of the engine, sorted by whose fault it is.
//!
//! Every crate returns it. A message says what happened and where, what was expected, and how to mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A file or array that cannot be used: broken, truncated, not an image.
    Input,
    /// A wrong argument: out of bounds, unknown name, wrong shape.
    Parameter,
    /// A guard spoke: too many pixels, bytes, or too great an expansion.
    Limit,
    /// A right request that this build cannot serve.
    Unsupported,
    /// The operating system refused: missing file, no permission, disk full.
    Io,
    /// Our fault.
    Internal,
}

impl Kind {
    /// The kind in one lower-case word.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Input => "input",
            Kind::Parameter => "parameter",
            Kind::Limit => "limit",
            Kind::Unsupported => "unsupported",
            Kind::Io => "io",
            Kind::Internal => "internal",
        }
    }
}

/// What went wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
    path: Option<PathBuf>,
}

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes an error of the given kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), path: None }
    }

    /// A file or array that cannot be used.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// A wrong argument.
    pub fn parameter(message: impl Into<String>) -> Self {
        Self::new(Kind::Parameter, message)
    }

    /// A guard spoke.
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new(Kind::Limit, message)
    }

    /// A right request that this build cannot serve.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Kind::Unsupported, message)
    }

    /// The operating system refused.
    pub fn io(message: impl Into<String>) -> Self {
        Self::new(Kind::Io, message)
    }

    /// Our fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    /// Names the file the error is about, unless one is named already.
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.path.get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// Whose fault it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The file it is about, if any.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The message without the file name.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}: {}", path.display(), self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Error {}

/// The nearest of `names` to `word`, for "did you mean" (edit distance at most a third of its length).
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    names
        .into_iter()
        .map(|name| (distance(&word, &name.to_lowercase()), name))
        .filter(|(d, name)| *d <= 1 + name.len().max(word.len()) / 4)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replace = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_its_file() {
        let error = Error::input("the file ends in the middle of a scan").at("photos/a.jpg");
        assert_eq!(error.to_string(), "photos/a.jpg: the file ends in the middle of a scan");
        assert_eq!(error.clone().at("other").path(), error.path());
    }

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("rotat", ["rotate", "resize"]), Some("rotate"));
        assert_eq!(nearest("gausian_blur", ["gaussian_blur", "gaussian_noise"]), Some("gaussian_blur"));
        assert_eq!(nearest("zzz", ["rotate", "resize"]), None);
    }
}
