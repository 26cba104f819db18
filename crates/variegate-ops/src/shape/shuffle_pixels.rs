//! Shuffle pixels: some pixels change places.

use crate::prelude::*;

params! {
    /// Lets a share of the pixels change places with each other.
    ///
    /// Each pixel is chosen with the chance `fraction`; the chosen ones are put in a random order (Fisher and Yates), all colours of a
    /// pixel together. Every value stays in the picture. Masks, boxes and points stay as they are.
    pub struct ShufflePixels("shuffle_pixels", "shape", aliases: ["PixelShuffle", "RandomPixelShuffle"]) {
        /// Share of the pixels that are chosen.
        fraction: f64 = real(0.0, 1.0).usual(0.02, 0.2).neutral(0.0).unit("fraction");
        /// Which pixels, and their order.
        order: FieldKey = key();
    }
}

impl Op for ShufflePixels {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            paint(plan, Shuffled { fraction: self.fraction, order: self.order });
        }
    }
}

#[derive(Debug)]
struct Shuffled {
    fraction: f64,
    order: FieldKey,
}

impl Effect for Shuffled {
    fn name(&self) -> &'static str {
        "shuffle pixels"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let threshold = (self.fraction * 4_294_967_296.0) as u64;
        let (channels, colours) = (canvas.channels, canvas.colours());
        let mut chosen = Vec::new();
        for block in 0..canvas.size.pixels().div_ceil(4) {
            let words = self.order.words(block as u32, 0);
            chosen.extend((0..4).filter(|k| u64::from(words[*k]) < threshold).map(|k| 4 * block + k));
        }
        chosen.retain(|k| *k < canvas.size.pixels());
        let mut words = [0; 4];
        for last in (1..chosen.len()).rev() {
            if last % 4 == 3 || last + 1 == chosen.len() {
                words = self.order.words((last / 4) as u32, 1);
            }
            // The upper half of word · (last + 1).
            let other = ((u64::from(words[last % 4]) * (last as u64 + 1)) >> 32) as usize;
            let (a, b) = (chosen[last] * channels, chosen[other] * channels);
            (0..colours).for_each(|c| canvas.values.swap(a + c, b + c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_stays_somewhere_and_a_share_moves() {
        let mut canvas = Canvas::black(Size::new(100, 100), 2);
        canvas.each_pixel(|x, y, v| v.fill((100 * y + x) as f32));
        Shuffled { fraction: 0.3, order: FieldKey(1, 2) }.paint(&mut canvas);
        let list = canvas.plane(0);
        assert_eq!(list, canvas.plane(1));
        let moved = list.iter().enumerate().filter(|(k, v)| **v != *k as f32).count();
        assert!((2800..3200).contains(&moved), "{moved}");
        let mut sorted = list;
        sorted.sort_by(f32::total_cmp);
        assert!(sorted.iter().enumerate().all(|(k, v)| *v == k as f32));
    }
}
