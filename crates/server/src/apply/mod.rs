//! `hufu apply` and `hufu export`: the settings of a tenant as one YAML document.
//!
//! Every kind of thing is one file: its form in the document, how all of them are read, how one is written. Things are found by what
//! they are called. What a document does not mention stays as it is: a thing, or a member of one.

mod account_center;
mod application;
mod captcha_provider;
mod change;
mod cimd;
mod configs;
mod connector;
mod consent;
mod custom_phrase;
mod custom_profile_field;
mod email_template;
mod experience;
mod given;
mod hook;
mod kind;
mod node;
mod organization;
mod organization_role;
mod organization_scope;
mod prune;
mod reference;
mod resource;
mod role;
mod saml_application;
mod signing_key;
mod sso_connector;
mod variable;

use serde_json::{Map, Value, json};
use store::StoreError;
use thiserror::Error;

pub use self::{
    change::{Action, Change, FieldChange},
    kind::World,
};
use self::{given::Given, kind::Kind, node::Node, prune::Guard, variable::Variables};
use crate::operation::{OperationError, Refused};

/// Something that a document says wrongly.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct Fault {
    /// Its line, from 1 on.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    fn new(line: u64, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}

/// Why a document was not applied.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// It is wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Something else failed.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What is exported.
#[derive(Clone, Debug)]
pub struct Export {
    /// The document.
    pub text: String,
    /// The variables that stand for secrets in it.
    pub variables: Vec<String>,
}

/// Calls a function for every kind of thing, those before others that name them.
macro_rules! every_kind {
    ($kind:ident => $call:expr) => {{
        every_kind!(@ $kind => $call; resource::Resource, role::Role,
            organization_scope::OrganizationScope, organization_role::OrganizationRole,
            sso_connector::SsoConnector, organization::Organization, application::Application,
            saml_application::SamlApplication, connector::Connector, hook::Hook, custom_phrase::CustomPhrase,
            email_template::EmailTemplate, custom_profile_field::CustomProfileField);
    }};
    (@ $kind:ident => $call:expr; $($name:ty),+) => {
        $({
            type $kind = $name;
            $call
        })+
    };
}

/// The settings of a tenant as a document. Variables stand in the place of secrets.
///
/// # Errors
/// When the database fails.
pub async fn export(world: &mut World<'_>) -> Result<Export, OperationError> {
    check_tenant(world).await?;
    let mut variables = Variables::default();
    let mut document = Map::new();
    every_kind!(K => {
        let mut list = Vec::new();
        for mut thing in K::read(world).await? {
            thing.conceal(&mut |parts, secret| variables.conceal(parts, secret));
            list.push(Value::Object(kind::object(&thing)));
        }
        document.insert(K::SECTION.to_owned(), list.into());
    });
    for (section, value) in singles(world, &mut variables).await? {
        document.insert(section.to_owned(), value);
    }
    let mut document = Value::Object(document);
    variable::escape(&mut document);
    let text = serde_saphyr::to_string(&document)
        .map_err(|error| Refused::new("entity.db_constraint_violated", error.to_string()))?;
    Ok(Export {
        text,
        variables: variables.into_names(),
    })
}

