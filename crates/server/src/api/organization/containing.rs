//! The simple search of the organization family (`contract/logto-api.md` §1.6).

use serde::Deserialize;
use store::search::{Field, Search};
use utoipa::IntoParams;

/// What a list is searched for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Containing {
    /// A text that any searchable field contains, in whatever case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    q: String,
}

impl Containing {
    /// The search among rows with these fields.
    pub fn over(&self, fields: &[Field]) -> Search {
        Search::containing(&self.q, fields)
    }
}
