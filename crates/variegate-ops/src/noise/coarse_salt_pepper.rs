//! Coarse salt and pepper: blocks white or black.

use crate::prelude::*;

params! {
    /// Turns square blocks white or black.
    ///
    /// Salt and pepper of a picture with `cell` as its pixels: each block is replaced with the chance `fraction`; a replaced one
    /// is white with the chance `salt`, black otherwise. Masks, boxes and points stay.
    pub struct CoarseSaltPepper("coarse_salt_pepper", "noise", aliases: [
        "CoarseSaltAndPepper", "CoarseSalt", "CoarsePepper"
    ]) {
        /// Share of the blocks that are replaced.
        fraction: f64 = real(0.0, 1.0).usual(0.02, 0.1).neutral(0.0).unit("fraction");
        /// Side of a block, as a fraction of the shorter side; at least one pixel.
        cell: f64 = real(0.0, 1.0).usual(0.02, 0.1).unit("of the shorter side");
        /// Share of white among them.
        salt: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// Whether each channel is replaced by itself.
        per_channel: bool = flag(false);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for CoarseSaltPepper {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            let side = ((self.cell * plan.size().shorter() as f64).round() as usize).max(1);
            let Self { fraction, salt, per_channel, noise, .. } = *self;
            paint(plan, Blocks { side, fraction, salt, per_channel, noise });
        }
    }
}

#[derive(Debug)]
struct Blocks {
    side: usize,
    fraction: f64,
    salt: f64,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Blocks {
    fn name(&self) -> &'static str {
        "coarse salt and pepper"
    }

    fn paint(&self, canvas: &mut Canvas) {
        // One word tells both, as for single pixels.
        let whole = 4_294_967_296.0;
        let (white, any) = ((self.fraction * self.salt * whole) as u64, (self.fraction * whole) as u64);
        let level = |word: u32| match u64::from(word) {
            word if word < white => Some(1.0),
            word if word < any => Some(0.0),
            _ => None,
        };
        let (width, channels, colours) = (canvas.size.width, canvas.channels, canvas.colours());
        let columns = width.div_ceil(self.side);
        let planes = if self.per_channel { colours } else { 1 };
        let mut levels = vec![None; columns * planes];
        for y in 0..canvas.size.height {
            if y % self.side == 0 {
                let first = y / self.side * columns;
                for (k, to) in levels.iter_mut().enumerate() {
                    let cell = first + k / planes;
                    *to = level(self.noise.words((cell / 4) as u32, (k % planes) as u32)[cell % 4]);
                }
            }
            for (x, pixel) in canvas.row_mut(y).chunks_exact_mut(channels).enumerate() {
                let cell = &levels[x / self.side * planes..][..planes];
                for (c, v) in pixel[..colours].iter_mut().enumerate() {
                    *v = cell[c % planes].unwrap_or(*v);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_whole_and_shares_are_kept() {
        let mut canvas = Canvas { size: Size::new(400, 400), channels: 3, values: vec![0.5; 480_000] };
        Blocks { side: 4, fraction: 0.2, salt: 0.25, per_channel: false, noise: FieldKey(1, 9) }.paint(&mut canvas);
        let count = |level: f32| canvas.values.iter().filter(|v| **v == level).count() as f64 / 480_000.0;
        assert!((count(1.0) - 0.05).abs() < 0.012 && (count(0.0) - 0.15).abs() < 0.015, "{}", count(0.0));
        for y in 0..4 {
            assert_eq!(canvas.row(y)[..12], [canvas.values[0]; 12]);
        }
    }
}
