//! Drawn: masks that are kept as outlines and run lengths, and drawn when a sample is made.
//!
//! Data sets of instances hold them so, at a hundredth of the memory. `known` draws one for each sample.

use variegate_picture::{Error, Point, Result, Size};

/// A mask as a list of shapes; a later one covers an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Height and width of the picture.
    pub size: Size,
    /// Shapes, and the value each is drawn with.
    pub shapes: Vec<(Shape, u32)>,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Rings of corners (x, y); a pixel whose centre lies in any of them is drawn.
    Rings(Vec<Vec<[f32; 2]>>),
    /// Run lengths, column by column from the top left: so many pixels out, so many in, and so on.
    Runs(Vec<u32>),
}

impl Drawing {
    /// The value of each pixel, row by row; 0 where nothing is drawn.
    pub fn values(&self) -> Vec<u32> {
        let mut values = vec![0; self.size.pixels()];
        for (shape, value) in &self.shapes {
            match shape {
                Shape::Rings(rings) => rings.iter().for_each(|ring| self.fill(ring, *value, &mut values)),
                Shape::Runs(runs) => self.run(runs, *value, &mut values),
            }
        }
        values
    }

    /// A number that changes when a shape does.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = self.shapes.len() as u64;
        let mut add = |number: u32| hash = hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(number);
        for (shape, value) in &self.shapes {
            add(*value);
            match shape {
                Shape::Rings(rings) => rings.iter().flatten().flatten().for_each(|side| add(side.to_bits())),
                Shape::Runs(runs) => runs.iter().for_each(|run| add(*run)),
            }
        }
        hash
    }

    /// Fills a ring by the even–odd rule.
    fn fill(&self, ring: &[[f32; 2]], value: u32, values: &mut [u32]) {
        let corner = |k: usize| Point::new(f64::from(ring[k][0]), f64::from(ring[k][1]));
        let mut crossings = Vec::new();
        for (row, line) in values.chunks_exact_mut(self.size.width).enumerate() {
            let y = row as f64 + 0.5;
            crossings.clear();
            for k in 0..ring.len() {
                let (a, b) = (corner(k), corner((k + 1) % ring.len()));
                if (a.y <= y) != (b.y <= y) {
                    crossings.push(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
                }
            }
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                // The columns whose centres lie between the crossings.
                let column = |x: f64| (x - 0.5).ceil().clamp(0.0, self.size.width as f64) as usize;
                line[column(pair[0])..column(pair[1])].fill(value);
            }
        }
    }

    fn run(&self, runs: &[u32], value: u32, values: &mut [u32]) {
        let Size { height, width } = self.size;
        let mut at = 0usize;
        for (k, length) in runs.iter().enumerate() {
            let end = at.saturating_add(*length as usize).min(height * width);
            if k % 2 == 1 {
                (at..end).for_each(|place| values[place % height * width + place / height] = value);
            }
            at = end;
        }
    }
}

/// Run lengths as COCO packs them into text: five bits a character, differences to the run before the last.
pub fn unpacked(text: &str) -> Result<Vec<u32>> {
    let broken = || Error::input(format!("broken run lengths {text:?}"));
    let mut runs: Vec<i64> = Vec::new();
    let mut bytes = text.bytes();
    while bytes.len() > 0 {
        let (mut number, mut shift) = (0i64, 0);
        loop {
            let bits = i64::from(bytes.next().and_then(|byte| byte.checked_sub(48)).ok_or_else(broken)?);
            if bits > 63 || shift > 30 {
                return Err(broken());
            }
            number |= (bits & 31) << shift;
            shift += 5;
            if bits & 32 == 0 {
                if bits & 16 != 0 {
                    number |= -1 << shift;
                }
                break;
            }
        }
        let before = if runs.len() > 2 { runs[runs.len() - 2] } else { 0 };
        runs.push(number + before);
    }
    runs.into_iter().map(|run| u32::try_from(run).map_err(|_| broken())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(size: Size, shapes: Vec<(Shape, u32)>) -> Vec<Vec<u32>> {
        Drawing { size, shapes }.values().chunks(size.width).map(<[u32]>::to_vec).collect()
    }

    #[test]
    fn a_ring_covers_the_pixels_whose_centres_it_holds() {
        let square = vec![[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0]];
        let half = vec![[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]];
        let size = Size::new(4, 5);
        let rows = drawn(size, vec![(Shape::Rings(vec![half]), 2), (Shape::Rings(vec![square]), 7)]);
        // The hypotenuse runs through centres: those on it are out.
        assert_eq!(rows, [[2, 2, 2, 0, 0], [2, 7, 7, 0, 0], [2, 7, 7, 0, 0], [0, 0, 0, 0, 0]]);
    }

    #[test]
    fn runs_go_down_the_columns() {
        let rows = drawn(Size::new(3, 4), vec![(Shape::Runs(vec![1, 3, 100]), 5)]);
        assert_eq!(rows, [[0, 5, 0, 0], [5, 0, 0, 0], [5, 0, 0, 0]]);
        assert_eq!(drawn(Size::new(1, 2), vec![(Shape::Runs(vec![0, 1000]), 1)]), [[1, 1]], "cut at the end");
    }

    /// Packs as the format says, written from its description alone.
    fn packed(runs: &[i64]) -> String {
        let mut text = String::new();
        for (k, run) in runs.iter().enumerate() {
            let mut rest = if k > 2 { run - runs[k - 2] } else { *run };
            loop {
                let bits = rest & 31;
                rest >>= 5;
                let ends = if bits & 16 != 0 { rest == -1 } else { rest == 0 };
                text.push((48 + bits + if ends { 0 } else { 32 }) as u8 as char);
                if ends {
                    break;
                }
            }
        }
        text
    }

    #[test]
    fn packed_runs_are_unpacked() {
        for runs in
            [vec![0, 4, 9000, 3, 2, 70000, 1], vec![5], vec![], vec![272, 2, 4, 4, 4, 4, 2, 9, 1, 2, 16, 43, 143, 24]]
        {
            let expected: Vec<u32> = runs.iter().map(|run| *run as u32).collect();
            assert_eq!(unpacked(&packed(&runs)).expect("unpacks"), expected);
        }
        for broken in ["\u{7f}", "o", "ooooooooooooo", "/"] {
            assert!(unpacked(broken).is_err(), "{broken:?}");
        }
        assert!(unpacked(&packed(&[4, 4, 4, -9])).is_err(), "a run of less than nothing");
    }
}
