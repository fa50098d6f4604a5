//! `hufu connector`.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use connectors::factory::{self, Factory, Purpose};
use identity::{
    connector::{Connector, Names},
    experience::SignInExperience,
};
use serde_json::{Map, Value, json};

use super::{Context, output};
use crate::{operation, random};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a way to sign in
    #[command(visible_aliases = ["a", "i", "install"])]
    Add(Add),
    /// List them
    #[command(visible_alias = "l")]
    List {
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
    /// Remove one
    #[command(visible_aliases = ["rm", "delete"])]
    Remove {
        /// Its id
        id: String,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// github, google, gitlab, linkedin, huggingface, oauth2 or oidc
    factory: Option<String>,
    /// Accepted for Logto's sake: all connectors are built in
    #[arg(short, long)]
    official: bool,
    /// Our id at the provider
    #[arg(long)]
    client_id: Option<String>,
    /// Our secret at the provider
    #[arg(long)]
    client_secret: Option<String>,
    /// oidc: the provider's issuer; its endpoints are discovered
    #[arg(long)]
    issuer: Option<String>,
    /// Any other field of the configuration, such as authorizationEndpoint=https://…; the value may be JSON
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// What the provider is known as, in `direct_sign_in` and in linked identities
    #[arg(long)]
    target: Option<String>,
    /// The name on the button
    #[arg(long)]
    name: Option<String>,
    /// Address of the logo on the button
    #[arg(long)]
    logo: Option<String>,
    /// Take name and picture over at every sign-in
    #[arg(long)]
    sync_profile: bool,
    /// The id, which is part of the callback address
    #[arg(long)]
    id: Option<String>,
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> Result<ExitCode> {
        match self {
            Self::Add(Add { official: true, .. }) => {
                output::text("all connectors are built in: there is nothing to install")?;
            }
            Self::Add(add) => add.run(&context).await?,
            Self::List { tenant } => list(&context, &tenant).await?,
            Self::Remove { id, tenant } => remove(&context, &tenant, &id).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    async fn run(self, context: &Context) -> Result<()> {
        let tenant = self.tenant.clone();
        let (factory, connector) = self.connector()?;
        let (db, vault) = context.open().await?;
        let mut tx = db.begin().await?;
        let now = context.now();
        operation::connector::add(&mut tx, &vault, &tenant, factory, &connector, now).await?;
        let shown = store::sign_in_experience::find(&mut tx, &tenant).await?;
        let mut experience: SignInExperience =
            serde_json::from_value(shown.unwrap_or_else(|| json!({})))?;
        if !experience
            .social_sign_in_connector_targets
            .contains(&connector.target)
        {
            experience
                .social_sign_in_connector_targets
                .push(connector.target.clone());
        }
        store::sign_in_experience::set(&mut tx, &tenant, &serde_json::to_value(&experience)?)
            .await?;
        tx.commit().await?;

        let endpoint = context
            .config
            .addresses
            .endpoint(&tenant)
            .unwrap_or_default();
        let callback = format!("{endpoint}/callback/{}", connector.id);
        if context.json {
            let answer = json!({ "id": connector.id, "target": connector.target, "connectorId": connector.factory, "callback": callback });
            return output::json(&answer);
        }
        output::text(&format!(
            "{} is added. Register this callback address there:\n  {callback}",
            name(&connector)
        ))?;
        Ok(())
    }

    fn connector(self) -> Result<(&'static Factory, Connector)> {
        let named = self.factory.as_deref();
        let named = named.with_context(|| format!("say which: {}", names()))?;
        let factory = sign_in_factories()
            .find(|factory| factory.id == named || factory.target == named)
            .with_context(|| format!("{named} is not built in; there are {}", names()))?;
        let mut config = Map::new();
        let given = [
            ("clientId", self.client_id),
            ("clientSecret", self.client_secret),
            ("issuer", self.issuer),
        ];
        config.extend(
            given
                .into_iter()
                .filter_map(|(field, value)| Some((field.to_owned(), Value::String(value?)))),
        );
        for field in &self.fields {
            let (name, value) = field
                .split_once('=')
                .with_context(|| format!("--set {field}: write FIELD=VALUE"))?;
            let value =
                serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            config.insert(name.to_owned(), value);
        }
        let name = self.name.as_deref();
        let connector = Connector {
            id: self.id.unwrap_or_else(|| random::id(12)),
            factory: factory.id.to_owned(),
            target: self.target.unwrap_or_else(|| factory.target.to_owned()),
            name: name.map_or_else(Names::default, Names::from),
            logo: self.logo,
            logo_dark: None,
            config,
            sync_profile: self.sync_profile,
            stores_tokens: false,
        };
        Ok((factory, connector))
    }
}

async fn list(context: &Context, tenant: &str) -> Result<()> {
    let (db, vault) = context.open().await?;
    let connectors = store::connector::list(&db, &vault, tenant).await?;
    if context.json {
        let rows: Vec<Value> = connectors
            .iter()
            .map(|connector| json!({ "id": connector.id, "connectorId": connector.factory, "target": connector.target, "name": name(connector) }))
            .collect();
        return output::json(&Value::Array(rows));
    }
    let rows = connectors.into_iter().map(|connector| {
        let name = name(&connector).to_owned();
        vec![connector.id, connector.factory, connector.target, name]
    });
    output::table(
        &["id", "connector", "target", "name"],
        rows.collect(),
        "no connectors",
    )?;
    Ok(())
}

/// The kinds of connectors with which people can sign in.
fn sign_in_factories() -> impl Iterator<Item = &'static Factory> {
    let factories = factory::all(false);
    factories.filter(|factory| factory.purpose == Purpose::Social && factory.is_built())
}

fn names() -> String {
    let names: Vec<_> = sign_in_factories().map(|factory| factory.target).collect();
    names.join(", ")
}

fn name(connector: &Connector) -> &str {
    let factory = || factory::find(&connector.factory);
    let name = connector.name.in_language("en");
    name.or_else(|| Some(factory()?.name))
        .unwrap_or(&connector.target)
}

async fn remove(context: &Context, tenant: &str, id: &str) -> Result<()> {
    let (db, vault) = context.open().await?;
    let mut tx = db.begin().await?;
    operation::connector::remove(&mut tx, &vault, tenant, id).await?;
    tx.commit().await?;
    output::text(&format!("{id} is removed"))?;
    Ok(())
}
