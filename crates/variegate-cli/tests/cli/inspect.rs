//! `variegate inspect`: what it finds in data sets made with known faults.

use crate::shop::{Shop, bytes, colourful};
use serde_json::{Value, json};
use variegate::io::{EncodeFormat, encode};

fn found(shop: &Shop, arguments: &[&str]) -> Value {
    let run = shop.run(&[&["inspect"], arguments, &["--json"]].concat()).fine();
    serde_json::from_str(&run.out).unwrap()
}

/// A picture of broad shapes: a disc of a seed's own place on a slope.
fn scene(side: usize, seed: usize) -> variegate::Picture {
    let mut picture = colourful(side, side, 0);
    let (cy, cx) = ((seed * 29 % 70 + 15) * side / 100, (seed * 53 % 70 + 15) * side / 100);
    if let variegate::picture::Pixels::U8(pixels) = picture.pixels_mut() {
        for k in 0..side * side {
            let (y, x) = (k / side, k % side);
            // The slope grows with the picture, so that one seed looks alike at every size.
            pixels[k * 3 + 2] = ((x + y) * 100 / side) as u8;
            if (y.abs_diff(cy).pow(2) + x.abs_diff(cx).pow(2)) * 9 < side * side {
                pixels[k * 3..k * 3 + 3].fill((seed * 90 % 256) as u8);
            }
        }
    }
    picture
}

#[test]
fn a_folder_tells_its_faults() {
    let shop = Shop::new("inspect");
    for k in 0..4 {
        shop.picture(&format!("src/cat/{k}.png"), &scene(96, k + 1));
        shop.picture(&format!("src/dog/{k}.jpg"), &scene(128, k + 11));
    }
    // The same bytes under another class, the same look at another size, another format than the name says, and damage.
    shop.write("src/dog/copy.png", &shop.read("src/cat/0.png"));
    shop.picture("src/cat/large.webp", &scene(200, 2));
    shop.write("src/cat/odd.jpg", &encode(&scene(20, 40), &EncodeFormat::Png).unwrap());
    let whole = shop.read("src/dog/1.jpg");
    shop.write("src/dog/cut.jpg", &whole[..whole.len() / 2]);
    shop.write("src/dog/notes.txt", b"no picture");
    let all = found(&shop, &["src"]);
    assert_eq!((&all["files"], &all["decoded"], &all["skipped"]), (&json!(12), &json!(11), &json!(1)));
    assert_eq!(all["formats"], json!({ "PNG": 6, "JPEG": 4, "WebP": 1 }));
    assert_eq!(all["classes"], json!({ "counted": "files", "counts": { "cat": 6, "dog": 6 } }));
    assert_eq!(all["height"], json!({ "min": 20, "median": 96, "max": 200 }));
    assert_eq!(all["duplicates"], json!([["cat/0.png", "dog/copy.png"]]));
    assert_eq!(all["near_duplicates"], json!([["cat/1.png", "cat/large.webp"]]));
    assert_eq!(all["class_conflicts"], json!([["cat/0.png", "dog/copy.png"]]));
    assert_eq!(all["broken"].as_array().unwrap().len(), 1);
    assert_eq!(all["broken"][0]["path"], "dog/cut.jpg");
    assert!(all["broken"][0]["reason"].as_str().unwrap().contains("cut short"), "{all}");
    let odd = all["odd"].as_array().unwrap();
    let reason = odd.iter().find(|case| case["path"] == "cat/odd.jpg").unwrap()["reason"].as_str().unwrap();
    assert!(reason.contains("it holds PNG") && reason.contains("only 20 × 20 pixels"), "{reason}");
    // Threads change nothing.
    let text = |threads| shop.run(&["inspect", "src", "--threads", threads]).fine().out;
    assert_eq!(text("1"), text("3"));
    assert!(text("1").contains("Broken: 1\n  dog/cut.jpg: ") && !text("1").contains('\u{1b}'), "{}", text("1"));
    let strict = shop.run(&["inspect", "src", "--strict", "--color", "always"]);
    assert!(strict.code == 1 && strict.out.contains("\u{1b}[1mBroken: 1\u{1b}[0m"), "{}", strict.out);
}

