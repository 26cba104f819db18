//! Pooling: blocks of one value.

use crate::prelude::*;

params! {
    /// Replaces square blocks by their mean, greatest, least or middle value.
    ///
    /// Blocks of `side_px` columns and rows start at the left and at the top; those at the right and at the bottom may be cut. Each
    /// channel by itself; the middle value of an even count is the upper one of the two. The size stays, as with imgaug's
    /// `keep_size`. Masks, boxes and points stay.
    pub struct Pooling("pooling", "resolution", aliases: ["MaxPooling", "MinPooling", "MedianPooling", "BlockPooling"]) {
        /// Side of a block.
        side_px: i64 = integer(1, 512).usual(2.0, 6.0).neutral(1.0).unit("px");
        /// Which value.
        kind: &'static str = word(&["average", "max", "min", "median"], "average");
    }
}

impl Op for Pooling {
    fn lower(&self, plan: &mut Builder) {
        if self.side_px > 1 {
            paint(plan, Blocks { side: self.side_px as usize, kind: self.kind });
        }
    }
}

#[derive(Debug)]
struct Blocks {
    side: usize,
    kind: &'static str,
}

impl Blocks {
    fn pooled(&self, values: &mut [f32]) -> f32 {
        match self.kind {
            "max" => values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            "min" => values.iter().copied().fold(f32::INFINITY, f32::min),
            "median" => {
                let middle = values.len() / 2;
                *values.select_nth_unstable_by(middle, f32::total_cmp).1
            }
            _ => values.iter().sum::<f32>() / values.len() as f32,
        }
    }
}

impl Effect for Blocks {
    fn name(&self) -> &'static str {
        "pooling"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (Size { height, width }, channels) = (canvas.size, canvas.channels);
        let (colours, length) = (canvas.colours(), width * channels);
        let mut block = Vec::new();
        for top in (0..height).step_by(self.side) {
            let rows = top..(top + self.side).min(height);
            for left in (0..width).step_by(self.side) {
                let (first, end) = (left * channels, (left + self.side).min(width) * channels);
                for c in 0..colours {
                    block.clear();
                    for y in rows.clone() {
                        let row = &canvas.values[y * length + first..y * length + end];
                        block.extend(row.iter().skip(c).step_by(channels));
                    }
                    let v = self.pooled(&mut block);
                    for y in rows.clone() {
                        let row = &mut canvas.values[y * length + first..y * length + end];
                        row.iter_mut().skip(c).step_by(channels).for_each(|to| *to = v);
                    }
                }
            }
        }
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pooled(kind: &'static str) -> Vec<f32> {
        let values = vec![0.1, 0.2, 0.9, 0.4, 0.3, 0.5];
        let mut canvas = Canvas { size: Size::new(2, 3), channels: 1, values };
        Blocks { side: 2, kind }.paint(&mut canvas);
        canvas.values
    }

    #[test]
    fn a_block_has_one_value_and_the_last_one_may_be_cut() {
        assert_eq!(pooled("max"), [0.4, 0.4, 0.9, 0.4, 0.4, 0.9]);
        assert_eq!(pooled("min"), [0.1, 0.1, 0.5, 0.1, 0.1, 0.5]);
        assert_eq!(pooled("median"), [0.3, 0.3, 0.9, 0.3, 0.3, 0.9]);
        let mean = pooled("average");
        assert!((mean[0] - 0.25).abs() < 1e-6 && (mean[2] - 0.7).abs() < 1e-6);
    }
}
