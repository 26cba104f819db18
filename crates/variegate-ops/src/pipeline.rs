//! Pipelines: operations and combinators in order, with what they are drawn from.

use std::sync::Arc;

use variegate_picture::key::name as stable_name;
use variegate_picture::{Address, Error, Frame, Result};
use variegate_plan::{Attached, Block, BoxRules, Builder, Extent, Meaning, Plan, Solid};

use crate::dist::Dist;
use crate::draw::{draw_all, draw_before_mixing, draw_step};
use crate::op::{Config, OpSpec};
use crate::param::Kind;
use crate::recipe::Recipe;

/// The family whose operations end a pipeline.
const FINISH: &str = "finish";

/// One operation at one place.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which operation.
    pub spec: &'static OpSpec,
    /// A distribution for each of its parameters; the always-drawn ones hold a placeholder.
    pub params: Vec<Dist>,
    /// The chance that it is applied.
    pub chance: Dist,
    /// A name given by the user, which then is its address.
    pub name: Option<String>,
    /// The address of its draws.
    pub(crate) place: u64,
}

/// How a group chooses among its members.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupKind {
    /// One of them, by weight.
    OneOf {
        /// Weights, or none for equal chances.
        weights: Vec<f64>,
    },
    /// Several of them, in their order.
    SomeOf {
        /// How many.
        n: Dist,
        /// Whether one may be taken more than once.
        replace: bool,
    },
    /// All of them or none.
    Maybe,
    /// All of them, in a random order.
    Shuffle,
    /// All of them.
    Sequential,
    /// All of them, several times, each time with draws of its own.
    Repeat {
        /// How many times.
        times: Dist,
    },
    /// All of them, on some channels alone.
    SelectChannels {
        /// Which, counted from 0.
        channels: Arc<[usize]>,
    },
}

impl GroupKind {
    /// Its name in files.
    pub fn name(&self) -> &'static str {
        match self {
            GroupKind::OneOf { .. } => "one_of",
            GroupKind::SomeOf { .. } => "some_of",
            GroupKind::Maybe => "maybe",
            GroupKind::Shuffle => "shuffle",
            GroupKind::Sequential => "sequential",
            GroupKind::Repeat { .. } => "repeat",
            GroupKind::SelectChannels { .. } => "select_channels",
        }
    }

    /// The chance where none is given.
    pub fn usual_chance(&self) -> f64 {
        if *self == GroupKind::Maybe { 0.5 } else { 1.0 }
    }
}

/// Several stages and how to choose among them.
#[derive(Clone, Debug)]
pub struct Group {
    /// How.
    pub kind: GroupKind,
    /// The chance that anything is applied.
    pub chance: Dist,
    /// The members.
    pub of: Vec<Stage>,
    pub(crate) place: u64,
}

/// A part of a pipeline.
#[derive(Clone, Debug)]
pub enum Stage {
    /// An operation.
    Step(Step),
    /// A combinator.
    Group(Group),
}

/// What a pipeline says besides its stages.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The seed of every draw.
    pub seed: u64,
    /// How neighbouring nodes are understood.
    pub meaning: Meaning,
    /// The values of black and white in float pictures.
    pub value_range: (f64, f64),
    /// What happens to boxes that leave.
    pub boxes: BoxRules,
    /// Pairs of points that exchange places under a mirroring.
    pub swap: Vec<(usize, usize)>,
    /// What masks hold where nothing is seen.
    pub mask_fill: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 0,
            meaning: Meaning::Continuous,
            value_range: (0.0, 1.0),
            boxes: BoxRules::default(),
            swap: Vec::new(),
            mask_fill: 0.0,
        }
    }
}

/// Operations and combinators in order.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// The parts.
    pub stages: Vec<Stage>,
    /// What it says besides.
    pub options: Options,
}

/// Collects the stages of a pipeline.
#[derive(Debug, Default)]
pub struct PipelineBuilder {
    stages: Vec<Result<Stage>>,
    options: Options,
}

impl PipelineBuilder {
    /// Adds an operation.
    pub fn then<T>(mut self, config: Config<T>) -> Self {
        self.stages.push(Step::from_config(config).map(Stage::Step));
        self
    }

    /// Adds a finished stage.
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(Ok(stage));
        self
    }

    /// Sets the seed of every draw.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Sets everything a pipeline says besides its stages.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Checks and closes it.
    pub fn build(self) -> Result<Pipeline> {
        Pipeline::new(self.stages.into_iter().collect::<Result<_>>()?, self.options)
    }
}

