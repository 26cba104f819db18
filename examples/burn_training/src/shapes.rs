//! Class folders to learn from where none are given: discs, squares, triangles and rings in JPEG files.
//!
//! `main` calls it. Colour, place, size and ground are drawn alike for every class, so that the shape alone tells them
//! apart. A folder that is there already is used again.

use std::path::PathBuf;

use variegate::picture::Pixels;
use variegate::picture::key::Address;
use variegate::{Picture, Result, Size, io};

const CLASSES: [&str; 4] = ["disc", "ring", "square", "triangle"];
/// Few, so that augmentation has something to add.
const EACH: u64 = 200;
/// Height and width of a file's picture, in pixels.
const SIDE: usize = 72;

/// Draws the folders, and says where they are.
pub fn draw(root: PathBuf) -> Result<PathBuf> {
    for (class, name) in CLASSES.iter().enumerate() {
        let folder = root.join(name);
        let failed = |error: std::io::Error| variegate::Error::io(error.to_string()).at(&folder);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        for k in 0..EACH {
            let file = folder.join(format!("{k:03}.jpg"));
            if !file.exists() {
                let bytes = io::encode(&picture(class, k)?, &io::EncodeFormat::Jpeg { quality: 90 })?;
                std::fs::write(file, bytes).map_err(failed)?;
            }
        }
    }
    Ok(root)
}

/// One picture of a class.
fn picture(class: usize, k: u64) -> Result<Picture> {
    let address = Address { seed: 1, epoch: 0, sample: k, place: class as u64 };
    let between = |draw: u64, lo: f64, hi: f64| lo + (hi - lo) * address.unit(draw);
    let side = SIDE as f64;
    let radius = between(0, 0.25, 0.4) * side;
    let (x, y) = (between(1, radius, side - radius), between(2, radius, side - radius));
    let (sin, cos) = between(3, -0.5, 0.5).sin_cos();
    let colour = [4, 5, 6].map(|draw| between(draw, 150.0, 255.0));
    let ground = [7, 8, 9].map(|draw| between(draw, 0.0, 90.0));
    let grain = address.field(10);
    let mut values = Vec::with_capacity(SIDE * SIDE * 3);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let (dx, dy) = ((column as f64 + 0.5 - x) / radius, (row as f64 + 0.5 - y) / radius);
            let inside = is_inside(class, dx * cos + dy * sin, dy * cos - dx * sin);
            let noise = 12.0 * f64::from(grain.normal((row * SIDE + column) as u32, 0));
            let of = if inside { colour } else { ground };
            values.extend(of.map(|v| (v + noise).clamp(0.0, 255.0) as u8));
        }
    }
    Picture::new(Size::new(SIDE, SIDE), 3, Pixels::U8(values))
}

/// Whether a place is in a shape about the origin that reaches to 1.
fn is_inside(class: usize, x: f64, y: f64) -> bool {
    match CLASSES[class] {
        "disc" => x * x + y * y < 0.8,
        "ring" => (0.3..1.0).contains(&(x * x + y * y)),
        "square" => x.abs().max(y.abs()) < 0.8,
        _ => y < 0.7 && y > 2.0 * x.abs() - 1.0,
    }
}
