//! What is attached to a picture: boxes, points and a mask, moved as the picture is, and told to the page.
//!
//! The gallery makes it, drawing moves it. The way is the façade's own; nothing here computes where a box goes. It must
//! never be asked of a pipeline that mixes: whose boxes stand in such a picture depends on the whole data set.

use serde_json::{Value as Json, json};
use variegate::io::{EncodeFormat, encode};
use variegate::loader::Known;
use variegate::picture::Pixels;
use variegate::picture::boxes::Shape;
use variegate::{Boxes, Mask, Picture, Pipeline, Points, Recipe, Result, Sample, Scratch, augment};

/// How many colours there are; classes beyond have those of earlier ones.
const COLOURS: usize = 24;

/// Hues of neighbouring classes lie a golden angle apart, so that few of them are alike however many there are.
const GOLDEN: f64 = 137.507_764;

/// How much of a mask's colour lies over the picture, of 255.
const COVER: u8 = 140;

/// Boxes, points and a mask in the pixels of their picture.
#[derive(Clone, Debug)]
pub struct Attached {
    boxes: Boxes,
    labels: Vec<i32>,
    points: Points,
    points_of_box: usize,
    seen: Vec<bool>,
    mask: Option<Mask>,
}

impl Attached {
    /// What a data set knows of a picture.
    pub fn of(known: Known) -> Self {
        let Known { boxes, labels, points, points_of_box, mask, .. } = known;
        let seen = match points.visible.len() {
            0 => vec![true; points.rows.len()],
            _ => points.visible.iter().map(|level| *level > 0).collect(),
        };
        Self { boxes, labels, points, points_of_box, seen, mask }
    }

    /// What the engine moves.
    pub fn sample(&self) -> Sample<'_> {
        Sample {
            boxes: Some(self.boxes.clone()),
            points: Some(self.points.clone()),
            masks: self.mask.iter().map(Mask::view).collect(),
            ..Sample::default()
        }
    }

    /// The same after a recipe: the boxes that stay, with their points, and the mask.
    pub fn moved(&self, pipeline: &Pipeline, recipe: &Recipe, scratch: &mut Scratch) -> Result<Self> {
        let mut sample = self.sample();
        sample.mask_fills = self.mask.iter().map(|mask| filled(mask, pipeline.options.mask_fill)).collect();
        let made = augment::apply(pipeline, recipe, &sample, scratch)?;
        let (boxes, kept) = made.boxes.unwrap_or_else(|| (self.boxes.clone(), Vec::new()));
        let (mut points, flags) = made.points.unwrap_or_default();
        let mut seen: Vec<bool> = flags.iter().zip(&self.seen).map(|(now, before)| *now && *before).collect();
        if self.points_of_box > 0 {
            // Points go with their box.
            let own = |k: &usize| k * self.points_of_box..(k + 1) * self.points_of_box;
            let places: Vec<usize> = kept.iter().flat_map(own).filter(|k| *k < points.rows.len()).collect();
            points.visible = Vec::new();
            points.rows = places.iter().map(|k| points.rows[*k]).collect();
            seen = places.iter().map(|k| seen[*k]).collect();
        }
        let labels = kept.iter().filter_map(|k| self.labels.get(*k).copied()).collect();
        Ok(Self { boxes, labels, points, seen, mask: made.masks.into_iter().next(), ..*self })
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        self.mask.as_ref().map_or(0, |mask| mask.bytes().len())
            + 64 * (self.boxes.shapes.len() + self.points.rows.len())
    }

    /// What the page is told: boxes as left, top, right, bottom and class, points that are seen, and how many boxes
    /// there were before.
    pub fn told(&self, before: &Self) -> Json {
        let edges = self.boxes.shapes.iter().map(Shape::around).zip(&self.labels);
        let boxes: Vec<Json> = edges.map(|(e, label)| json!([e.x0, e.y0, e.x1, e.y1, label])).collect();
        let seen = self.points.rows.iter().zip(&self.seen).filter(|(_, seen)| **seen);
        let points: Vec<Json> = seen.map(|(row, _)| json!([row[0], row[1]])).collect();
        json!({ "boxes": boxes, "had": before.boxes.shapes.len(), "points": points })
    }

    /// The mask as a file of colours to lay over the picture; empty where there is none.
    pub fn mask_file(&self) -> Result<Vec<u8>> {
        let Some(mask) = &self.mask else { return Ok(Vec::new()) };
        let palette: [[u8; 4]; COLOURS] = std::array::from_fn(|class| {
            let [r, g, b] = colour(class);
            [r, g, b, COVER]
        });
        let mut pixels = vec![0; mask.size().pixels() * 4];
        for (pixel, element) in pixels.chunks_exact_mut(4).zip(mask.bytes().chunks_exact(mask.element())) {
            if let Some(class) = value(element).checked_sub(1) {
                pixel.copy_from_slice(&palette[class as usize % COLOURS]);
            }
        }
        encode(&Picture::new(mask.size(), 4, Pixels::U8(pixels))?, &EncodeFormat::Png)
    }
}

/// The colours of classes as a page writes them.
pub fn colours() -> Vec<String> {
    (0..COLOURS).map(|k| colour(k).iter().fold("#".into(), |text, level| format!("{text}{level:02x}"))).collect()
}

/// A strong colour at the hue of a class, lighter and darker in turns.
fn colour(class: usize) -> [u8; 3] {
    let class = class % COLOURS;
    let sixth = (class as f64 * GOLDEN).rem_euclid(360.0) / 60.0;
    let bright = if class.is_multiple_of(2) { 255.0 } else { 205.0 };
    [5.0, 3.0, 1.0].map(|n: f64| {
        let k = (n + sixth).rem_euclid(6.0);
        (bright * (1.0 - 0.85 * k.min(4.0 - k).clamp(0.0, 1.0))).round() as u8
    })
}

/// The number in an element of a mask.
fn value(element: &[u8]) -> u32 {
    match *element {
        [a] => a.into(),
        [a, b] => u16::from_ne_bytes([a, b]).into(),
        [a, b, c, d] => u32::from_ne_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// An element that holds a fill, or nothing where the mask cannot hold it.
fn filled(mask: &Mask, fill: f64) -> Vec<u8> {
    match mask.element() {
        1 => vec![fill as u8],
        2 => (fill as u16).to_ne_bytes().to_vec(),
        _ => (fill as u32).to_ne_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_many_and_start_red() {
        let all = colours();
        assert_eq!((all.len(), all[0].as_str()), (COLOURS, "#ff2626"));
        assert!(all.iter().enumerate().all(|(k, one)| !all[..k].contains(one)), "{all:?}");
    }

    #[test]
    fn elements_of_every_width_are_read_as_they_are_written() {
        for (width, fill) in [(1, 200.0), (2, 40_000.0), (4, 70_000.0)] {
            let mask = Mask::new(variegate::Size::new(1, 1), width, vec![0; width]).expect("a mask");
            assert_eq!(f64::from(value(&filled(&mask, fill))), fill);
        }
    }
}
