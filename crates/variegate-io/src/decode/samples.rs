//! From the channels and depth a file stores to those that are wanted, cutting on the way.
//!
//! `decode_region` calls it last, for every format. It never reads a file.

use variegate_picture::{Error, Picture, Pixels, Result, Sample, Size};

use super::{Colour, DecodeOptions, Depth, Window};

/// What the channels of decoded pixels mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Nobody knows.
    Bands(usize),
}

impl Model {
    pub(super) fn channels(self) -> usize {
        match self {
            Model::Grey => 1,
            Model::GreyAlpha => 2,
            Model::Rgb => 3,
            Model::Rgba => 4,
            Model::Bands(n) => n,
        }
    }
}

/// Pixels as a decoder gives them.
pub(super) struct Raw {
    pub size: Size,
    pub model: Model,
    pub pixels: Pixels,
}

/// An element that has a luma.
trait Light: Sample {
    const FULL: Self;
    fn luma(r: Self, g: Self, b: Self) -> Self;
}

impl Light for u8 {
    const FULL: Self = 255;
    #[inline(always)]
    fn luma(r: Self, g: Self, b: Self) -> Self {
        ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16) as u8
    }
}

impl Light for u16 {
    const FULL: Self = 65535;
    #[inline(always)]
    fn luma(r: Self, g: Self, b: Self) -> Self {
        ((u64::from(r) * 19595 + u64::from(g) * 38470 + u64::from(b) * 7471 + 0x8000) >> 16) as u16
    }
}

impl Light for f32 {
    const FULL: Self = 1.0;
    #[inline(always)]
    fn luma(r: Self, g: Self, b: Self) -> Self {
        (r * 19595.0 + g * 38470.0 + b * 7471.0) / 65536.0
    }
}

/// Cuts the window out and converts to the wanted channels and depth.
pub(super) fn finish(raw: Raw, window: Window, options: &DecodeOptions) -> Result<Picture> {
    let Raw { size, model, pixels } = raw;
    if let (Model::Bands(n), false) = (model, options.colour == Colour::AsStored) {
        return Err(Error::unsupported(format!(
            "the picture has {n} bands whose meaning is unknown; ask for the colour as stored and choose among them"
        )));
    }
    let channels = match options.colour {
        Colour::AsStored => model.channels(),
        Colour::Grey => 1,
        Colour::Rgb => 3,
        Colour::Rgba => 4,
    };
    let pixels = match (pixels, options.depth) {
        (Pixels::U8(p), _) => Pixels::U8(convert(p, size, model, window, channels)),
        (Pixels::U16(p), Depth::AsStored) => Pixels::U16(convert(p, size, model, window, channels)),
        (Pixels::F32(p), Depth::AsStored) => Pixels::F32(convert(p, size, model, window, channels)),
        (Pixels::U16(p), Depth::Eight) => {
            let wide = convert(p, size, model, window, channels);
            // ⌊(v + 128) / 257⌋ is v / 257 rounded: 65535 = 255 × 257.
            Pixels::U8(wide.iter().map(|v| ((u32::from(*v) + 128) / 257) as u8).collect())
        }
        (Pixels::F32(p), Depth::Eight) => {
            let wide = convert(p, size, model, window, channels);
            if let Some(odd) = wide.iter().find(|v| !(-0.001..=1.001).contains(*v)) {
                return Err(Error::input(format!(
                    "the picture holds floats beyond 0 to 1 (such as {odd}), which have no meaning in 8 bits; ask for \
                     the depth as stored, or scale the file"
                )));
            }
            Pixels::U8(wide.iter().map(|v| u8::store(v * 255.0)).collect())
        }
    };
    Picture::new(window.size(), channels, pixels)
}

