//! Drawing: from the stages of a pipeline to concrete parameters, addressed by seed, epoch, sample and place.
//!
//! [`Pipeline`](crate::Pipeline) calls it for every sample. Each number depends on its address alone, never on what was
//! drawn before it, so that a stage that is inserted leaves the draws of the others as they are.

use variegate_picture::Address;
use variegate_picture::key::name as stable_name;

use crate::dist::{Dist, pick};
use crate::param::Kind;
use crate::pipeline::{Group, GroupKind, Stage, Step};
use crate::recipe::Drawn;

const CHANCE: u64 = stable_name("p");
const CHOICE: u64 = stable_name("choice");

fn happens(chance: &Dist, address: Address) -> bool {
    let p = match chance {
        Dist::Constant(v) => v.number().unwrap_or(1.0),
        other => other.draw(&crate::param::real(0.0, 1.0), stable_name("p's own"), address).number().unwrap_or(1.0),
    };
    p >= 1.0 || address.unit(CHANCE) < p
}

/// Draws stages in order. `again` tells the repetitions of a group apart; 0 the first time, whose draws are those of no repetition.
pub(crate) fn draw_all(stages: &[Stage], address: Address, again: u64, steps: &mut Vec<Drawn>) {
    for stage in stages {
        draw_one(stage, address, again, steps);
    }
}

/// Draws what stands before the first stage that mixes.
pub(crate) fn draw_before_mixing(stages: &[Stage], address: Address, steps: &mut Vec<Drawn>) {
    for stage in stages {
        if !stage.mixes() {
            draw_one(stage, address, 0, steps);
            continue;
        }
        if let Stage::Group(group) = stage
            && matches!(group.kind, GroupKind::Sequential | GroupKind::Maybe)
            && happens(&group.chance, address.at(group.place))
        {
            draw_before_mixing(&group.of, address.at(group.place), steps);
        }
        return;
    }
}

fn draw_one(stage: &Stage, address: Address, again: u64, steps: &mut Vec<Drawn>) {
    match stage {
        Stage::Step(step) => {
            let address = address.at(step.place ^ again);
            if happens(&step.chance, address) {
                steps.push(draw_step(step, address));
            }
        }
        Stage::Group(group) => {
            let address = address.at(group.place ^ again);
            if happens(&group.chance, address) {
                draw_group(group, address, again, steps);
            }
        }
    }
}

/// Draws every parameter of one operation, whatever its chance.
pub(crate) fn draw_step(step: &Step, address: Address) -> Drawn {
    let values = step.spec.params.iter().zip(&step.params).map(|(spec, dist)| match (spec.kind, dist) {
        (Kind::Key, _) => crate::Value::Key(Dist::key(stable_name(spec.name), address)),
        (Kind::Spread { n }, _) => Dist::spread(n, stable_name(spec.name), address),
        // Most parameters are constant: hashing their names would cost more than the rest of the draw.
        (_, Dist::Constant(value)) => value.clone(),
        _ => dist.draw(spec, stable_name(spec.name), address),
    });
    Drawn::new(step.spec, values.collect())
}

fn draw_group(group: &Group, address: Address, again: u64, steps: &mut Vec<Drawn>) {
    let n = group.of.len();
    match &group.kind {
        GroupKind::OneOf { weights } => {
            draw_one(&group.of[pick(address.unit(CHOICE), n, weights)], address, again, steps);
        }
        GroupKind::SomeOf { n: count, replace } => {
            let spec = crate::param::integer(0, i64::MAX);
            let count = count.draw(&spec, stable_name("n"), address).number().unwrap_or(0.0) as usize;
            let mut chosen: Vec<usize> = if *replace {
                (0..count as u64).map(|k| pick(address.unit(CHOICE.wrapping_add(k)), n, &[])).collect()
            } else {
                shuffled(n, address).into_iter().take(count).collect()
            };
            chosen.sort_unstable();
            for k in chosen {
                draw_one(&group.of[k], address, again, steps);
            }
        }
        GroupKind::Shuffle => {
            for k in shuffled(n, address) {
                draw_one(&group.of[k], address, again, steps);
            }
        }
        GroupKind::Repeat { times } => {
            let spec = crate::param::integer(0, i64::MAX);
            let times = times.draw(&spec, stable_name("times"), address).number().unwrap_or(0.0) as u64;
            for k in 0..times {
                let again = if k == 0 { again } else { stable_name(&format!("{:x}/{again:x}/{k}", group.place)) };
                draw_all(&group.of, address, again, steps);
            }
        }
        GroupKind::SelectChannels { channels } => {
            let from = steps.len();
            draw_all(&group.of, address, again, steps);
            steps[from..].iter_mut().for_each(|step| step.channels = Some(channels.clone()));
        }
        GroupKind::Maybe | GroupKind::Sequential => draw_all(&group.of, address, again, steps),
    }
}

/// A permutation of 0…n−1 (Fisher and Yates).
fn shuffled(n: usize, address: Address) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        let j = pick(address.unit(CHOICE.wrapping_add(i as u64)), i + 1, &[]);
        order.swap(i, j);
    }
    order
}
