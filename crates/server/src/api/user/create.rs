//! `POST /api/users`.

use axum::{Json, extract::State};
use identity::password;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::UserView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::user::{
        self, Passwords, Record,
        record::{Digest, PlainPassword},
    },
};

/// An account to make; everything may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewUser {
    primary_phone: Option<Text<0, 128>>,
    primary_email: Option<Text<0, 128>>,
    username: Option<Text<0, 128>>,
    /// No policy applies: administrators know what they do.
    password: Option<Text<1, 256>>,
    /// A hash of the password, with `passwordAlgorithm`.
    password_digest: Option<Text<1, 256>>,
    password_algorithm: Option<Algorithm>,
    name: Option<Text<0, 128>>,
    avatar: Option<Text<0, 2048>>,
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    #[schema(value_type = Option<Object>)]
    profile: Option<Map<String, Value>>,
}

/// How a hash was made.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = PasswordAlgorithm)]
pub(super) enum Algorithm {
    Argon2i,
    Argon2id,
    Argon2d,
    #[serde(rename = "SHA1")]
    Sha1,
    #[serde(rename = "SHA256")]
    Sha256,
    #[serde(rename = "MD5")]
    Md5,
    Bcrypt,
    Legacy,
}

impl Algorithm {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Argon2i => "Argon2i",
            Self::Argon2id => "Argon2id",
            Self::Argon2d => "Argon2d",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Md5 => "MD5",
            Self::Bcrypt => "Bcrypt",
            Self::Legacy => "Legacy",
        }
    }
}

impl From<NewUser> for Record {
    fn from(new: NewUser) -> Self {
        Self {
            username: new.username.map(Text::into_inner),
            primary_email: new.primary_email.map(Text::into_inner),
            primary_phone: new.primary_phone.map(Text::into_inner),
            password: new
                .password
                .map(|text| PlainPassword::from(text.into_inner())),
            password_digest: new
                .password_digest
                .map(|text| Digest::from(text.into_inner())),
            password_algorithm: new
                .password_algorithm
                .map(|algorithm| algorithm.as_str().to_owned()),
            name: new.name.map(Text::into_inner),
            avatar: new.avatar.map(Text::into_inner),
            profile: new.profile,
            custom_data: new.custom_data,
            ..Self::default()
        }
    }
}

/// Makes an account, with the roles that new users get.
#[utoipa::path(
    post,
    path = "/users",
    operation_id = "CreateUser",
    tag = "Users",
    request_body = NewUser,
    responses((status = 200, body = UserView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewUser>,
) -> Result<Json<UserView>, ApiError> {
    let mut record = Record::from(new);
    let stored = match record.take_password()? {
        Passwords::None => None,
        Passwords::Stored(stored) => Some(stored),
        Passwords::Plain(plain) => {
            let salt = app.random_bytes();
            let hash = move || password::hash(plain.reveal(), salt);
            Some(app.hashes().run(hash).await?)
        }
    };
    let tenant = &caller.tenant;
    let case = user::case_of(tenant);
    let mut tx = caller.begin(&app).await?;
    let made = user::create(&mut tx, &tenant.id, record, stored, case, app.now()).await?;
    let view = UserView::from(made);
    raise(
        &app,
        &mut tx,
        &caller,
        Event::UserCreated,
        view.id(),
        200,
        &view,
    )
    .await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
