//! Mode filter: the most frequent value of a square.

use crate::prelude::*;

params! {
    /// Replaces every value by the most frequent one of the square around it.
    ///
    /// Values are told apart by 256 levels. The least of equally frequent ones is taken, a value that is there less than three times
    /// does not count, and the square is cut at the edge: `PIL.ImageFilter.ModeFilter`. Each channel by itself. Pictures look
    /// as if painted with few colours. Masks, boxes and points stay.
    pub struct ModeFilter("mode_filter", "blur", aliases: ["ModeBlur", "MajorityFilter"]) {
        /// Side of the square; an even side counts as the next odd one.
        side_px: i64 = integer(1, 15).usual(3.0, 7.0).neutral(1.0).unit("px");
    }
}

impl Op for ModeFilter {
    fn lower(&self, plan: &mut Builder) {
        if self.side_px > 1 {
            paint(plan, Frequent { half: self.side_px as usize / 2 });
        }
    }
}

#[derive(Debug)]
struct Frequent {
    half: usize,
}

/// The values of a window by levels, and the level that is most frequent.
struct Counts {
    counts: [u8; 256],
    best: usize,
}

impl Counts {
    fn add(&mut self, level: u8) {
        let (level, most) = (usize::from(level), self.counts[self.best]);
        self.counts[level] += 1;
        if self.counts[level] > most || (self.counts[level] == most && level < self.best) {
            self.best = level;
        }
    }

    /// Says whether the most frequent level has to be looked for again.
    fn remove(&mut self, level: u8) -> bool {
        self.counts[usize::from(level)] -= 1;
        usize::from(level) == self.best
    }

    fn look(&mut self) {
        let most = self.counts.iter().fold(0, |most, n| most.max(*n));
        self.best = self.counts.iter().position(|n| *n == most).unwrap_or(0);
    }
}

impl Effect for Frequent {
    fn name(&self) -> &'static str {
        "mode filter"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let Size { height, width } = canvas.size;
        let mut column = Vec::with_capacity(2 * self.half + 1);
        for c in 0..canvas.colours() {
            let plane = canvas.plane(c);
            let levels: Vec<u8> = plane.iter().map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8).collect();
            let mut out = plane;
            for y in 0..height {
                let rows = y.saturating_sub(self.half)..(y + self.half + 1).min(height);
                let mut counts = Counts { counts: [0; 256], best: 0 };
                for x in 0..(width + self.half) {
                    let mut lost = false;
                    if x > 2 * self.half {
                        let old = x - 2 * self.half - 1;
                        rows.clone().for_each(|j| lost |= counts.remove(levels[j * width + old]));
                    }
                    column.clear();
                    if x < width {
                        column.extend(rows.clone().map(|j| levels[j * width + x]));
                    }
                    if lost {
                        column.iter().for_each(|level| counts.counts[usize::from(*level)] += 1);
                        counts.look();
                    } else {
                        column.iter().for_each(|level| counts.add(*level));
                    }
                    if x >= self.half && counts.counts[counts.best] > 2 {
                        let at = y * width + x - self.half;
                        if levels[at] != counts.best as u8 {
                            out[at] = counts.best as f32 / 255.0;
                        }
                    }
                }
            }
            canvas.set_plane(c, &out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(values: &[f32], width: usize) -> Vec<f32> {
        let size = Size::new(values.len() / width, width);
        let mut canvas = Canvas { size, channels: 1, values: values.to_vec() };
        Frequent { half: 1 }.paint(&mut canvas);
        canvas.values
    }

    #[test]
    fn a_speck_takes_the_value_around_it() {
        let mut values = vec![0.2; 25];
        values[12] = 0.8;
        assert!(filtered(&values, 5).iter().all(|v| (v - 0.2).abs() < 1e-6));
    }

    #[test]
    fn the_counts_are_those_of_a_plain_search() {
        let (width, height) = (9, 7);
        let levels: Vec<usize> = (0..width * height).map(|k| (k * k + k / 5) % 5).collect();
        let out = filtered(&levels.iter().map(|v| *v as f32 / 255.0).collect::<Vec<_>>(), width);
        for k in 0..width * height {
            let (x, y) = ((k % width) as i64, (k / width) as i64);
            let mut counts = [0; 5];
            for (j, level) in levels.iter().enumerate() {
                let near = |a: i64, b: i64| (a - b).abs() <= 1;
                counts[*level] += usize::from(near(x, (j % width) as i64) && near(y, (j / width) as i64));
            }
            let most = counts.iter().max().copied().unwrap_or(0);
            let first = counts.iter().position(|n| *n == most).unwrap_or(0);
            let expected = if most > 2 { first } else { levels[k] };
            assert_eq!((out[k] * 255.0).round() as usize, expected, "{x} {y}");
        }
    }
}
