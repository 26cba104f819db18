//! Effects: algorithms on the values of a whole picture, for operations no other node can say.
//!
//! A local histogram, a clustering or a rainstorm is its own definition, so it is written once, in its operation's
//! file, and both the engine and the reference run it; parity with another library, the paper's formula or a closed
//! form stands where a second implementation would. What a gather, a table, a matrix, a stencil, shapes or a layer can
//! say is never an effect, since nothing fuses across one.
//!
//! The numbers of an effect must be the same on every machine: `libm` for transcendental functions, no fused
//! multiply-add, sums in one order, randomness from a `FieldKey` alone.

use std::fmt;
use std::sync::Arc;

use variegate_picture::{Dtype, FieldKey, Picture, Pixels, Size};
use variegate_plan::node::{Opaque, Second};
use variegate_plan::{Builder, Node};

use crate::param::PROCEDURAL;
use crate::procedural;

/// The values of a picture in units of white: rows from the top, channels side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Height and width.
    pub size: Size,
    /// Channels of a pixel.
    pub channels: usize,
    /// The values, between 0 (black) and 1 (white). What an effect leaves beyond is cut.
    pub values: Vec<f32>,
}

impl Canvas {
    /// A canvas of zeros.
    pub fn black(size: Size, channels: usize) -> Self {
        Self { size, channels, values: vec![0.0; size.pixels() * channels] }
    }

    /// How many leading channels are to change: all but the alpha of four.
    pub fn colours(&self) -> usize {
        if self.channels == 4 { 3 } else { self.channels }
    }

    /// Whether the first three channels are red, green and blue.
    pub fn has_colour(&self) -> bool {
        self.channels == 3 || self.channels == 4
    }

    /// The values of a row.
    pub fn row(&self, y: usize) -> &[f32] {
        let row = self.size.width * self.channels;
        &self.values[y * row..(y + 1) * row]
    }

    /// The values of a row, to be changed.
    pub fn row_mut(&mut self, y: usize) -> &mut [f32] {
        let row = self.size.width * self.channels;
        &mut self.values[y * row..(y + 1) * row]
    }

    /// One channel as a plane.
    pub fn plane(&self, channel: usize) -> Vec<f32> {
        self.values.iter().skip(channel).step_by(self.channels).copied().collect()
    }

    /// Puts a plane back into its channel.
    pub fn set_plane(&mut self, channel: usize, plane: &[f32]) {
        for (pixel, v) in self.values.chunks_exact_mut(self.channels).zip(plane) {
            pixel[channel] = *v;
        }
    }

    /// The luma of each pixel (0.299 R + 0.587 G + 0.114 B), or the mean of its channels where there is no colour.
    pub fn luma(&self) -> Vec<f32> {
        let (channels, colour) = (self.channels, self.has_colour());
        let of = |pixel: &[f32]| {
            if colour {
                0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]
            } else {
                pixel.iter().sum::<f32>() / channels as f32
            }
        };
        self.values.chunks_exact(channels).map(of).collect()
    }

    /// Takes the alpha of four channels from another canvas of this size.
    pub fn keep_alpha(&mut self, from: &Canvas) {
        if self.channels == 4 {
            for (pixel, old) in self.values.chunks_exact_mut(4).zip(from.values.chunks_exact(4)) {
                pixel[3] = old[3];
            }
        }
    }

    /// Changes each pixel's colours in place; `f` is told column and row.
    pub fn each_pixel(&mut self, mut f: impl FnMut(usize, usize, &mut [f32])) {
        let (channels, colours, width) = (self.channels, self.colours(), self.size.width);
        for (k, pixel) in self.values.chunks_exact_mut(channels).enumerate() {
            f(k % width, k / width, &mut pixel[..colours]);
        }
    }

    /// Changes each value of the colours by a random word of its own, or by that of its pixel.
    pub fn each_draw(&mut self, key: FieldKey, per_channel: bool, mut f: impl FnMut(f32, u32) -> f32) {
        let (channels, colours) = (self.channels, self.colours());
        if per_channel {
            // Four elements; the alpha of four channels is the last of them.
            let changed = if channels == 4 { 3 } else { 4 };
            for (block, values) in self.values.chunks_mut(4).enumerate() {
                let words = key.words(block as u32, 0);
                values.iter_mut().zip(words).take(changed).for_each(|(v, word)| *v = f(*v, word));
            }
            return;
        }
        for (block, pixels) in self.values.chunks_mut(4 * channels).enumerate() {
            let words = key.words(block as u32, 0);
            for (pixel, word) in pixels.chunks_exact_mut(channels).zip(words) {
                pixel[..colours].iter_mut().for_each(|v| *v = f(*v, word));
            }
        }
    }

    /// The same picture with another count of channels: grey is the luma, and what has no alpha is opaque.
    pub fn with_channels(self, channels: usize) -> Self {
        if self.channels == channels {
            return self;
        }
        let luma = if self.has_colour() && !matches!(channels, 3 | 4) { self.luma() } else { Vec::new() };
        let mut out = Canvas::black(self.size, channels);
        let pixels = out.values.chunks_exact_mut(channels).zip(self.values.chunks_exact(self.channels));
        for (k, (to, from)) in pixels.enumerate() {
            if let Some(grey) = luma.get(k) {
                to.fill(*grey);
                continue;
            }
            for (c, v) in to.iter_mut().enumerate() {
                *v = if c == 3 && channels == 4 { 1.0 } else { from[c.min(self.channels - 1)] };
            }
        }
        out
    }

    fn read(picture: &Picture, white: f32) -> Self {
        let values = match picture.pixels() {
            Pixels::U8(p) => p.iter().map(|v| f32::from(*v) / white).collect(),
            Pixels::U16(p) => p.iter().map(|v| f32::from(*v) / white).collect(),
            Pixels::F32(p) => p.iter().map(|v| *v / white).collect(),
        };
        Self { size: picture.size(), channels: picture.channels(), values }
    }

    fn store(&self, picture: &mut Picture, white: f32) {
        let of = |v: f32| v.clamp(0.0, 1.0) * white;
        // Where ones are the last bit, an addition rounds to them, ties to the even one; the function of that name is a call
        // for each value where there is no SSE4.1.
        const ONES: f32 = 8_388_608.0;
        let whole = |v: f32| (of(v) + ONES - ONES) as i32;
        match picture.pixels_mut() {
            Pixels::U8(p) => p.iter_mut().zip(&self.values).for_each(|(to, v)| *to = whole(*v) as u8),
            Pixels::U16(p) => p.iter_mut().zip(&self.values).for_each(|(to, v)| *to = whole(*v) as u16),
            Pixels::F32(p) => p.iter_mut().zip(&self.values).for_each(|(to, v)| *to = of(*v)),
        }
    }
}

