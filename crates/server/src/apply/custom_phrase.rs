//! The operator's own words.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::custom_phrase;

use super::kind::{Kind, World};
use crate::{
    api::custom_phrase::{DEEPEST, check_tag, pruned},
    operation::OperationError,
    random,
};

/// The operator's own words in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CustomPhrase {
    language_tag: String,
    /// Texts by nested keys.
    translation: Map<String, Value>,
}

impl Kind for CustomPhrase {
    const SECTION: &'static str = "customPhrases";
    const NOUN: &'static str = "custom phrase";
    const KEYS: &'static [&'static [&'static str]] = &[&["languageTag"]];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let found = custom_phrase::list(&mut *world.tx, world.tenant).await?;
        let phrases = found.into_iter().map(|phrase| Self {
            language_tag: phrase.language_tag,
            translation: phrase.translation,
        });
        let mut phrases: Vec<Self> = phrases.collect();
        phrases.sort_by(|a, b| a.language_tag.cmp(&b.language_tag));
        Ok(phrases)
    }

    async fn write(&self, world: &mut World<'_>, _: Option<&Self>) -> Result<(), OperationError> {
        let (tenant, tag) = (world.tenant, &self.language_tag);
        check_tag(tag)?;
        let held = custom_phrase::find(&mut *world.tx, tenant, tag).await?;
        let phrase = custom_phrase::CustomPhrase {
            id: held.map_or_else(|| random::id(21), |held| held.id),
            language_tag: tag.clone(),
            translation: pruned(self.translation.clone(), DEEPEST)?,
        };
        Ok(custom_phrase::set(world.tx, tenant, &phrase).await?)
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        custom_phrase::delete(world.tx, world.tenant, &self.language_tag).await?;
        Ok(())
    }

    fn name(&self) -> String {
        self.language_tag.clone()
    }

    fn settle(&mut self) {
        if let Ok(translation) = pruned(self.translation.clone(), DEEPEST) {
            self.translation = translation;
        }
    }
}
