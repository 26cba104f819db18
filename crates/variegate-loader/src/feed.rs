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

use crate::bad::{ATTEMPTS, BadSample, Ledger, OnBad, too_many};
use crate::batch::{Batch, Pool, ViewOfBatch};
use crate::collected::collected;
use crate::doing::Doing;
use crate::excluded::stand_ins;
use crate::known::Asked;
use crate::making::Making;
use crate::options::{LoaderOptions, Rest};
use crate::partners::{Filled, soft_labels};
use crate::report::{Clock, Stage};
use crate::sample::{Failure, Fault, Kit, Maker};
use crate::sampling::{Pick, Picks};
use crate::source::Source;
use crate::task::{Task, untold};
use crate::views::Views;

/// A place in the stream of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub epoch: u64,
    pub step: u64,
}

struct Queue {
    /// Raised by a seek; what was made for an older one is dropped.
    generation: u64,
    next: Place,
    taken: Place,
    /// The furthest batch that was delivered.
    told: Option<Place>,
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
    /// Which sample stands where.
    pub picks: Picks,
    pub clock: Clock,
    /// What each worker is at.
    pub doing: Vec<Doing>,
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
        threads: usize,
    ) -> Result<Self> {
        options.excluded.check(source.len())?;
        let picks = Picks::new(&*source, &options.sampling, seed, options.shuffle)?;
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
            picks,
            clock: Clock::default(),
            doing: (0..threads).map(|_| Doing::default()).collect(),
            ahead,
            pool: Arc::new(Pool::new(2 * buffers)),
            views,
            queue: Mutex::new(Queue {
                generation: 0,
                next: start,
                taken: start,
                told: None,
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

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The life of a worker.
    pub fn work(&self, worker: usize) {
        let mut kit = Kit::default();
        let maker = self.maker(&self.doing[worker]);
        while let Some(task) = self.take_task(&maker) {
            self.make(task, &maker, &mut kit);
            maker.doing.rest();
        }
    }

    /// The next sample to make; none when the loader is closed.
    fn take_task(&self, maker: &Maker<'_>) -> Option<Task> {
        let foresight = self.source.foresight();
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            // A source that reads ahead hears of the next batch before this one ends.
            if queue.tasks.len() <= foresight && !queue.opening && self.distance(queue.taken, queue.next) < queue.ahead
            {
                queue = self.open(queue, maker);
                maker.doing.rest();
                continue;
            }
            if let Some(task) = queue.tasks.pop_front() {
                let soon = untold(&mut queue.tasks, foresight, &self.options.excluded);
                drop(queue);
                soon.into_iter().for_each(|id| self.source.expect(id, &self.options.limits));
                return Some(task);
            }
            let from = Instant::now();
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            self.clock.add(Stage::Idle, from);
        }
    }

    /// Lays out the next batch and its tasks.
    fn open<'q>(&'q self, mut queue: MutexGuard<'q, Queue>, maker: &Maker<'_>) -> MutexGuard<'q, Queue> {
        let (place, generation) = (queue.next, queue.generation);
        let known = queue.sizes.get(&place.epoch).cloned();
        queue.opening = true;
        drop(queue);
        let picks = self.picks(place);
        let sizes = match known {
            Some(sizes) => Ok(sizes),
            None => self.sizes(place.epoch, &picks, maker),
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
        let making = Arc::new(Making::new(place, generation, sizes, picks, buffers));
        queue.tasks.extend((0..making.picks.len()).map(|slot| Task::new(making.clone(), slot)));
        queue
    }

    /// The sizes of an epoch's views: those of the first sample that can be read.
    fn sizes(&self, epoch: u64, picks: &[Pick], maker: &Maker<'_>) -> Result<Arc<[Size]>> {
        let mut last = Error::input("the batch is empty");
        let own = picks.iter().copied().filter(|pick| !self.options.excluded.holds(pick.id));
        let others = picks.first().into_iter().flat_map(|first| self.stand_ins(epoch, *first).take(ATTEMPTS as usize));
        for pick in own.chain(others) {
            match maker.sizes_of(pick, epoch) {
                Ok(sizes) => return Ok(sizes),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// What a sample is made with.
    pub fn maker<'a>(&'a self, doing: &'a Doing) -> Maker<'a> {
        let views = self.views.pipelines();
        let Self { options, clock, bad, seed, asked, fills, .. } = self;
        Maker { source: &*self.source, views, options, clock, doing, bad, seed: *seed, asked: *asked, fills }
    }

    fn stand_ins(&self, epoch: u64, pick: Pick) -> impl Iterator<Item = Pick> {
        stand_ins(&self.options.excluded, self.seed, epoch, pick, self.source.len())
    }

    fn make(&self, task: Task, maker: &Maker<'_>, kit: &mut Kit) {
        let Task { making, slot, .. } = task;
        let last = making.fill(slot, |lent| self.fill(&making, making.picks[slot], maker, lent, kit));
        // Each task gives up its share of the batch here, and the last one closes it.
        if last {
            self.finish(making);
        }
    }

    /// Fills a slot with a sample or, where the policy says so, with one that takes its place.
    fn fill(
        &self,
        making: &Making,
        pick: Pick,
        maker: &Maker<'_>,
        slot: &mut Lent<'_>,
        kit: &mut Kit,
    ) -> std::result::Result<Filled, Failure> {
        let place = making.place;
        let policy = self.options.on_bad;
        for (attempt, tried) in (0..=ATTEMPTS).zip(self.stand_ins(place.epoch, pick)) {
            let made = match maker.quarantined(tried.id) {
                Some(failure) => Err(failure),
                None => maker.make(tried, place, &making.sizes, slot, kit),
            };
            let failure = match made {
                Ok((mixed, attached)) => return Ok(Filled { pick: tried, mixed, attached }),
                Err(failure) => failure,
            };
            if matches!(failure.fault, Fault::Caller | Fault::Partner) {
                return Err(failure);
            }
            maker.note(tried.id, place, &failure);
            if matches!(policy, OnBad::Raise | OnBad::Skip) || attempt == ATTEMPTS {
                return Err(failure);
            }
        }
        Err(Error::input("too many samples are excluded or bad to find one that stands in; exclude fewer").into())
    }

    /// Closes a batch whose samples are all done.
    fn finish(&self, making: Arc<Making>) {
        let making = alone(making);
        let (place, generation, sizes) = (making.place, making.generation, making.sizes.clone());
        let (mut buffers, filled, failure) = making.close();
        let masks = buffers.split_off(sizes.len().min(buffers.len()));
        let ids: Vec<u64> = filled.iter().map(|filled| filled.pick.id).collect();
        let padded = self.options.rest == Rest::Pad;
        let weight = |filled: &Filled| if filled.pick.padding { 0.0 } else { 1.0 };
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
            samples: filled.iter().map(|filled| filled.pick.sample).collect(),
            weights: padded.then(|| filled.iter().map(weight).collect()),
            targets: collected(filled, &sizes, masks, &self.asked, &self.options.targets),
            ids,
            epoch: place.epoch,
            step: place.step,
        };
        let skip = self.options.on_bad == OnBad::Skip;
        let result = match failure {
            Some(failure) if !skip || failure.fault == Fault::Caller => Err(failure.error),
            _ => Ok(batch),
        };
        let mut queue = self.lock();
        if queue.generation == generation {
            queue.ready.insert((place.epoch, place.step), result);
            self.done.notify_all();
        }
    }

    /// Waits up to `patience` for the batch at `place`.
    pub fn wait(&self, place: Place, patience: Duration) -> Option<Result<Batch>> {
        let from = Instant::now();
        let mut queue = self.lock();
        loop {
            if let Some(result) = queue.ready.remove(&(place.epoch, place.step)) {
                queue.taken = self.after(place);
                queue.told = queue.told.max(Some(place));
                self.work.notify_all();
                self.clock.add(Stage::Waiting, from);
                self.clock.batch();
                drop(queue);
                // Only now: batches before this one are done, so that the count does not hang on threads.
                let (bad, borne) = (self.bad.count(place), self.options.budget.of(self.source.len()));
                return Some(match result {
                    Ok(_) if bad > borne => Err(too_many(&self.bad.list(place), borne)),
                    result => result,
                });
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

    /// Samples that could not be used in what was delivered, by id.
    pub fn bad(&self) -> Vec<BadSample> {
        let told = self.lock().told;
        told.map_or_else(Vec::new, |told| self.bad.list(told))
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
