//! Channel shuffle: red, green and blue in another order.

use crate::prelude::*;

params! {
    /// Puts red, green and blue into a random order.
    ///
    /// Each of the six orders is equally likely, the present one too. Alpha stays, and so do pictures without colour.
    pub struct ChannelShuffle("channel_shuffle", "colour", aliases: [
        "RandomChannelPermutation", "RandomChannelShuffle", "shuffle_channels"
    ]) {
        /// The channel of the least rank becomes red, that of the greatest blue.
        ranks: Vec<f64> = spread(3);
    }
}

impl Op for ChannelShuffle {
    fn lower(&self, plan: &mut Builder) {
        let mut order = [0, 1, 2];
        let rank = |k: usize| self.ranks.get(k).copied().unwrap_or(0.0);
        order.sort_by(|a, b| rank(*a).total_cmp(&rank(*b)));
        reorder(plan, order);
    }
}

/// Writes the matrix after which channel c is what channel `order[c]` was.
pub(crate) fn reorder(plan: &mut Builder, order: [usize; 3]) {
    if plan.frame().has_colour() {
        let rows = order.map(|from| std::array::from_fn(|c| f64::from(u8::from(c == from))));
        plan.matrix(ColorMatrix { matrix: Matrix::Mix(rows), mean: None, clamp: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::colour;

    fn shuffled(ranks: [f64; 3]) -> [f64; 3] {
        let mut plan = Builder::new(Frame::new(4, 4, 3));
        ChannelShuffle { ranks: ranks.to_vec() }.lower(&mut plan);
        colour(&plan.into_plan(variegate_plan::Meaning::Exact).written, [0.1, 0.2, 0.3])
    }

    #[test]
    fn the_least_rank_comes_first() {
        assert_eq!(shuffled([0.5, 0.9, -0.3]), [0.3, 0.1, 0.2]);
        assert_eq!(shuffled([-0.5, 0.0, 0.5]), [0.1, 0.2, 0.3]);
    }
}
