//! Factories whose connectors sign people in (`contract/logto-core.md` §8.2).

use super::{
    Factory, Platform, Purpose,
    field::{Field, choice, choices, lines, object, switch, text},
    standard::{OAUTH2, OIDC, SAML},
};

const fn social(
    id: &'static str,
    target: &'static str,
    name: &'static str,
    platform: Platform,
    description: &'static str,
    fields: &'static [Field],
) -> Factory {
    Factory {
        platform: Some(platform),
        ..Factory::message(Purpose::Social, id, target, name, description, fields)
    }
}

impl Factory {
    const fn storing_tokens(self) -> Self {
        Self {
            stores_tokens: true,
            ..self
        }
    }

    const fn standard(self) -> Self {
        Self {
            is_standard: true,
            ..self
        }
    }
}

pub(super) const CLIENT_ID: Field = text("clientId", "Client id");
pub(super) const CLIENT_SECRET: Field = text("clientSecret", "Client secret").secret();
const APP_ID: Field = text("appId", "Application id");
const APP_SECRET: Field = text("appSecret", "Application secret").secret();

pub(super) const fn scope(usual: &'static str) -> Field {
    text("scope", "Scope").optional().like(usual)
}

/// The prompts of OpenID Connect Core §3.1.2.1.
const PROMPTS: Field = choices(
    "prompts",
    "Prompts",
    &["none", "login", "consent", "select_account"],
);

