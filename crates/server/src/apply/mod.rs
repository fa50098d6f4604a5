//! `hufu apply` and `hufu export`: the settings of a tenant as one YAML document.
//!
//! Every kind of thing is one file: its form in the document, how all of them are read, how one is written. Things are found by what
//! they are called. What a document does not mention stays as it is: a thing, or a member of one.

mod application;
mod change;
mod connector;
mod experience;
mod hook;
mod kind;
mod node;
mod organization;
mod organization_role;
mod organization_scope;
mod reference;
mod resource;
mod role;
mod variable;

use serde_json::{Map, Value};
use store::StoreError;
use thiserror::Error;

pub use self::{
    change::{Change, FieldChange},
    kind::World,
};
use self::{kind::Kind, node::Node, variable::Variables};
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
            organization::Organization, application::Application, connector::Connector, hook::Hook);
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
    let experience = experience::read(world).await?;
    document.insert(experience::SECTION.to_owned(), experience.into());
    let mut document = Value::Object(document);
    variable::escape(&mut document);
    let text = serde_saphyr::to_string(&document)
        .map_err(|error| Refused::new("entity.db_constraint_violated", error.to_string()))?;
    Ok(Export {
        text,
        variables: variables.into_names(),
    })
}

/// Brings a tenant to what a document says, and tells what changed. The caller commits, or not.
///
/// # Errors
/// When the document is wrong, names a variable that `lookup` does not know, or says what cannot be; also when the database fails.
/// The transaction is of no more use then.
pub async fn apply(
    world: &mut World<'_>,
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Change>, ApplyError> {
    let mut document = Node::read(text)?;
    document.expand(lookup)?;
    let sections = document.members("a document")?;
    let mut known = Vec::new();
    every_kind!(K => known.push(K::SECTION));
    known.push(experience::SECTION);
    if let Some((name, node)) = sections
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()))
    {
        let message = format!("there is no {name:?}; there are {}", known.join(", "));
        return Err(Fault::new(node.line, message).into());
    }
    let section = |wanted: &str| {
        let found = sections.iter().find(|(name, _)| name == wanted);
        found.map(|(_, node)| node)
    };
    check_tenant(world).await?;
    let mut changes = Vec::new();
    every_kind!(K => if let Some(node) = section(K::SECTION) {
        kind::apply::<K>(world, node, &mut changes).await?;
    });
    if let Some(node) = section(experience::SECTION) {
        experience::apply(world, node, &mut changes).await?;
    }
    Ok(changes)
}

async fn check_tenant(world: &mut World<'_>) -> Result<(), OperationError> {
    let tenants = store::tenant::list(&mut *world.tx).await?;
    if tenants.iter().any(|tenant| tenant == world.tenant) {
        return Ok(());
    }
    Err(Refused::not_exists("tenant", world.tenant).into())
}
