//! Factories whose connectors send SMS (`contract/logto-core.md` §8.7).

use super::{
    Factory, Purpose,
    field::{Field, address, switch, templates, text},
};

const fn sms(
    id: &'static str,
    target: &'static str,
    name: &'static str,
    description: &'static str,
    fields: &'static [Field],
) -> Factory {
    Factory::message(Purpose::Sms, id, target, name, description, fields)
}

const TEXTS: Field = templates(&["content"]);
const CODES: Field = templates(&[]);
const KEY_ID: Field = text("accessKeyId", "Access key id");
const KEY_SECRET: Field = text("accessKeySecret", "Access key secret").secret();
const SIGN_NAME: Field = text("signName", "Signature");

pub(super) const FACTORIES: &[Factory] = &[
    sms(
        "twilio-short-message-service",
        "twilio-sms",
        "Twilio",
        "Sends SMS through Twilio.",
        &[
            text("accountSID", "Account SID"),
            text("authToken", "Auth token").secret(),
            text("fromMessagingServiceSID", "Messaging service SID"),
            switch("disableRiskCheck", "Send without Twilio's risk check"),
            TEXTS,
        ],
    ),
    sms(
        "vonage-sms",
        "vonage-sms",
        "Vonage",
        "Sends SMS through Vonage.",
        &[
            text("apiKey", "API key"),
            text("apiSecret", "API secret").secret(),
            text("brandName", "Sender"),
            TEXTS,
        ],
    ),
    sms(
        "http-sms",
        "http-sms",
        "HTTP SMS",
        "Hands each SMS to a program of yours by an HTTP call.",
        &[
            address("endpoint", "Address to call"),
            text("authorization", "Authorization header")
                .optional()
                .secret(),
        ],
    ),
    sms(
        "gatewayapi-sms",
        "gatewayapi-sms",
        "GatewayAPI",
        "Sends SMS through GatewayAPI.",
        &[
            address("endpoint", "Region's address").like("https://gatewayapi.eu/rest/mtsms"),
            text("apiToken", "API token").secret(),
            text("sender", "Sender"),
            TEXTS,
        ],
    ),
    sms(
        "smsaero-short-message-service",
        "smsaero-sms",
        "SMS Aero",
        "Sends SMS through SMS Aero.",
        &[
            text("email", "E-mail address of the account"),
            text("apiKey", "API key").secret(),
            text("senderName", "Sender"),
            TEXTS,
        ],
    ),
    sms(
        "smsbao-sms",
        "smsbao-sms",
        "SMSBao",
        "Sends SMS through SMSBao.",
        &[
            text("username", "User name"),
            text("passwordOrApiKey", "Password or API key").secret(),
            text("goodsId", "Product id").optional(),
            TEXTS,
        ],
    ),
    sms(
        "tencent-short-message-service",
        "tencent-sms",
        "Tencent SMS",
        "Sends SMS through templates at Tencent Cloud.",
        &[
            KEY_ID,
            KEY_SECRET,
            SIGN_NAME,
            text("sdkAppId", "SDK application id"),
            text("region", "Region").like("ap-guangzhou"),
            CODES,
        ],
    ),
    sms(
        "whatsapp-short-message-service",
        "whatsapp-sms",
        "WhatsApp",
        "Sends messages through templates at WhatsApp Business.",
        &[
            text("accessToken", "Access token").secret(),
            text("phoneNumberId", "Phone number id"),
            CODES,
        ],
    ),
    sms(
        "yunpian-sms",
        "yunpian-sms",
        "Yunpian",
        "Sends SMS through Yunpian.",
        &[
            text("apikey", "API key").secret(),
            switch("enableInternational", "Send abroad"),
            text("unsupportedCountriesMsg", "What is said to numbers abroad").optional(),
            TEXTS,
        ],
    ),
    sms(
        "aliyun-short-message-service",
        "aliyun-sms",
        "Aliyun SMS",
        "Sends SMS through templates at Alibaba Cloud.",
        &[
            KEY_ID,
            KEY_SECRET,
            SIGN_NAME,
            switch("strictPhoneRegionNumberCheck", "Check numbers strictly"),
            CODES,
        ],
    ),
    sms(
        "aliyun-short-message-auth-service",
        "aliyun-sms-auth",
        "Aliyun SMS verification",
        "Sends codes through Alibaba Cloud's number verification.",
        &[KEY_ID, KEY_SECRET, SIGN_NAME, CODES],
    ),
];
