//! Shortens the steps of a pass: over 8-bit pictures where rows begin as codes and a result is rounded anyway, and over
//! pictures of three channels where colour steps follow each other.
//!
//! The sweep asks once for a picture. A chain of scales and tables whose end is rounded is one table, and a matrix or a
//! hue turn whose result is rounded goes from codes to codes. Nothing is decided here that the rows could show: a table is
//! filled by the very steps it stands for, and between a step and its rounding lies nothing that mixes values.

use std::collections::VecDeque;

use variegate_kernels::lut::Tables8;
use variegate_picture::{Dtype, Size};

use crate::program::Ground;
use crate::row::{Row, State};
use crate::step::{OnCodes, Step};

/// Pixels below which a table costs more than it saves.
const WORTH_A_TABLE: usize = 2048;

/// The same steps, shortened. `rounds` says that the rows are stored as the picture's own codes at the end.
pub fn settle<'p>(steps: Vec<Step<'p>>, ground: Ground, rounds: bool) -> Vec<Step<'p>> {
    if ground.dtype != Dtype::U8 {
        return steps;
    }
    let mut left = VecDeque::from(steps);
    let mut settled = Vec::with_capacity(left.len());
    // Whether the row is codes at this place.
    let mut codes = true;
    while let Some(step) = left.pop_front() {
        match step {
            // A table makes codes of reals.
            step if !codes => {
                codes = matches!(step, Step::Bytes(_));
                settled.push(step);
            }
            Step::Scale { .. } | Step::Bytes(_) => {
                let mut run = vec![step];
                while left.front().is_some_and(is_by_value) {
                    run.extend(left.pop_front());
                }
                // Without a rounding behind it, a run can be a table up to its last table.
                let tables = run.iter().rposition(|step| matches!(step, Step::Bytes(_))).map_or(0, |k| k + 1);
                let reals = run.split_off(if is_rounded(left.iter(), rounds) { run.len() } else { tables });
                codes = reals.is_empty();
                settled.extend(joined(run, ground));
                settled.extend(reals);
            }
            Step::Mix3 { matrix, clamp } if ground.channels == 3 && is_rounded(left.iter(), rounds) => {
                settled.push(Step::Codes(OnCodes::Mix3 { matrix, clamp }));
            }
            Step::Hsv { hue, saturation, value } if ground.channels == 3 && is_rounded(left.iter(), rounds) => {
                settled.push(Step::Codes(OnCodes::Hsv { hue, saturation, value }));
            }
            step => {
                codes = step.is_painted();
                settled.push(step);
            }
        }
    }
    settled
}

/// The same steps with neighbouring colour steps of three channels as chains.
pub fn chained(steps: Vec<Step<'_>>, ground: Ground) -> Vec<Step<'_>> {
    if ground.channels != 3 {
        return steps;
    }
    let mut joined: Vec<Step<'_>> = Vec::with_capacity(steps.len());
    for step in steps {
        let Some(link) = step.link(ground.white) else {
            joined.push(step);
            continue;
        };
        match joined.last_mut() {
            Some(Step::Chain(links)) => links.push(link),
            Some(last) => match last.link(ground.white) {
                Some(before) => *last = Step::Chain(vec![before, link]),
                None => joined.push(step),
            },
            None => joined.push(step),
        }
    }
    joined
}

/// Whether a step makes every value from itself alone.
fn is_by_value(step: &Step<'_>) -> bool {
    matches!(step, Step::Scale { .. } | Step::Bytes(_))
}

/// Whether what goes into these steps is rounded to bytes before anything mixes it.
pub fn is_rounded<'a, 'p: 'a>(mut steps: impl Iterator<Item = &'a Step<'p>>, rounds: bool) -> bool {
    match steps.find(|step| !step.is_painted()) {
        Some(step) => matches!(step, Step::Bytes(_)),
        None => rounds,
    }
}

/// One table of a chain of scales and tables that begins and ends with codes.
fn joined<'p>(steps: Vec<Step<'p>>, ground: Ground) -> Vec<Step<'p>> {
    let single = matches!(steps.as_slice(), [] | [Step::Bytes(_)]);
    if single || ground.size.pixels() < WORTH_A_TABLE {
        return steps;
    }
    // A row that holds every code in every channel, taken through the steps.
    let channels = ground.channels;
    let codes = Ground { size: Size::new(1, 256), ..ground };
    let mut row = Row::default();
    row.resize(256 * channels, Dtype::U8);
    for (e, code) in row.bytes.iter_mut().enumerate() {
        *code = (e / channels) as u8;
    }
    row.state = State::Bytes;
    for step in &steps {
        step.apply(0, &mut row, codes, &mut Vec::new(), &mut Vec::new());
    }
    row.make_codes(Dtype::U8);
    let table = |c: usize| std::array::from_fn(|code| row.bytes[code * channels + c]);
    vec![Step::Bytes(Tables8::new((0..channels).map(table).collect(), channels))]
}

#[cfg(test)]
mod tests {
    use variegate_kernels::region;
    use variegate_picture::{Channels, Frame, Homography, Layout, Picture, Pixels, Rect, Slot};
    use variegate_plan::reference::NoServices;
    use variegate_plan::{ColorMatrix, Fill, Hsv, Lut, Matrix, Meaning, Node, Outline, Plan, Region, Tone, Warp};

    use super::*;
    use crate::step::{Colour, Paint, Shapes};
    use crate::{Scratch, run};

    const GROUND: Ground = Ground { size: Size::new(60, 50), channels: 3, dtype: Dtype::U8, white: 255.0 };

