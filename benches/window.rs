//! The real window's code driven without a window. A frame is the processor time of the thread in
//! `logic` and `ui`, as `--frame-log` measures it in the real window.

use crate::measured::Sample;
use eframe::egui::{self, Event, Key, Modifiers, Pos2, RawInput, Rect, vec2};
use pressmark::app::action::Action;
use pressmark::app::clock::thread_cpu_ms;
use pressmark::app::settings::Settings;
use pressmark::core::project::Project;
use pressmark::format::project_ron::Opened;
use pressmark::ui::app::PressmarkApp;
use pressmark::ui::article::FrameStats;
use pressmark::ui::file_dialog::SystemDialogs;
use std::path::PathBuf;

const SIZE: egui::Vec2 = vec2(1440.0, 900.0);

pub struct Window {
    ctx: egui::Context,
    pub app: PressmarkApp,
    time: f64,
}

impl Window {
    pub fn new() -> Self {
        let ctx = egui::Context::default();
        let settings = Settings {
            annotator: "bench".to_owned(),
            id_tag: "bench".to_owned(),
            ..Settings::default()
        };
        let app = PressmarkApp::new(&ctx, settings, None, Box::new(SystemDialogs::new()));
        let mut window = Self {
            ctx,
            app,
            time: 0.0,
        };
        for _ in 0..3 {
            window.frame(Vec::new());
        }
        window
    }

    /// One frame; milliseconds of processor time in the window's own code.
    pub fn frame(&mut self, events: Vec<Event>) -> (f64, FrameStats) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            focused: true,
            events,
            ..RawInput::default()
        };
        let mut ms = 0.0;
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| {
            let started = thread_cpu_ms();
            app.logic(&ui.ctx().clone());
            app.ui(ui);
            ms += thread_cpu_ms() - started;
        });
        // Nothing is painted.
        output.textures_delta.clear();
        (ms, self.app.stats())
    }

    pub fn enter(&mut self, project: Project) {
        let opened = Opened {
            project,
            problems: Vec::new(),
        };
        self.app
            .model
            .enter_opened(opened, PathBuf::from("bench.ron"));
    }

    pub fn perform(&mut self, action: Action) -> f64 {
        let started = thread_cpu_ms();
        self.app.model.perform(action);
        let acted = thread_cpu_ms() - started;
        acted + self.frame(Vec::new()).0
    }

    /// Frames in which the wheel is turned down at a place.
    pub fn scrolled(&mut self, at: Pos2, by: f32, times: usize) -> Sample {
        self.frame(vec![Event::PointerMoved(at)]);
        let frames = (0..times).map(|_| self.frame(vec![wheel(by)]).0);
        Sample(frames.collect())
    }
}

pub fn key(key: Key, modifiers: Modifiers) -> Vec<Event> {
    vec![Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    }]
}

/// The wheel turned down by so many points.
pub fn wheel(by: f32) -> Event {
    Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        source: egui::MouseWheelSource::Wheel,
        delta: vec2(0.0, -by),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    }
}
