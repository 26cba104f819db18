//! Statistics of what a pass writes, for the nodes that need them.

use variegate_kernels::measure::{channel_sums, luma_sum};
use variegate_picture::View;
use variegate_plan::{Histogram, Measured, Node};

use crate::program::Ground;
use crate::row::Row;

/// Sums and counts over the pixels seen so far.
#[derive(Debug)]
pub struct Statistics {
    pixels: f64,
    luma: f64,
    sums: Vec<f64>,
    bins: Vec<[u64; 256]>,
    needs: Needs,
    white: f32,
    channels: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Luma,
    Channels,
    Histogram,
}

impl Statistics {
    /// What a measured node needs.
    pub fn of(node: &Node, ground: Ground) -> Self {
        let needs = match node {
            Node::ColorMatrix(m) => match m.mean {
                Some((Measured::EachChannel, _)) => Needs::Channels,
                _ => Needs::Luma,
            },
            _ => Needs::Histogram,
        };
        Self {
            pixels: 0.0,
            luma: 0.0,
            sums: vec![0.0; ground.channels],
            bins: if needs == Needs::Histogram { vec![[0; 256]; ground.channels] } else { Vec::new() },
            needs,
            white: ground.white,
            channels: ground.channels,
        }
    }

    /// Takes in a row of reals as it is stored.
    pub fn add(&mut self, reals: &[f32]) {
        self.pixels += (reals.len() / self.channels) as f64;
        match self.needs {
            Needs::Luma => self.luma += luma_sum(reals, self.channels),
            Needs::Channels => channel_sums(reals, self.channels, &mut self.sums),
            Needs::Histogram => {
                for pixel in reals.chunks_exact(self.channels) {
                    for (bins, v) in self.bins.iter_mut().zip(pixel) {
                        bins[(v / self.white * 255.0).clamp(0.0, 255.0).round() as usize] += 1;
                    }
                }
            }
        }
    }

    /// Takes in a whole picture.
    pub fn add_picture(&mut self, view: &View<'_>, row: &mut Row) {
        row.resize(view.size().width * view.channels(), view.dtype());
        for y in 0..view.size().height {
            row.read(view, y);
            row.make_real();
            self.add(&row.reals);
        }
    }

    /// A mean in stored units.
    pub fn mean(&self, of: Measured, c: usize) -> f64 {
        match of {
            Measured::Luma => self.luma / self.pixels,
            Measured::EachChannel => self.sums[c] / self.pixels,
        }
    }

    /// The counts of each channel.
    pub fn histogram(&self) -> Histogram {
        Histogram(self.bins.clone())
    }
}
