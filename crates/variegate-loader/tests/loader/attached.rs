//! What is attached to samples: the same anywhere, and beside the pixels it belongs to.

use std::borrow::Cow;

use super::*;
use variegate_io::{FileBuffer, Limits};
use variegate_loader::{Annotations, Kinds, Labelled, MaskDtype, MaskFile, TargetOptions, Targets};
use variegate_ops::geometry::Rotate;
use variegate_ops::mix::Mosaic;
use variegate_ops::resolution::Resize;
use variegate_picture::{Points, Rect};

/// Pictures in memory of which everything attached is known: sample k has k % 4 boxes, two points and a mask of k.
struct Known {
    count: u64,
    /// A sample whose mask is no picture.
    broken: Option<u64>,
}

fn size_of(id: u64) -> Size {
    Size::new(20 + id as usize % 5, 30 + id as usize % 7)
}

fn png(size: Size, channels: usize, value: u8) -> Vec<u8> {
    let picture = Picture::new(size, channels, Pixels::U8(vec![value; size.pixels() * channels])).expect("a picture");
    encode(&picture, &EncodeFormat::Png).expect("encodes")
}

impl Source for Known {
    fn len(&self) -> u64 {
        self.count
    }

    fn read(&self, id: u64, _: &Limits) -> variegate_picture::Result<Vec<u8>> {
        Ok(png(size_of(id), 3, id as u8 + 1))
    }

    fn read_into<'b>(
        &self,
        id: u64,
        limits: &Limits,
        buffer: &'b mut FileBuffer,
    ) -> variegate_picture::Result<&'b [u8]> {
        Ok(buffer.hold(self.read(id, limits)?))
    }

    fn label(&self, _: u64) -> Option<u32> {
        None
    }

    fn annotations(&self, id: u64) -> variegate_picture::Result<Cow<'_, Annotations>> {
        let edges = |k: u64| Rect::new(k as f64, 2.0, k as f64 + 6.0, 12.0);
        let boxes = (0..id % 4).map(|k| Labelled { edges: edges(k), label: (id % 3) as i32 }).collect();
        let mask = if self.broken == Some(id) { b"none".to_vec() } else { png(size_of(id), 1, id as u8 + 1) };
        Ok(Cow::Owned(Annotations {
            size: Some(size_of(id)),
            boxes: Some(boxes),
            points: Some(Points::from_rows(&[1.0, 1.0, 5.0, 9.0 + id as f64 % 3.0], 2)?),
            mask: Some(MaskFile::Bytes(mask.into())),
            ..Annotations::default()
        }))
    }

    fn name(&self, id: u64) -> PathBuf {
        format!("sample {id}").into()
    }

    fn fingerprint(&self) -> u64 {
        self.count
    }
}

fn turning() -> Pipeline {
    let builder =
        Pipeline::builder().then(Rotate::config().degrees(-30.0..=30.0)).then(Resize::config().size(Size::new(16, 24)));
    builder.then(Flip::config().p(0.5)).seed(5).build().expect("builds")
}

fn batches(source: Known, pipeline: Pipeline, options: LoaderOptions) -> Vec<Batch> {
    epoch(&mut Loader::new(Arc::new(source), pipeline, options).expect("a loader"))
}

type One = (Vec<f32>, Vec<i32>, Vec<f32>, Vec<u8>, Vec<u8>);

/// What is attached to each sample, without padding.
fn attached(batches: &[Batch]) -> HashMap<u64, One> {
    let of = |batch: &Batch, row: usize| {
        let Targets { boxes, points, masks } = &batch.targets[0];
        let boxes = boxes.as_ref().expect("boxes");
        let (count, most) = (boxes.counts[row] as usize, boxes.most);
        let rows = boxes.rows[row * most * 4..][..count * 4].to_vec();
        let labels = boxes.labels[row * most..][..count].to_vec();
        let (points, seen) = points.as_ref().map_or((vec![], vec![]), |points| {
            let (rows, seen) = (&points.rows[row * points.most * 2..], &points.seen[row * points.most..]);
            (rows[..points.most * 2].to_vec(), seen[..points.most].to_vec())
        });
        let bytes = batch.size(0).pixels();
        let mask = masks.as_ref().expect("masks").bytes()[row * bytes..][..bytes].to_vec();
        (rows, labels, points, seen, mask)
    };
    batches.iter().flat_map(|batch| (0..batch.count).map(move |row| (batch.ids[row], of(batch, row)))).collect()
}

