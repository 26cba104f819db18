//! Sought: what a mixing shows of another sample, where that depends on what is attached to it.
//!
//! An operation that pastes instances or classes cannot know them when it writes its nodes, so it writes what is sought.
//! Who serves partners looks at their masks and boxes and settles the plan before it runs ([`Plan::settle`]); a plan that
//! nobody settles shows nothing. The choice depends on a key and on what is there, never on an order of work. It reads no
//! files and knows no loader.

use std::sync::Arc;

use variegate_picture::{FieldKey, Size};

use crate::node::{Mix, Node};
use crate::plan::Plan;

/// What is sought of another sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sought {
    /// Each instance with this chance.
    Instances {
        /// Its chance, 0 to 1.
        chance: f64,
        /// Decides by the number of the instance.
        key: FieldKey,
    },
    /// A share of the classes that occur in its mask, rounded up.
    Classes {
        /// Of all that occur, 0 to 1.
        share: f64,
        /// The class that stands for pixels without one, which is never chosen.
        ignore: Option<u32>,
        /// Puts the classes into an order.
        key: FieldKey,
    },
}

impl Sought {
    /// Whether classes are sought, rather than instances.
    pub fn is_of_classes(&self) -> bool {
        matches!(self, Sought::Classes { .. })
    }

    /// Those that are chosen of `found`, which are numbers of instances or classes.
    pub fn chosen(&self, found: &[u32]) -> Vec<u32> {
        match *self {
            Sought::Instances { chance, key } => {
                found.iter().copied().filter(|k| unit(key.words(*k, 0)[0]) < chance).collect()
            }
            Sought::Classes { share, ignore, key } => {
                let mut classes: Vec<u32> = found.iter().copied().filter(|class| Some(*class) != ignore).collect();
                let count = (classes.len() as f64 * share).ceil() as usize;
                classes.sort_by_key(|class| (key.words(*class, 0)[0], *class));
                classes.truncate(count);
                classes
            }
        }
    }
}

fn unit(word: u32) -> f64 {
    f64::from(word) / 4_294_967_296.0
}

impl Mix {
    /// Shows what is sought of another sample, its edges blurred by a Gaussian of `edge_px` pixels. Until that is settled
    /// it shows nothing, and shares nothing of the label.
    pub fn seeking(partner: u64, sought: Sought, edge_px: f64) -> Self {
        Self { weight: 1.0, share: 0.0, sought: Some(sought), edge_px, ..Self::faded(partner, 0.0) }
    }

    fn settle(&mut self, shown: &Arc<[bool]>, size: Size) {
        let count = shown.iter().filter(|shown| **shown).count();
        self.share = count as f64 / shown.len().max(1) as f64;
        self.cover = (self.edge_px > 0.0 && count > 0).then(|| softened(shown, size, self.edge_px));
        self.mask = Some(shown.clone());
    }
}

impl Plan {
    /// Whether anything of other samples is sought.
    pub fn seeks(&self) -> bool {
        self.written.iter().any(|node| matches!(node, Node::Mix(Mix { sought: Some(_), .. })))
    }

    /// Shows another sample where a flag is set; `shown` tells the flags of a frame, row by row, and its size by what is
    /// sought of the partner of a number.
    pub fn settle(&mut self, shown: impl Fn(u64, &Sought) -> Option<(Arc<[bool]>, Size)>) {
        for node in self.written.iter_mut().chain(&mut self.nodes) {
            if let Node::Mix(mix) = node
                && let Some(sought) = mix.sought
                && let Some((flags, size)) = shown(mix.partner, &sought)
            {
                mix.settle(&flags, size);
            }
        }
    }
}

