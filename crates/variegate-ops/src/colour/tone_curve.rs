//! Tone curve: shadows and highlights bent by chance.

use crate::curve::curve;
use crate::prelude::*;

params! {
    /// Bends the curve of values at two random control points.
    ///
    /// out = 3 (1 − v)² v · low + 3 (1 − v) v² · high + v³: a cubic Bézier curve from black to white whose control points lie
    /// at a third and two thirds, `low` = 1/3 + strength · a and `high` = 2/3 + strength · b, a and b between −1 and 1 and
    /// both points kept between black and white. Albumentations' RandomToneCurve has the same curve, with points normally
    /// distributed about 0.25 and 0.75.
    pub struct ToneCurve("tone_curve", "colour", aliases: ["RandomToneCurve", "BezierCurve", "s_curve"]) {
        /// How far a control point may move.
        strength: f64 = real(0.0, 1.0).usual(0.1, 0.3).neutral(0.0).unit("of white");
        /// Whether red, green and blue have a curve each.
        per_channel: bool = flag(false);
        /// Where the control points of each channel are moved to.
        points: Vec<f64> = spread(6);
    }
}

impl Op for ToneCurve {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let point =
            |k: usize, third: f64| (third + self.strength * self.points.get(k).copied().unwrap_or(0.0)).clamp(0.0, 1.0);
        let bent = |c: usize| {
            let (low, high) = (point(2 * c, 1.0 / 3.0), point(2 * c + 1, 2.0 / 3.0));
            curve(|v| {
                let u = 1.0 - v;
                3.0 * u * u * v * low + 3.0 * u * v * v * high + v * v * v
            })
        };
        plan.tone(if self.per_channel { Tone::Each((0..3).map(bent).collect()) } else { bent(0) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::colour;

    fn bent(strength: f64, per_channel: bool, points: [f64; 6], rgb: [f64; 3]) -> [f64; 3] {
        let mut plan = Builder::new(Frame::new(4, 4, 3));
        ToneCurve { strength, per_channel, points: points.to_vec() }.lower(&mut plan);
        colour(&plan.into_plan(variegate_plan::Meaning::Exact).written, rgb)
    }

    #[test]
    fn points_that_stay_leave_the_values() {
        for (v, out) in [0.1, 0.5, 0.8].into_iter().zip(bent(0.5, false, [0.0; 6], [0.1, 0.5, 0.8])) {
            assert!((v - out).abs() < 1e-6);
        }
    }

    #[test]
    fn an_s_darkens_the_dark_and_brightens_the_light() {
        let [dark, middle, light] = bent(0.2, false, [-1.0, 1.0, 0.0, 0.0, 0.0, 0.0], [0.25, 0.5, 0.75]);
        assert!(dark < 0.22 && (middle - 0.5).abs() < 1e-6 && light > 0.78);
    }

    #[test]
    fn each_channel_may_have_its_own() {
        let [red, green, blue] = bent(0.2, true, [1.0, 1.0, 0.0, 0.0, -1.0, -1.0], [0.5; 3]);
        // 3/8 of a control point that moves by 0.2, and of the other.
        assert!((red - 0.65).abs() < 1e-6 && (green - 0.5).abs() < 1e-6 && (blue - 0.35).abs() < 1e-6);
    }
}
