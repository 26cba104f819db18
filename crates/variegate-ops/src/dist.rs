//! Distributions that stand in front of parameters.
//!
//! Each draw uses a fixed number of words from its address, so no draw can shift another.

use variegate_picture::key::{below, normal_quantile, unit};
use variegate_picture::{Address, FieldKey};

use crate::param::{Kind, ParamSpec};
use crate::value::Value;

/// What a parameter's value is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub enum Dist {
    /// Always the same.
    Constant(Value),
    /// Any number between two, equally likely; whole parameters include both ends.
    Uniform(f64, f64),
    /// Any number between two positive ones, equally likely by ratio.
    LogUniform(f64, f64),
    /// A bell around a mean, cut at the parameter's bounds.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Beta(a, b) on 0…1.
    Beta {
        /// First shape, above 0.
        a: f64,
        /// Second shape, above 0.
        b: f64,
    },
    /// One of several values.
    OneOf {
        /// The values.
        values: Vec<Value>,
        /// As many weights, or none for equal chances.
        weights: Vec<f64>,
    },
    /// Depends on the epoch.
    Schedule {
        /// From this epoch on, this distribution; ascending.
        points: Vec<(u64, Dist)>,
        /// Whether numbers move linearly between points.
        linear: bool,
    },
}

impl Dist {
    /// Whether the value is always the same.
    pub fn is_constant(&self) -> bool {
        matches!(self, Dist::Constant(_))
    }

    /// Draws the value of a parameter at an address.
    pub fn draw(&self, spec: &ParamSpec, draw: u64, address: Address) -> Value {
        match self {
            Dist::Constant(value) => value.clone(),
            Dist::Schedule { points, linear } => {
                self.scheduled(points, *linear, address.epoch).draw(spec, draw, address)
            }
            Dist::OneOf { values, weights } => {
                let u = address.unit(draw);
                values[pick(u, values.len(), weights)].clone()
            }
            Dist::Uniform(lo, hi) if matches!(spec.kind, Kind::Integer { .. }) => {
                let n = (hi - lo) as u64 + 1;
                Value::Integer(*lo as i64 + below(address.words(draw)[0], n) as i64)
            }
            other => spec.number(other.number(address.unit(draw), spec)),
        }
    }

    fn number(&self, u: f64, spec: &ParamSpec) -> f64 {
        let (lo, hi) = spec.bounds();
        match self {
            Dist::Uniform(a, b) => a + (b - a) * u,
            Dist::LogUniform(a, b) => {
                let (la, lb) = (libm::log(*a), libm::log(*b));
                libm::exp(la + (lb - la) * u).clamp(*a, *b)
            }
            Dist::Normal { mean, sd } => (mean + sd * normal_quantile(u)).clamp(lo, hi),
            Dist::Beta { a, b } => beta_quantile(u, *a, *b),
            _ => 0.0,
        }
    }

    /// The distribution in force at an epoch.
    fn scheduled(&self, points: &[(u64, Dist)], linear: bool, epoch: u64) -> Dist {
        let after = points.iter().position(|(start, _)| *start > epoch).unwrap_or(points.len());
        let (start, now) = &points[after.saturating_sub(1)];
        if !linear || after == 0 || after == points.len() {
            return now.clone();
        }
        let (end, next) = &points[after];
        let t = (epoch - start) as f64 / (end - start) as f64;
        now.towards(next, t)
    }

    fn towards(&self, other: &Dist, t: f64) -> Dist {
        let mix = |a: f64, b: f64| a + (b - a) * t;
        match (self, other) {
            (Dist::Constant(a), Dist::Constant(b)) => match (a, b) {
                (Value::Integer(a), Value::Integer(b)) => {
                    Dist::Constant(Value::Integer(mix(*a as f64, *b as f64).round() as i64))
                }
                (Value::Numbers(a), Value::Numbers(b)) if a.len() == b.len() => {
                    Dist::Constant(Value::Numbers(a.iter().zip(b).map(|(a, b)| mix(*a, *b).round()).collect()))
                }
                _ => match (a.number(), b.number()) {
                    (Some(a), Some(b)) => Dist::Constant(Value::Real(mix(a, b))),
                    _ => self.clone(),
                },
            },
            (Dist::Uniform(a, b), Dist::Uniform(c, d)) => Dist::Uniform(mix(*a, *c), mix(*b, *d)),
            (Dist::LogUniform(a, b), Dist::LogUniform(c, d)) => Dist::LogUniform(mix(*a, *c), mix(*b, *d)),
            _ => self.clone(),
        }
    }

