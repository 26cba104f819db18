//! The entries of policies: what AutoAugment and its successors choose among, with the magnitudes of each dialect.
//!
//! The operations of `policy/` draw a [`Kind`], ask a [`Dialect`] what a level means, and lower the [`Entry`]. Nothing here
//! draws. Shears are anchored at the top-left corner, as in Pillow, TensorFlow and torchvision.

use crate::index::colour::{
    AutoContrast, Brightness, Contrast, Equalize, Invert, Posterize, Saturation, Sharpness, Solarize, SolarizeAdd,
};
use crate::index::geometry::Rotate;
use crate::prelude::*;
use variegate_plan::tone::round_half_even;

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Identity,
    AutoContrast,
    Equalize,
    Invert,
    Rotate,
    Posterize,
    Solarize,
    SolarizeAdd,
    Color,
    Contrast,
    Brightness,
    Sharpness,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Cutout,
}

/// The fourteen that RandAugment and TrivialAugment choose among.
pub const FOURTEEN: &[Kind] = &[
    Kind::Identity,
    Kind::ShearX,
    Kind::ShearY,
    Kind::TranslateX,
    Kind::TranslateY,
    Kind::Rotate,
    Kind::Brightness,
    Kind::Color,
    Kind::Contrast,
    Kind::Sharpness,
    Kind::Posterize,
    Kind::Solarize,
    Kind::AutoContrast,
    Kind::Equalize,
];

/// What an entry does, and by how much: degrees counter-clockwise, factors, bits, levels of 255, or pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// What.
    pub kind: Kind,
    /// How much.
    pub amount: f64,
}

/// Whose formulae turn a level into an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// AutoAugment's ranges, evenly spread: factors 0.1–1.9, bits 8–4, shifts 150 of 331 of the width.
    Paper,
    /// The TPU code: factors 0.1–1.9, bits and thresholds that grow with the level, shifts of 100 pixels.
    Tpu,
    /// timm: as the TPU code, with shifts of 0.45 of the width.
    Timm,
    /// timm with everything growing stronger.
    TimmIncreasing,
    /// torchvision: factors 1 ± 0.9, bits 8–4, shifts of whole pixels.
    Torchvision,
    /// TrivialAugment's wide ranges.
    Wide,
    /// AugMix: whole degrees and pixels, shifts of a third of the side, everything growing stronger.
    AugMix,
    /// Keras: one-signed ranges from nothing to a share of the whole.
    Keras,
}

impl Dialect {
    /// What `kind` does at strength `x` (0 nothing, 1 the end of the range), with `sign` 1 or −1 where it has one.
    pub fn entry(self, kind: Kind, x: f64, sign: f64, size: Size) -> Entry {
        use Dialect::*;
        let along = if kind == Kind::TranslateY { size.height } else { size.width } as f64;
        let amount = match kind {
            Kind::Identity | Kind::AutoContrast | Kind::Equalize | Kind::Invert => 0.0,
            Kind::Rotate => match self {
                Wide => sign * 135.0 * x,
                Keras => 360.0 * x,
                AugMix => sign * (30.0 * x).trunc(),
                _ => sign * 30.0 * x,
            },
            Kind::ShearX | Kind::ShearY => match self {
                Wide => sign * 0.99 * x,
                Keras => x,
                _ => sign * 0.3 * x,
            },
            Kind::TranslateX | Kind::TranslateY => match self {
                Paper => sign * 150.0 / 331.0 * along * x,
                Tpu => sign * 100.0 * x,
                Timm | TimmIncreasing => sign * 0.45 * along * x,
                Torchvision => sign * (150.0 / 331.0 * along * x).trunc(),
                Wide => sign * (32.0 * x).trunc(),
                AugMix => sign * (along / 3.0 * x).trunc(),
                // The picture moves right and down, so it is read from the left and from above.
                Keras => -along * x,
            },
            Kind::Brightness | Kind::Color | Kind::Contrast | Kind::Sharpness => match self {
                Paper | Tpu | Timm | AugMix => 0.1 + 1.8 * x,
                TimmIncreasing => (1.0 + sign * 0.9 * x).max(0.1),
                Torchvision => 1.0 + sign * 0.9 * x,
                Wide => 1.0 + sign * 0.99 * x,
                Keras => 1.0 + x,
            },
            Kind::Posterize => match self {
                Tpu | Timm => (4.0 * x).trunc(),
                TimmIncreasing | AugMix => 4.0 - (4.0 * x).trunc(),
                Paper | Torchvision => 8.0 - round_half_even(4.0 * x),
                Wide => 8.0 - round_half_even(6.0 * x),
                Keras => (8.0 * x).trunc().max(1.0),
            },
            Kind::Solarize => match self {
                Tpu | Timm => (256.0 * x).trunc().min(256.0),
                TimmIncreasing | AugMix => 256.0 - (256.0 * x).trunc().min(256.0),
                Paper => 256.0 * (1.0 - x),
                _ => 255.0 * (1.0 - x),
            },
            Kind::SolarizeAdd => (110.0 * x).trunc().min(128.0),
            Kind::Cutout => (40.0 * x).trunc(),
        };
        Entry { kind, amount }
    }
}

/// How geometric entries fill what they uncover, and how they read between pixels.
#[derive(Clone, Debug)]
pub struct Surface {
    /// The colour of what lies beyond the edge, and of a cutout.
    pub fill: Channels,
    /// How to read between pixels.
    pub filter: Filter,
}

