//! The examples run, on folders that they draw.

// Each example is a program of its own, and brings what it draws with.
#![allow(clippy::duplicate_mod)]

use std::path::{Path, PathBuf};

#[allow(dead_code)]
#[path = "../examples/folder_to_batches.rs"]
mod folder_to_batches;
#[allow(dead_code)]
#[path = "../examples/offline_augment.rs"]
mod offline_augment;
#[allow(dead_code)]
#[path = "../examples/own_operation.rs"]
mod own_operation;

/// An empty folder of a test.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn folders_become_batches() {
    let folder = folder_to_batches::drawn::class_folders(&fresh("batches"), 9).expect("two folders");
    assert_eq!(folder_to_batches::train(&folder, 2).expect("two epochs"), 2 * 18);
}

#[test]
fn copies_are_the_same_each_time() {
    let folder = folder_to_batches::drawn::class_folders(&fresh("pictures"), 3).expect("two folders");
    let read = |out: PathBuf| {
        assert_eq!(offline_augment::copies(&folder, &out, 2).expect("copies"), 12);
        let file = |name: &str| std::fs::read(out.join(name)).expect("a copy");
        [file("disc/000.0.png"), file("disc/000.1.png"), file("disc/000.0.json")]
    };
    let first = read(fresh("copies"));
    assert_eq!(first, read(fresh("copies-again")));
    assert_ne!(first[0], first[1], "copies differ from one another");
}

#[test]
fn an_operation_of_a_program_obeys_the_laws() {
    assert_eq!(own_operation::rows().expect("a picture"), [255, 153, 255, 153]);
    assert_eq!(own_operation::laws_broken(), Vec::<String>::new());
}
