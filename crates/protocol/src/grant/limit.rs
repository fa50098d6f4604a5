//! How many sign-ins of one person an application may have at once (`maxAllowedGrants`, `contract/logto-core.md` §3.11).

use std::collections::BTreeMap;

use crate::{record::Grant, time::Time};

/// What ends because somebody signs in once more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excess {
    /// The grants that end.
    pub grant_ids: Vec<String>,
    /// The sign-ins there were, with the new one.
    pub sign_ins: usize,
}

/// Finds the oldest sign-ins among the grants that are `held`, so that with the one of the session `session_id` there are at most `most`.
///
/// A browser asks for a new grant whenever it comes back to the application: all that come from one session are one sign-in.
pub fn excess(held: &[Grant], session_id: &str, most: usize) -> Excess {
    let mut began: BTreeMap<&str, Time> = BTreeMap::new();
    for grant in held.iter().filter(|grant| sign_in(grant) != session_id) {
        let first = began.entry(sign_in(grant)).or_insert(grant.created_at);
        *first = grant.created_at.min(*first);
    }
    let sign_ins = began.len() + 1;
    let mut oldest_first: Vec<(Time, &str)> =
        began.into_iter().map(|(key, began)| (began, key)).collect();
    oldest_first.sort_unstable();
    oldest_first.truncate(sign_ins.saturating_sub(most));
    let ends = |grant: &&Grant| oldest_first.iter().any(|(_, key)| *key == sign_in(grant));
    Excess {
        grant_ids: held
            .iter()
            .filter(ends)
            .map(|grant| grant.id.clone())
            .collect(),
        sign_ins,
    }
}

/// What grants of one sign-in have in common.
fn sign_in(grant: &Grant) -> &str {
    grant.session_id.as_deref().unwrap_or(&grant.id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::excess;
    use crate::{record::Grant, samples, time::Time};

    fn grant(id: &str, session_id: Option<&str>, created_at: i64) -> Grant {
        Grant {
            id: id.to_owned(),
            session_id: session_id.map(str::to_owned),
            created_at: Time(created_at),
            ..samples::grant("openid")
        }
    }

    #[test]
    fn the_oldest_sign_ins_end() {
        let held = [
            grant("c2", Some("c"), 40),
            grant("b", Some("b"), 20),
            grant("free", None, 30),
            grant("c1", Some("c"), 10),
        ];
        for (session_id, most, ended, sign_ins) in [
            ("new", 4, &[][..], 4),
            ("new", 3, &["c2", "c1"], 4),
            ("new", 2, &["c2", "b", "c1"], 4),
            ("new", 1, &["c2", "b", "free", "c1"], 4),
            ("c", 3, &[], 3),
            ("c", 2, &["b"], 3),
            ("c", 1, &["b", "free"], 3),
        ] {
            let answer = excess(&held, session_id, most);
            assert_eq!(answer.grant_ids, ended, "{session_id} {most}");
            assert_eq!(answer.sign_ins, sign_ins);
        }
    }

    #[test]
    fn a_first_sign_in_ends_nothing() {
        assert_eq!(excess(&[], "s", 1).grant_ids, Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn as_many_stay_as_may(held in proptest::collection::vec((0_u8..6, 0_i64..9), 0..12), most in 1_usize..8) {
            let held: Vec<Grant> = held
                .iter()
                .enumerate()
                .map(|(number, (session, at))| grant(&format!("g{number}"), Some(&format!("s{session}")), *at))
                .collect();
            let ended = excess(&held, "s0", most).grant_ids;
            let mut left: Vec<_> = held
                .iter()
                .filter(|grant| !ended.contains(&grant.id))
                .map(|grant| grant.session_id.clone())
                .chain([Some("s0".to_owned())])
                .collect();
            let mut before: Vec<_> = held.iter().map(|grant| grant.session_id.clone()).chain([Some("s0".to_owned())]).collect();
            for sessions in [&mut left, &mut before] {
                sessions.sort();
                sessions.dedup();
            }
            prop_assert_eq!(left.len(), before.len().min(most));
        }
    }
}
