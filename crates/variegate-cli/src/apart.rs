//! That an output folder does not lie in the source folder.
//!
//! Verbs that write whole data sets ask before they write. It touches neither folder.

use std::path::Path;

use variegate::{Error, Result};

/// OUT below SRC would become a part of the data set.
pub fn refuse_inside(src: &Path, out: &Path) -> Result<()> {
    let whole = |path: &Path| {
        let there = path.ancestors().find_map(|above| Some((above, std::fs::canonicalize(above).ok()?)));
        let here = || std::fs::canonicalize(".").ok().map(|here| here.join(path));
        match there {
            Some((above, known)) => path.strip_prefix(above).ok().map(|rest| known.join(rest)),
            None => here(),
        }
    };
    match (whole(src), whole(out)) {
        (Some(src), Some(inner)) if inner.starts_with(&src) => Err(Error::parameter(
            "the output folder lies in the source folder, so the next run would take its outputs for sources; choose another",
        )
        .at(out)),
        _ => Ok(()),
    }
}
