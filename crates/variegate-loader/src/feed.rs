//! What workers share: which sample is next, the batches in the making, and the ones that are ready.
//!
//! Workers take samples in order and fill their slots; a batch whose samples are all done waits for its turn. At most
//! `ahead` batches exist between the consumer and the workers, so a consumer that stops bounds the memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use variegate_kernels::shared_slots::Lent;
use variegate_ops::Pipeline;
use variegate_picture::{Error, Result, Size};

use crate::bad::{ATTEMPTS, BadSample, Ledger, OnBad, substitute};
use crate::batch::{Batch, Pool, ViewOfBatch};
use crate::collected::collected;
use crate::known::Asked;
use crate::making::Making;
use crate::options::{LoaderOptions, Rest};
use crate::order::Order;
use crate::partners::{Filled, soft_labels};
use crate::report::{Clock, Stage};
use crate::sample::{Failure, Fault, Kit, Maker};
use crate::source::Source;
use crate::views::Views;

/// A place in the stream of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub epoch: u64,
    pub step: u64,
}

/// One sample to be made.
struct Task {
    making: Arc<Making>,
    slot: usize,
}

struct Queue {
    /// Raised by a seek; what was made for an older one is dropped.
    generation: u64,
    next: Place,
    taken: Place,
    tasks: VecDeque<Task>,
    ready: HashMap<(u64, u64), Result<Batch>>,
    sizes: HashMap<u64, Arc<[Size]>>,
    /// Batches that may be made ahead: what was asked for, or less where memory says so.
    ahead: u64,
    /// A worker lays out a batch outside the lock. One at a time, since its size may lower `ahead`.
    opening: bool,
    closed: bool,
}

/// What workers share.
pub struct Feed {
    pub source: Arc<dyn Source>,
    pub views: Views,
    pub options: LoaderOptions,
    pub seed: u64,
    pub clock: Clock,
    /// Classes of the source; 0 unless some view mixes, since labels are whole then.
    classes: usize,
    pub asked: Asked,
    /// Of each view, an element of its mask where nothing is seen.
    fills: Vec<Vec<u8>>,
    bad: Ledger,
    /// Batches that may be made ahead.
    pub ahead: u64,
    pub pool: Arc<Pool>,
    queue: Mutex<Queue>,
    work: Condvar,
    done: Condvar,
}

impl Feed {
    pub fn new(
        source: Arc<dyn Source>,
        views: Views,
        options: LoaderOptions,
        asked: Asked,
        seed: u64,
        ahead: u64,
    ) -> Result<Self> {
        let fill = |view: &Pipeline| match view.options.mask_fill {
            fill if asked.mask_of_boxes && fill != 0.0 => Err(Error::parameter(format!(
                "mask_fill {fill} of the pipeline would be an instance of these masks; leave it at 0"
            ))),
            fill => asked.mask_dtype.fill(fill),
        };
        let fills = if asked.kinds.masks {
            views.pipelines().iter().map(fill).collect::<Result<_>>()?
        } else {
            vec![Vec::new(); views.pipelines().len()]
        };
        let buffers = views.pipelines().len() * if asked.kinds.masks { 2 } else { 1 };
        let start = Place { epoch: 0, step: 0 };
        let classes = if views.pipelines().iter().any(Pipeline::mixes) { source.classes() } else { 0 };
        Ok(Self {
            source,
            classes,
            asked,
            fills,
            bad: Ledger::default(),
            options,
            seed,
            clock: Clock::default(),
            ahead,
            pool: Arc::new(Pool::new(2 * buffers)),
            views,
            queue: Mutex::new(Queue {
                generation: 0,
                next: start,
                taken: start,
                tasks: VecDeque::new(),
                ready: HashMap::new(),
                sizes: HashMap::new(),
                ahead,
                opening: false,
                closed: false,
            }),
            work: Condvar::new(),
            done: Condvar::new(),
        })
    }

    /// Batches of an epoch, the same for every shard.
    pub fn steps(&self) -> u64 {
        let n = self.source.len();
        let global = self.global();
        match self.options.rest {
            Rest::Drop => n / global,
            Rest::Keep | Rest::Wrap => n.div_ceil(global),
        }
    }

