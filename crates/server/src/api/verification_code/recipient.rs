//! Who gets a code.

use connectors::factory::Purpose;
use identity::{identifier, message::TemplateType};
use serde::Deserialize;
use store::verification_code::Place;
use utoipa::ToSchema;

use crate::{api::text::Text, operation::Refused};

/// An address or a number; the address when both are there.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RecipientInput {
    #[schema(nullable = false)]
    email: Option<Text<1, 256>>,
    /// Digits only.
    #[schema(nullable = false)]
    phone: Option<Text<1, 128>>,
}

/// A recipient that can be sent to.
pub(super) struct Recipient {
    /// As it is sent to.
    pub address: String,
    /// As it is compared.
    pub key: String,
    pub channel: Purpose,
}

impl RecipientInput {
    pub(super) fn check(self) -> Result<Recipient, Refused> {
        let refused = |message: &str| Refused::new("guard.invalid_input", message);
        match (self.email, self.phone) {
            (Some(email), _) => {
                let key = identifier::email(&email);
                Ok(Recipient {
                    key: key.ok_or_else(|| refused("email must be an e-mail address."))?,
                    address: email.trim().to_owned(),
                    channel: Purpose::Email,
                })
            }
            (None, Some(phone)) => {
                let is_number = phone.bytes().all(|digit| digit.is_ascii_digit());
                let key = identifier::phone(&phone).filter(|_| is_number);
                let key =
                    key.ok_or_else(|| refused("phone must be digits with a country code."))?;
                Ok(Recipient {
                    address: key.clone(),
                    key,
                    channel: Purpose::Sms,
                })
            }
            (None, None) => Err(refused("email or phone is missing.")),
        }
    }
}

impl Recipient {
    /// Where its code is kept.
    pub(super) fn place(&self) -> Place<'_> {
        Place {
            recipient: &self.key,
            purpose: TemplateType::Generic.as_str(),
            interaction: "",
        }
    }
}
