//! `hufu app create`.

use anyhow::Context as _;
use clap::Args;
use protocol::secret::Secret;
use serde_json::{Map, Value};
use store::{
    Tx,
    relation::{self, CONSENT_USER_SCOPES},
};

use super::{super::Context, output, value};
use crate::{
    operation::{
        self,
        application::{NewApplication, Registered},
        preset::{self, Block, Facts, Preset},
    },
    random,
};

#[derive(Debug, Args)]
pub(in crate::command) struct Command {
    /// The application whose needs are known
    #[arg(long, value_enum)]
    preset: Preset,
    /// The address at which people open the application, or a native application's own scheme
    #[arg(long, value_name = "ADDRESS")]
    url: Option<String>,
    /// What people see it called
    #[arg(long)]
    name: Option<String>,
    /// The API that its access tokens are for; registered when it is not
    #[arg(long, value_name = "INDICATOR")]
    audience: Option<String>,
    /// It is somebody else's: ask people for consent, and let it ask for their profile and e-mail address only
    #[arg(long)]
    third_party: bool,
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<()> {
        let addresses = &context.config.addresses;
        let endpoint = addresses
            .endpoint(&self.tenant)
            .context("the admin tenant is turned off: set ADMIN_ENDPOINT")?;
        let issuer = addresses.issuer(&self.tenant).unwrap_or_default();
        let new = self.new_application()?;
        let (db, vault) = context.open().await?;
        let mut tx = db.begin().await?;
        let registered =
            operation::application::create(&mut tx, &vault, &self.tenant, new, context.now())
                .await?;
        if registered.application.is_third_party {
            let scopes = ["profile", "email"].map(str::to_owned);
            let parent = [registered.application.id.as_str()];
            relation::add(&mut tx, CONSENT_USER_SCOPES, &self.tenant, &parent, &scopes).await?;
        }
        let audience = self
            .register_audience(&mut tx, &registered, &context)
            .await?;
        tx.commit().await?;

        let url = self
            .url
            .as_deref()
            .map(|url| preset::base(url).unwrap_or_else(|_| url.to_owned()));
        let facts = Facts {
            url: url.as_deref().unwrap_or_default(),
            endpoint: &endpoint,
            issuer: &issuer,
            client_id: &registered.application.id,
            client_secret: registered.secret.as_ref(),
            audience: audience.as_deref(),
            session_secret: &random::secret(),
        };
        print(&context, &registered, &self.preset.block(&facts))
    }

    fn new_application(&self) -> anyhow::Result<NewApplication> {
        let registration = self
            .preset
            .registration(self.url.as_deref(), self.audience.as_deref())?;
        Ok(NewApplication {
            name: self
                .name
                .clone()
                .unwrap_or_else(|| self.preset.name().to_owned()),
            description: None,
            kind: registration.kind,
            is_third_party: self.third_party,
            oidc_client_metadata: registration.oidc,
            custom_client_metadata: registration.custom,
            custom_data: Map::new(),
        })
    }

    async fn register_audience(
        &self,
        tx: &mut Tx,
        registered: &Registered,
        context: &Context,
    ) -> anyhow::Result<Option<String>> {
        let Some(indicator) = &self.audience else {
            return Ok(None);
        };
        let application = &registered.application;
        let (resource, _) =
            operation::resource::find_or_create(tx, &self.tenant, indicator, context.now()).await?;
        if self.preset == Preset::MachineToMachine {
            operation::resource::give_machine(
                tx,
                &self.tenant,
                &application.id,
                &application.name,
                &resource,
            )
            .await?;
        }
        Ok(Some(resource.indicator))
    }
}

fn print(context: &Context, registered: &Registered, block: &Block) -> anyhow::Result<()> {
    if !context.json {
        return Ok(output::text(&block.to_string())?);
    }
    let mut value = value(&registered.application);
    if let Some(members) = value.as_object_mut() {
        let environment: Map<String, Value> = block
            .variables()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        members.insert(
            "secret".to_owned(),
            registered.secret.as_ref().map(Secret::reveal).into(),
        );
        members.insert("environment".to_owned(), environment.into());
    }
    output::json(&value)
}