    /// Samples of a global batch.
    pub fn global(&self) -> u64 {
        self.options.batch_size as u64 * self.options.num_shards
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ids of a batch.
    fn ids(&self, place: Place) -> Vec<u64> {
        let n = self.source.len();
        let order = if self.options.shuffle { Order::shuffled(n, self.seed, place.epoch) } else { Order::listed(n) };
        let share = self.options.batch_size as u64;
        let first = place.step * self.global() + self.options.shard_id * share;
        let end = match self.options.rest {
            Rest::Keep => (first + share).min(n),
            Rest::Drop | Rest::Wrap => first + share,
        };
        (first..end).map(|position| order.at(position)).collect()
    }

    fn after(&self, place: Place) -> Place {
        if place.step + 1 < self.steps() {
            Place { step: place.step + 1, ..place }
        } else {
            Place { epoch: place.epoch + 1, step: 0 }
        }
    }

    fn distance(&self, from: Place, to: Place) -> u64 {
        (to.epoch * self.steps() + to.step).saturating_sub(from.epoch * self.steps() + from.step)
    }

    /// The life of a worker.
    pub fn work(&self) {
        let mut kit = Kit::default();
        while let Some(task) = self.take_task() {
            self.make(task, &mut kit);
        }
    }

    /// The next sample to make; none when the loader is closed.
    fn take_task(&self) -> Option<Task> {
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            if let Some(task) = queue.tasks.pop_front() {
                return Some(task);
            }
            if !queue.opening && self.distance(queue.taken, queue.next) < queue.ahead {
                queue = self.open(queue);
                continue;
            }
            let from = Instant::now();
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            self.clock.add(Stage::Idle, from);
        }
    }

    /// Lays out the next batch and its tasks.
    fn open<'q>(&'q self, mut queue: MutexGuard<'q, Queue>) -> MutexGuard<'q, Queue> {
        let (place, generation) = (queue.next, queue.generation);
        let known = queue.sizes.get(&place.epoch).cloned();
        queue.opening = true;
        drop(queue);
        let ids = self.ids(place);
        let sizes = match known {
            Some(sizes) => Ok(sizes),
            None => self.sizes(place.epoch, &ids),
        };
        let mut queue = self.lock();
        queue.opening = false;
        self.work.notify_all();
        if queue.generation != generation {
            return queue;
        }
        let found = sizes.and_then(|sizes| {
            let ahead = self.within_memory(&sizes)?;
            Ok((sizes, ahead))
        });
        let (sizes, ahead) = match found {
            Ok(found) => found,
            Err(error) => {
                queue.next = self.after(place);
                queue.ready.insert((place.epoch, place.step), Err(error));
                self.done.notify_all();
                return queue;
            }
        };
        queue.sizes.insert(place.epoch, sizes.clone());
        queue.ahead = ahead;
        if self.distance(queue.taken, place) >= ahead {
            // Pictures of this size leave no room yet.
            return queue;
        }
        queue.next = self.after(place);
        let buffers = self.buffers(&sizes);
        let making = Arc::new(Making::new(place, generation, sizes, ids, buffers));
        queue.tasks.extend((0..making.ids.len()).map(|slot| Task { making: making.clone(), slot }));
        queue
    }

