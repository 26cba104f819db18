//! A folder of pictures, with classes named by its sub-folders or without.
//!
//! The loader calls it once. It reads names, never files; its answer depends on the folder alone, not on the
//! order in which the file system happens to list it.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::{DirEntry, FileType, Metadata};
use std::path::{Path, PathBuf};

use variegate_picture::{Error, Result};

use super::listing::{self, Held};
use crate::{Storage, is_remote};

/// Extensions of pictures, lower-case.
pub const EXTENSIONS: [&str; 13] =
    ["jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff", "ppm", "pgm", "pbm", "pnm", "pam"];

/// How to read a folder.
#[derive(Clone, Debug, Default)]
pub struct FolderOptions {
    /// The classes, in the order of their numbers; none for every sub-folder, sorted by bytes. A class
    /// may be a path of several parts.
    pub classes: Option<Vec<String>>,
    /// Whether sub-folders are classes; none to infer it: they are when classes are given or when the root
    /// holds sub-folders and no pictures of its own.
    pub labelled: Option<bool>,
    /// Whether symbolic links to folders are entered. Links to files always count as files.
    pub follow_links: bool,
}

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path below the root.
    pub path: PathBuf,
    /// Number of its class.
    pub class: Option<u32>,
}

/// What a folder holds.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub root: PathBuf,
    /// Names of the classes; a name that is not UTF-8 is shown with replacement characters.
    pub classes: Vec<String>,
    /// The pictures: class by class, within each sorted by the bytes of the path.
    pub files: Vec<Entry>,
    /// What could not be read, and classes without pictures. The rest is usable.
    pub problems: Vec<Error>,
    /// Files left aside because their extension is not a picture's. Hidden ones are not counted.
    pub skipped: usize,
    /// The objects behind the files, where they lie in a store.
    pub held: Option<Held>,
}

impl Folder {
    /// Walks a folder.
    ///
    /// # Errors
    ///
    /// When the root is missing, unreadable or not a folder, when a class given is missing, and when there is no
    /// picture at all.
    pub fn read(root: impl AsRef<Path>, options: &FolderOptions) -> Result<Self> {
        let root = root.as_ref();
        read(root, options).map_err(|error| error.at(root))
    }

    /// Walks a folder of this machine, or lists one of a store.
    ///
    /// # Errors
    ///
    /// Those of [`Folder::read`]; and when the store cannot be reached or does not let its objects be listed.
    pub fn read_from(root: impl AsRef<Path>, storage: &Storage, options: &FolderOptions) -> Result<Self> {
        let root = root.as_ref();
        let read = if is_remote(root) { listing::read(root, storage, options) } else { read(root, options) };
        read.map_err(|error| error.at(root))
    }

    /// The full path of a picture.
    pub fn path(&self, index: usize) -> Option<PathBuf> {
        self.files.get(index).map(|entry| self.root.join(&entry.path))
    }
}

/// What one walk gathers.
struct Walk<'a> {
    root: &'a Path,
    follow_links: bool,
    found: Vec<PathBuf>,
    problems: Vec<Error>,
    skipped: usize,
    /// Folders entered through links or not, by device and inode, from the root down to here.
    ancestors: Vec<(u64, u64)>,
}

fn read(root: &Path, options: &FolderOptions) -> Result<Folder> {
    let metadata = std::fs::metadata(root).map_err(|error| {
        Error::io(format!("the folder cannot be opened ({error}); name an existing folder of pictures"))
    })?;
    if !metadata.is_dir() {
        return Err(Error::io("this is a file, not a folder; name a folder of pictures"));
    }
    let top = list(root).map_err(|error| Error::io(format!("the folder cannot be listed: {error}")))?;
    let labelled = options.labelled.unwrap_or_else(|| options.classes.is_some() || looks_labelled(root, &top, options));
    if !labelled && options.classes.is_some() {
        return Err(Error::parameter("classes are given, but labelled = false; drop one of the two"));
    }
    let mut walk = Walk {
        root,
        follow_links: options.follow_links,
        found: Vec::new(),
        problems: Vec::new(),
        skipped: 0,
        ancestors: vec![identity(&metadata, root)],
    };
    let mut folder = Folder {
        root: root.to_path_buf(),
        classes: Vec::new(),
        files: Vec::new(),
        problems: Vec::new(),
        skipped: 0,
        held: None,
    };
    if !labelled {
        walk.enter(Path::new(""));
        folder.files = walk.found.drain(..).map(|path| Entry { path, class: None }).collect();
    } else {
        for (number, name) in class_names(root, &top, options, &mut walk.problems)?.into_iter().enumerate() {
            walk.step(Path::new(&name));
            if walk.found.is_empty() {
                walk.problems.push(
                    Error::input("the class has no pictures; it keeps its number. Add some or remove the folder")
                        .at(root.join(&name)),
                );
            }
            let class = u32::try_from(number).ok();
            folder.files.extend(walk.found.drain(..).map(|path| Entry { path, class }));
            folder.classes.push(name.to_string_lossy().into_owned());
        }
        // Strays beside the class folders belong to no class.
        for name in top.iter().filter(|name| is_picture(name) && root.join(name).is_file()) {
            walk.problems.push(
                Error::input("a picture beside the class folders belongs to no class; move it into one")
                    .at(root.join(name)),
            );
        }
    }
    folder.problems = walk.problems;
    folder.skipped = walk.skipped;
    if folder.files.is_empty() {
        return Err(nothing(&folder, labelled));
    }
    Ok(folder)
}

