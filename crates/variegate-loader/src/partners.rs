//! The other samples that are mixed into one: who they are, their pictures, and what becomes of the label.
//!
//! A plan names a partner by a number it drew; [`partner`] makes an id of it, among all samples of the source, so that a
//! mixed sample is the same in any batch, on any thread and after any restart. The partner's picture is what the same view
//! makes of it in the same epoch, up to the mixing. [`crate::sample`] asks for partners before it runs a plan; the façade
//! uses the same rule for pictures in memory.

use std::time::Instant;

use variegate_engine::{Scratch, run_to_picture};
use variegate_io::FileBuffer;
use variegate_ops::Pipeline;
use variegate_picture::key::{below, name};
use variegate_picture::{Address, Error, Picture, Pixels, Result, Size};
use variegate_plan::{Codec, Plan, Second, Services};

use crate::bad::{ATTEMPTS, OnBad};
use crate::carried::Carried;
use crate::excluded::KEYS;
use crate::feed::Place;
use crate::known::Known;
use crate::local::Local;
use crate::moved::Moved;
use crate::report::Stage;
use crate::sample::{Failure, Fault, Maker};
use crate::sampling::Pick;
use crate::source::Source;
use crate::stored::Stored;

/// The partner that a number chooses for sample `own` of `n`: any other one, equally likely; itself where it is alone.
pub fn partner(number: u64, own: u64, n: u64) -> u64 {
    if n < 2 { own } else { (own % n + 1 + below(number, n - 1)) % n }
}

/// Another sample's part in a view of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixed {
    /// Which view.
    pub view: usize,
    /// The other sample.
    pub id: u64,
    /// Its share of the label.
    pub share: f64,
}

/// What fills a slot.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The sample.
    pub pick: Pick,
    /// What was mixed into it.
    pub mixed: Vec<Mixed>,
    /// What is attached to it in each view; empty where nothing is delivered.
    pub attached: Vec<Moved>,
}

/// What a worker keeps from partner to partner.
#[derive(Debug, Default)]
pub struct Other {
    file: FileBuffer,
    pixels: Vec<u8>,
    scratch: Scratch,
}

/// One partner, ready to be mixed in.
#[derive(Debug)]
struct Partner {
    number: u64,
    id: u64,
    share: f64,
    picture: Picture,
    /// What is attached to it, up to the mixing.
    carried: Option<Carried>,
}

/// The partners of a plan.
#[derive(Debug, Default)]
pub struct Partners(Vec<Partner>);

impl Partners {
    /// Whether nothing is mixed in.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is attached to the partner of a number.
    pub fn carried(&self, number: u64) -> Option<&Carried> {
        self.0.iter().find(|partner| partner.number == number)?.carried.as_ref()
    }

    /// Settles what a plan seeks of them, and takes over what each shares of the label then.
    pub fn settle(&mut self, plan: &mut Plan) {
        if !plan.seeks() {
            return;
        }
        plan.settle(|number, sought| {
            let partner = self.0.iter().find(|partner| partner.number == number)?;
            let size = partner.picture.size();
            Some((partner.carried.as_ref()?.shown(sought, size), size))
        });
        for (partner, (_, share)) in self.0.iter_mut().zip(plan.mixed()) {
            partner.share = share;
        }
    }

    /// Their parts in view `view`.
    pub fn mixed(&self, view: usize) -> impl Iterator<Item = Mixed> {
        self.0.iter().map(move |partner| Mixed { view, id: partner.id, share: partner.share })
    }
}

impl Services for Partners {
    fn partner(&self, number: u64, size: Size, channels: usize) -> Result<Picture> {
        match self.0.iter().find(|partner| partner.number == number) {
            Some(partner) => Ok(partner.picture.clone()),
            None => Local.partner(number, size, channels),
        }
    }

    fn banked(&self, second: &Second) -> Result<Picture> {
        Local.banked(second)
    }

    fn recode(&self, codec: &Codec, picture: &Picture, white: f32) -> Result<Picture> {
        Local.recode(codec, picture, white)
    }
}

