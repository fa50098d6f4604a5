//! The tenant's colours as a style sheet of their own: the policy allows no style inside a page.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use identity::experience::Color;

use crate::{app::App, error::PageError, extract::tenant::CurrentTenant};

/// Its route.
pub fn router() -> Router<App> {
    Router::new().route("/assets/theme.css", get(theme))
}

/// The address of the colours, which changes with them; `None` for the default ones.
pub fn address(color: &Color) -> Option<String> {
    if *color
        == (Color {
            is_dark_mode_enabled: color.is_dark_mode_enabled,
            ..Color::default()
        })
    {
        return None;
    }
    let key = |text: &str| {
        text.trim_start_matches('#')
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    Some(format!(
        "/assets/theme.css?{}-{}",
        key(&color.primary_color),
        key(&color.dark_primary_color)
    ))
}

/// The colours of the tenant.
async fn theme(CurrentTenant(tenant): CurrentTenant) -> Result<Response, PageError> {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/css; charset=utf-8"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    Ok((headers, css(&tenant.experience.color)).into_response())
}

/// Custom properties for the two colours, each with a text colour that can be read on it. What is not a colour is left out.
fn css(color: &Color) -> String {
    let light = Rgb::parse(&color.primary_color)
        .map(Rgb::properties)
        .unwrap_or_default();
    let dark = Rgb::parse(&color.dark_primary_color)
        .map(Rgb::properties)
        .unwrap_or_default();
    format!(
        ":root{{{light}}}@media(prefers-color-scheme:dark){{:root:not([data-scheme=light]){{{dark}}}}}"
    )
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb([u8; 3]);

impl Rgb {
    /// `#rgb` or `#rrggbb`.
    fn parse(text: &str) -> Option<Self> {
        let hex = text.trim().strip_prefix('#')?;
        let long: String = match hex.len() {
            3 => hex.chars().flat_map(|c| [c, c]).collect(),
            6 => hex.to_owned(),
            _ => return None,
        };
        let part = |at: usize| u8::from_str_radix(long.get(at..at + 2)?, 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    fn properties(self) -> String {
        let [r, g, b] = self.0;
        let on = if self.luminance() > 0.36 {
            "#111"
        } else {
            "#fff"
        };
        format!("--primary:#{r:02x}{g:02x}{b:02x};--on-primary:{on}")
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f32 {
        let [r, g, b] = self.0.map(|part| {
            let part = f32::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

#[cfg(test)]
mod tests {
    use identity::experience::Color;

    use super::{address, css};

    fn color(primary: &str) -> Color {
        Color {
            primary_color: primary.into(),
            ..Color::default()
        }
    }

    #[test]
    fn text_on_the_primary_colour_can_be_read() {
        assert!(css(&color("#ffee00")).contains("--primary:#ffee00;--on-primary:#111"));
        assert!(css(&color("#037")).contains("--primary:#003377;--on-primary:#fff"));
    }

    #[test]
    fn t45_what_is_not_a_colour_does_not_reach_the_style_sheet() {
        let css = css(&color("red;}body{display:none"));
        assert!(css.starts_with(":root{}"), "{css}");
        assert!(!address(&color("red;}</style>")).unwrap().contains('<'));
    }

    #[test]
    fn the_default_colours_need_no_sheet() {
        assert_eq!(address(&Color::default()), None);
        assert!(address(&color("#123456")).is_some());
    }
}
