//! Temperature: the colour of the light.

use crate::prelude::*;

/// The light that changes nothing: daylight.
const DAYLIGHT: f64 = 6500.0;

/// X, Y and Z to linear red, green and blue of sRGB.
const FROM_XYZ: [[f64; 3]; 3] = [
    [3.240_454_2, -1.537_138_5, -0.498_531_4],
    [-0.969_266, 1.876_010_8, 0.041_556],
    [0.055_643_4, -0.204_025_9, 1.057_225_2],
];

params! {
    /// Lights the picture with a glowing body of a temperature.
    ///
    /// Low temperatures are warm (a candle has 1900 K, a bulb 2800 K), high ones cold (a blue sky 10000 K). The colour of the
    /// light comes from the cubic approximation of the Planckian locus by Kang et al. ("Design of Advanced Color Temperature
    /// Control System for HDTV Applications", 2002), at equal luminance; its linear red, green and blue over those at 6500 K,
    /// to the power of 1 / 2.2, multiply the stored values, which then are cut at white. Zini et al., "Planckian jitter", 2022,
    /// do the same with a table that changes colours about one and a half times as much. Pictures without colour stay as they
    /// are.
    pub struct Temperature("temperature", "colour", aliases: [
        "PlanckianJitter", "RandomPlanckianJitter", "ChangeColorTemperature", "color_temperature", "colour_temperature"
    ]) {
        /// Temperature of the body; a pair is drawn by ratio.
        kelvin: f64 = real(1667.0, 25000.0).by_ratio().usual(3500.0, 12000.0).neutral(6500.0).unit("kelvin");
    }
}

impl Op for Temperature {
    fn lower(&self, plan: &mut Builder) {
        if self.kelvin == DAYLIGHT || !plan.frame().has_colour() {
            return;
        }
        let (light, daylight) = (glow(self.kelvin), glow(DAYLIGHT));
        let gain = (0..3).map(|c| libm::pow((light[c] / daylight[c]).max(0.0), 1.0 / 2.2)).collect();
        let matrix = Matrix::Scale { gain: Channels::Each(gain), offset: Channels::All(0.0) };
        plan.matrix(ColorMatrix { matrix, mean: None, clamp: true });
    }
}

/// Linear red, green and blue of a black body, luminance 1.
fn glow(kelvin: f64) -> [f64; 3] {
    let t = 1000.0 / kelvin;
    let cubic = |c: [f64; 4], v: f64| ((c[0] * v + c[1]) * v + c[2]) * v + c[3];
    let x = if kelvin <= 4000.0 {
        cubic([-0.266_123_9, -0.234_358_9, 0.877_695_6, 0.179_91], t)
    } else {
        cubic([-3.025_846_9, 2.107_037_9, 0.222_634_7, 0.240_39], t)
    };
    let y = if kelvin <= 2222.0 {
        cubic([-1.106_381_4, -1.348_110_2, 2.185_558_32, -0.202_196_83], x)
    } else if kelvin <= 4000.0 {
        cubic([-0.954_947_6, -1.374_185_93, 2.091_370_15, -0.167_488_67], x)
    } else {
        cubic([3.081_758, -5.873_386_7, 3.751_129_97, -0.370_014_83], x)
    };
    let xyz = [x / y, 1.0, (1.0 - x - y) / y];
    FROM_XYZ.map(|row| row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn a_bulb_is_orange_and_the_sky_is_blue() {
        let lit = |kelvin: f64| colour(&nodes(Temperature::config().kelvin(kelvin), (4, 4)), [0.5; 3]);
        let ([r, g, b], [sky_r, sky_g, sky_b]) = (lit(2800.0), lit(10000.0));
        assert!(r > g && g > b && b < 0.4, "{r} {g} {b}");
        assert!(sky_r < sky_g && sky_g < sky_b, "{sky_r} {sky_g} {sky_b}");
    }

    #[test]
    fn the_locus_passes_its_known_places() {
        // CIE's illuminant A is a body of 2856 K at x = 0.4476, y = 0.4074: red 1.846 for luminance 1, green 0.826.
        let [r, g, _] = glow(2856.0);
        assert!((r - 1.846).abs() < 0.02 && (g - 0.826).abs() < 0.02, "{r} {g}");
    }

    #[test]
    fn daylight_changes_nothing() {
        assert!(nodes(Temperature::config().kelvin(6500.0), (4, 4)).is_empty());
        assert!(nodes_of(Temperature::config().kelvin(3000.0), Frame::new(4, 4, 1)).is_empty());
    }
}