    /// The sizes of an epoch's views: those of the first sample that can be read.
    fn sizes(&self, epoch: u64, ids: &[u64]) -> Result<Arc<[Size]>> {
        let maker = self.maker();
        let mut last = Error::input("the batch is empty");
        for id in ids
            .iter()
            .copied()
            .chain((1..=ATTEMPTS).map(|k| substitute(self.seed, epoch, ids[0], k, self.source.len())))
        {
            match maker.sizes_of(id, epoch) {
                Ok(sizes) => return Ok(sizes),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// What a sample is made with.
    pub fn maker(&self) -> Maker<'_> {
        let views = self.views.pipelines();
        let Self { options, clock, bad, seed, asked, fills, .. } = self;
        Maker { source: &*self.source, views, options, clock, bad, seed: *seed, asked: *asked, fills }
    }

    fn make(&self, task: Task, kit: &mut Kit) {
        let Task { making, slot } = task;
        let last = making.fill(slot, |lent| self.fill(&making, making.ids[slot], lent, kit));
        // Each task gives up its share of the batch here, and the last one closes it.
        if last {
            self.finish(making);
        }
    }

    /// Fills a slot with a sample or, where the policy says so, with one that takes its place.
    fn fill(
        &self,
        making: &Making,
        id: u64,
        slot: &mut Lent<'_>,
        kit: &mut Kit,
    ) -> std::result::Result<Filled, Failure> {
        let epoch = making.place.epoch;
        let policy = self.options.on_bad;
        let maker = self.maker();
        let mut tried = id;
        for attempt in 0..=ATTEMPTS {
            let made = match maker.quarantined(tried) {
                Some(failure) => Err(failure),
                None => maker.make(tried, epoch, &making.sizes, slot, kit),
            };
            let failure = match made {
                Ok((mixed, attached)) => return Ok(Filled { id: tried, mixed, attached }),
                Err(failure) => failure,
            };
            if matches!(failure.fault, Fault::Caller | Fault::Partner) {
                return Err(failure);
            }
            maker.note(tried, epoch, &failure);
            if matches!(policy, OnBad::Raise | OnBad::Skip) || attempt == ATTEMPTS {
                return Err(failure);
            }
            tried = substitute(self.seed, epoch, id, attempt + 1, self.source.len());
        }
        Err(Error::internal("no attempt was made").into())
    }

    /// Closes a batch whose samples are all done.
    fn finish(&self, making: Arc<Making>) {
        let making = alone(making);
        let (place, generation, sizes) = (making.place, making.generation, making.sizes.clone());
        let (mut buffers, filled, failure) = making.close();
        let masks = buffers.split_off(sizes.len().min(buffers.len()));
        let ids: Vec<u64> = filled.iter().map(|filled| filled.id).collect();
        let bad = self.bad.len();
        let borne = self.options.budget.of(self.source.len());
        let batch = Batch {
            views: buffers.into_iter().zip(&*sizes).map(|(buffer, size)| ViewOfBatch { buffer, size: *size }).collect(),
            pool: self.pool.clone(),
            count: ids.len(),
            channels: self.options.channels(),
            dtype: self.options.dtype,
            layout: self.options.layout,
            labels: ids.iter().map(|id| self.source.label(*id)).collect(),
            classes: self.classes,
            soft: soft_labels(&*self.source, self.views.pipelines(), self.classes, &filled),
            targets: collected(filled, &sizes, masks, &self.asked, &self.options.targets),
            ids,
            epoch: place.epoch,
            step: place.step,
        };
        let skip = self.options.on_bad == OnBad::Skip;
        let result = match failure {
            Some(failure) if !skip || failure.fault == Fault::Caller => Err(failure.error),
            failure if bad > borne => {
                Err(too_many(bad, borne, failure.map_or_else(|| self.any_bad(), |failure| failure.error)))
            }
            _ => Ok(batch),
        };
        let mut queue = self.lock();
        if queue.generation == generation {
            queue.ready.insert((place.epoch, place.step), result);
            self.done.notify_all();
        }
    }

    fn any_bad(&self) -> Error {
        self.bad().first().map_or_else(|| Error::internal("no bad sample"), |bad| bad.error.clone())
    }

    /// Waits up to `patience` for the batch at `place`.
    pub fn wait(&self, place: Place, patience: Duration) -> Option<Result<Batch>> {
        let from = Instant::now();
        let mut queue = self.lock();
        loop {
            if let Some(result) = queue.ready.remove(&(place.epoch, place.step)) {
                queue.taken = self.after(place);
                self.work.notify_all();
                self.clock.add(Stage::Waiting, from);
                self.clock.batch();
                return Some(result);
            }
            let left = patience.checked_sub(from.elapsed()).filter(|left| !left.is_zero());
            let Some(left) = left else {
                self.clock.add(Stage::Waiting, from);
                return None;
            };
            queue = self.done.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Goes on from another place; what was made for the old one is dropped.
    pub fn seek(&self, place: Place) {
        let mut queue = self.lock();
        queue.generation += 1;
        queue.next = place;
        queue.taken = place;
        queue.tasks.clear();
        queue.ready.clear();
        self.work.notify_all();
    }

    /// Sends workers home.
    pub fn close(&self) {
        let mut queue = self.lock();
        queue.closed = true;
        queue.tasks.clear();
        self.work.notify_all();
        self.done.notify_all();
    }

    /// Samples that could not be used, by id.
    pub fn bad(&self) -> Vec<BadSample> {
        self.bad.list()
    }
}

/// The batch, when all tasks have given up their shares: the others do right after they count down.
fn alone(mut making: Arc<Making>) -> Making {
    loop {
        match Arc::try_unwrap(making) {
            Ok(making) => return making,
            Err(shared) => making = shared,
        }
        std::thread::yield_now();
    }
}

fn too_many(bad: u64, borne: u64, example: Error) -> Error {
    Error::input(format!(
        "{bad} different samples could not be used, more than the {borne} that are borne; the first: {example}. Look at loader.bad, mend the files, or raise the budget"
    ))
}
