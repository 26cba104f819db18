//! Samples mixed with others: the same anywhere, with labels that say what is in them.

use super::*;
use variegate_engine::{Scratch, run_to_picture};
use variegate_loader::{PartialDecode, Reading, Views, partner, view};
use variegate_ops::mix::{CutMix, MixUp, Mosaic};
use variegate_picture::{Dtype, Frame};
use variegate_plan::{Codec, NoServices, Services};

fn mixing() -> Pipeline {
    let builder = Pipeline::builder().then(ResizedCrop::config().size(Size::new(8, 10))).then(Flip::config().p(0.5));
    let builder = builder.then(MixUp::config().alpha(1.0).p(0.7)).then(CutMix::config().p(0.5));
    builder.then(Brightness::config().factor(0.5..=1.5)).seed(7).build().expect("builds")
}

fn told(batch_size: usize, threads: usize) -> LoaderOptions {
    LoaderOptions { dtype: Dtype::U8, partial_decode: PartialDecode::Off, ..options(batch_size, threads) }
}

fn made(photos: &Photos, options: LoaderOptions) -> Vec<Batch> {
    epoch(&mut Loader::new(photos.files(), mixing(), options).expect("a loader"))
}

/// The pixels and the label of each sample.
fn whole(batches: &[Batch]) -> HashMap<u64, (Vec<u8>, Vec<f32>)> {
    let pixels = samples(batches);
    let labels = batches.iter().flat_map(|b| {
        let rows = b.soft[0].as_ref().expect("labels").chunks(b.classes).map(<[f32]>::to_vec);
        b.ids.iter().copied().zip(rows)
    });
    labels.map(|(id, label)| (id, (pixels[&id].clone(), label))).collect()
}

#[test]
fn threads_and_batches_and_shards_and_restarts_change_no_mixed_sample() {
    let photos = Photos::new("mix-pure", 24);
    let plain = whole(&made(&photos, told(4, 1)));
    assert_eq!(plain.len(), 24);
    for options in [told(4, 2), told(4, 7), told(7, 2), told(1, 1), LoaderOptions { shuffle: false, ..told(5, 2) }] {
        assert_eq!(whole(&made(&photos, options)), plain);
    }
    let shard = |shard_id| made(&photos, LoaderOptions { num_shards: 2, shard_id, rest: Rest::Drop, ..told(2, 1) });
    let joined: HashMap<_, _> = whole(&shard(0)).into_iter().chain(whole(&shard(1))).collect();
    assert_eq!(joined, plain);
    let start = || Loader::new(photos.files(), mixing(), told(4, 2)).expect("a loader");
    let mut first = start();
    (0..3).for_each(|_| assert!(first.next_batch().expect("a batch").is_some()));
    let mut second = start();
    second.resume(&first.state()).expect("resumes");
    for (id, sample) in whole(&epoch(&mut second)) {
        assert_eq!(sample, plain[&id], "sample {id} after a restart");
    }
}

/// A world that makes partners by the rule, with nothing of the loader but the files.
struct Alone<'a> {
    pipeline: &'a Pipeline,
    files: &'a Files,
    own: u64,
}

fn decoded(files: &Files, id: u64) -> Picture {
    let bytes = files.read(id, &variegate_io::Limits::default()).expect("reads");
    let opened = variegate_io::open(&bytes, &variegate_io::Limits::default()).expect("a picture");
    let reading = Reading { partial_decode: PartialDecode::Off, ..Reading::default() };
    let wish = reading.wish(&[], opened.header().size);
    reading.decode(opened, wish, Vec::new()).expect("decodes").0
}

impl Services for Alone<'_> {
    fn partner(&self, number: u64, _: Size, _: usize) -> variegate_picture::Result<Picture> {
        let id = partner(number, self.own, self.files.len());
        let picture = decoded(self.files, id);
        let recipe = self.pipeline.draw_before_mixing(picture.frame(), 0, id);
        let plan = self.pipeline.lower(&recipe, self.pipeline.options.meaning);
        run_to_picture(&plan, picture.view(), 1.0, &mut Scratch::default(), &NoServices)
    }

    fn recode(&self, codec: &Codec, picture: &Picture, white: f32) -> variegate_picture::Result<Picture> {
        variegate_loader::Local.recode(codec, picture, white)
    }
}

#[test]
fn a_mixed_sample_can_be_made_alone() {
    let photos = Photos::new("mix-alone", 15);
    let (files, pipeline) = (photos.files(), mixing());
    let mut mixed = 0;
    for (id, (pixels, label)) in whole(&made(&photos, told(4, 2))) {
        let picture = decoded(&files, id);
        let plan = pipeline.plan(picture.frame(), 0, id);
        let world = Alone { pipeline: &pipeline, files: &files, own: id };
        let out = run_to_picture(&plan, picture.view(), 1.0, &mut Scratch::default(), &world).expect("runs");
        assert_eq!(*out.pixels(), Pixels::U8(pixels), "sample {id}");
        let mut expected = vec![0.0; 2];
        let mut rest = 1.0;
        for (number, share) in plan.mixed() {
            mixed += 1;
            rest -= share;
            expected[files.label(partner(number, id, 15)).expect("a class") as usize] += share;
        }
        expected[files.label(id).expect("a class") as usize] += rest;
        assert!(label.iter().zip(&expected).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6), "{label:?}, {expected:?}");
        assert!((label.iter().sum::<f32>() - 1.0).abs() < 1e-6 && label.iter().all(|share| *share >= 0.0));
    }
    assert!(mixed > 8, "{mixed} partners");
}

