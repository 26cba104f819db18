//! Boxes, points and masks over a picture, and how they go with it through a pipeline.
//!
//! `preview` calls it for annotated data sets. Labels are told apart by colour; the colour of a label is the same in
//! every tile. It draws on a copy that is as large as it is shown, so that lines are equally thin everywhere.

use variegate::augment::{self, Sample};
use variegate::io::{Colour, DecodeOptions, Depth, Limits, decode, read_file};
use variegate::loader::{MaskFile, Source};
use variegate::picture::boxes::Shape;
use variegate::picture::{Pixels, Rect};
use variegate::{BoxFormat, Boxes, Error, Mask, Picture, Pipeline, Points, Recipe, Result, Scratch, Size};

/// Twelve colours that differ from each other and from most pictures.
const COLOURS: [[u8; 3]; 12] = [
    [255, 64, 64],
    [64, 224, 96],
    [72, 128, 255],
    [255, 208, 32],
    [240, 80, 240],
    [32, 224, 224],
    [255, 136, 32],
    [160, 96, 255],
    [176, 255, 48],
    [255, 128, 176],
    [48, 176, 144],
    [200, 160, 104],
];

/// What is known of a picture, in the pixels of the upright picture.
#[derive(Default)]
pub struct Attached {
    boxes: Vec<(Rect, i32)>,
    points: Option<Points>,
    /// Whether the source told of each point that it is there.
    there: Vec<bool>,
    mask: Option<Mask>,
}

impl Attached {
    /// What a source knows of a sample whose upright picture has this size.
    pub fn of(source: &dyn Source, id: u64, size: Size, limits: &Limits) -> Result<Self> {
        let known = source.annotations(id)?;
        let (w, h) = if known.relative { (size.width as f64, size.height as f64) } else { (1.0, 1.0) };
        let edges = |r: Rect| Rect::new(r.x0 * w, r.y0 * h, r.x1 * w, r.y1 * h);
        let boxes = known.boxes.iter().flatten().map(|one| (edges(one.edges), one.label)).collect();
        let mask = known.mask.as_ref().map(|file| mask(file, limits)).transpose()?;
        if let Some(mask) = &mask
            && mask.size() != size
        {
            return Err(Error::input(format!("the mask is {} (height × width), its picture {size}", mask.size())));
        }
        let points = known.points.clone();
        let there = points.as_ref().map_or_else(Vec::new, |points| {
            (0..points.rows.len()).map(|k| points.visible.get(k).is_none_or(|seen| *seen > 0)).collect()
        });
        Ok(Self { boxes, points, there, mask })
    }

    /// The picture and what is attached to it, after a recipe.
    pub fn apply(
        &self,
        picture: &Picture,
        pipeline: &Pipeline,
        recipe: &Recipe,
        scratch: &mut Scratch,
    ) -> Result<(Picture, Self)> {
        let shapes: Vec<Shape> = self.boxes.iter().map(|(edges, _)| Shape::Upright(*edges)).collect();
        let sample = Sample {
            images: vec![picture.view()],
            masks: self.mask.iter().map(Mask::view).collect(),
            boxes: Some(Boxes { shapes, format: BoxFormat::XYXY }),
            points: self.points.clone(),
            ..Sample::default()
        };
        let made = augment::apply(pipeline, recipe, &sample, scratch)?;
        let image = made.images.into_iter().next();
        let image = image.ok_or_else(|| Error::internal("a picture went in and none came out"))?;
        let (boxes, kept) = made.boxes.map_or_else(Default::default, |(boxes, kept)| (boxes.shapes, kept));
        let boxes = boxes.iter().zip(kept).map(|(shape, k)| (shape.around(), self.boxes[k].1)).collect();
        let (points, there) = match made.points {
            Some((points, seen)) => {
                let there = self.there.iter().zip(seen).map(|(there, seen)| *there && seen).collect();
                (Some(points), there)
            }
            None => (None, Vec::new()),
        };
        Ok((image, Self { boxes, points, there, mask: made.masks.into_iter().next() }))
    }