    /// The key of a random field: a draw of its own kind.
    pub fn key(draw: u64, address: Address) -> FieldKey {
        address.field(draw)
    }

    /// Numbers between −1 and 1, as many as asked.
    pub fn spread(n: usize, draw: u64, address: Address) -> Value {
        let blocks = (0..n.div_ceil(4) as u64).flat_map(|k| address.words(draw.wrapping_add(k)));
        Value::Numbers(blocks.take(n).map(|w| 2.0 * unit(w) - 1.0).collect())
    }
}

/// The index that a number in [0, 1) picks among `n`, by weight.
pub fn pick(u: f64, n: usize, weights: &[f64]) -> usize {
    if weights.is_empty() {
        return ((u * n as f64) as usize).min(n - 1);
    }
    let total: f64 = weights.iter().sum();
    let mut left = u * total;
    for (k, w) in weights.iter().enumerate() {
        left -= w;
        if left < 0.0 {
            return k;
        }
    }
    weights.iter().rposition(|w| *w > 0.0).unwrap_or(n - 1)
}

/// The number of Beta(alpha, alpha) that a number between −1 and 1 stands for; 0 where alpha is 0.
pub fn symmetric_beta(alpha: f64, spread: &[f64]) -> f64 {
    match spread.first() {
        Some(s) if alpha > 0.0 => beta_quantile((s + 1.0) / 2.0, alpha, alpha),
        _ => 0.0,
    }
}

/// The shares of a symmetric Dirichlet distribution that numbers between −1 and 1 stand for, as many as there are: each takes its
/// part, of Beta(alpha, alpha · those after it), of what is left. Even shares where alpha is 0.
pub fn dirichlet(alpha: f64, spread: &[f64]) -> Vec<f64> {
    let mut left = 1.0;
    let share = |(k, s): (usize, &f64)| {
        let after = spread.len() - 1 - k;
        let part = match after {
            0 => 1.0,
            _ if alpha <= 0.0 => 1.0 / (after + 1) as f64,
            _ => beta_quantile((s + 1.0) / 2.0, alpha, alpha * after as f64),
        };
        let taken = left * part;
        left -= taken;
        taken
    };
    spread.iter().enumerate().map(share).collect()
}

/// The quantile of Beta(a, b) by bisection of its cumulative distribution: 50 halvings, always the same cost.
pub fn beta_quantile(u: f64, a: f64, b: f64) -> f64 {
    let (mut lo, mut hi) = (0.0, 1.0);
    for _ in 0..50 {
        let mid = (lo + hi) / 2.0;
        if beta_cdf(mid, a, b) < u { lo = mid } else { hi = mid }
    }
    (lo + hi) / 2.0
}

/// The regularised incomplete beta function by its continued fraction (Lentz's method).
fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(1.0 - x, b, a);
    }
    let front =
        libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log(1.0 - x))
            / a;
    let tiny = 1e-300;
    let (mut f, mut c, mut d) = (1.0, 1.0, 0.0);
    for i in 0..200 {
        let m = f64::from(i / 2);
        let numerator = if i == 0 {
            1.0
        } else if i % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 + numerator * d;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = 1.0 + numerator / c;
        c = if c.abs() < tiny { tiny } else { c };
        let step = c * d;
        f *= step;
        if (1.0 - step).abs() < 1e-12 {
            break;
        }
    }
    front * (f - 1.0)
}

impl From<f64> for Dist {
    fn from(v: f64) -> Self {
        Dist::Constant(Value::Real(v))
    }
}

