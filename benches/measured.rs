//! What is measured, as it is printed: beside its limit, by this machine's measure.

use crate::machine;

pub struct Sample(pub Vec<f64>);

impl Sample {
    pub fn quantile(&mut self, q: f64) -> f64 {
        self.0.sort_by(f64::total_cmp);
        let at = ((self.0.len() as f64 - 1.0) * q).round() as usize;
        self.0[at]
    }
}

pub fn report(what: &str, value: f64, unit: &str, limit: Option<f64>) {
    let verdict = limit.map_or_else(String::new, |limit| {
        let (told, here) = match unit {
            "s" | "ms" => {
                let here = limit * machine::factor();
                (format!("limit {limit} {unit}, here {here:.2}"), here)
            }
            _ => (format!("limit {limit} {unit}"), limit),
        };
        if value <= here {
            told
        } else {
            format!("{told}  OVER")
        }
    });
    println!("{what:<62} {value:>9.3} {unit:<3} {verdict}");
}

pub fn report_frames(what: &str, mut sample: Sample, limits: Option<(f64, f64)>) {
    let (median, p99) = (sample.quantile(0.5), sample.quantile(0.99));
    report(
        &format!("{what}: frame, median"),
        median,
        "ms",
        limits.map(|l| l.0),
    );
    report(
        &format!("{what}: frame, 99th percentile"),
        p99,
        "ms",
        limits.map(|l| l.1),
    );
}

/// A line of what Linux tells of the process; 0 elsewhere.
pub fn memory_mb(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1_000.0
}

/// Begins the peak of memory anew, where Linux lets it.
pub fn forget_peak() {
    let _where_it_can = std::fs::write("/proc/self/clear_refs", "5");
}
