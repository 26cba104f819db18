//! Hostile and odd files, each with the outcome its manifest expects: decoded to its stored size, or refused with
//! an error that names it; never a crash, a hang or a great allocation.
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use variegate_io::{
    Colour, DecodeOptions, DecodeWish, Depth, Limits, Orientation, decode, decode_region, header, read_file,
};
use variegate_picture::{Picture, Pixels, Point, Size};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged; only numbers are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test at a time, since the counters serve the whole program.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Runs something; what it allocated at most, and how long it took.
fn measured<T>(run: impl FnOnce() -> T) -> (T, usize, Duration) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let start = Instant::now();
    let value = run();
    (value, PEAK.load(Relaxed) - before, start.elapsed())
}

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/odd");
    if folder.join("manifest.csv").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: there is no {}", folder.display());
    None
}

struct Row {
    file: String,
    expected: String,
    size: Option<Size>,
    orientation: Option<u64>,
}

fn rows(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("manifest.csv")).unwrap();
    let mut lines = text.lines().map(fields);
    let head = lines.next().unwrap();
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    let (file, expected, orientation) = (column("file"), column("expected"), column("exif_orientation"));
    let (width, height) = (column("stored_width"), column("stored_height"));
    lines
        .map(|f| Row {
            file: f[file].clone(),
            expected: f[expected].clone(),
            size: f[height].parse().ok().zip(f[width].parse().ok()).map(|(h, w)| Size::new(h, w)),
            orientation: f[orientation].parse().ok(),
        })
        .collect()
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

const MIB: usize = 1 << 20;

