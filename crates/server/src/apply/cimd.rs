//! What clients may ask people for that nobody registered: a tenant has one list for all of them.

use serde_json::{Map, Value};

use super::{
    ApplyError,
    change::{Change, Shown},
    consent::Consent,
    kind::{World, at, object},
    node::Node,
};
use crate::{api::application_user_consent_scope::Whose, operation::OperationError};

/// Its member of the document.
pub(super) const SECTION: &str = "cimdUserConsentScopes";
pub(super) const NOUN: &str = "scopes of unregistered clients";

/// Every kind of scopes, those of which nothing may be asked for included.
pub(super) async fn read(world: &mut World<'_>) -> Result<Map<String, Value>, OperationError> {
    Ok(object(&Consent::read(world, Whose::Cimd).await?))
}

/// Replaces all of them: what a limit does not mention is beyond it.
pub(super) async fn apply(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    if section.is_nothing() {
        return Ok(());
    }
    section.members(SECTION)?;
    let mut wanted: Consent = section.read_as(section.value())?;
    wanted.settle();
    let (before, after) = (read(world).await?, object(&wanted));
    if before == after {
        return Ok(());
    }
    let written = wanted.write(world, Whose::Cimd).await;
    written.map_err(|error| at(section, error))?;
    changes.push(Change::between(
        NOUN,
        world.tenant.to_owned(),
        Some(&Shown::open(before)),
        &Shown::open(after),
        &section.given(),
    ));
    Ok(())
}
