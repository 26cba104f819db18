//! What a folder of shards says of itself: `plan.json`, which offline jobs write before the first shard.
//!
//! The packer writes it, and who reads shards looks there for the names of their classes. A folder without one, or with
//! a file of that name that is something else, is no error: then nothing is known.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::{Blob, Limits, Storage};

/// The file's name.
pub const PLAN: &str = "plan.json";

/// Names of the classes of shards, by label, where the plans beside all of them agree on them.
pub fn classes_beside(paths: &[PathBuf], storage: &Storage) -> Option<Vec<String>> {
    let folders: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
    let mut found = folders.into_iter().map(|folder| classes_in(folder, storage));
    let first = found.next()??;
    found.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn classes_in(folder: &Path, storage: &Storage) -> Option<Vec<String>> {
    let bytes = Blob::open(&folder.join(PLAN), storage).and_then(|plan| plan.whole(&Limits::default())).ok()?;
    let plan: Json = serde_json::from_slice(&bytes).ok()?;
    let name = |name: &Json| name.as_str().map(String::from);
    plan.get("classes")?.as_array()?.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_believed_where_all_plans_agree() {
        let root = std::env::temp_dir().join(format!("variegate-io-plan-{}", std::process::id()));
        let plans = [r#"{"classes": ["ant", "bee"]}"#, r#"{"classes": ["ant"]}"#, "[", r#"{"classes": [1]}"#];
        for (k, plan) in plans.iter().enumerate() {
            std::fs::create_dir_all(root.join(k.to_string())).expect("a folder");
            std::fs::write(root.join(k.to_string()).join(PLAN), plan).expect("writes");
        }
        let of = |folders: &[&str]| {
            classes_beside(
                &folders.iter().map(|folder| root.join(folder).join("a.tar")).collect::<Vec<_>>(),
                &Storage::default(),
            )
        };
        assert_eq!(of(&["0", "0"]), Some(vec!["ant".to_string(), "bee".to_string()]));
        assert_eq!(of(&["0", "1"]), None);
        assert!(["2", "3", "none"].iter().all(|folder| of(&[folder]).is_none()) && of(&[]).is_none());
        std::fs::remove_dir_all(root).expect("cleans up");
    }
}
