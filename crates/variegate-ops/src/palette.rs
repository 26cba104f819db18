//! Palettes: the few colours that stand for the many of a picture.
//!
//! Colours are counted in cells first, and cells are what is clustered, so that the cost of a round depends on the variety
//! of colours and not on the pixels. Everything runs in one order, so every machine finds the same palette.

/// Rounds of Lloyd's algorithm.
const ROUNDS: usize = 8;

/// How many pixels lie in each cell of colours, and the sum of their colours.
#[derive(Clone, Debug)]
pub struct Cells<const N: usize>(Vec<(f64, [f64; N])>);

impl<const N: usize> Cells<N> {
    /// Empty cells.
    pub fn new(count: usize) -> Self {
        Self(vec![(0.0, [0.0; N]); count])
    }

    /// Counts a pixel.
    #[inline(always)]
    pub fn add(&mut self, cell: usize, colour: [f32; N]) {
        let (count, sums) = &mut self.0[cell];
        *count += 1.0;
        for (sum, v) in sums.iter_mut().zip(colour) {
            *sum += f64::from(v);
        }
    }
}

/// The cells that hold pixels: a list for each coordinate of their mean colours, so that distances are found in rows.
struct Occupied<const N: usize> {
    places: Vec<usize>,
    counts: Vec<f32>,
    means: [Vec<f32>; N],
}

impl<const N: usize> Occupied<N> {
    fn of(cells: &Cells<N>) -> Self {
        let found = || cells.0.iter().enumerate().filter(|(_, (count, _))| *count > 0.0);
        Self {
            places: found().map(|(place, _)| place).collect(),
            counts: found().map(|(_, (count, _))| *count as f32).collect(),
            means: std::array::from_fn(|c| found().map(|(_, (count, sums))| (sums[c] / count) as f32).collect()),
        }
    }

    fn mean(&self, k: usize) -> [f32; N] {
        std::array::from_fn(|c| self.means[c][k])
    }

    /// Squared distances of all cells from a colour.
    fn distances(&self, colour: &[f32; N], out: &mut [f32]) {
        out.fill(0.0);
        for (means, v) in self.means.iter().zip(colour) {
            for (out, mean) in out.iter_mut().zip(means) {
                *out += (mean - v) * (mean - v);
            }
        }
    }

    /// The nearest colour of each cell.
    fn nearest(&self, colours: &[[f32; N]]) -> Vec<u32> {
        let mut nearest = vec![0u32; self.places.len()];
        let mut least = vec![f32::INFINITY; self.places.len()];
        let mut here = vec![0.0f32; self.places.len()];
        for (k, colour) in (0u32..).zip(colours) {
            self.distances(colour, &mut here);
            for ((nearest, least), here) in nearest.iter_mut().zip(&mut least).zip(&here) {
                *nearest = if here < least { k } else { *nearest };
                *least = if here < least { *here } else { *least };
            }
        }
        nearest
    }

    /// The most frequent colour, and then ever the one with the greatest product of frequency and squared distance from
    /// those there are; no more than there are different ones.
    fn start(&self, count: usize) -> Vec<[f32; N]> {
        let greatest = |weight: &dyn Fn(usize) -> f32| {
            (0..self.places.len()).fold((0, 0.0), |(best, most), k| {
                let here = weight(k);
                if here > most { (k, here) } else { (best, most) }
            })
        };
        let mut least = vec![f32::INFINITY; self.places.len()];
        let mut here = vec![0.0f32; self.places.len()];
        let (mut next, _) = greatest(&|k| self.counts[k]);
        let mut colours = Vec::with_capacity(count);
        while colours.len() < count {
            let colour = self.mean(next);
            colours.push(colour);
            self.distances(&colour, &mut here);
            least.iter_mut().zip(&here).for_each(|(least, here)| *least = least.min(*here));
            let (farthest, product) = greatest(&|k| self.counts[k] * least[k]);
            if product <= 0.0 {
                break;
            }
            next = farthest;
        }
        colours
    }
}

/// The colour that stands for each cell, of `count` at most; black where no pixel is.
pub fn palette<const N: usize>(cells: &Cells<N>, count: usize) -> Vec<[f32; N]> {
    let mut found = vec![[0.0; N]; cells.0.len()];
    let occupied = Occupied::of(cells);
    if occupied.places.is_empty() {
        return found;
    }
    let mut colours = occupied.start(count.max(1));
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0f64, [0.0f64; N]); colours.len()];
        for (place, near) in occupied.places.iter().zip(occupied.nearest(&colours)) {
            let (count, sum) = &cells.0[*place];
            let (counts, sums) = &mut sums[near as usize];
            *counts += count;
            sums.iter_mut().zip(sum).for_each(|(all, one)| *all += one);
        }
        // A colour that is nearest to none stays where it is.
        for (colour, (count, sum)) in colours.iter_mut().zip(&sums).filter(|(_, (count, _))| *count > 0.0) {
            *colour = sum.map(|v| (v / count) as f32);
        }
    }
    for (place, near) in occupied.places.iter().zip(occupied.nearest(&colours)) {
        found[*place] = colours[near as usize];
    }
    found
}
