//! Laws of pixels.

use variegate::augment;
use variegate::ops::geometry::Flip;
use variegate::ops::{Stage, Step};
use variegate::picture::Pixels;
use variegate::plan::{Builder, reference};
use variegate::{Dist, Dtype, Frame, Level, Meaning, OpSpec, Picture, Pipeline, Recipe, Size, with_level};

use crate::Failed;
use crate::cases::{CHANNELS, Company, DTYPES, SIZES, broken, expect, neutral, picture, pipeline, run};

fn draw(pipeline: &Pipeline, image: &Picture, sample: u64) -> Recipe {
    pipeline.draw(image.frame(), 0, sample)
}

pub fn neutral_values_change_nothing(spec: &'static OpSpec) -> Result<(), Failed> {
    for dtype in DTYPES {
        for channels in CHANNELS {
            let image = picture(Size::new(17, 26), *channels, *dtype);
            let Some(recipe) = neutral(spec, image.frame())? else { return Ok(()) };
            let out = run(&pipeline(spec)?, &recipe, &image)?;
            if out != image {
                return broken(format!("{dtype:?}, {channels} channels: {:?}", recipe.steps));
            }
        }
    }
    Ok(())
}

pub fn every_instruction_set_gives_the_same_bytes(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for dtype in DTYPES {
        for channels in CHANNELS {
            let image = picture(Size::new(37, 61), *channels, *dtype);
            for sample in 0..3 {
                let recipe = draw(&pipeline, &image, sample);
                let at = |level| with_level(level, || run(&pipeline, &recipe, &image));
                let scalar = at(Level::Scalar)?;
                for level in [Level::Avx2, Level::Avx512] {
                    if bits(&at(level)?) != bits(&scalar) {
                        return broken(format!("{dtype:?}, {channels} channels, {level:?} differs from scalar"));
                    }
                }
            }
        }
    }
    Ok(())
}

/// Bit patterns, so that −0 is not 0.
fn bits(picture: &Picture) -> Vec<u32> {
    match picture.pixels() {
        Pixels::U8(p) => p.iter().map(|v| u32::from(*v)).collect(),
        Pixels::U16(p) => p.iter().map(|v| u32::from(*v)).collect(),
        Pixels::F32(p) => p.iter().map(|v| v.to_bits()).collect(),
    }
}

pub fn the_same_key_gives_the_same_bytes(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let image = picture(Size::new(23, 31), 3, Dtype::U8);
    let once = |sample| run(&pipeline, &draw(&pipeline, &image, sample), &image);
    // Drawn in another order, with another sample in between, on another thread.
    let (first, second) = (once(5)?, once(6)?);
    let pipeline = &pipeline;
    let image = &image;
    let again = std::thread::scope(|scope| {
        let other = scope.spawn(move || run(pipeline, &draw(pipeline, image, 6), image).ok());
        (run(pipeline, &draw(pipeline, image, 5), image).ok(), other.join().ok().flatten())
    });
    if again != (Some(first), Some(second)) {
        return broken("the bytes depend on more than the key");
    }
    Ok(())
}

pub fn the_engine_is_the_reference_within_its_debt(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for dtype in DTYPES {
        for channels in CHANNELS {
            let image = picture(Size::new(29, 43), *channels, *dtype);
            for sample in 0..4 {
                let recipe = draw(&pipeline, &image, sample);
                compare(&pipeline, &recipe, &image)?;
            }
        }
    }
    Ok(())
}

