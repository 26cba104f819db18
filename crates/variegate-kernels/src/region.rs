//! Shapes laid over a picture: which pixels of a row they cover, and what is written there.
//!
//! The engine asks for the spans of a row and fills them. A pixel belongs to a shape when its centre does.

use crate::channel;
use crate::clamp;
use variegate_picture::{FieldKey, Homography, Point, Sample, key::normal_of};

/// A shape in the plane of the picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Outline {
    /// An upright rectangle; left and top edges in, right and bottom edges out.
    Rect {
        /// Left edge.
        x0: f64,
        /// Top edge.
        y0: f64,
        /// Right edge.
        x1: f64,
        /// Bottom edge.
        y1: f64,
    },
    /// An ellipse, its edge in.
    Ellipse {
        /// Centre.
        cx: f64,
        /// Centre.
        cy: f64,
        /// Half axis along x before the turn.
        rx: f64,
        /// Half axis along y before the turn.
        ry: f64,
        /// Turn from x towards y, clockwise as seen.
        degrees: f64,
    },
    /// A closed polygon by the even-odd rule; left edges in, right edges out.
    Polygon(Vec<Point>),
}

/// The rows of a picture that a shape can cover, half-open; the others have no spans.
pub fn rows(outline: &Outline, height: usize) -> (usize, usize) {
    let (top, bottom) = match outline {
        Outline::Rect { y0, y1, .. } => (*y0, *y1),
        Outline::Ellipse { cy, rx, ry, .. } => (cy - rx.max(*ry), cy + rx.max(*ry)),
        Outline::Polygon(points) => {
            points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), p| (a.min(p.y), b.max(p.y)))
        }
    };
    // A row of slack, since the test at the centres has the last word.
    let first = (libm::floor(top - 1.0).max(0.0) as usize).min(height);
    (first, (libm::ceil(bottom + 1.0).max(0.0) as usize).clamp(first, height))
}

/// Which shapes may cover each row, in the order they are painted, so that of thousands of shapes a row asks the few that
/// lie on it.
#[derive(Clone, Debug)]
pub struct RowIndex {
    /// Where the list of each row begins, and at last where the lists end.
    starts: Vec<u32>,
    shapes: Vec<u32>,
}

impl RowIndex {
    /// Sorts shapes into the rows of a picture of `height`.
    pub fn new<'a>(outlines: impl Iterator<Item = &'a Outline> + Clone, height: usize) -> Self {
        let mut starts = vec![0u32; height + 1];
        for outline in outlines.clone() {
            let (first, end) = rows(outline, height);
            starts[first + 1..=end].iter_mut().for_each(|n| *n += 1);
        }
        for y in 0..height {
            starts[y + 1] += starts[y];
        }
        let mut next = starts.clone();
        let mut shapes = vec![0; starts[height] as usize];
        for (k, outline) in outlines.enumerate() {
            let (first, end) = rows(outline, height);
            for n in &mut next[first..end] {
                shapes[*n as usize] = k as u32;
                *n += 1;
            }
        }
        Self { starts, shapes }
    }

    /// The shapes that may cover row `y`.
    pub fn of(&self, y: usize) -> &[u32] {
        &self.shapes[self.starts[y] as usize..self.starts[y + 1] as usize]
    }
}

/// Writes the half-open spans of columns of row `y` that the shape covers: disjoint, from left to right, inside
/// `0..width`. What `out` held is dropped.
pub fn spans(outline: &Outline, y: usize, width: usize, out: &mut Vec<(usize, usize)>) {
    out.clear();
    let row = y as f64 + 0.5;
    // The first column whose centre is at or right of a position.
    let column = |x: f64| (libm::ceil(x - 0.5).max(0.0) as usize).min(width);
    match outline {
        Outline::Rect { x0, y0, x1, y1 } => {
            if *y0 <= row && row < *y1 {
                push(out, column(*x0), column(*x1));
            }
        }
        Outline::Ellipse { cx, cy, rx, ry, degrees } => {
            let ellipse = Ellipse::new(*cx, *cy, *rx, *ry, *degrees);
            if let Some((left, right)) = ellipse.chord(row) {
                // The chord is right up to rounding; the test at the centres has the last word.
                let inside = |k: usize| ellipse.contains(k as f64 + 0.5, row);
                let (mut first, mut end) = (column(left - 1e-6), (column(right + 1e-6) + 1).min(width));
                while first < end && !inside(first) {
                    first += 1;
                }
                while end > first && !inside(end - 1) {
                    end -= 1;
                }
                push(out, first, end);
            }
        }
        Outline::Polygon(points) => {
            let crossings = (0..points.len()).filter_map(|k| {
                let (p, q) = (points[k], points[(k + 1) % points.len()]);
                ((p.y <= row) != (q.y <= row)).then(|| p.x + (row - p.y) / (q.y - p.y) * (q.x - p.x))
            });
            // Most polygons have a few corners: their crossings need no memory.
            let (mut few, mut many) = ([0.0; 16], Vec::new());
            let sorted = if points.len() <= few.len() {
                let mut count = 0;
                for x in crossings {
                    few[count] = x;
                    count += 1;
                }
                &mut few[..count]
            } else {
                many.extend(crossings);
                &mut many[..]
            };
            sorted.sort_unstable_by(f64::total_cmp);
            for pair in sorted.chunks_exact(2) {
                push(out, column(pair[0]), column(pair[1]));
            }
        }
    }
}