#[test]
fn every_file_of_the_manifest_has_its_outcome() {
    let _alone = alone();
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    let rows = rows(&folder);
    assert!(rows.len() > 100);
    for row in &rows {
        let path = folder.join(&row.file);
        for (colour, depth) in [(Colour::Rgb, Depth::Eight), (Colour::AsStored, Depth::AsStored)] {
            let options = DecodeOptions { colour, depth, ..DecodeOptions::default() };
            let (outcome, peak, took) = measured(|| {
                let bytes = read_file(&path, &options.limits)?;
                decode(&bytes, &options).map_err(|error| error.at(&path))
            });
            let mut say = |what: String| wrong.push(format!("{} {colour:?}: {what}", row.file));
            let cap = if row.expected == "limit" { 64 * MIB } else { 1536 * MIB };
            if peak > cap {
                say(format!("{peak} bytes allocated at once"));
            }
            if took > Duration::from_secs(10) {
                say(format!("took {took:?}"));
            }
            if let Err(error) = &outcome {
                println!("{}: {}", row.file, error.message());
                if !error.to_string().contains(&row.file) {
                    say(format!("the error does not name the file: {error}"));
                }
            }
            match (row.expected.as_str(), &outcome) {
                ("decode", Err(error)) => say(format!("refused: {error}")),
                ("error", Ok(picture)) => say(format!("decoded to {}", picture.size())),
                ("decode", Ok(picture)) if Some(picture.size()) != row.size => say(format!("is {}", picture.size())),
                ("decode" | "error" | "either" | "limit", _) => {}
                (other, _) => say(format!("unknown expectation {other:?}")),
            }
        }
    }
    // What the C library took is not in the counters; it is in the process's high-water mark.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: usize = line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0);
        assert!(kib * 1024 < 1536 * MIB, "{kib} KiB resident at the highest");
        println!("{kib} KiB resident at the highest");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn headers_agree_with_what_is_decoded() {
    let _alone = alone();
    let Some(folder) = folder() else { return };
    for row in rows(&folder) {
        let bytes = std::fs::read(folder.join(&row.file)).unwrap();
        for (colour, depth) in [
            (Colour::Rgb, Depth::Eight),
            (Colour::AsStored, Depth::AsStored),
            (Colour::Grey, Depth::AsStored),
            (Colour::Rgba, Depth::Eight),
        ] {
            let options = DecodeOptions { colour, depth, ..DecodeOptions::default() };
            let (Ok(header), Ok(picture)) = (header(&bytes, &options.limits), decode(&bytes, &options)) else {
                continue;
            };
            let found = (picture.size(), picture.channels(), picture.dtype());
            let (channels, dtype) = header.outcome(&options);
            assert_eq!(found, (header.size, channels, dtype), "{} {colour:?} {depth:?}", row.file);
            // Orientation in XMP is not read; one file of the collection has it there.
            if let (Some(number), false) = (row.orientation, row.file == "png_orientation.png") {
                assert_eq!(header.orientation.number(), number, "{}", row.file);
            }
        }
    }
}

#[test]
fn a_region_of_any_file_equals_the_same_part_of_the_whole() {
    let _alone = alone();
    let Some(folder) = folder() else { return };
    for row in rows(&folder).iter().filter(|row| row.expected == "decode") {
        let bytes = std::fs::read(folder.join(&row.file)).unwrap();
        for colour in [Colour::Rgb, Colour::Grey, Colour::AsStored] {
            let options = DecodeOptions { colour, ..DecodeOptions::default() };
            let header = header(&bytes, &options.limits).unwrap();
            let (w, h) = (header.size.width, header.size.height);
            for scale in [1u8, 2, 4, 8] {
                let wish = DecodeWish { region: None, scale };
                let whole = decode_region(&bytes, &header, &options, &wish).unwrap();
                let region = (w / 3, h / 4, (w / 3 * 2).max(w / 3 + 1), (h / 2).max(h / 4 + 1));
                let wish = DecodeWish { region: Some(region), scale };
                let part = decode_region(&bytes, &header, &options, &wish).unwrap();
                assert_eq!(part.scale, whole.scale);
                assert!(
                    cut(&whole.picture, part.origin, part.picture.size()) == part.picture,
                    "{} {colour:?} 1/{scale}",
                    row.file
                );
            }
        }
    }
}

/// The rectangle of a picture at an origin.
fn cut(picture: &Picture, origin: (usize, usize), size: Size) -> Picture {
    let channels = picture.channels();
    let Pixels::U8(pixels) = picture.pixels() else { panic!("8 bits") };
    let cut = (origin.1..origin.1 + size.height)
        .flat_map(|y| &pixels[(y * picture.size().width + origin.0) * channels..][..size.width * channels])
        .copied()
        .collect();
    Picture::new(size, channels, Pixels::U8(cut)).unwrap()
}

#[test]
fn a_cut_file_is_never_half_a_picture() {
    let _alone = alone();
    let Some(folder) = folder() else { return };
    let names = [
        "jpg_exif_orientation_none.jpg",
        "jpg_progressive_cat.jpg",
        "png_basn2c16.png",
        "png_la.png",
        "webp_lossy.webp",
        "webp_lossless.webp",
        "gif_dispose.gif",
        "bmp_g_rgb16-565.bmp",
        "tiff_16bit_rgb.tif",
    ];
    for name in names {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let options = DecodeOptions::default();
        let whole = header(&bytes, &options.limits).unwrap();
        // A part of the first frame only: the animation's later frames may well be missing.
        let step = (bytes.len() / 200).max(1);
        let limit = if name.starts_with("gif") { bytes.len() / 8 } else { bytes.len() * 9 / 10 };
        for length in (0..limit).step_by(step) {
            let short = &bytes[..length];
            assert!(decode(short, &options).is_err(), "{name} cut to {length} of {}", bytes.len());
            let wish = DecodeWish { region: Some((0, 0, 1, 1)), scale: 1 };
            assert!(decode_region(short, &whole, &options, &wish).is_err(), "{name}, region, cut to {length}");
        }
    }
}

#[test]
fn the_eight_orientations_of_one_face_look_alike_upright() {
    let _alone = alone();
    let Some(folder) = folder() else { return };
    let options = DecodeOptions::default();
    let upright = |name: &str| {
        let bytes = read_file(folder.join(name), &Limits::default()).unwrap();
        let header = header(&bytes, &options.limits).unwrap();
        let picture = decode(&bytes, &options).unwrap();
        let (map, size) = header.orientation.homography(picture.size());
        let Pixels::U8(pixels) = picture.pixels() else { panic!("8 bits") };
        let mut out = Vec::new();
        for y in 0..size.height {
            for x in 0..size.width {
                let p = map.apply(Point::new(x as f64 + 0.5, y as f64 + 0.5));
                let at = (p.y.floor() as usize * picture.size().width + p.x.floor() as usize) * 3;
                out.extend_from_slice(&pixels[at..at + 3]);
            }
        }
        (header.orientation, out)
    };
    let (_, face) = upright("jpg_exif_orientation_none.jpg");
    for number in 2..=8 {
        let (orientation, turned) = upright(&format!("jpg_exif_orientation_{number}.jpg"));
        assert_eq!(Some(orientation), Orientation::from_number(number));
        let sum: f64 = face.iter().zip(&turned).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        let mean = sum / face.len() as f64;
        // The files are compressed anew after the turn; a face turned wrongly differs by 40 and more.
        assert!(mean < 6.0, "orientation {number}: {mean}");
    }
    let (orientation, _) = upright("webp_exif_orientation_6.webp");
    assert_eq!(orientation, Orientation::QuarterTurn);
}
