//! Many names in one piece of memory.
//!
//! A list of a million paths costs as much as their letters and eight bytes each, in two allocations. Sources keep
//! their names here. It never looks a name up by its text.

use std::ffi::OsStr;
use std::path::Path;

/// A list of names, by position.
#[derive(Clone, Debug, Default)]
pub struct Names {
    letters: Vec<u8>,
    ends: Vec<usize>,
}

impl Names {
    /// Appends a name.
    pub fn push(&mut self, name: impl AsRef<OsStr>) {
        self.letters.extend_from_slice(name.as_ref().as_encoded_bytes());
        self.ends.push(self.letters.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The letters of a name, as the system writes them; none beyond the last.
    pub fn letters(&self, position: usize) -> Option<&[u8]> {
        let end = *self.ends.get(position)?;
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.letters.get(start..end)
    }

    /// A name as a path; the empty one beyond the last.
    pub fn path(&self, position: usize) -> &Path {
        Path::new(self.letters(position).map_or(OsStr::new(""), name_of))
    }

    /// Gives back memory that was held for names to come.
    pub fn shrink_to_fit(&mut self) {
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl<S: AsRef<OsStr>> Extend<S> for Names {
    fn extend<I: IntoIterator<Item = S>>(&mut self, names: I) {
        names.into_iter().for_each(|name| self.push(name));
    }
}

#[cfg(unix)]
fn name_of(letters: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(letters)
}

/// Elsewhere only Unicode can be given back without unsafe code; such a name stands for a file that is not found.
#[cfg(not(unix))]
fn name_of(letters: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(letters).unwrap_or("a name that is not Unicode"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were_put() {
        let mut names = Names::default();
        names.extend(["a/b.jpg", "", "c.png"]);
        assert_eq!((names.len(), names.is_empty()), (3, false));
        assert_eq!([0, 1, 2, 3].map(|k| names.path(k)), ["a/b.jpg", "", "c.png", ""].map(Path::new));
        assert_eq!((names.letters(2), names.letters(3)), (Some(&b"c.png"[..]), None));
    }

    #[cfg(unix)]
    #[test]
    fn names_need_not_be_unicode() {
        let mut names = Names::default();
        let odd: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xFF\xFE.jpg");
        names.push(odd);
        assert_eq!(names.path(0).as_os_str(), odd);
    }
}
