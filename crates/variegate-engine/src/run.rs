//! The passes of a plan, one after another; the last one writes into the slot.

use variegate_kernels::Levels;
use variegate_kernels::chain::{Link, chain_from_codes};
use variegate_kernels::convert::{clamp_row, store_codes, store_row};
use variegate_picture::{Dtype, Error, Filter, Layout, Picture, Pixels, PixelsView, Result, Sample, Slot, View};
use variegate_plan::{Finish, Node, Pass, Plan, Services, Source, StencilKind, second_of};

use crate::branches;
use crate::in_slot;
use crate::measure::Statistics;
use crate::program::{Ground, prepare};
use crate::row::{Row, State};
use crate::selected;
use crate::settle::{chained, is_rounded, settle};
use crate::source::{KeptRows, Prepared, Rows, prepare_stencil, prepare_warp};
use crate::spare::Spare;
use crate::step::Step;

/// Buffers a worker keeps from sample to sample.
#[derive(Debug, Default)]
pub struct Scratch {
    row: Row,
    other: Vec<f32>,
    spans: Vec<(usize, usize)>,
    kept: KeptRows,
    spare: Spare,
    passes: Vec<Pass>,
}

impl Scratch {
    /// Takes over the memory of a picture that nobody needs any more, for one that will be made. Large ones are freed.
    pub fn take_back(&mut self, pixels: Pixels) {
        if pixels.count() * pixels.dtype().bytes() <= LARGE {
            self.spare.give_pixels(pixels);
        }
    }
}

/// Bytes of a picture up to which its memory is worth keeping: asking the system for more costs little by the pixel.
const LARGE: usize = 8 << 20;

