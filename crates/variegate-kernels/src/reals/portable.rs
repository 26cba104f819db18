//! The vectors as arrays: what every processor can do, and what the others are held against.
//!
//! Loops and no closures, which would stay functions of their own.

use super::Reals;
use crate::lanes::Portable;
use variegate_picture::Sample;

impl Reals for Portable {
    type Real = [f32; 8];
    type Mask = [bool; 8];

    #[inline(always)]
    fn splat(self, v: f32) -> [f32; 8] {
        [v; 8]
    }

    #[inline(always)]
    fn load(self, v: &[f32; 8]) -> [f32; 8] {
        *v
    }

    #[inline(always)]
    fn store(self, v: [f32; 8], out: &mut [f32; 8]) {
        *out = v;
    }

    #[inline(always)]
    fn plus(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = a[l] + b[l];
        }
        out
    }

    #[inline(always)]
    fn minus(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = a[l] - b[l];
        }
        out
    }

    #[inline(always)]
    fn times(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = a[l] * b[l];
        }
        out
    }

    #[inline(always)]
    fn over(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = a[l] / b[l];
        }
        out
    }

    #[inline(always)]
    fn larger(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = if a[l] > b[l] { a[l] } else { b[l] };
        }
        out
    }

    #[inline(always)]
    fn smaller(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = if a[l] < b[l] { a[l] } else { b[l] };
        }
        out
    }

    #[inline(always)]
    fn magnitude(self, v: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = v[l].abs();
        }
        out
    }

    #[inline(always)]
    fn less(self, a: [f32; 8], b: [f32; 8]) -> [bool; 8] {
        let mut out = [false; 8];
        for l in 0..8 {
            out[l] = a[l] < b[l];
        }
        out
    }

    #[inline(always)]
    fn not_less(self, a: [f32; 8], b: [f32; 8]) -> [bool; 8] {
        let mut out = [false; 8];
        for l in 0..8 {
            out[l] = a[l] >= b[l];
        }
        out
    }

    #[inline(always)]
    fn equal(self, a: [f32; 8], b: [f32; 8]) -> [bool; 8] {
        let mut out = [false; 8];
        for l in 0..8 {
            out[l] = a[l] == b[l];
        }
        out
    }

    #[inline(always)]
    fn choose(self, yes: [bool; 8], a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        let mut out = [0.0; 8];
        for l in 0..8 {
            out[l] = if yes[l] { a[l] } else { b[l] };
        }
        out
    }

    #[inline(always)]
    fn only(self, yes: [bool; 8], a: [f32; 8]) -> [f32; 8] {
        self.choose(yes, a, [0.0; 8])
    }

    #[inline(always)]
    fn split(self, pixels: &[f32; 24]) -> [[f32; 8]; 3] {
        let mut planes = [[0.0; 8]; 3];
        for l in 0..8 {
            for c in 0..3 {
                planes[c][l] = pixels[3 * l + c];
            }
        }
        planes
    }

    #[inline(always)]
    fn join(self, planes: [[f32; 8]; 3], pixels: &mut [f32; 24]) {
        for l in 0..8 {
            for c in 0..3 {
                pixels[3 * l + c] = planes[c][l];
            }
        }
    }

    #[inline(always)]
    fn split_codes(self, pixels: &[u8; 24]) -> [[f32; 8]; 3] {
        let mut planes = [[0.0; 8]; 3];
        for l in 0..8 {
            for c in 0..3 {
                planes[c][l] = pixels[3 * l + c].load();
            }
        }
        planes
    }

    #[inline(always)]
    fn join_codes(self, planes: [[f32; 8]; 3], pixels: &mut [u8; 24]) {
        for l in 0..8 {
            for c in 0..3 {
                pixels[3 * l + c] = u8::store(planes[c][l]);
            }
        }
    }

    #[inline(always)]
    fn join_grey(self, plane: [f32; 8], pixels: &mut [u8; 24]) {
        self.join_codes([plane; 3], pixels);
    }
}
