//! Work on all cores whose results are taken in order, a batch at a time, so that little is in
//! flight and cancelling is quick.

use crate::format::WriteError;

const BATCH: usize = 128;

/// `make` runs on all cores; `take` gets its results in order, while the next batch is being made.
/// `progress` is told how many items are done and answers whether to go on.
pub(super) fn in_order<'items, I: Sync, T: Send>(
    items: &'items [I],
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(&I) -> Result<T, WriteError> + Sync,
    mut take: impl FnMut(&I, T) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let cores = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    if items.len() < cores * 2 {
        for (done, item) in items.iter().enumerate() {
            if !progress(done) {
                return Err(WriteError::Cancelled);
            }
            take(item, make(item)?)?;
        }
        return Ok(());
    }
    std::thread::scope(|scope| {
        let make = &make;
        let begin = |batch: &'items [I]| -> Vec<_> {
            let share = batch.len().div_ceil(cores).max(1);
            batch
                .chunks(share)
                .map(|part| {
                    scope.spawn(move || {
                        part.iter()
                            .map(make)
                            .collect::<Vec<Result<T, WriteError>>>()
                    })
                })
                .collect()
        };
        let mut batches = items.chunks(BATCH);
        let mut current = batches.next().map(|batch| (batch, begin(batch)));
        let mut done = 0;
        while let Some((batch, workers)) = current {
            if !progress(done) {
                return Err(WriteError::Cancelled);
            }
            let mut made = Vec::with_capacity(batch.len());
            for worker in workers {
                let part = worker.join().map_err(|_panic| {
                    WriteError::Unreadable("an error of the program".to_owned())
                })?;
                made.extend(part);
            }
            current = batches.next().map(|batch| (batch, begin(batch)));
            for (item, made) in batch.iter().zip(made) {
                take(item, made?)?;
            }
            done += batch.len();
        }
        Ok(())
    })
}
