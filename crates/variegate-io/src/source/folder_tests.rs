//! Folders made here, walked in every way there is.

use super::*;
use std::fs;
use variegate_picture::Kind;

/// A folder that is removed again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, files: &[&str]) -> Self {
        let root = std::env::temp_dir().join(format!("variegate-io-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if !file.ends_with('/') {
                fs::write(&path, b"x").unwrap();
            } else {
                fs::create_dir_all(&path).unwrap();
            }
        }
        Self(root)
    }

    fn read(&self, options: &FolderOptions) -> Result<Folder> {
        Folder::read(&self.0, options)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn listed(folder: &Folder) -> Vec<(String, Option<u32>)> {
    folder.files.iter().map(|e| (e.path.to_string_lossy().replace('\\', "/"), e.class)).collect()
}

#[test]
fn classes_are_the_sub_folders_sorted_by_bytes() {
    let scratch = Scratch::new(
        "classes",
        &[
            "b/2.PNG",
            "b/1.jpg",
            "b/deep/er/3.tiff",
            "B/1.webp",
            "a/1.jpeg",
            "a/notes.txt",
            ".git/x.jpg",
            "a/.hidden.jpg",
        ],
    );
    let folder = scratch.read(&FolderOptions::default()).unwrap();
    assert_eq!(folder.classes, ["B", "a", "b"]);
    let expected = [("B/1.webp", 0), ("a/1.jpeg", 1), ("b/1.jpg", 2), ("b/2.PNG", 2), ("b/deep/er/3.tiff", 2)];
    assert_eq!(listed(&folder), expected.map(|(path, class)| (path.to_string(), Some(class))));
    assert_eq!((folder.skipped, folder.problems.len()), (1, 0));
    assert!(folder.path(0).unwrap().is_file());
}

#[test]
fn a_flat_folder_has_no_classes() {
    let scratch = Scratch::new("flat", &["2.jpg", "10.jpg", "sub/1.png"]);
    let folder = scratch.read(&FolderOptions::default()).unwrap();
    assert!(folder.classes.is_empty());
    let expected = ["10.jpg", "2.jpg", "sub/1.png"].map(|path| (path.to_string(), None));
    assert_eq!(listed(&folder), expected);
    let labelled = scratch.read(&FolderOptions { labelled: Some(true), ..FolderOptions::default() }).unwrap();
    assert_eq!((labelled.classes.len(), labelled.files.len()), (1, 1));
    assert_eq!(labelled.problems.len(), 2, "two pictures lie beside the classes");
    let whole = Scratch::new("unlabelled", &["a/1.jpg", "b/1.jpg"]);
    let whole = whole.read(&FolderOptions { labelled: Some(false), ..FolderOptions::default() }).unwrap();
    assert!(whole.files.len() == 2 && whole.files.iter().all(|e| e.class.is_none()));
}

#[test]
fn given_classes_fix_the_numbers() {
    let scratch = Scratch::new("given", &["cat/1.jpg", "dog/1.jpg", "eel/1.jpg", "fox/"]);
    let given = |names: &[&str]| {
        let classes = Some(names.iter().map(|n| n.to_string()).collect());
        scratch.read(&FolderOptions { classes, ..FolderOptions::default() })
    };
    let folder = given(&["fox", "eel", "cat"]).unwrap();
    assert_eq!(listed(&folder), [("eel/1.jpg".to_string(), Some(1)), ("cat/1.jpg".to_string(), Some(2))]);
    let problems: Vec<String> = folder.problems.iter().map(ToString::to_string).collect();
    assert!(problems.iter().any(|p| p.contains("dog") && p.contains("left aside")), "{problems:?}");
    assert!(problems.iter().any(|p| p.contains("fox") && p.contains("no pictures")), "{problems:?}");
    let error = given(&["cot"]).unwrap_err();
    assert!(error.to_string().contains("did you mean \"cat\"?"), "{error}");
    assert!(given(&["cat", "cat"]).is_err() && given(&["../cat"]).is_err() && given(&[""]).is_err());
}

#[test]
fn empty_and_missing_folders_say_what_was_found() {
    let scratch = Scratch::new("texts", &["a.txt", "b.csv"]);
    let error = scratch.read(&FolderOptions::default()).unwrap_err();
    assert!(error.message().contains("2 files, none with an image extension; expected"), "{error}");
    assert!(error.path().is_some() && error.message().contains("jpg, jpeg, png"));
    let error = Folder::read(scratch.0.join("nowhere"), &FolderOptions::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::Io);
    let error = Folder::read(scratch.0.join("a.txt"), &FolderOptions::default()).unwrap_err();
    assert!(error.message().contains("not a folder"), "{error}");
    let empty = Scratch::new("empty", &["a/", "b/"]).read(&FolderOptions::default()).unwrap_err();
    assert!(empty.message().contains("no files, in 2 class folders"), "{empty}");
}

#[cfg(unix)]
#[test]
fn links_are_entered_on_request_and_loops_are_left() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new("links", &["a/1.jpg", "store/2.jpg"]);
    symlink(scratch.0.join("a"), scratch.0.join("a/loop")).unwrap();
    symlink(scratch.0.join("store"), scratch.0.join("a/more")).unwrap();
    symlink(scratch.0.join("store/2.jpg"), scratch.0.join("a/file.jpg")).unwrap();
    symlink(scratch.0.join("nowhere.jpg"), scratch.0.join("a/broken.jpg")).unwrap();
    let left = scratch.read(&FolderOptions::default()).unwrap();
    assert_eq!(left.files.iter().filter(|e| e.class == Some(0)).count(), 2);
    assert_eq!(left.problems.len(), 1, "the broken link: {:?}", left.problems);
    let entered = scratch.read(&FolderOptions { follow_links: true, ..FolderOptions::default() }).unwrap();
    let paths: Vec<String> = listed(&entered).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a/1.jpg", "a/file.jpg", "a/more/2.jpg", "store/2.jpg"]);
    assert!(entered.problems.iter().any(|p| p.to_string().contains("loop")), "{:?}", entered.problems);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_text_still_work() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::new("bytes", &["plain/1.jpg"]);
    let class = scratch.0.join(OsStr::from_bytes(b"caf\xe9"));
    // Some file systems hold text names only.
    if fs::create_dir(&class).is_err() {
        return;
    }
    fs::write(class.join(OsStr::from_bytes(b"\xff.jpg")), b"x").unwrap();
    let folder = scratch.read(&FolderOptions::default()).unwrap();
    assert_eq!(folder.classes, ["caf\u{fffd}", "plain"]);
    assert!(folder.path(0).unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn a_locked_folder_is_a_problem_and_not_the_end() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("locked", &["a/1.jpg", "a/locked/2.jpg"]);
    let locked = scratch.0.join("a/locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let folder = scratch.read(&FolderOptions::default()).unwrap();
    let powerless = fs::read_dir(&locked).is_err();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may enter any folder.
    if powerless {
        assert_eq!(folder.files.len(), 1);
        assert!(folder.problems[0].to_string().contains("locked"));
    }
}