impl Step {
    /// A step with parameters given by position, the others at their defaults.
    pub fn new(spec: &'static OpSpec, given: Vec<(usize, Dist)>, chance: Dist, name: Option<String>) -> Result<Self> {
        let mut params: Vec<Option<Dist>> = spec.params.iter().map(|p| p.default_dist()).collect();
        for (k, dist) in given {
            params[k] = Some(match (spec.params[k].kind, dist) {
                // One number for both sides.
                (Kind::Size, Dist::Constant(crate::Value::Integer(side))) => {
                    Dist::Constant(crate::Value::Numbers(vec![side as f64; 2]))
                }
                (Kind::Function, Dist::Constant(crate::Value::Word(name))) => {
                    Dist::Constant(crate::Value::Text(name.into()))
                }
                (_, dist) => dist,
            });
        }
        let params = spec
            .params
            .iter()
            .zip(params)
            .map(|(p, dist)| match dist {
                Some(dist) => crate::config::check(spec, p, &dist).map(|()| dist),
                None if p.is_hidden() => Ok(Dist::from(0.0)),
                None => Err(Error::parameter(format!(
                    "{}: {} must be given ({})",
                    spec.name,
                    p.name,
                    p.doc.trim().trim_end_matches('.').to_lowercase()
                ))),
            })
            .collect::<Result<_>>()?;
        crate::config::check_chance(spec.name, &chance)?;
        let step = Self { spec, params, chance, name, place: 0 };
        // What has to fit another parameter is hardly ever random: any draw shows it.
        let drawn = draw_step(&step, Address { seed: 0, epoch: 0, sample: 0, place: 0 });
        (spec.check)(&drawn.values).map_err(|wrong| Error::parameter(format!("{}.{wrong}", spec.name)))?;
        Ok(step)
    }

    /// Whether it takes part of another sample: one that may take a bank in its place does where none is given.
    fn mixes(&self) -> bool {
        let banked = self.spec.params.iter().zip(&self.params).any(|(spec, dist)| {
            let given = |value: &crate::Value| *value != crate::Value::None;
            spec.kind == Kind::Folder
                && match dist {
                    Dist::Constant(value) => given(value),
                    Dist::OneOf { values, .. } => values.iter().all(given),
                    _ => false,
                }
        });
        self.spec.mixes() && !banked
    }

    fn from_config<T>(config: Config<T>) -> Result<Self> {
        config.check_names()?;
        Self::new(config.spec, config.given, config.chance, None)
    }
}

impl Stage {
    pub(crate) fn mixes(&self) -> bool {
        match self {
            Stage::Step(step) => step.mixes(),
            Stage::Group(group) => group.of.iter().any(Stage::mixes),
        }
    }
}

impl Group {
    /// A group of stages.
    pub fn new(kind: GroupKind, chance: Dist, of: Vec<Stage>) -> Result<Self> {
        let name = kind.name();
        if of.is_empty() {
            return Err(Error::parameter(format!("{name}: needs at least one operation")));
        }
        if let GroupKind::OneOf { weights } = &kind {
            let proper = weights.iter().all(|w| w.is_finite() && *w >= 0.0) && weights.iter().sum::<f64>() > 0.0;
            if !weights.is_empty() && (weights.len() != of.len() || !proper) {
                return Err(Error::parameter(format!(
                    "{name}: {} weights for {} operations; expected as many, none negative, not all 0",
                    weights.len(),
                    of.len()
                )));
            }
        }
        if let GroupKind::Repeat { times } = &kind {
            crate::config::check_times(name, times)?;
        }
        if let GroupKind::SelectChannels { channels } = &kind {
            crate::select::check(channels, &of)?;
        }
        crate::config::check_chance(name, &chance)?;
        Ok(Self { kind, chance, of, place: 0 })
    }
}

impl Pipeline {
    /// Starts collecting stages.
    pub fn builder() -> PipelineBuilder {
        PipelineBuilder::default()
    }

    /// Checks stages and gives each its address: the path of names, with a number for repeated ones. So inserting
    /// an operation leaves the draws of the others alone.
    pub fn new(mut stages: Vec<Stage>, options: Options) -> Result<Self> {
        let last = stages.len().saturating_sub(1);
        for (k, stage) in stages.iter().enumerate() {
            check_finish(stage, k == last)?;
        }
        let (lo, hi) = options.value_range;
        if !(lo.is_finite() && hi.is_finite() && lo < hi) {
            return Err(Error::parameter(format!("value_range ({lo}, {hi}): expected black below white")));
        }
        if lo != 0.0 {
            return Err(Error::unsupported(format!(
                "value_range ({lo}, {hi}): black must be 0; shift the pictures first, or use Normalize at the end"
            )));
        }
        address(&mut stages, "");
        Ok(Self { stages, options })
    }

    /// Draws the parameters of one sample. Nothing attached is known to it: fill in [`Recipe::attached`] where an
    /// operation looks at it.
    pub fn draw(&self, frame: Frame, epoch: u64, sample: u64) -> Recipe {
        let mut steps = Vec::new();
        let address = Address { seed: self.options.seed, epoch, sample, place: 0 };
        draw_all(&self.stages, address, 0, &mut steps);
        Recipe { seed: self.options.seed, epoch, sample, frame, attached: Attached::default(), steps }
    }

    /// Whether any step takes part of another sample, so that the pipeline needs a data set.
    pub fn mixes(&self) -> bool {
        self.stages.iter().any(Stage::mixes)
    }

    /// Refuses a pipeline that mixes where there is nothing to mix with.
    pub fn check_alone(&self) -> Result<()> {
        if self.mixes() { Err(variegate_plan::reference::alone()) } else { Ok(()) }
    }

