//! The tenant's style sheet: the one of all pages, then the tenant's colours, then the operator's own rules.
//!
//! It takes the place of `page.css`, because the policy allows no style inside a page and a second sheet would cost a second request.

use axum::{
    Router,
    extract::{Query, rejection::QueryRejection},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use identity::experience::{Color, SignInExperience};
use serde::Deserialize;
use url::form_urlencoded;

use super::asset::{FOREVER, PAGE_CSS, key};
use crate::{app::App, error::PageError, extract::tenant::CurrentTenant};

/// What text stands on: `--card` of `page.css`.
const CARD: Rgb = Rgb([0xff, 0xff, 0xff]);
/// The same on dark pages.
const DARK_CARD: Rgb = Rgb([0x1f, 0x1c, 0x28]);
const WHITE: Rgb = Rgb([0xff, 0xff, 0xff]);
const BLACK: Rgb = Rgb([0, 0, 0]);

/// Contrast that text needs (WCAG 2.2, 1.4.3).
const READABLE: f32 = 4.5;

/// Its route.
pub fn router() -> Router<App> {
    Router::new().route("/assets/theme.css", get(theme))
}

/// The address of the sheet on the way to an application, which changes with what stands in it; `None` where nothing differs from
/// the default.
pub fn address(experience: &SignInExperience, application: &str) -> Option<String> {
    let own = own(experience)?;
    let key = key(&format!("{}{own}", PAGE_CSS.file.content));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("v", &key)
        .append_pair("app_id", application)
        .finish();
    Some(format!("/assets/theme.css?{query}"))
}

/// Whose sheet.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    app_id: String,
}

/// The tenant's sheet, or that of an application.
async fn theme(
    CurrentTenant(tenant): CurrentTenant,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, PageError> {
    let application = wanted.map_or_else(|_| String::new(), |Query(wanted)| wanted.app_id);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/css; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, FOREVER),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    let own = own(tenant.experience_of(&application)).unwrap_or_default();
    Ok((headers, format!("{}{own}", PAGE_CSS.file.content)).into_response())
}

/// What the tenant adds.
fn own(experience: &SignInExperience) -> Option<String> {
    let color = &experience.color;
    let plain = Color {
        is_dark_mode_enabled: color.is_dark_mode_enabled,
        ..Color::default()
    };
    let colors = (*color != plain).then(|| css(color));
    let rules = own_rules(experience);
    (colors.is_some() || rules.is_some())
        .then(|| colors.unwrap_or_default() + rules.unwrap_or_default())
}

/// The operator's own rules.
pub fn own_rules(experience: &SignInExperience) -> Option<&str> {
    let rules = experience.custom_css.as_deref();
    rules.filter(|rules| !rules.trim().is_empty())
}

