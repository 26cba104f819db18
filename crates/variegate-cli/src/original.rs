//! One source picture: read, decoded to 8 bits, and turned upright in the same plan as everything drawn for it.
//!
//! `augment` and `preview` call it. It decodes once for all copies, keeps grey pictures grey and makes everything else
//! RGB, and never writes.

use std::path::Path;

use variegate::io::{
    Colour, DecodeOptions, DecodeWish, Depth, Format, Limits, Orientation, decode_region, header, read_file,
};
use variegate::ops::geometry::{Flip, QuarterTurn, Transpose};
use variegate::ops::{Drawn, OpSpec};
use variegate::{
    Dtype, Error, Frame, Meaning, Picture, Pipeline, Recipe, Result, Sample, Scratch, Size, Value, augment,
};

/// A decoded source picture, as it is stored.
pub struct Original {
    picture: Picture,
    orientation: Orientation,
    /// Whether the file holds alpha, which is dropped.
    pub drops_alpha: bool,
    /// Whether the file holds more than 8 bits, which are rounded away.
    pub drops_bits: bool,
}

impl Original {
    /// Reads and decodes a file. Errors name the path.
    pub fn read(path: &Path, limits: &Limits) -> Result<Self> {
        let bytes = read_file(path, limits)?;
        Self::decode(&bytes, limits).map_err(|error| error.at(path))
    }

    /// Decodes the bytes of a file.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self> {
        let header = header(bytes, limits)?;
        let grey = header.channels <= 2 && !header.indexed;
        let colour = if grey { Colour::Grey } else { Colour::Rgb };
        let options = DecodeOptions { colour, depth: Depth::Eight, limits: *limits };
        let picture = decode_region(bytes, &header, &options, &DecodeWish::default())?.picture;
        // A GIF always has room for a transparent colour and hardly ever means it.
        let drops_alpha = matches!(header.channels, 2 | 4) && header.format != Format::Gif;
        Ok(Self { picture, orientation: header.orientation, drops_alpha, drops_bits: header.dtype != Dtype::U8 })
    }

    /// Bytes of its pixels.
    pub fn bytes(&self) -> usize {
        self.picture.size().pixels() * self.picture.channels()
    }

    /// Draws what happens to this picture: the upright turn first, then the pipeline's draws for the upright frame.
    pub fn draw(&self, pipeline: &Pipeline, epoch: u64, sample: u64) -> Recipe {
        let stored = self.picture.frame();
        let upright = Frame { size: self.orientation.homography(stored.size).1, ..stored };
        let mut recipe = pipeline.draw(upright, epoch, sample);
        recipe.steps.splice(0..0, turn(self.orientation));
        Recipe { frame: stored, ..recipe }
    }

    /// The same picture, stored upright.
    pub fn turned(self, scratch: &mut Scratch) -> Result<Self> {
        match self.orientation {
            Orientation::Upright => Ok(self),
            _ => Ok(Self { picture: self.upright(scratch)?, orientation: Orientation::Upright, ..self }),
        }
    }

    /// The picture as it is stored.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Applies a recipe that [`Original::draw`] made.
    pub fn apply(&self, pipeline: &Pipeline, recipe: &Recipe, scratch: &mut Scratch) -> Result<Picture> {
        one(&self.picture, pipeline, recipe, scratch)
    }

    /// The upright picture, nothing else done to it.
    pub fn upright(&self, scratch: &mut Scratch) -> Result<Picture> {
        let nothing = Pipeline::builder().build()?;
        self.apply(&nothing, &self.draw(&nothing, 0, 0), scratch)
    }
}

/// Runs a pipeline without randomness over a picture.
pub fn transformed(picture: &Picture, pipeline: &Pipeline, scratch: &mut Scratch) -> Result<Picture> {
    one(picture, pipeline, &pipeline.draw(picture.frame(), 0, 0), scratch)
}

fn one(picture: &Picture, pipeline: &Pipeline, recipe: &Recipe, scratch: &mut Scratch) -> Result<Picture> {
    let sample = Sample { images: vec![picture.view()], ..Sample::default() };
    let augmented = augment::apply(pipeline, recipe, &sample, scratch)?;
    augmented.images.into_iter().next().ok_or_else(|| Error::internal("a picture went in and none came out"))
}

/// The step that turns a stored picture upright; none where it stands already. It moves whole pixels, so a geometry that
/// follows swallows it.
fn turn(orientation: Orientation) -> Option<Drawn> {
    let (spec, value): (&'static OpSpec, Value) = match orientation {
        Orientation::Upright => return None,
        Orientation::Mirrored => (Flip::SPEC, "horizontal".into()),
        Orientation::HalfTurn => (Flip::SPEC, "both".into()),
        Orientation::Flipped => (Flip::SPEC, "vertical".into()),
        Orientation::Transposed => (Transpose::SPEC, "main".into()),
        Orientation::QuarterTurn => (QuarterTurn::SPEC, 3.into()),
        Orientation::Transversed => (Transpose::SPEC, "anti".into()),
        Orientation::CounterTurn => (QuarterTurn::SPEC, 1.into()),
    };
    Some(Drawn::new(spec, vec![value]))
}

/// Whether a pipeline ends in numbers for a network, which no 8-bit file holds.
pub fn is_normalised(pipeline: &Pipeline) -> bool {
    let size = Size::new(64, 64);
    let recipe = pipeline.draw(Frame { size, channels: 3 }, 0, 0);
    pipeline.lower(&recipe, Meaning::Continuous).is_normalised()
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate::picture::{Homography, Point};
    use variegate::plan::Node;

    #[test]
    fn the_upright_turns_are_those_of_the_decoder() {
        let stored = Size::new(20, 30);
        for orientation in Orientation::ALL {
            let (expected, upright) = orientation.homography(stored);
            let Some(step) = turn(orientation) else {
                assert_eq!(expected, Homography::IDENTITY);
                continue;
            };
            assert_eq!(step.values.len(), step.spec.params.len());
            let frame = Frame { size: stored, channels: 3 };
            let recipe =
                Recipe { seed: 0, epoch: 0, sample: 0, frame, attached: Default::default(), steps: vec![step] };
            let nothing = Pipeline::builder().build().unwrap();
            let plan = nothing.lower(&recipe, Meaning::Continuous);
            assert_eq!(plan.output.size, upright, "{orientation:?}");
            let [Node::Warp(warp)] = plan.written.as_slice() else { panic!("{:?}", plan.written) };
            for point in [Point::new(0.5, 0.5), Point::new(7.5, 11.5)] {
                assert_eq!(warp.map.source(point), expected.apply(point), "{orientation:?}");
            }
        }
    }
}