/// Runs a plan over a picture into a slot.
///
/// `white` is the value of white in float pictures. The slot's size and channels must be those of the plan's output.
/// Without a finish, a slot of the picture's dtype gets its values, a float slot the same numbers, and an integer
/// slot of another dtype the same share of white.
pub fn run(
    plan: &Plan,
    picture: View<'_>,
    white: f32,
    slot: &mut Slot<'_>,
    scratch: &mut Scratch,
    services: &dyn Services,
) -> Result<()> {
    if picture.frame() != plan.input {
        return Err(Error::internal(format!(
            "a plan for {} × {} met a picture of {} × {}",
            plan.input.size,
            plan.input.channels,
            picture.size(),
            picture.channels()
        )));
    }
    if slot.size != plan.output.size || slot.channels != plan.output.channels {
        return Err(Error::input(format!(
            "the pipeline gives {} × {} here, the batch holds {} × {}: end the pipeline with one size for all (Resize, ResizedCrop, CenterCrop …)",
            plan.output.size, plan.output.channels, slot.size, slot.channels
        )));
    }
    let white = match picture.dtype() {
        Dtype::U8 => 255.0,
        Dtype::U16 => 65535.0,
        _ => white,
    };
    let mut owned: Option<Picture> = None;
    let mut measured: Option<Statistics> = None;
    let mut passes = std::mem::take(&mut scratch.passes);
    plan.passes_into(&mut passes);
    for (k, pass) in passes.iter().enumerate() {
        let mut view = owned.as_ref().map_or(picture, Picture::view);
        // What is not ours works on a whole stored picture.
        let replaced;
        let prepared = match pass.source {
            Source::Straight => Prepared::Straight,
            Source::Node(i) => match &plan.nodes[i] {
                Node::Warp(warp) => prepare_warp(warp, view.channels(), white, &mut scratch.spare),
                Node::Stencil(stencil) => prepare_stencil(stencil),
                Node::Branches(branches) => {
                    replaced = branches::weighed(branches, view, white, plan.meaning, scratch, services)?;
                    view = replaced.view();
                    Prepared::Straight
                }
                Node::Selected(selected) => {
                    replaced = selected::apart(selected, view, white, plan.meaning, scratch, services)?;
                    view = replaced.view();
                    Prepared::Straight
                }
                Node::Codec(codec) => {
                    replaced = services.recode(codec, &view.to_picture(), white)?;
                    view = replaced.view();
                    Prepared::Straight
                }
                Node::Opaque(opaque) => {
                    let mut changed = view.to_picture();
                    let second = opaque.second.as_ref();
                    let second = second.map(|second| second_of(second, view.frame(), view.dtype(), services));
                    (opaque.call)(&mut changed, second.transpose()?.as_ref(), white)?;
                    replaced = changed;
                    view = replaced.view();
                    Prepared::Straight
                }
                Node::Stack(stack) => return Err(stack.refusal()),
                other => return Err(Error::internal(format!("{} reads no neighbours", other.kind()))),
            },
        };
        let size = match pass.source {
            Source::Node(i) => match &plan.nodes[i] {
                Node::Warp(warp) => warp.to,
                _ => view.size(),
            },
            Source::Straight => view.size(),
        };
        let ground = Ground { size, channels: view.channels(), dtype: view.dtype(), white };
        let mut steps = Vec::with_capacity(pass.pointwise.len());
        for node in &plan.nodes[pass.pointwise.clone()] {
            steps.extend(prepare(node, ground, measured.as_ref().filter(|_| node.is_measured()), services)?);
        }
        let mut statistics = pass.measures.map(|i| Statistics::of(&plan.nodes[i], ground));
        if let (Some(statistics), true, true) = (
            &mut statistics,
            matches!(prepared, Prepared::Straight),
            steps.is_empty() && pass.source == Source::Straight,
        ) {
            statistics.add_picture(&view, &mut scratch.row);
            measured = Some(std::mem::replace(statistics, Statistics::of(&plan.nodes[pass.pointwise.end], ground)));
            continue;
        }
        let clamps = overshoots(pass.source, &plan.nodes) && ground.dtype.is_integer();
        let last =
            (k + 1 == passes.len()).then(|| Write::new(plan.finish.as_ref(), ground, slot.dtype, &mut scratch.spare));
        let rounds = last.as_ref().is_none_or(|last| last.own);
        if prepared.gives_codes() {
            steps = settle(steps, ground, rounds);
        }
        steps = chained(steps, ground);
        scratch.row.rounded = ground.dtype == Dtype::U8 && is_rounded(steps.iter(), rounds);
        if last.as_ref().is_some_and(|last| last.own)
            && in_slot::run(&view, &prepared, &steps, ground, slot, &mut scratch.spans)
        {
            continue;
        }
        let sweep = Sweep { view, prepared: &prepared, steps: &steps, ground, clamps };
        if let Some(last) = last {
            sweep.write(scratch, &last, slot);
            last.give_back(&mut scratch.spare);
        } else {
            let mut next = scratch.spare.picture(size, ground.channels, ground.dtype)?;
            sweep.run(scratch, |y, row| {
                row.make_codes(ground.dtype);
                keep(y, row, &mut next, size.width * ground.channels);
                if let Some(statistics) = &mut statistics {
                    statistics.add(row);
                }
            });
            if let Some(before) = owned.replace(next) {
                scratch.spare.give_picture(before);
            }
        }
        prepared.give_back(&mut scratch.spare);
        measured = statistics;
    }
    if let Some(last) = owned {
        scratch.spare.give_picture(last);
    }
    scratch.passes = passes;
    Ok(())
}

/// Runs a plan over a picture into a picture of its own: of the same dtype, or float where the plan normalises.
pub fn run_to_picture(
    plan: &Plan,
    picture: View<'_>,
    white: f32,
    scratch: &mut Scratch,
    services: &dyn Services,
) -> Result<Picture> {
    let dtype = if plan.is_normalised() { Dtype::F32 } else { picture.dtype() };
    let (size, channels) = (plan.output.size, plan.output.channels);
    // Every pixel of it is written.
    let mut out = scratch.spare.picture(size, channels, dtype)?;
    let bytes: &mut [u8] = match out.pixels_mut() {
        Pixels::U8(p) => p,
        Pixels::U16(p) => bytemuck::cast_slice_mut(p),
        Pixels::F32(p) => bytemuck::cast_slice_mut(p),
    };
    let mut slot = Slot::new(size, channels, dtype, Layout::Hwc, bytes)?;
    run(plan, picture, white, &mut slot, scratch, services)?;
    Ok(out)
}