pub(super) fn nothing(folder: &Folder, labelled: bool) -> Error {
    let mut found = match folder.skipped {
        0 => "no files".to_string(),
        1 => "1 file, not with an image extension".to_string(),
        n => format!("{n} files, none with an image extension"),
    };
    if labelled {
        found.push_str(&format!(", in {} class folders", folder.classes.len()));
    }
    if let Some(problem) = folder.problems.first() {
        found.push_str(&format!("; first problem: {problem}"));
    }
    let layout = if labelled { "root/class/picture.jpg" } else { "root/picture.jpg" };
    Error::input(format!("{found}; expected {layout} with one of the extensions {}", EXTENSIONS.join(", ")))
}

/// Sub-folders, and no pictures of its own.
fn looks_labelled(root: &Path, top: &[OsString], options: &FolderOptions) -> bool {
    let pictures = top.iter().any(|name| is_picture(name) && root.join(name).is_file());
    !pictures && top.iter().any(|name| is_class(root, name, options.follow_links))
}

fn class_names(
    root: &Path,
    top: &[OsString],
    options: &FolderOptions,
    problems: &mut Vec<Error>,
) -> Result<Vec<OsString>> {
    let present: Vec<&OsString> = top.iter().filter(|name| is_class(root, name, options.follow_links)).collect();
    let Some(wanted) = &options.classes else { return Ok(present.into_iter().cloned().collect()) };
    let mut seen = HashSet::new();
    for name in wanted {
        if !seen.insert(name) {
            return Err(Error::parameter(format!("the class {name:?} is given twice")));
        }
        let inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if name.is_empty() || !inside {
            return Err(Error::parameter(format!("the class {name:?} is not a folder below the root")));
        }
        if !root.join(name).is_dir() {
            let names: Vec<String> = present.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            let near = variegate_picture::error::nearest(name, names.iter().map(String::as_str));
            let mend = match near {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("the folders there are: {}", names.join(", ")),
            };
            return Err(Error::input(format!("there is no folder for the class {name:?}; {mend}")));
        }
    }
    for name in present.iter().filter(|name| !wanted.iter().any(|w| Path::new(w).starts_with(name))) {
        problems.push(Error::input("the folder is not among the classes given; left aside").at(root.join(name)));
    }
    Ok(wanted.iter().map(OsString::from).collect())
}

fn is_class(root: &Path, name: &OsStr, follow_links: bool) -> bool {
    let path = root.join(name);
    !is_hidden(name) && path.is_dir() && (follow_links || !path.is_symlink())
}

pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

pub(super) fn is_picture(name: &OsStr) -> bool {
    let known = |extension: &OsStr| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    !is_hidden(name) && Path::new(name).extension().is_some_and(known)
}

/// What is in a folder, sorted by the bytes of the names, with the kind that the listing itself tells.
fn entries(path: &Path) -> std::io::Result<Vec<(OsString, Option<FileType>)>> {
    let entry = |entry: std::io::Result<DirEntry>| entry.map(|entry| (entry.file_name(), entry.file_type().ok()));
    let mut entries = std::fs::read_dir(path)?.map(entry).collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by(|a, b| a.0.as_encoded_bytes().cmp(b.0.as_encoded_bytes()));
    Ok(entries)
}

/// Names in a folder, sorted by their bytes.
fn list(path: &Path) -> std::io::Result<Vec<OsString>> {
    Ok(entries(path)?.into_iter().map(|(name, _)| name).collect())
}

/// Device and inode, by which a folder met again through a link is known.
#[cfg(unix)]
fn identity(metadata: &Metadata, _path: &Path) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

/// Where there are no inodes, the resolved path stands for them.
#[cfg(not(unix))]
fn identity(_metadata: &Metadata, path: &Path) -> (u64, u64) {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()).hash(&mut hasher);
    (0, hasher.finish())
}

impl Walk<'_> {
    /// Steps into a folder below the root, unless it is one of those above it.
    fn step(&mut self, below: &Path) {
        let path = self.root.join(below);
        match std::fs::metadata(&path) {
            Err(error) => self.problem(&path, format!("cannot be opened: {error}")),
            Ok(metadata) => {
                let identity = identity(&metadata, &path);
                if self.ancestors.contains(&identity) {
                    self.problem(&path, "a link to a folder it lies in; not entered again".to_string());
                    return;
                }
                self.ancestors.push(identity);
                self.enter(below);
                self.ancestors.pop();
            }
        }
    }

    fn enter(&mut self, below: &Path) {
        let path = self.root.join(below);
        let entries = match entries(&path) {
            Ok(entries) => entries,
            Err(error) => return self.problem(&path, format!("cannot be listed: {error}")),
        };
        for (name, kind) in entries.into_iter().filter(|(name, _)| !is_hidden(name)) {
            // The listing itself tells of plain files; asking the system about each took six times as long.
            if kind.is_some_and(|kind| kind.is_file()) {
                if is_picture(&name) {
                    self.found.push(below.join(&name));
                } else {
                    self.skipped += 1;
                }
                continue;
            }
            let inner = below.join(&name);
            let full = self.root.join(&inner);
            let metadata = match std::fs::metadata(&full) {
                Ok(metadata) => metadata,
                Err(error) => {
                    let link = if full.is_symlink() { "a broken link" } else { "cannot be opened" };
                    self.problem(&full, format!("{link}: {error}"));
                    continue;
                }
            };
            if metadata.is_dir() {
                if self.follow_links || !full.is_symlink() {
                    self.step(&inner);
                }
            } else if metadata.is_file() && is_picture(&name) {
                self.found.push(inner);
            } else {
                self.skipped += 1;
            }
        }
    }

    fn problem(&mut self, path: &Path, what: String) {
        self.problems.push(Error::io(what).at(path));
    }
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
