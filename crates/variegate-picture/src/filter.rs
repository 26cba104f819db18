//! How a picture is read between its pixels, and beyond its edge.

/// The resampling filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Filter {
    /// The pixel whose square contains the position.
    Nearest,
    /// The mean of the pixels under the footprint.
    Box,
    /// Linear between the two nearest pixels of each axis.
    Bilinear,
    /// Raised cosine, Pillow's `HAMMING`.
    Hamming,
    /// Cubic convolution with a = −0.5 (Keys 1981), as Pillow, TensorFlow and JAX.
    Bicubic,
    /// Cubic of Mitchell and Netravali (1988), B = C = 1/3.
    Mitchell,
    /// Windowed sinc of three lobes, Pillow's `LANCZOS`.
    Lanczos3,
    /// Windowed sinc of five lobes.
    Lanczos5,
    /// Gaussian of σ = 0.5, TensorFlow's `gaussian`.
    Gaussian,
}

impl Filter {
    /// Every filter with the name users type.
    pub const NAMES: &'static [(&'static str, Filter)] = &[
        ("nearest", Filter::Nearest),
        ("box", Filter::Box),
        ("bilinear", Filter::Bilinear),
        ("hamming", Filter::Hamming),
        ("bicubic", Filter::Bicubic),
        ("mitchell", Filter::Mitchell),
        ("lanczos3", Filter::Lanczos3),
        ("lanczos5", Filter::Lanczos5),
        ("gaussian", Filter::Gaussian),
    ];

    /// The name users type.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, f)| *f == self).map_or("?", |(name, _)| name)
    }

    /// Half the width of the kernel, in source pixels at scale one.
    pub fn support(self) -> f64 {
        match self {
            Filter::Nearest | Filter::Box => 0.5,
            Filter::Bilinear | Filter::Hamming => 1.0,
            Filter::Bicubic | Filter::Mitchell => 2.0,
            Filter::Gaussian => 1.5,
            Filter::Lanczos3 => 3.0,
            Filter::Lanczos5 => 5.0,
        }
    }

    /// The kernel at distance `x`, not normalised.
    pub fn weight(self, x: f64) -> f64 {
        use std::f64::consts::PI;
        let x = x.abs();
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { libm::sin(PI * x) / (PI * x) };
        let cubic = |b: f64, c: f64| {
            if x < 1.0 {
                ((12.0 - 9.0 * b - 6.0 * c) * x * x * x + (-18.0 + 12.0 * b + 6.0 * c) * x * x + 6.0 - 2.0 * b) / 6.0
            } else if x < 2.0 {
                ((-b - 6.0 * c) * x * x * x
                    + (6.0 * b + 30.0 * c) * x * x
                    + (-12.0 * b - 48.0 * c) * x
                    + 8.0 * b
                    + 24.0 * c)
                    / 6.0
            } else {
                0.0
            }
        };
        let lanczos = |lobes: f64| if x < lobes { sinc(x) * sinc(x / lobes) } else { 0.0 };
        match self {
            Filter::Nearest | Filter::Box => f64::from(u8::from(x <= 0.5)),
            Filter::Bilinear => (1.0 - x).max(0.0),
            Filter::Hamming => {
                if x < 1.0 {
                    sinc(x) * (0.54 + 0.46 * libm::cos(PI * x))
                } else {
                    0.0
                }
            }
            Filter::Bicubic => cubic(0.0, 0.5),
            Filter::Mitchell => cubic(1.0 / 3.0, 1.0 / 3.0),
            Filter::Lanczos3 => lanczos(3.0),
            Filter::Lanczos5 => lanczos(5.0),
            Filter::Gaussian => {
                if x < 1.5 {
                    libm::exp(-2.0 * x * x)
                } else {
                    0.0
                }
            }
        }
    }
}

/// What lies beyond the edge of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Border {
    /// The fill colour.
    Constant,
    /// The nearest edge pixel: `a a a | a b c d | d d d`.
    Edge,
    /// Mirrored about the edge, which is repeated: `c b a | a b c d | d c b`.
    Reflect,
    /// Mirrored about the edge pixel's centre: `d c b | a b c d | c b a`.
    Mirror,
    /// Repeated: `b c d | a b c d | a b c`.
    Wrap,
}

impl Border {
    /// Every border with the name users type.
    pub const NAMES: &'static [(&'static str, Border)] = &[
        ("constant", Border::Constant),
        ("edge", Border::Edge),
        ("reflect", Border::Reflect),
        ("mirror", Border::Mirror),
        ("wrap", Border::Wrap),
    ];

    /// The name users type.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, b)| *b == self).map_or("?", |(name, _)| name)
    }

    /// The index in `0..n` that stands for index `i`, or none where the fill shows.
    #[inline]
    pub fn fold(self, i: i64, n: i64) -> Option<i64> {
        if (0..n).contains(&i) {
            return Some(i);
        }
        // A division is dear, and most positions lie no further out than the picture is long.
        let near = match self {
            Border::Constant => return None,
            Border::Edge => i.clamp(0, n - 1),
            Border::Wrap => i.saturating_add(if i < 0 { n } else { -n }),
            Border::Reflect => (if i < 0 { -1i64 } else { 2 * n - 1 }).saturating_sub(i),
            Border::Mirror => (if i < 0 { 0 } else { 2 * n - 2 }).saturating_sub(i),
        };
        if (0..n).contains(&near) {
            return Some(near);
        }
        match self {
            Border::Constant | Border::Edge => None,
            Border::Wrap => Some(i.rem_euclid(n)),
            Border::Reflect => {
                let j = i.rem_euclid(2 * n);
                Some(if j < n { j } else { 2 * n - 1 - j })
            }
            Border::Mirror if n == 1 => Some(0),
            Border::Mirror => {
                let j = i.rem_euclid(2 * n - 2);
                Some(if j < n { j } else { 2 * n - 2 - j })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_continue_as_their_pictures_say() {
        let letters = ['a', 'b', 'c', 'd'];
        let around = |border: Border| -> String {
            (-3..7).map(|i| border.fold(i, 4).map_or('.', |j| letters[j as usize])).collect()
        };
        assert_eq!(around(Border::Constant), "...abcd...");
        assert_eq!(around(Border::Edge), "aaaabcdddd");
        assert_eq!(around(Border::Reflect), "cbaabcddcb");
        assert_eq!(around(Border::Mirror), "dcbabcdcba");
        assert_eq!(around(Border::Wrap), "bcdabcdabc");
        assert_eq!(Border::Mirror.fold(-7, 1), Some(0));
    }

    #[test]
    fn interpolating_kernels_are_one_at_zero_and_nothing_at_the_other_integers() {
        for filter in [Filter::Bilinear, Filter::Hamming, Filter::Bicubic, Filter::Lanczos3, Filter::Lanczos5] {
            assert!((filter.weight(0.0) - 1.0).abs() < 1e-12);
            for k in 1..6 {
                assert!(filter.weight(f64::from(k)).abs() < 1e-12, "{} at {k}", filter.name());
            }
        }
    }
}
