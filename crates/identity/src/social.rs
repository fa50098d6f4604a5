//! What follows when a provider vouches for somebody (`contract/logto-core.md` §8.6).

use serde_json::{Map, Value};

use crate::{
    experience::SignInExperience,
    identifier::{Identifier, email, phone},
    user::User,
};

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
    /// A phone number, proven or not.
    pub phone: Option<String>,
    /// Whether the provider says that the number is proven. Silence means no.
    pub phone_verified: bool,
    /// Everything, as the provider said it.
    pub raw: Map<String, Value>,
}

impl SocialProfile {
    /// The address, when it is one and is proven.
    pub fn verified_email(&self) -> Option<&str> {
        let said = self.email.as_deref().filter(|_| self.email_verified);
        said.filter(|said| email(said).is_some())
    }

    /// The digits of the number, when it is proven and international (OpenID Connect Core §5.1).
    ///
    /// Without `+` nobody can tell from which country it is, and its digits may be somebody else's number.
    pub fn verified_phone(&self) -> Option<String> {
        let said = self.phone.as_deref().filter(|_| self.phone_verified);
        let said = said.filter(|said| said.trim_start().starts_with('+'));
        said.and_then(phone)
    }

    /// What is proven and is this account's, if anything is: the number before the address.
    fn proven_of(&self, user: &User) -> Option<Identifier> {
        let phone = self.verified_phone();
        if let Some(phone) = phone.filter(|phone| user.primary_phone.as_ref() == Some(phone)) {
            return Some(Identifier::Phone(phone));
        }
        let email = self.verified_email()?;
        let own = user.primary_email.as_deref()?;
        own.eq_ignore_ascii_case(email)
            .then(|| Identifier::Email(email.to_owned()))
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum SocialDecision<'a> {
    /// Sign the linked account in.
    SignIn(&'a User),
    /// Link the account that is proven to be the same person's, and sign it in.
    LinkAndSignIn(&'a User),
    /// Ask the holder of an account to prove that it is theirs; it has this proven number or address.
    AskToLink(&'a User, Identifier),
    /// Make a new account.
    Register,
    /// The account is barred.
    Suspended,
    /// There is no account and none may be made.
    NoAccount,
}

/// Decides what follows from a provider's word.
///
/// `linked` is the account this identity belongs to; `similar` are accounts with the same number or address, which count
/// only when the provider says that these are proven (T31). Where number and address are two people's, none is linked
/// without asking.
pub fn decide<'a>(
    profile: &SocialProfile,
    linked: Option<&'a User>,
    similar: &'a [User],
    experience: &SignInExperience,
) -> SocialDecision<'a> {
    if let Some(user) = linked {
        return if user.is_suspended {
            SocialDecision::Suspended
        } else if !experience.may_sign_in() {
            SocialDecision::NoAccount
        } else {
            SocialDecision::SignIn(user)
        };
    }
    let mut similar = similar
        .iter()
        .filter_map(|user| Some((user, profile.proven_of(user)?)));
    let automatic = experience.social_sign_in.automatic_account_linking;
    match similar.next() {
        Some((user, _)) if user.is_suspended => SocialDecision::Suspended,
        Some(_) if !experience.may_sign_in() => SocialDecision::NoAccount,
        Some((user, _)) if automatic && similar.all(|(other, _)| other.id == user.id) => {
            SocialDecision::LinkAndSignIn(user)
        }
        Some((user, proven)) => SocialDecision::AskToLink(user, proven),
        None if experience.may_register() => SocialDecision::Register,
        None => SocialDecision::NoAccount,
    }
}

#[cfg(test)]
mod tests {
    use super::{SocialDecision, SocialProfile, decide};
    use crate::{
        experience::{SignInExperience, SignInMode},
        identifier::Identifier,
        user::User,
    };

    fn profile(verified: bool) -> SocialProfile {
        SocialProfile {
            id: "42".into(),
            email: Some("Ann@example.com".into()),
            email_verified: verified,
            phone: Some("+1 (555) 010-9999".into()),
            phone_verified: verified,
            ..SocialProfile::default()
        }
    }

    fn ann() -> User {
        User {
            primary_email: Some("ann@example.com".into()),
            ..User::sample()
        }
    }

    /// Another person, with the number.
    fn bob() -> User {
        User {
            id: "bob".into(),
            primary_phone: Some("15550109999".into()),
            ..User::sample()
        }
    }

    fn linking() -> SignInExperience {
        let mut experience = SignInExperience::default();
        experience.social_sign_in.automatic_account_linking = true;
        experience
    }

    #[test]
    fn t31_what_is_unverified_never_links() {
        for owner in [ann(), bob()] {
            let similar = [owner];
            let decided = decide(&profile(false), None, &similar, &linking());
            assert_eq!(decided, SocialDecision::Register);
        }
        let silent = SocialProfile::default();
        assert!(
            !silent.email_verified && !silent.phone_verified,
            "silence means no"
        );
    }

    #[test]
    fn what_is_verified_links_at_once_only_where_the_operator_said_so() {
        let experience = SignInExperience::default();
        for (owner, proven) in [
            (ann(), Identifier::Email("Ann@example.com".into())),
            (bob(), Identifier::Phone("15550109999".into())),
        ] {
            let similar = [owner.clone()];
            let ask = decide(&profile(true), None, &similar, &experience);
            assert_eq!(ask, SocialDecision::AskToLink(&owner, proven));
            let link = decide(&profile(true), None, &similar, &linking());
            assert_eq!(link, SocialDecision::LinkAndSignIn(&owner));
        }
    }

    #[test]
    fn t31_address_and_number_of_two_people_link_neither_without_asking() {
        let similar = [bob(), ann()];
        let decided = decide(&profile(true), None, &similar, &linking());
        let phone = Identifier::Phone("15550109999".into());
        assert_eq!(decided, SocialDecision::AskToLink(&bob(), phone));
        let both = User {
            primary_email: ann().primary_email,
            ..bob()
        };
        let similar = [both.clone(), both.clone()];
        let decided = decide(&profile(true), None, &similar, &linking());
        assert_eq!(decided, SocialDecision::LinkAndSignIn(&both));
    }

    #[test]
    fn t31_another_address_than_the_accounts_never_links() {
        let other = User {
            primary_email: Some("bob@example.com".into()),
            primary_phone: Some("4915550109999".into()),
            ..User::sample()
        };
        for account in [other, User::sample()] {
            let similar = [account];
            let decided = decide(&profile(true), None, &similar, &linking());
            assert_eq!(decided, SocialDecision::Register);
        }
    }

    #[test]
    fn t31_a_number_counts_only_with_its_country() {
        for (said, digits) in [
            ("+1 (555) 010-9999", Some("15550109999")),
            (" +15550109999", Some("15550109999")),
            ("15550109999", None),
            ("(555) 010-9999", None),
            ("+", None),
            ("+1 555 ext. 7", None),
        ] {
            let profile = SocialProfile {
                phone: Some(said.into()),
                ..profile(true)
            };
            assert_eq!(profile.verified_phone().as_deref(), digits, "{said}");
        }
        let odd = SocialProfile {
            email: Some("ann".into()),
            ..profile(true)
        };
        assert_eq!(odd.verified_email(), None);
    }

    #[test]
    fn a_linked_account_signs_in_unless_it_is_barred() {
        let barred = User {
            is_suspended: true,
            ..ann()
        };
        let similar = [barred.clone()];
        assert_eq!(
            decide(&profile(false), Some(&ann()), &[], &linking()),
            SocialDecision::SignIn(&ann())
        );
        assert_eq!(
            decide(&profile(true), Some(&barred), &[], &linking()),
            SocialDecision::Suspended
        );
        assert_eq!(
            decide(&profile(true), None, &similar, &linking()),
            SocialDecision::Suspended
        );
    }

    #[test]
    fn nobody_known_where_only_new_accounts_are_allowed() {
        let new_only = SignInExperience {
            sign_in_mode: SignInMode::Register,
            ..linking()
        };
        for (linked, similar) in [(Some(ann()), vec![]), (None, vec![ann()])] {
            let decided = decide(&profile(true), linked.as_ref(), &similar, &new_only);
            assert_eq!(decided, SocialDecision::NoAccount);
        }
        assert_eq!(
            decide(&profile(true), None, &[], &new_only),
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
            decide(&profile(true), None, &[], &closed),
            SocialDecision::NoAccount
        );
        assert_eq!(
            decide(&profile(true), None, &[ann()], &closed),
            SocialDecision::LinkAndSignIn(&ann())
        );
    }
}
