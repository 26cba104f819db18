//! What every other room of the house speaks of: pictures, the plane they lie on, the things
//! attached to them, and the random numbers that move them.
//!
//! Everybody may use this crate; it uses nobody. It never decodes, draws parameters or computes pixels.
#![forbid(unsafe_code)]

pub mod boxes;
pub mod channels;
pub mod dtype;
pub mod error;
pub mod filter;
pub mod frame;
pub mod geometry;
pub mod key;
pub mod mask;
pub mod picture;
pub mod points;
pub mod slot;

pub use boxes::{BoxFormat, Boxes};
pub use channels::Channels;
pub use dtype::{Dtype, Sample};
pub use error::{Error, Kind, Result};
pub use filter::{Border, Filter};
pub use frame::{Frame, Size};
pub use geometry::{Homography, Point, Rect};
pub use key::{Address, FieldKey};
pub use mask::{Mask, MaskView};
pub use picture::{Picture, Pixels, PixelsView, View};
pub use points::Points;
pub use slot::{AlignedBytes, Layout, Slot};
