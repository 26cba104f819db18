//! Boxes attached to a picture, in every format users have, held as edges in the plane.

use crate::geometry::{Point, Rect};
use crate::{Error, Result, Size};

/// How four numbers (five for oriented boxes) make a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoxFormat {
    order: Order,
    relative: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Xyxy,
    Yxyx,
    Xywh,
    CenterXywh,
    CenterYxhw,
    Oriented,
}

impl BoxFormat {
    /// Every name users type: Keras's, and those of data sets and other libraries.
    pub const NAMES: &'static [&'static str] = &[
        "xyxy",
        "yxyx",
        "xywh",
        "center_xywh",
        "center_yxhw",
        "rel_xyxy",
        "rel_yxyx",
        "rel_xywh",
        "rel_center_xywh",
        "rel_center_yxhw",
        "coco",
        "pascal_voc",
        "yolo",
        "albumentations",
        "oriented",
    ];

    /// Left, top, right, bottom in pixels.
    pub const XYXY: Self = Self { order: Order::Xyxy, relative: false };

    /// The format of a name, in any case.
    pub fn from_name(name: &str) -> Result<Self> {
        let lower = name.to_lowercase();
        let (relative, order) = match lower.as_str() {
            "pascal_voc" => (false, "xyxy"),
            "coco" => (false, "xywh"),
            "yolo" => (true, "center_xywh"),
            "albumentations" => (true, "xyxy"),
            other => match other.strip_prefix("rel_") {
                Some(rest) => (true, rest),
                None => (false, other),
            },
        };
        let order = match order {
            "xyxy" => Order::Xyxy,
            "yxyx" => Order::Yxyx,
            "xywh" => Order::Xywh,
            "center_xywh" => Order::CenterXywh,
            "center_yxhw" => Order::CenterYxhw,
            "oriented" if !relative => Order::Oriented,
            _ => {
                let near = crate::error::nearest(&lower, Self::NAMES.iter().copied());
                let mend = near.map_or_else(|| Self::NAMES.join(", "), |n| format!("did you mean {n:?}?"));
                return Err(Error::parameter(format!("unknown box format {name:?}; {mend}")));
            }
        };
        Ok(Self { order, relative })
    }

    /// Numbers in a row: 5 for oriented boxes, otherwise 4.
    pub fn columns(self) -> usize {
        if self.order == Order::Oriented { 5 } else { 4 }
    }

    /// Whether boxes carry an angle.
    pub fn is_oriented(self) -> bool {
        self.order == Order::Oriented
    }
}

/// One box: edges for upright boxes; centre, sides and angle for oriented ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// An upright box.
    Upright(Rect),
    /// Centre x, y, width, height, and degrees counter-clockwise as seen.
    Oriented([f64; 5]),
}

impl Shape {
    /// Its corners, clockwise as seen from the top left of the unturned box.
    pub fn corners(&self) -> [Point; 4] {
        let [cx, cy, w, h, degrees] = match self {
            Shape::Upright(rect) => return rect.corners(),
            Shape::Oriented(five) => *five,
        };
        let (s, c) = (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()));
        // Counter-clockwise as seen: the width axis points to (c, −s), the height axis to (s, c).
        let at =
            |u: f64, v: f64| Point::new(cx + u * w / 2.0 * c + v * h / 2.0 * s, cy - u * w / 2.0 * s + v * h / 2.0 * c);
        [at(-1.0, -1.0), at(1.0, -1.0), at(1.0, 1.0), at(-1.0, 1.0)]
    }

    /// The upright rectangle around it.
    pub fn around(&self) -> Rect {
        let [a, b, c, d] = self.corners();
        let corner = Rect::new(a.x, a.y, a.x, a.y);
        Rect::around([a, b, c, d]).unwrap_or(corner)
    }
}

/// Boxes of one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxes {
    /// The boxes in pixels.
    pub shapes: Vec<Shape>,
    /// The format they came in and go out in.
    pub format: BoxFormat,
}

