//! Identity providers of enterprises: whose people sign in with them (`contract/logto-api.md` §4.2).

/// Domains under which anybody can have an address: nobody's provider speaks for all of them.
const PUBLIC: [&str; 29] = [
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "foxmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sina.com",
    "web.de",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "zoho.com",
];

/// Why a provider cannot have these domains; each names those that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainsRefused {
    /// Anybody can have an address there.
    Forbidden(Vec<String>),
    /// They are named twice.
    Duplicated(Vec<String>),
    /// They are no names of domains.
    Malformed(Vec<String>),
}

/// The domains in the form that is compared: lower case.
///
/// # Errors
/// When one of them cannot be a provider's.
pub fn domains(given: &[String]) -> Result<Vec<String>, DomainsRefused> {
    let domains: Vec<String> = given
        .iter()
        .map(|domain| domain.trim().to_lowercase())
        .collect();
    let those = |is_wrong: &dyn Fn(usize, &String) -> bool| -> Vec<String> {
        let all = domains.iter().enumerate();
        all.filter(|(place, domain)| is_wrong(*place, domain))
            .map(|(_, domain)| domain.clone())
            .collect()
    };
    let malformed = those(&|_, domain| !is_domain(domain));
    if !malformed.is_empty() {
        return Err(DomainsRefused::Malformed(malformed));
    }
    let forbidden = those(&|_, domain| PUBLIC.contains(&domain.as_str()));
    if !forbidden.is_empty() {
        return Err(DomainsRefused::Forbidden(forbidden));
    }
    let duplicated =
        those(&|place, domain| domains.iter().take(place).any(|before| before == domain));
    if !duplicated.is_empty() {
        return Err(DomainsRefused::Duplicated(duplicated));
    }
    Ok(domains)
}

/// Labels of letters, digits and hyphens with dots between them (RFC 1035 §2.3.1; U-labels are let through).
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{DomainsRefused, domains};

    fn read(given: &[&str]) -> Result<Vec<String>, DomainsRefused> {
        let given: Vec<String> = given.iter().map(|domain| (*domain).to_owned()).collect();
        domains(&given)
    }

    #[test]
    fn domains_are_compared_in_lower_case() {
        assert_eq!(
            read(&["Acme.TEST", " b.acme.test "]).unwrap(),
            ["acme.test", "b.acme.test"]
        );
        assert_eq!(read(&[]).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_provider_cannot_have_every_domain() {
        let list = |domain: &str| vec![domain.to_owned()];
        for (given, expected) in [
            (
                &["acme.test", "GMail.com"][..],
                DomainsRefused::Forbidden(list("gmail.com")),
            ),
            (
                &["acme.test", "b.test", "ACME.test"],
                DomainsRefused::Duplicated(list("acme.test")),
            ),
            (&["acme"], DomainsRefused::Malformed(list("acme"))),
            (&[""], DomainsRefused::Malformed(list(""))),
            (&["a..test"], DomainsRefused::Malformed(list("a..test"))),
            (&["-a.test"], DomainsRefused::Malformed(list("-a.test"))),
            (&["a@b.test"], DomainsRefused::Malformed(list("a@b.test"))),
        ] {
            assert_eq!(read(given), Err(expected));
        }
    }
}
