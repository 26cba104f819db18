//! Known: the annotations of a sample in the pixels of its upright picture.
//!
//! The maker asks for it when the picture's header is read, before it draws, so that operations which look at boxes and
//! masks see them; the façade's calls say the same of arrays. Errors name the mask's file.

use std::borrow::Cow;
use std::path::Path;

use variegate_io::{Colour, DecodeOptions, Depth, Header, Limits, decode, header as read_header, read_file};
use variegate_picture::boxes::Shape;
use variegate_picture::{Boxes, Error, Mask, Pixels, Point, Points, Rect, Result, Size};
use variegate_plan::{Attached, Route};

use crate::annotations::{Annotations, Kinds, Labelled, MaskFile};
use crate::reading::Reading;
use crate::source::Source;
use crate::targets::{MaskDtype, TargetOptions};

/// The annotations of a sample in pixels.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its boxes.
    pub boxes: Boxes,
    /// The class of each box.
    pub labels: Vec<i32>,
    /// Its points.
    pub points: Points,
    /// How many of them belong to each box; 0 where they belong to the picture.
    pub points_of_box: usize,
    /// Its mask.
    pub mask: Option<Mask>,
    /// Whether the mask's value k + 1 is the instance of box k.
    pub mask_of_boxes: bool,
}

/// What is asked for of a sample's annotations.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Which kinds.
    pub kinds: Kinds,
    /// The element type of masks.
    pub mask_dtype: MaskDtype,
    /// How many points belong to each box; 0 where they belong to the picture.
    pub points_of_box: usize,
    /// The numbers of a point: 2, 3 or 4.
    pub point_columns: usize,
    /// Whether masks show the instances of boxes.
    pub mask_of_boxes: bool,
}

impl Asked {
    /// What a loader asks of a source: the kinds that its first sample has and the options want.
    pub fn of(source: &dyn Source, options: &TargetOptions, limits: &Limits) -> Result<Self> {
        let first = if source.is_empty() { Cow::Borrowed(Annotations::NONE) } else { source.annotations(0)? };
        let kinds = first.kinds().and(options.kinds);
        let mask_dtype = match options.mask_dtype {
            Some(dtype) => dtype,
            None if kinds.masks => first_dtype(source, limits),
            None => MaskDtype::U8,
        };
        let point_columns = first.points.as_ref().map_or(2, |points| points.given.clamp(2, 4));
        let (points_of_box, mask_of_boxes) = (first.points_of_box, first.mask_of_boxes);
        Ok(Self { kinds, mask_dtype, points_of_box, point_columns, mask_of_boxes })
    }

    /// The annotations of a sample whose header is read.
    pub fn known(&self, annotations: &Annotations, header: &Header, reading: &Reading) -> Result<Known> {
        let upright = reading.upright_size(header);
        let turned = match annotations.size {
            Some(size) if size == upright => false,
            // Made for the picture as it is stored.
            Some(size) if size == header.size => true,
            Some(size) => {
                return Err(Error::input(format!(
                    "the annotations are for a picture of {size} (height × width), this one is {upright}; mend the \
                     annotations, or give the pictures they were made for"
                )));
            }
            None => false,
        };
        let (from, to) = if turned { (header.size, upright) } else { (upright, upright) };
        let route = reading.turn(header, turned);
        // Points and masks of boxes follow the boxes, whether those are delivered or not.
        let needed = self.kinds.boxes || annotations.points_of_box > 0 || annotations.mask_of_boxes;
        let listed = annotations.boxes.as_deref().filter(|_| needed).unwrap_or(&[]);
        let boxes = pixels(listed, annotations.relative, from);
        let boxes = match &route {
            Some(route) => moved_whole(boxes, route),
            None => boxes,
        };
        let points = annotations.points.clone().filter(|_| self.kinds.points).unwrap_or_default();
        let expected = annotations.points_of_box * listed.len();
        if annotations.points_of_box > 0 && self.kinds.points && points.rows.len() != expected {
            return Err(Error::input(format!("expected {expected} points for its boxes, found {}", points.rows.len())));
        }
        let points = match &route {
            Some(route) => route.points(&points, &[]).0,
            None => points,
        };
        let mask = match &annotations.mask {
            Some(file) if self.kinds.masks => Some(self.mask(file, to, header, reading)?),
            _ => None,
        };
        let labels = listed.iter().map(|labelled| labelled.label).collect();
        let Annotations { points_of_box, mask_of_boxes, .. } = *annotations;
        Ok(Known { boxes, labels, points, points_of_box, mask, mask_of_boxes })
    }

