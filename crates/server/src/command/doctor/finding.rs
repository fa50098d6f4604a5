//! What was looked at, and what came of it.

use serde::Serialize;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// What was looked at.
    pub(super) check: &'static str,
    /// How it stands.
    pub(super) verdict: Verdict,
    /// What was seen.
    pub(super) message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mend: Option<String>,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// Nothing to do.
    Good,
    /// It works, but somebody may trip over it.
    Doubtful,
    /// It does not work.
    Broken,
}

impl Finding {
    pub(super) fn good(check: &'static str, message: impl Into<String>) -> Self {
        Self {
            check,
            verdict: Verdict::Good,
            message: message.into(),
            mend: None,
        }
    }

    pub(super) fn doubtful(
        check: &'static str,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            check,
            verdict: Verdict::Doubtful,
            message: message.into(),
            mend: Some(mend.into()),
        }
    }

    pub(super) fn broken(
        check: &'static str,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            check,
            verdict: Verdict::Broken,
            message: message.into(),
            mend: Some(mend.into()),
        }
    }
}

impl Verdict {
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Good => "ok    ",
            Self::Doubtful => "doubt ",
            Self::Broken => "BROKEN",
        }
    }
}
