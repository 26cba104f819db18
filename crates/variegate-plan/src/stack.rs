//! Stacks: the slices of a volume or the frames of a clip, seen as one.
//!
//! Operations that look along depth or time hand over a [`Solid`]; the façade cuts a plan where one stands
//! ([`crate::Plan::sections`]), runs the rest over each frame, and the solid over all of them at once. A solid is its own
//! definition, as an effect is. Nothing fuses across one, and a single picture refuses it.

use std::fmt;
use std::sync::Arc;

use variegate_picture::{Dtype, Error, Picture, Pixels, PixelsView, Result, Size, View};

use crate::gather::Gather;

/// Slices or frames, rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    /// Slices of a volume, frames of a clip.
    pub depth: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Extent {
    /// Depth first, as in an array's shape.
    pub const fn new(depth: usize, height: usize, width: usize) -> Self {
        Self { depth, height, width }
    }

    /// Height and width.
    pub fn size(self) -> Size {
        Size::new(self.height, self.width)
    }

    /// Depth, height and width.
    pub fn sides(self) -> [usize; 3] {
        [self.depth, self.height, self.width]
    }

    /// Depth × height × width.
    pub fn voxels(self) -> usize {
        self.depth * self.height * self.width
    }

    /// The shorter side of a frame, the unit of lengths given as fractions.
    pub fn shorter(self) -> usize {
        self.size().shorter()
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} × {}", self.depth, self.height, self.width)
    }
}

/// The values of a stack in units of white: slices, rows, columns, channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Slices, rows and columns.
    pub extent: Extent,
    /// Channels of a voxel.
    pub channels: usize,
    /// The values.
    pub values: Vec<f32>,
}

impl Block {
    /// A block of zeros.
    pub fn black(extent: Extent, channels: usize) -> Self {
        Self { extent, channels, values: vec![0.0; extent.voxels() * channels] }
    }

    /// Reads the frames of a stack, all of one size and type; `white` is the stored value of white.
    pub fn of(frames: &[View<'_>], white: f32) -> Self {
        let size = frames.first().map_or(Size::new(0, 0), View::size);
        let channels = frames.first().map_or(0, View::channels);
        let extent = Extent::new(frames.len(), size.height, size.width);
        let mut values = Vec::with_capacity(extent.voxels() * channels);
        let row = size.width * channels;
        for frame in frames {
            for at in (0..size.height).map(|y| y * frame.stride()) {
                match frame.pixels() {
                    PixelsView::U8(p) => values.extend(p[at..at + row].iter().map(|v| f32::from(*v) / white)),
                    PixelsView::U16(p) => values.extend(p[at..at + row].iter().map(|v| f32::from(*v) / white)),
                    PixelsView::F32(p) => values.extend(p[at..at + row].iter().map(|v| *v / white)),
                }
            }
        }
        Self { extent, channels, values }
    }

    /// Stores each frame: integers are rounded half to even and cut at black and white, floats are kept.
    pub fn to_pictures(&self, dtype: Dtype, white: f32) -> Result<Vec<Picture>> {
        let code = |v: &f32| (v.clamp(0.0, 1.0) * white).round_ties_even();
        let frame = self.extent.size().pixels() * self.channels;
        let stored = |values: &[f32]| {
            let pixels = match dtype {
                Dtype::U8 => Pixels::U8(values.iter().map(|v| code(v) as u8).collect()),
                Dtype::U16 => Pixels::U16(values.iter().map(|v| code(v) as u16).collect()),
                _ => Pixels::F32(values.iter().map(|v| v * white).collect()),
            };
            Picture::new(self.extent.size(), self.channels, pixels)
        };
        self.values.chunks_exact(frame.max(1)).map(stored).collect()
    }
}

/// An algorithm on a whole stack, with its parameters.
pub trait Solid: fmt::Debug + Send + Sync {
    /// Its name in explanations and errors.
    fn name(&self) -> &'static str;

    /// What it makes of a stack; `to` is the extent it promised. What is not a gather keeps extent and channels, and
    /// is cut at black and white.
    fn values(&self, block: Block, to: Extent) -> Block;

    /// Where voxels are read, which masks follow by the nearest; none where values change in their place.
    fn gather(&self) -> Option<&Gather> {
        None
    }

    /// Whether it changes the alpha of four channels too, as what is laid over a picture does.
    fn covers_alpha(&self) -> bool {
        false
    }
}

/// A solid at its place in a plan.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The extent it meets.
    pub from: Extent,
    /// The extent it leaves.
    pub to: Extent,
    /// What it does.
    pub solid: Arc<dyn Solid>,
}

impl Stack {
    /// Whether positions move, so that boxes and points of the frames would have to.
    pub fn moves(&self) -> bool {
        self.solid.gather().is_some()
    }

    /// What it makes of a stack.
    pub fn run(&self, block: Block) -> Block {
        if self.moves() {
            return self.solid.values(block, self.to);
        }
        let has_alpha = block.channels == 4 && !self.solid.covers_alpha();
        let alpha: Vec<f32> =
            if has_alpha { block.values.iter().skip(3).step_by(4).copied().collect() } else { Vec::new() };
        let mut made = self.solid.values(block, self.to);
        made.values.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
        for (voxel, alpha) in made.values.chunks_exact_mut(4).zip(alpha) {
            voxel[3] = alpha;
        }
        made
    }

    /// What a single picture says to it.
    pub fn refusal(&self) -> Error {
        Error::unsupported(format!(
            "{} works on a whole volume or video, not on a picture by itself; hand the slices or frames over in one \
             array, as volume= or video=",
            self.solid.name()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Doubled;

    impl Solid for Doubled {
        fn name(&self) -> &'static str {
            "doubled"
        }

        fn values(&self, mut block: Block, _: Extent) -> Block {
            block.values.iter_mut().for_each(|v| *v *= 2.0);
            block
        }
    }

    #[test]
    fn bytes_come_back_as_they_were() {
        let bytes: Vec<u8> = (0..=255).collect();
        let picture = Picture::new(Size::new(16, 16), 1, Pixels::U8(bytes)).expect("a picture");
        let block = Block::of(&[picture.view(), picture.view()], 255.0);
        assert_eq!(block.to_pictures(Dtype::U8, 255.0).expect("frames"), vec![picture.clone(), picture]);
    }

    #[test]
    fn what_changes_values_leaves_alpha_and_stops_at_white() {
        let extent = Extent::new(1, 1, 1);
        let stack = Stack { from: extent, to: extent, solid: Arc::new(Doubled) };
        let made = stack.run(Block { extent, channels: 4, values: vec![0.1, 0.4, 0.8, 0.3] });
        assert_eq!(made.values, vec![0.2, 0.8, 1.0, 0.3]);
        assert!(stack.refusal().to_string().contains("volume="));
    }
}