/// Flags as shares, blurred by a Gaussian that is cut at three σ; the edge of the frame is continued.
fn softened(flags: &[bool], size: Size, sigma: f64) -> Arc<[f32]> {
    let half = (3.0 * sigma).ceil() as usize;
    let raw: Vec<f64> =
        (0..=2 * half).map(|k| (k as f64 - half as f64) / sigma).map(|z| libm::exp(-0.5 * z * z)).collect();
    let sum: f64 = raw.iter().sum();
    let weights: Vec<f32> = raw.iter().map(|w| (w / sum) as f32).collect();
    let Size { height, width } = size;
    let mut across = vec![0.0f32; flags.len()];
    for (row, out) in flags.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        // Most rows show nothing.
        if row.contains(&true) {
            for (x, v) in out.iter_mut().enumerate() {
                let at = |k: usize| (x + k).saturating_sub(half).min(width - 1);
                *v = weights.iter().enumerate().map(|(k, w)| if row[at(k)] { *w } else { 0.0 }).sum();
            }
        }
    }
    let mut shares = vec![0.0f32; flags.len()];
    for (y, out) in shares.chunks_exact_mut(width).enumerate() {
        for (k, w) in weights.iter().enumerate() {
            let from = (y + k).saturating_sub(half).min(height - 1) * width;
            out.iter_mut().zip(&across[from..from + width]).for_each(|(v, a)| *v += w * a);
        }
    }
    shares.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Builder;
    use crate::plan::Meaning;
    use variegate_picture::Frame;

    #[test]
    fn half_of_the_classes_rounded_up_and_never_the_ignored_one() {
        for number in 0..50 {
            let sought = Sought::Classes { share: 0.5, ignore: Some(255), key: FieldKey(number, 1) };
            assert_eq!(sought.chosen(&[0, 3, 7, 255]).len(), 2);
            assert!(!sought.chosen(&[4, 255]).contains(&255) && sought.chosen(&[255]).is_empty());
        }
        let first: Vec<u32> = (0..200)
            .map(|n| Sought::Classes { share: 0.1, ignore: None, key: FieldKey(n, 1) }.chosen(&[2, 9])[0])
            .collect();
        let twos = first.iter().filter(|class| **class == 2).count();
        assert!((70..130).contains(&twos), "{twos} of 200");
    }

    #[test]
    fn instances_are_chosen_by_chance() {
        let found: Vec<u32> = (1..=1000).collect();
        let count = |chance| Sought::Instances { chance, key: FieldKey(3, 4) }.chosen(&found).len();
        assert_eq!((count(0.0), count(1.0)), (0, 1000));
        assert!((260..340).contains(&count(0.3)), "{}", count(0.3));
    }

    #[test]
    fn a_settled_plan_shares_the_label_by_what_is_shown() {
        let mut b = Builder::new(Frame::new(1, 4, 3));
        let sought = Sought::Instances { chance: 1.0, key: FieldKey(1, 2) };
        b.push(Node::Mix(Mix::seeking(7, sought, 0.0)));
        let mut plan = b.into_plan(Meaning::Continuous);
        assert!(plan.seeks() && plan.nodes.len() == 1 && plan.mixed() == [(7, 0.0)]);
        plan.settle(|number, _| (number == 7).then(|| (Arc::from([true, false, false, false]), Size::new(1, 4))));
        assert_eq!(plan.mixed(), [(7, 0.25)]);
        for node in plan.nodes.iter().chain(&plan.written) {
            let Node::Mix(mix) = node else { panic!("{node:?}") };
            assert!(mix.mask.is_some() && mix.cover.is_none());
        }
    }

    #[test]
    fn a_soft_edge_is_one_within_and_half_at_the_border() {
        let size = Size::new(21, 40);
        let flags: Vec<bool> = (0..840).map(|k| k % 40 < 20).collect();
        let shares = softened(&flags, size, 2.0);
        assert!((shares[400] - 1.0).abs() < 1e-5 && shares[439].abs() < 1e-5);
        // The border lies between two pixels, which share what is left and right of it.
        assert!((shares[419] + shares[420] - 1.0).abs() < 1e-5 && shares[419] > 0.5 && shares[420] > 0.3);
    }
}
