//! Overlay: a picture of a bank laid on a place.

use std::sync::Arc;

use crate::prelude::*;

params! {
    /// Lays a picture of a bank on a place of the picture: a sticker, a logo, a watermark.
    ///
    /// All of it is shown, with its alpha where it has one, in a square of `fraction` of the shorter side, in the middle of the square.
    /// out = v + opacity · alpha · (sticker − v). Masks, boxes and points stay.
    pub struct Overlay("overlay", "texture", aliases: ["OverlayImage", "OverlayElements", "OverlayEmoji"]) {
        /// Side of the square, as a share of the shorter side.
        fraction: f64 = real(0.0, 1.0).usual(0.2, 0.5).unit("fraction");
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// How much of it is seen.
        opacity: f64 = real(0.0, 1.0).usual(0.3, 1.0).value(1.0).neutral(0.0).unit("fraction");
        /// Where the pictures come from.
        bank: Arc<str> = bank();
        /// Which picture.
        choice: FieldKey = key();
    }
}

impl Op for Overlay {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let side = (self.fraction * size.shorter() as f64).round() as usize;
        if side > 0 && self.opacity > 0.0 {
            let (left, top) = (placed(self.x, size.width, side), placed(self.y, size.height, side));
            let laid = Laid { left: left as usize, top: top as usize, opacity: self.opacity as f32 };
            let whole = Some(Size::new(side, side));
            paint_with(plan, Other { bank: Some(self.bank.clone()), number: self.choice.0, whole }, laid);
        }
    }
}

#[derive(Debug)]
struct Laid {
    left: usize,
    top: usize,
    opacity: f32,
}

impl Duet for Laid {
    fn name(&self) -> &'static str {
        "overlay"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        let (channels, colours) = (canvas.channels, canvas.colours());
        let shown = other.clone().with_channels(channels);
        let width = other.size.width;
        for y in 0..other.size.height.min(canvas.size.height.saturating_sub(self.top)) {
            let row = &mut canvas.row_mut(self.top + y)[self.left * channels..];
            let pixels = shown.row(y).chunks_exact(channels).zip(other.row(y).chunks_exact(4)).take(width);
            for (to, (from, rgba)) in row.chunks_exact_mut(channels).zip(pixels) {
                let alpha = self.opacity * rgba[3];
                to[..colours].iter_mut().zip(from).for_each(|(v, from)| *v += alpha * (from - *v));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_and_opacity_say_how_much_is_seen_and_the_rest_stays() {
        let mut canvas = Canvas { size: Size::new(2, 3), channels: 3, values: vec![0.2; 18] };
        let other = Canvas { size: Size::new(1, 2), channels: 4, values: vec![1.0, 0.6, 0.2, 1.0, 1.0, 1.0, 1.0, 0.0] };
        Laid { left: 1, top: 1, opacity: 0.5 }.paint(&mut canvas, &other);
        let mut expected = vec![0.2f32; 18];
        expected[12..15].copy_from_slice(&[0.6, 0.4, 0.2]);
        assert!(canvas.values.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6), "{canvas:?}");
    }

    #[test]
    fn without_a_pixel_nothing_is_laid() {
        assert!(crate::testing::nodes(Overlay::config().fraction(0.01), (20, 30)).is_empty());
    }
}
