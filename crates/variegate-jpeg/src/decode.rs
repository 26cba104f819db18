//! One JPEG file in memory: its header is read, then its pixels.
//!
//! `variegate-io` calls it. One [`Decoder`] serves one decode and is consumed by it: libjpeg-turbo 3.1.0 can
//! read freed memory when one instance is used again with another kind of upsampling.

use std::ffi::CStr;
use std::ptr::NonNull;

use variegate_picture::{Error, Result};

use crate::header::{Header, Model};
use crate::request::{Region, Report, Request};
use crate::sys;

/// What one file may cost.
#[derive(Clone, Copy, Debug)]
pub struct JpegLimits {
    /// Bytes of coefficients held at once (progressive and non-interleaved files hold all of them).
    pub max_memory: usize,
    /// Scans of a progressive file. An encoder makes about ten; a hostile file makes thousands, each
    /// of which costs a pass over the picture.
    pub max_scans: u32,
}

impl Default for JpegLimits {
    fn default() -> Self {
        Self { max_memory: 1 << 30, max_scans: 500 }
    }
}

/// One JPEG file, its header read.
#[derive(Debug)]
pub struct Decoder<'a> {
    handle: NonNull<sys::Handle>,
    header: Header,
    bytes: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// Reads the header of a file. Allocates a few kilobytes whatever the header claims.
    pub fn new(bytes: &'a [u8], limits: &JpegLimits) -> Result<Self> {
        let scans = limits.max_scans.min(i32::MAX as u32) as i32;
        // SAFETY: the pointer and length come from one slice, which `'a` keeps alive as long as the handle.
        let handle = unsafe { sys::vj_open(bytes.as_ptr(), bytes.len(), limits.max_memory, scans) };
        let handle = NonNull::new(handle).ok_or_else(|| Error::limit("no memory is left to open a JPEG decoder"))?;
        // From here the handle is owned by `decoder`, whose drop closes it.
        let mut decoder = Self { handle, header: Header::NOTHING, bytes };
        let mut raw = sys::RawHeader::default();
        // SAFETY: the handle is open (checked above) and `raw` is a live struct of the shim's layout.
        let code = unsafe { sys::vj_read_header(decoder.handle.as_ptr(), &mut raw) };
        decoder.check(code)?;
        decoder.header = Header::from_raw(&raw);
        Ok(decoder)
    }

    /// What the file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The EXIF block, from its byte-order mark on.
    pub fn exif(&self) -> Option<&[u8]> {
        let (mut start, mut length) = (std::ptr::null(), 0usize);
        // SAFETY: the handle is open and both out-pointers are live.
        let found = unsafe { sys::vj_exif(self.handle.as_ptr(), &mut start, &mut length) };
        if found == 0 || start.is_null() {
            return None;
        }
        // SAFETY: the shim vouches for `length` bytes at `start`, in memory the handle owns until it is
        // decoded or closed; both need `self` by value, so the borrow of `self` outlasts the slice.
        Some(unsafe { std::slice::from_raw_parts(start, length) })
    }

    /// Sets the bytes of coefficients that may be held at once, where a header has told what else there will be.
    pub fn limit_memory(&mut self, bytes: usize) {
        // SAFETY: the handle is open, and not decoding, since that takes `self` by value.
        unsafe { sys::vj_limit_memory(self.handle.as_ptr(), bytes) }
    }

    /// Decodes the wanted region into `out`, rows `stride` bytes apart.
    ///
    /// Pixels equal those of the same part of a full decode at the same scale. A file that ends before its
    /// picture does is an error whatever region is asked for.
    pub fn decode_into(self, request: &Request, out: &mut [u8], stride: usize) -> Result<Report> {
        let row = self.row(request)?;
        let height = request.region.size().height;
        let needed = stride.checked_mul(height - 1).and_then(|n| n.checked_add(row));
        if stride < row || needed.is_none_or(|needed| out.len() < needed) {
            return Err(Error::parameter(format!(
                "a region of {} needs {height} rows of {row} bytes; {} bytes at a stride of {stride} were given",
                request.region.size(),
                out.len()
            )));
        }
        // SAFETY: the region lies inside the scaled picture, and `out` holds every row of it (both checked above).
        unsafe { self.rows(request, out.as_mut_ptr(), stride) }
    }

    /// Decodes the wanted region, rows without gaps, in place of what a vector holds; its memory is used again and
    /// not cleared first.
    pub fn decode_onto(self, request: &Request, out: &mut Vec<u8>) -> Result<Report> {
        let row = self.row(request)?;
        let needed = row
            .checked_mul(request.region.size().height)
            .ok_or_else(|| Error::limit("the region has more bytes than an address can tell"))?;
        out.clear();
        out.try_reserve_exact(needed)
            .map_err(|_| Error::limit(format!("no memory is left for {needed} bytes of pixels")))?;
        // SAFETY: the region lies inside the scaled picture (checked above), and `out` has room for every row of it.
        let report = unsafe { self.rows(request, out.as_mut_ptr(), row) }?;
        // SAFETY: `needed` bytes were reserved, and a decode that succeeds has written every one of them.
        unsafe { out.set_len(needed) };
        Ok(report)
    }

    /// Bytes of a row of a request that can be served.
    fn row(&self, request: &Request) -> Result<usize> {
        self.servable()?;
        let scaled = request.scale.of_size(self.header.size);
        let Region { x0, y0, x1, y1 } = request.region;
        if x0 >= x1 || y0 >= y1 || x1 > scaled.width || y1 > scaled.height {
            return Err(Error::parameter(format!(
                "the region [{x0}, {x1}) × [{y0}, {y1}) is empty or leaves the picture of {scaled} pixels"
            )));
        }
        Ok((x1 - x0) * request.output.channels())
    }

    /// Decodes the rows of a request.
    ///
    /// # Safety
    ///
    /// The region lies inside the scaled picture, and `out` leads to memory for all its rows at `stride`.
    unsafe fn rows(self, request: &Request, out: *mut u8, stride: usize) -> Result<Report> {
        let Region { x0, y0, x1, y1 } = request.region;
        let raw = sys::RawRequest {
            denominator: request.scale.denominator() as u32,
            channels: request.output.channels() as u32,
            x0: x0 as u32,
            y0: y0 as u32,
            x1: x1 as u32,
            y1: y1 as u32,
            to_the_end: u32::from(!ends_properly(self.bytes)),
        };
        // SAFETY: the handle is open and its header read; the caller vouches for the region and for `out`, so the shim
        // writes inside that memory alone.
        let code = unsafe { sys::vj_decode(self.handle.as_ptr(), &raw, out, stride) };
        self.check(code)?;
        // SAFETY: the handle is open.
        let warnings = unsafe { sys::vj_warnings(self.handle.as_ptr()) };
        Ok(Report { warnings: u64::try_from(warnings).unwrap_or(0) })
    }

    /// Says no to what the header shows cannot be decoded: 12 bits, lossless files, unknown colour models.
    pub fn servable(&self) -> Result<()> {
        let header = &self.header;
        if header.precision != 8 {
            return Err(Error::unsupported(format!(
                "a JPEG of {} bits a sample; this build decodes 8 bits. Convert the file to an 8-bit JPEG or a 16-bit PNG",
                header.precision
            )));
        }
        if header.lossless {
            return Err(Error::unsupported(
                "a lossless JPEG (SOF3); this build decodes DCT-based files. Convert the file to PNG",
            ));
        }
        if header.model == Model::Other {
            return Err(Error::unsupported(format!(
                "a JPEG of {} components in an unknown colour model; expected grey, RGB, YCbCr, CMYK or YCCK",
                header.components
            )));
        }
        Ok(())
    }

    fn check(&self, code: i32) -> Result<()> {
        if code == sys::OK {
            return Ok(());
        }
        // SAFETY: the handle is open, and its message is an array the shim always ends with a zero.
        let message = unsafe { CStr::from_ptr(sys::vj_message(self.handle.as_ptr())) }.to_string_lossy();
        Err(match code {
            sys::TRUNCATED => Error::input(format!(
                "the file ends in the middle of the picture ({message}); it was cut short. Fetch or export it again"
            )),
            sys::MEMORY => Error::limit(format!(
                "decoding needs more memory than the limit allows ({message}); raise max_memory or shrink the file"
            )),
            sys::SCANS => Error::limit(
                "the progressive JPEG has more scans than the limit allows; no camera or editor makes such a file. \
                 Save it again as an ordinary JPEG",
            ),
            sys::LARGE => Error::limit(
                "the JPEG header claims a side of more than 65500 pixels, more than libjpeg-turbo decodes; the file is \
                 damaged or hostile, or must be cut into parts",
            ),
            sys::FEATURE => Error::unsupported(format!(
                "a JPEG variety this build cannot decode ({message}); save the file again as an ordinary JPEG"
            )),
            sys::ARGUMENT => Error::internal(format!("the JPEG shim refused its argument: {message}")),
            _ => Error::input(format!("a damaged JPEG ({message}); fetch or export the file again")),
        })
    }
}

impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle came from `vj_open`, is closed here and nowhere else, and is not used afterwards.
        unsafe { sys::vj_close(self.handle.as_ptr()) }
    }
}

/// Whether an end marker follows the compressed data. In a proper file it is the last two bytes, and the search
/// from the end finds it at once; in entropy-coded data it cannot occur, so a file cut there has none unless a
/// thumbnail brings one, and then the search stops at the start of the last scan.
fn ends_properly(bytes: &[u8]) -> bool {
    for k in (1..bytes.len()).rev() {
        if bytes[k - 1] == 0xFF {
            match bytes[k] {
                0xD9 => return true,
                0xDA => return false,
                _ => {}
            }
        }
    }
    false
}