    /// Draws over a picture that was shrunk or enlarged from `from`.
    pub fn draw(&self, fitted: &Picture, from: Size) -> Result<Picture> {
        let size = fitted.size();
        let mut canvas = Canvas { size, pixels: rgb(fitted)? };
        let (sx, sy) = (size.width as f64 / from.width as f64, size.height as f64 / from.height as f64);
        if let Some(mask) = &self.mask {
            for k in 0..size.pixels() {
                let (y, x) = (k / size.width, k % size.width);
                let from_y = ((y as f64 + 0.5) / sy) as usize;
                let from_x = ((x as f64 + 0.5) / sx) as usize;
                let at = from_y.min(from.height - 1) * from.width + from_x.min(from.width - 1);
                let element = mask.element();
                let value = mask.bytes()[at * element..][..element]
                    .iter()
                    .rev()
                    .fold(0usize, |v, byte| v << 8 | usize::from(*byte));
                if value > 0 {
                    canvas.blend(x, y, COLOURS[(value - 1) % COLOURS.len()]);
                }
            }
        }
        for (edges, label) in &self.boxes {
            let (x0, y0) = ((edges.x0 * sx).round() as i64, (edges.y0 * sy).round() as i64);
            let (x1, y1) = ((edges.x1 * sx).round() as i64 - 1, (edges.y1 * sy).round() as i64 - 1);
            canvas.frame(x0, y0, x1.max(x0), y1.max(y0), COLOURS[label.unsigned_abs() as usize % COLOURS.len()]);
        }
        for (k, row) in self.points.iter().flat_map(|points| &points.rows).enumerate() {
            if self.there.get(k).copied().unwrap_or(true) {
                canvas.dot((row[0] * sx) as i64, (row[1] * sy) as i64, COLOURS[k % COLOURS.len()]);
            }
        }
        Picture::new(size, 3, Pixels::U8(canvas.pixels))
    }
}

/// A mask as numbers of 32 bits.
fn mask(file: &MaskFile, limits: &Limits) -> Result<Mask> {
    let options = DecodeOptions { colour: Colour::AsStored, depth: Depth::AsStored, limits: *limits };
    let decoded = |bytes: &[u8]| {
        let picture = decode(bytes, &options)?;
        let (size, channels) = (picture.size(), picture.channels());
        let values: Vec<u32> = match picture.pixels() {
            Pixels::U8(values) => values.iter().step_by(channels).map(|v| u32::from(*v)).collect(),
            Pixels::U16(values) => values.iter().step_by(channels).map(|v| u32::from(*v)).collect(),
            Pixels::F32(_) => return Err(Error::input("a mask holds whole numbers; this picture holds fractions")),
        };
        Ok((size, values))
    };
    let (size, values) = match file {
        MaskFile::Path(path) => read_file(path, limits).and_then(|bytes| decoded(&bytes)).map_err(|e| e.at(path))?,
        MaskFile::Bytes(bytes) => decoded(bytes)?,
        MaskFile::Drawn(drawing) => (drawing.size, drawing.values()),
    };
    Mask::new(size, 4, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

/// Three channels of 8 bits.
fn rgb(picture: &Picture) -> Result<Vec<u8>> {
    let Pixels::U8(pixels) = picture.pixels() else {
        return Err(Error::internal("a sheet takes 8-bit pictures"));
    };
    let channels = picture.channels();
    let pixel = |from: &[u8]| [0, 1, 2].map(|c| from[if channels < 3 { 0 } else { c }]);
    Ok(pixels.chunks_exact(channels).flat_map(pixel).collect())
}

struct Canvas {
    size: Size,
    pixels: Vec<u8>,
}

impl Canvas {
    fn set(&mut self, x: i64, y: i64, colour: [u8; 3]) {
        if (0..self.size.width as i64).contains(&x) && (0..self.size.height as i64).contains(&y) {
            self.pixels[(y as usize * self.size.width + x as usize) * 3..][..3].copy_from_slice(&colour);
        }
    }

    fn blend(&mut self, x: usize, y: usize, colour: [u8; 3]) {
        for (to, over) in self.pixels[(y * self.size.width + x) * 3..][..3].iter_mut().zip(colour) {
            *to = u8::midpoint(*to, over);
        }
    }

    /// A frame two pixels wide, its outer edge where the box has it.
    fn frame(&mut self, x0: i64, y0: i64, x1: i64, y1: i64, colour: [u8; 3]) {
        for inner in 0..2 {
            let (x0, y0, x1, y1) = (x0 + inner, y0 + inner, x1 - inner, y1 - inner);
            for x in x0.max(0)..=x1.min(self.size.width as i64 - 1) {
                self.set(x, y0, colour);
                self.set(x, y1, colour);
            }
            for y in y0.max(0)..=y1.min(self.size.height as i64 - 1) {
                self.set(x0, y, colour);
                self.set(x1, y, colour);
            }
        }
    }

    /// A dot with a dark rim.
    fn dot(&mut self, x: i64, y: i64, colour: [u8; 3]) {
        for (dy, dx) in (-3..=3i64).flat_map(|dy| (-3..=3i64).map(move |dx| (dy, dx))) {
            match dy * dy + dx * dx {
                0..=5 => self.set(x + dx, y + dy, colour),
                6..=11 => self.set(x + dx, y + dy, [0; 3]),
                _ => {}
            }
        }
    }
}
