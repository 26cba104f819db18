//! Functions of one value: what a `Lut` node is made of.
//!
//! Values are in units of white (0 black, 1 white). On integer pictures every tone ends on the grid of storable
//! values, so a chain of tones and the single table made of it are the same thing, exactly.

use std::sync::Arc;

/// A function of one channel's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tone {
    /// white − v.
    Invert,
    /// v below the threshold, white − v from it on.
    Solarize {
        /// In units of white.
        threshold: f64,
    },
    /// v below the threshold gains an amount and is kept between black and white; v from it on stays.
    SolarizeAdd {
        /// In units of white.
        threshold: f64,
        /// In units of white.
        amount: f64,
    },
    /// The nearest of equally spaced values from black to white.
    Levels {
        /// How many values, at least 2.
        levels: u32,
    },
    /// Keeps the upper bits of the stored value (8-bit grid for floats).
    Posterize {
        /// 1 to 8.
        bits: u32,
    },
    /// v to a power.
    Power {
        /// The exponent, above 0.
        exponent: f64,
    },
    /// gain · v + offset, clamped to black and white.
    Linear {
        /// Factor.
        gain: f64,
        /// Addend, in units of white.
        offset: f64,
    },
    /// Linear between equally spaced values from black to white.
    Curve(Arc<[f64]>),
    /// Another tone for each channel (the last serves the rest).
    Each(Vec<Tone>),
    /// A table that the picture's own histogram decides.
    Measured(Measure),
}

/// How a histogram makes a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// Stretches each channel to black…white after cutting `cutoff` (a fraction) from both ends.
    Stretch {
        /// 0 to 0.49.
        cutoff: f64,
    },
    /// Flattens each channel's cumulative histogram (Pillow's formula).
    Equalize,
    /// Flattens each channel's cumulative histogram (OpenCV's formula: from the first value there is, rounded).
    EqualizeRounded,
}

/// Counts of 256 equal bins for each channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram(pub Vec<[u64; 256]>);

/// The storable values between black and white: 255 or 65535 steps; none for floats.
pub type Steps = Option<f64>;

impl Tone {
    /// The value of channel `c` after the tone. A measured tone must have been resolved; unresolved it is idle.
    pub fn apply(&self, v: f64, c: usize, steps: Steps) -> f64 {
        let out = match self {
            Tone::Invert => 1.0 - v,
            Tone::Solarize { threshold } => {
                if v < *threshold {
                    v
                } else {
                    1.0 - v
                }
            }
            Tone::SolarizeAdd { threshold, amount } => {
                if v < *threshold {
                    (v + amount).clamp(0.0, 1.0)
                } else {
                    v
                }
            }
            Tone::Levels { levels } => {
                let last = f64::from(levels.saturating_sub(1).max(1));
                (v.clamp(0.0, 1.0) * last).round() / last
            }
            Tone::Posterize { bits } => {
                let steps = steps.unwrap_or(255.0);
                let block = (steps + 1.0) / f64::from(1u32 << bits);
                // Half a step of tolerance keeps floats that stand for integers on their own side.
                ((v * steps + 1e-6) / block).floor() * block / steps
            }
            Tone::Power { exponent } => libm::pow(v.max(0.0), *exponent),
            Tone::Linear { gain, offset } => (gain * v + offset).clamp(0.0, 1.0),
            Tone::Curve(values) => {
                let last = values.len() - 1;
                let g = v.clamp(0.0, 1.0) * last as f64;
                let i = (g as usize).min(last.saturating_sub(1));
                let next = values[(i + 1).min(last)];
                values[i] + (next - values[i]) * (g - i as f64)
            }
            Tone::Each(tones) => return tones.get(c).or(tones.last()).map_or(v, |t| t.apply(v, c, steps)),
            Tone::Measured(_) => v,
        };
        match steps {
            Some(steps) => round_half_even(out.clamp(0.0, 1.0) * steps) / steps,
            None => out,
        }
    }

    /// Whether it needs a histogram first.
    pub fn is_measured(&self) -> bool {
        match self {
            Tone::Measured(_) => true,
            Tone::Each(tones) => tones.iter().any(Tone::is_measured),
            _ => false,
        }
    }

    /// The tone with its measured parts decided by a histogram.
    pub fn resolve(&self, histogram: &Histogram) -> Tone {
        match self {
            Tone::Measured(measure) => Tone::Each(histogram.0.iter().map(|bins| measure.curve(bins)).collect()),
            other => other.clone(),
        }
    }

