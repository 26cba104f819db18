//! Several colour steps in one sweep: pixels are taken apart once, go through every step in registers, and are put
//! together once.
//!
//! The engine joins neighbouring scales, matrices and hue turns of pictures of three channels into such a chain, and lets
//! it end in the batch. The numbers are those of the steps one after another on a row of reals.

use crate::hsv::{Cut, HueAlone, Turn};
use crate::matrix::{Mix, OPEN};
use crate::reals::{Planes, Reals, WIDE};

/// One step of a chain, in stored units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link {
    /// `v · gain + offset` for each channel, then the clamp: [`crate::matrix::scale_rows`].
    Scale {
        /// Factors.
        gain: [f32; 3],
        /// Addends.
        offset: [f32; 3],
        /// The interval values are kept in.
        clamp: Option<(f32, f32)>,
    },
    /// Channels mixed: [`crate::matrix::mix3`].
    Mix {
        /// The fourth column is added.
        matrix: [[f32; 4]; 3],
        /// The interval values are kept in.
        clamp: Option<(f32, f32)>,
    },
    /// Hue turned, saturation and value multiplied: [`crate::hsv::hsv`].
    Hsv {
        /// Value of white.
        white: f32,
        /// In turns.
        hue: f32,
        /// Factor.
        saturation: f32,
        /// Factor.
        value: f32,
    },
}

on_lanes! {
    /// Takes a row of reals of three channels through a chain.
    pub fn chain(lanes, row: &mut [f32], links: &[Link]) {
        let (blocks, rest) = row.as_chunks_mut::<{ 3 * WIDE }>();
        for block in blocks {
            let planes = through(lanes, lanes.split(block), links);
            lanes.join(planes, block);
        }
        if !rest.is_empty() {
            let mut block = [0.0; 3 * WIDE];
            block[..rest.len()].copy_from_slice(rest);
            let planes = through(lanes, lanes.split(&block), links);
            lanes.join(planes, &mut block);
            rest.copy_from_slice(&block[..rest.len()]);
        }
    }

    /// The same from 8-bit codes to reals; the rows are of one length.
    pub fn chain_from_codes(lanes, codes: &[u8], links: &[Link], out: &mut [f32]) {
        let ((from, last), (to, rest)) = (codes.as_chunks::<{ 3 * WIDE }>(), out.as_chunks_mut::<{ 3 * WIDE }>());
        for (from, to) in from.iter().zip(to) {
            let planes = through(lanes, lanes.split_codes(from), links);
            lanes.join(planes, to);
        }
        if !rest.is_empty() {
            let (mut block, mut made) = ([0; 3 * WIDE], [0.0; 3 * WIDE]);
            block[..last.len()].copy_from_slice(last);
            let planes = through(lanes, lanes.split_codes(&block), links);
            lanes.join(planes, &mut made);
            rest.copy_from_slice(&made[..last.len()]);
        }
    }
}

/// Eight pixels through every link.
#[inline(always)]
fn through<R: Reals>(with: R, mut planes: [R::Real; 3], links: &[Link]) -> [R::Real; 3] {
    for link in links {
        planes = match link {
            Link::Scale { gain, offset, clamp } => {
                let made = [
                    scaled(with, planes[0], gain[0], offset[0]),
                    scaled(with, planes[1], gain[1], offset[1]),
                    scaled(with, planes[2], gain[2], offset[2]),
                ];
                match clamp {
                    Some((low, high)) => {
                        let (low, high) = (with.splat(*low), with.splat(*high));
                        [
                            with.clamped(made[0], low, high),
                            with.clamped(made[1], low, high),
                            with.clamped(made[2], low, high),
                        ]
                    }
                    None => made,
                }
            }
            Link::Mix { matrix, clamp: Some(ends) } => Mix::<true> { m: *matrix, ends: *ends }.pixels(with, planes),
            Link::Mix { matrix, clamp: None } => Mix::<false> { m: *matrix, ends: OPEN }.pixels(with, planes),
            Link::Hsv { white, hue, saturation, value } => {
                let turn = Turn::new(*white, *hue, *saturation, *value);
                if *saturation == 1.0 && *value == 1.0 {
                    Cut(HueAlone(turn)).pixels(with, planes)
                } else {
                    Cut(turn).pixels(with, planes)
                }
            }
        };
    }
    planes
}

#[inline(always)]
fn scaled<R: Reals>(with: R, v: R::Real, gain: f32, offset: f32) -> R::Real {
    with.plus(with.times(v, with.splat(gain)), with.splat(offset))
}
