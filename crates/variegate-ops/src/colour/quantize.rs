//! Quantize: few shades or few colours.

use crate::palette::{Cells, palette};
use crate::prelude::*;

params! {
    /// Reduces the picture to a few shades or colours.
    ///
    /// `uniform`: each channel by itself takes the nearest of `levels` equally spaced values from black to white, so three levels
    /// leave 27 colours. `kmeans`: `levels` colours of the picture's own (Lloyd's k-means, 8 rounds, begun at the most frequent
    /// colour and then ever at the one farthest from those there are, by distance times frequency), on colours told apart by
    /// 5 bits of each channel; pictures without colour have shades of each channel instead. 256 levels change nothing.
    pub struct Quantize("quantize", "colour", aliases: [
        "UniformColorQuantization", "KMeansColorQuantization", "color_quantize", "quantise"
    ]) {
        /// How many shades of each channel, or colours.
        levels: i64 = integer(2, 256).usual(2.0, 16.0).neutral(256.0);
        /// Where the shades or colours lie.
        method: &'static str = word(&["uniform", "kmeans"], "uniform");
    }
}

impl Op for Quantize {
    fn lower(&self, plan: &mut Builder) {
        match (self.levels, self.method) {
            (256.., _) => {}
            (levels, "kmeans") => paint(plan, Clustered { count: levels.max(1) as usize }),
            (levels, _) => plan.tone(Tone::Levels { levels: levels.max(2) as u32 }),
        }
    }
}

#[derive(Debug)]
struct Clustered {
    count: usize,
}

impl Effect for Clustered {
    fn name(&self) -> &'static str {
        "quantize"
    }

    fn paint(&self, canvas: &mut Canvas) {
        if canvas.has_colour() {
            return self.cluster::<3>(canvas, 0, 5);
        }
        (0..canvas.channels).for_each(|c| self.cluster::<1>(canvas, c, 8));
    }
}

impl Clustered {
    /// Gives `N` channels from the `first` one the colours of their palette; cells are told apart by `bits` of each.
    fn cluster<const N: usize>(&self, canvas: &mut Canvas, first: usize, bits: u32) {
        let steps = (1u32 << bits) as f32;
        let channels = canvas.channels;
        let colour = |pixel: &[f32]| -> [f32; N] {
            // What is no number is black.
            std::array::from_fn(|c| Some(pixel[first + c]).filter(|v| *v > 0.0).map_or(0.0, |v| v.min(1.0)))
        };
        let cell = |colour: [f32; N]| {
            colour.iter().fold(0, |cell, v| cell << bits | ((v * steps) as i32 as usize).min(steps as usize - 1))
        };
        let mut cells = Cells::new(1 << (N as u32 * bits));
        let mut places = Vec::with_capacity(canvas.size.pixels());
        for pixel in canvas.values.chunks_exact(channels) {
            let colour = colour(pixel);
            let place = cell(colour);
            cells.add(place, colour);
            places.push(place as u32);
        }
        let colours = palette(&cells, self.count);
        for (pixel, place) in canvas.values.chunks_exact_mut(channels).zip(places) {
            pixel[first..first + N].copy_from_slice(&colours[place as usize]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    fn clustered(count: usize, channels: usize, values: &[f32]) -> Vec<f32> {
        let size = Size::new(1, values.len() / channels);
        let mut canvas = Canvas { size, channels, values: values.to_vec() };
        Clustered { count }.paint(&mut canvas);
        canvas.values
    }

    #[test]
    fn two_levels_are_black_and_white() {
        let list = nodes(Quantize::config().levels(2), (4, 4));
        assert_eq!(colour(&list, [0.2, 0.49, 0.51]), [0.0, 0.0, 1.0]);
        assert!(nodes(Quantize::config().levels(256), (4, 4)).is_empty());
    }

    #[test]
    fn as_many_colours_as_there_are_stay() {
        let values = [0.9, 0.1, 0.2, 0.1, 0.6, 0.9, 0.9, 0.1, 0.2];
        for (out, v) in clustered(2, 3, &values).into_iter().zip(values) {
            assert!((out - v).abs() < 1e-6);
        }
    }

    #[test]
    fn neighbouring_shades_become_their_mean() {
        let out = clustered(2, 1, &[0.1, 0.2, 0.8, 0.9]);
        for (out, v) in out.into_iter().zip([0.15, 0.15, 0.85, 0.85]) {
            assert!((out - v).abs() < 1e-6);
        }
    }
}
