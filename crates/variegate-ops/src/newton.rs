//! The way back through a map that has no closed inverse.
//!
//! Called by the `target` of curved maps, for points and the outlines of boxes; never for pixels.

use variegate_picture::Point;

/// How close to its goal a position must come, in pixels.
const NEAR: f64 = 1e-6;

/// The position near `guess` that `source` sends to `goal`; none where the steps of Newton's lead nowhere.
pub fn solve(source: impl Fn(Point) -> Point, goal: Point, guess: Point) -> Option<Point> {
    let rest = |p: Point| {
        let q = source(p);
        (q.x - goal.x, q.y - goal.y)
    };
    let size = |r: (f64, f64)| libm::hypot(r.0, r.1);
    let (mut p, mut left) = (guess, rest(guess));
    for _ in 0..50 {
        if size(left) < NEAR * 1e-3 {
            break;
        }
        let step = 1e-4;
        let slope = |dx: f64, dy: f64| {
            let (a, b) = (rest(Point::new(p.x + dx, p.y + dy)), rest(Point::new(p.x - dx, p.y - dy)));
            ((a.0 - b.0) / (2.0 * step), (a.1 - b.1) / (2.0 * step))
        };
        let ((xx, yx), (xy, yy)) = (slope(step, 0.0), slope(0.0, step));
        let determinant = xx * yy - xy * yx;
        let move_x = (left.0 * yy - left.1 * xy) / determinant;
        let move_y = (left.1 * xx - left.0 * yx) / determinant;
        // A whole step, or a part of one that brings it nearer.
        let parts = (0..12).map(|k| 1.0 / f64::from(1 << k));
        let nearer = parts
            .map(|part| Point::new(p.x - part * move_x, p.y - part * move_y))
            .map(|next| (next, rest(next)))
            .find(|(_, after)| size(*after) < size(left));
        let Some(nearer) = nearer else { break };
        (p, left) = nearer;
    }
    (size(left) < NEAR).then_some(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_way_back_or_says_that_there_is_none() {
        let squared = |p: Point| Point::new(p.x * p.x, p.x + p.y * p.y);
        let p = solve(squared, Point::new(9.0, 19.0), Point::new(2.0, 3.0)).expect("a root");
        assert!((p.x - 3.0).abs() < 1e-6 && (p.y - 4.0).abs() < 1e-6);
        assert!(solve(squared, Point::new(-1.0, 0.0), Point::new(2.0, 3.0)).is_none());
    }
}
