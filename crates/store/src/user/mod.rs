//! `users` and `user_identities`: people's accounts. Rules about them are in `identity`; here they are loaded and saved.

mod case;
mod config;
mod find;
mod identity;
mod import;
mod made;
mod page;
mod row;
mod write;

pub use self::{
    case::{CaseConflicts, case_conflicts},
    config::{config, set_config, set_password_expired},
    find::{count, find, find_by_email, find_by_identity, find_by_phone, find_by_username},
    identity::{link, unlink},
    import::{Imported, import, settle},
    made::made,
    page::{FIELDS, Wanted, page},
    write::{
        Change, Changes, SignedInTo, delete, insert, lock, rehash_password, set_password,
        set_suspended, signed_in, update,
    },
};

/// Whether `Ann` and `ann` are two people (`CASE_SENSITIVE_USERNAME`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsernameCase {
    /// They are.
    #[default]
    Sensitive,
    /// They are one.
    Insensitive,
}

/// What a name or an address is compared and searched by.
pub(crate) fn key(text: &str) -> String {
    text.to_lowercase()
}
