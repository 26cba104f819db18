//! What workers share: which sample is next, the batches in the making, and the ones that are ready.
//!
//! Workers take samples in order and fill their slots; a batch whose samples are all done waits for its turn. At most
//! `ahead` batches exist between the consumer and the workers, so a consumer that stops bounds the memory.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use variegate_engine::Scratch;
use variegate_kernels::shared_slots::SharedSlots;
use variegate_ops::Pipeline;
use variegate_picture::{Error, Result, Size};

use crate::bad::{BadSample, OnBad, substitute};
use crate::batch::{Batch, Pool};
use crate::options::{LoaderOptions, Rest};
use crate::order::Order;
use crate::report::{Clock, Stage};
use crate::sample::Maker;
use crate::source::Source;

/// How often a bad sample is replaced before its batch becomes an error.
const ATTEMPTS: u64 = 32;

/// A place in the stream of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub epoch: u64,
    pub step: u64,
}

/// A batch in the making.
struct Making {
    place: Place,
    generation: u64,
    size: Size,
    ids: Vec<u64>,
    slots: SharedSlots,
    /// What became of each slot: the id that fills it, or the reason it stays empty.
    outcome: Mutex<Vec<Option<Result<u64>>>>,
    left: AtomicUsize,
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
    sizes: HashMap<u64, Size>,
    bad: HashMap<u64, BadSample>,
    closed: bool,
}

/// What workers share.
pub struct Feed {
    pub source: Arc<dyn Source>,
    pub pipeline: Pipeline,
    pub options: LoaderOptions,
    pub seed: u64,
    pub clock: Clock,
    pub ahead: usize,
    pool: Arc<Pool>,
    queue: Mutex<Queue>,
    work: Condvar,
    done: Condvar,
}

impl Feed {
    pub fn new(source: Arc<dyn Source>, pipeline: Pipeline, options: LoaderOptions, seed: u64, ahead: usize) -> Self {
        let start = Place { epoch: 0, step: 0 };
        Self {
            source,
            pipeline,
            options,
            seed,
            clock: Clock::default(),
            ahead,
            pool: Arc::new(Pool::new(ahead + 2)),
            queue: Mutex::new(Queue {
                generation: 0,
                next: start,
                taken: start,
                tasks: VecDeque::new(),
                ready: HashMap::new(),
                sizes: HashMap::new(),
                bad: HashMap::new(),
                closed: false,
            }),
            work: Condvar::new(),
            done: Condvar::new(),
        }
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
        let order = if self.options.shuffle {
            Order::shuffled(n, self.seed, place.epoch)
        } else {
            Order::listed(n)
        };
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
        let mut scratch = Scratch::default();
        while let Some(task) = self.take_task() {
            self.make(&task, &mut scratch);
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
            if self.distance(queue.taken, queue.next) < self.ahead as u64 {
                let (place, generation) = (queue.next, queue.generation);
                queue.next = self.after(place);
                queue = self.open(queue, place, generation);
                continue;
            }
            let from = Instant::now();
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            self.clock.add(Stage::Idle, from);
        }
    }

    /// Lays out a batch and its tasks.
    fn open<'q>(&'q self, queue: MutexGuard<'q, Queue>, place: Place, generation: u64) -> MutexGuard<'q, Queue> {
        let known = queue.sizes.get(&place.epoch).copied();
        drop(queue);
        let ids = self.ids(place);
        let size = match known {
            Some(size) => Ok(size),
            None => self.size(place.epoch, &ids),
        };
        let mut queue = self.lock();
        if queue.generation != generation {
            return queue;
        }
        let size = match size {
            Ok(size) => size,
            Err(error) => {
                queue.ready.insert((place.epoch, place.step), Err(error));
                self.done.notify_all();
                return queue;
            }
        };
        queue.sizes.insert(place.epoch, size);
        let slot = size.pixels() * self.options.channels() * self.options.dtype.bytes();
        let count = ids.len();
        let making = Arc::new(Making {
            place,
            generation,
            size,
            slots: SharedSlots::new(self.pool.take(slot * self.options.batch_size), slot),
            outcome: Mutex::new((0..count).map(|_| None).collect()),
            left: AtomicUsize::new(count),
            ids,
        });
        queue.tasks.extend((0..count).map(|slot| Task { making: making.clone(), slot }));
        self.work.notify_all();
        queue
    }

