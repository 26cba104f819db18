//! Laws of the operations that see a volume or clip as a whole.

use variegate::picture::Pixels;
use variegate::plan::Extent;
use variegate::{
    Dtype, Frame, Level, Mask, OpSpec, Picture, Pipeline, Recipe, Sample, Scratch, Size, augment, with_level,
};

use crate::Failed;
use crate::cases::{CHANNELS, DTYPES, broken, expect, neutral, pipeline, stored};

/// Extents from one voxel up, never only cubes.
const EXTENTS: &[(usize, usize, usize)] =
    &[(1, 1, 1), (1, 1, 5), (4, 1, 1), (2, 3, 1), (3, 2, 4), (5, 7, 3), (9, 16, 21), (17, 8, 6)];

/// Frames that differ smoothly from one to the next, with an edge in them.
fn stack(extent: Extent, channels: usize, dtype: Dtype) -> Vec<Picture> {
    let value = |z: usize, y: usize, x: usize, c: usize| {
        let wave = (x as f64 / 3.0 + c as f64).sin() * (y as f64 / 4.0 + 0.3 * z as f64).cos();
        let edge = if x * 2 > extent.width && z * 2 >= extent.depth { 0.15 } else { 0.0 };
        (0.5 + 0.3 * wave + edge).clamp(0.0, 1.0)
    };
    let frame = |z: usize| {
        let row = extent.width * channels;
        let values: Vec<f64> =
            (0..extent.height * row).map(|k| value(z, k / row, k % row / channels, k % channels)).collect();
        stored(extent.size(), channels, dtype, &values)
    };
    (0..extent.depth).map(frame).collect()
}

fn run(pipeline: &Pipeline, recipe: &Recipe, frames: &[Picture]) -> Result<Vec<Picture>, Failed> {
    let sample = Sample { stacks: vec![frames.iter().map(Picture::view).collect()], ..Sample::default() };
    let out = expect(augment::apply(pipeline, recipe, &sample, &mut Scratch::default()))?;
    out.stacks.into_iter().next().ok_or_else(|| Failed::from("no stack came out"))
}

fn draw(pipeline: &Pipeline, frames: &[Picture], sample: u64) -> Recipe {
    pipeline.draw(frames[0].frame(), 0, sample)
}

/// Bit patterns, so that −0 is not 0.
fn bits(frames: &[Picture]) -> Vec<u32> {
    let of = |frame: &Picture| -> Vec<u32> {
        match frame.pixels() {
            Pixels::U8(p) => p.iter().map(|v| u32::from(*v)).collect(),
            Pixels::U16(p) => p.iter().map(|v| u32::from(*v)).collect(),
            Pixels::F32(p) => p.iter().map(|v| v.to_bits()).collect(),
        }
    };
    frames.iter().flat_map(of).collect()
}

