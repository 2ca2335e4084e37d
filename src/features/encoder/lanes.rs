//! Work shared out to threads, each of which multiplies matrices alone.
//!
//! A pass over a batch is faster on one thread than spread over several: only its matrix products would be spread,
//! and they are small. So whole batches go to the threads. Each lane is a rayon pool of one thread, inside which
//! candle's matrix products find nobody to share with. Its operations on single elements have threads of their own, of which
//! `CANDLE_NUM_THREADS=1` leaves none.

use crate::error::{Error, Result};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A fixed number of threads.
#[derive(Debug)]
pub(super) struct Lanes(Vec<ThreadPool>);

impl Lanes {
    /// As many lanes as the caller's rayon pool has threads (`RAYON_NUM_THREADS` sets it).
    pub(super) fn new() -> Result<Self> {
        let lane = |_| ThreadPoolBuilder::new().num_threads(1).build();
        let lanes: Result<_, _> = (0..rayon::current_num_threads().max(1)).map(lane).collect();
        Ok(Lanes(lanes.map_err(|e| Error::parameter("threads", e, "threads that the system grants"))?))
    }

    /// Does all jobs and returns what came of them, in the order of the jobs whichever lane did them.
    ///
    /// After an error no new job is begun; of several errors the first job's is returned.
    pub(super) fn map<J: Sync, R: Send, E: Send>(
        &self,
        jobs: &[J],
        work: impl Fn(&J) -> Result<R, E> + Sync,
    ) -> Result<Vec<R>, E> {
        let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let done = Mutex::new(Vec::with_capacity(jobs.len()));
        let run = || {
            while !failed.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(job) = jobs.get(index) else { break };
                let result = work(job);
                failed.fetch_or(result.is_err(), Ordering::Relaxed);
                done.lock().unwrap_or_else(|poison| poison.into_inner()).push((index, result));
            }
        };
        std::thread::scope(|scope| {
            for lane in self.0.iter().take(jobs.len()) {
                scope.spawn(move || lane.install(run));
            }
        });
        let mut done = done.into_inner().unwrap_or_else(|poison| poison.into_inner());
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }
}
