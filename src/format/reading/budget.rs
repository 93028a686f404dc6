//! What one chosen file may unpack to, with all that it holds: one count for the file, its archives
//! within archives, and every reader that unpacks a part of it.
//!
//! Counts bytes as they come out and not as they are declared. Knows no time and no memory; whoever
//! runs the reader watches those (`app::import::workers`).

use crate::format::reading::Refusal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A small file may hold this much.
const BASE_BYTES: u64 = 64 << 20;
/// And each of its bytes may become so many: text packs to a third or a tenth, pages of one site to
/// a fifteenth.
const PER_BYTE: u64 = 24;
/// And no file more than this.
const MAX_BYTES: u64 = 4 << 30;

/// Shared by all clones.
#[derive(Clone)]
pub struct Budget(Arc<Count>);

struct Count {
    limit: u64,
    spent: AtomicU64,
}

impl Budget {
    /// For a chosen file of this length.
    pub fn for_file(len_bytes: u64) -> Self {
        Self::of_bytes((BASE_BYTES + len_bytes.saturating_mul(PER_BYTE)).min(MAX_BYTES))
    }

    pub fn of_bytes(limit: u64) -> Self {
        Self(Arc::new(Count {
            limit,
            spent: AtomicU64::new(0),
        }))
    }

    pub fn left(&self) -> u64 {
        let spent = self.0.spent.load(Ordering::Relaxed);
        self.0.limit.saturating_sub(spent)
    }

    /// Takes note of bytes that were unpacked, wanted or not.
    pub fn spend(&self, bytes: u64) {
        self.0.spent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The sentence for a file that wants more.
    pub fn refusal(&self) -> Refusal {
        let limit = self.0.limit >> 20;
        Refusal::new(format!(
            "all together it unpacks to more than {limit} MB, which is more than a file of this size may, and may be a ZIP bomb"
        ))
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::of_bytes(MAX_BYTES)
    }
}

/// A count of its own, for a look into a file that takes nothing from it.
impl From<u64> for Budget {
    fn from(limit: u64) -> Self {
        Self::of_bytes(limit)
    }
}

impl From<&Budget> for Budget {
    fn from(budget: &Budget) -> Self {
        budget.clone()
    }
}

/// As far as choices go: what was spent is no choice.
impl PartialEq for Budget {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Budget {}

impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes left", self.left())
    }
}
