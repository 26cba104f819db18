//! Pictures of operations that see a volume or clip as a whole: three views of it before, and the same after.
//!
//! The volume is a head of ellipsoids after Shepp and Logan ("The Fourier reconstruction of a head section", 1974), seen from
//! above, from the front and from the side; the clip is a window that wanders over the photo, seen at three times.

use std::path::Path;

use variegate::io::{DecodeOptions, EncodeFormat, decode, encode};
use variegate::ops::op::OpSpec;
use variegate::picture::Pixels;
use variegate::{Picture, Pipeline, Result, Sample, Scratch, Size, augment};

/// The side of a view, and of the border around it.
const TILE: usize = 176;
const GAP: usize = 4;
/// Voxels along each side of the volume; frames of the clip.
const SIDE: usize = 88;
const FRAMES: usize = 12;

/// Grey, centre (x, y, z), half axes, and the angle about z in degrees of each ellipsoid; greys add up.
const HEAD: [(f32, [f64; 3], [f64; 3], f64); 8] = [
    (0.9, [0.0, 0.0, 0.0], [0.69, 0.92, 0.9], 0.0),
    (-0.5, [0.0, 0.0, 0.0], [0.6624, 0.874, 0.88], 0.0),
    (-0.3, [-0.22, 0.0, -0.25], [0.41, 0.16, 0.21], 108.0),
    (-0.3, [0.22, 0.0, -0.25], [0.31, 0.11, 0.22], 72.0),
    (0.3, [0.0, 0.35, -0.25], [0.21, 0.25, 0.5], 0.0),
    (0.3, [0.0, 0.1, -0.25], [0.06, 0.06, 0.06], 0.0),
    (0.4, [-0.25, -0.6, 0.2], [0.1, 0.06, 0.2], 0.0),
    (0.4, [0.3, -0.55, 0.1], [0.12, 0.06, 0.1], 90.0),
];

/// Draws what the pipeline of an operation makes of its volume or clip.
pub fn draw(spec: &OpSpec, pipeline: &Pipeline, root: &Path, out: &Path) -> Result<()> {
    let before = if spec.family == "video" { clip(root)? } else { volume()? };
    let sample = Sample { stacks: vec![before.iter().map(Picture::view).collect()], ..Sample::default() };
    let recipe = pipeline.draw(before[0].frame(), 0, 1);
    let after = augment::apply(pipeline, &recipe, &sample, &mut Scratch::default())?.stacks.swap_remove(0);
    let look = if spec.family == "video" { times } else { sections };
    let sheet = sheet(&[look(&before), look(&after)])?;
    let bytes = encode(&sheet, &EncodeFormat::Jpeg { quality: 85 })?;
    std::fs::write(root.join(out), bytes).map_err(|error| variegate::Error::io(format!("{}: {error}", out.display())))
}

/// The slices of the head, in colour so that a page of pictures is of one kind.
fn volume() -> Result<Vec<Picture>> {
    let place = |k: usize| (k as f64 + 0.5) / SIDE as f64 * 2.0 - 1.0;
    let inside = |(x, y, z): (f64, f64, f64), [cx, cy, cz]: [f64; 3], [a, b, c]: [f64; 3], degrees: f64| {
        let (s, t) = degrees.to_radians().sin_cos();
        let (dx, dy, dz) = (x - cx, y - cy, z - cz);
        ((dx * t + dy * s) / a).powi(2) + ((dy * t - dx * s) / b).powi(2) + (dz / c).powi(2) <= 1.0
    };
    let grey = |z: usize, k: usize| {
        let at = (place(k % SIDE), place(k / SIDE), place(z));
        let sum: f32 =
            HEAD.iter().filter(|(_, centre, axes, turn)| inside(at, *centre, *axes, *turn)).map(|e| e.0).sum();
        (sum.clamp(0.0, 1.0) * 255.0) as u8
    };
    let slice = |z: usize| (0..SIDE * SIDE).flat_map(|k| [grey(z, k); 3]).collect();
    (0..SIDE).map(|z| Picture::new(Size::new(SIDE, SIDE), 3, Pixels::U8(slice(z)))).collect()
}