/// Whether a pass's filter can leave the range of its input.
fn overshoots(source: Source, nodes: &[Node]) -> bool {
    let Source::Node(i) = source else { return false };
    match &nodes[i] {
        Node::Warp(warp) => {
            matches!(warp.filter, Filter::Bicubic | Filter::Mitchell | Filter::Lanczos3 | Filter::Lanczos5)
        }
        // The weights of a Gaussian are not negative, and a rank moves values.
        Node::Stencil(stencil) => matches!(stencil.kind, StencilKind::Kernel { .. }),
        _ => false,
    }
}

/// One sweep over the pixels.
struct Sweep<'a, 'p> {
    view: View<'a>,
    prepared: &'a Prepared<'a>,
    steps: &'a [Step<'p>],
    ground: Ground,
    clamps: bool,
}

impl Sweep<'_, '_> {
    fn run(&self, scratch: &mut Scratch, mut write: impl FnMut(usize, &mut Row)) {
        let Scratch { row, other, spans, kept, spare, .. } = scratch;
        let ground = self.ground;
        row.resize(ground.size.width * ground.channels, ground.dtype);
        let mut rows = Rows::new(self.view, self.prepared, ground.white, kept, spare);
        for y in 0..ground.size.height {
            rows.fill(y, row);
            if self.clamps && row.state == State::Reals {
                clamp_row(&mut row.reals, ground.white);
            }
            for step in self.steps {
                step.apply(y, row, ground, other, spans);
            }
            write(y, row);
        }
        rows.give_back(spare);
    }

    /// Writes the last pass into the slot, with as few rows between as it can.
    fn write(&self, scratch: &mut Scratch, last: &Write, slot: &mut Slot<'_>) {
        let ground = self.ground;
        if let (Prepared::Straight, [], PixelsView::U8(pixels)) = (self.prepared, self.steps, self.view.pixels()) {
            for y in 0..ground.size.height {
                let row = &pixels[y * self.view.stride()..][..ground.size.width * ground.channels];
                store_codes(row, ground.channels, y, slot, &last.gain, &last.offset, last.order);
            }
        } else if !self.chained(last, slot) && !self.levelled(scratch, last, slot) {
            self.run(scratch, |y, row| last.store(y, row, ground.channels, slot));
        }
    }

    /// Takes codes as they lie through colour steps alone into final numbers in the slot; says whether it did.
    fn chained(&self, last: &Write, slot: &mut Slot<'_>) -> bool {
        let (Prepared::Straight, [step], PixelsView::U8(pixels)) = (self.prepared, self.steps, self.view.pixels())
        else {
            return false;
        };
        let plain = slot.dtype == Dtype::F32 && slot.layout == Layout::Hwc && self.ground.channels == 3;
        if !plain || last.own || last.order.is_some() {
            return false;
        }
        let end = Step::Scale { gain: last.gain.clone(), offset: last.offset.clone(), clamp: None };
        let links: Option<Vec<Link>> = match step {
            Step::Chain(links) => Some(links.iter().copied().chain(end.link(self.ground.white)).collect()),
            step => [step, &end].map(|step| step.link(self.ground.white)).into_iter().collect(),
        };
        let Some(links) = links else { return false };
        let len = self.ground.size.width * 3;
        let reals: &mut [f32] = bytemuck::cast_slice_mut(slot.bytes);
        for (y, out) in reals.chunks_exact_mut(len).enumerate() {
            chain_from_codes(&pixels[y * self.view.stride()..][..len], &links, out);
        }
        true
    }

