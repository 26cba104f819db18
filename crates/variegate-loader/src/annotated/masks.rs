//! A folder of masks beside a folder of pictures: files of the same names, whatever their extensions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use variegate_io::{Folder, FolderOptions};
use variegate_picture::Result;

use super::{Annotated, Gathered};
use crate::annotations::{Annotations, MaskFile};

/// Pictures with masks of the same name. `suffix` is what a mask's name has more, before its extension: `_mask`, say.
///
/// Pictures without a mask and masks without a picture are left aside and told.
pub fn read(images: &Path, masks: &Path, suffix: &str, classes: Vec<String>) -> Result<Annotated> {
    let flat = FolderOptions { labelled: Some(false), ..FolderOptions::default() };
    let (images, masks) = (Folder::read(images, &flat)?, Folder::read(masks, &flat)?);
    let mut gathered = Gathered::of(&images.root);
    gathered.problems.extend(images.problems.iter().chain(&masks.problems).cloned());
    let mut of_stem: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for entry in &masks.files {
        let stem = entry.path.with_extension("");
        let Some(stem) = stem.to_str().and_then(|stem| stem.strip_suffix(suffix)) else {
            gathered.tell(
                &masks.root.join(&entry.path),
                format!("the name of a mask should end in {suffix:?}; left aside"),
            );
            continue;
        };
        if let Some(other) = of_stem.insert(stem.into(), entry.path.clone()) {
            let message =
                format!("a second mask for the same picture, beside {}; the later one counts", other.display());
            gathered.tell(&masks.root.join(&entry.path), message);
        }
    }
    for entry in &images.files {
        match of_stem.remove(&entry.path.with_extension("")) {
            Some(mask) => {
                let mask = Some(MaskFile::Path(masks.root.join(mask)));
                gathered.entries.push((entry.path.clone(), Annotations { mask, ..Annotations::default() }));
            }
            None => gathered.tell(&images.root.join(&entry.path), "no mask has this picture's name; left aside".into()),
        }
    }
    for mask in of_stem.values() {
        gathered.tell(&masks.root.join(mask), "no picture has this mask's name; left aside".into());
    }
    gathered.finished(classes, &masks.root)
}
