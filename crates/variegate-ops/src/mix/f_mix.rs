//! FMix: shapes of low frequencies from another sample.

use crate::prelude::*;

params! {
    /// Shows random blobs of another sample in the same places, and mixes their labels by area.
    ///
    /// A random field whose amplitudes fall as frequency^−decay is cut where a share s of the pixels lies above, s drawn from
    /// Beta(alpha, alpha); there the partner shows, and its label weighs their share. Frequencies end at 16 cycles a side: at
    /// the usual decay the others hold less than a thousandth of the variance. The partner is chosen by key and augmented as
    /// it stands before the mixing; pictures must have one size there. Needs a `Loader` or `Pipeline.batch`. Source: Harris
    /// et al., "FMix: Enhancing mixed sample data augmentation", arXiv 2002.12047.
    pub struct FMix("f_mix", "mix", aliases: ["FourierMix"]) {
        /// Shape of the distribution: near 0 one of the two prevails, 1 makes every share equally likely.
        alpha: f64 = real(0.0, 100.0).usual(0.5, 1.0).value(1.0).neutral(0.0);
        /// How fast amplitudes fall: the larger, the smoother and fewer the blobs.
        decay: f64 = real(0.0, 10.0).usual(2.0, 4.0).value(3.0);
        /// The field.
        field: FieldKey = key();
        /// Where in the distribution the partner's share lies.
        share: Vec<f64> = spread(1);
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for FMix {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let count = (symmetric_beta(self.alpha, &self.share) * size.pixels() as f64).round() as usize;
        if count > 0 {
            let mask = highest(&field(size, self.decay, self.field), count);
            plan.push(Node::Mix(Mix::masked(self.partner, mask)));
        }
    }
}

/// Cycles a side at the most.
const CYCLES: usize = 16;

/// e^(2πi · x / n) for x from 0, as (cosine, sine).
fn turns(n: usize) -> Vec<(f64, f64)> {
    (0..n)
        .map(|x| {
            let angle = std::f64::consts::TAU * x as f64 / n as f64;
            (libm::cos(angle), libm::sin(angle))
        })
        .collect()
}

/// The field at each pixel: the sum over waves (kx, ky) of a normal amplitude · f^−decay, f in cycles a pixel.
fn field(size: Size, decay: f64, key: FieldKey) -> Vec<f32> {
    let Size { height, width } = size;
    let (across, down) = (turns(width), turns(height));
    let most = |n: usize| (n.saturating_sub(1) / 2).min(CYCLES);
    let (mx, my) = (most(width), most(height) as i64);
    let longest = width.max(height) as f64;
    // Of each kx, the waves of all ky: one half of the plane, since the other is its mirror.
    let wave = |kx: usize, ky: i64| {
        let f = libm::hypot(kx as f64 / width as f64, ky as f64 / height as f64) * longest;
        let amplitude = libm::pow(f, -decay);
        // An index that does not depend on the size, so that a picture's size leaves the first waves alone.
        let index = (kx * (2 * CYCLES + 1)) as u32 + (ky + CYCLES as i64) as u32;
        (amplitude * f64::from(key.normal(index, 0)), amplitude * f64::from(key.normal(index, 1)))
    };
    let waves: Vec<Vec<(usize, (f64, f64))>> = (0..=mx)
        .map(|kx| {
            let low = if kx == 0 { 1 } else { -my };
            (low..=my).map(|ky| (ky.rem_euclid(height as i64) as usize, wave(kx, ky))).collect()
        })
        .collect();
    let columns: Vec<Vec<(f32, f32)>> = (0..=mx)
        .map(|kx| (0..width).map(|x| across[x * kx % width]).map(|(c, s)| (c as f32, s as f32)).collect())
        .collect();
    let mut out = vec![0.0f32; size.pixels()];
    for (y, row) in out.chunks_exact_mut(width).enumerate() {
        for (waves, columns) in waves.iter().zip(&columns) {
            let (re, im) = waves.iter().fold((0.0, 0.0), |(re, im), (ky, (a, b))| {
                let (c, s) = down[y * ky % height];
                (re + a * c - b * s, im + a * s + b * c)
            });
            let (re, im) = (re as f32, im as f32);
            for (v, (c, s)) in row.iter_mut().zip(columns) {
                *v += re * c - im * s;
            }
        }
    }
    out
}

/// Where the `count` greatest values are; the first of equal ones.
fn highest(field: &[f32], count: usize) -> Vec<bool> {
    let count = count.min(field.len());
    let mut sorted = field.to_vec();
    let (_, limit, _) = sorted.select_nth_unstable_by(count.saturating_sub(1), |a, b| b.total_cmp(a));
    let limit = *limit;
    let above = |v: &f32| v.total_cmp(&limit).is_gt();
    let mut left = count - field.iter().filter(|v| above(v)).count();
    let shown = |v: &f32| {
        if above(v) {
            return true;
        }
        let equal = left > 0 && v.total_cmp(&limit).is_eq();
        left -= usize::from(equal);
        equal
    };
    field.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_highest_are_as_many_as_asked_for() {
        assert_eq!(highest(&[1.0, 3.0, 2.0, 2.0], 2), [false, true, true, false]);
        assert_eq!(highest(&[5.0; 3], 3), [true; 3]);
    }

    #[test]
    fn the_mask_holds_its_share_in_few_pieces() {
        let list = nodes(FMix::config().alpha(100.0), (64, 96));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        let mask = mix.mask.as_ref().expect("a mask");
        let shown = mask.iter().filter(|shown| **shown).count();
        assert_eq!(mix.share, shown as f64 / 6144.0);
        assert!((0.3..0.7).contains(&mix.share), "{}", mix.share);
        // Along the rows a blob begins and ends; noise would change at every second pixel.
        let changes = mask.chunks(96).map(|row| row.windows(2).filter(|p| p[0] != p[1]).count()).sum::<usize>();
        assert!(changes > 0 && changes < 64 * 10, "{changes}");
    }

    #[test]
    fn one_wave_is_a_cosine() {
        // Three columns hold one wave: its values sum to nothing and its turns are 120° apart.
        let values = field(Size::new(1, 3), 3.0, FieldKey(5, 6));
        assert!(values.iter().sum::<f32>().abs() < 1e-6 && values[0] != values[1]);
        assert_eq!(field(Size::new(1, 1), 3.0, FieldKey(5, 6)), [0.0]);
    }

    #[test]
    fn without_alpha_nothing_is_mixed() {
        assert!(nodes(FMix::config().alpha(0.0), (40, 60)).is_empty());
    }
}
