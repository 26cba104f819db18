//! Data sets made here: their boxes and masks stand where the pictures are moved to.

use std::fs;

use serde_json::{Value as Json, json};
use variegate::io::{DecodeOptions, EncodeFormat, decode, encode};
use variegate::picture::Pixels;
use variegate::{Picture, Size};

use super::*;
use crate::draw;
use crate::gallery::Gallery;

/// A data set of one picture of 40 × 60 with a box or a mask over its left half, gone when the test is.
struct Made(PathBuf);

impl Made {
    fn new(name: &str, folders: [&str; 2]) -> Self {
        let path = std::env::temp_dir().join(format!("variegate-data-set-{name}-{}", std::process::id()));
        folders.iter().for_each(|folder| fs::create_dir_all(path.join(folder)).expect("a folder"));
        let picture = Picture::new(Size::new(40, 60), 3, Pixels::U8(vec![90; 7200])).expect("a picture");
        fs::write(path.join(folders[0]).join("a.png"), encode(&picture, &EncodeFormat::Png).expect("it")).expect("it");
        Self(path)
    }

    fn flipped(&self, stages: &Json, side: usize) -> draw::Tile {
        let gallery = Gallery::open(&self.0, None, None).expect("a gallery");
        let pipeline = draw::pipeline(&json!({ "variegate": 1, "pipeline": stages }), &gallery).expect("a pipeline");
        draw::tiles(&gallery, &pipeline, &[0], 0, side).0.remove(0)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn boxes_move_with_the_picture_and_lost_ones_are_counted() {
    let made = Made::new("yolo", ["images", "labels"]);
    fs::write(made.0.join("labels/a.txt"), "0 0.25 0.5 0.5 1.0\n1 0.05 0.5 0.1 0.2\n").expect("written");
    let told = |stages: &Json| made.flipped(stages, 60).head["attached"].clone();
    let flipped = told(&json!([{ "flip": {} }]));
    assert_eq!(flipped["boxes"], json!([[30.0, 0.0, 60.0, 40.0, 0], [54.0, 16.0, 60.0, 24.0, 1]]));
    let cropped = told(&json!([{ "center_crop": { "size": [40, 20] } }]));
    assert_eq!(cropped["boxes"], json!([[0.0, 0.0, 10.0, 40.0, 0]]));
    assert_eq!(cropped["had"], 2);
    let mixed = told(&json!([{ "mix_up": {} }]));
    assert_eq!((&mixed["mixed"], &mixed["boxes"]), (&json!(true), &json!([])));
}

#[test]
fn a_mask_moves_with_the_picture_and_is_as_small_as_its_tile() {
    let made = Made::new("masks", ["images", "masks"]);
    let values = (0..2400).map(|k| u8::from(k % 60 < 30)).collect();
    let mask = Picture::new(Size::new(40, 60), 1, Pixels::U8(values)).expect("a mask");
    fs::write(made.0.join("masks/a.png"), encode(&mask, &EncodeFormat::Png).expect("it")).expect("written");
    let tile = made.flipped(&json!([{ "flip": {} }]), 30);
    let file =
        decode(&tile.mask, &DecodeOptions { colour: variegate::io::Colour::AsStored, ..DecodeOptions::default() });
    let seen = file.expect("a picture");
    assert_eq!((seen.size(), seen.channels()), (Size::new(20, 30), 4));
    let Pixels::U8(pixels) = seen.pixels() else { panic!("{:?}", seen.dtype()) };
    assert_eq!((pixels[3], pixels[4 * 29 + 3] > 0), (0, true));
    let plain = made.flipped(&json!([]), 30);
    assert_ne!(plain.mask, tile.mask);
}

#[test]
fn what_is_no_data_set_stays_a_folder_and_wrong_places_are_said() {
    let made = Made::new("plain", ["images", "cats"]);
    assert!(read(&made.0, None, None).expect("read").is_none());
    assert!(read(&made.0, Some(&made.0), None).is_err_and(|error| error.to_string().contains("COCO")));
    assert!(
        read(&made.0.join("a.json"), None, Some(&made.0)).is_err_and(|error| error.to_string().contains("--masks"))
    );
}
