//! Elastic: the picture on jelly.

use crate::mesh::{MOST, bend, displaced, normals};
use crate::prelude::*;

params! {
    /// Displaces the picture by smooth random shifts.
    ///
    /// Both shifts are white noise smoothed by a Gaussian of `sigma` and scaled to the standard deviation `strength` (Simard,
    /// Steinkraus and Platt, "Best practices for convolutional neural networks", 2003). There a strength α multiplies smoothed
    /// uniform noise, which in pixels comes to α / (2 √(3 π) · sigma) here. The noise lives on a grid of half a sigma, between whose nodes
    /// shifts are bilinear.
    pub struct Elastic("elastic", "shape", aliases: [
        "ElasticTransform", "RandomElasticTransform", "ElasticTransformation", "elastic_transform"
    ]) {
        /// Standard deviation of the shifts.
        strength: f64 = real(0.0, 1.0).usual(0.005, 0.02).neutral(0.0).unit("of the shorter side");
        /// How far shifts go together: standard deviation of the Gaussian.
        sigma: f64 = real(0.01, 1.0).usual(0.08, 0.15).unit("of the shorter side");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for Elastic {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let size = plan.size();
        let short = size.width.min(size.height) as f64;
        let sigma = self.sigma * short;
        let count = |length: usize| ((2.0 * length as f64 / sigma).ceil() as usize + 1).clamp(2, MOST);
        let grid = Size::new(count(size.height), count(size.width));
        let wide = |length: usize, n: usize| sigma * (n - 1) as f64 / length as f64;
        let (across, down) = (bell(wide(size.width, grid.width)), bell(wide(size.height, grid.height)));
        let field = |plane: u32| smooth(self.noise, plane, grid, &across, &down, self.strength * short);
        let (x, y) = (field(0), field(1));
        let piece = displaced(size, grid, |j, i, _| (x[i * grid.width + j], y[i * grid.width + j]));
        bend(plan, piece, self.filter, self.border, self.fill.clone());
    }
}

/// The weights of a Gaussian of `sigma` nodes, their squares summing to one: white noise keeps its deviation.
fn bell(sigma: f64) -> Vec<f64> {
    let radius = (3.0 * sigma).ceil().max(1.0) as i64;
    let raw: Vec<f64> = (-radius..=radius).map(|i| libm::exp(-((i * i) as f64) / (2.0 * sigma * sigma))).collect();
    let length = raw.iter().map(|w| w * w).sum::<f64>().sqrt();
    raw.into_iter().map(|w| w / length).collect()
}

/// Normal noise on a grid, smoothed across and down.
fn smooth(key: FieldKey, plane: u32, grid: Size, across: &[f64], down: &[f64], deviation: f64) -> Vec<f64> {
    let (columns, rows) = (grid.width + across.len() - 1, grid.height + down.len() - 1);
    let noise = normals(key, plane, columns * rows);
    let level: Vec<f64> = noise
        .chunks_exact(columns)
        .flat_map(|row| row.windows(across.len()))
        .map(|taps| taps.iter().zip(across).map(|(v, w)| v * w).sum())
        .collect();
    let at = |k: usize| -> f64 { down.iter().enumerate().map(|(i, w)| level[k + i * grid.width] * w).sum() };
    (0..grid.pixels()).map(|k| at(k) * deviation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;
    use variegate_plan::Piece;

    fn shifts(strength: f64, sigma: f64) -> Vec<(f64, f64)> {
        let list = nodes(Elastic::config().strength(strength).sigma(sigma), (300, 400));
        let [Node::Warp(Warp { map: Map::Chain(pieces), .. })] = list.as_slice() else { panic!("{list:?}") };
        let [Piece::Field(field)] = &pieces[..] else { panic!("{pieces:?}") };
        field.shifts.clone()
    }

    #[test]
    fn shifts_deviate_as_asked() {
        // Several hundred independent patches of one sigma: the deviation of 6 pixels shows within a tenth or two.
        let all = shifts(0.02, 0.03);
        let square = all.iter().map(|(x, y)| (x * x + y * y) / 2.0).sum::<f64>() / all.len() as f64;
        assert!((square.sqrt() - 6.0).abs() < 0.6, "{}", square.sqrt());
    }

    #[test]
    fn neighbours_go_together() {
        let all = shifts(0.02, 0.1);
        let apart = all.windows(2).take(20).map(|w| (w[0].0 - w[1].0).abs()).sum::<f64>() / 20.0;
        assert!(apart < 4.0, "{apart}");
        assert!(nodes(Elastic::config().strength(0.0), (30, 40)).is_empty());
    }
}
