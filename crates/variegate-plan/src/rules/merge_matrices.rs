//! Makes one colour matrix of two, where the first clamp is absent or provably idle.
//!
//! Idle means: no value between black and white can leave that interval, so clamping it does nothing. Values are
//! known to lie between black and white only before the first unclamped matrix, so the first of the two must map
//! the unit interval into itself.

use variegate_picture::Channels;

use super::Rewrite;
use crate::node::{ColorMatrix, Matrix, Node};

/// Merges two neighbouring matrices.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let (Node::ColorMatrix(a), Node::ColorMatrix(b)) = (first, second) else { return None };
    if a.mean.is_some() || b.mean.is_some() || (a.clamp && !is_idle(a)) {
        return None;
    }
    Some(Rewrite::Merge(Node::ColorMatrix(ColorMatrix {
        matrix: product(&b.matrix, &a.matrix),
        mean: None,
        // An idle clamp does nothing, so only the second one can matter.
        clamp: b.clamp,
    })))
}

/// Whether values between black and white stay there without the clamp.
pub(super) fn is_idle(m: &ColorMatrix) -> bool {
    let slack = 1e-12;
    match &m.matrix {
        Matrix::Scale { gain, offset } => {
            let low = gain.zip(offset, |g, o| o + g.min(0.0));
            let high = gain.zip(offset, |g, o| o + g.max(0.0));
            low.every(|v| v >= -slack) && high.every(|v| v <= 1.0 + slack)
        }
        Matrix::Mix(rows) => rows.iter().all(|r| {
            let low: f64 = r[..3].iter().map(|v| v.min(0.0)).sum::<f64>() + r[3];
            let high: f64 = r[..3].iter().map(|v| v.max(0.0)).sum::<f64>() + r[3];
            low >= -slack && high <= 1.0 + slack
        }),
    }
}

/// outer after inner.
fn product(outer: &Matrix, inner: &Matrix) -> Matrix {
    if let (Matrix::Scale { gain: g, offset: o }, Matrix::Scale { gain: h, offset: p }) = (outer, inner) {
        let moved = g.zip(p, |g, p| g * p);
        return Matrix::Scale { gain: g.zip(h, |g, h| g * h), offset: moved.zip(o, |m, o| m + o) };
    }
    let (a, b) = (rows(outer), rows(inner));
    let mut out = [[0.0; 4]; 3];
    for (r, row) in out.iter_mut().enumerate() {
        for (c, value) in row.iter_mut().enumerate() {
            *value = (0..3).map(|k| a[r][k] * b[k][c]).sum::<f64>() + if c == 3 { a[r][3] } else { 0.0 };
        }
    }
    Matrix::Mix(out)
}

fn rows(matrix: &Matrix) -> [[f64; 4]; 3] {
    match matrix {
        Matrix::Mix(rows) => *rows,
        Matrix::Scale { gain, offset } => {
            let at = |c: &Channels, i: usize| c.get(i);
            std::array::from_fn(|r| {
                std::array::from_fn(|c| match c {
                    3 => at(offset, r),
                    c if c == r => at(gain, r),
                    _ => 0.0,
                })
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(gain: f64, offset: f64, clamp: bool) -> Node {
        Node::ColorMatrix(ColorMatrix {
            matrix: Matrix::Scale { gain: Channels::All(gain), offset: Channels::All(offset) },
            mean: None,
            clamp,
        })
    }

    #[test]
    fn a_clamp_that_cuts_is_kept() {
        // +100 then −100 of 255 destroys highlights: the two must stay two.
        assert!(rewrite(&scale(1.0, 0.4, true), &scale(1.0, -0.4, true)).is_none());
    }

    #[test]
    fn an_idle_clamp_goes() {
        let Some(Rewrite::Merge(Node::ColorMatrix(merged))) = rewrite(&scale(0.5, 0.25, true), &scale(2.0, 0.0, true))
        else {
            unreachable!()
        };
        assert_eq!(merged.matrix, Matrix::Scale { gain: Channels::All(1.0), offset: Channels::All(0.5) });
        assert!(merged.clamp);
    }

    #[test]
    fn an_idle_clamp_does_not_become_one_that_cuts() {
        let merged = rewrite(&scale(0.5, 0.25, true), &scale(3.0, 0.0, false));
        let Some(Rewrite::Merge(Node::ColorMatrix(merged))) = merged else { unreachable!() };
        assert!(!merged.clamp, "the second matrix may leave black…white");
    }
}