#[test]
fn a_pipeline_that_does_not_mix_keeps_its_labels() {
    let photos = Photos::new("mix-none", 6);
    let batches = epoch(&mut loader(&photos, options(4, 1)));
    assert!(batches.iter().all(|batch| batch.soft.is_empty()));
}

#[test]
fn a_bad_partner_is_replaced_and_told() {
    for policy in [OnBad::Raise, OnBad::Skip, OnBad::Substitute, OnBad::Quarantine] {
        let photos = Photos::new(&format!("mix-bad-{policy:?}"), 12);
        let before = whole(&made(&photos, told(4, 2)));
        photos.spoil("ant/000.jpg");
        let run = |threads| {
            let options = LoaderOptions { on_bad: policy, ..told(3, threads) };
            let mut loader = Loader::new(photos.files(), mixing(), options).expect("a loader");
            let (mut got, mut errors) = (Vec::new(), 0);
            loop {
                match loader.next_batch() {
                    Ok(Some(batch)) => got.push(batch),
                    Ok(None) => break,
                    Err(error) => {
                        errors += 1;
                        assert!(error.path().is_some_and(|path| path.ends_with("ant/000.jpg")), "{error}");
                    }
                }
            }
            assert_eq!(loader.bad().iter().map(|bad| bad.id).collect::<Vec<_>>(), [0], "{policy:?}");
            (whole(&got), errors)
        };
        let (once, errors) = run(1);
        assert_eq!(run(7), (once.clone(), errors), "{policy:?}");
        if policy == OnBad::Raise {
            assert!(errors > 1, "samples that wanted it as a partner raise as well");
            continue;
        }
        assert_eq!((errors, once.len()), (0, 11), "{policy:?}: only the file itself is missing");
        let changed = once.iter().filter(|(id, sample)| before[id] != **sample).count();
        assert!((1..8).contains(&changed), "{changed} samples met another partner");
    }
}

#[test]
fn views_mix_each_for_itself() {
    let photos = Photos::new("mix-views", 9);
    let small = Pipeline::builder().then(ResizedCrop::config().size(Size::new(6, 6))).seed(3).build().expect("builds");
    let list = Views::of([(mixing(), 2), (small, 1)]).expect("views");
    let batches = epoch(&mut Loader::new(photos.files(), list, told(4, 2)).expect("a loader"));
    for k in 0..2 {
        let alone =
            Loader::new(photos.files(), view(&mixing(), k as u64), LoaderOptions { seed: Some(7), ..told(4, 2) });
        for (batch, alone) in batches.iter().zip(epoch(&mut alone.expect("a loader"))) {
            assert_eq!((batch.bytes(k), &batch.soft[k]), (alone.bytes(0), &alone.soft[0]));
        }
    }
    assert!(batches.iter().all(|batch| batch.soft.len() == 3 && batch.soft[2].is_none()));
}

#[test]
fn pictures_of_several_sizes_are_the_callers_mistake() {
    let photos = Photos::new("mix-uneven", 6);
    let crop = ResizedCrop::config().size(Size::new(8, 10));
    let early = Pipeline::builder().then(MixUp::config().alpha(1.0)).then(crop).build().expect("builds");
    let error = Loader::new(photos.files(), early, options(6, 2)).expect("a loader").next_batch().expect_err("uneven");
    assert!(error.kind() == Kind::Parameter && error.message().contains("before the mixing"), "{error}");
}

#[test]
fn only_what_stands_before_the_mixing_is_done_to_a_partner() {
    let names = |pipeline: &Pipeline| -> Vec<&'static str> {
        let recipe = pipeline.draw_before_mixing(Frame::new(20, 20, 3), 0, 1);
        recipe.steps.iter().map(|step| step.spec.name).collect()
    };
    assert!(names(&pipeline()).contains(&"brightness") && !names(&mixing()).contains(&"brightness"));
    assert_eq!(names(&mixing())[0], "resized_crop");
    let yaml = "variegate: 1\npipeline:\n  - flip: {}\n  - sequential:\n      of:\n        - invert: {}\n        - mosaic: {}\n        - solarize: {}\n";
    let nested = Pipeline::from_yaml(yaml, None).expect("reads");
    assert_eq!(names(&nested), ["flip", "invert"]);
    let yaml = "variegate: 1\npipeline:\n  - flip: {}\n  - one_of:\n      of:\n        - invert: {}\n        - mix_up: {}\n  - solarize: {}\n";
    assert_eq!(names(&Pipeline::from_yaml(yaml, None).expect("reads")), ["flip"]);
    let mosaic = Pipeline::builder().then(Mosaic::config()).build().expect("builds");
    assert!(mosaic.mixes() && !pipeline().mixes() && mosaic.check_alone().is_err());
}
