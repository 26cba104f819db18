//! Routes: what plans of whole pipelines look like, and that stored turns disappear into them.

use variegate::io::Orientation;
use variegate::ops::colour::ColorJitter;
use variegate::ops::crop::ResizedCrop;
use variegate::ops::finish::Normalize;
use variegate::ops::geometry::{Flip, Rotate, Shear, Translate, Zoom};
use variegate::picture::Pixels;
use variegate::plan::{Builder, NoServices, Node, explain};
use variegate::{Dtype, Frame, Layout, Meaning, Picture, Pipeline, Plan, Scratch, Size, Slot};

fn kinds(plan: &Plan) -> Vec<&'static str> {
    plan.nodes.iter().map(Node::kind).collect()
}

#[test]
fn the_classic_chain_is_one_warp_one_colour_pass_and_the_final_write() {
    let pipeline = Pipeline::builder()
        .then(ResizedCrop::config().size(224))
        .then(Flip::config().p(0.5))
        .then(Rotate::config().degrees(-15.0..=15.0))
        .then(ColorJitter::config())
        .then(Normalize::config())
        .seed(7)
        .build()
        .expect("a proper pipeline");
    for sample in 0..200 {
        let plan = pipeline.plan(Frame::new(375, 500, 3), 0, sample);
        let warps = kinds(&plan).iter().filter(|k| **k == "Warp").count();
        assert_eq!((warps, plan.passes().len()), (1, 2), "{}", explain::explain(&plan));
    }
    let plan = pipeline.plan(Frame::new(375, 500, 3), 0, 0);
    let text = explain::explain(&plan);
    assert_eq!(kinds(&plan).iter().filter(|k| **k == "Warp").count(), 1, "{text}");
    assert_eq!(plan.passes().len(), 2, "{text}");
    assert!(text.contains("2 passes over pixels") && text.contains("final write, normalised"), "{text}");
}

#[test]
fn five_geometric_operations_are_one_pass() {
    let pipeline = Pipeline::builder()
        .then(Rotate::config())
        .then(Translate::config())
        .then(Zoom::config().factor(0.9..=1.2))
        .then(Shear::config())
        .then(Flip::config())
        .build()
        .expect("a proper pipeline");
    for sample in 0..100 {
        let plan = pipeline.plan(Frame::new(224, 224, 3), 0, sample);
        assert_eq!((kinds(&plan), plan.passes().len()), (vec!["Warp"], 1));
    }
}

#[test]
fn exact_keeps_every_operation_a_step_of_its_own() {
    let pipeline = Pipeline::builder().then(Rotate::config()).then(Zoom::config()).build().expect("proper");
    let recipe = pipeline.draw(Frame::new(50, 60, 3), 0, 0);
    assert_eq!(pipeline.lower(&recipe, Meaning::Exact).nodes.len(), 2);
    assert_eq!(pipeline.lower(&recipe, Meaning::Continuous).nodes.len(), 1);
}

/// The bytes of an upright picture as they are stored under an orientation.
fn stored(picture: &Picture, orientation: Orientation) -> Picture {
    // The map of the stored size leads from upright to stored positions; ask every stored pixel's upright place.
    let upright = picture.size();
    let size = if orientation.swaps_sides() { Size::new(upright.width, upright.height) } else { upright };
    let (map, back) = orientation.homography(size);
    assert_eq!(back, upright);
    let Pixels::U8(p) = picture.pixels() else { unreachable!() };
    let mut out = vec![0; p.len()];
    for y in 0..upright.height {
        for x in 0..upright.width {
            let q = map.apply(variegate::picture::Point::new(x as f64 + 0.5, y as f64 + 0.5));
            let to = (q.y as usize * size.width + q.x as usize) * 3;
            let from = (y * upright.width + x) * 3;
            out[to..to + 3].copy_from_slice(&p[from..from + 3]);
        }
    }
    Picture::new(size, 3, Pixels::U8(out)).expect("as many pixels")
}

#[test]
fn a_stored_turn_disappears_into_the_plan() {
    let size = Size::new(90, 130);
    let bytes = (0..size.pixels() * 3).map(|k| ((k / 3 % 130) * 2 + (k / 390) + 40 * (k % 3)) as u8).collect();
    let upright = Picture::new(size, 3, Pixels::U8(bytes)).expect("a picture");
    let pipeline = Pipeline::builder()
        .then(ResizedCrop::config().size(Size::new(32, 48)))
        .then(Flip::config().p(0.5))
        .then(Normalize::config())
        .build()
        .expect("proper");
    let run = |picture: &Picture, orientation: Orientation, sample: u64| -> Vec<f32> {
        let mut builder = Builder::new(picture.frame());
        let (map, to) = orientation.homography(picture.size());
        builder.permute(map, to);
        let recipe = pipeline.draw(builder.frame(), 0, sample);
        let plan = pipeline.lower_from(builder, &recipe, Meaning::Continuous);
        let mut out = vec![0f32; 32 * 48 * 3];
        let slot = &mut Slot::new(Size::new(32, 48), 3, Dtype::F32, Layout::Hwc, bytemuck::cast_slice_mut(&mut out));
        let slot = slot.as_mut().expect("a slot");
        variegate_engine::run(&plan, picture.view(), 1.0, slot, &mut Scratch::default(), &NoServices).expect("runs");
        out
    };
    for orientation in Orientation::ALL {
        let turned = stored(&upright, orientation);
        for sample in 0..8 {
            let (a, b) = (run(&upright, Orientation::Upright, sample), run(&turned, orientation, sample));
            let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            // One level of 255 after dividing by a standard deviation of 0.225 or more: the rounded step in between.
            assert!(worst < 1.01 / 255.0 / 0.224, "{orientation:?}, sample {sample}: {worst}");
        }
    }
}
