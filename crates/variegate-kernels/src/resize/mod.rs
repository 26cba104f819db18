//! Axis-aligned scale and shift with separable filters, antialiased where asked.
//!
//! The engine makes a [`Taps`] for each axis (once for a geometry, they know no pixels), then a [`Resizer`] for a
//! picture, and asks it for output rows. Results are real rows in stored units, neither rounded nor clamped. What a
//! Lanczos kernel overshoots is left for the final write to saturate.

mod curve;
mod horizontal;
mod resizer;
mod taps;
mod whole;

pub use horizontal::horizontal;
pub use resizer::{ResizeScratch, Resizer};
pub use taps::{Run, Taps};
