//! Who tells people from programs (`contract/logto-api.md` §4.4).

use serde_json::json;
use store::Tx;

use super::{OperationError, Refused, experience};

/// Forgets the tenant's provider of captchas, and stops asking for them.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn remove(tx: &mut Tx, tenant_id: &str) -> Result<(), OperationError> {
    if !store::captcha_provider::delete(tx, tenant_id).await? {
        return Err(Refused::not_found("captcha provider of", tenant_id).into());
    }
    let mut shown = experience::find(&mut *tx, tenant_id).await?;
    shown.insert("captchaPolicy".to_owned(), json!({ "enabled": false }));
    experience::save(tx, tenant_id, shown).await
}