fn push(out: &mut Vec<(usize, usize)>, first: usize, end: usize) {
    if first >= end {
        return;
    }
    match out.last_mut() {
        Some(last) if first <= last.1 => last.1 = last.1.max(end),
        _ => out.push((first, end)),
    }
}

/// `a·dx² + 2·b·dx·dy + c·dy² ≤ 1` about the centre.
struct Ellipse {
    centre: (f64, f64),
    a: f64,
    b: f64,
    c: f64,
}

impl Ellipse {
    fn new(cx: f64, cy: f64, rx: f64, ry: f64, degrees: f64) -> Self {
        let turn = Homography::rotate(degrees).0;
        let (cos, sin) = (turn[0][0], turn[1][0]);
        let (u, v) = (1.0 / (rx * rx), 1.0 / (ry * ry));
        Self {
            centre: (cx, cy),
            a: cos * cos * u + sin * sin * v,
            b: cos * sin * (u - v),
            c: sin * sin * u + cos * cos * v,
        }
    }

    fn contains(&self, x: f64, y: f64) -> bool {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        self.a * dx * dx + 2.0 * self.b * dx * dy + self.c * dy * dy <= 1.0
    }

    fn chord(&self, y: f64) -> Option<(f64, f64)> {
        let dy = y - self.centre.1;
        let middle = -self.b * dy / self.a;
        let square = middle * middle - (self.c * dy * dy - 1.0) / self.a;
        // A hair of slack, so that rounding does not lose a row that touches a centre.
        let half = (square + 1e-9 * (1.0 + middle * middle)).sqrt();
        half.is_finite().then_some((self.centre.0 + middle - half, self.centre.0 + middle + half))
    }
}

fn part<T>(row: &mut [T], channels: usize, (first, end): (usize, usize)) -> &mut [T] {
    let end = (end * channels).min(row.len());
    let first = (first * channels).min(end);
    &mut row[first..end]
}

/// Writes a colour (a value for each channel, the last one serving the rest) into a span of a row of codes.
pub fn fill_span<T: Sample>(row: &mut [T], channels: usize, span: (usize, usize), colour: &[T]) {
    let part = part(row, channels, span);
    let first = channel(colour, 0);
    if colour.iter().all(|v| bytemuck::bytes_of(v) == bytemuck::bytes_of(&first)) {
        return part.fill(first);
    }
    // One pixel, then copies of what is there already.
    let whole = part.len() - part.len() % channels;
    let part = &mut part[..whole];
    for (c, value) in part.iter_mut().take(channels).enumerate() {
        *value = channel(colour, c);
    }
    let mut done = channels;
    while done < part.len() {
        let more = done.min(part.len() - done);
        part.copy_within(..more, done);
        done += more;
    }
}

/// The same for a real row.
pub fn fill_span_f32(row: &mut [f32], channels: usize, span: (usize, usize), colour: &[f32]) {
    fill_span(row, channels, span, colour);
}

/// What [`noise_span`] writes, in stored units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SpanNoise {
    /// Uniform in `low..high`.
    Uniform {
        /// The lower end.
        low: f32,
        /// The upper end.
        high: f32,
    },
    /// `mean + sigma · normal`.
    Normal {
        /// The mean.
        mean: f32,
        /// The standard deviation.
        sigma: f32,
    },
}

/// Replaces a span of real row `y` of a picture of `width` columns by random numbers, then clamps. Numbers belong
/// to elements as in [`crate::noise`], so that overlapping spans agree.
pub fn noise_span(
    row: &mut [f32],
    channels: usize,
    y: usize,
    width: usize,
    span: (usize, usize),
    key: FieldKey,
    noise: SpanNoise,
    per_channel: bool,
    clamp_to: Option<(f32, f32)>,
) {
    let numbers = if per_channel { channels } else { 1 };
    let from = (y as u64 * width as u64 + span.0 as u64) * numbers as u64;
    for (k, pixel) in part(row, channels, span).chunks_exact_mut(channels).enumerate() {
        for (c, value) in pixel.iter_mut().enumerate() {
            let index = from + (k * numbers + c % numbers) as u64;
            let block = index / 4;
            let word = key.words((block & 0x3fff_ffff) as u32, (block >> 30) as u32)[(index % 4) as usize];
            let number = match noise {
                SpanNoise::Uniform { low, high } => low + (high - low) * crate::noise::unit_of(word),
                SpanNoise::Normal { mean, sigma } => mean + sigma * normal_of(word),
            };
            *value = clamp_to.map_or(number, |ends| clamp(number, ends));
        }
    }
}
