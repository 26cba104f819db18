//! A value for each channel, or one value for all.

/// A value for each channel, or one value for all of them: fills, gains, offsets.
#[derive(Clone, Debug, PartialEq)]
pub enum Channels {
    /// The same value in every channel.
    All(f64),
    /// A value for each channel; the last one serves channels beyond the list.
    Each(Vec<f64>),
}

impl Channels {
    /// The value of channel `c`.
    #[inline]
    pub fn get(&self, c: usize) -> f64 {
        match self {
            Channels::All(v) => *v,
            Channels::Each(values) => values.get(c).or(values.last()).copied().unwrap_or(0.0),
        }
    }

    /// Combines two lists value by value.
    pub fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Channels::All(a), Channels::All(b)) => Channels::All(f(*a, *b)),
            _ => {
                let n = self.listed().max(other.listed());
                Channels::Each((0..n).map(|c| f(self.get(c), other.get(c))).collect())
            }
        }
    }

    /// Maps every value.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        match self {
            Channels::All(v) => Channels::All(f(*v)),
            Channels::Each(values) => Channels::Each(values.iter().map(|v| f(*v)).collect()),
        }
    }

    /// Whether every value satisfies `f`.
    pub fn every(&self, f: impl Fn(f64) -> bool) -> bool {
        match self {
            Channels::All(v) => f(*v),
            Channels::Each(values) => values.iter().all(|v| f(*v)),
        }
    }

    fn listed(&self) -> usize {
        match self {
            Channels::All(_) => 1,
            Channels::Each(values) => values.len(),
        }
    }
}

impl From<f64> for Channels {
    fn from(value: f64) -> Self {
        Channels::All(value)
    }
}

impl From<&[f64]> for Channels {
    fn from(values: &[f64]) -> Self {
        match values {
            [one] => Channels::All(*one),
            many => Channels::Each(many.to_vec()),
        }
    }
}