/// The sections that are no lists.
async fn singles(
    world: &mut World<'_>,
    variables: &mut Variables,
) -> Result<[(&'static str, Value); 5], OperationError> {
    let hide = &mut |parts: &[&str], secret: &mut String| variables.conceal(parts, secret);
    let mut provider = captcha_provider::read(world).await?;
    if let Some(provider) = &mut provider {
        captcha_provider::conceal(provider, hide);
    }
    let mut configs = configs::read(world).await?;
    for (key, setting) in &mut configs {
        configs::conceal(key, setting, hide);
    }
    Ok([
        (captcha_provider::SECTION, json!(provider)),
        (
            account_center::SECTION,
            account_center::read(world).await?.into(),
        ),
        (cimd::SECTION, cimd::read(world).await?.into()),
        (configs::SECTION, json!(configs)),
        (experience::SECTION, experience::read(world).await?.into()),
    ])
}

/// Brings a tenant to what a document says, and tells what changed. The caller commits, or not.
///
/// With `prune` each section that the document has is the whole: what it does not mention goes, unless the server came with it.
///
/// # Errors
/// When the document is wrong, names a variable that `lookup` does not know, or says what cannot be; also when the database fails.
/// The transaction is of no more use then.
pub async fn apply(
    world: &mut World<'_>,
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    prune: bool,
) -> Result<Vec<Change>, ApplyError> {
    let mut document = Node::read(text)?;
    document.expand(lookup)?;
    let changes = bring(world, &document, prune).await;
    changes.map_err(|error| hidden(error, &document.given()))
}

/// Refusals quote what they are about, which may be secret.
fn hidden(error: ApplyError, given: &Given) -> ApplyError {
    match error {
        ApplyError::Fault(fault) => Fault::new(fault.line, given.hide(&fault.message)).into(),
        ApplyError::Operation(OperationError::Refused(refused)) => {
            let message = given.hide(&refused.message);
            let refused = Refused {
                message,
                data: None,
                ..refused
            };
            ApplyError::Operation(refused.into())
        }
        ApplyError::Operation(error) => error.into(),
    }
}

async fn bring(
    world: &mut World<'_>,
    document: &Node,
    prune: bool,
) -> Result<Vec<Change>, ApplyError> {
    let sections = document.members("a document")?;
    check_sections(sections)?;
    let section = |wanted: &str| {
        let found = sections.iter().find(|(name, _)| name == wanted);
        found.map(|(_, node)| node)
    };
    check_tenant(world).await?;
    let mut changes = Vec::new();
    let mut guard = None;
    if prune {
        let mut before = Guard::new(world).await?;
        every_kind!(K => if let Some(node) = section(K::SECTION) {
            kind::prune::<K>(world, node, &mut changes).await?;
        });
        if let Some(node) = section(captcha_provider::SECTION) {
            captcha_provider::prune(world, node, &mut changes).await?;
        }
        if let Some(node) = section(configs::SECTION) {
            configs::prune(world, node, &mut changes).await?;
        }
        before.consequences(world, &mut changes).await?;
        guard = Some(before);
    }
    every_kind!(K => if let Some(node) = section(K::SECTION) {
        kind::apply::<K>(world, node, prune, &mut changes).await?;
    });
    if let Some(node) = section(captcha_provider::SECTION) {
        captcha_provider::apply(world, node, &mut changes).await?;
    }
    if let Some(node) = section(account_center::SECTION) {
        account_center::apply(world, node, &mut changes).await?;
    }
    if let Some(node) = section(cimd::SECTION) {
        cimd::apply(world, node, &mut changes).await?;
    }
    if let Some(node) = section(configs::SECTION) {
        configs::apply(world, node, &mut changes).await?;
    }
    if let Some(node) = section(experience::SECTION) {
        experience::apply(world, node, &mut changes).await?;
    }
    if let Some(guard) = guard {
        guard.check(world).await?;
    }
    Ok(changes)
}

fn check_sections(sections: &[(String, Node)]) -> Result<(), Fault> {
    let mut known = Vec::new();
    every_kind!(K => known.push(K::SECTION));
    known.extend([
        captcha_provider::SECTION,
        account_center::SECTION,
        cimd::SECTION,
        configs::SECTION,
        experience::SECTION,
    ]);
    let mut sections = sections.iter();
    match sections.find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, node)) => {
            let message = format!("there is no {name:?}; there are {}", known.join(", "));
            Err(Fault::new(node.line, message))
        }
        None => Ok(()),
    }
}

async fn check_tenant(world: &mut World<'_>) -> Result<(), OperationError> {
    let tenants = store::tenant::list(&mut *world.tx).await?;
    if tenants.iter().any(|tenant| tenant == world.tenant) {
        return Ok(());
    }
    Err(Refused::not_exists("tenant", world.tenant).into())
}
