//! The curve of a filter, looked up.
//!
//! [`super::Taps`] asks for every weight of a geometry; sines would cost more than the pixels. Straight lines (the
//! bilinear filter, the box) are computed, all others lie in a table, 2048 steps to a pixel and linear between them:
//! the steepest kernel here bends so little that a weight errs by less than 5e-7.

use std::sync::OnceLock;
use variegate_picture::Filter;

/// Table steps in a pixel.
const STEPS: usize = 2048;

/// The weights of a filter by distance.
#[derive(Clone, Copy)]
pub(super) struct Curve {
    filter: Filter,
    table: &'static [f32],
}

impl Curve {
    /// The curve of a filter; its table is made at the first use.
    pub(super) fn of(filter: Filter) -> Self {
        static TABLES: [OnceLock<Vec<f32>>; 9] = [const { OnceLock::new() }; 9];
        let table: &[f32] = match filter {
            Filter::Nearest | Filter::Box | Filter::Bilinear => &[],
            _ => TABLES[filter as usize].get_or_init(|| {
                let end = (filter.support() * STEPS as f64) as usize + 1;
                (0..=end).map(|k| filter.weight(k as f64 / STEPS as f64) as f32).collect()
            }),
        };
        Self { filter, table }
    }

    /// The weight at a distance less than the filter's support.
    #[inline(always)]
    pub(super) fn at(&self, distance: f64) -> f64 {
        let distance = distance.abs();
        if self.filter == Filter::Bilinear {
            return if distance < 1.0 { 1.0 - distance } else { 0.0 };
        }
        if self.table.is_empty() {
            return 1.0;
        }
        let position = distance * STEPS as f64;
        let step = position as usize;
        match self.table.get(step..step + 2) {
            Some([a, b]) => f64::from(*a) + f64::from(b - a) * (position - step as f64),
            _ => 0.0,
        }
    }
}
