//! What becomes of people.

use store::seed::DEFAULT_TENANT;

use super::{ANN, TestServer};

impl TestServer {
    pub(crate) async fn suspend_ann(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::set_suspended(&mut tx, DEFAULT_TENANT, ANN, true, self.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn delete_ann(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::delete(&mut tx, DEFAULT_TENANT, ANN)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Ends every session of ann as a log-out does: grants without `offline_access` go with it.
    pub(crate) async fn log_ann_out(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        for session in store::session::list(&mut tx, DEFAULT_TENANT, ANN, self.now())
            .await
            .unwrap()
        {
            store::grant::delete_of_session(&mut tx, DEFAULT_TENANT, &session.id)
                .await
                .unwrap();
            store::session::delete(&mut tx, DEFAULT_TENANT, &session.id)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Takes the role away that lets ann `read`.
    pub(crate) async fn take_anns_role(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        let role = store::role::find_by_name(&mut tx, DEFAULT_TENANT, "reader")
            .await
            .unwrap()
            .unwrap();
        store::role::take_from_user(&mut tx, DEFAULT_TENANT, ANN, &role.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}
