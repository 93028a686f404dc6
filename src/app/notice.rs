//! What the program has to tell: each failure is turned into a notice once.

use crate::app::action::Action;
use crate::core::shown::shown_lines;

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
    /// What can be done about it, as buttons.
    pub offers: Vec<(String, Action)>,
    /// A later notice on the same topic takes its place; empty for none.
    pub topic: &'static str,
    /// Seconds it has been shown; counted by whoever shows it.
    pub age_secs: f32,
    /// It stays however grave it is.
    stays: bool,
    /// It is about no project, and is there in the next one, too.
    pub is_of_the_program: bool,
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
            // Names in it come from outside.
            message: shown_lines(&message.into()).into_owned(),
            details: Vec::new(),
            offers: Vec::new(),
            topic: "",
            age_secs: 0.0,
            stays: false,
            is_of_the_program: false,
        }
    }

    pub fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details
            .iter()
            .map(|line| shown_lines(line).into_owned())
            .collect();
        self
    }

    pub fn on(mut self, topic: &'static str) -> Self {
        self.topic = topic;
        self
    }

    pub fn with_offer(mut self, title: impl Into<String>, action: Action) -> Self {
        self.offers.push((title.into(), action));
        self
    }

    /// It stays as long as what it tells of is being done.
    pub fn until_dismissed(self) -> Self {
        Self {
            stays: true,
            ..self
        }
    }

    /// It is not about the project that is open.
    pub fn of_the_program(self) -> Self {
        Self {
            is_of_the_program: true,
            ..self
        }
    }

    /// Whether it is still there after so many seconds more.
    pub fn outlives(&self, secs: f32) -> bool {
        let life = self.lifetime_secs();
        life.is_none_or(|life| self.age_secs + secs < life)
    }

    /// How long it stays by itself; `None` until dismissed.
    pub fn lifetime_secs(&self) -> Option<f32> {
        let is_plain = self.details.is_empty() && self.offers.is_empty();
        match (self.severity, is_plain) {
            _ if self.stays => None,
            (Severity::Error, _) | (Severity::Warning, false) => None,
            (Severity::Warning, true) => Some(9.0),
            (Severity::Info, true) => Some(5.0),
            (Severity::Info, false) => Some(20.0),
        }
    }
}
