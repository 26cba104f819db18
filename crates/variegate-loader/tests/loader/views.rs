//! Several views of one decode, and decodes of a part.

use super::*;
use variegate_loader::{PartialDecode, Views, view};
use variegate_ops::finish::Normalize;
use variegate_ops::geometry::Rotate;

fn large() -> Pipeline {
    let builder = Pipeline::builder().then(ResizedCrop::config().size(Size::new(12, 14)));
    builder.then(Flip::config().p(0.5)).seed(11).build().expect("builds")
}

fn views() -> Views {
    Views::of([(large(), 2), (pipeline(), 3)]).expect("views")
}

fn whole(batch_size: usize, threads: usize) -> LoaderOptions {
    LoaderOptions { partial_decode: PartialDecode::Off, seed: Some(7), ..options(batch_size, threads) }
}

#[test]
fn each_view_is_what_its_pipeline_makes_alone() {
    let photos = Photos::new("views", 19);
    let alone =
        [view(&large(), 0), view(&large(), 1), view(&pipeline(), 2), view(&pipeline(), 3), view(&pipeline(), 4)];
    assert_eq!(view(&large(), 0).fingerprint(), large().fingerprint());
    let alone = alone.map(|p| epoch(&mut Loader::new(photos.files(), p, whole(4, 2)).expect("a loader")));
    for threads in [1, 2, 7] {
        let batches = epoch(&mut Loader::new(photos.files(), views(), whole(4, threads)).expect("a loader"));
        for (step, batch) in batches.iter().enumerate() {
            assert_eq!((batch.views(), &batch.ids), (5, &alone[0][step].ids));
            assert_eq!((batch.shape(0), batch.shape(4)), ([batch.count, 12, 14, 3], [batch.count, 8, 10, 3]));
            for (k, alone) in alone.iter().enumerate() {
                assert_eq!(batch.bytes(k), alone[step].bytes(0), "view {k} of batch {step} on {threads} threads");
                assert_eq!(batch.bytes(k).as_ptr() as usize % 64, 0);
            }
        }
        let first = &batches[0];
        assert_ne!(first.bytes(0), first.bytes(1), "each view has draws of its own");
    }
}

#[test]
fn views_resume_and_skip_bad_files_like_single_pictures() {
    let photos = Photos::new("views-bad", 12);
    let told = LoaderOptions { on_bad: OnBad::Skip, ..options(4, 2) };
    let made = |told: &LoaderOptions| Loader::new(photos.files(), views(), told.clone()).expect("a loader");
    let all = epoch(&mut made(&told));
    let mut first = made(&told);
    first.next_batch().expect("a batch");
    let mut second = made(&told);
    second.resume(&first.state()).expect("resumes");
    let rest = epoch(&mut second);
    assert!((0..5).all(|k| rest.iter().zip(&all[1..]).all(|(a, b)| a.bytes(k) == b.bytes(k))));
    let other = Views::of([(large(), 2), (pipeline(), 2)]).expect("views");
    let mut fewer = Loader::new(photos.files(), other, told.clone()).expect("a loader");
    assert!(fewer.resume(&first.state()).expect_err("refused").to_string().contains("the pipeline"));
    let of = |batches: &[Batch], k: usize| -> HashMap<u64, Vec<u8>> {
        let each = batches.iter().flat_map(|b| b.ids.iter().copied().zip(b.bytes(k).chunks(b.slot(k))));
        each.map(|(id, bytes)| (id, bytes.to_vec())).collect()
    };
    photos.spoil("ant/000.jpg");
    let kept = epoch(&mut made(&told));
    for k in 0..5 {
        let (mut before, after) = (of(&all, k), of(&kept, k));
        before.remove(&0);
        assert_eq!(after, before, "view {k}");
    }
}