impl Maker<'_> {
    /// Makes the partners that a plan of view `view` of sample `own` asks for.
    pub fn partners(
        &self,
        view: usize,
        own: u64,
        place: Place,
        plan: &Plan,
        other: &mut Other,
    ) -> std::result::Result<Partners, Failure> {
        let each = plan.mixed().into_iter().map(|(number, share)| {
            let (id, (picture, carried)) = self.one_partner(view, number, own, place, other)?;
            Ok(Partner { number, id, share, picture, carried })
        });
        each.collect::<std::result::Result<_, _>>().map(Partners)
    }

    /// The partner of a number or, where it cannot be used and the policy is not to raise, another one chosen by key.
    fn one_partner(
        &self,
        view: usize,
        number: u64,
        own: u64,
        place: Place,
        other: &mut Other,
    ) -> std::result::Result<(u64, (Picture, Option<Carried>)), Failure> {
        let n = self.source.len();
        let epoch = place.epoch;
        let address = Address { seed: self.seed, epoch, sample: number, place: name("partner") };
        let others = (0..KEYS as u64).map(|k| partner(address.words(k)[0], own, n));
        let choices = std::iter::once(partner(number, own, n)).chain(others);
        for (attempt, id) in (0..=ATTEMPTS).zip(choices.filter(|id| !self.options.excluded.holds(*id))) {
            let made = match self.quarantined(id) {
                Some(failure) => Err(failure),
                None => self.before_mixing(view, id, epoch, other),
            };
            let failure = match made {
                Ok(made) => return Ok((id, made)),
                Err(failure) => Failure { error: failure.error.at(self.source.name(id)), ..failure },
            };
            if failure.fault == Fault::Caller {
                return Err(failure);
            }
            self.note(id, place, &failure);
            if self.options.on_bad == OnBad::Raise || attempt == ATTEMPTS {
                return Err(Failure { fault: Fault::Partner, ..failure });
            }
        }
        Err(Error::input("too many samples are excluded or bad to find a partner; exclude fewer").into())
    }

    /// What a view makes of a sample up to its mixing, and what is attached to that.
    fn before_mixing(
        &self,
        number: usize,
        id: u64,
        epoch: u64,
        other: &mut Other,
    ) -> std::result::Result<(Picture, Option<Carried>), Failure> {
        let (options, reading, view) = (self.options, self.options.reading(), &self.views[number]);
        let unreadable = |error| Failure { error, fault: Fault::File };
        let Other { file, pixels, scratch } = other;
        let from = Instant::now();
        self.doing.at(Stage::Read, id);
        let stored = Stored::read(self.source, id, &options.limits, file).map_err(unreadable)?;
        let from = self.clock.add(Stage::Read, from);
        self.doing.at(Stage::Plan, id);
        let opened = stored.open(&options.limits).map_err(unreadable)?;
        let known = self.known(id, opened.header()).map_err(unreadable)?;
        let from = if known.is_some() { self.clock.add(Stage::Decode, from) } else { from };
        let attached = || known.as_ref().map(Known::attached).unwrap_or_default();
        let plan = reading.plan_before_mixing(view, opened.header(), epoch, id, attached);
        let carried = known.as_ref().map(|known| {
            let (from, nodes) = reading.after_turn(&plan);
            Carried::of(known).through(nodes, from, &self.fills[number], |_| None)
        });
        let carried = carried.transpose()?;
        let wish = reading.wish(std::slice::from_ref(&plan), opened.header().size);
        let from = self.clock.add(Stage::Plan, from);
        self.doing.at(Stage::Decode, id);
        let (picture, part) = reading.decode(opened, wish, std::mem::take(pixels))?;
        let from = self.clock.add(Stage::Decode, from);
        self.doing.at(Stage::Augment, id);
        let white = view.options.value_range.1 as f32;
        let made = run_to_picture(&plan.on_part(part), picture.view(), white, scratch, &Local)?;
        if let Pixels::U8(used) = picture.into_pixels() {
            *pixels = used;
        }
        self.clock.add(Stage::Augment, from);
        Ok((made, carried))
    }
}

/// The labels of each view that mixes; an empty list where none does.
pub fn soft_labels(
    source: &dyn Source,
    views: &[Pipeline],
    classes: usize,
    samples: &[Filled],
) -> Vec<Option<Vec<f32>>> {
    if classes == 0 {
        return Vec::new();
    }
    let of_view = |(k, view): (usize, &Pipeline)| {
        let rows = || samples.iter().map(|sample| row(source, k, classes, sample));
        if view.mixes() { rows().collect::<Option<Vec<_>>>().map(|rows| rows.concat()) } else { None }
    };
    views.iter().enumerate().map(of_view).collect()
}

/// The label of a sample in view `view`; none where one of the samples in it has no class.
fn row(source: &dyn Source, view: usize, classes: usize, sample: &Filled) -> Option<Vec<f32>> {
    let mut row = vec![0.0f64; classes];
    let mut own = 1.0;
    for mixed in sample.mixed.iter().filter(|mixed| mixed.view == view) {
        own -= mixed.share;
        *row.get_mut(source.label(mixed.id)? as usize)? += mixed.share;
    }
    *row.get_mut(source.label(sample.pick.id)? as usize)? += own.max(0.0);
    Some(row.into_iter().map(|share| share as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_is_any_other_sample() {
        for n in 2..9 {
            for own in 0..n {
                let mut seen: Vec<u64> = (0..64).map(|k| partner(k << 58, own, n)).collect();
                seen.sort_unstable();
                seen.dedup();
                assert_eq!(seen, (0..n).filter(|id| *id != own).collect::<Vec<_>>(), "{own} of {n}");
            }
        }
        assert_eq!((partner(7, 0, 1), partner(u64::MAX, 0, 1)), (0, 0));
    }
}
