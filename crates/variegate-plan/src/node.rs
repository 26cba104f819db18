//! The nodes of the language.
//!
//! Values are in units of white (0 black, 1 white), lengths in pixels of the frame at that point. In a picture of
//! four channels the fourth is alpha, which colour nodes leave alone.

use std::fmt;
use std::sync::Arc;

use variegate_picture::{Border, Channels, FieldKey, Filter, Homography, Picture, Point, Rect, Result, Size};

use crate::map::Map;
use crate::sought::Sought;
use crate::stack::Stack;
use crate::tone::Tone;

/// One step of a plan.
#[derive(Clone, Debug)]
pub enum Node {
    /// Reads every output pixel from somewhere in the input.
    Warp(Warp),
    /// Maps values one by one.
    Lut(Lut),
    /// Mixes the channels of a pixel.
    ColorMatrix(ColorMatrix),
    /// Turns hue and scales saturation and value.
    Hsv(Hsv),
    /// Combines a neighbourhood.
    Stencil(Stencil),
    /// Adds or multiplies a random field.
    Noise(Noise),
    /// Fills shapes.
    Region(Region),
    /// Lays a second picture over the first.
    Blend(Blend),
    /// Combines the sample with another one.
    Mix(Mix),
    /// A weighted sum of what several lists of nodes make of the picture.
    Branches(Branches),
    /// What a list of nodes makes of some channels alone.
    Selected(Selected),
    /// A real encode and decode.
    Codec(Codec),
    /// An algorithm nobody can look into.
    Opaque(Opaque),
    /// An algorithm on all slices of a volume or frames of a clip at once.
    Stack(Stack),
}

/// A resampling of the plane.
#[derive(Clone, Debug)]
pub struct Warp {
    /// From output positions to input positions.
    pub map: Map,
    /// The input's size.
    pub from: Size,
    /// The output's size.
    pub to: Size,
    /// The part of the input that may be seen; beyond it the border speaks. Whole pixels.
    pub window: Rect,
    /// How to read between pixels.
    pub filter: Filter,
    /// Whether a shrinking widens the kernel.
    pub antialias: bool,
    /// What lies beyond the window.
    pub border: Border,
    /// The colour of a constant border, in units of white.
    pub fill: Channels,
    /// Whether content outside the output canvas is gone for good (a crop), rather than out of sight (a turn).
    pub hides: bool,
    /// Whether it must stay a step of its own.
    pub sealed: bool,
    /// What is shrunk on the way, antialiased, where the gather alone would skip pixels.
    pub shrink: Option<Shrink>,
}

/// An upright shrink on the way of a gather.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrink {
    /// The rows and columns it leaves.
    pub size: Size,
    /// The part of the input that they stand for: the window, or those of its cells that a part of the picture serves.
    pub over: Rect,
}

impl Warp {
    /// A bilinear, antialiased warp that shows black beyond the edge.
    pub fn new(map: Homography, from: Size, to: Size) -> Self {
        Self {
            map: Map::Homography(map),
            from,
            to,
            window: Rect::of(from),
            filter: Filter::Bilinear,
            antialias: true,
            border: Border::Constant,
            fill: Channels::All(0.0),
            hides: false,
            sealed: false,
            shrink: None,
        }
    }

    /// The upright shrink on the way and the gather after it, where there is a shrink.
    pub fn split(&self) -> Option<(Warp, Warp)> {
        let Shrink { size: small, over: w } = self.shrink?;
        let (sx, sy) = ((w.x1 - w.x0) / small.width as f64, (w.y1 - w.y0) / small.height as f64);
        let to_source = Homography::translate(w.x0, w.y0).then_inside(Homography::scale(sx, sy));
        let from_source = to_source.inverse()?;
        let first = Warp { map: Map::Homography(to_source), to: small, hides: true, shrink: None, ..self.clone() };
        let map = Map::Homography(from_source).after(&self.map);
        let second = Warp { map, from: small, window: Rect::of(small), shrink: None, ..self.clone() };
        Some((first, second))
    }

    /// The same warp with another filter.
    pub fn filter(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }

    /// The same warp with another border and fill.
    pub fn border(self, border: Border, fill: Channels) -> Self {
        Self { border, fill, ..self }
    }

    /// The same warp as a crop: what it cuts off stays cut off.
    pub fn hiding(self) -> Self {
        Self { hides: true, ..self }
    }

    /// Whether it moves whole pixels and mixes none.
    pub fn is_permutation(&self) -> bool {
        self.map.homography().is_some_and(Homography::is_permutation)
    }