impl Boxes {
    /// Reads flat rows of a format for a picture of `size`.
    pub fn from_rows(values: &[f64], format: BoxFormat, size: Size) -> Result<Self> {
        let columns = format.columns();
        if !values.len().is_multiple_of(columns) {
            return Err(Error::parameter(format!(
                "boxes need {columns} columns a row; {} numbers given",
                values.len()
            )));
        }
        if let Some(k) = values.iter().position(|v| !v.is_finite()) {
            return Err(Error::input(format!("box {} holds {}; expected finite numbers", k / columns, values[k])));
        }
        let (w, h) = if format.relative { (size.width as f64, size.height as f64) } else { (1.0, 1.0) };
        let shapes = values
            .chunks_exact(columns)
            .map(|r| match format.order {
                Order::Xyxy => Shape::Upright(Rect::new(r[0] * w, r[1] * h, r[2] * w, r[3] * h)),
                Order::Yxyx => Shape::Upright(Rect::new(r[1] * w, r[0] * h, r[3] * w, r[2] * h)),
                Order::Xywh => Shape::Upright(Rect::new(r[0] * w, r[1] * h, (r[0] + r[2]) * w, (r[1] + r[3]) * h)),
                Order::CenterXywh => upright(r[0] * w, r[1] * h, r[2] * w, r[3] * h),
                Order::CenterYxhw => upright(r[1] * w, r[0] * h, r[3] * w, r[2] * h),
                Order::Oriented => Shape::Oriented([r[0], r[1], r[2], r[3], r[4]]),
            })
            .collect();
        Ok(Self { shapes, format })
    }

    /// Writes flat rows in the format the boxes came in, for a picture of `size`.
    pub fn to_rows(&self, size: Size) -> Vec<f64> {
        let (w, h) = if self.format.relative { (size.width as f64, size.height as f64) } else { (1.0, 1.0) };
        let mut rows = Vec::with_capacity(self.shapes.len() * self.format.columns());
        for shape in &self.shapes {
            match (shape, self.format.order) {
                (Shape::Oriented(five), _) => rows.extend_from_slice(five),
                (Shape::Upright(r), order) => {
                    let (cx, cy) = ((r.x0 + r.x1) / 2.0 / w, (r.y0 + r.y1) / 2.0 / h);
                    let (bw, bh) = ((r.x1 - r.x0) / w, (r.y1 - r.y0) / h);
                    let (x0, y0, x1, y1) = (r.x0 / w, r.y0 / h, r.x1 / w, r.y1 / h);
                    rows.extend_from_slice(&match order {
                        Order::Yxyx => [y0, x0, y1, x1],
                        Order::Xywh => [x0, y0, bw, bh],
                        Order::CenterXywh => [cx, cy, bw, bh],
                        Order::CenterYxhw => [cy, cx, bh, bw],
                        Order::Xyxy | Order::Oriented => [x0, y0, x1, y1],
                    });
                }
            }
        }
        rows
    }
}

fn upright(cx: f64, cy: f64, w: f64, h: f64) -> Shape {
    Shape::Upright(Rect::new(cx - w / 2.0, cy - h / 2.0, cx + w / 2.0, cy + h / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_returns_what_it_was_given() {
        let size = Size::new(40, 80);
        for name in BoxFormat::NAMES {
            let format = BoxFormat::from_name(name).expect("a listed name");
            let row = if format.is_oriented() { vec![30.0, 20.0, 10.0, 5.0, 30.0] } else { vec![0.25, 0.5, 0.5, 0.75] };
            let boxes = Boxes::from_rows(&row, format, size).expect("a proper row");
            let back = boxes.to_rows(size);
            assert!(row.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-12), "{name}: {row:?} {back:?}");
        }
    }

    #[test]
    fn one_box_in_three_formats() {
        let size = Size::new(100, 200);
        let rect = Shape::Upright(Rect::new(20.0, 10.0, 60.0, 50.0));
        for (name, row) in
            [("coco", [20.0, 10.0, 40.0, 40.0]), ("yolo", [0.2, 0.3, 0.2, 0.4]), ("rel_yxyx", [0.1, 0.1, 0.5, 0.3])]
        {
            let boxes = Boxes::from_rows(&row, BoxFormat::from_name(name).expect("known"), size).expect("four numbers");
            let (Shape::Upright(a), Shape::Upright(b)) = (boxes.shapes[0], rect) else { unreachable!() };
            assert!(a.within(b, 1e-9) && b.within(a, 1e-9), "{name}: {a:?}");
        }
        let error = BoxFormat::from_name("xyyx").expect_err("unknown");
        assert!(error.to_string().contains("did you mean"), "{error}");
    }
}
