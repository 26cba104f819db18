//! Canny: thin edges.

use crate::prelude::*;

params! {
    /// Draws the picture's thin edges over it.
    ///
    /// Canny, "A Computational Approach to Edge Detection", PAMI 1986: luma is smoothed with a Gaussian; of Sobel's gradients only
    /// those stay that are greatest across the edge; edges start where the gradient is above `high` and go on while it is above
    /// half of that. out = v + strength · (e − v), e being `ink` on an edge and `paper` elsewhere. Masks, boxes and points stay.
    pub struct Canny("canny", "texture", aliases: ["CannyEdges", "RandomCanny"]) {
        /// How much of the drawing, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.3, 1.0).neutral(0.0);
        /// Standard deviation of the smoothing.
        sigma: f64 = real(0.1, 8.0).usual(0.8, 2.0).unit("px");
        /// The gradient from which an edge starts; 1 is a step from black to white.
        high: f64 = real(0.0, 1.0).usual(0.1, 0.3).unit("of white");
        /// Colour of an edge, 0 black to 1 white.
        ink: Channels = colour(1.0);
        /// Colour of the rest, 0 black to 1 white.
        paper: Channels = colour(0.0);
    }
}

impl Op for Canny {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            paint(plan, Lines { op: self.clone() });
        }
    }
}

#[derive(Debug)]
struct Lines {
    op: Canny,
}

impl Lines {
    /// Which pixels lie on an edge.
    fn edges(&self, canvas: &Canvas) -> Vec<bool> {
        let Size { height, width } = canvas.size;
        let luma = Canvas { size: canvas.size, channels: 1, values: canvas.luma() };
        let smooth = Kernel::gaussian(self.op.sigma, true).over(&Kernel::gaussian(self.op.sigma, false).over(&luma));
        let kernel = |weights: [f32; 9]| Kernel { width: 3, height: 3, weights: weights.map(|w| w / 4.0).to_vec() };
        let across = kernel([-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0]).over(&smooth).values;
        let down = kernel([-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0]).over(&smooth).values;
        let steep: Vec<f32> = across.iter().zip(&down).map(|(x, y)| (x * x + y * y).sqrt()).collect();
        let (high, low) = (self.op.high as f32, 0.5 * self.op.high as f32);
        let mut edges = vec![false; steep.len()];
        let mut weak = vec![false; steep.len()];
        let mut starts = Vec::new();
        let at = |x: i64, y: i64| {
            if x < 0 || y < 0 || x >= width as i64 || y >= height as i64 {
                0.0
            } else {
                steep[y as usize * width + x as usize]
            }
        };
        for (k, g) in steep.iter().enumerate().filter(|(_, g)| **g > low) {
            let (gx, gy) = (across[k], down[k]);
            // tan 22.5° parts the four directions.
            let (dx, dy) = if gy.abs() <= 0.414_213_57 * gx.abs() {
                (1, 0)
            } else if gx.abs() <= 0.414_213_57 * gy.abs() {
                (0, 1)
            } else if (gx > 0.0) == (gy > 0.0) {
                (1, 1)
            } else {
                (-1, 1)
            };
            let (x, y) = ((k % width) as i64, (k / width) as i64);
            // Of two equal neighbours one is taken.
            if *g > at(x - dx, y - dy) && *g >= at(x + dx, y + dy) {
                weak[k] = true;
                if *g > high {
                    edges[k] = true;
                    starts.push(k);
                }
            }
        }
        while let Some(k) = starts.pop() {
            let (x, y) = (k % width, k / width);
            for j in y.saturating_sub(1)..(y + 2).min(height) {
                for i in x.saturating_sub(1)..(x + 2).min(width) {
                    let n = j * width + i;
                    if weak[n] && !edges[n] {
                        edges[n] = true;
                        starts.push(n);
                    }
                }
            }
        }
        edges
    }
}

impl Effect for Lines {
    fn name(&self) -> &'static str {
        "canny"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let edges = self.edges(canvas);
        let strength = self.op.strength as f32;
        let colours = |of: &Channels| -> Vec<f32> { (0..canvas.colours()).map(|c| of.get(c) as f32).collect() };
        let (ink, paper, width) = (colours(&self.op.ink), colours(&self.op.paper), canvas.size.width);
        canvas.each_pixel(|x, y, pixel| {
            let to = if edges[y * width + x] { &ink } else { &paper };
            pixel.iter_mut().zip(to).for_each(|(v, to)| *v += strength * (to - *v));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_line() {
        let mut canvas = Canvas::black(Size::new(12, 20), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = if k % 20 < 10 { 0.2 } else { 0.9 });
        let colours = (Channels::All(1.0), Channels::All(0.0));
        let op = Canny { strength: 1.0, sigma: 1.0, high: 0.2, ink: colours.0, paper: colours.1 };
        Lines { op }.paint(&mut canvas);
        for y in 0..12 {
            let row = canvas.row(y);
            assert!(row.iter().sum::<f32>() == 1.0 && row[9] + row[10] == 1.0, "{row:?}");
        }
    }
}
