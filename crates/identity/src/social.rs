//! What follows when a provider vouches for somebody (`contract/logto-core.md` §8.6).

use serde_json::{Map, Value};

use crate::{experience::SignInExperience, user::User};

/// What a provider told of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SocialProfile {
    /// The provider's id of the person.
    pub id: String,
    /// A name to show.
    pub name: Option<String>,
    /// Address of a picture.
    pub avatar: Option<String>,
    /// An e-mail address, proven or not.
    pub email: Option<String>,
    /// Whether the provider says that the address is proven. Silence means no.
    pub email_verified: bool,
    /// Everything, as the provider said it.
    pub raw: Map<String, Value>,
}

impl SocialProfile {
    /// The address, when it is proven.
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum SocialDecision {
    /// Sign the linked account in.
    SignIn,
    /// Link the account with the same proven address, and sign it in.
    LinkAndSignIn,
    /// Ask the holder of the account with the same proven address to prove that it is theirs.
    AskToLink,
    /// Make a new account.
    Register,
    /// The account is barred.
    Suspended,
    /// There is no account and none may be made.
    NoAccount,
}

/// Decides what follows from a provider's word.
///
/// `linked` is the account this identity belongs to; `similar` the account with the same address, which counts only when the
/// provider says that the address is proven (T31).
pub fn decide(
    profile: &SocialProfile,
    linked: Option<&User>,
    similar: Option<&User>,
    experience: &SignInExperience,
) -> SocialDecision {
    if let Some(user) = linked {
        return if user.is_suspended {
            SocialDecision::Suspended
        } else if !experience.may_sign_in() {
            SocialDecision::NoAccount
        } else {
            SocialDecision::SignIn
        };
    }
    let similar = similar.filter(|user| {
        profile.verified_email().is_some_and(|email| {
            user.primary_email
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(email))
        })
    });
    match similar {
        Some(user) if user.is_suspended => SocialDecision::Suspended,
        Some(_) if !experience.may_sign_in() => SocialDecision::NoAccount,
        Some(_) if experience.social_sign_in.automatic_account_linking => {
            SocialDecision::LinkAndSignIn
        }
        Some(_) => SocialDecision::AskToLink,
        None if experience.may_register() => SocialDecision::Register,
        None => SocialDecision::NoAccount,
    }
}

#[cfg(test)]
mod tests {
    use super::{SocialDecision, SocialProfile, decide};
    use crate::{
        experience::{SignInExperience, SignInMode},
        user::User,
    };

    fn profile(email_verified: bool) -> SocialProfile {
        SocialProfile {
            id: "42".into(),
            email: Some("Ann@example.com".into()),
            email_verified,
            ..SocialProfile::default()
        }
    }

    fn ann() -> User {
        User {
            primary_email: Some("ann@example.com".into()),
            ..User::sample()
        }
    }

    fn linking() -> SignInExperience {
        let mut experience = SignInExperience::default();
        experience.social_sign_in.automatic_account_linking = true;
        experience
    }

    #[test]
    fn t31_an_unverified_email_never_links() {
        let decided = decide(&profile(false), None, Some(&ann()), &linking());
        assert_eq!(decided, SocialDecision::Register);
        assert!(!SocialProfile::default().email_verified, "silence means no");
    }

    #[test]
    fn a_verified_email_links_at_once_only_where_the_operator_said_so() {
        let ask = decide(
            &profile(true),
            None,
            Some(&ann()),
            &SignInExperience::default(),
        );
        assert_eq!(ask, SocialDecision::AskToLink);
        assert_eq!(
            decide(&profile(true), None, Some(&ann()), &linking()),
            SocialDecision::LinkAndSignIn
        );
    }

    #[test]
    fn t31_another_address_than_the_accounts_never_links() {
        let other = User {
            primary_email: Some("bob@example.com".into()),
            ..User::sample()
        };
        assert_eq!(
            decide(&profile(true), None, Some(&other), &linking()),
            SocialDecision::Register
        );
        let none = User::sample();
        assert_eq!(
            decide(&profile(true), None, Some(&none), &linking()),
            SocialDecision::Register
        );
    }

    #[test]
    fn a_linked_account_signs_in_unless_it_is_barred() {
        let barred = User {
            is_suspended: true,
            ..ann()
        };
        assert_eq!(
            decide(&profile(false), Some(&ann()), None, &linking()),
            SocialDecision::SignIn
        );
        assert_eq!(
            decide(&profile(true), Some(&barred), None, &linking()),
            SocialDecision::Suspended
        );
        assert_eq!(
            decide(&profile(true), None, Some(&barred), &linking()),
            SocialDecision::Suspended
        );
    }

    #[test]
    fn nobody_known_where_only_new_accounts_are_allowed() {
        let new_only = SignInExperience {
            sign_in_mode: SignInMode::Register,
            ..linking()
        };
        for (linked, similar) in [(Some(ann()), None), (None, Some(ann()))] {
            let decided = decide(&profile(true), linked.as_ref(), similar.as_ref(), &new_only);
            assert_eq!(decided, SocialDecision::NoAccount);
        }
        assert_eq!(
            decide(&profile(true), None, None, &new_only),
            SocialDecision::Register
        );
    }

    #[test]
    fn nobody_new_where_only_sign_in_is_allowed() {
        let closed = SignInExperience {
            sign_in_mode: SignInMode::SignIn,
            ..linking()
        };
        assert_eq!(
            decide(&profile(true), None, None, &closed),
            SocialDecision::NoAccount
        );
        assert_eq!(
            decide(&profile(true), None, Some(&ann()), &closed),
            SocialDecision::LinkAndSignIn
        );
    }
}