    /// The size of an epoch's pictures: that of the first sample that can be read.
    fn size(&self, epoch: u64, ids: &[u64]) -> Result<Size> {
        let maker = self.maker();
        let mut last = Error::input("the batch is empty");
        for id in ids.iter().copied().chain((1..=ATTEMPTS).map(|k| substitute(self.seed, epoch, ids[0], k, self.source.len()))) {
            match maker.size_of(id, epoch) {
                Ok(size) => return Ok(size),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn maker(&self) -> Maker<'_> {
        Maker { source: &*self.source, pipeline: &self.pipeline, options: &self.options, clock: &self.clock }
    }

    fn make(&self, task: &Task, scratch: &mut Scratch) {
        let making = &task.making;
        let place = making.place;
        let outcome = making
            .slots
            .with(task.slot, |bytes| self.fill(making.ids[task.slot], place.epoch, making.size, bytes, scratch))
            .unwrap_or_else(|| Err(Error::internal("a slot was given out twice")));
        {
            let mut outcomes = making.outcome.lock().unwrap_or_else(PoisonError::into_inner);
            outcomes[task.slot] = Some(outcome);
        }
        if making.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.finish(making.clone());
        }
    }

    /// Fills a slot with a sample or, where the policy says so, with one that takes its place.
    fn fill(&self, id: u64, epoch: u64, size: Size, bytes: &mut [u8], scratch: &mut Scratch) -> Result<u64> {
        let policy = self.options.on_bad;
        let maker = self.maker();
        let mut tried = id;
        for attempt in 0..=ATTEMPTS {
            let quarantined = (policy == OnBad::Quarantine).then(|| self.known_bad(tried)).flatten();
            let made = match quarantined {
                Some(error) => Err(error),
                None => maker.make(tried, epoch, size, bytes, scratch),
            };
            let error = match made {
                Ok(()) => return Ok(tried),
                Err(error) => error,
            };
            self.record(tried, epoch, &error);
            if matches!(policy, OnBad::Raise | OnBad::Skip) || attempt == ATTEMPTS {
                return Err(error);
            }
            tried = substitute(self.seed, epoch, id, attempt + 1, self.source.len());
        }
        Err(Error::internal("no attempt was made"))
    }

    fn known_bad(&self, id: u64) -> Option<Error> {
        self.lock().bad.get(&id).map(|bad| bad.error.clone())
    }

    fn record(&self, id: u64, epoch: u64, error: &Error) {
        let path = self.source.name(id);
        self.lock().bad.entry(id).or_insert_with(|| BadSample { id, path, error: error.clone(), epoch });
    }

    /// Closes a batch whose samples are all done. The worker that finishes last holds the last share of it but one:
    /// the others let go of theirs right after counting down.
    fn finish(&self, making: Arc<Making>) {
        let place = making.place;
        let making = self.alone(making);
        let generation = making.generation;
        let outcomes = making.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (size, slot) = (making.size, making.size.pixels() * self.options.channels() * self.options.dtype.bytes());
        let mut buffer = making.slots.into_buffer();
        let mut ids = Vec::with_capacity(outcomes.len());
        let mut failure = None;
        for (k, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Some(Ok(id)) => {
                    if ids.len() < k {
                        buffer.as_mut_slice().copy_within(k * slot..(k + 1) * slot, ids.len() * slot);
                    }
                    ids.push(id);
                }
                Some(Err(error)) => {
                    failure.get_or_insert(error);
                }
                None => {
                    failure.get_or_insert(Error::internal("a sample was never made"));
                }
            }
        }
        let bad = self.lock().bad.len() as u64;
        let borne = self.options.budget.of(self.source.len());
        let batch = Batch {
            buffer,
            pool: self.pool.clone(),
            count: ids.len(),
            size,
            channels: self.options.channels(),
            dtype: self.options.dtype,
            layout: self.options.layout,
            labels: ids.iter().map(|id| self.source.label(*id)).collect(),
            ids,
            epoch: place.epoch,
            step: place.step,
        };
        let result = match failure {
            Some(error) if self.options.on_bad != OnBad::Skip => Err(error),
            Some(error) if bad > borne => Err(too_many(bad, borne, error)),
            Some(error) if batch.count == 0 => Err(error),
            None if bad > borne => Err(too_many(bad, borne, self.any_bad())),
            _ => Ok(batch),
        };
        let mut queue = self.lock();
        if queue.generation == generation {
            queue.ready.insert((place.epoch, place.step), result);
            self.done.notify_all();
        }
    }

    fn any_bad(&self) -> Error {
        let queue = self.lock();
        let first = queue.bad.values().min_by_key(|bad| bad.id);
        first.map_or_else(|| Error::internal("no bad sample"), |bad| bad.error.clone())
    }

    fn alone(&self, making: Arc<Making>) -> Making {
        let mut making = making;
        loop {
            match Arc::try_unwrap(making) {
                Ok(making) => return making,
                Err(shared) => making = shared,
            }
            std::thread::yield_now();
        }
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
        let mut list: Vec<BadSample> = self.lock().bad.values().cloned().collect();
        list.sort_by_key(|bad| bad.id);
        list
    }
}

fn too_many(bad: u64, borne: u64, example: Error) -> Error {
    Error::input(format!(
        "{bad} different samples could not be used, more than the {borne} that are borne; the first: {example}. Look at loader.bad, mend the files, or raise the budget"
    ))
}