    /// Whether it does nothing at all.
    pub fn is_identity(&self) -> bool {
        self.from == self.to
            && self.window == Rect::of(self.from)
            && self.map.homography().is_some_and(|h| *h == Homography::IDENTITY)
    }

    /// The upright rectangle of the input under the output canvas; none for a chain of maps, or with a horizon across
    /// the canvas.
    pub fn seen(&self) -> Option<Rect> {
        let h = self.map.homography()?;
        let corners = Rect::of(self.to).corners();
        // A horizon across the canvas sends corners through infinity: the denominators must share a sign.
        let proper = corners.iter().all(|p| h.0[2][0] * p.x + h.0[2][1] * p.y + h.0[2][2] > 0.0);
        Rect::around(corners.map(|p| h.apply(p))).filter(|_| proper)
    }

    /// Whether the whole output canvas lies inside the window, so that the border never shows.
    pub fn covers(&self) -> bool {
        self.seen().is_some_and(|seen| seen.within(self.window, 1e-7))
    }

    /// Source pixels under one output pixel, across and down: at the middle of the canvas, and under a curved map the
    /// least over nine places, so that what is said to shrink shrinks everywhere.
    pub fn footprint(&self) -> (f64, f64) {
        let at = |x: f64, y: f64| Point::new(self.to.width as f64 * x, self.to.height as f64 * y);
        let lengths = |j: [[f64; 2]; 2]| (libm::hypot(j[0][0], j[0][1]), libm::hypot(j[1][0], j[1][1]));
        match &self.map {
            Map::Homography(h) => lengths(h.jacobian(at(0.5, 0.5))),
            Map::Chain(_) => (0..9).fold((f64::INFINITY, f64::INFINITY), |least, k| {
                let p = at(0.2 + 0.3 * f64::from(k % 3), 0.2 + 0.3 * f64::from(k / 3));
                let read = |dx: f64, dy: f64| self.map.source(Point::new(p.x + dx, p.y + dy));
                let (l, r, t, b) = (read(-0.5, 0.0), read(0.5, 0.0), read(0.0, -0.5), read(0.0, 0.5));
                let (x, y) = lengths([[r.x - l.x, b.x - t.x], [r.y - l.y, b.y - t.y]]);
                (least.0.min(x), least.1.min(y))
            }),
        }
    }
}

/// A chain of tones, applied in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Lut {
    /// The tones.
    pub tones: Vec<Tone>,
}

/// The linear part of a [`ColorMatrix`].
#[derive(Clone, Debug, PartialEq)]
pub enum Matrix {
    /// Each channel by itself: gain · v + offset.
    Scale {
        /// Factors.
        gain: Channels,
        /// Addends in units of white.
        offset: Channels,
    },
    /// Red, green and blue mixed; the fourth column is added.
    Mix([[f64; 4]; 3]),
}

/// A mean that the picture itself decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// The mean of luma (0.299 R + 0.587 G + 0.114 B), or of all channels where there is no colour.
    Luma,
    /// Each channel's own mean.
    EachChannel,
}

/// An affine map of a pixel's channels.
#[derive(Clone, Debug, PartialEq)]
pub struct ColorMatrix {
    /// The linear part.
    pub matrix: Matrix,
    /// Adds this share of a measured mean.
    pub mean: Option<(Measured, f64)>,
    /// Whether values are kept between black and white afterwards.
    pub clamp: bool,
}

/// A step in the hexcone of hue, saturation and value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hsv {
    /// Added to the hue, in turns.
    pub hue: f64,
    /// Multiplies the saturation.
    pub saturation: f64,
    /// Multiplies the value.
    pub value: f64,
}

/// How a neighbourhood is combined.
#[derive(Clone, Debug, PartialEq)]
pub enum StencilKind {
    /// A Gaussian of the given σ across and down, cut at ⌈3σ⌉ (at least 1) and normalised.
    Gaussian {
        /// σ across, in pixels.
        x: f64,
        /// σ down, in pixels.
        y: f64,
    },
    /// The mean of a square.
    Box {
        /// The square's side, odd.
        side: usize,
    },
    /// Weights of a small odd kernel, row by row.
    Kernel {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// The weights.
        weights: Arc<[f64]>,
    },
    /// The element of the given rank in a square: 0 the least, 1 the greatest, 0.5 the median.
    Rank {
        /// The square's side, odd.
        size: usize,
        /// 0 to 1.
        rank: f64,
    },
}

