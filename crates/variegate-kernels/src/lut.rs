//! Tables: every code becomes the code the table holds for it.
//!
//! The engine calls it for fixed and for measured tables alike. Exact; scalar loads are all there is to it, since
//! no instruction set below AVX-512 VBMI looks up 256 entries faster than the load ports do.

/// Sends every code through a table: one table for all channels, or one for each (the last one serves the rest).
pub fn lut8(row: &mut [u8], channels: usize, table: &[[u8; 256]]) {
    match table {
        [] => {}
        [one] => row.iter_mut().for_each(|v| *v = one[usize::from(*v)]),
        [r, g, b] if channels == 3 => {
            for pixel in row.as_chunks_mut::<3>().0 {
                *pixel = [r[usize::from(pixel[0])], g[usize::from(pixel[1])], b[usize::from(pixel[2])]];
            }
        }
        [.., last] => {
            for pixel in row.chunks_exact_mut(channels) {
                for (c, v) in pixel.iter_mut().enumerate() {
                    *v = table.get(c).unwrap_or(last)[usize::from(*v)];
                }
            }
        }
    }
}

/// The same for 16-bit codes. A table shorter than 65536 entries serves the codes beyond it with its last one; an
/// empty table leaves its channel alone.
pub fn lut16(row: &mut [u16], channels: usize, tables: &[Vec<u16>]) {
    let Some(last) = tables.last() else { return };
    for pixel in row.chunks_exact_mut(channels) {
        for (c, v) in pixel.iter_mut().enumerate() {
            let table = tables.get(c).unwrap_or(last);
            *v = table.get(usize::from(*v)).or(table.last()).copied().unwrap_or(*v);
        }
    }
}
