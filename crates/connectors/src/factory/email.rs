//! Factories whose connectors send e-mail (`contract/logto-core.md` §8.7, §8.8).

use super::{
    Factory, Purpose,
    field::{Field, address, deliveries, number, object, switch, templates, text},
};

const fn email(
    id: &'static str,
    target: &'static str,
    name: &'static str,
    description: &'static str,
    fields: &'static [Field],
) -> Factory {
    Factory::message(Purpose::Email, id, target, name, description, fields)
}

const FROM: Field = text("fromEmail", "From address").like("Acme <noreply@example.com>");
const FROM_NAME: Field = text("fromName", "From name").optional();

/// The members of a message that is sent as it is written.
pub(super) const MAIL: Field = templates(&["subject", "content"]);

pub(super) const FACTORIES: &[Factory] = &[
    email(
        "simple-mail-transfer-protocol",
        "smtp",
        "SMTP",
        "Sends e-mail through any mail server that speaks SMTP.",
        &[
            text("host", "Host").like("smtp.example.com").destination(),
            number("port", "Port").like("587").destination(),
            object("auth", "Sign-in at the mail server")
                .optional()
                .like("{\"type\":\"login\",\"user\":\"<user name>\",\"pass\":\"<password>\"}"),
            FROM,
            text("replyTo", "Reply-to address").optional(),
            templates(&["contentType", "subject", "content"]),
            switch("secure", "TLS from the first byte on (port 465)"),
            switch("ignoreTLS", "Never encrypt"),
            switch("requireTLS", "Refuse to send unencrypted"),
            object("tls", "TLS settings").optional(),
            text("servername", "Name in the certificate").optional(),
            text("name", "Name to greet with").optional(),
            text("localAddress", "Local address").optional(),
            number("connectionTimeout", "Milliseconds to connect in")
                .optional()
                .like("120000"),
            number("greetingTimeout", "Milliseconds to be greeted in")
                .optional()
                .like("30000"),
            number("socketTimeout", "Milliseconds of silence")
                .optional()
                .like("600000"),
            number("dnsTimeout", "Milliseconds to find the host in")
                .optional()
                .like("30000"),
            switch("logger", "Log"),
            switch("debug", "Log traffic"),
            switch("disableFileAccess", "Read no files").like("true"),
            switch("disableUrlAccess", "Call no addresses").like("true"),
            object("customHeaders", "Further headers").optional(),
        ],
    ),
    email(
        "sendgrid-email-service",
        "sendgrid-mail",
        "SendGrid",
        "Sends e-mail through SendGrid.",
        &[text("apiKey", "API key").secret(), FROM, FROM_NAME, MAIL],
    ),
    email(
        "mailgun-email",
        "mailgun-email",
        "Mailgun",
        "Sends e-mail through Mailgun.",
        &[
            address("endpoint", "Region's address")
                .optional()
                .like("https://api.mailgun.net"),
            text("domain", "Domain").like("mg.example.com"),
            text("apiKey", "API key").secret(),
            text("from", "From address").like("Acme <noreply@mg.example.com>"),
            deliveries(),
        ],
    ),
    email(
        "aws-ses-mail",
        "aws-ses",
        "AWS SES",
        "Sends e-mail through Amazon's Simple Email Service.",
        &[
            text("accessKeyId", "Access key id"),
            text("accessKeySecret", "Access key secret").secret(),
            text("region", "Region").like("eu-central-1"),
            text("emailAddress", "From address").optional(),
            text("emailAddressIdentityArn", "ARN of the from address").optional(),
            text("feedbackForwardingEmailAddress", "Where bounces go").optional(),
            text(
                "feedbackForwardingEmailAddressIdentityArn",
                "ARN of where bounces go",
            )
            .optional(),
            text("configurationSetName", "Configuration set").optional(),
            MAIL,
        ],
    ),
    email(
        "postmark-mail",
        "postmark-mail",
        "Postmark",
        "Sends e-mail through templates at Postmark.",
        &[
            text("serverToken", "Server token").secret(),
            FROM,
            templates(&["templateAlias"]),
        ],
    ),
    email(
        "http-email",
        "http-email",
        "HTTP e-mail",
        "Hands each e-mail to a program of yours by an HTTP call.",
        &[
            address("endpoint", "Address to call"),
            text("authorization", "Authorization header")
                .optional()
                .secret(),
        ],
    ),
    email(
        "mailjunky-email-service",
        "mailjunky-mail",
        "MailJunky",
        "Sends e-mail through MailJunky.",
        &[text("apiKey", "API key").secret(), FROM, FROM_NAME, MAIL],
    ),
    email(
        "smtp2go-email-service",
        "smtp2go-email",
        "SMTP2GO",
        "Sends e-mail through SMTP2GO's API.",
        &[
            text("apiKey", "API key").secret(),
            text("sender", "From address"),
            text("senderName", "From name").optional(),
            MAIL,
        ],
    ),
    email(
        "aliyun-direct-mail",
        "aliyun-dm",
        "Aliyun Direct Mail",
        "Sends e-mail through Alibaba Cloud's Direct Mail.",
        &[
            text("accessKeyId", "Access key id"),
            text("accessKeySecret", "Access key secret").secret(),
            text("regionId", "Region").optional(),
            text("accountName", "From address"),
            text("fromAlias", "From name").optional(),
            MAIL,
        ],
    ),
];
