//! Two rows into one: textures, second pictures, overlays.
//!
//! The engine calls it on real rows of the same picture type. Every mode is a function of the two stored values and
//! white; opacity and mask then fade between the old value and the new. Nothing here knows what is being blended.

/// How two values meet; `a` is the row's, `b` the other's, both with white taken as 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlendMode {
    /// `b`
    Normal,
    /// `a·b`
    Multiply,
    /// `1 − (1 − a)(1 − b)`
    Screen,
    /// `2·a·b` in the dark half of `a`, `1 − 2(1 − a)(1 − b)` in the light one.
    Overlay,
    /// `(1 − a)·a·b + a·(1 − (1 − a)(1 − b))`, as Pillow's `soft_light`.
    SoftLight,
    /// `min(a + b, 1)`
    Add,
    /// `max(a − b, 0)`
    Subtract,
    /// `|a − b|`
    Difference,
    /// `max(a, b)`
    Lighten,
    /// `min(a, b)`
    Darken,
}

levels! {
    /// `row += (mode(row, other) − row) · opacity · mask`.
    ///
    /// `mask` holds a weight of 0..1 for each pixel, and none weighs 1 everywhere. Every channel takes part.
    pub fn blend(
        row: &mut [f32],
        other: &[f32],
        white: f32,
        mode: BlendMode,
        opacity: f32,
        mask: Option<&[f32]>,
        channels: usize,
    ) {
        debug_assert_eq!(row.len(), other.len());
        debug_assert!(mask.is_none_or(|mask| mask.len() * channels == row.len()));
        let inverse = 1.0 / white;
        match mode {
            BlendMode::Normal => run(row, other, opacity, mask, channels, |_, b| b),
            BlendMode::Multiply => run(row, other, opacity, mask, channels, |a, b| a * b * inverse),
            BlendMode::Screen => run(row, other, opacity, mask, channels, |a, b| a + b - a * b * inverse),
            BlendMode::Overlay => run(row, other, opacity, mask, channels, |a, b| {
                let dark = 2.0 * a * b * inverse;
                let light = white - 2.0 * (white - a) * (white - b) * inverse;
                if a + a < white { dark } else { light }
            }),
            BlendMode::SoftLight => run(row, other, opacity, mask, channels, |a, b| {
                let (u, v) = (a * inverse, b * inverse);
                white * ((1.0 - u) * u * v + u * (1.0 - (1.0 - u) * (1.0 - v)))
            }),
            BlendMode::Add => run(row, other, opacity, mask, channels, |a, b| {
                let sum = a + b;
                if sum > white { white } else { sum }
            }),
            BlendMode::Subtract => run(row, other, opacity, mask, channels, |a, b| {
                let rest = a - b;
                if rest < 0.0 { 0.0 } else { rest }
            }),
            BlendMode::Difference => run(row, other, opacity, mask, channels, |a, b| (a - b).abs()),
            BlendMode::Lighten => run(row, other, opacity, mask, channels, |a, b| if b > a { b } else { a }),
            BlendMode::Darken => run(row, other, opacity, mask, channels, |a, b| if b < a { b } else { a }),
        }
    }
}

#[inline(always)]
fn run(
    row: &mut [f32],
    other: &[f32],
    opacity: f32,
    mask: Option<&[f32]>,
    channels: usize,
    mode: impl Fn(f32, f32) -> f32,
) {
    let Some(mask) = mask else {
        if opacity == 1.0 {
            for (a, b) in row.iter_mut().zip(other) {
                *a = mode(*a, *b);
            }
        } else {
            for (a, b) in row.iter_mut().zip(other) {
                *a += (mode(*a, *b) - *a) * opacity;
            }
        }
        return;
    };
    match channels {
        1 => masked::<1>(row, other, opacity, mask, mode),
        3 => masked::<3>(row, other, opacity, mask, mode),
        4 => masked::<4>(row, other, opacity, mask, mode),
        _ => {
            for ((a, b), weight) in row.chunks_exact_mut(channels).zip(other.chunks_exact(channels)).zip(mask) {
                for (a, b) in a.iter_mut().zip(b) {
                    *a += (mode(*a, *b) - *a) * (opacity * weight);
                }
            }
        }
    }
}

#[inline(always)]
fn masked<const C: usize>(row: &mut [f32], other: &[f32], opacity: f32, mask: &[f32], mode: impl Fn(f32, f32) -> f32) {
    for ((a, b), weight) in row.as_chunks_mut::<C>().0.iter_mut().zip(other.as_chunks::<C>().0).zip(mask) {
        for c in 0..C {
            a[c] += (mode(a[c], b[c]) - a[c]) * (opacity * weight);
        }
    }
}
