//! A folder of a store, from one listing of its objects.
//!
//! [`Folder::read_from`] calls it for paths of stores. What counts, what is a class and the order are those of a folder
//! on disk, so that the same data are the same source in both places. It reads names, never objects.

use std::cmp::Ordering;
use std::path::Path;
use std::sync::Arc;

use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use super::folder::{Entry, Folder, FolderOptions, is_hidden, is_picture, nothing};
use crate::{Limits, Object, Storage, Store};

/// Objects that stand behind the files of a source.
#[derive(Clone, Debug)]
pub struct Held {
    store: Arc<dyn Store>,
    prefix: String,
    /// One for each file; empty where names are all that is known.
    objects: Vec<Object>,
}

impl Held {
    /// Objects of which only names below `root` are known.
    pub fn named(root: &Path, storage: &Storage) -> Result<Self> {
        let (store, prefix) = storage.open(root)?;
        Ok(Self { store, prefix, objects: Vec::new() })
    }

    fn object(&self, position: usize, name: &Path) -> Object {
        self.objects.get(position).cloned().unwrap_or_else(|| Object {
            name: [self.prefix.as_str(), &name.to_string_lossy()].join("/").trim_start_matches('/').to_string(),
            size: Object::UNKNOWN,
            tag: String::new(),
        })
    }

    /// Whether there is an object of that name.
    pub fn holds(&self, position: usize, name: &Path) -> Result<()> {
        self.store.find(&self.object(position, name).name).map(drop)
    }

    /// The bytes of a file, no more than the limits allow.
    pub fn read(&self, position: usize, name: &Path, limits: &Limits) -> Result<Vec<u8>> {
        let object = self.object(position, name);
        if object.size != Object::UNKNOWN {
            limits.check_bytes(object.size)?;
        }
        self.store.read(&object, 0..object.size.min(limits.max_bytes))
    }

    /// Begins to read a file that will be asked for soon.
    pub fn expect(&self, position: usize, name: &Path, limits: &Limits) {
        let object = self.object(position, name);
        if object.size == Object::UNKNOWN || limits.check_bytes(object.size).is_ok() {
            self.store.expect(&object, 0..object.size.min(limits.max_bytes));
        }
    }
}

/// The folder of a listing.
pub(super) fn read(root: &Path, storage: &Storage, options: &FolderOptions) -> Result<Folder> {
    let (store, prefix) = storage.open(root)?;
    let mut folder = Folder {
        root: root.to_path_buf(),
        classes: Vec::new(),
        files: Vec::new(),
        problems: Vec::new(),
        skipped: 0,
        held: None,
    };
    let mut found = Vec::new();
    for object in store.list(&prefix)? {
        let below = object.name.strip_prefix(prefix.as_str()).unwrap_or(&object.name).trim_start_matches('/');
        if below.is_empty() || below.split('/').any(|part| is_hidden(part.as_ref())) {
            continue;
        }
        match is_picture(below.rsplit('/').next().unwrap_or_default().as_ref()) {
            true => found.push((below.to_string(), object)),
            false => folder.skipped += 1,
        }
    }
    // A walk on disk meets names part by part.
    let order = |a: &str, b: &str| -> Ordering { a.split('/').cmp(b.split('/')) };
    found.sort_by(|a, b| order(&a.0, &b.0));
    let mut present: Vec<String> =
        found.iter().filter_map(|(name, _)| Some(name.split_once('/')?.0.to_string())).collect();
    present.dedup();
    let stray = found.iter().any(|(name, _)| !name.contains('/'));
    let labelled = options.labelled.unwrap_or(options.classes.is_some() || (!stray && !present.is_empty()));
    if !labelled && options.classes.is_some() {
        return Err(Error::parameter("classes are given, but labelled = false; drop one of the two"));
    }
    let mut objects = Vec::new();
    if labelled {
        folder.classes = options.classes.clone().unwrap_or_else(|| present.clone());
        for (number, class) in folder.classes.iter().enumerate() {
            if folder.classes[..number].contains(class) {
                return Err(Error::parameter(format!("the class {class:?} is given twice")));
            }
            let inside = format!("{class}/");
            let before = objects.len();
            for (name, object) in found.iter().filter(|(name, _)| name.starts_with(&inside)) {
                folder.files.push(Entry { path: name.into(), class: u32::try_from(number).ok() });
                objects.push(object.clone());
            }
            if objects.len() == before {
                let mend = match nearest(class, present.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("the folders there are: {}", present.join(", ")),
                };
                return Err(Error::input(format!("there are no pictures for the class {class:?}; {mend}")));
            }
        }
        let problem = |what: &str, name: &str| Error::input(what).at(root.join(name));
        for (name, _) in found.iter().filter(|(name, _)| !name.contains('/')) {
            folder
                .problems
                .push(problem("a picture beside the class folders belongs to no class; move it into one", name));
        }
        for name in present.iter().filter(|name| !folder.classes.iter().any(|class| Path::new(class).starts_with(name)))
        {
            folder.problems.push(problem("the folder is not among the classes given; left aside", name));
        }
    } else {
        for (name, object) in found {
            folder.files.push(Entry { path: name.into(), class: None });
            objects.push(object);
        }
    }
    if folder.files.is_empty() {
        return Err(nothing(&folder, labelled));
    }
    folder.held = Some(Held { store, prefix, objects });
    Ok(folder)
}
