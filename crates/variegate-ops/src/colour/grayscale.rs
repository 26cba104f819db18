//! Grayscale: the picture without its colour.

use crate::prelude::*;

params! {
    /// Replaces colours by their grey; the channels stay three.
    ///
    /// R, G and B become 0.299 R + 0.587 G + 0.114 B, the luma of ITU-R BT.601, as in Pillow (torchvision and Keras write
    /// 0.2989, which is less than half a level away).
    /// Pictures without colour stay as they are.
    pub struct Grayscale("grayscale", "colour", aliases: [
        "RandomGrayscale", "ToGray", "greyscale", "rgb_to_grayscale", "color_space_conversion"
    ]) {}
}

impl Op for Grayscale {
    fn lower(&self, plan: &mut Builder) {
        if plan.frame().has_colour() {
            let [r, g, b] = LUMA;
            plan.matrix(ColorMatrix { matrix: Matrix::Mix([[r, g, b, 0.0]; 3]), mean: None, clamp: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn all_channels_become_the_luma() {
        assert_eq!(colour(&nodes(Grayscale::config(), (4, 4)), [0.0, 1.0, 0.0]), [0.587; 3]);
    }

    #[test]
    fn grey_is_grey_already() {
        assert!(nodes_of(Grayscale::config(), Frame::new(4, 4, 1)).is_empty());
    }
}
