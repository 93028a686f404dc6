//! What the system's allocator does with memory that is let go of.
//!
//! Knows nothing of what the memory is for.

/// The size of the block that [`start`] lets go of. Twice as much may be free at the end of the heap
/// from then on, before the system has it back.
const BLOCK_BYTES: usize = 4 << 20;

/// Lets what a frame lets go of be there for the next one. From its start glibc gives the end of the
/// heap back as soon as 128 KiB of it are free, and asks for each block of that size anew; the size of
/// the first larger block that it is given back takes the place of both limits (`mallopt(3)`,
/// `M_MMAP_THRESHOLD`). No page of the block is touched; elsewhere nothing comes of it.
pub fn start() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(BLOCK_BYTES)));
}