impl From<i64> for Dist {
    fn from(v: i64) -> Self {
        Dist::Constant(Value::Integer(v))
    }
}

impl From<i32> for Dist {
    fn from(v: i32) -> Self {
        Dist::Constant(Value::Integer(i64::from(v)))
    }
}

impl From<bool> for Dist {
    fn from(v: bool) -> Self {
        Dist::Constant(Value::Flag(v))
    }
}

impl From<&'static str> for Dist {
    fn from(v: &'static str) -> Self {
        Dist::Constant(Value::Word(v))
    }
}

impl From<String> for Dist {
    fn from(v: String) -> Self {
        Dist::Constant(v.into())
    }
}

impl From<Vec<f64>> for Dist {
    fn from(v: Vec<f64>) -> Self {
        Dist::Constant(Value::Numbers(v))
    }
}

impl From<variegate_picture::Size> for Dist {
    fn from(v: variegate_picture::Size) -> Self {
        Dist::Constant(v.into())
    }
}

impl From<std::ops::RangeInclusive<f64>> for Dist {
    fn from(range: std::ops::RangeInclusive<f64>) -> Self {
        Dist::Uniform(*range.start(), *range.end())
    }
}

impl From<std::ops::RangeInclusive<i64>> for Dist {
    fn from(range: std::ops::RangeInclusive<i64>) -> Self {
        Dist::Uniform(*range.start() as f64, *range.end() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_are_one_another_s_equals() {
        for alpha in [0.0, 0.3, 1.0, 7.0] {
            let sum: f64 = dirichlet(alpha, &[-0.4, 0.9, 0.1]).iter().sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
        // Over a grid of numbers each share has the mean of a third and, at alpha 1, the variance of an eighteenth.
        let grid = |k: usize| (k as f64 + 0.5) / 20.0 - 1.0;
        let all: Vec<Vec<f64>> = (0..1600).map(|k| dirichlet(1.0, &[grid(k % 40), grid(k / 40), 0.0])).collect();
        for c in 0..3 {
            let mean = all.iter().map(|s| s[c]).sum::<f64>() / 1600.0;
            let variance = all.iter().map(|s| (s[c] - mean).powi(2)).sum::<f64>() / 1600.0;
            assert!((mean - 1.0 / 3.0).abs() < 1e-3 && (variance - 1.0 / 18.0).abs() < 1e-3, "{mean} {variance}");
        }
    }

    #[test]
    fn beta_quantiles_meet_tabled_values() {
        assert!((beta_quantile(0.5, 2.0, 2.0) - 0.5).abs() < 1e-9);
        assert!((beta_quantile(0.9, 1.0, 1.0) - 0.9).abs() < 1e-9);
        // Beta(2, 1) has the cumulative distribution x².
        assert!((beta_quantile(0.25, 2.0, 1.0) - 0.5).abs() < 1e-9);
        // Beta(1/2, 1/2) is the arcsine law: F(x) = 2/π · asin √x.
        let x = beta_quantile(1.0 / 3.0, 0.5, 0.5);
        assert!((x - 0.25).abs() < 1e-9, "{x}");
    }

    #[test]
    fn weights_decide_what_is_picked() {
        assert_eq!(pick(0.0, 3, &[0.0, 1.0, 1.0]), 1);
        assert_eq!(pick(0.51, 3, &[0.0, 1.0, 1.0]), 2);
        assert_eq!(pick(0.999_999, 3, &[]), 2);
    }

    #[test]
    fn schedules_step_or_glide() {
        let points = vec![(0, Dist::from(0.0)), (10, Dist::from(1.0))];
        let step = Dist::Schedule { points: points.clone(), linear: false };
        let glide = Dist::Schedule { points: points.clone(), linear: true };
        assert_eq!(step.scheduled(&points, false, 5), Dist::from(0.0));
        assert_eq!(glide.scheduled(&points, true, 5), Dist::from(0.5));
        assert_eq!(glide.scheduled(&points, true, 12), Dist::from(1.0));
    }
}
