//! Colorize: greys painted with a ramp of colours.

use super::colour_grayscale::Grayscale;
use crate::prelude::*;

params! {
    /// Paints the greys of the picture with a ramp of two or three colours.
    ///
    /// The luma g = 0.299 R + 0.587 G + 0.114 B becomes a colour between `dark` (g = 0) and `light` (g = 1), by way of
    /// `middle` (g = 0.5) where one is given: `PIL.ImageOps.colorize` of the grey picture. Without a dark or light colour one
    /// is drawn, each channel from 0 to 0.4 or from 0.6 to 1. Pictures without colour stay as they are.
    pub struct Colorize("colorize", "colour", aliases: ["Colourize", "colourise", "duotone", "gradient_map"]) {
        /// What black becomes; left out, a dark colour is drawn.
        dark: Option<Channels> = colour(0.0).optional();
        /// What the middle grey becomes; left out, the ramp is straight.
        middle: Option<Channels> = colour(0.0).optional();
        /// What white becomes; left out, a light colour is drawn.
        light: Option<Channels> = colour(0.0).optional();
        /// The dark and the light colour that may be drawn.
        drawn: Vec<f64> = spread(6);
    }
}

impl Op for Colorize {
    fn lower(&self, plan: &mut Builder) {
        if !plan.frame().has_colour() {
            return;
        }
        let drawn = |k: usize| 0.2 * self.drawn.get(k).copied().unwrap_or(0.0);
        let ramp = |c: usize| {
            let dark = self.dark.as_ref().map_or(0.2 + drawn(c), |colour| colour.get(c));
            let light = self.light.as_ref().map_or(0.8 + drawn(3 + c), |colour| colour.get(c));
            let middle = self.middle.as_ref().map(|colour| colour.get(c));
            Tone::Curve([Some(dark), middle, Some(light)].into_iter().flatten().collect())
        };
        Grayscale {}.lower(plan);
        plan.tone(Tone::Each((0..3).map(ramp).collect()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    const BLUE: [f64; 3] = [0.0, 0.0, 0.5];
    const CREAM: [f64; 3] = [1.0, 0.75, 0.5];

    #[test]
    fn the_ends_of_the_ramp_are_the_colours_given() {
        let list = nodes(Colorize::config().dark(BLUE.to_vec()).light(CREAM.to_vec()), (4, 4));
        assert_eq!(colour(&list, [0.0; 3]), BLUE);
        for (v, expected) in colour(&list, [1.0; 3]).into_iter().zip(CREAM) {
            assert!((v - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_middle_colour_stands_in_the_middle() {
        let config = Colorize::config().dark(BLUE.to_vec()).middle(vec![1.0, 0.0, 0.0]).light(CREAM.to_vec());
        for (v, expected) in colour(&nodes(config, (4, 4)), [0.5; 3]).into_iter().zip([1.0, 0.0, 0.0]) {
            assert!((v - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_drawn_ramp_runs_from_dark_to_light() {
        let list = nodes(Colorize::config(), (4, 4));
        assert!(colour(&list, [0.0; 3]).iter().all(|v| *v <= 0.4) && colour(&list, [1.0; 3]).iter().all(|v| *v >= 0.6));
        assert!(nodes_of(Colorize::config(), Frame::new(4, 4, 7)).is_empty());
    }
}
