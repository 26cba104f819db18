//! Shadow: a darker patch with straight sides.

use crate::prelude::*;

params! {
    /// Casts a shadow with straight sides.
    ///
    /// Inside a random convex quadrangle values are multiplied by 1 − strength, with a soft edge. Masks, boxes and points stay.
    pub struct Shadow("shadow", "texture", aliases: ["RandomShadow"]) {
        /// Share of the light that is lost.
        strength: f64 = real(0.0, 1.0).usual(0.3, 0.6).neutral(0.0);
        /// Size of the shadow, of the shorter side.
        extent: f64 = real(0.01, 2.0).usual(0.4, 0.9).unit("of the shorter side");
        /// Width of the soft edge, of the shorter side.
        softness: f64 = real(0.0, 0.5).usual(0.01, 0.05).unit("of the shorter side");
        /// Place and corners.
        corners: Vec<f64> = spread(6);
    }
}

impl Op for Shadow {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let size = plan.size();
            let shorter = size.shorter() as f64;
            let at = |k: usize| self.corners.get(k).copied().unwrap_or(0.0);
            let middle = ((0.5 + 0.5 * at(0)) * size.width as f64, (0.5 + 0.5 * at(1)) * size.height as f64);
            // Half planes whose normals go around, so that what is inside all of them is convex.
            let sides = (0..4).map(|k| {
                let turn = std::f64::consts::FRAC_PI_2 * (k as f64 + 0.35 * at(2 + k));
                let reach = self.extent * shorter * (0.5 + 0.2 * at(5 - k));
                (libm::cos(turn) as f32, libm::sin(turn) as f32, reach as f32)
            });
            let soft = (self.softness * shorter).max(0.5) as f32;
            let middle = (middle.0 as f32, middle.1 as f32);
            paint(plan, Dark { strength: self.strength as f32, soft, middle, sides: sides.collect() });
        }
    }
}

#[derive(Debug)]
struct Dark {
    strength: f32,
    soft: f32,
    middle: (f32, f32),
    sides: Vec<(f32, f32, f32)>,
}

impl Effect for Dark {
    fn name(&self) -> &'static str {
        "shadow"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.each_pixel(|x, y, colours| {
            let (dx, dy) = (x as f32 + 0.5 - self.middle.0, y as f32 + 0.5 - self.middle.1);
            let beyond = self.sides.iter().map(|(nx, ny, reach)| nx * dx + ny * dy - reach).fold(f32::MIN, f32::max);
            let inside = (0.5 - beyond / self.soft).clamp(0.0, 1.0);
            let light = 1.0 - self.strength * inside;
            colours.iter_mut().for_each(|v| *v *= light);
        });
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_darker_and_the_far_corner_is_not() {
        let mut canvas = Canvas::black(Size::new(50, 50), 1);
        canvas.values.iter_mut().for_each(|v| *v = 0.8);
        let sides = vec![(1.0, 0.0, 10.0), (0.0, 1.0, 10.0), (-1.0, 0.0, 10.0), (0.0, -1.0, 10.0)];
        Dark { strength: 0.5, soft: 1.0, middle: (20.0, 20.0), sides }.paint(&mut canvas);
        assert!((canvas.row(20)[20] - 0.4).abs() < 1e-6 && canvas.row(45)[45] == 0.8);
    }
}