/// A combination of a neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct Stencil {
    /// How.
    pub kind: StencilKind,
    /// What lies beyond the edge.
    pub border: Border,
}

/// What a random field does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoiseKind {
    /// v + mean + σ · normal.
    Gaussian,
    /// v · (1 + mean + σ · normal).
    Speckle,
    /// v + mean + σ · √3 · uniform(−1, 1).
    Uniform,
}

/// A random field over the pixels, clamped to black and white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// What it does.
    pub kind: NoiseKind,
    /// Standard deviation in units of white.
    pub sigma: f64,
    /// Mean in units of white.
    pub mean: f64,
    /// Whether channels differ.
    pub per_channel: bool,
    /// Which field.
    pub key: FieldKey,
}

/// A shape in the plane; a pixel belongs to it when its centre does.
#[derive(Clone, Debug, PartialEq)]
pub enum Outline {
    /// An upright rectangle.
    Rect(Rect),
    /// An ellipse.
    Ellipse {
        /// Its centre.
        centre: Point,
        /// Half axes.
        radii: (f64, f64),
        /// Turned counter-clockwise as seen.
        degrees: f64,
    },
    /// A polygon (even–odd rule).
    Polygon(Vec<Point>),
}

/// What a shape is filled with.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// A colour in units of white.
    Colour(Channels),
    /// Uniform noise from black to white.
    Noise(FieldKey),
}

/// Shapes filled one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The shapes and their fillings.
    pub shapes: Vec<(Outline, Fill)>,
}

/// How a layer meets the picture below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlendMode {
    /// The layer.
    Normal,
    /// a · b.
    Multiply,
    /// 1 − (1 − a)(1 − b).
    Screen,
    /// Multiply in the dark, screen in the light.
    Overlay,
    /// Pegtop's soft light: (1 − 2b) a² + 2ba.
    SoftLight,
    /// a + b.
    Add,
    /// a − b.
    Subtract,
    /// |a − b|.
    Difference,
    /// max(a, b).
    Lighten,
    /// min(a, b).
    Darken,
}

/// A second picture in units of white, and how opaque it is at each pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its size, that of the frame.
    pub size: Size,
    /// Its channels: those of the frame, or 1 for all.
    pub channels: usize,
    /// Its values.
    pub values: Vec<f32>,
    /// One opacity a pixel, where it is not 1.
    pub mask: Option<Vec<f32>>,
}

/// A layer laid over the picture, clamped to black and white.
#[derive(Clone, Debug, PartialEq)]
pub struct Blend {
    /// What is laid over.
    pub layer: Arc<Layer>,
    /// How.
    pub mode: BlendMode,
    /// 0 nothing to 1 all of it.
    pub opacity: f64,
}

/// A combination with another sample, chosen by key from the data set.
#[derive(Clone, Debug)]
pub struct Mix {
    /// The number the other sample is chosen by; who serves it makes an id of it.
    pub partner: u64,
    /// This sample's share of every pixel where the other one does not show alone.
    pub weight: f64,
    /// Where the other sample shows alone.
    pub shapes: Vec<Outline>,
    /// Where else it does: a flag for each pixel, row by row.
    pub mask: Option<Arc<[bool]>>,
    /// How much of it each pixel shows, where the edges of the mask are soft: a share for each pixel, in the mask's place.
    pub cover: Option<Arc<[f32]>>,
    /// What is sought of it; the mask is settled by who serves it.
    pub sought: Option<Sought>,
    /// The blur of the edges of what is sought, in pixels.
    pub edge_px: f64,
    /// How its picture, which is of the frame's size, is laid on the frame; as it is, where there is none.
    pub laid: Option<Box<Warp>>,
    /// Its share of the label.
    pub share: f64,
}

impl Mix {
    /// Fades the other sample in, by its share.
    pub fn faded(partner: u64, share: f64) -> Self {
        Self {
            partner,
            weight: 1.0 - share,
            shapes: Vec::new(),
            mask: None,
            cover: None,
            sought: None,
            edge_px: 0.0,
            laid: None,
            share,
        }
    }

    /// Shows the other sample in a rectangle of whole pixels; its share is that of the frame.
    pub fn within(partner: u64, rect: Rect, frame: Size) -> Self {
        let share = rect.intersect(Rect::of(frame)).area() / frame.pixels() as f64;
        Self { weight: 1.0, shapes: vec![Outline::Rect(rect)], share, ..Self::faded(partner, share) }
    }