#[test]
fn memory_is_that_of_all_views() {
    let photos = Photos::new("views-memory", 8);
    let batch = 4 * (2 * 12 * 14 + 3 * 8 * 10) * 3 * 4;
    let told = |memory| LoaderOptions { memory, ..options(4, 1) };
    assert!(Loader::new(photos.files(), views(), told(batch)).is_ok());
    let error = Loader::new(photos.files(), views(), told(batch - 1)).expect_err("too little");
    assert!(error.message().contains(&format!("takes {batch} bytes")), "{error}");
    assert!(Views::of([]).is_err() && Views::of([(large(), 0)]).is_err());
}

/// A smooth picture with a few edges, as photographs are.
fn scene(size: Size) -> Picture {
    let value = |i: usize| {
        let (y, x, c) = (i / 3 / size.width, i / 3 % size.width, i % 3);
        let wave = ((x as f64 / 37.0).sin() + (y as f64 / 23.0).cos()) * 40.0 + 110.0;
        let edge = if (x / 160 + y / 120) % 2 == 0 { 40.0 } else { 0.0 };
        (wave + edge + 10.0 * c as f64) as u8
    };
    Picture::new(size, 3, Pixels::U8((0..size.pixels() * 3).map(value).collect())).expect("a picture")
}

#[test]
fn a_shrunk_decode_is_the_same_picture_within_its_tolerance() {
    let root = std::env::temp_dir().join(format!("variegate-loader-shrunk-{}", std::process::id()));
    std::fs::create_dir_all(&root).expect("a folder");
    // Sides that 8 divides, and sides that it does not.
    for (k, size) in [Size::new(800, 1000), Size::new(803, 997), Size::new(601, 1203)].into_iter().enumerate() {
        let bytes = encode(&scene(size), &EncodeFormat::Jpeg { quality: 92 }).expect("encodes");
        std::fs::write(root.join(format!("{k}.jpg")), bytes).expect("writes");
    }
    let photos = Photos(root);
    let crop = ResizedCrop::config().size(Size::new(48, 48)).area(0.3..=1.0);
    let turned = Pipeline::builder().then(crop).then(Rotate::config().degrees(-30.0..=30.0)).seed(5);
    let crop = ResizedCrop::config().size(Size::new(48, 48)).area(0.3..=1.0);
    let upright = Pipeline::builder().then(crop).then(Normalize::config()).seed(3);
    let views =
        Views::of([(turned.build().expect("builds"), 6), (upright.build().expect("builds"), 6)]).expect("views");
    let numbers = |partial_decode| -> Vec<f32> {
        let told = LoaderOptions { partial_decode, ..options(3, 2) };
        let batch = Loader::new(photos.files(), views.clone(), told).expect("a loader").next_batch();
        let batch = batch.expect("a batch").expect("one");
        let view = |k: usize| {
            // Normalize divides by about a quarter of white.
            let levels = if k < 6 { 1.0 } else { 255.0 * 0.225 };
            batch
                .bytes(k)
                .chunks(4)
                .map(move |b| levels * f32::from_ne_bytes([b[0], b[1], b[2], b[3]]))
                .collect::<Vec<_>>()
        };
        (0..12).flat_map(view).collect()
    };
    let all = numbers(PartialDecode::Off);
    for (partial_decode, mean, most) in [(PartialDecode::Region, 0.002, 1.01), (PartialDecode::Shrink, 1.1, 10.0)] {
        let part = numbers(partial_decode);
        let mut apart: Vec<f32> = all.iter().zip(&part).map(|(a, b)| (a - b).abs()).collect();
        apart.sort_by(f32::total_cmp);
        let found = apart.iter().sum::<f32>() / apart.len() as f32;
        assert!(found <= mean, "{partial_decode:?}: {found} on average");
        assert!(apart[apart.len() * 999 / 1000] <= most, "{partial_decode:?}: {}", apart[apart.len() * 999 / 1000]);
        if partial_decode == PartialDecode::Shrink {
            assert!(found > 0.01, "something was shrunk: {found}");
        }
    }
}