    /// A mask of the size of the upright picture, or turned upright as the picture is.
    fn mask(&self, file: &MaskFile, upright: Size, header: &Header, reading: &Reading) -> Result<Mask> {
        let path = if let MaskFile::Path(path) = file { path.as_path() } else { Path::new("") };
        let made = || {
            let mask = match file {
                MaskFile::Path(path) => self.decoded(&read_file(path, &reading.limits)?, &reading.limits)?,
                MaskFile::Bytes(bytes) => self.decoded(bytes, &reading.limits)?,
                MaskFile::Drawn(drawing) => {
                    let bytes = elements(drawing.values().into_iter(), self.mask_dtype)?;
                    Mask::new(drawing.size, self.mask_dtype.bytes(), bytes)?
                }
            };
            if mask.size() == upright {
                return Ok(mask);
            }
            match reading.turn(header, true) {
                Some(route) if mask.size() == header.size => {
                    Ok(variegate_engine::move_mask(&route, mask.view(), &vec![0; mask.element()]))
                }
                _ => Err(Error::input(format!(
                    "the mask is {} (height × width), its picture {upright}; expected one size",
                    mask.size()
                ))),
            }
        };
        made().map_err(|error: Error| if path.as_os_str().is_empty() { error } else { error.at(path) })
    }

    /// The values of a mask file, in the element type of the batch.
    fn decoded(&self, bytes: &[u8], limits: &Limits) -> Result<Mask> {
        let options = DecodeOptions { colour: Colour::AsStored, depth: Depth::AsStored, limits: *limits };
        let picture = decode(bytes, &options)?;
        if picture.channels() != 1 {
            return Err(Error::input(format!(
                "a mask holds one number a pixel (grey, or indices of a palette); this picture has {} channels",
                picture.channels()
            )));
        }
        let size = picture.size();
        let dtype = self.mask_dtype;
        let bytes = match picture.into_pixels() {
            Pixels::U8(values) => elements(values.into_iter().map(u32::from), dtype),
            Pixels::U16(values) => elements(values.into_iter().map(u32::from), dtype),
            Pixels::F32(_) => Err(Error::input("a mask holds whole numbers; this picture holds fractions")),
        };
        Mask::new(size, dtype.bytes(), bytes?)
    }
}

impl Known {
    /// What operations may know of it.
    pub fn attached(&self) -> Attached {
        let boxes = self.boxes.shapes.iter().map(Shape::around).collect();
        let corners = |rect: Rect| [Point::new(rect.x0, rect.y0), Point::new(rect.x1, rect.y1)];
        let marked = self.mask.iter().filter_map(|mask| mask.view().marked());
        Attached { boxes, marked: Rect::around(marked.flat_map(corners)) }
    }
}

impl Reading {
    /// The size of a picture as plans see it: upright, where it is turned.
    pub fn upright_size(&self, header: &Header) -> Size {
        if self.upright { header.upright() } else { header.size }
    }

    /// The way from the stored picture to the upright one; none where nothing turns or nothing should.
    fn turn(&self, header: &Header, turned: bool) -> Option<Route> {
        if !turned || !self.upright {
            return None;
        }
        let (map, upright) = header.orientation.homography(header.size);
        let mut builder = variegate_plan::Builder::new(variegate_picture::Frame { size: header.size, channels: 1 });
        builder.permute(map, upright);
        Some(builder.into_plan(variegate_plan::Meaning::Exact).route())
    }
}

fn pixels(boxes: &[Labelled], relative: bool, size: Size) -> Boxes {
    let (w, h) = if relative { (size.width as f64, size.height as f64) } else { (1.0, 1.0) };
    let scaled = |edges: Rect| Rect::new(edges.x0 * w, edges.y0 * h, edges.x1 * w, edges.y1 * h);
    let shapes = boxes.iter().map(|labelled| Shape::Upright(scaled(labelled.edges))).collect();
    Boxes { shapes, format: variegate_picture::BoxFormat::XYXY }
}

/// Boxes turned as a picture is turned upright: none is dropped.
fn moved_whole(boxes: Boxes, route: &Route) -> Boxes {
    let turned = |shape: &Shape| {
        let corners = shape.corners().into_iter().filter_map(|corner| route.point(corner).map(|(p, _)| p));
        Rect::around(corners).map_or(*shape, Shape::Upright)
    };
    Boxes { shapes: boxes.shapes.iter().map(turned).collect(), format: boxes.format }
}

fn elements(values: impl ExactSizeIterator<Item = u32>, dtype: MaskDtype) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(values.len() * dtype.bytes());
    for value in values {
        if value > dtype.most() {
            return Err(Error::input(format!(
                "the mask holds {value}, more than its element type {} can; say mask_dtype=\"uint16\" or \"int32\"",
                dtype.name()
            )));
        }
        dtype.push(value, &mut bytes);
    }
    Ok(bytes)
}

/// The element type of the first of a few masks that can be read.
fn first_dtype(source: &dyn Source, limits: &Limits) -> MaskDtype {
    let of = |id: u64| {
        let annotations = source.annotations(id).ok()?;
        let header = match annotations.mask.as_ref()? {
            MaskFile::Path(path) => read_header(&read_file(path, limits).ok()?, limits),
            MaskFile::Bytes(bytes) => read_header(bytes, limits),
            // Drawn with instances or with classes, of which 0 is none.
            MaskFile::Drawn(_) if annotations.mask_of_boxes || source.classes() > 255 => return Some(MaskDtype::U16),
            MaskFile::Drawn(_) => return Some(MaskDtype::U8),
        };
        Some(if header.ok()?.dtype.bytes() == 1 { MaskDtype::U8 } else { MaskDtype::U16 })
    };
    (0..source.len().min(8)).find_map(of).unwrap_or(MaskDtype::U8)
}
