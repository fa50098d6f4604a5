//! `hufu user create`.

use clap::Args;
use store::Db;

use super::{hash, print};
use crate::{
    command::{Context, ask::PasswordFrom},
    operation::{self, user::Record},
};

#[derive(Debug, Args)]
pub(in crate::command) struct Command {
    /// The name the person signs in with
    #[arg(long)]
    username: Option<String>,
    /// E-mail address
    #[arg(long)]
    email: Option<String>,
    /// Phone number with the country code
    #[arg(long)]
    phone: Option<String>,
    /// What others see the person called
    #[arg(long)]
    name: Option<String>,
    /// Make the account without a password
    #[arg(long, conflicts_with_all = ["password", "password_stdin"])]
    no_password: bool,
    #[command(flatten)]
    password: PasswordFrom,
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Command {
    pub(super) async fn run(self, context: &Context, db: &Db) -> anyhow::Result<()> {
        let record = Record {
            username: self.username,
            primary_email: self.email,
            primary_phone: self.phone,
            name: self.name,
            ..Record::default()
        };
        anyhow::ensure!(
            record.username.is_some()
                || record.primary_email.is_some()
                || record.primary_phone.is_some(),
            "an account needs --username, --email or --phone to sign in with"
        );
        // A wrong field is told before the password is asked for.
        record.clone().into_user("", context.now())?;
        let password = if self.no_password {
            None
        } else {
            Some(hash(self.password.read()?).await?)
        };
        let case = operation::user::username_case(&context.config);
        let mut tx = db.begin().await?;
        let user =
            operation::user::create(&mut tx, &self.tenant, record, password, case, context.now())
                .await?;
        tx.commit().await?;
        print::one(context, &user)
    }
}