    fn scale(gain: f32) -> Step<'static> {
        Step::Scale { gain: vec![gain], offset: vec![1.5], clamp: Some((0.0, 255.0)) }
    }

    fn table() -> Step<'static> {
        Step::Bytes(Tables8::new(vec![std::array::from_fn(|code| 255 - code as u8)], 3))
    }

    fn paint() -> Step<'static> {
        let colour = Colour { bytes: vec![3; 3], words: vec![3; 3], reals: vec![3.0; 3] };
        let shape = region::Outline::Rect { x0: 0.0, y0: 0.0, x1: 9.0, y1: 9.0 };
        Step::Region(Shapes::new(vec![(shape, 0)], vec![Paint::Colour(colour)], GROUND.size.height))
    }

    fn turn() -> Step<'static> {
        Step::Hsv { hue: 0.1, saturation: 1.2, value: 1.0 }
    }

    /// One letter for each step: a table, reals that scale or turn, codes that turn, paint.
    fn letters(steps: Vec<Step<'_>>, rounds: bool) -> String {
        let letter = |step: &Step<'_>| match step {
            Step::Bytes(_) => 'T',
            Step::Scale { .. } => 's',
            Step::Hsv { .. } => 'h',
            Step::Codes(_) => 'C',
            Step::Region(_) => 'P',
            _ => '?',
        };
        settle(steps, GROUND, rounds).iter().map(letter).collect()
    }

    #[test]
    fn codes_last_as_long_as_their_rounding_changes_nothing() {
        assert_eq!(letters(vec![scale(1.2), table(), scale(0.5)], true), "T");
        assert_eq!(letters(vec![scale(1.2), table(), scale(0.5)], false), "Ts");
        assert_eq!(letters(vec![scale(1.2), paint()], true), "TP");
        assert_eq!(letters(vec![scale(1.2), paint()], false), "sP");
        assert_eq!(letters(vec![scale(1.2), turn()], true), "sh");
        assert_eq!(letters(vec![table(), turn(), paint()], true), "TCP");
        assert_eq!(letters(vec![turn(), turn()], true), "hh");
        assert_eq!(letters(vec![turn(), table(), turn()], false), "CTh");
        assert_eq!(letters(vec![turn()], false), "h");
    }

    fn picture(size: Size) -> Picture {
        let bytes = (0..size.pixels() * 3).map(|e| (e * 37 + e / 11) as u8).collect();
        Picture::new(size, 3, Pixels::U8(bytes)).expect("as many bytes as pixels")
    }

    fn bytes(nodes: &[Node], picture: &Picture, layout: Layout) -> Vec<u8> {
        let frame = Frame { size: picture.size(), channels: 3 };
        let plan = Plan::new(frame, frame, nodes.to_vec(), None, Meaning::Exact);
        let mut out = vec![0; frame.size.pixels() * 3];
        let mut slot = Slot::new(frame.size, 3, Dtype::U8, layout, &mut out).expect("bytes of the right count");
        run(&plan, picture.view(), 1.0, &mut slot, &mut Scratch::default(), &NoServices).expect("runs");
        out
    }

    #[test]
    fn rows_in_the_slot_and_large_pictures_have_the_bytes_of_rows_one_by_one() {
        let matrix = |matrix| Node::ColorMatrix(ColorMatrix { matrix, mean: None, clamp: true });
        let gain = Channels::Each(vec![1.3, 0.7, 1.1]);
        let size = Size::new(48, 64);
        let flip = |size: Size| {
            let map = Homography::affine(-1.0, 0.0, size.width as f64, 0.0, 1.0, 0.0);
            Node::Warp(Warp::new(map, size, size))
        };
        let shape = (Outline::Rect(Rect::new(5.0, 0.0, 30.0, 48.0)), Fill::Colour(Channels::Each(vec![0.1, 0.5, 0.9])));
        let chains = [
            vec![matrix(Matrix::Scale { gain, offset: Channels::All(0.02) })],
            vec![matrix(Matrix::Mix([[0.299, 0.587, 0.114, 0.0]; 3]))],
            vec![matrix(Matrix::Mix([[1.2, -0.1, -0.1, 0.01], [0.0, 0.9, 0.1, 0.0], [0.3, 0.3, 0.3, 0.0]]))],
            vec![Node::Hsv(Hsv { hue: 0.2, saturation: 1.3, value: 0.9 })],
            vec![Node::Region(Region { shapes: vec![shape] })],
            vec![Node::Lut(Lut { tones: vec![Tone::Solarize { threshold: 0.4 }] })],
        ];
        let whole = picture(size);
        for chain in chains {
            let lead = [flip(size), Node::Lut(Lut { tones: vec![Tone::Power { exponent: 1.2 }] })];
            let chain: Vec<Node> = lead.into_iter().chain(chain).collect();
            let inside = bytes(&chain, &whole, Layout::Hwc);
            // Planes are never worked on in the slot.
            let planes = bytes(&chain, &whole, Layout::Chw);
            let apart = (0..3).flat_map(|c| inside.iter().skip(c).step_by(3).copied()).collect::<Vec<_>>();
            assert_eq!(planes, apart, "{chain:?}");
            // A band is too small for tables of chains.
            let Pixels::U8(all) = whole.pixels() else { unreachable!() };
            let part = Size::new(16, 64);
            let top = Picture::new(part, 3, Pixels::U8(all[..part.pixels() * 3].to_vec())).expect("a part");
            let mut chain = chain;
            chain[0] = flip(part);
            assert_eq!(bytes(&chain, &top, Layout::Hwc), inside[..part.pixels() * 3], "{chain:?}");
        }
    }
}
