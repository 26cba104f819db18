//! What is drawn is what the engine draws, and what may not be shown is refused.

use std::path::PathBuf;

use variegate::io::{DecodeOptions, decode};
use variegate::picture::Pixels;
use variegate::{Kind as Fault, Size};

use super::*;

/// Pictures of one level each, 0, 60, 120 …, in a folder that is gone when the test is.
struct Levels(PathBuf, Gallery);

impl Levels {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("variegate-draw-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        for k in 0..4u8 {
            let picture = Picture::new(Size::new(40, 60), 3, Pixels::U8(vec![60 * k; 7200])).expect("a picture");
            std::fs::write(path.join(format!("{k}.png")), encode(&picture, &EncodeFormat::Png).expect("a file"))
                .expect("written");
        }
        let gallery = Gallery::open(&path, None, None).expect("a gallery");
        Self(path, gallery)
    }

    fn pipeline(&self, stages: &Json) -> Result<Pipeline> {
        pipeline(&json!({ "variegate": 1, "seed": 5, "pipeline": stages }), &self.1)
    }

    /// The level in the middle of a drawn file.
    fn level(bytes: &[u8]) -> u8 {
        let picture = decode(bytes, &DecodeOptions::default()).expect("a picture");
        let Pixels::U8(pixels) = picture.pixels() else { panic!("{:?}", picture.dtype()) };
        pixels[pixels.len() / 2]
    }
}

impl Drop for Levels {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn tiles_stand_in_order_and_faults_in_their_places() {
    let made = Levels::new("order");
    let invert = made.pipeline(&json!([{ "invert": {} }])).expect("a pipeline");
    let (tiles, rate) = tiles(&made.1, &invert, &[3, 9, 1], 0, 32);
    assert!(rate.is_some_and(|rate| rate > 0.0));
    // JPEG of one level is that level, give or take one.
    assert!(Levels::level(&tiles[0].bytes).abs_diff(75) <= 1 && Levels::level(&tiles[2].bytes).abs_diff(195) <= 1);
    assert_eq!((tiles[0].head["height"].as_u64(), tiles[0].head["name"].as_str()), (Some(40), Some("3.png")));
    assert!(tiles[1].bytes.is_empty() && tiles[1].head["error"].as_str().is_some_and(|e| e.contains("no picture 9")));
}

#[test]
fn final_numbers_are_not_shown() {
    let made = Levels::new("final");
    let normalised = made.pipeline(&json!([{ "invert": {} }, { "normalize": {} }])).expect("a pipeline");
    assert_eq!(Levels::level(&large(&made.1, Some(&normalised), 1, 0).expect("a picture").bytes), 195);
    assert_eq!(Levels::level(&large(&made.1, None, 1, 0).expect("a picture").bytes), 60);
    assert!(
        described(&made.1, &normalised, 1, 0).expect("it")["yaml"].as_str().is_some_and(|y| y.contains("normalize"))
    );
}

#[test]
fn a_mixing_takes_its_partners_from_the_pictures_shown() {
    let made = Levels::new("mix");
    let mixing = made.pipeline(&json!([{ "mix_up": { "alpha": 1.0 } }])).expect("a pipeline");
    let (tiles, _) = tiles(&made.1, &mixing, &[0, 1, 2, 3], 0, 60);
    let levels: Vec<u8> = tiles.iter().map(|tile| Levels::level(&tile.bytes)).collect();
    assert_ne!(levels, [0, 60, 120, 180]);
    assert!(levels.iter().all(|level| *level <= 181), "{levels:?}");
}

#[test]
fn canvases_out_of_proportion_and_foreign_banks_are_refused() {
    let made = Levels::new("refused");
    let wide =
        made.pipeline(&json!([{ "resize": { "size": 60_000 } }, { "center_crop": { "size": 10 } }])).expect("it");
    assert_eq!(large(&made.1, Some(&wide), 0, 0).err().map(|error| error.kind()), Some(Fault::Limit));
    let bank = |path: &str| made.pipeline(&json!([{ "maybe": { "of": [{ "overlay": { "bank": path } }] } }]));
    assert!(bank(PROCEDURAL).is_ok() && bank(&made.0.to_string_lossy()).is_ok());
    let above = made.0.parent().expect("a folder").to_string_lossy().into_owned();
    assert!(bank(&above).is_err_and(|error| error.to_string().contains("nothing outside the folder")));
}
