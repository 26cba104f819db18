//! Hue, saturation and value: a constant added to each.

use crate::prelude::*;

params! {
    /// Adds a constant to hue, saturation and value.
    ///
    /// In the hexcone of Smith (1978) H gains `hue` turns and goes round, S and V gain `saturation` and `value` and are kept
    /// between 0 and 1: the *additive* change of Albumentations' HueSaturationValue, which counts H in steps of 2° and S and V
    /// in levels of 255 and rounds all three to bytes in between. `color_jitter` *multiplies* saturation and value instead.
    /// Greys get a colour when saturation is added, red as OpenCV's. Pictures without colour stay as they are.
    pub struct HueSaturationValue("hue_saturation_value", "colour", aliases: [
        "AddToHueAndSaturation", "RandomHSV", "hsv_shift", "hsv"
    ]) {
        /// Turn of the colour circle; one number f means from −f to f.
        hue: f64 = real(-0.5, 0.5).jitter(Jitter::AroundZero).usual(-0.1, 0.1).neutral(0.0).unit("turns");
        /// What is added to the saturation; one number f means from −f to f.
        saturation: f64 = real(-1.0, 1.0).jitter(Jitter::AroundZero).usual(-0.12, 0.12).neutral(0.0);
        /// What is added to the value; one number f means from −f to f.
        value: f64 = real(-1.0, 1.0).jitter(Jitter::AroundZero).usual(-0.08, 0.08).neutral(0.0);
    }
}

impl Op for HueSaturationValue {
    fn lower(&self, plan: &mut Builder) {
        if !plan.frame().has_colour() {
            return;
        }
        if (self.saturation, self.value) == (0.0, 0.0) {
            return plan.push(Node::Hsv(Hsv { hue: self.hue, saturation: 1.0, value: 1.0 }));
        }
        paint(
            plan,
            Added { sixths: 6.0 * self.hue as f32, saturation: self.saturation as f32, value: self.value as f32 },
        );
    }
}

#[derive(Debug)]
struct Added {
    sixths: f32,
    saturation: f32,
    value: f32,
}

impl Effect for Added {
    fn name(&self) -> &'static str {
        "hue_saturation_value"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.each_pixel(|_, _, colours| {
            let [r, g, b] = [colours[0], colours[1], colours[2]].map(|v| v.clamp(0.0, 1.0));
            let most = r.max(g).max(b);
            let chroma = most - r.min(g).min(b);
            let part = |a: f32, b: f32| if chroma > 0.0 { (a - b) / chroma } else { 0.0 };
            let hue = if most == r {
                part(g, b)
            } else if most == g {
                part(b, r) + 2.0
            } else {
                part(r, g) + 4.0
            };
            // From −1 to 5, and turned by three sixths at most.
            let hue = within_a_turn(hue + self.sixths);
            let saturation = if most > 0.0 { chroma / most } else { 0.0 };
            let saturation = (saturation + self.saturation).clamp(0.0, 1.0);
            let value = (most + self.value).clamp(0.0, 1.0);
            // Each channel falls from V to V (1 − S) where the hue is far from its own.
            for (v, own) in colours.iter_mut().zip([5.0, 3.0, 1.0]) {
                let k = within_a_turn(own + hue);
                *v = value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0);
            }
        });
    }
}

/// A hue in sixths, less than a turn away from 0…6, brought there.
fn within_a_turn(hue: f32) -> f32 {
    if hue < 0.0 {
        hue + 6.0
    } else if hue >= 6.0 {
        hue - 6.0
    } else {
        hue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn changed(hue: f32, saturation: f32, value: f32, rgb: [f32; 3]) -> Vec<f32> {
        let mut canvas = Canvas { size: Size::new(1, 1), channels: 3, values: rgb.to_vec() };
        Added { sixths: 6.0 * hue, saturation, value }.paint(&mut canvas);
        canvas.values
    }

    #[test]
    fn a_third_of_a_turn_makes_red_green() {
        assert_eq!(changed(1.0 / 3.0, 0.0, 0.0, [1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]);
        assert_eq!(changed(-0.5, 0.0, 0.0, [1.0, 0.0, 0.0]), [0.0, 1.0, 1.0]);
    }

    #[test]
    fn saturation_and_value_are_added() {
        // Value 0.5 and saturation 0.5 become 0.75 and 0.75.
        assert_eq!(changed(0.0, 0.25, 0.25, [0.5, 0.25, 0.25]), [0.75, 0.1875, 0.1875]);
        assert_eq!(changed(0.0, -1.0, 0.0, [0.5, 0.25, 0.25]), [0.5; 3]);
    }

    #[test]
    fn a_hue_alone_is_the_node_that_fuses() {
        let list = nodes(HueSaturationValue::config().hue(0.2..=0.2).saturation(0.0..=0.0).value(0.0..=0.0), (4, 4));
        assert!(matches!(list.as_slice(), [Node::Hsv(_)]), "{list:?}");
    }
}