/// Frames of a window that wanders over the photo from left to right.
fn clip(root: &Path) -> Result<Vec<Picture>> {
    let file = root.join("docs/ops/pictures/source/astronaut.jpg");
    let bytes = std::fs::read(&file).map_err(|error| variegate::Error::io(format!("{}: {error}", file.display())))?;
    let photo = decode(&bytes, &DecodeOptions::default())?;
    let size = photo.size();
    let window = size.shorter() * 2 / 3;
    let Pixels::U8(pixels) = photo.pixels() else { return Err(variegate::Error::internal("a photo of bytes")) };
    let frame = |k: usize| {
        let left = (size.width - window) * k / (FRAMES - 1);
        let rows = pixels.chunks_exact(size.width * 3).take(window);
        Pixels::U8(rows.flat_map(|row| row[left * 3..(left + window) * 3].iter().copied()).collect())
    };
    (0..FRAMES).map(|k| Picture::new(Size::new(window, window), 3, frame(k))).collect()
}

/// A view that is read by (row, column): its size and its pixels.
struct Seen {
    size: Size,
    pixels: Vec<[u8; 3]>,
}

impl Seen {
    fn new(height: usize, width: usize, at: impl Fn(usize, usize) -> [u8; 3]) -> Self {
        let pixels = (0..height * width).map(|k| at(k / width, k % width)).collect();
        Self { size: Size::new(height, width), pixels }
    }
}

fn pixel(picture: &Picture, y: usize, x: usize) -> [u8; 3] {
    let Pixels::U8(pixels) = picture.pixels() else { return [0; 3] };
    let at = (y * picture.size().width + x) * 3;
    [pixels[at], pixels[at + 1], pixels[at + 2]]
}

/// A volume cut through its middle from above, from the front and from the side.
fn sections(slices: &[Picture]) -> Vec<Seen> {
    let (depth, size) = (slices.len(), slices[0].size());
    vec![
        Seen::new(size.height, size.width, |y, x| pixel(&slices[depth / 2], y, x)),
        Seen::new(depth, size.width, |z, x| pixel(&slices[depth - 1 - z], size.height / 2, x)),
        Seen::new(depth, size.height, |z, y| pixel(&slices[depth - 1 - z], y, size.width / 2)),
    ]
}

/// The first, the middle and the last frame of a clip.
fn times(frames: &[Picture]) -> Vec<Seen> {
    let size = frames[0].size();
    let last = frames.len() - 1;
    let seen = |k: usize| Seen::new(size.height, size.width, |y, x| pixel(&frames[k], y, x));
    [0, last / 2, last].map(seen).into()
}

/// Rows of views, each fitted into its tile.
fn sheet(rows: &[Vec<Seen>]) -> Result<Picture> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let (height, width) = (rows.len() * (TILE + GAP) + GAP, columns * (TILE + 2 * GAP));
    let mut pixels = vec![128u8; height * width * 3];
    for (r, row) in rows.iter().enumerate() {
        for (c, seen) in row.iter().enumerate() {
            let longer = seen.size.height.max(seen.size.width);
            let (h, w) = (seen.size.height * TILE / longer, seen.size.width * TILE / longer);
            let (top, left) = (GAP + r * (TILE + GAP) + (TILE - h) / 2, GAP + c * (TILE + 2 * GAP) + (TILE - w) / 2);
            for y in 0..h {
                for x in 0..w {
                    let from = (y * seen.size.height / h) * seen.size.width + x * seen.size.width / w;
                    let to = ((top + y) * width + left + x) * 3;
                    pixels[to..to + 3].copy_from_slice(&seen.pixels[from]);
                }
            }
        }
    }
    Picture::new(Size::new(height, width), 3, Pixels::U8(pixels))
}
