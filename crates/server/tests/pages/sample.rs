//! One of each page, filled in: for the tests, and for looking at them.

use identity::{
    experience::{IdentifierKind, PasswordPolicy, SignInExperience},
    identifier::UsernameRefused,
    password::policy::Rejection,
};
use protocol::scope::ScopeSet;
use server::{
    page::{
        Frame, Page,
        account::{ChooseAccountPage, LinkPage},
        consent::{Choice, ConsentPage, Unregistered},
        demo_app::{DemoAppPage, Person},
        device::{ConfirmDevicePage, DevicePage, DeviceProblem},
        device_demo_app::{DeviceDemoAppPage, Waiting},
        form_post::FormPostPage,
        logout::SignOutPage,
        message::Message,
        register::{RegisterPage, UsernameProblem},
        setup::SetupPage,
        sign_in::{SignInPage, SignInProblem, SocialButton},
    },
    text::Locale,
};

/// What strangers may put on a page.
pub(crate) struct Words {
    pub(crate) application: String,
    pub(crate) person: String,
    pub(crate) email: String,
    pub(crate) provider: String,
    pub(crate) value: String,
    pub(crate) picture: Option<String>,
}

impl Words {
    /// As they come every day.
    pub(crate) fn plain() -> Self {
        Self {
            application: "Lantern Chat".to_owned(),
            person: "Ann Li".to_owned(),
            email: "ann@example.com".to_owned(),
            provider: "GitHub".to_owned(),
            value: "ann_li".to_owned(),
            picture: None,
        }
    }
}

/// The surroundings of a page with such an address.
pub(crate) fn frame(experience: &SignInExperience, locale: &str) -> Frame {
    let query =
        "i=Yp3qVdYlKqD0H3lTB0mJXW8Zs5n6S1cBpwRrK0Qd7aE&app_id=k3v9x0qpl2m8c7b1n4z6d&ui_locales=en";
    Frame::new(experience, Locale::fallback(locale), "", "/sign-in", query)
}

/// Every page, with the name it goes by.
pub(crate) fn pages(words: &Words) -> Vec<(&'static str, Box<dyn Page>)> {
    let mut pages: Vec<(&'static str, Box<dyn Page>)> = vec![
        ("sign_in", Box::new(sign_in(words, None))),
        (
            "sign_in_wrong",
            Box::new(sign_in(words, Some(SignInProblem::Wrong))),
        ),
        (
            "sign_in_locked",
            Box::new(sign_in(words, Some(SignInProblem::Locked(17)))),
        ),
        ("sign_in_social_only", Box::new(social_only(words))),
        ("sign_in_nothing", Box::new(SignInPage::default())),
        ("register", Box::new(register(words))),
        ("register_wrong", Box::new(register_wrong(words))),
        ("consent", Box::new(consent(words))),
        (
            "consent_unregistered",
            Box::new(consent_unregistered(words)),
        ),
        ("device", Box::new(device(words, None))),
        (
            "device_wrong",
            Box::new(device(words, Some(DeviceProblem::Wrong))),
        ),
        (
            "device_locked",
            Box::new(device(words, Some(DeviceProblem::Locked(7)))),
        ),
        ("device_confirm", Box::new(confirm_device(words))),
        ("choose_account", Box::new(choose(words))),
        ("link", Box::new(link(words, None))),
        ("link_phone", Box::new(link_phone(words))),
        (
            "link_wrong",
            Box::new(link(words, Some(SignInProblem::Wrong))),
        ),
        ("setup", Box::new(setup(words))),
        ("sign_out", Box::new(sign_out(words))),
        ("form_post", Box::new(form_post(words))),
        ("demo_app", Box::new(demo_app(words, false))),
        ("demo_app_signed_in", Box::new(demo_app(words, true))),
        (
            "device_demo_app",
            Box::new(DeviceDemoAppPage {
                problem: Some(words.value.clone()),
                ..DeviceDemoAppPage::default()
            }),
        ),
        (
            "device_demo_app_over",
            Box::new(DeviceDemoAppPage {
                is_over: true,
                ..DeviceDemoAppPage::default()
            }),
        ),
        ("device_demo_app_waiting", Box::new(waiting_device(words))),
        (
            "device_demo_app_signed_in",
            Box::new(DeviceDemoAppPage {
                person: demo_app(words, true).person,
                ..DeviceDemoAppPage::default()
            }),
        ),
    ];
    for (name, message) in messages(words) {
        pages.push((name, Box::new(message)));
    }
    pages
}

