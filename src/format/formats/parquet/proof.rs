//! Files read back, row by row, their row groups on all cores.

use crate::format::WriteError;
use crate::format::export::{Progress, Stored, Written};
use crate::format::formats::parquet::{GROUP, failed};
use crate::format::parallel;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Row;

/// The next row of a row group; nothing where it ends.
pub(super) type Next<'a> = &'a mut dyn FnMut() -> Result<Option<Row>, WriteError>;

/// Proves a file that has a row group for every [`GROUP`] of items: `prove` takes the rows that an item
/// stands for, and answers what they come to. `progress` is told how many items are done.
pub(super) fn rows_of<I: Sync>(
    items: &[I],
    stored: &dyn Stored,
    name: &str,
    progress: Progress<'_>,
    prove: impl Fn(&I, Next<'_>) -> Result<Written, WriteError> + Sync,
) -> Result<Written, WriteError> {
    let bytes = stored.bytes(name)?;
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(failed)?;
    let groups: Vec<(usize, &[I])> = items.chunks(GROUP).enumerate().collect();
    let too_many = || {
        WriteError::Unreadable(format!(
            "{name}: there are more rows in it than in the project"
        ))
    };
    if file.num_row_groups() < groups.len() {
        let reason = format!("{name}: rows of the project are missing in it");
        return Err(WriteError::Unreadable(reason));
    }
    if file.num_row_groups() > groups.len() {
        return Err(too_many());
    }
    let mut written = Written::default();
    parallel::large_in_order(
        &groups,
        &mut |group| progress(group * GROUP),
        |(n, items)| {
            let group = file.get_row_group(*n).map_err(failed)?;
            let mut rows = group.get_row_iter(None).map_err(failed)?;
            let mut next = || rows.next().transpose().map_err(failed);
            let mut counted = Written::default();
            for item in *items {
                counted.add(&prove(item, &mut next)?);
            }
            match next()? {
                None => Ok(counted),
                Some(_) => Err(too_many()),
            }
        },
        |_, counted| {
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}
