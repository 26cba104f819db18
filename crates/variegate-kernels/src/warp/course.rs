//! Where the columns of an output row lie in the source: on a line, or one by one.
//!
//! Made by the engine for each row and read by every gather of this folder. It never touches pixels.

use super::straight::Straight;

/// Columns whose positions are computed together.
pub(super) const BLOCK: usize = 32;

/// Where the columns of one output row lie in the source.
///
/// At column `k`, pixel centre included, the continuous position is
/// `((x[0] + k·x[1]) / (w[0] + k·w[1]), (y[0] + k·y[1]) / (w[0] + k·w[1]))`. Affine when `w` is `[1, 0]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Numerator of x: at column 0, and its step.
    pub x: [f64; 2],
    /// Numerator of y.
    pub y: [f64; 2],
    /// Denominator of both.
    pub w: [f64; 2],
}

impl Line {
    /// The position at column `k`, or none where the denominator is zero or the position not finite. Positions
    /// beyond ±2⁴⁰ are moved there, so that indices never overflow.
    #[inline(always)]
    pub fn at(&self, k: usize) -> Option<(f64, f64)> {
        let k = k as f64;
        let w = self.w[0] + k * self.w[1];
        proper((self.x[0] + k * self.x[1]) / w, (self.y[0] + k * self.y[1]) / w).filter(|_| w != 0.0)
    }

    /// Whether the denominator is one everywhere.
    #[inline(always)]
    pub fn is_affine(&self) -> bool {
        self.w == [1.0, 0.0]
    }
}

/// A position that exists, moved to ±2⁴⁰ where it lies beyond.
#[inline(always)]
fn proper(x: f64, y: f64) -> Option<(f64, f64)> {
    const FAR: f64 = (1u64 << 40) as f64;
    (x.is_finite() && y.is_finite()).then(|| (x.clamp(-FAR, FAR), y.clamp(-FAR, FAR)))
}

/// Positions listed one by one, pixel centres included: as many of x as of y, and at least as many as the row has columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spots<'a> {
    /// Columns in the source.
    pub x: &'a [f64],
    /// Rows in the source.
    pub y: &'a [f64],
}

/// The positions of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course<'a> {
    /// On a line.
    Line(Line),
    /// One by one.
    Spots(Spots<'a>),
}

impl From<&Line> for Course<'_> {
    fn from(line: &Line) -> Self {
        Course::Line(*line)
    }
}

impl<'a> From<Spots<'a>> for Course<'a> {
    fn from(spots: Spots<'a>) -> Self {
        Course::Spots(spots)
    }
}

impl Course<'_> {
    /// As [`Line::at`].
    #[inline(always)]
    pub(super) fn at(&self, k: usize) -> Option<(f64, f64)> {
        match self {
            Course::Line(line) => line.at(k),
            Course::Spots(spots) => proper(spots.x.get(k).copied()?, spots.y.get(k).copied()?),
        }
    }

    /// The line, where it is an affine one that [`Straight`] can hold over `width` columns.
    #[inline(always)]
    pub(super) fn straight(&self, width: usize) -> Option<&Line> {
        match self {
            Course::Line(line) if Straight::takes(line, width) => Some(line),
            _ => None,
        }
    }

    /// Whether whole numbers can hold it over `width` columns, or need not.
    #[inline(always)]
    pub(super) fn is_held(&self, width: usize) -> bool {
        match self {
            Course::Line(line) => !line.is_affine() || Straight::takes(line, width),
            Course::Spots(_) => true,
        }
    }

    /// Positions of the columns from `k0`; always a whole block, whose columns beyond the row mean nothing.
    #[inline(always)]
    pub(super) fn block(&self, k0: usize) -> ([f64; BLOCK], [f64; BLOCK]) {
        let (mut x, mut y) = ([0.0; BLOCK], [0.0; BLOCK]);
        match self {
            Course::Line(line) if line.is_affine() => {
                for j in 0..BLOCK {
                    let k = k0 as f64 + f64::from(j as i32);
                    (x[j], y[j]) = (line.x[0] + k * line.x[1], line.y[0] + k * line.y[1]);
                }
            }
            Course::Line(line) => {
                for j in 0..BLOCK {
                    let k = k0 as f64 + f64::from(j as i32);
                    let w = line.w[0] + k * line.w[1];
                    (x[j], y[j]) = ((line.x[0] + k * line.x[1]) / w, (line.y[0] + k * line.y[1]) / w);
                }
            }
            Course::Spots(spots) => {
                for (block, all) in [(&mut x, spots.x), (&mut y, spots.y)] {
                    let rest = all.get(k0..).unwrap_or_default();
                    let count = rest.len().min(BLOCK);
                    block[..count].copy_from_slice(&rest[..count]);
                }
            }
        }
        (x, y)
    }
}
