//! Packing small folders of pictures: what is in the shards, and what an interruption leaves.

use std::path::PathBuf;

use variegate_engine::Scratch;
use variegate_io::{
    Colour, DecodeOptions, EncodeFormat, Keep, Limits, Storage, TarFields, classes_beside, decode, encode, index_tar,
};
use variegate_loader::{Files, Packed};
use variegate_ops::Pipeline;
use variegate_ops::resolution::ResizeShortest;
use variegate_picture::{Picture, Pixels, Size};

use super::*;
use crate::augment;

/// A folder of a test's own: `src` with seven pictures of two classes, and room for shards.
struct Shop(PathBuf);

impl Shop {
    fn new(test: &str) -> Self {
        let root = std::env::temp_dir().join(format!("variegate-pack-of-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("src")).expect("a folder");
        let shop = Self(root);
        for k in 0..7 {
            std::fs::write(
                shop.0.join("src").join(format!("{k}.png")),
                encode(&picture(k), &EncodeFormat::Png).unwrap(),
            )
            .expect("writes");
        }
        shop
    }

    fn source(&self) -> Files {
        let entries = (0..7).map(|k| (format!("{k}.png"), Some(k % 2)));
        Files::new(self.0.join("src"), entries, vec!["even".into(), "odd".into()])
    }

    fn pack(&self, out: &str, options: &PackOptions) -> Result<Packing> {
        pack(&self.source(), &self.0.join(out), options, &mut |_| Ok(()))
    }

    /// The names and bytes of what a folder shows.
    fn files(&self, out: &str) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(self.0.join(out)).expect("lists").map(|entry| entry.expect("an entry").path());
        let name = |path: &PathBuf| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        let shown = entries.filter(|path| !name(path).starts_with('.'));
        let mut files: Vec<_> = shown.map(|path| (name(&path), std::fs::read(&path).expect("reads"))).collect();
        files.sort();
        files
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Picture k: grey where k is 3, colour otherwise, each of another size.
fn picture(k: usize) -> Picture {
    let (size, channels) = (Size::new(30 + k, 44 - k), if k == 3 { 1 } else { 3 });
    let pixels = (0..size.pixels() * channels).map(|v| ((v * 7 + v * v / 90 + k * 31) % 256) as u8).collect();
    Picture::new(size, channels, Pixels::U8(pixels)).expect("a picture")
}

fn options(size: ShardSize) -> PackOptions {
    PackOptions { shard_size: size, threads: 2, ..PackOptions::default() }
}

fn opened(paths: &[PathBuf]) -> Packed {
    let fields = TarFields { image: None, label: Some("cls".into()) };
    let shards = index_tar(paths, &Storage::default(), &Keep::Nowhere, &fields).expect("indexes");
    Packed::new(paths.iter().cloned().zip(shards), None, false).expect("opens")
}

#[test]
fn raw_pictures_are_the_decoded_ones_shrunk() {
    let shop = Shop::new("raw");
    let options = PackOptions { short_side: Some(32), ..options(ShardSize::Samples(3)) };
    let packing = shop.pack("out", &options).expect("packs");
    assert_eq!((packing.shards.len(), packing.made, packing.samples()), (3, 3, 7));
    let paths: Vec<PathBuf> = packing.shards.iter().map(|shard| shop.0.join("out").join(&shard.name)).collect();
    assert_eq!(classes_beside(&paths, &Storage::default()), Some(vec!["even".to_string(), "odd".to_string()]));
    let source = opened(&paths);
    let shrink = Pipeline::builder().then(ResizeShortest::config().length_px(32)).build().expect("a pipeline");
    for k in 0..7 {
        let whole = picture(k);
        let expected = if whole.size().shorter() <= 32 {
            whole
        } else {
            let recipe = shrink.draw(whole.frame(), 0, 0);
            let sample = augment::Sample { images: vec![whole.view()], ..Default::default() };
            augment::apply(&shrink, &recipe, &sample, &mut Scratch::default()).expect("shrinks").images.remove(0)
        };
        let bytes = source.read(k as u64, &Limits::default()).expect("reads");
        let stored = DecodeOptions { colour: Colour::AsStored, ..DecodeOptions::default() };
        assert_eq!(decode(&bytes, &stored).expect("decodes"), expected, "{k}");
        let ending = if k == 3 { "pgm" } else { "ppm" };
        assert!(source.name(k as u64).ends_with(format!("{k:08}.{ending}")), "{:?}", source.name(k as u64));
        assert_eq!(source.label(k as u64), Some(k as u32 % 2));
    }
}

#[test]
fn what_an_interruption_leaves_is_finished_to_the_same_bytes() {
    let shop = Shop::new("resume");
    for (name, size) in [("samples", ShardSize::Samples(2)), ("bytes", ShardSize::Bytes(9000))] {
        let whole = shop.pack(&format!("{name}-whole"), &options(size)).expect("packs");
        assert!(whole.shards.len() >= 3, "{}", whole.shards.len());
        let broken = pack(&shop.source(), &shop.0.join(name), &options(size), &mut |progress| {
            if progress.done == 5 { Err(Error::internal("interrupted")) } else { Ok(()) }
        });
        assert_eq!(broken.expect_err("interrupted").message(), "interrupted");
        assert!(!shop.0.join(name).join(INDEX).exists());
        let again = shop.pack(name, &options(size)).expect("packs");
        assert!(again.made > 0 && again.made < whole.made, "{} of {}", again.made, whole.made);
        assert_eq!(again.shards, whole.shards);
        assert_eq!(shop.files(name), shop.files(&format!("{name}-whole")));
        // A shard that is gone is made again, and nothing is where nothing is missing.
        std::fs::remove_file(shop.0.join(name).join("shard-00001.tar")).expect("removes");
        assert!(shop.pack(name, &options(size)).expect("packs").made > 0);
        assert_eq!(shop.files(name), shop.files(&format!("{name}-whole")));
        assert_eq!(shop.pack(name, &options(size)).expect("packs").made, 0);
        // So is one whose bytes are others, where they are looked at.
        let damaged = shop.0.join(name).join("shard-00000.tar");
        let mut bytes = std::fs::read(&damaged).expect("reads");
        bytes[600] ^= 1;
        std::fs::write(&damaged, bytes).expect("writes");
        assert_eq!(shop.pack(name, &options(size)).expect("packs").made, 0);
        shop.pack(name, &PackOptions { verify: true, ..options(size) }).expect("packs");
        assert_eq!(shop.files(name), shop.files(&format!("{name}-whole")));
    }
}

#[test]
fn bad_samples_are_listed_or_end_the_job() {
    let shop = Shop::new("bad");
    std::fs::write(shop.0.join("src/4.png"), b"no picture").expect("writes");
    let packing = shop.pack("out", &options(ShardSize::Samples(4))).expect("packs");
    let bad: Vec<&Lost> = packing.bad().collect();
    assert_eq!((bad.len(), bad[0].sample, bad[0].file.as_str(), packing.samples()), (1, 4, "4.png", 6));
    let strict = PackOptions { strict: true, ..options(ShardSize::Samples(4)) };
    assert!(shop.pack("strict", &strict).expect_err("bad").path().is_some_and(|path| path.ends_with("src/4.png")));
    let alone = shop.pack("alone", &options(ShardSize::Samples(1))).expect_err("an empty shard");
    assert!(alone.message().contains("none of its 1 samples") && alone.message().contains("4.png"), "{alone}");
    std::fs::remove_file(shop.0.join("src/4.png")).expect("removes");
    let unread = shop.pack("unread", &options(ShardSize::Samples(4))).expect_err("a missing file");
    assert_eq!(unread.kind(), variegate_picture::Kind::Io);
}

#[test]
fn folders_of_other_things_are_refused() {
    let shop = Shop::new("other");
    let two = options(ShardSize::Samples(2));
    shop.pack("out", &two).expect("packs");
    let other = shop.pack("out", &PackOptions { format: PackFormat::Png, ..two.clone() }).expect_err("another plan");
    assert!(other.message().contains("format was \"raw\" and is \"png\""), "{other}");
    let foreign = shop.pack("src", &two).expect_err("pictures");
    assert!(foreign.message().contains("no plan.json"), "{foreign}");
    for wrong in [
        PackOptions { threads: 0, ..two.clone() },
        PackOptions { short_side: Some(0), ..two.clone() },
        PackOptions { quality: Some(90), ..two.clone() },
        PackOptions { quality: Some(0), format: PackFormat::Jpeg, ..two.clone() },
        options(ShardSize::Bytes(0)),
    ] {
        let error = shop.pack("wrong", &wrong).expect_err("out of range");
        assert_eq!(error.kind(), variegate_picture::Kind::Parameter, "{error}");
        assert!(!shop.0.join("wrong").exists());
    }
}
