//! Fields that an operator adds to people's profiles (`contract/logto-api.md` §4.4).

use serde_json::{Map, Value};
use store::Tx;

use super::{OperationError, Refused, experience};

/// Forgets a field; it goes from the sign-in experience and the account center too.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn remove(tx: &mut Tx, tenant_id: &str, name: &str) -> Result<(), OperationError> {
    if !store::custom_profile_field::delete(tx, tenant_id, name).await? {
        return Err(Refused::not_found("custom profile field", name).into());
    }
    let mut shown = experience::find(&mut *tx, tenant_id).await?;
    if takes(&mut shown, "signUpProfileFields", name) {
        experience::save(tx, tenant_id, shown).await?;
    }
    if let Some(mut center) = store::account_center::find(&mut *tx, tenant_id).await?
        && takes(&mut center, "profileFields", name)
    {
        store::account_center::set(tx, tenant_id, &center).await?;
    }
    Ok(())
}

/// Takes the field from a list of `{name}`; `false` when it was not there.
fn takes(document: &mut Map<String, Value>, list: &str, name: &str) -> bool {
    let Some(Value::Array(fields)) = document.get_mut(list) else {
        return false;
    };
    let before = fields.len();
    fields.retain(|field| field["name"] != name);
    fields.len() < before
}
