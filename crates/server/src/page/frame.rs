//! What all pages have in common.

use identity::experience::SignInExperience;

use crate::{
    page::{asset, theme},
    text::{LANGUAGES, Locale, Text},
};

/// The surroundings of a page.
#[derive(Debug)]
pub struct Frame {
    /// What it says.
    pub t: &'static Text,
    /// Its language's tag.
    pub lang: &'static str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Where its forms post to: its own address.
    pub here: String,
    /// All languages with the address of this page in them; none for a page that its address does not show again.
    pub languages: Vec<Language>,
    /// Whether the page is dark where the person's system is.
    pub is_dark_allowed: bool,
    /// Address of the style sheet: the tenant's, if it has its own.
    pub css: String,
    /// Whether rules of the operator are in it.
    pub has_own_rules: bool,
    /// Address of the script.
    pub script: &'static str,
    /// Address of the small picture in the tab.
    pub icon: String,
    /// Address of the tenant's logo.
    pub logo: Option<String>,
    /// The same on dark pages.
    pub dark_logo: Option<String>,
    /// Whether to say whose work this is.
    pub shows_signature: bool,
    /// Where people get help: a page or a mailbox.
    pub support: Option<String>,
    /// Address of the terms of use.
    pub terms: Option<String>,
    /// Address of the privacy policy.
    pub privacy: Option<String>,
}

/// A language to choose.
#[derive(Debug)]
pub struct Language {
    /// Its tag.
    pub tag: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// This page in it.
    pub href: String,
    /// Whether this is it.
    pub is_current: bool,
}

impl Frame {
    /// The surroundings for a page at `path` with `query`, in `locale`, with this experience, on the way to `application`.
    pub fn new(
        experience: &SignInExperience,
        locale: Locale,
        application: &str,
        path: &str,
        query: &str,
    ) -> Self {
        let branding = &experience.branding;
        let query = without_locale(query);
        let here = if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        };
        let joint = if query.is_empty() { '?' } else { '&' };
        let language = |(tag, text): &'static (&'static str, Text)| Language {
            tag,
            name: text.native_name,
            href: format!("{here}{joint}locale={tag}"),
            is_current: *tag == locale.tag,
        };
        let own =
            |address: &Option<String>| address.clone().filter(|address| is_web_address(address));
        Self {
            t: locale.text,
            lang: locale.tag,
            dir: locale.dir(),
            languages: LANGUAGES.iter().map(language).collect(),
            is_dark_allowed: experience.color.is_dark_mode_enabled,
            css: theme::address(experience, application)
                .unwrap_or_else(|| asset::path("page.css").to_owned()),
            has_own_rules: theme::own_rules(experience).is_some(),
            script: asset::path("enhance.js"),
            icon: own(&branding.favicon).unwrap_or_else(|| asset::path("logo.svg").to_owned()),
            logo: own(&branding.logo_url),
            dark_logo: own(&branding.dark_logo_url)
                .filter(|_| experience.color.is_dark_mode_enabled),
            shows_signature: !experience.hide_logto_branding,
            support: own(&experience.support_website_url).or_else(|| mailbox(experience)),
            terms: own(&experience.terms_of_use_url),
            privacy: own(&experience.privacy_policy_url),
            here,
        }
    }
}

/// The query without an earlier choice of language.
fn without_locale(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("locale="))
        .collect();
    kept.join("&")
}

fn mailbox(experience: &SignInExperience) -> Option<String> {
    let address = experience.support_email.as_deref()?.trim();
    address
        .contains('@')
        .then(|| format!("mailto:{}", address.replace(['?', '&', '%'], "")))
}

fn is_web_address(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use identity::experience::SignInExperience;

    use super::Frame;
    use crate::text::Locale;

    #[test]
    fn the_language_links_keep_the_rest_of_the_address() {
        let frame = Frame::new(
            &SignInExperience::default(),
            Locale::fallback("en"),
            "",
            "/sign-in",
            "i=x&locale=fr&app_id=a",
        );
        assert_eq!(frame.here, "/sign-in?i=x&app_id=a");
        let arabic = frame
            .languages
            .iter()
            .find(|language| language.tag == "ar")
            .unwrap();
        assert_eq!(arabic.href, "/sign-in?i=x&app_id=a&locale=ar");
    }

    #[test]
    fn help_is_a_page_or_else_a_mailbox() {
        let support = |page: Option<&str>, mailbox: Option<&str>| {
            let experience = SignInExperience {
                support_website_url: page.map(Into::into),
                support_email: mailbox.map(Into::into),
                ..SignInExperience::default()
            };
            Frame::new(&experience, Locale::fallback("en"), "", "/", "").support
        };
        assert_eq!(
            support(Some("https://help.example"), Some("a@b.example")).unwrap(),
            "https://help.example"
        );
        assert_eq!(
            support(None, Some("a@b.example?bcc=c@d.example")).unwrap(),
            "mailto:a@b.examplebcc=c@d.example"
        );
        assert_eq!(support(Some("javascript:x"), Some("")), None);
    }

    #[test]
    fn t45_only_web_addresses_become_pictures_and_links() {
        let mut experience = SignInExperience::default();
        experience.branding.logo_url = Some("javascript:alert(1)".into());
        experience.terms_of_use_url = Some("data:text/html,x".into());
        let frame = Frame::new(&experience, Locale::fallback("en"), "", "/sign-in", "");
        assert_eq!(frame.logo, None);
        assert_eq!(frame.terms, None);
    }
}
