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
