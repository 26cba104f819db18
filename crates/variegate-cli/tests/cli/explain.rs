//! `variegate explain`: the plan, from a size alone.

use crate::shop::Shop;

const USUAL: &str = "\
variegate: 1
pipeline:
  - resized_crop: {size: 224, area: [0.3, 0.9]}
  - flip: {}
  - rotate: {degrees: [5, 15], border: reflect}
  - color_jitter: {brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1}
  - normalize: {mode: imagenet}
";

#[test]
fn the_usual_pipeline_is_one_warp_in_two_passes() {
    let shop = Shop::new("explain");
    shop.write("p.yaml", USUAL.as_bytes());
    for sample in ["0", "1", "2"] {
        let text = shop.run(&["explain", "--pipeline", "p.yaml", "--size", "300x400", "--sample", sample]).fine().out;
        assert!(text.starts_with("300 × 400 × 3 channels → 224 × 224 × 3 channels\n"), "{text}");
        let (written, fused) = text.split_once("fused (").unwrap();
        let warps = |part: &str| part.lines().filter(|line| line.trim().starts_with("Warp:")).count();
        assert_eq!((warps(written), warps(fused)), (3, 1), "{text}");
        let passes = fused.lines().filter(|line| line.trim().starts_with("pass ")).count();
        assert!(passes <= 2, "{text}");
        assert!(text.ends_with("final write, normalised\n"), "{text}");
    }
}

#[test]
fn samples_and_epochs_have_their_own_draws() {
    let shop = Shop::new("draws");
    shop.write("p.yaml", USUAL.as_bytes());
    let text = |arguments: &[&str]| shop.run(&[&["explain", "-p", "p.yaml"], arguments].concat()).fine().out;
    let plain = text(&[]);
    assert_eq!(plain, text(&["--sample", "0", "--epoch", "0", "--size", "375x500", "--channels", "3"]));
    assert!(plain != text(&["--sample", "1"]) && plain != text(&["--epoch", "1"]) && plain != text(&["--seed", "1"]));
    let wrong = shop.run(&["explain", "-p", "p.yaml", "--size", "big"]);
    assert!(wrong.code == 2 && wrong.err.contains("expected height and width in pixels, as 375x500"), "{}", wrong.err);
}