#[test]
fn threads_batches_and_shards_change_nothing_that_is_attached() {
    let source = || Known { count: 24, broken: None };
    let plain = attached(&batches(source(), turning(), options(4, 1)));
    assert_eq!(plain.len(), 24);
    for (batch_size, threads) in [(4, 2), (5, 7), (24, 3), (1, 1)] {
        assert_eq!(attached(&batches(source(), turning(), options(batch_size, threads))), plain);
    }
    let shard = |shard_id| {
        let options = LoaderOptions { num_shards: 2, shard_id, rest: Rest::Drop, ..options(2, 2) };
        attached(&batches(source(), turning(), options))
    };
    assert_eq!(shard(0).into_iter().chain(shard(1)).collect::<HashMap<_, _>>(), plain);
    // Something is drawn, dropped and seen no more.
    assert!(plain.iter().any(|(id, one)| one.1.len() < *id as usize % 4 || one.3.contains(&0)));
}

#[test]
fn masks_and_boxes_stay_beside_their_pixels_where_a_sample_is_skipped() {
    let whole = Pipeline::builder().then(Resize::config().size(Size::new(8, 8))).build().expect("builds");
    for policy in [OnBad::Skip, OnBad::Quarantine] {
        let options = LoaderOptions { on_bad: policy, dtype: variegate_picture::Dtype::U8, ..options(4, 2) };
        let made = batches(Known { count: 12, broken: Some(5) }, whole.clone(), options);
        let masks = attached(&made);
        assert_eq!((masks.len(), masks.contains_key(&5)), (11, false), "{policy:?}");
        for batch in &made {
            for row in 0..batch.count {
                let pixels = &batch.bytes(0)[row * batch.slot(0)..][..batch.slot(0)];
                let one = &masks[&batch.ids[row]];
                assert_eq!(pixels[0], batch.ids[row] as u8 + 1);
                assert!(one.4.iter().all(|value| *value == pixels[0]), "the mask holds what the picture holds");
                assert_eq!(one.1.len(), batch.ids[row] as usize % 4);
            }
        }
    }
}

#[test]
fn what_is_not_asked_for_is_neither_read_nor_delivered() {
    let kinds = Kinds { boxes: true, ..Kinds::default() };
    let targets = TargetOptions { kinds, ..TargetOptions::default() };
    let made = batches(Known { count: 6, broken: Some(2) }, turning(), LoaderOptions { targets, ..options(3, 1) });
    assert_eq!(made.iter().map(|batch| batch.count).sum::<usize>(), 6, "a mask that is not read is not bad");
    assert!(made.iter().all(|batch| batch.targets[0].masks.is_none() && batch.targets[0].points.is_none()));
    let targets = TargetOptions { kinds: Kinds::default(), ..TargetOptions::default() };
    let made = batches(Known { count: 6, broken: None }, turning(), LoaderOptions { targets, ..options(3, 1) });
    assert!(made.iter().all(|batch| batch.targets.is_empty()));
}

#[test]
fn masks_count_as_memory_and_have_the_type_that_is_asked_for() {
    let targets = TargetOptions { mask_dtype: Some(MaskDtype::I32), ..TargetOptions::default() };
    // Pictures alone take 3 × 16 × 24 × 3 × 4 bytes of a batch of three.
    let options = LoaderOptions { targets, memory: 14_000, ..options(3, 1) };
    let error =
        Loader::new(Arc::new(Known { count: 6, broken: None }), turning(), options.clone()).expect_err("too much");
    assert!(error.message().contains("3 pictures with masks of 16 × 24"), "{error}");
    let made = batches(Known { count: 6, broken: None }, turning(), LoaderOptions { memory: 1 << 20, ..options });
    let masks = made[0].targets[0].masks.as_ref().expect("masks");
    assert_eq!((masks.dtype, masks.bytes().len()), (MaskDtype::I32, 3 * 16 * 24 * 4));
}

#[test]
fn points_are_refused_where_samples_are_mixed() {
    let mosaic = || {
        let builder = Pipeline::builder().then(Resize::config().size(Size::new(16, 24))).then(Mosaic::config());
        builder.build().expect("builds")
    };
    let source = || Arc::new(Known { count: 6, broken: None });
    let error = Loader::new(source(), mosaic(), options(3, 1)).expect_err("points");
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
    let kinds = Kinds { points: false, ..Kinds::ALL };
    let targets = TargetOptions { kinds, ..TargetOptions::default() };
    let told = |threads| LoaderOptions { targets, ..options(3, threads) };
    let plain = attached(&batches(Known { count: 6, broken: None }, mosaic(), told(1)));
    assert_eq!(attached(&batches(Known { count: 6, broken: None }, mosaic(), told(3))), plain);
    // Each sample's mask is of one value, so a mosaic's has several.
    assert!(plain.values().any(|one| one.4.iter().any(|value| *value != one.4[0])));
}