pub(super) const FACTORIES: &[Factory] = &[
    social(
        "google-universal",
        "google",
        "Google",
        Platform::Universal,
        "Signs people in with their Google account.",
        &[
            CLIENT_ID,
            CLIENT_SECRET,
            scope("openid profile email"),
            PROMPTS,
            switch("offlineAccess", "Offline access"),
            object("oneTap", "One Tap").optional().plain(),
        ],
    )
    .storing_tokens(),
    social(
        "github-universal",
        "github",
        "GitHub",
        Platform::Universal,
        "Signs people in with their GitHub account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("read:user user:email")],
    )
    .storing_tokens(),
    social(
        "facebook-universal",
        "facebook",
        "Facebook",
        Platform::Universal,
        "Signs people in with their Facebook account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("email,public_profile")],
    )
    .storing_tokens(),
    social(
        "apple-universal",
        "apple",
        "Apple",
        Platform::Universal,
        "Signs people in with their Apple account.",
        &[CLIENT_ID, scope("")],
    ),
    social(
        "azuread-universal",
        "azuread",
        "Microsoft",
        Platform::Universal,
        "Signs people in with their Microsoft account.",
        &[
            CLIENT_ID,
            CLIENT_SECRET,
            text("cloudInstance", "Cloud instance")
                .like("https://login.microsoftonline.com")
                .destination(),
            text("tenantId", "Tenant").like("common"),
            PROMPTS,
            text("scopes", "Scopes").optional().like("User.Read"),
        ],
    ),
    social(
        "discord-universal",
        "discord",
        "Discord",
        Platform::Universal,
        "Signs people in with their Discord account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("identify email")],
    ),
    social(
        "gitlab-universal",
        "gitlab",
        "GitLab",
        Platform::Universal,
        "Signs people in with their GitLab account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("openid")],
    ),
    social(
        "amazon-universal",
        "amazon",
        "Amazon",
        Platform::Universal,
        "Signs people in with their Amazon account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("profile")],
    ),
    social(
        "line-universal",
        "line",
        "LINE",
        Platform::Universal,
        "Signs people in with their LINE account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("openid profile")],
    ),
    social(
        "linkedin-universal",
        "linkedin",
        "LinkedIn",
        Platform::Universal,
        "Signs people in with their LinkedIn account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("openid profile email")],
    ),
    social(
        "x-universal",
        "x",
        "X",
        Platform::Universal,
        "Signs people in with their X account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("tweet.read users.read")],
    ),
    social(
        "slack-universal",
        "slack",
        "Slack",
        Platform::Universal,
        "Signs people in with their Slack account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("openid profile email")],
    ),
    social(
        "kakao-universal",
        "kakao",
        "Kakao",
        Platform::Universal,
        "Signs people in with their Kakao account.",
        &[CLIENT_ID, CLIENT_SECRET.optional()],
    ),
    social(
        "naver-universal",
        "naver",
        "Naver",
        Platform::Universal,
        "Signs people in with their Naver account.",
        &[CLIENT_ID, CLIENT_SECRET],
    ),
    social(
        "huggingface-universal",
        "huggingface",
        "Hugging Face",
        Platform::Universal,
        "Signs people in with their Hugging Face account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("openid profile email")],
    ),
    social(
        "patreon-universal",
        "patreon",
        "Patreon",
        Platform::Universal,
        "Signs people in with their Patreon account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("identity identity[email]")],
    ),
    social(
        "kook-universal",
        "kook",
        "KOOK",
        Platform::Universal,
        "Signs people in with their KOOK account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("get_user_info")],
    ),
    social(
        "qq-universal",
        "qq",
        "QQ",
        Platform::Universal,
        "Signs people in with their QQ account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("get_user_info,get_unionId")],
    ),
    social(
        "wecom-universal",
        "wecom",
        "WeCom",
        Platform::Universal,
        "Signs people in with their WeCom account.",
        &[
            text("corpId", "Company id"),
            APP_SECRET,
            text("agentId", "Agent id"),
            scope("snsapi_userinfo"),
        ],
    ),
    social(
        "xiaomi-universal",
        "xiaomi",
        "Xiaomi",
        Platform::Universal,
        "Signs people in with their Xiaomi account.",
        &[
            CLIENT_ID,
            CLIENT_SECRET,
            scope("1"),
            switch("skipConfirm", "Skip the confirmation"),
        ],
    ),
    social(
        "wechat-web",
        "wechat",
        "WeChat",
        Platform::Web,
        "Signs people in with WeChat in browsers.",
        &[APP_ID, APP_SECRET, scope("snsapi_login")],
    ),
    social(
        "wechat-native",
        "wechat",
        "WeChat",
        Platform::Native,
        "Signs people in with WeChat in applications of phones.",
        &[
            APP_ID,
            APP_SECRET,
            text("universalLinks", "Universal links").optional(),
            scope("snsapi_userinfo"),
        ],
    ),
    social(
        "alipay-web",
        "alipay",
        "Alipay",
        Platform::Web,
        "Signs people in with Alipay in browsers.",
        &[
            APP_ID,
            lines("privateKey", "Private key").secret(),
            choice("signType", "Signature", &["RSA2", "RSA"]),
            choice("charset", "Character set", &["utf8", "gbk", "gb2312"]).optional(),
            scope("auth_user"),
        ],
    ),
    social(
        "alipay-native",
        "alipay",
        "Alipay",
        Platform::Native,
        "Signs people in with Alipay in applications of phones.",
        &[
            APP_ID,
            lines("privateKey", "Private key").secret(),
            choice("signType", "Signature", &["RSA2", "RSA"]),
        ],
    ),
    social(
        "dingtalk-web",
        "dingtalk",
        "DingTalk",
        Platform::Web,
        "Signs people in with their DingTalk account.",
        &[CLIENT_ID, CLIENT_SECRET, scope("openid")],
    ),
    social(
        "feishu-web",
        "feishu",
        "Feishu",
        Platform::Web,
        "Signs people in with their Feishu account.",
        &[APP_ID, APP_SECRET],
    ),
    social(
        "oauth2",
        "oauth2",
        "OAuth 2.0",
        Platform::Universal,
        "Signs people in with any provider that speaks OAuth 2.0.",
        OAUTH2,
    )
    .standard()
    .storing_tokens(),
    social(
        "oidc",
        "oidc",
        "OpenID Connect",
        Platform::Universal,
        "Signs people in with any provider that speaks OpenID Connect.",
        OIDC,
    )
    .standard()
    .storing_tokens(),
    social(
        "saml",
        "saml",
        "SAML",
        Platform::Universal,
        "Signs people in with any identity provider that speaks SAML 2.0.",
        SAML,
    )
    .standard(),
];
