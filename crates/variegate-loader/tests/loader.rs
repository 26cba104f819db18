//! The loader's promises, on folders of real files made here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use variegate_io::{EncodeFormat, Folder, FolderOptions, encode};
use variegate_loader::{Batch, Budget, Chosen, Files, Loader, LoaderOptions, Next, OnBad, Rest, Source, Token};
use variegate_ops::Pipeline;
use variegate_ops::colour::Brightness;
use variegate_ops::crop::ResizedCrop;
use variegate_ops::geometry::Flip;
use variegate_picture::{Kind, Picture, Pixels, Size};

#[path = "loader/attached.rs"]
mod attached;
#[path = "loader/mixing.rs"]
mod mixing;
#[path = "loader/order.rs"]
mod order;
#[path = "loader/views.rs"]
mod views;

/// A folder that goes when the test does.
struct Photos(PathBuf);

impl Photos {
    fn new(name: &str, count: usize) -> Self {
        let root = std::env::temp_dir().join(format!("variegate-loader-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        for k in 0..count {
            let class = root.join(["ant", "bee"][k % 2]);
            std::fs::create_dir_all(&class).expect("a folder");
            let (name, format) = match k % 3 {
                0 => ("jpg", EncodeFormat::Jpeg { quality: 90 }),
                _ => ("png", EncodeFormat::Png),
            };
            let bytes = encode(&photo(k), &format).expect("encodes");
            std::fs::write(class.join(format!("{k:03}.{name}")), bytes).expect("writes");
        }
        Self(root)
    }

    fn files(&self) -> Arc<Files> {
        Arc::new(Files::of(&Folder::read(&self.0, &FolderOptions::default()).expect("a folder")))
    }

    fn spoil(&self, name: &str) {
        std::fs::write(self.0.join(name), b"<html>not found</html>").expect("writes");
    }
}

impl Drop for Photos {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn photo(k: usize) -> Picture {
    let size = Size::new(20 + 3 * k % 17, 24 + 5 * k % 13);
    let pixels = (0..size.pixels() * 3).map(|i| ((i * (k + 3)) >> 2) as u8).collect();
    Picture::new(size, 3, Pixels::U8(pixels)).expect("a picture")
}

fn pipeline() -> Pipeline {
    let builder = Pipeline::builder().then(ResizedCrop::config().size(Size::new(8, 10)));
    builder.then(Flip::config().p(0.5)).then(Brightness::config().factor(0.5..=1.5)).seed(7).build().expect("builds")
}

fn options(batch_size: usize, threads: usize) -> LoaderOptions {
    LoaderOptions { batch_size, threads: Some(threads), ..LoaderOptions::default() }
}

fn loader(photos: &Photos, options: LoaderOptions) -> Loader {
    Loader::new(photos.files(), pipeline(), options).expect("a loader")
}

fn epoch(loader: &mut Loader) -> Vec<Batch> {
    std::iter::from_fn(|| loader.next_batch().expect("a batch")).collect()
}

/// The bytes of each sample of an epoch.
fn samples(batches: &[Batch]) -> HashMap<u64, Vec<u8>> {
    let each =
        |b: &Batch| b.ids.iter().copied().zip(b.bytes(0).chunks(b.slot(0)).map(<[u8]>::to_vec)).collect::<Vec<_>>();
    batches.iter().flat_map(each).collect()
}

fn ids(batches: &[Batch]) -> Vec<u64> {
    batches.iter().flat_map(|b| b.ids.clone()).collect()
}

#[test]
fn every_sample_comes_once_an_epoch_and_orders_differ() {
    let photos = Photos::new("once", 23);
    let mut loader = loader(&photos, options(5, 2));
    assert_eq!((loader.steps(), loader.samples()), (5, 23));
    let (first, second) = (epoch(&mut loader), epoch(&mut loader));
    assert_eq!(first.iter().map(|b| b.count).collect::<Vec<_>>(), [5, 5, 5, 5, 3]);
    let sorted = |batches: &[Batch]| {
        let mut ids = ids(batches);
        ids.sort_unstable();
        ids
    };
    assert_eq!((sorted(&first), sorted(&second)), ((0..23).collect(), (0..23).collect()));
    assert_ne!(ids(&first), ids(&second));
    assert!(first.iter().all(|b| b.epoch == 0) && second.iter().all(|b| b.epoch == 1));
    let files = photos.files();
    for batch in &first {
        assert_eq!(batch.shape(0), [batch.count, 8, 10, 3]);
        assert_eq!(batch.labels, batch.ids.iter().map(|id| files.label(*id)).collect::<Vec<_>>());
        assert_eq!(batch.bytes(0).as_ptr() as usize % 64, 0);
    }
}

#[test]
fn threads_and_batches_and_shards_change_no_byte() {
    let photos = Photos::new("pure", 24);
    let plain = epoch(&mut loader(&photos, options(4, 1)));
    for threads in [2, 7] {
        let batches = epoch(&mut loader(&photos, options(4, threads)));
        assert_eq!(ids(&batches), ids(&plain));
        assert!(batches.iter().zip(&plain).all(|(a, b)| a.bytes(0) == b.bytes(0)), "{threads} threads");
    }
    let whole = samples(&plain);
    assert_eq!(samples(&epoch(&mut loader(&photos, options(7, 2)))), whole);
    assert_eq!(samples(&epoch(&mut loader(&photos, LoaderOptions { shuffle: false, ..options(4, 2) }))), whole);
    // Two shards of batches of two share the global batches of four.
    let shard = |shard_id| {
        let share = LoaderOptions { num_shards: 2, shard_id, rest: Rest::Drop, ..options(2, 1) };
        epoch(&mut loader(&photos, share))
    };
    let (left, right) = (shard(0), shard(1));
    let joined: Vec<u64> = left.iter().zip(&right).flat_map(|(a, b)| [a.ids.clone(), b.ids.clone()].concat()).collect();
    assert_eq!(joined, ids(&plain));
    assert_eq!(samples(&left).into_iter().chain(samples(&right)).collect::<HashMap<_, _>>(), whole);
}

#[test]
fn the_rest_is_kept_dropped_or_wrapped() {
    let photos = Photos::new("rest", 10);
    let counts = |rest| {
        let batches = epoch(&mut loader(&photos, LoaderOptions { rest, ..options(4, 2) }));
        (batches.iter().map(|b| b.count).collect::<Vec<_>>(), ids(&batches))
    };
    assert_eq!(counts(Rest::Keep).0, [4, 4, 2]);
    assert_eq!(counts(Rest::Drop).0, [4, 4]);
    let (wrapped, order) = counts(Rest::Wrap);
    assert_eq!(wrapped, [4, 4, 4]);
    assert_eq!(order[10..], order[..2]);
    let error = Loader::new(photos.files(), pipeline(), LoaderOptions { rest: Rest::Drop, ..options(11, 1) });
    assert_eq!(error.expect_err("no batch").kind(), Kind::Parameter);
}

#[test]
fn a_token_resumes_anywhere_and_on_other_shards() {
    let photos = Photos::new("resume", 24);
    let drop = |batch, threads| LoaderOptions { rest: Rest::Drop, ..options(batch, threads) };
    let mut straight = loader(&photos, drop(4, 2));
    let all: Vec<Batch> = epoch(&mut straight).into_iter().chain(epoch(&mut straight)).collect();
    for stop in 0..=7 {
        let mut first = loader(&photos, drop(4, 2));
        (0..stop).for_each(|_| while first.next_batch().expect("a batch").is_none() {});
        let text = first.state().to_json();
        assert!(text.len() < 1024, "{text}");
        let mut second = loader(&photos, drop(4, 1));
        second.resume(&Token::from_json(&text).expect("reads")).expect("resumes");
        let rest = epoch(&mut second);
        let expected = &all[stop..if stop < 6 { 6 } else { 12 }];
        assert_eq!(ids(&rest), ids(expected), "after {stop}");
        assert!(rest.iter().zip(expected).all(|(a, b)| a.bytes(0) == b.bytes(0) && a.epoch == b.epoch));
        let mut shard = loader(&photos, LoaderOptions { num_shards: 2, shard_id: 1, ..drop(2, 1) });
        shard.resume(&Token::from_json(&text).expect("reads")).expect("resumes");
        assert_eq!(shard.next_batch().expect("a batch").expect("one").ids, expected[0].ids[2..]);
    }
}

#[test]
fn a_token_of_another_run_is_refused() {
    let photos = Photos::new("refuse", 8);
    let token = loader(&photos, options(2, 1)).state();
    let mut other = loader(&photos, LoaderOptions { seed: Some(8), shuffle: false, ..options(2, 1) });
    let message = other.resume(&token).expect_err("refused").to_string();
    assert!(message.contains("the seed, shuffle changed"), "{message}");
    let half = Arc::new(Chosen::select(photos.files(), vec![0, 1, 2, 3]).expect("selects"));
    let message = Loader::new(half, pipeline(), options(2, 1)).expect("a loader").resume(&token).expect_err("refused");
    assert!(message.to_string().contains("the data set"), "{message}");
    let mut wide = loader(&photos, options(8, 1));
    let odd = Token { samples: 2, ..token };
    assert!(wide.resume(&odd).expect_err("refused").to_string().contains("no multiple"));
    for text in ["", "{}", "[1]", "{\"variegate_state\": 2}"] {
        assert!(Token::from_json(text).expect_err("no token").to_string().contains("not a state token"), "{text}");
    }
}

#[test]
fn seek_goes_back_and_forth() {
    let photos = Photos::new("seek", 12);
    let mut loader = loader(&photos, options(3, 2));
    let (first, second) = (epoch(&mut loader), epoch(&mut loader));
    for (e, step) in [(1, 2), (0, 1), (1, 0), (0, 3), (0, 0)] {
        loader.seek(e, step).expect("seeks");
        assert_eq!((loader.epoch(), loader.step()), (e, step));
        let batch = loader.next_batch().expect("a batch").expect("one");
        let expected = [&first, &second][e as usize];
        assert_eq!((batch.bytes(0), batch.epoch), (expected[step as usize].bytes(0), e));
    }
    assert_eq!(loader.seek(0, 4).expect_err("no step").kind(), Kind::Parameter);
}

#[test]
fn bad_files_are_told_and_nothing_else_is_lost() {
    for policy in [OnBad::Raise, OnBad::Skip, OnBad::Substitute, OnBad::Quarantine] {
        let photos = Photos::new(&format!("bad-{policy:?}"), 20);
        let whole = samples(&epoch(&mut loader(&photos, options(20, 2))));
        photos.spoil("ant/000.jpg");
        photos.spoil("bee/001.png");
        let mut loader = loader(&photos, LoaderOptions { on_bad: policy, ..options(3, 2) });
        let (mut got, mut errors) = (Vec::new(), Vec::new());
        loop {
            match loader.next_batch() {
                Ok(Some(batch)) => got.push(batch),
                Ok(None) => break,
                Err(error) => errors.push(error),
            }
        }
        let bad: Vec<u64> = loader.bad().iter().map(|b| b.id).collect();
        assert_eq!(bad, [0, 10], "{policy:?}");
        let mut ids = ids(&got);
        ids.sort_unstable();
        match policy {
            OnBad::Raise => {
                assert!(!errors.is_empty() && errors.len() <= 2);
                assert!(errors.iter().all(|e| e.path().is_some() && e.kind() == Kind::Input), "{errors:?}");
            }
            OnBad::Skip => assert_eq!(ids, (0..20).filter(|id| id % 10 != 0).collect::<Vec<_>>()),
            _ => {
                assert_eq!(ids.len(), 20);
                ids.dedup();
                assert_eq!(ids, (0..20).filter(|id| id % 10 != 0).collect::<Vec<_>>());
            }
        }
        assert_eq!(errors.is_empty(), policy != OnBad::Raise);
        for (id, bytes) in samples(&got) {
            assert_eq!(bytes, whole[&id], "{policy:?}: sample {id} keeps its bytes");
        }
    }
}

#[test]
fn a_batch_of_which_all_is_skipped_is_passed_over() {
    let photos = Photos::new("skip", 6);
    photos.spoil("ant/000.jpg");
    let one = LoaderOptions { on_bad: OnBad::Skip, shuffle: false, ..options(1, 2) };
    assert_eq!(ids(&epoch(&mut loader(&photos, one))), [1, 2, 3, 4, 5]);
}

#[test]
fn too_many_bad_files_are_an_error() {
    let photos = Photos::new("budget", 12);
    ["ant/000.jpg", "bee/001.png", "ant/002.png"].iter().for_each(|name| photos.spoil(name));
    let budget = Budget { count: Some(2), rate: 0.1 };
    let mut loader = loader(&photos, LoaderOptions { budget, ..options(12, 2) });
    let message = loader.next_batch().expect_err("too many").to_string();
    assert!(message.contains("3 different samples") && message.contains("the 2 that are borne"), "{message}");
}

#[test]
fn uneven_sizes_are_the_callers_mistake() {
    let photos = Photos::new("uneven", 6);
    let empty = Pipeline::builder().build().expect("builds");
    let mut loader = Loader::new(photos.files(), empty, options(6, 2)).expect("a loader");
    let error = loader.next_batch().expect_err("uneven");
    assert!(error.kind() == Kind::Parameter && error.message().contains("add Resize"), "{error}");
    assert!(loader.bad().is_empty(), "no file is blamed");
}

#[test]
fn memory_bounds_what_is_made_ahead() {
    let photos = Photos::new("memory", 24);
    let batch = 4 * 8 * 10 * 3 * 4;
    let small = LoaderOptions { memory: batch, prefetch: Some(50), ..options(4, 2) };
    let made = |options| {
        let loader = loader(&photos, options);
        std::thread::sleep(Duration::from_millis(300));
        loader.report().images
    };
    assert_eq!(made(small.clone()), 4);
    assert_eq!(made(LoaderOptions { memory: 3 * batch, ..small.clone() }), 12);
    let error = Loader::new(photos.files(), pipeline(), LoaderOptions { memory: batch - 1, ..small });
    assert!(error.expect_err("too little").message().contains("lower batch_size or raise memory"));
}

#[test]
fn a_batch_that_is_kept_is_never_overwritten() {
    let photos = Photos::new("kept", 12);
    let mut loader = loader(&photos, options(3, 2));
    let kept: Vec<(Batch, Vec<u8>)> = (0..40)
        .filter_map(|_| loader.next_batch().expect("a batch"))
        .map(|batch| {
            let bytes = batch.bytes(0).to_vec();
            (batch, bytes)
        })
        .collect();
    drop(loader);
    assert!(kept.iter().all(|(batch, bytes)| batch.bytes(0) == bytes));
}

#[test]
fn closing_is_quick_and_final() {
    let photos = Photos::new("close", 12);
    let mut loader = loader(&photos, options(2, 3));
    loader.next_batch().expect("a batch");
    let from = Instant::now();
    loader.close();
    assert!(from.elapsed() < Duration::from_secs(5));
    assert!(loader.next_batch().expect_err("closed").message().contains("closed"));
    assert_eq!((loader.report().batches, loader.report().threads, loader.bad().len()), (1, 3, 0));
}

#[test]
fn waiting_ends_when_patience_does() {
    struct Slow(Arc<Files>);
    impl Source for Slow {
        fn len(&self) -> u64 {
            self.0.len()
        }
        fn read(&self, id: u64, limits: &variegate_io::Limits) -> variegate_picture::Result<Vec<u8>> {
            std::thread::sleep(Duration::from_millis(200));
            self.0.read(id, limits)
        }
        fn label(&self, id: u64) -> Option<u32> {
            self.0.label(id)
        }
        fn name(&self, id: u64) -> PathBuf {
            self.0.name(id)
        }
        fn fingerprint(&self) -> u64 {
            1
        }
    }
    let photos = Photos::new("slow", 4);
    let mut loader = Loader::new(Arc::new(Slow(photos.files())), pipeline(), options(4, 1)).expect("a loader");
    assert!(matches!(loader.next_within(Duration::from_millis(1)).expect("no error"), Next::NotYet));
    assert_eq!(loader.next_batch().expect("a batch").expect("one").count, 4);
}

#[test]
fn a_split_shares_the_files_out() {
    let photos = Photos::new("split", 21);
    let files: Arc<dyn Source> = photos.files();
    let paths_of = |source: &dyn Source| (0..source.len()).map(|id| source.name(id)).collect::<Vec<_>>();
    let (train, valid) = Chosen::split(&files, 0.25, 3).expect("splits");
    assert_eq!((train.len(), valid.len()), (16, 5));
    let mut paths: Vec<PathBuf> = [paths_of(&train), paths_of(&valid)].concat();
    paths.sort();
    assert_eq!(paths, paths_of(&*files));
    assert!(paths.iter().all(|path| Path::new(path).exists()));
    assert!(Chosen::split(&files, 1.0, 3).is_err());
}
