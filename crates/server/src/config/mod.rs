//! What the operator set, read once and checked whole: the only part that looks at environment variables.

pub mod addresses;
pub mod administrator;
pub mod audit;
mod breach;
pub mod database;
mod dotenv;
mod environment;
mod error;
pub mod hashing;
pub mod help;
pub mod keys;
pub mod listen;
pub mod log;
mod mock;
pub mod outbound;
pub mod proxies;
mod reader;
pub mod scripts;
pub mod storage;
pub mod variable;

use std::path::PathBuf;

use protocol::secret::Secret;

use self::reader::Reader;
pub use self::{
    addresses::{Addresses, UrlSet},
    administrator::Administrator,
    audit::Audit,
    database::Database,
    environment::Environment,
    error::ConfigError,
    hashing::Hashing,
    keys::{Kek, Keys},
    listen::{Listen, Tls},
    log::{Log, LogFormat},
    outbound::Outbound,
    proxies::Proxies,
    scripts::Scripts,
    storage::Storage,
};

/// Everything that is set from outside. `hufu help env` explains each variable.
#[derive(Clone, Debug)]
pub struct Config {
    /// Public addresses of the tenants.
    pub addresses: Addresses,
    /// Where connections are accepted.
    pub listen: Listen,
    /// Where data is kept.
    pub database: Database,
    /// Whose `X-Forwarded-*` headers count.
    pub proxies: Proxies,
    /// Which private addresses the server may call.
    pub outbound: Outbound,
    /// Keys that the operator brought along.
    pub keys: Keys,
    /// How passwords are hashed.
    pub hashing: Hashing,
    /// What scripts of operators may take.
    pub scripts: Scripts,
    /// Where uploaded files are kept.
    pub storage: Storage,
    /// How long audit logs are kept.
    pub audit: Audit,
    /// What is logged, and how.
    pub log: Log,
    /// The first administrator, for set-ups without a browser.
    pub administrator: Option<Administrator>,
    /// `false` makes user names case-insensitive in every tenant.
    pub case_sensitive_username: bool,
    /// Opens the tenant id in the answer of `/api/status`.
    pub status_api_key: Option<Secret>,
    /// The service that knows breached passwords.
    pub breach_service: Option<String>,
    /// Where the connectors for tests write messages; `None` when there are no such connectors.
    pub mock_messages: Option<PathBuf>,
    /// Settings that have no effect as they are, and what to do about each.
    pub remarks: Vec<(String, String)>,
}

impl Config {
    /// Reads and checks every variable that `environment` knows.
    ///
    /// # Errors
    /// One sentence that names the first variable with a wrong value, its fault and a good example.
    pub fn load(environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let reader = Reader::new(&environment);
        let listen = Listen::read(&reader)?;
        let addresses = Addresses::read(&reader, &listen)?;
        let database = Database::read(&reader)?;
        Ok(Self {
            proxies: Proxies::read(&reader)?,
            outbound: Outbound::read(&reader)?,
            keys: Keys::read(&reader, &database)?,
            hashing: Hashing::read(&reader)?,
            scripts: Scripts::read(&reader)?,
            storage: Storage::read(&reader, &database)?,
            audit: Audit::read(&reader)?,
            log: Log::read(&reader)?,
            administrator: Administrator::read(&reader)?,
            breach_service: breach::read(&reader)?,
            mock_messages: mock::read(&reader)?,
            case_sensitive_username: reader.flag("CASE_SENSITIVE_USERNAME", true)?,
            status_api_key: reader.secret("STATUS_API_KEY"),
            remarks: remarks(&reader, &listen),
            addresses,
            listen,
            database,
        })
    }
}