pub fn neutral_values_change_nothing(spec: &'static OpSpec) -> Result<(), Failed> {
    for dtype in DTYPES {
        for channels in CHANNELS {
            let frames = stack(Extent::new(6, 9, 13), *channels, *dtype);
            let Some(recipe) = neutral(spec, frames[0].frame())? else { return Ok(()) };
            if bits(&run(&pipeline(spec)?, &recipe, &frames)?) != bits(&frames) {
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
            let frames = stack(Extent::new(7, 12, 19), *channels, *dtype);
            let recipe = draw(&pipeline, &frames, 1);
            let at = |level| with_level(level, || run(&pipeline, &recipe, &frames));
            let scalar = bits(&at(Level::Scalar)?);
            for level in [Level::Avx2, Level::Avx512] {
                if bits(&at(level)?) != scalar {
                    return broken(format!("{dtype:?}, {channels} channels, {level:?} differs from scalar"));
                }
            }
        }
    }
    Ok(())
}

pub fn the_same_key_gives_the_same_bytes(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let frames = stack(Extent::new(8, 11, 14), 3, Dtype::U8);
    let once = |sample| run(&pipeline, &draw(&pipeline, &frames, sample), &frames).ok();
    // Drawn in another order, with another sample in between, on another thread.
    let both = (once(5), once(6));
    let again = std::thread::scope(|scope| {
        let other = scope.spawn(|| once(6));
        (once(5), other.join().ok().flatten())
    });
    if again != both || both.0.is_none() {
        return broken("the bytes depend on more than the key");
    }
    Ok(())
}

pub fn every_size_works(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for &(depth, height, width) in EXTENTS {
        for channels in CHANNELS {
            let frames = stack(Extent::new(depth, height, width), *channels, Dtype::U8);
            for sample in 0..3 {
                let recipe = draw(&pipeline, &frames, sample);
                let plan = augment::stack_plan(&pipeline, &recipe, *channels, depth);
                let promised = plan.stacks().last().map_or(Extent::new(depth, height, width), |step| step.to);
                let out = run(&pipeline, &recipe, &frames)?;
                let proper = |frame: &Picture| frame.size() == promised.size() && frame.channels() == *channels;
                if out.len() != promised.depth || promised.size() != plan.output.size || !out.iter().all(proper) {
                    return broken(format!(
                        "{depth} × {height} × {width}: {promised} was promised; {:?}",
                        recipe.steps
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Values stay between black and white, and what is no such value breaks nothing.
pub fn values_stay_between_black_and_white(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let extent = Extent::new(6, 10, 12);
    let frames = stack(extent, 3, Dtype::F32);
    for sample in 0..8 {
        let recipe = draw(&pipeline, &frames, sample);
        for frame in run(&pipeline, &recipe, &frames)? {
            let Pixels::F32(values) = frame.pixels() else { return broken("floats became integers") };
            if let Some(v) = values.iter().find(|v| !(-1e-6..=1.0 + 1e-6).contains(*v)) {
                return broken(format!("{v} from {:?}", recipe.steps));
            }
        }
        let odd = [f32::NAN, f32::INFINITY, -3.0, 1e30];
        let values = odd.into_iter().cycle().take(extent.size().pixels()).collect();
        let odd = expect(Picture::new(extent.size(), 1, Pixels::F32(values)))?;
        run(&pipeline, &recipe, &vec![odd; extent.depth])?;
    }
    Ok(())
}

/// A cuboid drawn into a grey volume and into masks of two element sizes: where one of them is seen the other is.
pub fn masks_move_with_the_volume(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let extent = Extent::new(12, 20, 27);
    let inside = |z: usize, k: usize| {
        let (y, x) = (k / extent.width, k % extent.width);
        (4..9).contains(&z) && (5..14).contains(&y) && (8..21).contains(&x)
    };
    let pixels = extent.size().pixels();
    let drawn = |z: usize| -> Vec<f64> { (0..pixels).map(|k| f64::from(u8::from(inside(z, k)))).collect() };
    let frames: Vec<Picture> = (0..extent.depth).map(|z| stored(extent.size(), 1, Dtype::F32, &drawn(z))).collect();
    let ids = |z: usize, id: &[u8]| -> Result<Mask, Failed> {
        let bytes = (0..pixels).flat_map(|k| if inside(z, k) { id.to_vec() } else { vec![0; id.len()] }).collect();
        expect(Mask::new(extent.size(), id.len(), bytes))
    };
    let (narrow_id, wide_id) = ([7u8], 70_000u32.to_le_bytes());
    let narrow = (0..extent.depth).map(|z| ids(z, &narrow_id)).collect::<Result<Vec<_>, _>>()?;
    let wide = (0..extent.depth).map(|z| ids(z, &wide_id)).collect::<Result<Vec<_>, _>>()?;
    for sample in 0..6 {
        let recipe = draw(&pipeline, &frames, sample);
        let input = Sample {
            stacks: vec![frames.iter().map(Picture::view).collect()],
            mask_stacks: vec![
                (narrow.iter().map(Mask::view).collect(), vec![0]),
                (wide.iter().map(Mask::view).collect(), vec![0; 4]),
            ],
            ..Sample::default()
        };
        let out = expect(augment::apply(&pipeline, &recipe, &input, &mut Scratch::default()))?;
        let moves = augment::stack_plan(&pipeline, &recipe, 1, extent.depth).stacks().any(|step| step.moves());
        if !moves && out.mask_stacks[0] != narrow {
            return broken(format!("nothing moved but the mask; {:?}", recipe.steps));
        }
        if out.mask_stacks.iter().any(|masks| masks.len() != out.stacks[0].len()) {
            return broken(format!("masks and frames part in number; {:?}", recipe.steps));
        }
        for (z, frame) in out.stacks[0].iter().enumerate() {
            let Pixels::F32(values) = frame.pixels() else { return broken("floats became integers") };
            let (small, large) = (out.mask_stacks[0][z].bytes(), out.mask_stacks[1][z].bytes());
            if small.len() != values.len() || large.len() != 4 * values.len() {
                return broken(format!("masks and frames part in size; {:?}", recipe.steps));
            }
            for ((v, id), wide) in values.iter().zip(small).zip(large.chunks_exact(4)) {
                let there = *id == 7;
                if (!there && *id != 0) || there != (wide == wide_id) || (!there && wide != [0; 4]) {
                    return broken(format!("id {id} beside {wide:?}; {:?}", recipe.steps));
                }
                // Interpolation weighs the nearest voxel with more than nothing, and so tells black from white.
                if moves && (there && *v <= 0.0 || !there && *v >= 1.0 - 1e-6) {
                    return broken(format!("value {v} where the mask holds {id}, in frame {z}; {:?}", recipe.steps));
                }
            }
        }
    }
    Ok(())
}

pub fn a_picture_by_itself_is_refused(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let picture = stack(Extent::new(1, 6, 9), 3, Dtype::U8).swap_remove(0);
    for sample in 0..6 {
        let recipe = pipeline.draw(Frame { size: Size::new(6, 9), channels: 3 }, 0, sample);
        let input = Sample { images: vec![picture.view()], ..Sample::default() };
        match augment::apply(&pipeline, &recipe, &input, &mut Scratch::default()) {
            Ok(_) => return broken(format!("it took a picture; {:?}", recipe.steps)),
            Err(error) if error.to_string().contains("volume= or video=") => {}
            Err(error) => return broken(format!("it says {error}")),
        }
    }
    Ok(())
}

pub fn a_recipe_replays_to_the_same_bytes(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    let frames = stack(Extent::new(8, 11, 14), 3, Dtype::U8);
    for sample in 0..4 {
        let recipe = draw(&pipeline, &frames, sample);
        let read = expect(Recipe::from_json(&recipe.to_json()))?;
        if bits(&run(&pipeline, &recipe, &frames)?) != bits(&run(&pipeline, &read, &frames)?) {
            return broken(recipe.to_json());
        }
    }
    Ok(())
}
