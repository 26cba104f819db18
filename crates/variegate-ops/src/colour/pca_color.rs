//! PCA color: AlexNet's changes of light.

use variegate_picture::key::normal_quantile;

use crate::prelude::*;

/// What fb.resnet.torch publishes as eigenvalues and eigenvectors of ImageNet's colours in units of white; the vectors are
/// columns, the rows red, green and blue.
const VALUES: [f64; 3] = [0.2175, 0.0188, 0.0045];
const VECTORS: [[f64; 3]; 3] = [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]];

params! {
    /// Adds a random colour along the directions in which the colours of photographs vary.
    ///
    /// out = v + Σ σ nₖ λₖ pₖ, cut at black and white, nₖ standard normal, pₖ and λₖ the eigenvectors and eigenvalues of
    /// ImageNet's colours as published with fb.resnet.torch. Source: Krizhevsky, Sutskever and Hinton, "ImageNet
    /// Classification with Deep Convolutional Neural Networks", NeurIPS 2012, where σ is 0.1. Pictures without colour stay as
    /// they are.
    pub struct PcaColor("pca_color", "colour", aliases: ["FancyPCA", "pca_lighting", "Lighting", "pca_colour"]) {
        /// Standard deviation of the three weights.
        sigma: f64 = real(0.0, 10.0).usual(0.05, 0.3).neutral(0.0);
        /// The three weights, before they are made normal.
        weights: Vec<f64> = spread(3);
    }
}

impl Op for PcaColor {
    fn lower(&self, plan: &mut Builder) {
        if self.sigma == 0.0 || !plan.frame().has_colour() {
            return;
        }
        let weight = |k: usize| {
            let share = (self.weights.get(k).copied().unwrap_or(0.0) + 1.0) / 2.0;
            // Nothing is drawn beyond 4.75 σ.
            self.sigma * normal_quantile(share.clamp(1e-6, 1.0 - 1e-6)) * VALUES[k]
        };
        let offset = VECTORS.map(|row| (0..3).map(|k| row[k] * weight(k)).sum::<f64>());
        let matrix = Matrix::Scale { gain: Channels::All(1.0), offset: Channels::Each(offset.to_vec()) };
        plan.matrix(ColorMatrix { matrix, mean: None, clamp: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes_of};

    fn shifted(weights: [f64; 3]) -> [f64; 3] {
        let mut plan = Builder::new(Frame::new(4, 4, 3));
        PcaColor { sigma: 0.1, weights: weights.to_vec() }.lower(&mut plan);
        colour(&plan.into_plan(variegate_plan::Meaning::Exact).written, [0.5; 3]).map(|v| v - 0.5)
    }

    #[test]
    fn the_first_direction_is_nearly_grey() {
        // 0.682690 of a normal distribution lies within one σ.
        let shift = shifted([-0.682_689_5, 0.0, 0.0]);
        for (v, row) in shift.into_iter().zip(VECTORS) {
            assert!((v + 0.1 * 0.2175 * row[0]).abs() < 1e-7, "{shift:?}");
        }
    }

    #[test]
    fn weights_in_the_middle_add_nothing() {
        assert!(shifted([0.0; 3]).iter().all(|v| v.abs() < 1e-12));
        assert!(nodes_of(PcaColor::config(), Frame::new(4, 4, 1)).is_empty());
    }
}