/// What was set without effect.
fn remarks(reader: &Reader<'_>, listen: &Listen) -> Vec<(String, String)> {
    let mut remarks = Vec::new();
    let mut remark = |fault: &str, mend: &str| remarks.push((fault.to_owned(), mend.to_owned()));
    if listen.tls.is_none()
        && (reader.text("HTTPS_CERT_PATH").is_some() || reader.text("HTTPS_KEY_PATH").is_some())
    {
        remark(
            "one of HTTPS_CERT_PATH and HTTPS_KEY_PATH is set alone, so the server speaks plain http",
            "set both, or neither",
        );
    }
    let trusts = reader.flag("TRUST_PROXY_HEADER", false).unwrap_or_default();
    if reader.text("HUFU_TRUSTED_PROXIES").is_some() && !trusts {
        remark(
            "HUFU_TRUSTED_PROXIES has no effect while TRUST_PROXY_HEADER is off",
            "set TRUST_PROXY_HEADER=1, or unset both",
        );
    }
    remarks
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::BTreeSet};

    use super::{Config, variable::VARIABLES};

    /// Loads with these variables and nothing else.
    pub(super) fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Config::load(find).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let config = load(&[]).unwrap();
        assert_eq!(
            config.addresses.endpoint("default").unwrap(),
            "http://localhost:3001"
        );
        assert_eq!(config.database.url.reveal(), "sqlite:./data/hufu.db");
        assert!(config.case_sensitive_username);
    }

    #[test]
    fn every_variable_that_is_read_is_listed_and_the_other_way_round() {
        // `every branch` is taken when both halves of each pair are set.
        let set = [
            ("HUFU_ADMIN_USERNAME", "ann"),
            ("HUFU_ADMIN_PASSWORD", "correct horse"),
        ];
        let seen = RefCell::new(BTreeSet::new());
        Config::load(|name| {
            seen.borrow_mut().insert(name.to_owned());
            set.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
        .unwrap();
        let listed: BTreeSet<_> = VARIABLES
            .iter()
            .map(|variable| variable.name.to_owned())
            .collect();
        assert_eq!(seen.into_inner(), listed);
    }

    #[test]
    fn every_example_is_accepted() {
        for variable in VARIABLES
            .iter()
            .filter(|variable| !variable.example.is_empty())
        {
            let mut set = vec![(variable.name, variable.example)];
            // These only count together.
            match variable.name {
                "HUFU_ADMIN_USERNAME" => set.push(("HUFU_ADMIN_PASSWORD", "correct horse")),
                "HUFU_ADMIN_PASSWORD" => set.push(("HUFU_ADMIN_USERNAME", "ann")),
                "HUFU_S3_BUCKET" => set.extend([
                    ("HUFU_S3_ACCESS_KEY_ID", "ann"),
                    ("HUFU_S3_SECRET_ACCESS_KEY", "swordfish"),
                ]),
                "DISABLE_LOCALHOST" => set.push(("ENDPOINT", "https://id.example.com")),
                // Files that are not there, and a key that is cut short.
                "OIDC_PRIVATE_KEY_PATHS" | "OIDC_PRIVATE_KEYS" | "HUFU_S3_CA_PATH" => continue,
                _ => {}
            }
            if let Err(error) = load(&set) {
                panic!("{}={}: {error}", variable.name, variable.example);
            }
        }
    }

    #[test]
    fn a_wrong_value_is_told_in_one_sentence_with_an_example() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (
                &[("PORT", "many")],
                "PORT is \"many\", which is not a port number from 1 to 65535; write for example PORT=3001.",
            ),
            (
                &[("PORT", "0")],
                "PORT is \"0\", which is not a port number from 1 to 65535; write for example PORT=3001.",
            ),
            (
                &[("ADMIN_PORT", "3001")],
                "ADMIN_PORT is \"3001\", which PORT uses already; write for example ADMIN_PORT=3002.",
            ),
            (
                &[("ENDPOINT", "id.example.com")],
                "ENDPOINT is \"id.example.com\", which is not an http or https address; write for example ENDPOINT=https://id.example.com.",
            ),
            (
                &[("ENDPOINT", "https://id.example.com/?a=b")],
                "ENDPOINT is \"https://id.example.com/?a=b\", which has a query or a fragment; write for example ENDPOINT=https://id.example.com.",
            ),
            (
                &[("ENDPOINT", "https://ann:secret@id.example.com")],
                "ENDPOINT is \"https://ann:secret@id.example.com\", which has a user name or password; write for example ENDPOINT=https://id.example.com.",
            ),
            (
                &[("DISABLE_LOCALHOST", "1")],
                "DISABLE_LOCALHOST is \"1\", which needs ENDPOINT to be set as well; write for example ENDPOINT=https://id.example.com.",
            ),
            (
                &[("TRUST_PROXY_HEADER", "on")],
                "TRUST_PROXY_HEADER is \"on\", which is neither yes (1, true, y, yes, yep, yeah) nor no (0, false, n, no, off); write for example TRUST_PROXY_HEADER=1.",
            ),
            (
                &[("PATH_BASED_MULTI_TENANCY", "1")],
                "PATH_BASED_MULTI_TENANCY is \"1\", which Hufu does not offer: put a * in the host name of ENDPOINT instead; write for example ENDPOINT=https://*.example.com.",
            ),
            (
                &[("DB_URL", "mysql://root:swordfish@db/hufu")],
                "DB_URL is not a sqlite: or postgresql: address; write for example DB_URL=postgresql://hufu:password@db.example.com:5432/hufu.",
            ),
            (
                &[("DB_URL", "postgres://hufu:swordfish@db")],
                "DB_URL does not name a database; write for example DB_URL=postgresql://hufu:password@db.example.com:5432/hufu.",
            ),
            (
                &[("DATABASE_POOL_SIZE", "0")],
                "DATABASE_POOL_SIZE is \"0\", which is not a whole number from 1 to 10000; write for example DATABASE_POOL_SIZE=20.",
            ),
            (
                &[("DATABASE_STATEMENT_TIMEOUT", "never")],
                "DATABASE_STATEMENT_TIMEOUT is \"never\", which is neither a whole number of milliseconds nor DISABLE_TIMEOUT; write for example DATABASE_STATEMENT_TIMEOUT=60000.",
            ),
            (
                &[("HUFU_TRUSTED_PROXIES", "10.0.0.0/40")],
                "HUFU_TRUSTED_PROXIES is \"10.0.0.0/40\", which is not an address or a network; write for example HUFU_TRUSTED_PROXIES=10.0.0.0/8,192.168.1.7.",
            ),
            (
                &[("HUFU_OUTBOUND_ALLOW", "http://x")],
                "HUFU_OUTBOUND_ALLOW is \"http://x\", which is not an address, a network or a host name; write for example HUFU_OUTBOUND_ALLOW=10.1.0.0/16,chat.internal.",
            ),
            (
                &[("SECRET_VAULT_KEK", "c3dvcmRmaXNo")],
                "SECRET_VAULT_KEK is not the base64 of 32 bytes; make one with: openssl rand -base64 32.",
            ),
            (
                &[("OIDC_PRIVATE_KEYS", "c3dvcmRmaXNo")],
                "OIDC_PRIVATE_KEYS has an entry (number 1) that cannot be used: no PEM block with a private key was found; make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048.",
            ),
            (
                &[("OIDC_PRIVATE_KEY_PATHS", "/nowhere/key.pem")],
                "OIDC_PRIVATE_KEY_PATHS names \"/nowhere/key.pem\", which cannot be read (No such file or directory (os error 2)); write for example OIDC_PRIVATE_KEY_PATHS=/etc/hufu/rsa.pem,/etc/hufu/ec.pem.",
            ),
            (
                &[("PRIVATE_KEY_ROTATION_GRACE_PERIOD", "-1")],
                "PRIVATE_KEY_ROTATION_GRACE_PERIOD is \"-1\", which is not a whole number from 0 to 31536000; write for example PRIVATE_KEY_ROTATION_GRACE_PERIOD=14400.",
            ),
            (
                &[("HUFU_ADMIN_USERNAME", "ann")],
                "HUFU_ADMIN_USERNAME is set without HUFU_ADMIN_PASSWORD; set both or neither.",
            ),
            (
                &[("HUFU_ADMIN_USERNAME", "a n"), ("HUFU_ADMIN_PASSWORD", "x")],
                "HUFU_ADMIN_USERNAME is \"a n\", which is not a user name (letters, digits and _, not beginning with a digit); write for example HUFU_ADMIN_USERNAME=admin.",
            ),
            (
                &[("HUFU_LOG_FORMAT", "xml")],
                "HUFU_LOG_FORMAT is \"xml\", which is neither text nor json; write for example HUFU_LOG_FORMAT=json.",
            ),
            (
                &[("HUFU_LOG", "shout=loud=er")],
                "HUFU_LOG is \"shout=loud=er\", which is not a list of levels (error, warn, info, debug, trace); write for example HUFU_LOG=info,sqlx=warn.",
            ),
            (
                &[("HUFU_LISTEN", "localhost")],
                "HUFU_LISTEN is \"localhost\", which is not an IP address; write for example HUFU_LISTEN=127.0.0.1.",
            ),
            (
                &[("HUFU_BREACH_SERVICE", "never")],
                "HUFU_BREACH_SERVICE is \"never\", which is neither off nor an http or https address that ends with /; write for example HUFU_BREACH_SERVICE=off.",
            ),
            (
                &[("HUFU_HASH_WORKERS", "0")],
                "HUFU_HASH_WORKERS is \"0\", which is not a whole number from 1 to 256; write for example HUFU_HASH_WORKERS=2.",
            ),
            (
                &[("REDIS_URL", "http://cache")],
                "REDIS_URL is neither a redis: address nor a word for yes; write for example REDIS_URL=redis://cache.example.com:6379.",
            ),
        ];
        for (set, expected) in cases {
            assert_eq!(load(set).unwrap_err(), *expected, "{set:?}");
        }
    }

    #[test]
    fn t55_nothing_secret_is_printed() {
        let config = load(&[
            ("DB_URL", "postgres://hufu:swordfish@db/hufu"),
            (
                "SECRET_VAULT_KEK",
                "c3dvcmRmaXNoc3dvcmRmaXNoc3dvcmRmaXNoc3dvcmQ=",
            ),
            ("OIDC_COOKIE_KEYS", "swordfish"),
            ("STATUS_API_KEY", "swordfish"),
            ("HUFU_ADMIN_USERNAME", "ann"),
            ("HUFU_ADMIN_PASSWORD", "swordfish"),
        ])
        .unwrap();
        let text = format!("{config:?}");
        assert!(!text.contains("swordfish"), "{text}");
        assert!(!text.contains("115, 119"), "{text}");
    }

    #[test]
    fn settings_without_effect_are_remarked() {
        let remarks = |set: &[(&str, &str)]| load(set).unwrap().remarks.len();
        assert_eq!(remarks(&[]), 0);
        assert_eq!(remarks(&[("HTTPS_CERT_PATH", "/a")]), 1);
        assert_eq!(
            remarks(&[("HTTPS_CERT_PATH", "/a"), ("HTTPS_KEY_PATH", "/b")]),
            0
        );
        assert_eq!(remarks(&[("HUFU_TRUSTED_PROXIES", "10.0.0.1")]), 1);
        assert_eq!(
            remarks(&[
                ("HUFU_TRUSTED_PROXIES", "10.0.0.1"),
                ("TRUST_PROXY_HEADER", "1")
            ]),
            0
        );
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        assert_eq!(
            load(&[("PORT", ""), ("ENDPOINT", " ")])
                .unwrap()
                .listen
                .port,
            3001
        );
    }
}