fn convert<T: Light>(pixels: Vec<T>, size: Size, model: Model, window: Window, channels: usize) -> Vec<T> {
    let stored = model.channels();
    if stored == channels && window == Window::of(size) {
        return pixels;
    }
    let mut out = Vec::with_capacity(window.size().pixels() * channels);
    for y in window.y0..window.y1 {
        let row = &pixels[(y * size.width + window.x0) * stored..(y * size.width + window.x1) * stored];
        match (model, channels) {
            _ if stored == channels => out.extend_from_slice(row),
            (Model::Grey, 3) => out.extend(row.iter().flat_map(|v| [*v; 3])),
            (Model::Grey, 4) => out.extend(row.iter().flat_map(|v| [*v, *v, *v, T::FULL])),
            (Model::GreyAlpha, 1) => out.extend(row.chunks_exact(2).map(|p| p[0])),
            (Model::GreyAlpha, 3) => out.extend(row.chunks_exact(2).flat_map(|p| [p[0]; 3])),
            (Model::GreyAlpha, 4) => out.extend(row.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]])),
            (Model::Rgb | Model::Rgba, 1) => out.extend(row.chunks_exact(stored).map(|p| T::luma(p[0], p[1], p[2]))),
            (Model::Rgba, 3) => out.extend(row.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]])),
            (Model::Rgb, 4) => out.extend(row.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], T::FULL])),
            // `finish` lets no other pair through.
            _ => out.extend(row.iter().take(window.size().width * channels)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(model: Model, pixels: Pixels, colour: Colour, depth: Depth) -> Result<Pixels> {
        let raw = Raw { size: Size::new(1, 1), model, pixels };
        let options = DecodeOptions { colour, depth, ..DecodeOptions::default() };
        finish(raw, Window::of(Size::new(1, 1)), &options).map(Picture::into_pixels)
    }

    #[test]
    fn every_model_becomes_every_colour() {
        let cases = [
            (Model::Grey, vec![7], [vec![7], vec![7], vec![7, 7, 7], vec![7, 7, 7, 255]]),
            (Model::GreyAlpha, vec![7, 9], [vec![7, 9], vec![7], vec![7, 7, 7], vec![7, 7, 7, 9]]),
            (Model::Rgb, vec![255, 0, 0], [vec![255, 0, 0], vec![76], vec![255, 0, 0], vec![255, 0, 0, 255]]),
            (Model::Rgba, vec![0, 255, 0, 9], [vec![0, 255, 0, 9], vec![150], vec![0, 255, 0], vec![0, 255, 0, 9]]),
        ];
        for (model, stored, wanted) in cases {
            let colours = [Colour::AsStored, Colour::Grey, Colour::Rgb, Colour::Rgba];
            for (colour, wanted) in colours.into_iter().zip(wanted) {
                let found = run(model, Pixels::U8(stored.clone()), colour, Depth::Eight).expect("converts");
                assert_eq!(found, Pixels::U8(wanted), "{model:?} {colour:?}");
            }
        }
        assert!(run(Model::Bands(5), Pixels::U8(vec![0; 5]), Colour::Rgb, Depth::Eight).is_err());
        assert!(run(Model::Bands(5), Pixels::U8(vec![0; 5]), Colour::AsStored, Depth::Eight).is_ok());
    }

    #[test]
    fn sixteen_bits_round_to_the_nearest_of_eight() {
        for (wide, narrow) in [(0, 0), (128, 0), (129, 1), (257, 1), (65535, 255), (65406, 254), (65407, 255)] {
            let found = run(Model::Grey, Pixels::U16(vec![wide]), Colour::Grey, Depth::Eight).expect("converts");
            assert_eq!(found, Pixels::U8(vec![narrow]), "{wide}");
        }
    }

    #[test]
    fn floats_beyond_one_are_not_squeezed_into_bytes() {
        let run = |v| run(Model::Grey, Pixels::F32(vec![v]), Colour::Grey, Depth::Eight);
        assert_eq!(run(0.5).expect("converts"), Pixels::U8(vec![128]));
        assert!(run(1834.2).is_err() && run(f32::NAN).is_err());
    }
}
