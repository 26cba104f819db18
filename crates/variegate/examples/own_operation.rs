//! An operation of a Rust program: declared, checked against the laws, used from Rust and from YAML.
//!
//! `cargo run --release -p variegate --example own_operation`

use variegate::ops::prelude::*;
use variegate::ops::registry;
use variegate::picture::Pixels;
use variegate::{Picture, Pipeline, Result, Sample, Scratch, augment};

operation! {
    /// Darkens every second row, as an interlaced screen does.
    ///
    /// Rows 1, 3, 5 … are multiplied by 1 − `depth`. Masks, boxes and points stay.
    pub struct Scanlines("scanlines", "texture", aliases: []) {
        /// How much darker those rows are: 0 not at all, 1 black.
        depth: f64 = real(0.0, 1.0).usual(0.1, 0.6).neutral(0.0).unit("fraction");
    }
}

impl Op for Scanlines {
    // It sees the frame and its drawn parameters, and says what is to happen; pixels come later.
    fn lower(&self, plan: &mut Builder) {
        if self.depth > 0.0 {
            paint(plan, Darkened { factor: 1.0 - self.depth as f32 });
        }
    }
}

/// No node of the plan says "every second row", so the operation brings an algorithm on the picture's values.
#[derive(Debug)]
struct Darkened {
    factor: f32,
}

impl Effect for Darkened {
    fn name(&self) -> &'static str {
        "scanlines"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.each_pixel(|_, row, pixel| {
            if row % 2 == 1 {
                pixel.iter_mut().for_each(|value| *value *= self.factor);
            }
        });
    }

    /// A difference of the input is no greater in the output.
    fn spread(&self) -> f64 {
        1.0
    }
}

fn main() -> Result<()> {
    // Found by name in files and recipes from here on; what is built in Rust does not need it.
    registry::register(Scanlines::SPEC)?;
    let broken = laws_broken();
    println!("{} laws are broken {broken:?}", broken.len());
    println!("rows of a white picture: {:?}", rows()?);
    Ok(())
}

/// The laws that the operation breaks. In a project of your own this stands in a test.
pub fn laws_broken() -> Vec<String> {
    let broken = variegate_laws::check(Scanlines::SPEC);
    broken.into_iter().map(|(law, failed)| format!("{law}: {failed}")).collect()
}

/// The first value of each row of a white picture, as the operation leaves it.
pub fn rows() -> Result<Vec<u8>> {
    registry::register(Scanlines::SPEC)?;
    let rust = Pipeline::builder().then(Scanlines::config().with("depth", 0.4)).build()?;
    let yaml = Pipeline::from_yaml("variegate: 1\npipeline:\n  - scanlines: {depth: 0.4}\n", None)?;
    assert_eq!(rust.fingerprint(), yaml.fingerprint());
    let white = Picture::new(Size::new(4, 2), 1, Pixels::U8(vec![255; 8]))?;
    let sample = Sample { images: vec![white.view()], ..Sample::default() };
    let made = augment::apply(&yaml, &yaml.draw(white.frame(), 0, 0), &sample, &mut Scratch::default())?;
    match made.images[0].pixels() {
        Pixels::U8(values) => Ok(values.iter().step_by(2).copied().collect()),
        _ => Ok(Vec::new()),
    }
}
