//! Statistics of what a pass writes, for the nodes that need them.

use variegate_kernels::measure::{LUMA, channel_sums, code_sums, histogram8, luma_sum};
use variegate_picture::{PixelsView, View};
use variegate_plan::{Histogram, Measured, Node};

use crate::program::Ground;
use crate::row::{Row, State};

/// Sums and counts over the pixels seen so far.
#[derive(Debug)]
pub struct Statistics {
    pixels: f64,
    luma: f64,
    sums: Vec<f64>,
    bins: Vec<[u32; 256]>,
    /// Sums of the row at hand.
    codes: Vec<u64>,
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
            codes: vec![0; ground.channels],
            needs,
            white: ground.white,
            channels: ground.channels,
        }
    }

    /// Takes in a row as it is stored.
    pub fn add(&mut self, row: &mut Row) {
        if row.state == State::Bytes {
            return self.add_bytes(&row.bytes);
        }
        row.make_real();
        let reals = &row.reals;
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

    /// Takes in a row of bytes: the numbers [`Statistics::add`] finds in its reals.
    fn add_bytes(&mut self, bytes: &[u8]) {
        self.pixels += (bytes.len() / self.channels) as f64;
        if self.needs == Needs::Histogram {
            return histogram8(bytes, self.channels, &mut self.bins);
        }
        self.codes.fill(0);
        code_sums(bytes, self.channels, &mut self.codes);
        match (self.needs, self.codes.as_slice()) {
            (Needs::Luma, [r, g, b] | [r, g, b, _]) => {
                let of = |weight: f64, sum: &u64| weight * *sum as f64;
                self.luma += of(LUMA[0], r) + of(LUMA[1], g) + of(LUMA[2], b);
            }
            (Needs::Luma, codes) => self.luma += codes.iter().sum::<u64>() as f64 / self.channels as f64,
            (_, codes) => {
                for (sum, code) in self.sums.iter_mut().zip(codes) {
                    *sum += *code as f64;
                }
            }
        }
    }

    /// Takes in a whole picture.
    pub fn add_picture(&mut self, view: &View<'_>, row: &mut Row) {
        let len = view.size().width * view.channels();
        if let PixelsView::U8(pixels) = view.pixels() {
            for y in 0..view.size().height {
                self.add_bytes(&pixels[y * view.stride()..][..len]);
            }
            return;
        }
        row.resize(len, view.dtype());
        for y in 0..view.size().height {
            row.read(view, y);
            self.add(row);
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
        Histogram(self.bins.iter().map(|bins| bins.map(u64::from)).collect())
    }
}
