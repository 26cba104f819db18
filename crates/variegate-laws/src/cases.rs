//! Pictures and pipelines for the laws.

use variegate::loader::Local;
use variegate::ops::param::{Default, Kind};
use variegate::ops::{Drawn, Stage, Step, Value};
use variegate::picture::{Pixels, key};
use variegate::plan::{Codec, Services};
use variegate::{
    Dist, Dtype, Frame, OpSpec, Picture, Pipeline, Recipe, Sample, Scratch, Size, augment, run_to_picture,
};

use crate::Failed;

/// What a law found wrong.
pub fn broken<T>(message: impl Into<String>) -> Result<T, Failed> {
    Err(Failed::from(message.into()))
}

/// Passes an error on as a failure.
pub fn expect<T>(result: variegate::Result<T>) -> Result<T, Failed> {
    result.map_err(|e| Failed::from(e.to_string()))
}

/// A pipeline of one operation at its defaults; what must be given is a size that is neither square nor even.
pub fn pipeline(spec: &'static OpSpec) -> Result<Pipeline, Failed> {
    expect(Pipeline::builder().stage(Stage::Step(step(spec)?)).seed(11).build())
}

/// The operation at its defaults, as a step.
pub fn step(spec: &'static OpSpec) -> Result<Step, Failed> {
    let given = spec
        .params
        .iter()
        .enumerate()
        .filter(|(_, p)| p.default == Default::Required)
        .map(|(k, p)| {
            let value = match p.kind {
                Kind::Size => Value::Numbers(vec![13.0, 18.0]),
                Kind::Function => Value::Text(variegate::ops::functions::IDENTITY.into()),
                Kind::Integer { lo, .. } => Value::Integer(lo),
                _ => Value::Real(p.bounds().0),
            };
            (k, Dist::Constant(value))
        })
        .collect();
    expect(Step::new(spec, given, Dist::from(1.0), None))
}

/// A data set of two pictures, of which an operation that mixes meets the other one.
#[derive(Clone, Copy)]
pub struct Company(pub Dtype);

impl Services for Company {
    fn partner(&self, number: u64, size: Size, channels: usize) -> variegate::Result<Picture> {
        // Upside down, and another picture for each number.
        let flipped = |k: usize| (size.pixels() * channels - 1 - k + number as usize % 5) % (size.pixels() * channels);
        let values: Vec<f64> = values(size, channels);
        Ok(stored(size, channels, self.0, &(0..values.len()).map(|k| values[flipped(k)]).collect::<Vec<_>>()))
    }

    fn recode(&self, codec: &Codec, picture: &Picture, white: f32) -> variegate::Result<Picture> {
        Local.recode(codec, picture, white)
    }
}

/// What a recipe makes of a picture: as users meet it or, where the pipeline mixes, in company.
pub fn run(pipeline: &Pipeline, recipe: &Recipe, image: &Picture) -> Result<Picture, Failed> {
    if pipeline.mixes() {
        let plan = augment::plan(pipeline, recipe, image.channels());
        return expect(run_to_picture(&plan, image.view(), 1.0, &mut Scratch::default(), &Company(image.dtype())));
    }
    let sample = Sample { images: vec![image.view()], ..Sample::default() };
    let out = expect(augment::apply(pipeline, recipe, &sample, &mut Scratch::default()))?;
    out.images.into_iter().next().ok_or_else(|| Failed::from("no picture came out"))
}

/// Whether every number of the operation has a value that changes nothing.
pub fn neutral(spec: &'static OpSpec, frame: Frame) -> Result<Option<Recipe>, Failed> {
    let drawn = expect(Ok(pipeline(spec)?.draw(frame, 0, 0)))?;
    let Some(step) = drawn.steps.first() else { return Ok(None) };
    let mut any = false;
    let values = spec.params.iter().zip(&step.values).map(|(p, v)| match p.neutral {
        Some(n) => {
            any = true;
            p.number(n)
        }
        None => v.clone(),
    });
    let values: Vec<Value> = values.collect();
    Ok(any.then(|| Recipe { steps: vec![Drawn::new(spec, values)], ..drawn.clone() }))
}

/// A smooth picture with some detail and one hard edge, of any size, channels and dtype.
pub fn picture(size: Size, channels: usize, dtype: Dtype) -> Picture {
    stored(size, channels, dtype, &values(size, channels))
}

/// Its values in units of white.
fn values(size: Size, channels: usize) -> Vec<f64> {
    let mut values = Vec::with_capacity(size.pixels() * channels);
    for y in 0..size.height {
        for x in 0..size.width {
            for c in 0..channels {
                let (u, v) = (x as f64 / 11.0 + c as f64, y as f64 / 7.0);
                let wave = 0.5 + 0.3 * libm_sin(u) * libm_sin(v + 0.4 * c as f64);
                let edge = if x * 3 > size.width && x * 3 < 2 * size.width { 0.18 } else { 0.0 };
                values.push(f64::clamp(wave + edge, 0.0, 1.0));
            }
        }
    }
    values
}

/// A picture of values in units of white.
pub fn stored(size: Size, channels: usize, dtype: Dtype, values: &[f64]) -> Picture {
    let pixels = match dtype {
        Dtype::U8 => Pixels::U8(values.iter().map(|v| (v * 255.0).round() as u8).collect()),
        Dtype::U16 => Pixels::U16(values.iter().map(|v| (v * 65535.0).round() as u16).collect()),
        _ => Pixels::F32(values.iter().map(|v| *v as f32).collect()),
    };
    Picture::new(size, channels, pixels).expect("as many values as pixels")
}

fn libm_sin(x: f64) -> f64 {
    x.sin()
}

/// Sizes from one pixel up, never only square.
pub const SIZES: &[(usize, usize)] = &[(1, 1), (1, 7), (5, 1), (2, 3), (3, 2), (7, 5), (16, 33), (41, 29)];

/// Channel counts.
pub const CHANNELS: &[usize] = &[1, 3, 4, 7];

/// Dtypes.
pub const DTYPES: &[Dtype] = &[Dtype::U8, Dtype::U16, Dtype::F32];

/// A uniform number of a test, addressed like any other.
pub fn unit(n: u64) -> f64 {
    key::unit(key::philox4x64([n, 0, 0, 0], [99, 0])[0])
}
