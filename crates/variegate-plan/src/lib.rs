//! The intermediate language: a short list of nodes that says what happens to a picture, its fusion passes,
//! its explanation, and its reference interpreter.
//!
//! Operations write it, the engine reads it; it knows neither. It never touches pixels except in
//! [`reference`](mod@reference), the slow and obvious truth.
#![forbid(unsafe_code)]

pub mod attached;
pub mod builder;
pub mod explain;
pub mod gather;
pub mod map;
pub mod node;
pub mod passes;
pub mod plan;
pub mod reference;
pub mod route;
pub mod rules;
pub mod sought;
pub mod stack;
pub mod tone;
pub mod wish;

pub use attached::Attached;
pub use builder::Builder;
pub use gather::{Flow, Gather};
pub use map::{AFAR, Analytic, Field, Map, Piece};
pub use node::{
    Blend, BlendMode, Branch, Branches, Codec, CodecFormat, ColorMatrix, Fill, Hsv, Layer, Lut, Matrix, Measured, Mix,
    Node, Noise, NoiseKind, Opaque, Outline, Region, Second, Selected, Shrink, Stencil, StencilKind, Warp,
};
pub use plan::{Finish, Meaning, Pass, Plan, Section, Source};
pub use reference::{NoServices, Services, partner_of, second_of};
pub use route::{BoxRules, Route, Turning};
pub use sought::Sought;
pub use stack::{Block, Extent, Solid, Stack};
pub use tone::{Histogram, Measure, Tone};
pub use wish::{Part, Wish};
