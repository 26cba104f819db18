//! Masks: opaque elements of any byte count.
//!
//! The engine calls it for every mask of a sample. It never looks into an element.

use super::nearest::gather_values;
use super::{Course, Window};
use variegate_picture::{Border, Size};

/// Fills a row of opaque elements from the nearest elements of a source without gaps.
///
/// `element` is the byte count of one; `fill` holds one element, `row` a whole number of them. Elements of 1, 2, 4
/// and 8 bytes move in one load and one store. A window with no pixel in it shows the fill.
pub fn gather_elements<'a>(
    source: &[u8],
    size: Size,
    element: usize,
    course: impl Into<Course<'a>>,
    window: Window,
    border: Border,
    fill: &[u8],
    row: &mut [u8],
) {
    debug_assert!(fill.len() == element && row.len().is_multiple_of(element));
    let window = window.within(size.height, size.width);
    if window.is_empty() {
        row.chunks_exact_mut(element).for_each(|out| out.copy_from_slice(fill));
        return;
    }
    let course: &Course<'_> = &course.into();
    match element {
        2 => whole::<2>(source, size.width, course, window, border, fill, row),
        4 => whole::<4>(source, size.width, course, window, border, fill, row),
        8 => whole::<8>(source, size.width, course, window, border, fill, row),
        _ => gather_values(source, size.width, element, course, window, border, fill, row),
    }
}

/// Elements of `N` bytes as arrays, whose alignment is that of bytes.
fn whole<const N: usize>(
    source: &[u8],
    width: usize,
    course: &Course<'_>,
    window: Window,
    border: Border,
    fill: &[u8],
    row: &mut [u8],
) {
    let (source, fill, row) = (source.as_chunks::<N>().0, fill.as_chunks::<N>().0, row.as_chunks_mut::<N>().0);
    gather_values(source, width, 1, course, window, border, fill, row);
}