fn messages(words: &Words) -> [(&'static str, Message); 15] {
    let text = || words.value.clone();
    let provider = || words.provider.clone();
    let again = || "/sign-in?i=1".to_owned();
    [
        ("suspended", Message::Suspended),
        ("not_admitted", Message::NotAdmitted),
        ("unknown_session", Message::UnknownSession),
        ("bad_request", Message::BadRequest(text())),
        ("forged", Message::Forged),
        ("not_found", Message::NotFound),
        ("busy", Message::Busy),
        ("failed", Message::Failed(text())),
        ("device_done", Message::DeviceConnected),
        ("device_denied", Message::DeviceNotConnected),
        ("signed_out", Message::SignedOut),
        ("setup_used", Message::SetupUsed),
        ("setup_done", Message::SetupDone(text(), "/".to_owned())),
        ("social_failed", Message::SocialFailed(provider(), again())),
        ("no_account", Message::NoAccount(again())),
    ]
}

fn social(words: &Words) -> Vec<SocialButton> {
    let button = |target: &str, name: &str, logo: &str| SocialButton {
        target: target.to_owned(),
        name: name.to_owned(),
        logo: words
            .picture
            .clone()
            .unwrap_or_else(|| server::page::asset::path(logo).to_owned()),
        dark_logo: words.picture.clone(),
        href: format!("/sign-in/social/{target}?csrf={}", words.value),
    };
    vec![
        button("github", &words.provider, "github.svg"),
        button("acme", "Acme SSO", "provider.svg"),
    ]
}

fn sign_in(words: &Words, problem: Option<SignInProblem>) -> SignInPage {
    SignInPage {
        csrf: words.value.clone(),
        application: words.application.clone(),
        redirect_uri: "https://chat.example.com/oauth/callback".to_owned(),
        identifiers: vec![IdentifierKind::Username, IdentifierKind::Email],
        identifier: problem.map(|_| words.value.clone()).unwrap_or_default(),
        problem,
        social: social(words),
        register: Some("/register?i=1".to_owned()),
    }
}

fn social_only(words: &Words) -> SignInPage {
    SignInPage {
        identifiers: Vec::new(),
        register: None,
        ..sign_in(words, None)
    }
}

fn register(words: &Words) -> RegisterPage {
    RegisterPage {
        csrf: words.value.clone(),
        application: words.application.clone(),
        redirect_uri: "https://chat.example.com/oauth/callback".to_owned(),
        has_form: true,
        asks_username: true,
        policy: PasswordPolicy::default(),
        social: social(words),
        sign_in: Some("/sign-in?i=1".to_owned()),
        ..RegisterPage::default()
    }
}

fn register_wrong(words: &Words) -> RegisterPage {
    RegisterPage {
        username: words.value.clone(),
        username_problem: Some(UsernameProblem::Taken),
        password_problems: vec![Rejection::CharacterTypes(3)],
        ..register(words)
    }
}

fn consent(words: &Words) -> ConsentPage {
    let scope =
        "openid profile email phone offline_access urn:logto:scope:organizations read:notes";
    ConsentPage {
        csrf: words.value.clone(),
        application: words.application.clone(),
        logo: Some(
            words
                .picture
                .clone()
                .unwrap_or_else(|| server::page::asset::path("provider.svg").to_owned()),
        ),
        redirect_uri: "https://chat.example.com/oauth/callback".to_owned(),
        person: words.person.clone(),
        scope: ScopeSet::parse(scope),
        resources: vec!["https://api.example.com/notes".to_owned()],
        organizations: [("acme", true), ("other", false)]
            .map(|(id, is_chosen)| Choice {
                id: id.to_owned(),
                name: words.person.clone(),
                is_chosen,
            })
            .into(),
        unregistered: None,
    }
}

fn consent_unregistered(words: &Words) -> ConsentPage {
    let address = "https://lantern.example.com/oauth/desktop/client-metadata.json";
    ConsentPage {
        application: "lantern.example.com".to_owned(),
        logo: None,
        redirect_uri: "http://127.0.0.1:33418/callback".to_owned(),
        unregistered: Some(Unregistered {
            address: address.to_owned(),
            name: Some(words.application.clone()),
        }),
        ..consent(words)
    }
}

fn device(words: &Words, problem: Option<DeviceProblem>) -> DevicePage {
    DevicePage {
        user_code: words.value.clone(),
        problem,
    }
}

fn confirm_device(words: &Words) -> ConfirmDevicePage {
    ConfirmDevicePage {
        csrf: words.value.clone(),
        application: words.application.clone(),
        user_code: words.value.clone(),
    }
}

fn choose(words: &Words) -> ChooseAccountPage {
    ChooseAccountPage {
        csrf: words.value.clone(),
        application: words.application.clone(),
        redirect_uri: "https://chat.example.com/oauth/callback".to_owned(),
        person: words.person.clone(),
        sign_in: "/sign-in?i=1".to_owned(),
    }
}

fn link(words: &Words, problem: Option<SignInProblem>) -> LinkPage {
    LinkPage {
        csrf: words.value.clone(),
        redirect_uri: "https://chat.example.com/oauth/callback".to_owned(),
        identifier: words.email.clone(),
        is_phone: false,
        provider: words.provider.clone(),
        problem,
        sign_in: "/sign-in?i=1".to_owned(),
    }
}

fn link_phone(words: &Words) -> LinkPage {
    LinkPage {
        identifier: "+49 30 123456".to_owned(),
        is_phone: true,
        ..link(words, None)
    }
}

fn setup(words: &Words) -> SetupPage {
    let problem = UsernameProblem::Refused(UsernameRefused::Length, 3, 20);
    SetupPage {
        token: words.value.clone(),
        username: words.value.clone(),
        username_problem: Some(problem),
        ..SetupPage::default()
    }
}

fn sign_out(words: &Words) -> SignOutPage {
    SignOutPage {
        csrf: words.value.clone(),
        request: words.value.clone(),
        targets: Vec::new(),
    }
}

fn form_post(words: &Words) -> FormPostPage {
    FormPostPage {
        action: "https://chat.example.com/oauth/callback".to_owned(),
        fields: vec![
            ("code", words.value.clone()),
            ("state", words.value.clone()),
        ],
        leads_on: false,
    }
}

fn waiting_device(words: &Words) -> DeviceDemoAppPage {
    let address = "http://localhost:3001/device".to_owned();
    let complete = format!("{address}?user_code={}", words.value);
    DeviceDemoAppPage {
        waiting: Some(Waiting {
            user_code: words.value.clone(),
            picture: server::qr::picture(&address).unwrap_or_default(),
            address,
            complete,
            seconds: 6,
        }),
        ..DeviceDemoAppPage::default()
    }
}

fn demo_app(words: &Words, is_signed_in: bool) -> DemoAppPage {
    let claims = format!(
        "{{\n  \"sub\": \"k3v9x0qpl2m8\",\n  \"name\": \"{}\",\n  \"iss\": \"http://localhost:3001/oidc\",\n  \"exp\": 1795219200\n}}",
        words.person
    );
    DemoAppPage {
        person: is_signed_in.then(|| Person {
            name: words.person.clone(),
            id_token: claims.clone(),
            access_token: claims.clone(),
            userinfo: claims,
        }),
        problem: (!is_signed_in).then(|| words.value.clone()),
        server: String::new(),
    }
}
