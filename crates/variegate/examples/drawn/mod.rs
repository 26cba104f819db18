//! Pictures for the examples where no folder is given: a bright square somewhere on a dark ground, or a disc.

use std::path::{Path, PathBuf};

use variegate::picture::Pixels;
use variegate::picture::key::Address;
use variegate::{Error, Picture, Result, Size, io};

/// The given folder of class folders, or one that is drawn below the system's folder for temporary files.
pub fn folder_or_drawn(given: Option<String>) -> Result<PathBuf> {
    given.map_or_else(|| class_folders(&std::env::temp_dir().join("variegate-example"), 24), |path| Ok(path.into()))
}

/// Writes `each` JPEG files for both classes, and says where.
pub fn class_folders(root: &Path, each: u64) -> Result<PathBuf> {
    for (class, name) in ["disc", "square"].into_iter().enumerate() {
        let folder = root.join(name);
        let failed = |error: std::io::Error| Error::io(error.to_string()).at(&folder);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        for k in 0..each {
            let bytes = io::encode(&shape(class == 0, k)?, &io::EncodeFormat::Jpeg { quality: 90 })?;
            std::fs::write(folder.join(format!("{k:03}.jpg")), bytes).map_err(failed)?;
        }
    }
    Ok(root.to_path_buf())
}

/// A shape of 90 × 120 pixels; its place and colour depend on `k` alone.
fn shape(round: bool, k: u64) -> Result<Picture> {
    let (height, width, radius) = (90, 120, 20.0);
    let draw = Address { seed: 3, epoch: 0, sample: k, place: u64::from(round) };
    let x = radius + draw.unit(0) * (width as f64 - 2.0 * radius);
    let y = radius + draw.unit(1) * (height as f64 - 2.0 * radius);
    let colour = [2, 3, 4].map(|n| 120 + (draw.unit(n) * 135.0) as u8);
    let mut values = Vec::with_capacity(height * width * 3);
    for row in 0..height {
        for column in 0..width {
            let (dx, dy) = ((column as f64 + 0.5 - x).abs(), (row as f64 + 0.5 - y).abs());
            let inside = if round { dx * dx + dy * dy < radius * radius } else { dx.max(dy) < radius };
            values.extend(if inside { colour } else { [40, 44, 52] });
        }
    }
    Picture::new(Size::new(height, width), 3, Pixels::U8(values))
}
