//! The tokens of a theme as egui's style: what its own widgets look like, and that nothing moves by
//! itself.

use super::{CONTROL_HEIGHT, RADIUS, SMALL, Tokens, tokens_id};
use eframe::egui::{self, Context, CornerRadius, Stroke, Theme, Visuals};

/// Puts the tokens into egui's styles.
pub fn apply(ctx: &Context, tokens: &Tokens) {
    ctx.data_mut(|data| data.insert_temp(tokens_id(), *tokens));
    let theme = if tokens.is_dark {
        Theme::Dark
    } else {
        Theme::Light
    };
    ctx.set_theme(theme);
    ctx.data_mut(|data| data.insert_temp(tokens_id(), *tokens));
    ctx.style_mut_of(theme, |style| {
        style.visuals = visuals(tokens);
        style.spacing.item_spacing = egui::vec2(8.0, 5.0);
        style.spacing.button_padding = egui::vec2(10.0, 3.0);
        style.spacing.menu_margin = egui::Margin::same(6);
        style.spacing.window_margin = egui::Margin::same(16);
        style.spacing.interact_size.y = CONTROL_HEIGHT;
        style.spacing.icon_width = 16.0;
        style.spacing.icon_width_inner = 10.0;
        style.interaction.tooltip_delay = 0.4;
        style.interaction.selectable_labels = false;
        // Nothing moves by itself.
        style.animation_time = 0.0;
        style.scroll_animation = egui::style::ScrollAnimation::none();
        style.spacing.scroll.kinetic.decay_time = 0.0;
        style.spacing.scroll.kinetic.rubber_band = false;
        style.visuals.text_cursor.blink = false;
        for font in style.text_styles.values_mut() {
            font.size = font.size.max(SMALL);
        }
        let sizes = [
            (egui::TextStyle::Small, SMALL),
            (egui::TextStyle::Body, 13.0),
            (egui::TextStyle::Button, 13.0),
            (egui::TextStyle::Heading, 18.0),
            (egui::TextStyle::Monospace, 12.5),
        ];
        for (name, size) in sizes {
            if let Some(font) = style.text_styles.get_mut(&name) {
                font.size = size;
            }
        }
    });
}

fn visuals(tokens: &Tokens) -> Visuals {
    let mut visuals = if tokens.is_dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let line = Stroke::new(1.0, tokens.line);
    let edge = Stroke::new(1.0, tokens.edge);
    let ink = Stroke::new(1.0, tokens.ink);
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(tokens.dim);
    visuals.hyperlink_color = tokens.accent;
    visuals.faint_bg_color = tokens.hover;
    visuals.extreme_bg_color = tokens.page;
    visuals.text_edit_bg_color = Some(tokens.page);
    visuals.code_bg_color = tokens.page;
    visuals.warn_fg_color = tokens.warn;
    visuals.error_fg_color = tokens.error;
    visuals.window_fill = tokens.panel;
    visuals.window_stroke = line;
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(RADIUS);
    visuals.panel_fill = tokens.panel;
    visuals.selection.bg_fill = tokens.selection;
    // The edge of a field that has the keyboard, and the colour of selected text.
    visuals.selection.stroke = ink;
    visuals.disabled_alpha = 0.66;
    visuals.button_frame = true;
    let plain = &mut visuals.widgets;
    let states = [
        (&mut plain.noninteractive, tokens.panel, line),
        (&mut plain.inactive, tokens.page, edge),
        (&mut plain.hovered, tokens.hover, edge),
        (&mut plain.active, tokens.chosen, edge),
        (&mut plain.open, tokens.chosen, edge),
    ];
    for (state, ground, outline) in states {
        state.bg_fill = ground;
        state.weak_bg_fill = ground;
        state.bg_stroke = outline;
        state.fg_stroke = ink;
        state.corner_radius = CornerRadius::same(RADIUS);
        state.expansion = 0.0;
    }
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{LIGHT, THEMES, contrast};

    /// What egui draws from its style: buttons, fields, links, what is off.
    #[test]
    fn what_egui_draws_can_be_read_too() {
        for (theme, t) in THEMES {
            let visuals = visuals(&t);
            let states = &visuals.widgets;
            for state in [
                &states.inactive,
                &states.hovered,
                &states.active,
                &states.open,
            ] {
                for ground in [state.bg_fill, state.weak_bg_fill] {
                    assert!(
                        contrast(state.fg_stroke.color, ground) >= t.least(),
                        "{theme}"
                    );
                    for around in [ground, t.panel, t.page] {
                        let outline = contrast(state.bg_stroke.color, around);
                        assert!(outline >= 3.0, "{theme}: {outline} of an outline");
                    }
                }
            }
            let weak = visuals.weak_text_color();
            for ground in [
                visuals.panel_fill,
                visuals.window_fill,
                visuals.extreme_bg_color,
                visuals.faint_bg_color,
            ] {
                assert!(contrast(weak, ground) >= t.least(), "{theme}");
                assert!(contrast(visuals.hyperlink_color, ground) >= 4.5, "{theme}");
            }
            assert!(
                contrast(visuals.selection.stroke.color, visuals.selection.bg_fill) >= t.least()
            );
            // What cannot be pressed need not be read, but can.
            let off = t.panel.blend(t.ink.gamma_multiply(visuals.disabled_alpha));
            assert!(
                contrast(off, t.panel) >= 4.5,
                "{theme}: {}",
                contrast(off, t.panel)
            );
        }
    }

    #[test]
    fn nothing_moves_by_itself() {
        let ctx = Context::default();
        apply(&ctx, &LIGHT);
        let style = ctx.style_of(Theme::Light);
        assert_eq!(style.animation_time, 0.0);
        assert_eq!(style.scroll_animation, egui::style::ScrollAnimation::none());
        assert_eq!(style.spacing.scroll.kinetic.decay_time, 0.0);
        assert!(!style.spacing.scroll.kinetic.rubber_band && !style.visuals.text_cursor.blink);
        assert!(style.spacing.interact_size.y >= 24.0);
    }
}
