//! Files to arrays and back.

use numpy::ndarray::{Array3, Axis};
use numpy::{Element, PyArray};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use variegate::io::{self, Colour, DecodeOptions, Depth, EncodeFormat, Limits, Orientation};
use variegate::picture::Pixels;
use variegate::{Error, Picture};

use crate::arrays::Stack;
use crate::errors::{OrRaise, exception, guarded};

/// The bytes of a file: read from its path, or handed over.
pub enum Source<'py> {
    Read(Vec<u8>, String),
    Held(Bound<'py, PyBytes>),
}

impl<'py> Source<'py> {
    /// A path, bytes, or a file opened in binary mode.
    pub fn new(source: &Bound<'py, PyAny>, limits: &Limits) -> PyResult<Self> {
        let py = source.py();
        if let Ok(bytes) = source.cast::<PyBytes>() {
            return Ok(Source::Held(bytes.clone()));
        }
        if source.is_instance_of::<PyString>() || source.hasattr(intern!(py, "__fspath__"))? {
            let path: std::path::PathBuf = source.extract()?;
            let bytes = py.detach(|| io::read_file(&path, limits)).or_raise(py)?;
            return Ok(Source::Read(bytes, path.display().to_string()));
        }
        let held = if source.hasattr(intern!(py, "read"))? {
            source.call_method0(intern!(py, "read"))?
        } else {
            source.clone()
        };
        if let Ok(bytes) = held.cast::<PyBytes>() {
            return Ok(Source::Held(bytes.clone()));
        }
        // Anything with a buffer; a number would make as many zeros.
        let buffer = PyModule::import(py, intern!(py, "builtins"))?.call_method1(intern!(py, "memoryview"), (&held,));
        let buffer = buffer.map_err(|_| {
            let found = source.get_type().name().map_or_else(|_| "something else".into(), |name| name.to_string());
            exception(
                py,
                &Error::parameter(format!("expected a path, bytes, or a file opened in binary mode, found {found}")),
            )
        })?;
        let made = buffer.call_method0(intern!(py, "tobytes"))?;
        Ok(Source::Held(made.cast_into()?))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Source::Read(bytes, _) => bytes,
            Source::Held(bytes) => bytes.as_bytes(),
        }
    }

    /// An error with the name of the file, where it has one.
    pub fn blamed(&self, error: Error) -> Error {
        match self {
            Source::Read(_, path) => error.at(path),
            Source::Held(_) => error,
        }
    }
}

/// Decodes a picture file: JPEG, PNG, WebP, BMP, GIF, TIFF or PNM, told by its content.
///
/// Args:
///     source: A path, the bytes of a file, or a file opened in binary mode.
///     colour: "rgb", "grey", "rgba", or "stored" for the channels of the file (palette indices for masks among them).
///     dtype: "uint8", or None for that of the file: uint8, uint16 or float32.
///     upright: Whether a picture that its EXIF data says lies on its side is turned.
///     max_pixels: More pixels are refused before anything is allocated; Pillow's 178 956 970 unless given.
///
/// Returns:
///     A new array of (height, width, channels).
///
/// Raises:
///     InputError: If the file is no picture, broken or cut short.
///     IoError: If it cannot be read.
///     LimitError: If it is too large, or would expand too much.
///     UnsupportedError: If it is of a kind this build cannot decode.
#[pyfunction]
#[pyo3(
    signature = (source, colour="rgb", *, dtype=Some("uint8"), upright=true, max_pixels=None),
    text_signature = "(source, colour='rgb', *, dtype='uint8', upright=True, max_pixels=None)"
)]
pub fn decode<'py>(
    py: Python<'py>,
    source: &Bound<'py, PyAny>,
    colour: &str,
    dtype: Option<&str>,
    upright: bool,
    max_pixels: Option<u64>,
) -> PyResult<Bound<'py, PyAny>> {
    guarded(py, || {
        let wrong = |message: String| exception(py, &Error::parameter(message));
        let colour = match colour {
            "rgb" => Colour::Rgb,
            "grey" | "gray" => Colour::Grey,
            "rgba" => Colour::Rgba,
            "stored" => Colour::AsStored,
            other => {
                return Err(wrong(format!(
                    "colour: expected \"rgb\", \"grey\", \"rgba\" or \"stored\", found {other:?}"
                )));
            }
        };
        let depth = match dtype {
            Some("uint8") => Depth::Eight,
            None => Depth::AsStored,
            Some(other) => {
                return Err(wrong(format!("dtype: expected \"uint8\", or None for that of the file, found {other:?}")));
            }
        };
        let mut limits = Limits::default();
        if let Some(most) = max_pixels {
            limits = Limits { max_pixels: most, max_memory: limits.max_memory.max(most.saturating_mul(16)), ..limits };
        }
        let options = DecodeOptions { colour, depth, limits };
        let source = Source::new(source, &limits)?;
        let bytes = source.bytes();
        let decoded = py.detach(|| {
            let header = io::header(bytes, &limits)?;
            let decoded = io::decode_region(bytes, &header, &options, &io::DecodeWish::default())?;
            Ok((decoded.picture, if upright { header.orientation } else { Orientation::Upright }))
        });
        let (picture, orientation) = decoded.map_err(|error| source.blamed(error)).or_raise(py)?;
        standing(py, picture, orientation)
    })
}