    /// Draws what stands before the first mixing, with the same addresses: what is done to a sample that another one
    /// takes part of. Of a group that mixes, a `Sequential` and a `Maybe` give what they apply before; the others, which
    /// choose or order their members, give nothing.
    pub fn draw_before_mixing(&self, frame: Frame, epoch: u64, sample: u64) -> Recipe {
        let mut steps = Vec::new();
        let address = Address { seed: self.options.seed, epoch, sample, place: 0 };
        draw_before_mixing(&self.stages, address, &mut steps);
        Recipe { seed: self.options.seed, epoch, sample, frame, attached: Attached::default(), steps }
    }

    /// Writes and fuses the plan of a recipe, for the recipe's frame.
    pub fn lower(&self, recipe: &Recipe, meaning: Meaning) -> Plan {
        self.lower_from(Builder::new(recipe.frame), recipe, meaning)
    }

    /// The same, after what a builder holds already (the upright turn of a stored picture, say).
    pub fn lower_from(&self, mut builder: Builder, recipe: &Recipe, meaning: Meaning) -> Plan {
        builder.attach(&recipe.attached);
        // Neighbours on the same channels share one copy of them.
        for steps in recipe.steps.chunk_by(|a, b| a.channels == b.channels) {
            let write = |builder: &mut Builder| steps.iter().for_each(|step| (step.spec.lower)(&step.values, builder));
            match &steps[0].channels {
                Some(channels) => builder.select(channels, write),
                None => write(&mut builder),
            }
        }
        // A picture is refused always, and not only where the draw of an operation on volumes does something.
        if builder.depth().is_none()
            && !builder.has_stacks()
            && let Some(spec) = self.needs_stack()
        {
            let extent = builder.extent();
            builder.stack(Missing(spec.name), extent);
        }
        builder.into_plan(meaning)
    }

    /// Draws, writes and fuses in one step.
    pub fn plan(&self, frame: Frame, epoch: u64, sample: u64) -> Plan {
        self.lower(&self.draw(frame, epoch, sample), self.options.meaning)
    }

    /// The first operation that sees a volume or clip as a whole, so that a single picture is not enough.
    pub fn needs_stack(&self) -> Option<&'static OpSpec> {
        fn first(stages: &[Stage]) -> Option<&'static OpSpec> {
            stages.iter().find_map(|stage| match stage {
                Stage::Step(step) => Some(step.spec).filter(|spec| spec.needs_stack()),
                Stage::Group(group) => first(&group.of),
            })
        }
        first(&self.stages)
    }

    /// Whether any parameter depends on the epoch alone, so that sizes may change between epochs.
    pub fn is_scheduled(&self) -> bool {
        fn any(stages: &[Stage]) -> bool {
            stages.iter().any(|stage| match stage {
                Stage::Step(step) => step.params.iter().any(|d| matches!(d, Dist::Schedule { .. })),
                Stage::Group(group) => any(&group.of),
            })
        }
        any(&self.stages)
    }

    /// A number that changes whenever the pipeline does: resume tokens and records carry it.
    pub fn fingerprint(&self) -> u64 {
        stable_name(&crate::emit::to_json(self))
    }
}

/// An operation on volumes that is given none.
#[derive(Debug)]
struct Missing(&'static str);

impl Solid for Missing {
    fn name(&self) -> &'static str {
        self.0
    }

    fn values(&self, block: Block, _: Extent) -> Block {
        block
    }
}

/// Refuses an operation that ends a pipeline where it does not stand last.
pub(crate) fn check_finish(stage: &Stage, last: bool) -> Result<()> {
    match stage {
        Stage::Step(step) if step.spec.family == FINISH && (!last || step.chance != Dist::from(1.0)) => {
            Err(Error::parameter(format!(
                "{} writes the final numbers, so it must be the last operation and have p = 1; move it to the end",
                step.spec.name
            )))
        }
        Stage::Step(_) => Ok(()),
        Stage::Group(group) => {
            let inner_last = group.of.len() - 1;
            let plain = group.kind == GroupKind::Sequential && group.chance == Dist::from(1.0);
            group.of.iter().enumerate().try_for_each(|(k, s)| check_finish(s, last && plain && k == inner_last))
        }
    }
}

fn address(stages: &mut [Stage], path: &str) {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for stage in stages {
        let name = match stage {
            Stage::Step(step) => step.name.clone().unwrap_or_else(|| step.spec.name.to_string()),
            Stage::Group(group) => group.kind.name().to_string(),
        };
        let k = match seen.iter_mut().find(|(n, _)| *n == name) {
            Some((_, k)) => {
                *k += 1;
                *k
            }
            None => {
                seen.push((name.clone(), 0));
                0
            }
        };
        let here = format!("{path}/{name}#{k}");
        match stage {
            Stage::Step(step) => step.place = stable_name(&here),
            Stage::Group(group) => {
                group.place = stable_name(&here);
                address(&mut group.of, &here);
            }
        }
    }
}
