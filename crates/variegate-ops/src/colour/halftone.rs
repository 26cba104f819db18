//! Halftone: printed dots.

use crate::prelude::*;

params! {
    /// Prints the picture with dots that grow with the dark.
    ///
    /// The plane is divided into square cells on a grid turned by `degrees`. With A(r) the share of a cell that lies within r of
    /// its centre, a point is inked where A of its distance from the nearest centre is less than the darkness there, so that
    /// an evenly dark area is inked by as much; the rim of a dot is a pixel soft. Darkness is 1 − luma, the ink black; with
    /// `per_channel` each channel has a screen of its own, turned by another 15°, 75° and 0°, as cyan, magenta and yellow are
    /// printed. out = v + strength · (print − v).
    pub struct Halftone("halftone", "colour", aliases: ["Halftoning", "ColorHalftone", "print_dots"]) {
        /// Side of a cell, as a fraction of the shorter side; at least two pixels.
        cell: f64 = real(0.002, 0.5).usual(0.015, 0.04).unit("fraction");
        /// How much of the print, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.6, 1.0).neutral(0.0);
        /// Angle of the grid, counter-clockwise.
        degrees: f64 = real(-3600.0, 3600.0).usual(0.0, 90.0).unit("degrees");
        /// Whether each channel is printed by itself.
        per_channel: bool = flag(false);
    }
}

impl Op for Halftone {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let cell = (self.cell * plan.size().shorter() as f64).max(2.0);
            let Self { strength, degrees, per_channel, .. } = *self;
            paint(plan, Print { cell, strength: strength as f32, degrees, per_channel });
        }
    }
}

#[derive(Debug)]
struct Print {
    /// In pixels.
    cell: f64,
    strength: f32,
    degrees: f64,
    per_channel: bool,
}

/// The angles of cyan, magenta and yellow beyond that of the grid.
const ANGLES: [f64; 3] = [15.0, 75.0, 0.0];

impl Effect for Print {
    fn name(&self) -> &'static str {
        "halftone"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let areas = areas();
        let (channels, colours) = (canvas.channels, canvas.colours());
        if self.per_channel {
            for c in 0..colours {
                let values = canvas.plane(c);
                let print = self.screen(&areas, ANGLES[c % 3], &values, canvas.size);
                for (pixel, v) in canvas.values.chunks_exact_mut(channels).zip(print) {
                    pixel[c] += self.strength * (v - pixel[c]);
                }
            }
        } else {
            let print = self.screen(&areas, 0.0, &canvas.luma(), canvas.size);
            for (pixel, v) in canvas.values.chunks_exact_mut(channels).zip(print) {
                pixel[..colours].iter_mut().for_each(|c| *c += self.strength * (v - *c));
            }
        }
    }
}

impl Print {
    /// Paper without ink, 1, or with it, 0, for one plane of values.
    fn screen(&self, areas: &[f32], angle: f64, values: &[f32], size: Size) -> Vec<f32> {
        let radians = (self.degrees + angle).rem_euclid(360.0).to_radians();
        let (cos, sin) = (libm::cos(radians) / self.cell, libm::sin(radians) / self.cell);
        let (du, dv) = (cos as f32, sin as f32);
        // A rises by about 2 over the side of a cell, so by 1 / steep over a pixel.
        let steep = (self.cell / 2.0) as f32;
        let soft = 0.5 / steep;
        let steps = (areas.len() - 2) as f32;
        let mut print = Vec::with_capacity(values.len());
        for (y, row) in values.chunks_exact(size.width).enumerate() {
            // Turning counter-clockwise, y pointing down: u = x cos − y sin, v = x sin + y cos.
            let y = y as f64 + 0.5;
            let (u, v) = (begun(0.5 * cos - y * sin, cos, size.width), begun(0.5 * sin + y * cos, sin, size.width));
            for (x, value) in row.iter().enumerate() {
                let (u, v) = (u + x as f32 * du, v + x as f32 * dv);
                let (u, v) = (u - (u as i32) as f32 - 0.5, v - (v as i32) as f32 - 0.5);
                let g = 2.0 * (u * u + v * v) * steps;
                let k = (g as i32 as usize).min(areas.len() - 2);
                let area = areas[k] + (areas[k + 1] - areas[k]) * (g - k as f32);
                print.push(1.0 - ((inked(1.0 - value, soft) - area) * steep + 0.5).clamp(0.0, 1.0));
            }
        }
        print
    }
}

/// Where a row begins on an axis of the grid, by whole cells so far along that it never goes below 0.
fn begun(at: f64, step: f64, width: usize) -> f32 {
    (at - at.floor() + (step.min(0.0).abs() * width as f64).ceil()) as f32
}

/// How far the middle of a soft rim lies, by area, so that just `dark` of the cell is inked: near white and near black
/// the rim would leave the cell, so it lies elsewhere than at `dark`.
fn inked(dark: f32, soft: f32) -> f32 {
    if dark < soft {
        2.0 * (soft * dark.max(0.0)).sqrt() - soft
    } else if dark > 1.0 - soft {
        1.0 + soft - 2.0 * (soft * (1.0 - dark).max(0.0)).sqrt()
    } else {
        dark
    }
}

/// The share of a unit square that lies within r of its centre, at equally spaced r² from 0 to 0.5, and once more.
fn areas() -> Vec<f32> {
    let of = |square: f64| {
        let circle = std::f64::consts::PI * square;
        if square <= 0.25 {
            return circle;
        }
        // Four segments lie outside.
        let segment = square * libm::acos(0.5 / square.sqrt()) - 0.5 * (square - 0.25).sqrt();
        circle - 4.0 * segment
    };
    (0..=257).map(|k| of(f64::min(f64::from(k) / 512.0, 0.5)) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(v: f32, per_channel: bool) -> Canvas {
        let mut canvas = Canvas { size: Size::new(60, 60), channels: 3, values: vec![v; 60 * 60 * 3] };
        Print { cell: 10.0, strength: 1.0, degrees: 30.0, per_channel }.paint(&mut canvas);
        canvas
    }

    #[test]
    fn black_is_all_ink_and_white_has_none() {
        for (v, per_channel) in [(0.0, false), (0.0, true), (1.0, false), (1.0, true)] {
            assert!(printed(v, per_channel).values.iter().all(|out| (out - v).abs() < 1e-5));
        }
    }

    #[test]
    fn an_even_grey_is_inked_by_as_much() {
        for v in [0.2, 0.5, 0.8] {
            let canvas = printed(v, false);
            let mean = canvas.values.iter().sum::<f32>() / canvas.values.len() as f32;
            assert!((mean - v).abs() < 0.02, "{v}: {mean}");
            assert!(canvas.values.iter().filter(|out| **out < 0.05 || **out > 0.95).count() > canvas.values.len() / 2);
        }
    }

    #[test]
    fn a_circle_in_a_square_covers_what_circles_cover() {
        let areas = areas();
        assert!((areas[128] - std::f32::consts::FRAC_PI_4).abs() < 1e-6 && (areas[256] - 1.0).abs() < 1e-6);
    }
}
