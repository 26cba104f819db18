//! Folders made here, with links that lead in and out.

use std::fs;

use variegate::io::{EncodeFormat, encode};
use variegate::picture::Pixels;
use variegate::{Kind, Size};

use super::*;

/// A folder of its own, gone when the test is.
struct Made(PathBuf);

impl Made {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("variegate-studio-{name}-{}", std::process::id()));
        fs::create_dir_all(path.join("photos/cats")).expect("a folder");
        Self(path)
    }

    fn photo(&self, name: &str, size: Size, level: u8) -> PathBuf {
        let picture = Picture::new(size, 3, Pixels::U8(vec![level; size.pixels() * 3])).expect("a picture");
        let path = self.0.join(name);
        fs::write(&path, encode(&picture, &EncodeFormat::Png).expect("a file")).expect("written");
        path
    }

    fn open(&self) -> Result<Gallery> {
        Gallery::open(&self.0.join("photos"), None, None)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn pictures_are_kept_small_and_shown_whole() {
    let made = Made::new("small");
    made.photo("photos/cats/a.png", Size::new(300, 900), 7);
    made.photo("photos/cats/b.png", Size::new(20, 30), 9);
    let gallery = made.open().expect("a gallery");
    let scratch = &mut Scratch::default();
    assert_eq!((gallery.len(), gallery.name(0).as_deref()), (2, Some("cats/a.png")));
    assert_eq!(gallery.small(0, scratch).expect("a copy").picture.size(), Size::new(149, 448));
    assert_eq!(gallery.small(1, scratch).expect("a copy").picture.size(), Size::new(20, 30));
    assert_eq!(gallery.large(0, scratch).expect("the picture").picture.size(), Size::new(300, 900));
    assert!(Arc::ptr_eq(&gallery.small(0, scratch).expect("it"), &gallery.small(0, scratch).expect("it")));
    assert_eq!(gallery.small(2, scratch).expect_err("no such number").kind(), Kind::Parameter);
}

#[test]
fn the_room_is_bounded_and_the_oldest_goes() {
    let mut kept = Kept::default();
    let whole = || Picture::zeros(Size::new(2048, 2048), 4, variegate::Dtype::U8).expect("16 MiB");
    let copy = || Arc::new(Shown { picture: whole(), attached: None });
    (0..6).for_each(|number| kept.keep(number, copy()));
    assert_eq!(kept.bytes, ROOM);
    let mut left: Vec<usize> = kept.copies.keys().copied().collect();
    left.sort_unstable();
    assert_eq!(left, [2, 3, 4, 5]);
}

#[cfg(unix)]
#[test]
fn nothing_outside_the_folder_is_read() {
    use std::os::unix::fs::symlink;
    let made = Made::new("links");
    let outside = made.photo("secret.png", Size::new(4, 4), 1);
    let inside = made.photo("photos/cats/a.png", Size::new(4, 4), 2);
    symlink(&outside, made.0.join("photos/cats/out.png")).expect("a link");
    symlink(&inside, made.0.join("photos/cats/in.png")).expect("a link");
    symlink(&made.0, made.0.join("photos/dogs")).expect("a link");
    let gallery = made.open().expect("a gallery");
    let names: Vec<_> = (0..gallery.len()).filter_map(|number| gallery.name(number)).collect();
    assert_eq!(names, ["cats/a.png", "cats/in.png"]);
    assert!(gallery.holds(&made.0.join("photos/cats")));
    assert!(!gallery.holds(&made.0.join("photos/dogs")) && !gallery.holds(&made.0.join("photos/..")));
    // A link put in the place of a listed picture, afterwards.
    fs::remove_file(&inside).expect("removed");
    symlink(&outside, &inside).expect("a link");
    let error = gallery.small(0, &mut Scratch::default()).expect_err("it leads out");
    assert!(error.to_string().contains("leads out"), "{error}");
    assert!(!error.to_string().contains(&*made.0.to_string_lossy()), "{error}");
}

#[cfg(unix)]
#[test]
fn a_folder_of_links_that_lead_out_is_refused() {
    let made = Made::new("only-links");
    let outside = made.photo("secret.png", Size::new(4, 4), 1);
    std::os::unix::fs::symlink(outside, made.0.join("photos/out.png")).expect("a link");
    assert!(made.open().is_err_and(|error| error.to_string().contains("lead out")));
}
