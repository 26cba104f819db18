//! `variegate preview`: the sheet's size, its first column, and what it shows of a pipeline that normalises.

use crate::shop::{NOTHING, Shop, bytes, colourful};
use variegate::Size;

#[test]
fn the_sheet_has_the_size_asked_for_and_says_what_it_shows() {
    let shop = Shop::stocked("sheet");
    let run = shop.run(&["preview", "src", "--rows", "3", "--columns", "4", "--tile", "40"]).fine();
    assert_eq!(
        run.out,
        "sheet.png: 188 × 136 pixels, 3 rows of an original and 3 versions by the standard preset (no --pipeline given)\n\
         \x20 row 1   cat/2.png\n\
         \x20 row 2   dog/2.jpg\n\
         \x20 row 3   owl/wise.webp\n"
    );
    assert_eq!(shop.decoded("sheet.png").size(), Size::new(4 + 3 * 44, 12 + 4 * 44));
}

#[test]
fn the_first_column_is_the_original_and_the_others_follow_the_pipeline() {
    let shop = Shop::new("columns");
    shop.write("mirror.yaml", b"variegate: 1\npipeline:\n  - flip\n");
    let picture = colourful(20, 20, 1);
    shop.picture("src/a.png", &picture);
    shop.run(&["preview", "src", "-p", "mirror.yaml", "--rows", "1", "--columns", "2", "--tile", "20"]).fine();
    let sheet = shop.decoded("sheet.png");
    assert_eq!(sheet.size(), Size::new(28, 60));
    let at = |y: usize, x: usize| bytes(&sheet)[(y * 60 + x) * 3..][..3].to_vec();
    for (y, x) in [(0, 0), (7, 11), (19, 19)] {
        let pixel = &bytes(&picture)[(y * 20 + x) * 3..][..3];
        assert_eq!(at(4 + y, 4 + x), pixel);
        assert_eq!(at(4 + y, 36 + 19 - x), pixel);
    }
    assert_eq!(at(0, 0), [150; 3]);
}

#[test]
fn a_normalisation_is_left_out() {
    let shop = Shop::stocked("finish");
    shop.write("n.yaml", format!("{}  - normalize: {{}}\n", crate::shop::PIPELINE).as_bytes());
    let sheet = |file: &str, out: &str| {
        let arguments = ["preview", "src", "-p", file, "--tile", "32", "--out", out];
        (shop.run(&arguments).fine().out, shop.read(out))
    };
    let (plain, normalised) = (sheet("p.yaml", "a.png"), sheet("n.yaml", "b.png"));
    assert_eq!(plain.1, normalised.1);
    assert!(normalised.0.contains("n.yaml, without its normalize"), "{}", normalised.0);
    assert!(!plain.0.contains("without"), "{}", plain.0);
}

#[test]
fn broken_pictures_are_replaced_by_others_of_their_class() {
    let shop = Shop::new("replaced");
    shop.write("p.yaml", NOTHING.as_bytes());
    for k in 0..3 {
        shop.picture(&format!("src/a/{k}.png"), &colourful(8, 8, k));
    }
    shop.write("src/a/1.png", b"broken");
    let run = shop.run(&["preview", "src", "-p", "p.yaml", "--rows", "1"]).fine();
    assert!(run.err.starts_with("warning: src/a/1.png: ") && run.err.lines().count() == 1, "{}", run.err);
    assert!(run.out.contains("row 1   a/2.png"), "{}", run.out);
    let none = shop.run(&["preview", "src", "-p", "p.yaml", "--out", "sheet.txt"]);
    assert!(none.code == 2 && none.err.contains("sheet.txt"), "{}", none.err);
}

/// The pixel of a sheet of one row whose tiles of 40 pixels stand beside each other.
fn pixel(sheet: &variegate::Picture, column: usize, y: usize, x: usize) -> [u8; 3] {
    let left = if column == 0 { 4 } else { 12 + column * 44 };
    let at = ((4 + y) * sheet.size().width + left + x) * 3;
    bytes(sheet)[at..at + 3].try_into().unwrap()
}

