//! Collected: what is attached to the pictures of a batch, in rows of one length.
//!
//! The feed collects it when the last sample is done. Rows beyond what a sample has are 0, their labels −1.

use variegate_picture::{AlignedBytes, Boxes, Size, boxes::Shape};

use crate::known::Asked;
use crate::moved::Moved;
use crate::partners::Filled;
use crate::targets::{MaskDtype, TargetOptions};

/// What is attached to the pictures of one view of a batch.
#[derive(Debug)]
pub struct Targets {
    /// Boxes, where the source knows some.
    pub boxes: Option<BoxRows>,
    /// Points, where the source knows some.
    pub points: Option<PointRows>,
    /// Masks, where the source knows some.
    pub masks: Option<Masks>,
}

/// Boxes of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxRows {
    /// (samples, most, 4) numbers in the format that was asked for.
    pub rows: Vec<f32>,
    /// (samples, most) classes; −1 where there is no box.
    pub labels: Vec<i32>,
    /// How many boxes each sample has.
    pub counts: Vec<i32>,
    /// The rows of each sample.
    pub most: usize,
}

/// Points of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointRows {
    /// (samples, most, columns) numbers: x and y, and angle and scale where they are given.
    pub rows: Vec<f32>,
    /// (samples, most) how well each is seen: 0 where it is not, or where there is none.
    pub seen: Vec<u8>,
    /// How many points each sample has.
    pub counts: Vec<i32>,
    /// The rows of each sample.
    pub most: usize,
    /// The numbers of a row: 2, 3 or 4.
    pub columns: usize,
    /// How many rows belong to each box, in the order of the boxes; 0 where they belong to the picture.
    pub of_box: usize,
}

/// Masks of a batch, of the size of its pictures.
#[derive(Debug)]
pub struct Masks {
    pub(crate) buffer: AlignedBytes,
    pub(crate) len: usize,
    /// The element type.
    pub dtype: MaskDtype,
}

impl Masks {
    /// The elements, sample by sample without gaps, on a boundary of 64 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer.as_slice()[..self.len]
    }

    /// The same, to be written by whoever owns the batch.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let len = self.len;
        &mut self.buffer.as_mut_slice()[..len]
    }
}

/// What is attached to the samples of a batch, view by view.
pub fn collected(
    samples: Vec<Filled>,
    sizes: &[Size],
    masks: Vec<AlignedBytes>,
    asked: &Asked,
    options: &TargetOptions,
) -> Vec<Targets> {
    if asked.kinds.is_empty() {
        return Vec::new();
    }
    let mut masks = masks.into_iter();
    let of_view = |(k, size): (usize, &Size)| {
        let moved: Vec<&Moved> = samples.iter().filter_map(|sample| sample.attached.get(k)).collect();
        let len = samples.len() * size.pixels() * asked.mask_dtype.bytes();
        Targets {
            boxes: asked.kinds.boxes.then(|| box_rows(&moved, *size, options)),
            points: asked.kinds.points.then(|| point_rows(&moved, asked, options)),
            masks: masks.next().map(|buffer| Masks { buffer, len, dtype: asked.mask_dtype }),
        }
    };
    sizes.iter().enumerate().map(of_view).collect()
}

fn box_rows(moved: &[&Moved], size: Size, options: &TargetOptions) -> BoxRows {
    let most = options.max_boxes.unwrap_or_else(|| moved.iter().map(|sample| sample.boxes.len()).max().unwrap_or(0));
    let mut all = BoxRows {
        rows: vec![0.0; moved.len() * most * 4],
        labels: vec![-1; moved.len() * most],
        counts: Vec::with_capacity(moved.len()),
        most,
    };
    for (k, sample) in moved.iter().enumerate() {
        let shapes: Vec<Shape> = sample.boxes.iter().take(most).map(|edges| Shape::Upright(*edges)).collect();
        let count = shapes.len();
        let rows = Boxes { shapes, format: options.box_format }.to_rows(size);
        for (to, from) in all.rows[k * most * 4..].iter_mut().zip(rows) {
            *to = from as f32;
        }
        all.labels[k * most..k * most + count].copy_from_slice(&sample.labels[..count]);
        all.counts.push(count as i32);
    }
    all
}

fn point_rows(moved: &[&Moved], asked: &Asked, options: &TargetOptions) -> PointRows {
    let (of_box, columns) = (asked.points_of_box, asked.point_columns);
    let limit = if of_box > 0 { options.max_boxes.map(|boxes| boxes * of_box) } else { None };
    let most = limit.unwrap_or_else(|| moved.iter().map(|sample| sample.seen.len()).max().unwrap_or(0));
    let mut all = PointRows {
        rows: vec![0.0; moved.len() * most * columns],
        seen: vec![0; moved.len() * most],
        counts: Vec::with_capacity(moved.len()),
        most,
        columns,
        of_box,
    };
    for (k, sample) in moved.iter().enumerate() {
        let count = sample.seen.len().min(most);
        for (to, from) in all.rows[k * most * columns..].chunks_exact_mut(columns).zip(&sample.points.rows[..count]) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from as f32);
        }
        all.seen[k * most..k * most + count].copy_from_slice(&sample.seen[..count]);
        all.counts.push(count as i32);
    }
    all
}