/// An array of (height, width, channels) of a picture turned upright.
fn standing(py: Python<'_>, picture: Picture, orientation: Orientation) -> PyResult<Bound<'_, PyAny>> {
    fn turned<T: Element + Copy + Send + Sync>(
        py: Python<'_>,
        pixels: Vec<T>,
        shape: (usize, usize, usize),
        orientation: Orientation,
    ) -> PyResult<Bound<'_, PyAny>> {
        let stored = Array3::from_shape_vec(shape, pixels)
            .map_err(|error| exception(py, &Error::internal(format!("a decoded picture of another shape: {error}"))))?;
        if orientation == Orientation::Upright {
            return Ok(PyArray::from_owned_array(py, stored).into_any());
        }
        let upright = py.detach(|| {
            let mut view = stored.view();
            if orientation.swaps_sides() {
                view.swap_axes(0, 1);
            }
            use Orientation as O;
            if matches!(orientation, O::HalfTurn | O::Flipped | O::Transversed | O::CounterTurn) {
                view.invert_axis(Axis(0));
            }
            if matches!(orientation, O::Mirrored | O::HalfTurn | O::QuarterTurn | O::Transversed) {
                view.invert_axis(Axis(1));
            }
            view.as_standard_layout().into_owned()
        });
        Ok(PyArray::from_owned_array(py, upright).into_any())
    }
    let shape = (picture.size().height, picture.size().width, picture.channels());
    match picture.into_pixels() {
        Pixels::U8(v) => turned(py, v, shape, orientation),
        Pixels::U16(v) => turned(py, v, shape, orientation),
        Pixels::F32(v) => turned(py, v, shape, orientation),
    }
}

/// Encodes a picture into the bytes of a file.
///
/// Args:
///     image: An array of (height, width) or (height, width, channels); what a format cannot hold is refused.
///     format: "jpeg", "png", "webp", "bmp" or "tiff".
///     quality: 1 to 100, of JPEG (90 unless given) and WebP (without loss unless given).
///
/// Returns:
///     The bytes of the file.
///
/// Raises:
///     ParameterError: If the format cannot hold the dtype or the channels.
#[pyfunction]
#[pyo3(signature = (image, format="jpeg", *, quality=None))]
pub fn encode<'py>(
    py: Python<'py>,
    image: &Bound<'py, PyAny>,
    format: &str,
    quality: Option<u8>,
) -> PyResult<Bound<'py, PyBytes>> {
    guarded(py, || {
        let wrong = |message: String| exception(py, &Error::parameter(message));
        if let Some(quality) = quality.filter(|quality| !(1..=100).contains(quality)) {
            return Err(wrong(format!("quality: expected 1 to 100, found {quality}")));
        }
        let format = match format.to_ascii_lowercase().trim_start_matches('.') {
            "jpeg" | "jpg" => EncodeFormat::Jpeg { quality: quality.unwrap_or(90) },
            "webp" => quality.map_or(EncodeFormat::WebpLossless, |quality| EncodeFormat::Webp { quality }),
            "png" => EncodeFormat::Png,
            "bmp" => EncodeFormat::Bmp,
            "tiff" | "tif" => EncodeFormat::Tiff,
            _ => {
                return Err(wrong(format!(
                    "format: expected \"jpeg\", \"png\", \"webp\", \"bmp\" or \"tiff\", found {format:?}"
                )));
            }
        };
        let picture = Stack::one(image, "image")?.to_picture()?;
        let bytes = py.detach(|| io::encode(&picture, &format)).or_raise(py)?;
        Ok(PyBytes::new(py, &bytes))
    })
}
