//! The C shim as Rust sees it: declarations, nothing else.
//!
//! Called by `decode` and `encode`. Every struct mirrors one of `shim/shim.c`, field by field.

use std::ffi::{c_char, c_int, c_long};

// Makes the linker take libjpeg-turbo, which the shim calls.
use turbojpeg_sys as _;

/// A handle for one file.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Handle {
    _private: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct RawHeader {
    pub width: u32,
    pub height: u32,
    pub components: u32,
    pub colour: u32,
    pub precision: u32,
    pub mcu_width: u32,
    pub mcu_height: u32,
    pub progressive: u32,
    pub arithmetic: u32,
    pub lossless: u32,
    pub adobe: u32,
}

#[repr(C)]
pub(crate) struct RawRequest {
    pub denominator: u32,
    pub channels: u32,
    pub x0: u32,
    pub y0: u32,
    pub x1: u32,
    pub y1: u32,
    pub to_the_end: u32,
}

pub(crate) const OK: c_int = 0;
pub(crate) const TRUNCATED: c_int = 2;
pub(crate) const MEMORY: c_int = 3;
pub(crate) const SCANS: c_int = 4;
pub(crate) const ARGUMENT: c_int = 5;
pub(crate) const FEATURE: c_int = 6;
pub(crate) const LARGE: c_int = 7;

unsafe extern "C" {
    pub(crate) fn vj_open(bytes: *const u8, length: usize, max_memory: usize, scan_limit: c_int) -> *mut Handle;
    pub(crate) fn vj_limit_memory(handle: *mut Handle, max_memory: usize);
    pub(crate) fn vj_close(handle: *mut Handle);
    pub(crate) fn vj_message(handle: *const Handle) -> *const c_char;
    pub(crate) fn vj_warnings(handle: *const Handle) -> c_long;
    pub(crate) fn vj_read_header(handle: *mut Handle, header: *mut RawHeader) -> c_int;
    pub(crate) fn vj_exif(handle: *const Handle, bytes: *mut *const u8, length: *mut usize) -> c_int;
    pub(crate) fn vj_decode(handle: *mut Handle, request: *const RawRequest, out: *mut u8, stride: usize) -> c_int;
    pub(crate) fn vj_encode(
        pixels: *const u8,
        width: u32,
        height: u32,
        channels: u32,
        stride: usize,
        quality: c_int,
        sampling: c_int,
        progressive: c_int,
        out: *mut *mut u8,
        length: *mut usize,
    ) -> c_int;
    pub(crate) fn vj_free(buffer: *mut u8);
}
