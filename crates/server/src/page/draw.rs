//! From a page to a response: language, colours, headers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use identity::experience::SignInExperience;
use url::form_urlencoded;

use super::{Frame, Page, Shown};
use crate::{
    app::App, arriving::Arriving, cookie, error, extract::tenant::tenant_of, text::Locale,
};

/// A year in seconds: how long a chosen language is remembered.
const YEAR: i64 = 31_536_000;

/// What drawing needs of a request, kept while the handler has the request itself.
#[derive(Debug)]
pub struct Asked {
    uri: Uri,
    arriving: Option<Arriving>,
    /// Cookies and languages.
    headers: HeaderMap,
}

impl Asked {
    /// Takes it from the request.
    pub fn of(request: &Request) -> Self {
        let mut headers = HeaderMap::new();
        for name in [header::COOKIE, header::ACCEPT_LANGUAGE] {
            for value in request.headers().get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Self {
            uri: request.uri().clone(),
            arriving: request.extensions().get::<Arriving>().cloned(),
            headers,
        }
    }

    /// The page that a handler asked for, drawn; other responses as they are.
    pub fn drawn(&self, app: &App, response: Response) -> Response {
        match response.extensions().get::<Shown>().cloned() {
            Some(Shown(page)) => self.answer(app, page.as_ref(), response.headers()),
            None => response,
        }
    }

    fn answer(&self, app: &App, page: &dyn Page, handled: &HeaderMap) -> Response {
        let tenant = self
            .arriving
            .as_ref()
            .and_then(|arriving| tenant_of(app, arriving));
        let https = self
            .arriving
            .as_ref()
            .is_some_and(|arriving| arriving.https);
        let query = self.uri.query().unwrap_or_default();
        let wishes = Wishes::read(query, &self.headers);
        let plain = SignInExperience::default();
        let application = parameter(query, "app_id").unwrap_or_default();
        let experience = tenant
            .as_ref()
            .map_or(&plain, |tenant| tenant.experience_of(&application));
        let locale = wishes.locale(experience);
        let mut frame = Frame::new(experience, locale, &application, self.uri.path(), query);
        if !page.comes_again() {
            frame.languages.clear();
        }
        let mut drawn = html(page, &frame);
        for (name, value) in handled {
            if name == header::SET_COOKIE || name == header::RETRY_AFTER {
                drawn.headers_mut().append(name, value.clone());
            }
        }
        if let Some(choice) = wishes.choice() {
            drawn.headers_mut().append(
                header::SET_COOKIE,
                cookie::set(cookie::LOCALE.to_owned(), &choice, YEAR, https),
            );
        }
        drawn
    }
}

fn html(page: &dyn Page, frame: &Frame) -> Response {
    let html = match page.html(frame) {
        Ok(html) => html,
        Err(error) => {
            error::log(&error);
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = (page.status(), html).into_response();
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::try_from(policy(&page.form_targets(), frame.has_own_rules)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Nothing from elsewhere but pictures, nothing inline, no frames. Browsers hold redirects after a form against `form-action`, so the
/// application's address has to be in it. An operator's own rules may bring fonts.
fn policy(form_targets: &[String], has_own_rules: bool) -> String {
    let targets: Vec<&str> = form_targets
        .iter()
        .map(String::as_str)
        .filter(|target| is_source(target))
        .collect();
    let targets = ["'self'"]
        .into_iter()
        .chain(targets)
        .collect::<Vec<_>>()
        .join(" ");
    let fonts = if has_own_rules {
        "font-src 'self' https: data:; "
    } else {
        ""
    };
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http: data:; \
         {fonts}form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
}

fn is_source(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b":/.-+[]_".contains(&byte))
}

fn parameter(query: &str, wanted: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.into_owned())
}

/// What is known of the language a person wants.
struct Wishes {
    /// Chosen on this page just now: `?locale=`.
    chosen: Option<Locale>,
    /// What the application asked for.
    ui_locales: Option<String>,
    /// The cookie: a tag, and the `ui_locales` it was chosen over.
    remembered: Option<String>,
    accept_language: Option<String>,
}

impl Wishes {
    fn read(query: &str, headers: &HeaderMap) -> Self {
        let accept = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        Self {
            chosen: parameter(query, "locale").and_then(|tag| Locale::exact(&tag)),
            ui_locales: parameter(query, "ui_locales"),
            remembered: cookie::read(headers, cookie::LOCALE),
            accept_language: accept.map(str::to_owned),
        }
    }

    /// What the person chose on this page; else what the application asked for, unless the person chose otherwise over the same wish;
    /// else what the person chose earlier; else what the browser says.
    fn locale(&self, experience: &SignInExperience) -> Locale {
        let language = &experience.language_info;
        let detected = || {
            self.accept_language
                .as_deref()
                .filter(|_| language.auto_detect)
                .and_then(Locale::of_accept_language)
        };
        self.chosen
            .or_else(|| self.chosen_over_the_same_wish())
            .or_else(|| self.ui_locales.as_deref().and_then(Locale::of_list))
            .or_else(|| self.memory().and_then(|(tag, _)| Locale::exact(tag)))
            .or_else(detected)
            .unwrap_or_else(|| Locale::fallback(&language.fallback_language))
    }

    fn chosen_over_the_same_wish(&self) -> Option<Locale> {
        let (tag, over) = self.memory()?;
        let wish = self.ui_locales.as_deref().map(plain)?;
        (over == wish).then(|| Locale::exact(tag))?
    }

    fn memory(&self) -> Option<(&str, &str)> {
        let memory = self.remembered.as_deref()?;
        Some(memory.split_once('.').unwrap_or((memory, "")))
    }

    /// What the cookie shall remember.
    fn choice(&self) -> Option<String> {
        let wish = self.ui_locales.as_deref().map(plain).unwrap_or_default();
        self.chosen.map(|locale| format!("{}.{wish}", locale.tag))
    }
}

/// `ui_locales` as it may stand in a cookie.
fn plain(list: &str) -> String {
    list.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(100)
        .collect()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};
    use identity::experience::SignInExperience;

    use super::{Wishes, policy};

    fn locale(query: &str, cookie: &str, accept: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers.insert(
            header::COOKIE,
            format!("_hufu_locale={cookie}").parse().unwrap(),
        );
        Wishes::read(query, &headers)
            .locale(&SignInExperience::default())
            .tag
    }

    #[test]
    fn languages_are_chosen_by_ui_locales_then_cookie_then_browser() {
        assert_eq!(locale("ui_locales=fr", "de.", "ja"), "fr");
        assert_eq!(locale("", "de.", "ja"), "de");
        assert_eq!(locale("", "", "ja"), "ja");
        assert_eq!(locale("", "", "xx"), "en");
        assert_eq!(locale("ui_locales=xx+yy", "", "ja"), "ja");
    }

    #[test]
    fn what_a_person_chooses_on_the_page_outlasts_the_applications_wish() {
        assert_eq!(locale("ui_locales=fr&locale=ar", "", "ja"), "ar");
        assert_eq!(locale("ui_locales=fr", "ar.fr", "ja"), "ar");
        assert_eq!(locale("ui_locales=de", "ar.fr", "ja"), "de");
    }

    #[test]
    fn t45_a_redirect_address_cannot_add_to_the_policy() {
        let targets = [
            "https://a.example; script-src *".into(),
            "https://b.example".into(),
        ];
        let policy = policy(&targets, true);
        assert!(
            policy.contains("form-action 'self' https://b.example;"),
            "{policy}"
        );
        assert!(!policy.contains("a.example"));
    }
}