    /// Shows the other sample where a mask of the frame is set; its share is that of the pixels.
    pub fn masked(partner: u64, mask: Vec<bool>) -> Self {
        let share = mask.iter().filter(|shown| **shown).count() as f64 / mask.len().max(1) as f64;
        Self { weight: 1.0, mask: Some(mask.into()), share, ..Self::faded(partner, share) }
    }

    /// The same with the other sample's picture laid on the frame by a warp.
    pub fn laid(self, warp: Warp) -> Self {
        Self { laid: Some(Box::new(warp)), ..self }
    }
}

/// One way of several that a picture goes at once.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its share of every value.
    pub share: f64,
    /// What it does; in the end the picture has the size it had.
    pub nodes: Vec<Node>,
}

/// A weighted sum of what several branches make of the same picture; the picture itself keeps the rest. Each branch
/// stores its result before it is weighed. What is attached to the picture follows none of them.
#[derive(Clone, Debug)]
pub struct Branches {
    /// The branches; their shares sum up to 1 at the most.
    pub of: Vec<Branch>,
}

impl Branches {
    /// The share of the picture itself.
    pub fn own(&self) -> f64 {
        1.0 - self.of.iter().map(|branch| branch.share).sum::<f64>()
    }
}

/// What a list of nodes makes of some channels, as a picture of their own; the others stay. What stands among the nodes keeps
/// the size and moves no pixel.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The channels, in the order in which the nodes see them; each once, and each below the frame's count.
    pub channels: Vec<usize>,
    /// What is done to them.
    pub nodes: Vec<Node>,
}

/// The codec of a [`Codec`] node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodecFormat {
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

/// A real encode and decode, for its artefacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec {
    /// Which.
    pub format: CodecFormat,
    /// 1 to 100.
    pub quality: u8,
}

/// A second picture that an [`Opaque`] node looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Second {
    /// The number it is chosen by.
    pub number: u64,
    /// The folder it comes from; the data set, where there is none.
    pub bank: Option<Arc<str>>,
    /// The size a bank gives it in; a partner is of the frame's.
    pub size: Size,
    /// Whether a bank shows all of it, with nothing around, rather than the middle part that fills the size.
    pub whole: bool,
}

/// The function of an [`Opaque`] node: may change pixels, not size, channels or dtype. It is shown the second picture, where
/// the node has one, and told the stored value of white.
pub type Callback = dyn Fn(&mut Picture, Option<&Picture>, f32) -> Result<()> + Send + Sync;

/// An algorithm nobody can look into: a user's callback, or one of ours that is its own definition. It sees a whole
/// stored picture, and nothing slides past it.
#[derive(Clone)]
pub struct Opaque {
    /// Its name in explanations.
    pub name: String,
    /// How many times larger than a difference of its input one of its output may be; infinite where a hair decides.
    pub spread: f64,
    /// Another picture it looks at.
    pub second: Option<Second>,
    /// The function.
    pub call: Arc<Callback>,
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opaque").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Node {
    /// The node's kind, as users read it in an explanation.
    pub fn kind(&self) -> &'static str {
        match self {
            Node::Warp(_) => "Warp",
            Node::Lut(_) => "Lut",
            Node::ColorMatrix(_) => "ColorMatrix",
            Node::Hsv(_) => "Hsv",
            Node::Stencil(_) => "Stencil",
            Node::Noise(_) => "Noise",
            Node::Region(_) => "Region",
            Node::Blend(_) => "Blend",
            Node::Mix(_) => "Mix",
            Node::Branches(_) => "Branches",
            Node::Selected(_) => "Selected",
            Node::Codec(_) => "Codec",
            Node::Opaque(_) => "Opaque",
            Node::Stack(_) => "Stack",
        }
    }

    /// Whether it needs a statistic of the whole picture first.
    pub fn is_measured(&self) -> bool {
        match self {
            Node::Lut(lut) => lut.tones.iter().any(Tone::is_measured),
            Node::ColorMatrix(matrix) => matrix.mean.is_some(),
            _ => false,
        }
    }

    /// Whether it reads more of its input than the pixel it writes.
    pub fn reads_afar(&self) -> bool {
        matches!(
            self,
            Node::Warp(_)
                | Node::Stencil(_)
                | Node::Branches(_)
                | Node::Selected(_)
                | Node::Codec(_)
                | Node::Opaque(_)
                | Node::Stack(_)
        )
    }
}
