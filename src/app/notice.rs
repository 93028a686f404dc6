//! What the program has to tell: each failure is turned into a notice once.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Goes away by itself.
    Info,
    /// Goes away by itself, later.
    Warning,
    /// Stays until it is dismissed.
    Error,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub severity: Severity,
    pub message: String,
    /// More lines, shown on demand.
    pub details: Vec<String>,
    /// Seconds it has been shown; counted by whoever shows it.
    pub age_secs: f32,
}

impl Notice {
    pub fn info(message: impl Into<String>) -> Self {
        Self::new(Severity::Info, message)
    }

    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message)
    }

    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message)
    }

    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            severity,
            message: message.into(),
            details: Vec::new(),
            age_secs: 0.0,
        }
    }

    pub fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// How long it stays by itself; `None` until dismissed.
    pub fn lifetime_secs(&self) -> Option<f32> {
        match (self.severity, self.details.is_empty()) {
            (Severity::Error, _) | (Severity::Warning, false) => None,
            (Severity::Warning, true) => Some(9.0),
            (Severity::Info, _) => Some(5.0),
        }
    }
}