    /// Its name in explanations.
    pub fn describe(&self) -> String {
        match self {
            Tone::Invert => "invert".into(),
            Tone::Solarize { threshold } => format!("solarize from {threshold:.3}"),
            Tone::SolarizeAdd { threshold, amount } => format!("{amount:+.3} below {threshold:.3}"),
            Tone::Levels { levels } => format!("{levels} levels"),
            Tone::Posterize { bits } => format!("posterize to {bits} bits"),
            Tone::Power { exponent } => format!("power {exponent:.3}"),
            Tone::Linear { gain, offset } => format!("{gain:.3} v {offset:+.3}"),
            Tone::Curve(values) => format!("curve of {} points", values.len()),
            Tone::Each(_) => "by channel".into(),
            Tone::Measured(Measure::Stretch { .. }) => "stretched by its histogram".into(),
            Tone::Measured(Measure::Equalize | Measure::EqualizeRounded) => "equalised by its histogram".into(),
        }
    }
}

impl Measure {
    fn curve(&self, bins: &[u64; 256]) -> Tone {
        let total: u64 = bins.iter().sum();
        let identity = || Tone::Linear { gain: 1.0, offset: 0.0 };
        match self {
            Measure::Stretch { cutoff } => {
                let cut = (total as f64 * cutoff) as u64;
                let end = |order: Vec<usize>| {
                    let mut seen = 0;
                    order.into_iter().find(|&i| {
                        seen += bins[i];
                        seen > cut
                    })
                };
                match (end((0..256).collect()), end((0..256).rev().collect())) {
                    (Some(lo), Some(hi)) if hi > lo => {
                        let gain = 255.0 / (hi - lo) as f64;
                        Tone::Linear { gain, offset: -(lo as f64) / 255.0 * gain }
                    }
                    _ => identity(),
                }
            }
            Measure::Equalize => {
                let last = bins.iter().rev().find(|b| **b > 0).copied().unwrap_or(0);
                let step = (total - last) / 255;
                if step == 0 {
                    return identity();
                }
                let mut seen = step / 2;
                let values = bins.iter().map(|count| {
                    let value = (seen / step).min(255) as f64 / 255.0;
                    seen += count;
                    value
                });
                Tone::Curve(values.collect())
            }
            Measure::EqualizeRounded => {
                let first = bins.iter().position(|b| *b > 0).unwrap_or(0);
                let rest = total - bins[first];
                if rest == 0 {
                    return identity();
                }
                // OpenCV's product is one of 32-bit reals; in 64 bits a few ties would round the other way.
                let scale = 255.0 / rest as f32;
                let mut seen = 0;
                let values = bins.iter().enumerate().map(|(code, count)| {
                    seen += if code > first { *count } else { 0 };
                    round_half_even(f64::from(seen as f32 * scale)).min(255.0) / 255.0
                });
                Tone::Curve(values.collect())
            }
        }
    }
}

/// Rounds to the nearest integer, ties to the even one.
pub fn round_half_even(v: f64) -> f64 {
    libm::rint(v)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: Steps = Some(255.0);

    #[test]
    fn tones_do_what_their_names_say() {
        let at = |tone: &Tone, v: f64| tone.apply(v / 255.0, 0, BYTES) * 255.0;
        assert_eq!(at(&Tone::Invert, 40.0), 215.0);
        assert_eq!(at(&Tone::Solarize { threshold: 128.0 / 255.0 }, 127.0), 127.0);
        assert_eq!(at(&Tone::Solarize { threshold: 128.0 / 255.0 }, 128.0), 127.0);
        for v in 0..256 {
            assert_eq!(at(&Tone::Posterize { bits: 3 }, f64::from(v)).round() as i32, v & 0b1110_0000, "{v}");
        }
        assert_eq!(at(&Tone::Linear { gain: 2.0, offset: 0.0 }, 200.0), 255.0);
        let add = Tone::SolarizeAdd { threshold: 0.5, amount: 100.0 / 255.0 };
        assert_eq!([20.0, 127.0, 128.0].map(|v| at(&add, v)), [120.0, 227.0, 128.0]);
        assert_eq!([63.0, 64.0, 191.0, 192.0].map(|v| at(&Tone::Levels { levels: 3 }, v)), [0.0, 128.0, 128.0, 255.0]);
    }

    #[test]
    fn rounded_equalising_starts_at_the_first_value() {
        let mut bins = [0; 256];
        (bins[10], bins[20], bins[30]) = (5, 1, 3);
        let tone = Tone::Measured(Measure::EqualizeRounded).resolve(&Histogram(vec![bins]));
        let at = |v: f64| tone.apply(v / 255.0, 0, BYTES) * 255.0;
        // A quarter of what follows the first value is reached at 20, everything at 30.
        assert_eq!([10.0, 20.0, 30.0].map(at), [0.0, 64.0, 255.0]);
    }

    #[test]
    fn stretching_uses_the_whole_range() {
        let mut bins = [0; 256];
        bins[50] = 10;
        bins[100] = 10;
        let tone = Tone::Measured(Measure::Stretch { cutoff: 0.0 }).resolve(&Histogram(vec![bins]));
        assert_eq!(tone.apply(50.0 / 255.0, 0, BYTES), 0.0);
        assert_eq!(tone.apply(100.0 / 255.0, 0, BYTES), 1.0);
    }
}
