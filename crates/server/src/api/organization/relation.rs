//! What the relation routes of the organization family do alike (`contract/logto-api.md` §3.3): what exists already is passed over,
//! and what does not exist at all is 422.

use store::{
    StoreError, Tx,
    relation::{self, Relation, Replaced},
};

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::Refused,
};

/// A failure of the database as this family tells it.
pub fn refused(error: StoreError) -> ApiError {
    match error {
        StoreError::Dangling => Refused::new(
            "entity.relation_foreign_key_not_found",
            "Something that is named does not exist.",
        )
        .status(422)
        .into(),
        error => error.into(),
    }
}

/// Adds children to a parent.
pub async fn add(
    app: &App,
    caller: &Caller,
    relation: Relation,
    parent: &[&str],
    children: &[String],
    event: Option<Event>,
) -> Result<Vec<String>, ApiError> {
    let mut tx = caller.begin(app).await?;
    let added = relation::add(&mut tx, relation, &caller.tenant.id, parent, children)
        .await
        .map_err(refused)?;
    tell(app, &mut tx, caller, event, parent, 201).await?;
    app.commit(tx).await?;
    Ok(added)
}

/// Makes these the children of a parent.
pub async fn replace(
    app: &App,
    caller: &Caller,
    relation: Relation,
    parent: &[&str],
    children: &[String],
    event: Option<Event>,
) -> Result<Replaced, ApiError> {
    let mut tx = caller.begin(app).await?;
    let replaced = relation::replace(&mut tx, relation, &caller.tenant.id, parent, children)
        .await
        .map_err(refused)?;
    tell(app, &mut tx, caller, event, parent, 204).await?;
    app.commit(tx).await?;
    Ok(replaced)
}

/// Takes a child from a parent.
pub async fn remove(
    app: &App,
    caller: &Caller,
    relation: Relation,
    parent: &[&str],
    child: &str,
    event: Option<Event>,
) -> Result<(), ApiError> {
    let mut tx = caller.begin(app).await?;
    if !relation::remove(&mut tx, relation, &caller.tenant.id, parent, child).await? {
        return Err(Refused::not_found("relation to", child).into());
    }
    tell(app, &mut tx, caller, event, parent, 204).await?;
    app.commit(tx).await?;
    Ok(())
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    event: Option<Event>,
    parent: &[&str],
    status: u16,
) -> Result<(), StoreError> {
    let (Some(event), Some(subject)) = (event, parent.first()) else {
        return Ok(());
    };
    raise(app, tx, caller, event, subject, status, &()).await
}
