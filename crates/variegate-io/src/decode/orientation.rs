//! The eight ways a picture may be stored, and where a file says which.
//!
//! Decoders call it for the number; the planner for the map. It never moves a pixel.

use variegate_picture::{Homography, Size};

/// How the stored picture has to be moved to stand upright. The numbers are EXIF's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Orientation {
    /// As it stands.
    #[default]
    Upright = 1,
    /// Left and right exchanged.
    Mirrored = 2,
    /// Turned by half.
    HalfTurn = 3,
    /// Top and bottom exchanged.
    Flipped = 4,
    /// Rows are columns.
    Transposed = 5,
    /// To be turned a quarter clockwise.
    QuarterTurn = 6,
    /// Rows are columns, and turned by half.
    Transversed = 7,
    /// To be turned a quarter counter-clockwise.
    CounterTurn = 8,
}

impl Orientation {
    /// All eight, in order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Upright,
        Self::Mirrored,
        Self::HalfTurn,
        Self::Flipped,
        Self::Transposed,
        Self::QuarterTurn,
        Self::Transversed,
        Self::CounterTurn,
    ];

    /// The orientation of a number from 1 to 8.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.number() == number)
    }

    /// 1 to 8.
    pub fn number(self) -> u64 {
        self as u8 as u64
    }

    /// Whether height and width change places.
    pub fn swaps_sides(self) -> bool {
        self.number() >= 5
    }

    /// The map from the upright picture (output) to the stored one (input), and the upright size. It moves
    /// whole pixels, so folding it into a plan costs nothing.
    pub fn homography(self, stored: Size) -> (Homography, Size) {
        let (w, h) = (stored.width as f64, stored.height as f64);
        let map = match self {
            Self::Upright => Homography::IDENTITY,
            Self::Mirrored => Homography::affine(-1.0, 0.0, w, 0.0, 1.0, 0.0),
            Self::HalfTurn => Homography::affine(-1.0, 0.0, w, 0.0, -1.0, h),
            Self::Flipped => Homography::affine(1.0, 0.0, 0.0, 0.0, -1.0, h),
            Self::Transposed => Homography::affine(0.0, 1.0, 0.0, 1.0, 0.0, 0.0),
            Self::QuarterTurn => Homography::affine(0.0, 1.0, 0.0, -1.0, 0.0, h),
            Self::Transversed => Homography::affine(0.0, -1.0, w, -1.0, 0.0, h),
            Self::CounterTurn => Homography::affine(0.0, -1.0, w, 1.0, 0.0, 0.0),
        };
        let upright = if self.swaps_sides() { Size::new(stored.width, stored.height) } else { stored };
        (map, upright)
    }

    /// The orientation an EXIF block (a TIFF directory) tells; upright where it is absent or damaged, as the
    /// pixels are fine all the same.
    pub(crate) fn from_exif(block: &[u8]) -> Self {
        Directory::new(block).and_then(|d| d.short(274)).and_then(|n| Self::from_number(n.into())).unwrap_or_default()
    }
}

/// The first directory of a TIFF structure.
pub(crate) struct Directory<'a> {
    bytes: &'a [u8],
    little: bool,
    start: usize,
    count: usize,
}

impl<'a> Directory<'a> {
    /// Finds the first directory of a classic TIFF; none where anything points outside the bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let mut directory = Self { bytes, little, start: 0, count: 0 };
        directory.start = usize::try_from(directory.u32(4)?).ok()?.checked_add(2)?;
        directory.count = usize::from(directory.u16(directory.start - 2)?);
        Some(directory)
    }

    /// Where the values of a tag of one number up to 65535 stand, and the values. A damaged directory may hold a
    /// tag twice; the first one counts.
    pub(crate) fn shorts_at(&self, tag: u16) -> impl Iterator<Item = (usize, u16)> {
        (0..self.count).filter_map(move |k| {
            let entry = self.start.checked_add(k * 12)?;
            let kind = (self.u16(entry)? == tag && self.u32(entry + 4)? == 1).then(|| self.u16(entry + 2))??;
            // Type 3 is SHORT; writers of LONG (4) exist.
            match kind {
                3 => Some((entry + 8, self.u16(entry + 8)?)),
                4 => Some((entry + if self.little { 8 } else { 10 }, u16::try_from(self.u32(entry + 8)?).ok()?)),
                _ => None,
            }
        })
    }

    /// The value of a short tag.
    pub(crate) fn short(&self, tag: u16) -> Option<u16> {
        self.shorts_at(tag).next().map(|(_, value)| value)
    }

    /// Whether numbers are little-endian.
    pub(crate) fn is_little(&self) -> bool {
        self.little
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let b = self.bytes.get(at..at.checked_add(2)?)?;
        Some(if self.little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let b = self.bytes.get(at..at.checked_add(4)?)?;
        let b = [b[0], b[1], b[2], b[3]];
        Some(if self.little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Point;

    /// An EXIF block of one tag.
    pub(crate) fn block(orientation: u16) -> Vec<u8> {
        let mut bytes = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
        bytes.extend(orientation.to_be_bytes());
        bytes.extend([0; 6]);
        bytes
    }

    #[test]
    fn every_number_is_read_and_nonsense_is_upright() {
        for orientation in Orientation::ALL {
            assert_eq!(Orientation::from_exif(&block(orientation.number() as u16)), orientation);
        }
        assert_eq!(Orientation::from_exif(&block(9)), Orientation::Upright);
        let whole = block(6);
        for length in 0..20 {
            Orientation::from_exif(&whole[..length]);
        }
        assert_eq!(Orientation::from_exif(b"II*\0\xff\xff\xff\xff"), Orientation::Upright);
    }

    #[test]
    fn maps_are_permutations_that_cover_the_stored_picture() {
        let stored = Size::new(3, 5);
        for orientation in Orientation::ALL {
            let (map, upright) = orientation.homography(stored);
            assert!(map.is_permutation(), "{orientation:?}");
            let mut seen = [false; 15];
            for y in 0..upright.height {
                for x in 0..upright.width {
                    let p = map.apply(Point::new(x as f64 + 0.5, y as f64 + 0.5));
                    seen[p.y.floor() as usize * 5 + p.x.floor() as usize] = true;
                }
            }
            assert!(seen.iter().all(|s| *s), "{orientation:?}");
        }
    }

    #[test]
    fn a_quarter_turn_brings_the_stored_bottom_left_to_the_top_left() {
        let (map, upright) = Orientation::QuarterTurn.homography(Size::new(3, 5));
        assert_eq!(upright, Size::new(5, 3));
        assert_eq!(map.apply(Point::new(0.5, 0.5)), Point::new(0.5, 2.5));
    }
}
