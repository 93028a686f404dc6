//! One line a frame, for measuring and for reports of slowness.
//!
//! Columns: milliseconds of CPU of the window's thread in the frame, milliseconds since the process
//! started, blocks (paragraphs) laid out, annotations painted.

use crate::app::clock::{process_age_ms, thread_cpu_ms};
use crate::ui::article::FrameStats;
use std::io::Write;
use std::path::Path;

pub struct FrameLog {
    out: Box<dyn Write>,
    started_cpu_ms: f64,
}

impl FrameLog {
    pub fn create(path: &Path) -> std::io::Result<Self> {
        let mut out = crate::app::clock::log_file(path)?;
        writeln!(
            out,
            "cpu_ms\tsince_start_ms\tparagraphs_laid_out\tannotations_painted"
        )?;
        Ok(Self {
            out,
            started_cpu_ms: 0.0,
        })
    }

    pub fn begin(&mut self) {
        self.started_cpu_ms = thread_cpu_ms();
    }

    pub fn end(&mut self, stats: FrameStats) {
        let cpu = thread_cpu_ms() - self.started_cpu_ms;
        let line = writeln!(
            self.out,
            "{cpu:.3}\t{:.1}\t{}\t{}",
            process_age_ms(),
            stats.blocks_laid_out,
            stats.annotations_painted
        );
        // A full disk must not stop the work; the log is only a help.
        let _best_effort = line.and_then(|()| self.out.flush());
    }
}