#[test]
fn the_page_holds_everything_itself() {
    let shop = Shop::stocked("page-of-findings");
    shop.write("src/cat/<b>.png", &shop.read("src/dog/1.jpg"));
    let run = shop.run(&["inspect", "src", "--html", "found.html"]).fine();
    assert_eq!(run.out, "found.html: 10 files\n");
    let page = shop.text("found.html");
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(
        page.contains("<svg")
            && page.contains("src=\"data:image/jpeg;base64,/9j/")
            && page.contains("cat/&lt;b&gt;.png")
    );
    for foreign in ["http:", "https:", "<script", "<link", "url(", "<b>.png"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn orientation_is_counted_and_seen_through() {
    let shop = Shop::new("turned");
    let picture = scene(120, 3);
    shop.picture("src/a.png", &picture);
    // The same picture stored upside down, with the EXIF tag that says so.
    let mut turned = picture.clone();
    if let variegate::picture::Pixels::U8(pixels) = turned.pixels_mut() {
        let from = bytes(&picture);
        for k in 0..120 * 120 {
            pixels[k * 3..k * 3 + 3].copy_from_slice(&from[(120 * 120 - 1 - k) * 3..][..3]);
        }
    }
    let jpeg = encode(&turned, &EncodeFormat::Jpeg { quality: 95 }).unwrap();
    let exif = b"\xFF\xE1\x00\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    shop.write("src/b.jpg", &[&jpeg[..2], exif, &jpeg[2..]].concat());
    let all = found(&shop, &["src"]);
    assert_eq!(all["orientations"], json!({ "1": 1, "3": 1 }), "{all}");
    assert_eq!(all["near_duplicates"], json!([["a.png", "b.jpg"]]));
}

#[test]
fn annotated_sets_tell_what_is_wrong_with_labels() {
    let shop = Shop::new("labels");
    for k in 0..3 {
        shop.picture(&format!("set/images/{k}.png"), &scene(60, k + 1));
    }
    let image = |id: u64| json!({ "id": id, "file_name": format!("{id}.png"), "height": 60, "width": 60 });
    let marked = |id: u64, image: u64, category: u64, bbox: [f64; 4]| json!({ "id": id, "image_id": image, "category_id": category, "bbox": bbox });
    let document = json!({
        "images": [image(0), image(1), image(2), image(9)],
        "categories": [{ "id": 1, "name": "ant" }, { "id": 2, "name": "bee" }],
        "annotations": [
            marked(1, 0, 1, [5.0, 5.0, 10.0, 10.0]),
            marked(2, 0, 1, [50.0, 50.0, 30.0, 30.0]),
            marked(3, 1, 1, [5.0, 5.0, 0.0, 10.0]),
            marked(4, 1, 7, [5.0, 5.0, 10.0, 10.0]),
            marked(5, 77, 1, [5.0, 5.0, 10.0, 10.0]),
            marked(6, 2, 1, [1.0, 1.0, 9.0, 9.0]),
            marked(7, 2, 1, [1.0, 1.0, 9.0, 9.0]),
        ],
    });
    shop.write("set/all.json", document.to_string().as_bytes());
    let all = found(&shop, &["set/all.json"]);
    assert_eq!(all["layout"], "coco");
    assert_eq!(all["classes"], json!({ "counted": "boxes", "counts": { "ant": 4, "bee": 0 } }));
    let mut kinds: Vec<&str> =
        all["label_problems"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    let wanted = ["box_outside", "box_twice", "box_without_area", "missing_picture", "unknown_id", "unknown_id"];
    assert_eq!(kinds, wanted, "{all}");
    assert_eq!(all["missing"][0]["path"], "images/9.png");

    // YOLO beside the same pictures, masks of another size, and a table.
    shop.write("set/labels/0.txt", b"0 0.5 0.5 0.2 0.2\n1 0.95 0.5 0.4 0.2\n");
    let yolo = found(&shop, &["set"]);
    assert_eq!((&yolo["layout"], &yolo["label_problems"][0]["kind"]), (&json!("yolo"), &json!("box_outside")));
    shop.picture("set/masks/0.png", &scene(30, 1));
    let masks = found(&shop, &["set", "--as", "masks"]);
    assert!(masks["label_problems"].to_string().contains("the mask is 30 × 30"), "{masks}");
    shop.write("set/table.csv", b"file,label\nimages/0.png,ant\nimages/1.png,bee\nimages/4.png,bee\n");
    let table = found(&shop, &["set/table.csv"]);
    assert_eq!(table["classes"]["counts"], json!({ "ant": 1, "bee": 2 }));
    assert_eq!(table["label_problems"][0]["kind"], "missing_picture");
}