/// An algorithm on a canvas, with its parameters.
pub trait Effect: fmt::Debug + Send + Sync {
    /// Its name in explanations.
    fn name(&self) -> &'static str;

    /// Changes the canvas; size and channels stay, and so does the alpha of four channels.
    fn paint(&self, canvas: &mut Canvas);

    /// How many times larger than a difference of its input one of its output may be; infinite where a hair decides.
    fn spread(&self) -> f64 {
        f64::INFINITY
    }
}

/// Writes an effect into a plan.
pub fn paint(plan: &mut Builder, effect: impl Effect + 'static) {
    let (name, spread) = (effect.name().to_string(), effect.spread());
    let call = Arc::new(move |picture: &mut Picture, _: Option<&Picture>, white: f32| {
        let mut canvas = Canvas::read(picture, white);
        effect.paint(&mut canvas);
        canvas.store(picture, white);
        Ok(())
    });
    plan.push(Node::Opaque(Opaque { name, spread, second: None, call }));
}

/// An algorithm on a canvas that looks at a second one, which shares nothing of the label.
pub trait Duet: fmt::Debug + Send + Sync {
    /// Its name in explanations.
    fn name(&self) -> &'static str;

    /// Changes the canvas; size and channels stay, and so does the alpha of four channels. The other one has its size and
    /// channels; where all of a bank's picture was asked for, red, green, blue and alpha.
    fn paint(&self, canvas: &mut Canvas, other: &Canvas);
}

/// Where the second canvas of a [`Duet`] comes from.
#[derive(Clone, Debug)]
pub struct Other {
    /// A folder, or the word for pictures that are drawn; the data set where there is none.
    pub bank: Option<Arc<str>>,
    /// The number it is chosen by, or drawn from.
    pub number: u64,
    /// The size in which all of a bank's picture is asked for, rather than a part that fills the frame.
    pub whole: Option<Size>,
}

impl Other {
    /// One that fills the frame.
    pub fn filling(bank: &Option<Arc<str>>, number: u64) -> Self {
        Self { bank: bank.clone(), number, whole: None }
    }
}

/// Writes an algorithm on two canvases into a plan.
pub fn paint_with(plan: &mut Builder, other: Other, duet: impl Duet + 'static) {
    let name = duet.name().to_string();
    let Other { bank, number, whole } = other;
    let size = whole.unwrap_or(plan.size());
    let drawn = bank.as_deref() == Some(PROCEDURAL);
    let second = (!drawn).then_some(Second { number, bank, size, whole: whole.is_some() });
    let call = Arc::new(move |picture: &mut Picture, second: Option<&Picture>, white: f32| {
        let mut canvas = Canvas::read(picture, white);
        let other = match second {
            Some(second) if second.dtype() == Dtype::U8 => Canvas::read(second, 255.0),
            Some(second) => Canvas::read(second, white),
            None => procedural::texture(FieldKey(number, 1), size),
        };
        duet.paint(&mut canvas, &other.with_channels(if whole.is_some() { 4 } else { picture.channels() }));
        canvas.store(picture, white);
        Ok(())
    });
    plan.push(Node::Opaque(Opaque { name, spread: f64::INFINITY, second, call }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Halved;

    impl Effect for Halved {
        fn name(&self) -> &'static str {
            "halved"
        }

        fn paint(&self, canvas: &mut Canvas) {
            canvas.each_pixel(|_, _, colours| colours.iter_mut().for_each(|v| *v /= 2.0));
        }
    }

    #[test]
    fn alpha_stays_and_integers_are_rounded() {
        let mut plan = Builder::new(variegate_picture::Frame::new(1, 1, 4));
        paint(&mut plan, Halved);
        let nodes = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let [Node::Opaque(opaque)] = nodes.as_slice() else { panic!("{nodes:?}") };
        let mut picture = Picture::new(Size::new(1, 1), 4, Pixels::U8(vec![200, 101, 3, 77])).expect("a pixel");
        (opaque.call)(&mut picture, None, 255.0).expect("an effect");
        assert_eq!(*picture.pixels(), Pixels::U8(vec![100, 50, 2, 77]));
    }
}