/// Custom properties for the two colours: what is written on them, and what links are written in, can be read. What is not a colour is
/// left out.
pub fn css(color: &Color) -> String {
    let properties = |text: &str, card| {
        let color = Rgb::parse(text);
        color
            .map(|color| color.properties(card))
            .unwrap_or_default()
    };
    let light = properties(&color.primary_color, CARD);
    let dark = properties(&color.dark_primary_color, DARK_CARD);
    format!(
        ":root{{{light}}}@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
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
        if !long.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(long.get(at..at + 2)?, 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    fn properties(self, card: Self) -> String {
        let on = if self.contrast(WHITE) >= self.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        };
        format!(
            "--primary:{};--on-primary:{};--link:{}",
            self.hex(),
            on.hex(),
            self.readable_on(card).hex()
        )
    }

    fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// This colour, as much lighter or darker as reading it on `card` needs.
    fn readable_on(self, card: Self) -> Self {
        let away = if card.contrast(WHITE) > card.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        };
        let steps = (0..=20_u16).map(|step| self.mixed(away, step));
        steps
            .into_iter()
            .find(|mixed| mixed.contrast(card) >= READABLE)
            .unwrap_or(away)
    }

    /// This colour with so many twentieths of `other`.
    fn mixed(self, other: Self, twentieths: u16) -> Self {
        let mut parts = self.0;
        for (part, other) in parts.iter_mut().zip(other.0) {
            let mixed = (u16::from(*part) * (20 - twentieths) + u16::from(other) * twentieths) / 20;
            *part = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        Self(parts)
    }

    /// Contrast ratio (WCAG 2.2).
    fn contrast(self, other: Self) -> f32 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
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
    use identity::experience::{Color, SignInExperience};
    use proptest::prelude::*;

    use super::{BLACK, CARD, DARK_CARD, PAGE_CSS, READABLE, Rgb, WHITE, address, css, own};

    fn color(primary: &str) -> Color {
        Color {
            primary_color: primary.into(),
            ..Color::default()
        }
    }

    fn experience(primary: &str, rules: &str) -> SignInExperience {
        SignInExperience {
            color: color(primary),
            custom_css: Some(rules.into()),
            ..SignInExperience::default()
        }
    }

    /// What a custom property is in a sheet: its first, light value.
    fn value(sheet: &str, name: &str) -> Rgb {
        let (_, rest) = sheet.split_once(&format!("--{name}:")).unwrap();
        let end = rest.find([';', '}']).unwrap();
        Rgb::parse(&rest[..end]).unwrap()
    }

    #[test]
    fn text_on_the_primary_colour_can_be_read() {
        assert!(css(&color("#ffee00")).contains("--primary:#ffee00;--on-primary:#000000"));
        assert!(css(&color("#037")).contains("--primary:#003377;--on-primary:#ffffff"));
    }

    proptest! {
        #[test]
        fn links_in_any_colour_can_be_read(parts in any::<[u8; 3]>()) {
            for card in [CARD, DARK_CARD] {
                prop_assert!(Rgb(parts).readable_on(card).contrast(card) >= READABLE);
            }
        }

        #[test]
        fn buttons_in_any_colour_can_be_read(parts in any::<[u8; 3]>()) {
            let best = Rgb(parts).contrast(WHITE).max(Rgb(parts).contrast(BLACK));
            prop_assert!(best >= READABLE, "{best}");
        }
    }

    #[test]
    fn the_default_colours_can_be_read() {
        let (light, dark) = PAGE_CSS
            .file
            .content
            .split_once("prefers-color-scheme: dark")
            .unwrap();
        assert_eq!(value(light, "card"), CARD);
        assert_eq!(value(dark, "card"), DARK_CARD);
        for sheet in [light, dark] {
            let of = |name| value(sheet, name);
            for (text, ground) in [
                ("ink", "card"),
                ("soft", "card"),
                ("soft", "ground"),
                ("link", "card"),
                ("danger", "card"),
                ("danger", "danger-ground"),
                ("on-primary", "primary"),
            ] {
                let contrast = of(text).contrast(of(ground));
                assert!(
                    contrast >= READABLE,
                    "{text} on {ground} has only {contrast}"
                );
            }
            // The edge of a field must stand out (WCAG 2.2, 1.4.11).
            assert!(of("edge").contrast(of("card")) >= 3.0);
        }
    }

    #[test]
    fn t45_what_is_not_a_colour_does_not_reach_the_style_sheet() {
        for wrong in ["red;}body{display:none", "#+1+2+3", "#12", "url(//x)"] {
            let css = css(&color(wrong));
            assert!(css.starts_with(":root{}"), "{css}");
        }
        let address = address(&experience("red;}</style>", ""), "").unwrap();
        assert!(!address.contains('<'), "{address}");
    }

    #[test]
    fn the_default_colours_need_no_sheet() {
        assert_eq!(address(&SignInExperience::default(), ""), None);
        assert_eq!(address(&experience("#6139F6", "  "), ""), None);
        assert!(address(&experience("#123456", ""), "").is_some());
    }

    #[test]
    fn the_operators_rules_come_last_and_change_the_address() {
        let own = own(&experience("#123456", ".logto_signature{color:red}")).unwrap();
        assert!(own.ends_with(".logto_signature{color:red}"), "{own}");
        assert_ne!(
            address(&experience("#123456", "a{}"), ""),
            address(&experience("#123456", "b{}"), "")
        );
    }
}
