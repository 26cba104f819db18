//! What a sample still allocates once buffers have grown: stage by stage, and in a whole loader.
//!
//! A binary of its own, since the allocator that counts is that of the whole process. Only Rust's allocations are seen;
//! libjpeg-turbo has its own pools.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout as Block, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use variegate_engine::{Scratch, run};
use variegate_io::{EncodeFormat, FileBuffer, Folder, FolderOptions, Limits, encode, open};
use variegate_loader::{Files, Loader, LoaderOptions, PartialDecode, Reading, Source};
use variegate_ops::Pipeline;
use variegate_ops::crop::ResizedCrop;
use variegate_ops::finish::Normalize;
use variegate_ops::geometry::Flip;
use variegate_picture::{AlignedBytes, Dtype, Layout, Picture, Pixels, Size, Slot};
use variegate_plan::NoServices;

static COUNT: AtomicU64 = AtomicU64::new(0);

struct Counting;

// SAFETY: everything is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, block: Block) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller vouches.
        unsafe { System.alloc(block) }
    }

    unsafe fn dealloc(&self, at: *mut u8, block: Block) {
        // SAFETY: as the caller vouches.
        unsafe { System.dealloc(at, block) }
    }

    unsafe fn realloc(&self, at: *mut u8, block: Block, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller vouches.
        unsafe { System.realloc(at, block, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of the plan (draws, nodes, fusion) of one sample: a plan is a few small lists, made anew for each.
const PLAN: u64 = 12;
/// What a batch costs the loader, shared among its samples: lists of ids, labels, outcomes and tasks.
const SHARE_OF_BATCH: u64 = 2;

fn counted<T>(to: &mut u64, work: impl FnOnce() -> T) -> T {
    let before = COUNT.load(Ordering::Relaxed);
    let made = work();
    *to += COUNT.load(Ordering::Relaxed) - before;
    made
}

#[test]
fn a_sample_allocates_next_to_nothing() {
    let root = std::env::temp_dir().join(format!("variegate-loader-steady-{}", std::process::id()));
    std::fs::create_dir_all(&root).expect("a folder");
    for k in 0..16usize {
        let size = Size::new(150 + 7 * k % 40, 200 + 11 * k % 60);
        let pixels = (0..size.pixels() * 3).map(|i| ((i * (k + 3)) >> 5) as u8).collect();
        let picture = Picture::new(size, 3, Pixels::U8(pixels)).expect("a picture");
        let bytes = encode(&picture, &EncodeFormat::Jpeg { quality: 90 }).expect("encodes");
        std::fs::write(root.join(format!("{k:02}.jpg")), bytes).expect("writes");
    }
    let files = Arc::new(Files::of(&Folder::read(&root, &FolderOptions::default()).expect("a folder")));
    let pipeline = Pipeline::builder()
        .then(ResizedCrop::config().size(Size::new(64, 64)))
        .then(Flip::config().p(0.5))
        .then(Normalize::config())
        .build()
        .expect("builds");
    let (plan, run) = stages(&files, &pipeline);
    whole_loader(files, pipeline, plan + run);
    std::fs::remove_dir_all(&root).expect("cleans up");
}

/// Each stage by itself; allocations of plan and run for each sample, rounded up.
fn stages(files: &Files, pipeline: &Pipeline) -> (u64, u64) {
    let (limits, reading) = (Limits::default(), Reading::default());
    let (mut file, mut spare, mut plans) = (FileBuffer::default(), Vec::new(), Vec::with_capacity(1));
    let (mut scratch, mut memory) = (Scratch::default(), AlignedBytes::zeroed(64 * 64 * 3 * 4));
    let mut counts = [0; 5];
    for round in 0..4 {
        counts = [0; 5];
        let [read, header, plan, decode, augment] = &mut counts;
        for id in 0..files.len() {
            let bytes = counted(read, || files.read_into(id, &limits, &mut file)).expect("reads");
            let opened = counted(header, || open(bytes, &limits)).expect("a picture");
            // Whole pictures first, so that the buffers have the size of the largest.
            let partial_decode = if round < 2 { PartialDecode::Off } else { PartialDecode::Shrink };
            let reading = Reading { partial_decode, ..reading };
            let wish = counted(plan, || {
                plans.clear();
                plans.push(reading.plan(pipeline, opened.header(), 0, id));
                reading.wish(&plans, opened.header().size)
            });
            let (picture, part) =
                counted(decode, || reading.decode(opened, wish, std::mem::take(&mut spare))).expect("decodes");
            let (size, bytes) = (Size::new(64, 64), memory.as_mut_slice());
            let mut slot = Slot::new(size, 3, Dtype::F32, Layout::Hwc, bytes).expect("a slot");
            let planned = plans.remove(0).on_part(part);
            let view = picture.view();
            counted(augment, || run(&planned, view, 1.0, &mut slot, &mut scratch, &NoServices)).expect("runs");
            if let Pixels::U8(used) = picture.into_pixels() {
                spare = used;
            }
        }
    }
    let each = counts.map(|count| count.div_ceil(files.len()));
    println!("allocations of a sample: read, header, plan, decode, run: {each:?}");
    let [read, header, plan, decode, augment] = each;
    assert_eq!([read, header, decode, augment], [0; 4], "reading, decoding and running use what they have");
    assert!(plan <= PLAN, "plan {plan} of {PLAN}");
    (plan, augment)
}

fn whole_loader(files: Arc<Files>, pipeline: Pipeline, of_plan_and_run: u64) {
    let options = LoaderOptions { batch_size: 16, threads: Some(1), prefetch: Some(1), ..LoaderOptions::default() };
    let mut loader = Loader::new(files, pipeline, options).expect("a loader");
    let mut next = || while loader.next_batch().expect("a batch").is_none() {};
    (0..20).for_each(|_| next());
    let mut count = 0;
    counted(&mut count, || (0..20).for_each(|_| next()));
    let each = count.div_ceil(20 * 16);
    println!("allocations of a sample in a loader: {each}");
    assert!(each <= of_plan_and_run + SHARE_OF_BATCH, "{each} of {of_plan_and_run} + {SHARE_OF_BATCH}");
}
