//! What an application proves itself with.

use protocol::{secret::Secret, time::Time};
use serde::{Deserialize, Serialize};
use store::application::{
    Application,
    secret::{self, ApplicationSecret},
};

use crate::{
    apply::kind::{Hide, World, is_default, mentioned, sized},
    operation::{self, OperationError, Refused, application::DEFAULT_SECRET},
};

/// Its secrets; by default nothing is said of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::apply) struct Secrets(
    #[serde(deserialize_with = "mentioned")] Option<Vec<KnownSecret>>,
);

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KnownSecret {
    name: String,
    value: String,
    /// Milliseconds.
    #[serde(default, skip_serializing_if = "is_default")]
    expires_at: Option<i64>,
}

impl Secrets {
    /// Those of an application. Nothing is said of them where it cannot keep one.
    pub(in crate::apply) async fn read(
        world: &mut World<'_>,
        application: &Application,
    ) -> Result<Self, OperationError> {
        let (tenant, vault, id) = (world.tenant, world.vault, &application.id);
        let mut secrets = Vec::new();
        for found in secret::list(&mut *world.tx, tenant, id).await? {
            let value = secret::reveal(&mut *world.tx, vault, tenant, id, &found.name).await?;
            secrets.push(KnownSecret {
                value: value.map_or_else(String::new, |value| value.reveal().to_owned()),
                expires_at: found.expires_at.map(Time::as_millis),
                name: found.name,
            });
        }
        let says_something = !secrets.is_empty() || !application.kind.is_public();
        Ok(Self(says_something.then_some(secrets)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list().is_empty()
    }

    pub(in crate::apply) fn check(&self) -> Result<(), Refused> {
        for secret in self.list() {
            sized("name", &secret.name, 1, 256)?;
            sized("value", &secret.value, 1, 1024)?;
        }
        Ok(())
    }

    /// Makes these the secrets of an application that has `held`, or is new. A new one gets one of ours where nothing is said.
    pub(in crate::apply) async fn write(
        &self,
        world: &mut World<'_>,
        application: &Application,
        held: Option<&Self>,
    ) -> Result<(), OperationError> {
        let (tenant, vault, id) = (world.tenant, world.vault, &application.id);
        let before = held.map_or(&[][..], Self::list);
        let is_left = |name: &str| self.list().iter().any(|secret| secret.name == name);
        for gone in before.iter().filter(|secret| !is_left(&secret.name)) {
            secret::delete(world.tx, tenant, id, &gone.name).await?;
        }
        for wanted in self.list() {
            if before.contains(wanted) {
                continue;
            }
            secret::delete(world.tx, tenant, id, &wanted.name).await?;
            let value = Secret::new(&wanted.value);
            let record = ApplicationSecret {
                name: wanted.name.clone(),
                hash: value.hash(),
                expires_at: wanted.expires_at.map(|at| Time(at.div_euclid(1000))),
                created_at: world.now,
            };
            secret::insert(world.tx, vault, tenant, id, &record, &value).await?;
        }
        if held.is_none() && self.0.is_none() && !application.kind.is_public() {
            let (name, now) = (DEFAULT_SECRET.to_owned(), world.now);
            operation::application::add_secret(
                world.tx,
                vault,
                tenant,
                application,
                name,
                None,
                now,
            )
            .await?;
        }
        Ok(())
    }

    pub(in crate::apply) fn settle(&mut self) {
        let secrets = self.0.as_deref_mut().unwrap_or_default();
        secrets.sort_by(|a, b| a.name.cmp(&b.name));
        for end in secrets.iter_mut().filter_map(|it| it.expires_at.as_mut()) {
            *end = Time(end.div_euclid(1000)).as_millis();
        }
    }

    /// Conceals them; `application` is what it is called.
    pub(in crate::apply) fn conceal(&mut self, application: &str, hide: Hide<'_>) {
        for secret in self.0.iter_mut().flatten() {
            hide(
                &["application", application, &secret.name],
                &mut secret.value,
            );
        }
    }

    fn list(&self) -> &[KnownSecret] {
        self.0.as_deref().unwrap_or_default()
    }
}
