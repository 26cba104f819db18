//! Pixel dropout: single pixels painted over.

use crate::prelude::*;

params! {
    /// Paints single pixels over, each with the same chance.
    ///
    /// Whether a pixel is painted is drawn from the sample's address and the pixel's place, so it is the same on every
    /// machine. Masks, boxes and points stay.
    pub struct PixelDropout("pixel_dropout", "cover", aliases: ["Dropout", "RandomPixelDropout"]) {
        /// Chance of a pixel.
        fraction: f64 = real(0.0, 1.0).usual(0.005, 0.05).neutral(0.0).unit("fraction");
        /// Whether each channel has its own draw.
        per_channel: bool = flag(false);
        /// Colour, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Which pixels.
        pixels: FieldKey = key();
    }
}

impl Op for PixelDropout {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            paint(plan, self.clone());
        }
    }
}

impl Effect for PixelDropout {
    fn name(&self) -> &'static str {
        "pixel dropout"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let mut numbers = Numbers::new(self.pixels);
        let (channels, colours) = (canvas.channels, canvas.colours());
        let fill: Vec<f32> = (0..colours).map(|c| self.fill.get(c) as f32).collect();
        for pixel in canvas.values.chunks_exact_mut(channels) {
            if self.per_channel {
                for (v, fill) in pixel.iter_mut().zip(&fill) {
                    if numbers.unit() < self.fraction {
                        *v = *fill;
                    }
                }
            } else if numbers.unit() < self.fraction {
                pixel[..colours].copy_from_slice(&fill);
            }
        }
    }

    /// A value stays or is gone.
    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(per_channel: bool) -> Canvas {
        let (fill, pixels) = (Channels::Each(vec![0.25, 0.5, 0.75]), FieldKey(1, 2));
        let mut canvas = Canvas::black(Size::new(100, 200), 3);
        PixelDropout { fraction: 0.1, per_channel, fill, pixels }.paint(&mut canvas);
        canvas
    }

    #[test]
    fn a_tenth_of_the_pixels_is_gone_with_all_their_channels() {
        let canvas = dropped(false);
        let gone = canvas.values.chunks_exact(3).filter(|pixel| **pixel == [0.25, 0.5, 0.75]).count();
        let kept = canvas.values.chunks_exact(3).filter(|pixel| **pixel == [0.0; 3]).count();
        assert_eq!(gone + kept, 20_000);
        assert!((1800..2200).contains(&gone), "{gone}");
    }

    #[test]
    fn channels_of_their_own_go_by_themselves() {
        let canvas = dropped(true);
        let gone = canvas.values.iter().filter(|v| **v != 0.0).count();
        let together = canvas.values.chunks_exact(3).filter(|pixel| pixel.iter().all(|v| *v != 0.0)).count();
        assert!((5600..6400).contains(&gone), "{gone}");
        assert!(together < 60, "{together}");
    }
}
