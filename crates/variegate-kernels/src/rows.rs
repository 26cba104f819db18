//! Weighted sums of rows, and the ring that keeps filtered rows for the next output row.
//!
//! Resizing and separable stencils share it. Sums go in the order of the given rows, whatever the width of the
//! vectors: every element is a chain of its own.

use variegate_picture::Sample;

/// Elements summed at once: the chain of every one of them stays in a register.
const BLOCK: usize = 64;

levels! {
    /// `out[e] = Σ weights[j] · rows[starts[j] + e]`, added in the order of `j` from the first product on. No
    /// weights give zeros.
    pub(crate) fn weighted<T: Sample>(rows: &[T], starts: &[usize], weights: &[f32], out: &mut [f32]) {
        let len = out.len();
        let whole = len - len % BLOCK;
        for at in (0..whole).step_by(BLOCK) {
            let mut sum = [0.0f32; BLOCK];
            for (j, (&start, &weight)) in starts.iter().zip(weights).enumerate() {
                let Some(row) = rows[start + at..].first_chunk::<BLOCK>() else { continue };
                if j == 0 {
                    for e in 0..BLOCK {
                        sum[e] = weight * row[e].load();
                    }
                } else {
                    for e in 0..BLOCK {
                        sum[e] += weight * row[e].load();
                    }
                }
            }
            out[at..at + BLOCK].copy_from_slice(&sum);
        }
        let rest = &mut out[whole..];
        rest.fill(0.0);
        for (j, (&start, &weight)) in starts.iter().zip(weights).enumerate() {
            let row = &rows[start + whole..start + len];
            for (sum, value) in rest.iter_mut().zip(row) {
                let term = weight * value.load();
                *sum = if j == 0 { term } else { *sum + term };
            }
        }
    }

    /// Adds `weight · fill` of its channel to every element.
    pub(crate) fn add_fill(out: &mut [f32], channels: usize, fill: &[f32], weight: f32) {
        for pixel in out.chunks_exact_mut(channels) {
            for (c, value) in pixel.iter_mut().enumerate() {
                *value += weight * crate::channel(fill, c);
            }
        }
    }
}

/// Which filtered row lies where; memory comes from outside and is used again.
#[derive(Debug, Default)]
pub(crate) struct Ring<T = f32> {
    /// The rows, one after another.
    pub rows: Vec<T>,
    held: Vec<usize>,
    len: usize,
}

impl<T: Copy + Default> Ring<T> {
    /// Empties the ring and gives it room for `capacity` rows of `len` elements.
    pub fn reset(&mut self, capacity: usize, len: usize) {
        self.held.clear();
        self.held.resize(capacity, usize::MAX);
        self.rows.resize(capacity * len, T::default());
        self.len = len;
    }

    /// Where the rows `needed` start, after `make` has made those that were not held. They must be no more than
    /// the capacity.
    pub fn ensure(&mut self, needed: &[usize], starts: &mut Vec<usize>, mut make: impl FnMut(usize, &mut [T])) {
        starts.clear();
        for &row in needed {
            // Rows asked for in order lie where their number says, so that the list is seldom searched.
            let usual = row % self.held.len().max(1);
            let lies = |place: &usize| self.held.get(*place) == Some(&row);
            let free = |place: &usize| self.held.get(*place).is_some_and(|held| !needed.contains(held));
            let all = 0..self.held.len();
            let found = Some(usual).filter(lies).or_else(|| all.clone().find(lies));
            let place = found.or_else(|| Some(usual).filter(free)).or_else(|| all.clone().find(free));
            let Some(place) = place else { continue };
            if found.is_none() {
                make(row, &mut self.rows[place * self.len..(place + 1) * self.len]);
                self.held[place] = row;
            }
            starts.push(place * self.len);
        }
    }
}