/// Runs the fused plan in the engine and in the reference, and holds each value against the reference's slack.
fn compare(pipeline: &Pipeline, recipe: &Recipe, image: &Picture) -> Result<(), Failed> {
    let plan = augment::plan(pipeline, recipe, image.channels());
    let truth = expect(reference::run(&plan, image.view(), 1.0, &Company(image.dtype())))?;
    let (values, slack) = truth.finished(plan.finish.as_ref());
    let out = run(pipeline, recipe, image)?;
    // Storing an integer may round half a level away; a level of 255 is the unit of every debt.
    // 32-bit reals carry 16-bit values to a hundredth.
    let half = match image.dtype() {
        _ if plan.is_normalised() => 1e-4,
        Dtype::F32 => 1e-4,
        Dtype::U16 => 0.51,
        _ => 0.5001,
    };
    let exact = |v: f64| if plan.is_normalised() { v } else { v.clamp(0.0, truth.white) };
    for (k, got) in floats(&out).into_iter().enumerate() {
        let (want, allowed) = (exact(values[k]), slack[k] + half);
        if (got - want).abs() > allowed {
            return broken(format!(
                "{:?}, {} channels, element {k}: {got} where the reference has {want} ± {allowed}; {:?}",
                image.dtype(),
                image.channels(),
                recipe.steps
            ));
        }
    }
    Ok(())
}

fn floats(picture: &Picture) -> Vec<f64> {
    match picture.pixels() {
        Pixels::U8(p) => p.iter().map(|v| f64::from(*v)).collect(),
        Pixels::U16(p) => p.iter().map(|v| f64::from(*v)).collect(),
        Pixels::F32(p) => p.iter().map(|v| f64::from(*v)).collect(),
    }
}

pub fn every_size_works(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for &(height, width) in SIZES {
        for channels in CHANNELS {
            let image = picture(Size::new(height, width), *channels, Dtype::U8);
            for sample in 0..3 {
                let recipe = draw(&pipeline, &image, sample);
                let plan = augment::plan(&pipeline, &recipe, *channels);
                let out = run(&pipeline, &recipe, &image)?;
                if out.size() != plan.output.size || out.channels() != *channels {
                    return broken(format!("{height} × {width}: promised {:?}, gave {:?}", plan.output, out.frame()));
                }
                compare(&pipeline, &recipe, &image)?;
            }
        }
    }
    Ok(())
}

pub fn values_stay_between_black_and_white(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let image = picture(Size::new(23, 31), 3, Dtype::F32);
    for sample in 0..8 {
        let recipe = draw(&pipeline, &image, sample);
        if augment::plan(&pipeline, &recipe, 3).is_normalised() {
            return Ok(());
        }
        let out = run(&pipeline, &recipe, &image)?;
        if let Some(v) = floats(&out).into_iter().find(|v| !(-1e-6..=1.0 + 1e-6).contains(v)) {
            return broken(format!("{v} from {:?}", recipe.steps));
        }
    }
    Ok(())
}

/// A flip before the operation fuses with it; the picture must be that of the unfused list, within both debts.
pub fn after_a_flip_it_fuses_to_the_same_picture(spec: &'static OpSpec) -> Result<(), Failed> {
    let flip = expect(Step::new(Flip::SPEC, Vec::new(), Dist::from(1.0), None))?;
    let step = crate::cases::step(spec)?;
    let chain = expect(Pipeline::builder().stage(Stage::Step(flip)).stage(Stage::Step(step)).seed(3).build())?;
    let frame = Frame::new(27, 40, 3);
    let image = picture(frame.size, 3, Dtype::U8);
    for sample in 0..4 {
        let recipe = chain.draw(frame, 0, sample);
        let fused = chain.lower_from(Builder::new(frame), &recipe, Meaning::Continuous);
        let steps = chain.lower_from(Builder::new(frame), &recipe, Meaning::Exact);
        let a = expect(reference::run(&fused, image.view(), 1.0, &Company(image.dtype())))?;
        let b = expect(reference::run(&steps, image.view(), 1.0, &Company(image.dtype())))?;
        for k in 0..a.values.len() {
            let allowed = a.slack[k] + b.slack[k] + 1e-9;
            if (a.values[k] - b.values[k]).abs() > allowed {
                return broken(format!(
                    "element {k}: fused {} against {} ± {allowed}; {:?}",
                    a.values[k], b.values[k], recipe.steps
                ));
            }
        }
    }
    Ok(())
}
