//! Nanoseconds an output pixel of the main kernels, at each instruction set: a look at what the compiler made of
//! them. Run it in release mode; the lowest of many rounds is shown, since machines are shared. An argument shows only
//! the rows whose name has it.

use std::hint::black_box;
use std::time::Instant;
use variegate_kernels::convert::{store_codes, store_row};
use variegate_kernels::permute::permute_row;
use variegate_kernels::resize::{ResizeScratch, Resizer, Taps};
use variegate_kernels::stencil::{Separable, StencilScratch, gaussian_weights};
use variegate_kernels::warp::{CodeEdge, Edge, Line, Window, gather, gather_elements, gather_nearest};
use variegate_kernels::{Level, blend, hsv, lut, matrix, measure, noise, with_level};
use variegate_picture::{AlignedBytes, Border, Dtype, FieldKey, Filter, Layout, Picture, Pixels, Size, Slot};

const OUT: usize = 224;
const ROUNDS: usize = 60;
const MEAN: [f32; 3] = [-2.1, -2.0, -1.8];
const GAIN: [f32; 3] = [0.017, 0.0175, 0.0174];

fn picture(height: usize, width: usize) -> Picture {
    let bytes = (0..height * width * 3).map(|i| (i * 31 + i / 97 * 17) as u8).collect();
    Picture::new(Size::new(height, width), 3, Pixels::U8(bytes)).expect("as many bytes as pixels")
}