#[test]
fn boxes_masks_and_points_go_with_the_picture() {
    let shop = Shop::new("drawn");
    let white = |size: usize| {
        variegate::Picture::new(Size::new(size, size), 3, variegate::picture::Pixels::U8(vec![255; size * size * 3]))
    };
    shop.picture("set/a.png", &white(40).unwrap());
    let coco = serde_json::json!({
        "images": [{ "id": 1, "file_name": "a.png", "height": 40, "width": 40 }],
        "categories": [{ "id": 1, "name": "ant" }],
        "annotations": [{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [2, 4, 10, 20],
            "segmentation": [[2, 4, 12, 4, 12, 24, 2, 24]], "keypoints": [30, 30, 2] }],
    });
    shop.write("set/all.json", coco.to_string().as_bytes());
    shop.write("mirror.yaml", b"variegate: 1\npipeline:\n  - flip\n");
    let arguments = ["preview", "set/all.json", "-p", "mirror.yaml", "--rows", "1", "--columns", "2", "--tile", "40"];
    shop.run(&arguments).fine();
    let sheet = shop.decoded("sheet.png");
    let (frame, tint, paper) = ([255, 64, 64], [255, 159, 159], [255; 3]);
    for (y, x, wanted) in
        [(4, 2, frame), (23, 11, frame), (4, 12, paper), (3, 2, paper), (12, 6, tint), (30, 30, frame)]
    {
        assert_eq!(pixel(&sheet, 0, y, x), wanted, "({y}, {x})");
        // A dot is odd in width, so its middle lies one to the left in the mirror.
        assert_eq!(pixel(&sheet, 1, y, 39 - x), wanted, "({y}, {x}) mirrored");
    }
    // Masks alone: files beside the pictures.
    shop.picture("seg/images/a.png", &white(40).unwrap());
    let mask = (0..1600).map(|k| u8::from(k % 40 < 20)).collect();
    let mask = variegate::Picture::new(Size::new(40, 40), 1, variegate::picture::Pixels::U8(mask)).unwrap();
    shop.picture("seg/masks/a.png", &mask);
    let arguments = ["preview", "seg", "-p", "mirror.yaml", "--rows", "1", "--columns", "2", "--tile", "40"];
    shop.run(&arguments).fine();
    let sheet = shop.decoded("sheet.png");
    assert_eq!([5, 35].map(|x| pixel(&sheet, 0, 20, x)), [tint, paper]);
    assert_eq!([5, 35].map(|x| pixel(&sheet, 1, 20, x)), [paper, tint]);
}

#[test]
fn strength_rises_from_nothing_to_the_bound() {
    let shop = Shop::new("strength");
    shop.picture("src/a.png", &colourful(40, 40, 1));
    let base = ["preview", "src", "--rows", "1", "--columns", "4", "--tile", "40", "--strength"];
    let run = shop.run(&[&base[..], &["brightness"]].concat()).fine();
    assert!(run.out.contains("3 versions by brightness at rising strength"), "{}", run.out);
    assert!(run.out.contains("  column 2   ") && run.out.contains("  column 4   "), "{}", run.out);
    let sheet = shop.decoded("sheet.png");
    let tile = |column| (0..1600).flat_map(|k| pixel(&sheet, column, k / 40, k % 40)).collect::<Vec<u8>>();
    assert!(tile(0) == tile(1), "the first step changes the picture");
    let change =
        |column: usize| -> u64 { tile(0).iter().zip(tile(column)).map(|(a, b)| u64::from(a.abs_diff(b))).sum() };
    assert!(0 < change(2) && change(2) < change(3));
    let none = shop.run(&[&base[..], &["flip"]].concat());
    assert!(none.code == 2 && none.err.contains("flip has no strength"), "{}", none.err);
    let unknown = shop.run(&[&base[..], &["rotat"]].concat());
    assert!(unknown.code == 2 && unknown.err.contains("did you mean \"rotate\"?"), "{}", unknown.err);
}
