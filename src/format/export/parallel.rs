//! Work on all cores whose results are taken in order, a batch at a time, so that little is in
//! flight and cancelling is quick.

use crate::format::WriteError;

const BATCH: usize = 128;

/// `make` runs on all cores; `take` gets its results in order. `progress` is told how many items
/// are done and answers whether to go on.
pub(super) fn in_order<I: Sync, T: Send>(
    items: &[I],
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(&I) -> Result<T, WriteError> + Sync,
    mut take: impl FnMut(&I, T) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let cores = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let mut done = 0;
    for batch in items.chunks(BATCH) {
        if !progress(done) {
            return Err(WriteError::Cancelled);
        }
        let share = batch.len().div_ceil(cores).max(1);
        let made: Vec<Vec<Result<T, WriteError>>> = if batch.len() < cores * 2 {
            vec![batch.iter().map(&make).collect()]
        } else {
            std::thread::scope(|scope| {
                let make = &make;
                let workers: Vec<_> = batch
                    .chunks(share)
                    .map(|part| scope.spawn(move || part.iter().map(make).collect()))
                    .collect();
                let join = workers.into_iter().map(|worker| worker.join());
                join.map(|made| {
                    made.map_err(|_panic| {
                        WriteError::Unreadable("an error of the program".to_owned())
                    })
                })
                .collect::<Result<_, _>>()
            })?
        };
        for (item, made) in batch.iter().zip(made.into_iter().flatten()) {
            take(item, made?)?;
        }
        done += batch.len();
    }
    Ok(())
}
