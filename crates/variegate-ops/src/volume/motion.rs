//! Motion: a patient who moves during a scan.

use variegate_plan::{Block, Extent, Gather, Solid};

use crate::axis::{AXES, filter, number};
use crate::prelude::*;
use crate::space::{Affine3, signed, unit};

params! {
    /// Mixes a volume with turned and shifted ones of itself in k-space, as a patient who moves during an MRI scan does.
    ///
    /// The frequencies along `axis` are read one after another; at `count` random moments the volume takes a new place, each angle
    /// within ± `degrees` and each shift within ± `shift`. In the stretch that holds the centre of k-space it lies as it is, so
    /// masks, boxes and points stay. The real part is taken. Source: Shaw et al., "MRI k-space motion artefact
    /// augmentation", MIDL 2019; TorchIO's RandomMotion. Needs a volume or video.
    pub struct Motion("motion", "volume", aliases: ["RandomMotion", "MotionArtifact"]) {
        /// How often it moves.
        count: i64 = integer(0, 16).value(2.0).neutral(0.0);
        /// Greatest angle about each axis.
        degrees: f64 = real(0.0, 180.0).usual(0.0, 10.0).neutral(0.0).unit("degrees");
        /// Greatest shift along each axis, as a fraction of its side.
        shift: f64 = real(0.0, 1.0).usual(0.0, 0.05).neutral(0.0).unit("fraction");
        /// Along which axis k-space is read line by line.
        axis: &'static str = word(&AXES, "vertical");
        /// Moments and places.
        places: FieldKey = key();
    }
}

impl Op for Motion {
    fn lower(&self, plan: &mut Builder) {
        if self.count == 0 || (self.degrees == 0.0 && self.shift == 0.0) {
            return;
        }
        let extent = plan.extent();
        let axis = number(self.axis);
        let count = self.count as usize;
        let mut moments: Vec<f64> = (0..count).map(|k| unit(self.places, k, 6)).collect();
        moments.sort_by(f64::total_cmp);
        let stretch = |moment: f64| moments.iter().filter(|m| **m <= moment).count();
        let n = extent.sides()[axis];
        let shares = shares(n, count + 1, stretch);
        let place = |k: usize| {
            let turn = Affine3::turn([0, 1, 2].map(|a| self.degrees * signed(self.places, k, a as u32)));
            let far = |a: usize| self.shift * extent.sides()[a] as f64 * signed(self.places, k, a as u32 + 3);
            turn.then_inside(Affine3::shift([0, 1, 2].map(far))).centred(extent, extent)
        };
        let still = stretch((n / 2) as f64 / n as f64);
        let moved = shares.into_iter().enumerate().filter(|(k, list)| *k != still && list.iter().any(|s| *s != 0.0));
        let moved: Vec<_> = moved.map(|(k, list)| (gather(place(k)), list)).collect();
        if !moved.is_empty() {
            plan.stack(Moving { axis, moved }, extent);
        }
    }
}

/// The share of each stretch in each frequency. Index k is read at (k + n/2) / n, and frequency and mirrored frequency
/// serve each other's half of the real part.
fn shares(n: usize, stretches: usize, of: impl Fn(f64) -> usize) -> Vec<Vec<f64>> {
    let read = |k: usize| of(((k + n / 2) % n) as f64 / n as f64);
    let mut shares = vec![vec![0.0; n]; stretches];
    for k in 0..n {
        shares[read(k)][k] += 0.5;
        shares[read((n - k) % n)][k] += 0.5;
    }
    shares
}

fn gather(map: Affine3) -> Gather {
    Gather { name: "motion", flow: Box::new(map), linear: true, border: Border::Constant, fill: Channels::All(0.0) }
}

/// Volumes moved, and their share in each frequency along an axis.
#[derive(Debug)]
struct Moving {
    axis: usize,
    moved: Vec<(Gather, Vec<f64>)>,
}

impl Solid for Moving {
    fn name(&self) -> &'static str {
        "motion"
    }

    fn values(&self, block: Block, to: Extent) -> Block {
        let mut sum = block.clone();
        let rest = |k: usize| 1.0 - self.moved.iter().map(|(_, shares)| shares[k]).sum::<f64>();
        let n = to.sides()[self.axis];
        filter(&mut sum, self.axis, &(0..n).map(rest).collect::<Vec<_>>());
        for (gather, shares) in &self.moved {
            let mut moved = gather.values(block.clone(), to);
            filter(&mut moved, self.axis, shares);
            sum.values.iter_mut().zip(moved.values).for_each(|(sum, v)| *sum += v);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn the_shares_of_a_frequency_and_its_mirror_are_equal_and_sum_up_to_one() {
        for n in [1, 2, 7, 8] {
            let list = shares(n, 3, |moment| (moment * 3.0) as usize);
            for k in 0..n {
                assert_eq!(list.iter().map(|stretch| stretch[k]).sum::<f64>(), 1.0);
                assert!(list.iter().all(|stretch| stretch[k] == stretch[(n - k) % n]));
            }
        }
        // Before the centre is read, and for the mirror image after it.
        assert_eq!(shares(4, 2, |moment| usize::from(moment >= 0.5))[0], [0.0, 0.5, 1.0, 0.5]);
    }

    #[test]
    fn the_mean_belongs_to_the_volume_at_rest() {
        let block = numbered(1, 8, 8);
        let values: Vec<f32> = block.values.iter().map(|v| 0.25 + v / 256.0).collect();
        let made = through(Motion::config().degrees(0.0).shift(0.1), Block { values: values.clone(), ..block });
        let mean = |list: &[f32]| list.iter().sum::<f32>() / 64.0;
        // Each column keeps its own mean, so the whole does.
        assert!((mean(&made.values) - mean(&values)).abs() < 1e-5);
        assert_ne!(made.values, values);
    }
}