/// The lowest time of a round over all rows, by output pixel.
fn time(mut row: impl FnMut(usize)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for y in 0..OUT {
            row(y);
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e9 / (OUT * OUT) as f64
}

/// The line of row `y` under a turn by 15° about the middle of a 500 × 375 picture.
fn turned(y: usize) -> Line {
    let (cos, sin) = (0.965_925_826_289_068_3, 0.258_819_045_102_520_76);
    let (dx, dy) = (0.5 - OUT as f64 / 2.0, y as f64 + 0.5 - OUT as f64 / 2.0);
    let at = (250.0 + cos * dx - sin * dy, 187.5 + sin * dx + cos * dy);
    Line { x: [at.0, cos], y: [at.1, sin], w: [1.0, 0.0] }
}

fn main() {
    let photo = picture(375, 500);
    let view = photo.view();
    let key = FieldKey(1, 2);
    let edge = Edge { window: Window::of(view.size()), border: Border::Constant, fill: &[0.0] };
    let table = [std::array::from_fn(|i| 255 - i as u8)];
    let colour = [[0.4, 0.5, 0.1, 3.0], [0.1, 0.8, 0.1, -3.0], [0.2, 0.2, 0.6, 1.0]];
    println!("{:<34}{:>9}{:>9}{:>9}", "ns / pixel", "scalar", "avx2", "avx512");
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let report = |name: &str, run: &mut dyn FnMut() -> f64| {
        if !name.contains(&wanted) {
            return;
        }
        let times: Vec<String> = Level::ALL
            .iter()
            .filter(|l| **l <= Level::widest())
            .map(|l| format!("{:>9.2}", with_level(*l, &mut *run)))
            .collect();
        println!("{name:<34}{}", times.concat());
    };
    let mut row = vec![0.0f32; OUT * 3];
    for filter in
        [Filter::Nearest, Filter::Bilinear, Filter::Hamming, Filter::Bicubic, Filter::Lanczos3, Filter::Lanczos5]
    {
        report(&format!("gather {} 15°", filter.name()), &mut || {
            time(|y| gather(&view, &turned(y), filter, &edge, black_box(&mut row)))
        });
    }
    for filter in [Filter::Nearest, Filter::Bilinear, Filter::Bicubic] {
        report(&format!("gather {} perspective", filter.name()), &mut || {
            time(|y| {
                let line = Line { w: [1.0, 1e-5], ..turned(y) };
                gather(&view, &line, filter, &edge, black_box(&mut row));
            })
        });
    }
    let Pixels::U8(photo_codes) = photo.pixels() else { return };
    let mut codes = vec![0u8; OUT * 3];
    report("gather codes 15°", &mut || {
        let edge = CodeEdge { window: edge.window, border: Border::Constant, fill: &[0] };
        time(|y| gather_nearest(photo_codes, 1500, 3, &turned(y), &edge, black_box(&mut codes)))
    });
    let mut mask = [0u8; OUT * 4];
    for element in [1, 4] {
        report(&format!("gather masks of {element} 15°"), &mut || {
            let (mask, fill) = (&mut mask[..OUT * element], &[0; 4][..element]);
            let size = Size::new(375, 1500 / element);
            time(|y| {
                let (line, border) = (turned(y), Border::Constant);
                gather_elements(photo_codes, size, element, &line, edge.window, border, fill, black_box(&mut *mask))
            })
        });
    }
    for (name, scale, filter, antialias) in [
        ("resize 400×300 bilinear AA", (400.0 / 224.0, 300.0 / 224.0), Filter::Bilinear, true),
        ("resize 400×300 bilinear", (400.0 / 224.0, 300.0 / 224.0), Filter::Bilinear, false),
        ("resize 400×300 lanczos3 AA", (400.0 / 224.0, 300.0 / 224.0), Filter::Lanczos3, true),
        ("resize 150×120 bilinear AA", (150.0 / 224.0, 120.0 / 224.0), Filter::Bilinear, true),
    ] {
        let x = Taps::new(OUT, scale.0, 40.0, 0, 500, filter, antialias, Border::Constant, true);
        let y = Taps::new(OUT, scale.1, 30.0, 0, 375, filter, antialias, Border::Constant, true);
        report(name, &mut || {
            let mut best = f64::INFINITY;
            let mut scratch = ResizeScratch::default();
            for _ in 0..ROUNDS {
                let start = Instant::now();
                let mut resizer = Resizer::new(view, &x, &y, &[0.0], &mut scratch);
                for o in 0..OUT {
                    resizer.row(o, black_box(&mut row));
                }
                best = best.min(start.elapsed().as_secs_f64() * 1e9 / (OUT * OUT) as f64);
            }
            best
        });
    }
    let weights = gaussian_weights(1.5, 3);
    let small = picture(OUT, OUT);
    report("gaussian 7", &mut || {
        let mut scratch = StencilScratch::default();
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            let mut blur = Separable::new(small.view(), &weights, &weights, Border::Reflect, &[], &mut scratch);
            let start = Instant::now();
            for y in 0..OUT {
                blur.row(y, black_box(&mut row));
            }
            best = best.min(start.elapsed().as_secs_f64() * 1e9 / (OUT * OUT) as f64);
        }
        best
    });
    row.iter_mut().enumerate().for_each(|(i, v)| *v = (i * 37 % 256) as f32);
    let other = row.clone();
    let clamp = Some((0.0, 255.0));
    report("scale_rows", &mut || time(|_| matrix::scale_rows(black_box(&mut row), 3, &[1.0001], &[0.01], clamp)));
    report("mix3", &mut || time(|_| matrix::mix3(black_box(&mut row), 3, &colour, clamp)));
    row.copy_from_slice(&other);
    report("hsv", &mut || time(|_| hsv::hsv(black_box(&mut row), 3, 255.0, 0.01, 1.0, 1.0)));
    report("add_normal", &mut || {
        time(|y| noise::add_normal(black_box(&mut row), 3, y, OUT, key, 5.0, 0.0, true, clamp))
    });
    report("add_normal, one a pixel", &mut || {
        time(|y| noise::add_normal(black_box(&mut row), 3, y, OUT, key, 5.0, 0.0, false, clamp))
    });
    report("blend overlay", &mut || {
        time(|_| blend::blend(black_box(&mut row), &other, 255.0, blend::BlendMode::Overlay, 0.0, None, 3))
    });
    report("luma_sum", &mut || {
        time(|_| {
            black_box(measure::luma_sum(black_box(&row), 3));
        })
    });
    let mut codes: Vec<u8> = other.iter().map(|v| *v as u8).collect();
    report("lut8", &mut || time(|_| lut::lut8(black_box(&mut codes), 3, &table)));
    let curve = std::array::from_fn(|i| (i * i / 255) as u8);
    for (name, table) in [("a rule", table[0]), ("a curve", curve)] {
        let tables = lut::Tables8::new(vec![table], 3);
        report(&format!("Tables8 {name}"), &mut || time(|_| tables.apply(black_box(&mut codes), 3)));
    }
    report("mix3_codes", &mut || time(|_| matrix::mix3_codes(black_box(&mut codes), &colour, clamp)));
    let grey = [[0.299, 0.587, 0.114, 0.0]; 3];
    report("mix3_codes grey", &mut || time(|_| matrix::mix3_codes(black_box(&mut codes), &grey, clamp)));
    codes.iter_mut().zip(&other).for_each(|(code, v)| *code = *v as u8);
    report("hsv_codes", &mut || time(|_| hsv::hsv_codes(black_box(&mut codes), 0.01, 1.0, 1.0)));
    let Pixels::U8(small_codes) = small.pixels() else { return };
    let all = CodeEdge { window: Window::of(small.size()), border: Border::Edge, fill: &[0] };
    report("permute_row, flipped", &mut || {
        time(|y| {
            let start = (OUT as i64 - 1, y as i64);
            permute_row(small_codes, OUT * 3, 3, start, (-1, 0), &all, black_box(&mut codes));
        })
    });
    for (name, dtype, layout) in [
        ("float32 HWC", Dtype::F32, Layout::Hwc),
        ("float32 CHW", Dtype::F32, Layout::Chw),
        ("float16 HWC", Dtype::F16, Layout::Hwc),
        ("bfloat16 HWC", Dtype::BF16, Layout::Hwc),
        ("uint8 HWC", Dtype::U8, Layout::Hwc),
    ] {
        let size = Size::new(OUT, OUT);
        let mut bytes = AlignedBytes::zeroed(OUT * OUT * 3 * dtype.bytes());
        let mut slot =
            Slot::new(size, 3, dtype, layout, bytes.as_mut_slice()).expect("aligned bytes of the right count");
        report(&format!("store_row {name}"), &mut || {
            time(|y| store_row(black_box(&other), 3, y, &mut slot, &GAIN, &MEAN, None))
        });
        report(&format!("store_codes u8 {name}"), &mut || {
            time(|y| store_codes(black_box(&codes), 3, y, &mut slot, &GAIN, &MEAN, None))
        });
        if dtype == Dtype::U8 {
            report("store_codes u8 as they are", &mut || {
                time(|y| store_codes(black_box(&codes), 3, y, &mut slot, &[1.0], &[0.0], None))
            });
        }
    }
}
