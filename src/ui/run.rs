//! Opening the window: by OpenGL, and on Windows by what is there when that fails.

use super::app::PressmarkApp;
use super::file_dialog::SystemDialogs;
use super::frame_log::FrameLog;
use super::theme::{SystemFonts, emblem};
use crate::app::settings::{Settings, config_folder};
use crate::app::signals;
use crate::cli::WindowArguments;
use anyhow::{Context as _, Result, anyhow};
use eframe::egui::{ViewportBuilder, vec2};
use eframe::{NativeOptions, Renderer};

/// A remote desktop on Windows may have no OpenGL 2, but always has Direct3D; on other systems the
/// drivers of both come together.
#[cfg(windows)]
const RENDERERS: &[Renderer] = &[Renderer::Glow, Renderer::Wgpu];
#[cfg(not(windows))]
const RENDERERS: &[Renderer] = &[Renderer::Glow];

/// Shows the window until it is closed. `PRESSMARK_RENDERER` (`glow`, `wgpu`) asks for one renderer;
/// one that is not there asks for none.
pub fn run(arguments: &WindowArguments) -> Result<()> {
    let wanted = std::env::var("PRESSMARK_RENDERER").unwrap_or_default();
    let is_known = RENDERERS.iter().any(|known| known.to_string() == wanted);
    let is_wanted = |renderer: &&Renderer| !is_known || renderer.to_string() == wanted;
    let mut failures = Vec::new();
    for renderer in RENDERERS.iter().filter(is_wanted) {
        match run_with(*renderer, arguments) {
            Ok(()) => return Ok(()),
            Err(error) => failures.push(format!("{renderer}: {error}")),
        }
    }
    Err(anyhow!(failures.join("; ")))
        .context("no window could be opened. Is there a display, and a driver for OpenGL (on Debian: libgl1-mesa-dri, libegl1)?")
}

fn run_with(renderer: Renderer, arguments: &WindowArguments) -> Result<(), eframe::Error> {
    let folder = config_folder();
    let settings = folder.as_deref().map(Settings::load).unwrap_or_default();
    let options = NativeOptions {
        renderer,
        viewport: ViewportBuilder::default()
            .with_title("Pressmark")
            .with_app_id("pressmark")
            .with_icon(emblem())
            .with_inner_size(vec2(settings.window.0, settings.window.1))
            .with_min_inner_size(vec2(640.0, 420.0))
            .with_drag_and_drop(true),
        // They come with faces that go before what eframe would find.
        system_font_fallback: false,
        ..NativeOptions::default()
    };
    let paths = arguments.paths.clone();
    let log = arguments.frame_log.clone();
    eframe::run_native(
        "pressmark",
        options,
        Box::new(move |creation| {
            let dialogs = Box::new(SystemDialogs::new());
            let mut app = PressmarkApp::new(&creation.egui_ctx, settings, folder, dialogs);
            app.read_pages_with(clipboard_html);
            app.use_fonts_of_system(SystemFonts::install(&creation.egui_ctx));
            if let Some(path) = log {
                app.log_frames_to(FrameLog::create(&path)?);
            }
            let waking = creation.egui_ctx.clone();
            signals::end_when_asked(std::sync::Arc::new(move || waking.request_repaint()));
            app.open_paths(paths);
            Ok(Box::new(app))
        }),
    )
}

/// The page that a browser copied, as HTML.
fn clipboard_html() -> Option<String> {
    let mut clipboard = arboard::Clipboard::new().ok()?;
    clipboard.get().html().ok().filter(|html| !html.is_empty())
}
