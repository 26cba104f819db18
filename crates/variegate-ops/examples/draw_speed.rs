//! Times drawing, writing and fusing of a ten-operation pipeline: `cargo run --release -p variegate-ops --example draw_speed`.

use std::hint::black_box;
use std::time::Instant;

use variegate_ops::Pipeline;
use variegate_picture::Frame;
use variegate_plan::Meaning;

const PIPELINE: &str = "
variegate: 1
seed: 7
pipeline:
  - resized_crop: {size: 224}
  - flip: {p: 0.5}
  - rotate: {degrees: [-15, 15], border: reflect}
  - translate: {}
  - one_of: {p: 0.3, of: [gaussian_blur: {}, gaussian_noise: {}]}
  - color_jitter: {brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1}
  - gamma: {}
  - grayscale: {p: 0.1}
  - erase: {p: 0.25}
  - normalize: {}
";

fn main() -> variegate_picture::Result<()> {
    let pipeline = Pipeline::from_yaml(PIPELINE, None)?;
    let frame = Frame::new(375, 500, 3);
    let recipes: Vec<_> = (0..1000).map(|sample| pipeline.draw(frame, 0, sample)).collect();
    time("draw", |sample| drop(black_box(pipeline.draw(frame, 1, sample))));
    time("write, fused", |s| drop(black_box(pipeline.lower(&recipes[s as usize % 1000], Meaning::Continuous))));
    time("write, exact", |s| drop(black_box(pipeline.lower(&recipes[s as usize % 1000], Meaning::Exact))));
    time("all three steps", |sample| drop(black_box(pipeline.plan(frame, 1, sample))));
    Ok(())
}

/// Prints the best mean of twenty rounds.
fn time(what: &str, work: impl Fn(u64)) {
    let rounds = (0..20).map(|_| {
        let start = Instant::now();
        (0..5000).for_each(&work);
        start.elapsed().as_secs_f64() / 5000.0
    });
    println!("{what:16} {:6.2} µs", 1e6 * rounds.fold(f64::INFINITY, f64::min));
}