    /// Writes every row in final numbers straight from where it is made, if all of them can; says whether it did.
    fn levelled(&self, scratch: &mut Scratch, last: &Write, slot: &mut Slot<'_>) -> bool {
        let ground = self.ground;
        let plain = slot.dtype == Dtype::F32 && (slot.layout == Layout::Hwc || ground.channels == 1);
        if !plain || last.order.is_some() || !matches!(ground.channels, 3 | 4) {
            return false;
        }
        let levels = Levels::new(ground.channels, &last.gain, &last.offset);
        let levels = match self.steps {
            [] if self.clamps => levels.after_scale(&[1.0], &[0.0], (0.0, ground.white)),
            [] => levels,
            [Step::Scale { gain, offset, clamp: Some(kept) }] if !self.clamps => {
                levels.after_scale(gain, offset, *kept)
            }
            _ => return false,
        };
        let Scratch { kept, spare, .. } = scratch;
        let mut rows = Rows::new(self.view, self.prepared, ground.white, kept, spare);
        let len = ground.size.width * ground.channels;
        let reals: &mut [f32] = bytemuck::cast_slice_mut(slot.bytes);
        let done = reals.chunks_exact_mut(len).enumerate().all(|(y, out)| rows.levelled(y, &levels, out));
        rows.give_back(spare);
        done
    }
}

/// Puts a stored row into a picture.
fn keep(y: usize, row: &Row, picture: &mut Picture, len: usize) {
    let range = y * len..(y + 1) * len;
    match picture.pixels_mut() {
        Pixels::U8(p) => p[range].copy_from_slice(&row.bytes),
        Pixels::U16(p) => p[range].copy_from_slice(&row.words),
        Pixels::F32(p) => p[range].copy_from_slice(&row.reals),
    }
}

/// The final write.
struct Write {
    gain: Vec<f32>,
    offset: Vec<f32>,
    order: Option<[usize; 3]>,
    /// Whether reals are to be rounded to the picture's own dtype first.
    own: bool,
    dtype: Dtype,
}

impl Write {
    fn new(finish: Option<&Finish>, ground: Ground, slot: Dtype, spare: &mut Spare) -> Self {
        let channels = ground.channels;
        let (mut gain, mut offset) = (spare.reals(), spare.reals());
        let Some(finish) = finish else {
            let factor = match slot {
                Dtype::U8 => u8::WHITE / ground.white,
                Dtype::U16 => u16::WHITE / ground.white,
                _ => 1.0,
            };
            let own = slot == ground.dtype;
            gain.resize(channels, if own { 1.0 } else { factor });
            offset.resize(channels, 0.0);
            return Self { gain, offset, order: None, own, dtype: ground.dtype };
        };
        let order = finish.order.filter(|_| channels >= 3);
        gain.resize(channels, 0.0);
        offset.resize(channels, 0.0);
        for c in 0..channels {
            // The kernel wants factors by the row's channel, the finish gives them by the output's.
            let from = order.filter(|_| c < 3).map_or(c, |order| order[c]);
            gain[from] = (finish.gain.get(c) / f64::from(ground.white)) as f32;
            offset[from] = finish.offset.get(c) as f32;
        }
        Self { gain, offset, order, own: false, dtype: ground.dtype }
    }

    fn give_back(self, spare: &mut Spare) {
        spare.give_reals(self.gain);
        spare.give_reals(self.offset);
    }

    fn store(&self, y: usize, row: &mut Row, channels: usize, slot: &mut Slot<'_>) {
        if self.own {
            row.make_codes(self.dtype);
        }
        match row.state {
            State::Bytes => store_codes(&row.bytes, channels, y, slot, &self.gain, &self.offset, self.order),
            State::Words => store_codes(&row.words, channels, y, slot, &self.gain, &self.offset, self.order),
            State::Reals => store_row(&row.reals, channels, y, slot, &self.gain, &self.offset, self.order),
        }
    }
}