impl Entry {
    /// Writes the nodes. A cutout is centred at `at`, fractions of width and height.
    pub fn lower(self, plan: &mut Builder, on: &Surface, at: (f64, f64)) {
        let v = self.amount;
        let moved = |plan: &mut Builder, map: Homography| {
            let size = plan.size();
            plan.warp(Warp::new(map, size, size).filter(on.filter).border(Border::Constant, on.fill.clone()));
        };
        match self.kind {
            Kind::Identity => {}
            Kind::AutoContrast => AutoContrast { cutoff: 0.0 }.lower(plan),
            Kind::Equalize => Equalize { formula: "pillow" }.lower(plan),
            Kind::Invert => Invert {}.lower(plan),
            Kind::Rotate => {
                let (filter, border, fill) = (on.filter, Border::Constant, on.fill.clone());
                Rotate { degrees: v, canvas: "keep", filter, border, fill }.lower(plan);
            }
            // No bit left is a black picture, which the operation of that name does not offer.
            Kind::Posterize if v < 1.0 => plan.tone(Tone::Linear { gain: 0.0, offset: 0.0 }),
            Kind::Posterize => Posterize { bits: v.min(8.0) as i64 }.lower(plan),
            Kind::Solarize => Solarize { threshold: v / 255.0 }.lower(plan),
            Kind::SolarizeAdd => SolarizeAdd { amount: v / 255.0, threshold: 128.0 / 255.0 }.lower(plan),
            Kind::Color => Saturation { factor: v }.lower(plan),
            Kind::Contrast => Contrast { factor: v, around: "mean" }.lower(plan),
            Kind::Brightness => Brightness { factor: v }.lower(plan),
            Kind::Sharpness => Sharpness { factor: v }.lower(plan),
            Kind::ShearX => moved(plan, Homography::affine(1.0, v, 0.0, 0.0, 1.0, 0.0)),
            Kind::ShearY => moved(plan, Homography::affine(1.0, 0.0, 0.0, v, 1.0, 0.0)),
            Kind::TranslateX => moved(plan, Homography::translate(v, 0.0)),
            Kind::TranslateY => moved(plan, Homography::translate(0.0, v)),
            Kind::Cutout => {
                let size = plan.size();
                let (x, y) = ((at.0 * size.width as f64).floor(), (at.1 * size.height as f64).floor());
                let (right, bottom) = (size.width as f64, size.height as f64);
                let rect = Rect::new((x - v).max(0.0), (y - v).max(0.0), (x + v).min(right), (y + v).min(bottom));
                if rect.x1 > rect.x0 && rect.y1 > rect.y0 {
                    plan.region(Region { shapes: vec![(Outline::Rect(rect), Fill::Colour(on.fill.clone()))] });
                }
            }
        }
    }
}

/// Hidden numbers between −1 and 1, read one after another as shares, signs and choices.
#[derive(Debug)]
pub struct Choices<'a>(pub std::slice::Iter<'a, f64>);

impl Choices<'_> {
    /// A number from 0 up to, not reaching, 1.
    pub fn unit(&mut self) -> f64 {
        ((self.0.next().copied().unwrap_or(0.0) + 1.0) / 2.0).clamp(0.0, 1.0 - f64::EPSILON)
    }

    /// 1 or −1.
    pub fn sign(&mut self) -> f64 {
        if self.unit() < 0.5 { -1.0 } else { 1.0 }
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// One of a list; the identity of an empty one.
    pub fn of(&mut self, kinds: &[Kind]) -> Kind {
        kinds.get(self.below(kinds.len())).copied().unwrap_or(Kind::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(dialect: Dialect, kind: Kind, x: f64) -> f64 {
        dialect.entry(kind, x, 1.0, Size::new(331, 331)).amount
    }

    #[test]
    fn torchvisions_bins_give_its_numbers() {
        // RandAugment's default, bin 9 of 31.
        let at = |kind| amount(Dialect::Torchvision, kind, 9.0 / 30.0);
        assert!((at(Kind::Rotate) - 9.0).abs() < 1e-12 && (at(Kind::ShearX) - 0.09).abs() < 1e-12);
        assert!((at(Kind::Brightness) - 1.27).abs() < 1e-12 && (at(Kind::Solarize) - 178.5).abs() < 1e-9);
        assert_eq!((at(Kind::TranslateX), at(Kind::Posterize)), (45.0, 7.0));
        let wide = |kind| amount(Dialect::Wide, kind, 1.0);
        assert_eq!((wide(Kind::Rotate), wide(Kind::TranslateY), wide(Kind::Posterize)), (135.0, 32.0, 2.0));
    }

    #[test]
    fn timms_levels_give_its_numbers() {
        let at = |kind| amount(Dialect::TimmIncreasing, kind, 0.9);
        assert_eq!((at(Kind::Posterize), at(Kind::Solarize), at(Kind::SolarizeAdd)), (1.0, 26.0, 99.0));
        assert!((at(Kind::Rotate) - 27.0).abs() < 1e-12 && (at(Kind::Color) - 1.81).abs() < 1e-12);
        let weak = |kind| amount(Dialect::Timm, kind, 0.9);
        assert_eq!((weak(Kind::Posterize), weak(Kind::Solarize)), (3.0, 230.0));
        assert!((amount(Dialect::Timm, Kind::Sharpness, 0.0) - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_cutout_is_cut_at_the_edge() {
        let mut plan = Builder::new(Frame::new(10, 10, 3));
        let on = Surface { fill: Channels::All(0.5), filter: Filter::Bilinear };
        Entry { kind: Kind::Cutout, amount: 3.0 }.lower(&mut plan, &on, (0.0, 0.5));
        let nodes = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let [Node::Region(region)] = nodes.as_slice() else { panic!("{nodes:?}") };
        assert_eq!(region.shapes[0].0, Outline::Rect(Rect::new(0.0, 2.0, 3.0, 8.0)));
    }
}
