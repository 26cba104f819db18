//! Morphology: the bright grown or shrunk.

use crate::prelude::*;

params! {
    /// Lets the bright or the dark grow into its neighbourhood.
    ///
    /// Over a square of 2 · `radius_px` + 1 pixels, cut at the edges of the picture and for each channel by itself: `erode`
    /// takes the least value, `dilate` the greatest, `open` erodes and then dilates, `close` the other way round, `gradient` is
    /// dilated less eroded (Serra 1982). On bytes exactly OpenCV's `morphologyEx` with a square of ones.
    pub struct Morphology("morphology", "shape", aliases: [
        "Morphological", "erode", "dilate", "Erosion", "Dilation", "MaxPooling", "MinPooling", "morphologyEx"
    ]) {
        /// How far the square reaches; 0 changes nothing.
        radius_px: i64 = integer(0, 255).usual(1.0, 3.0).neutral(0.0).unit("px");
        /// What is done.
        kind: &'static str = word(&["erode", "dilate", "open", "close", "gradient"], "dilate");
    }
}

/// A kind of morphology at a radius.
#[derive(Debug)]
struct Grown {
    kind: &'static str,
    radius: usize,
}

impl Effect for Grown {
    fn name(&self) -> &'static str {
        "morphology"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let alpha = (canvas.channels == 4).then(|| canvas.plane(3));
        let least = |a: f32, b: f32| if b < a { b } else { a };
        let most = |a: f32, b: f32| if b > a { b } else { a };
        let erode = |canvas: &mut Canvas| extreme(canvas, self.radius, f32::INFINITY, least);
        let dilate = |canvas: &mut Canvas| extreme(canvas, self.radius, f32::NEG_INFINITY, most);
        match self.kind {
            "erode" => erode(canvas),
            "open" => {
                erode(canvas);
                dilate(canvas);
            }
            "close" => {
                dilate(canvas);
                erode(canvas);
            }
            "gradient" => {
                let mut low = canvas.clone();
                erode(&mut low);
                dilate(canvas);
                canvas.values.iter_mut().zip(&low.values).for_each(|(high, low)| *high -= low);
            }
            _ => dilate(canvas),
        }
        if let Some(alpha) = alpha {
            canvas.set_plane(3, &alpha);
        }
    }

    fn spread(&self) -> f64 {
        if self.kind == "gradient" { 2.0 } else { 1.0 }
    }
}

/// The extreme of each square: across, then down. `none` is what any value beats.
fn extreme(canvas: &mut Canvas, radius: usize, none: f32, best: impl Fn(f32, f32) -> f32 + Copy) {
    let (height, width, channels) = (canvas.size.height, canvas.size.width, canvas.channels);
    let row = width * channels;
    // A square wider than the picture sees all of it.
    let (x, y) = (radius.min(width), radius.min(height));
    let (mut line, mut spare) = (Vec::new(), Vec::new());
    for y in 0..height {
        line.clear();
        line.resize(row + 2 * x * channels, none);
        line[x * channels..][..row].copy_from_slice(canvas.row(y));
        windows(&mut line, &mut spare, channels, 2 * x + 1, best);
        canvas.row_mut(y).copy_from_slice(&line[..row]);
    }
    let mut all = vec![none; row * (height + 2 * y)];
    all[y * row..][..row * height].copy_from_slice(&canvas.values);
    windows(&mut all, &mut spare, row, 2 * y + 1, best);
    canvas.values.copy_from_slice(&all[..row * height]);
}

/// Leaves at each place the best of the `length` values that follow each other from there on, `step` apart, as far as
/// there are any.
///
/// By doubling: the best of two windows of n is that of a window of 2 n, and two windows that overlap do for what is left.
/// Running extremes (van Herk) ask fewer questions, but one by one; these loops are of vectors.
fn windows(values: &mut Vec<f32>, spare: &mut Vec<f32>, step: usize, length: usize, best: impl Fn(f32, f32) -> f32) {
    let mut done = 1;
    while done < length {
        let more = done.min(length - done);
        let beyond = values.get(more * step..).unwrap_or_default();
        spare.clear();
        spare.extend(values.iter().zip(beyond).map(|(a, b)| best(*a, *b)));
        let compared = spare.len();
        spare.extend_from_slice(&values[compared..]);
        std::mem::swap(values, spare);
        done += more;
    }
}

impl Op for Morphology {
    fn lower(&self, plan: &mut Builder) {
        if self.radius_px > 0 {
            paint(plan, Grown { kind: self.kind, radius: self.radius_px as usize });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(kind: &'static str, radius: usize, value: f32) -> Vec<f32> {
        let mut canvas = Canvas { size: Size::new(5, 7), channels: 1, values: vec![1.0 - value; 35] };
        canvas.values[2 * 7 + 1] = value;
        Grown { kind, radius }.paint(&mut canvas);
        canvas.values
    }

    #[test]
    fn a_bright_dot_becomes_a_square_cut_at_the_edge() {
        // About (row 2, column 1) with a radius of 2: rows 0 to 4, columns 0 to 3.
        let values = dot("dilate", 2, 1.0);
        assert!((0..35).all(|k| values[k] == f32::from(u8::from(k % 7 <= 3))), "{values:?}");
        assert_eq!(dot("erode", 2, 0.0), values.iter().map(|v| 1.0 - v).collect::<Vec<_>>());
    }

    #[test]
    fn opening_removes_a_bright_dot_and_closing_a_dark_one() {
        assert_eq!(dot("open", 1, 1.0), [0.0; 35]);
        assert_eq!(dot("close", 1, 0.0), [1.0; 35]);
        assert_eq!(dot("close", 1, 1.0)[15], 1.0);
    }

    #[test]
    fn every_length_of_window_is_the_naive_one() {
        let values: Vec<f32> = (0..60).map(|k| ((k * 37) % 61) as f32).collect();
        for length in 1..20 {
            let mut done = values.clone();
            windows(&mut done, &mut Vec::new(), 1, length, |a, b| if b > a { b } else { a });
            for k in 0..60 - length {
                assert_eq!(done[k], values[k..k + length].iter().fold(0.0, |a, b| f32::max(a, *b)), "{length} {k}");
            }
        }
    }
}
