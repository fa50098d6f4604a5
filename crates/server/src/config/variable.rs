//! Every variable that is read, as `hufu help env` lists them.

/// One environment variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The heading it stands under.
    pub group: &'static str,
    /// What holds when it is not set.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// A value that works.
    pub example: &'static str,
}

/// The variable with this name.
pub fn find(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

const ADDRESSES: &str = "Addresses and TLS";
const DATABASE: &str = "Database";
const FILES: &str = "Uploaded files";
const KEYS: &str = "Keys";
const PROXIES: &str = "Proxies and outbound calls";
const BEHAVIOUR: &str = "Behaviour";
const COMPATIBLE: &str = "Accepted for Logto's sake";

const fn variable(
    group: &'static str,
    name: &'static str,
    default: &'static str,
    example: &'static str,
    meaning: &'static str,
) -> Variable {
    Variable {
        name,
        group,
        default,
        meaning,
        example,
    }
}

/// Every variable, by heading.
pub const VARIABLES: &[Variable] = &[
    variable(
        ADDRESSES,
        "PORT",
        "3001",
        "3001",
        "Port for sign-in, OpenID Connect and the API.",
    ),
    variable(
        ADDRESSES,
        "ENDPOINT",
        "http(s)://localhost:PORT",
        "https://id.example.com",
        "Public address of the server as browsers see it; the issuer is this address followed by /oidc. A * in the host name stands for the tenant's id.",
    ),
    variable(
        ADDRESSES,
        "DISABLE_LOCALHOST",
        "no",
        "1",
        "Do not answer as http(s)://localhost:PORT; ENDPOINT is then required.",
    ),
    variable(
        ADDRESSES,
        "ADMIN_PORT",
        "3002",
        "3002",
        "Port for administrators.",
    ),
    variable(
        ADDRESSES,
        "ADMIN_ENDPOINT",
        "http(s)://localhost:ADMIN_PORT",
        "https://admin.example.com",
        "Public address of the administrators' console and sign-in.",
    ),
    variable(
        ADDRESSES,
        "ADMIN_DISABLE_LOCALHOST",
        "no",
        "1",
        "Do not open ADMIN_PORT. The administrators' tenant is then reached through PORT by ADMIN_ENDPOINT, and not at all without it.",
    ),
    variable(
        ADDRESSES,
        "CLOUD_ENDPOINT",
        "none",
        "https://cloud.example.com",
        "One more address from which the console may be used.",
    ),
    variable(
        ADDRESSES,
        "CLOUD_PORT",
        "3003 when CLOUD_ENDPOINT is set",
        "3003",
        "The same on localhost.",
    ),
    variable(
        ADDRESSES,
        "CLOUD_DISABLE_LOCALHOST",
        "no",
        "1",
        "Leave out the address on localhost.",
    ),
    variable(
        ADDRESSES,
        "HTTPS_CERT_PATH",
        "none",
        "/etc/hufu/tls.crt",
        "PEM file with the certificate chain. With HTTPS_KEY_PATH, both ports speak HTTPS; one of the two alone is ignored.",
    ),
    variable(
        ADDRESSES,
        "HTTPS_KEY_PATH",
        "none",
        "/etc/hufu/tls.key",
        "PEM file with the certificate's private key.",
    ),
    variable(
        ADDRESSES,
        "HUFU_LISTEN",
        "all interfaces: [::], or 0.0.0.0 where there is no IPv6",
        "127.0.0.1",
        "The IP address to listen on.",
    ),
    variable(
        DATABASE,
        "DB_URL",
        "sqlite:./data/hufu.db",
        "postgresql://hufu:password@db.example.com:5432/hufu",
        "The database: an SQLite file or a PostgreSQL address.",
    ),
    variable(
        DATABASE,
        "DATABASE_POOL_SIZE",
        "20",
        "20",
        "The most connections that are open at once.",
    ),
    variable(
        DATABASE,
        "DATABASE_CONNECTION_TIMEOUT",
        "5000",
        "5000",
        "Milliseconds a request waits for a free connection.",
    ),
    variable(
        DATABASE,
        "DATABASE_STATEMENT_TIMEOUT",
        "60000",
        "60000",
        "Milliseconds one statement may run on PostgreSQL. DISABLE_TIMEOUT leaves the limit to the database, as some poolers need it.",
    ),
    variable(
        DATABASE,
        "HUFU_AUTO_MIGRATE",
        "yes",
        "no",
        "Let the server create and update its tables at start. When off, an outdated database is refused with the command that mends it.",
    ),
    variable(
        FILES,
        "HUFU_ASSETS_DIR",
        "beside the SQLite file: ./data/assets",
        "/var/lib/hufu/assets",
        "The folder for uploaded files, or off. With PostgreSQL there is none unless it is set: all nodes need the same.",
    ),
    variable(
        FILES,
        "HUFU_S3_BUCKET",
        "none",
        "avatars",
        "A bucket for uploaded files, in place of the folder: of Amazon S3, Alibaba Cloud OSS, MinIO or the like. Everybody must be able to read its files. The system setting storageProvider goes before it.",
    ),
    variable(
        FILES,
        "HUFU_S3_ENDPOINT",
        "Amazon's",
        "https://oss-cn-hangzhou.aliyuncs.com",
        "The address of the service, without the bucket.",
    ),
    variable(
        FILES,
        "HUFU_S3_REGION",
        "us-east-1",
        "cn-hangzhou",
        "Where the bucket is.",
    ),
    variable(
        FILES,
        "HUFU_S3_ACCESS_KEY_ID",
        "none",
        "LTAI5tExample",
        "Who writes into the bucket.",
    ),
    variable(
        FILES,
        "HUFU_S3_SECRET_ACCESS_KEY",
        "none",
        "wJalrXUtnFEMIexample",
        "The secret that goes with it.",
    ),
    variable(
        FILES,
        "HUFU_S3_CA_PATH",
        "none",
        "/etc/hufu/authorities.pem",
        "Certificates, as PEM, of authorities to trust beside the system's when the service proves who it is.",
    ),
    variable(
        FILES,
        "HUFU_S3_PATH_STYLE",
        "no",
        "1",
        "Put the bucket into the path of addresses, as MinIO wants it, not into the host name.",
    ),
    variable(
        FILES,
        "HUFU_S3_PUBLIC_URL",
        "the address it is written to",
        "https://files.example.com",
        "The address at which browsers read the bucket's files.",
    ),
    variable(
        KEYS,
        "OIDC_PRIVATE_KEYS",
        "keys are generated",
        "LS0tLS1CRUdJTiBQUklWQVRF…",
        "Private keys for a new installation: PEM or its base64, \\n for line ends, several by comma; RSA or EC. The first of each algorithm signs.",
    ),
    variable(
        KEYS,
        "OIDC_PRIVATE_KEY_PATHS",
        "none",
        "/etc/hufu/rsa.pem,/etc/hufu/ec.pem",
        "The same as files; read when OIDC_PRIVATE_KEYS is not set.",
    ),
    variable(
        KEYS,
        "OIDC_COOKIE_KEYS",
        "a key is generated",
        "Vd1yUwS5nEBcgYX2",
        "Secrets for a new installation that protect the forms of the sign-in pages, several by comma, the current one first.",
    ),
    variable(
        KEYS,
        "SECRET_VAULT_KEK",
        "the key file",
        "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "Base64 of the 32-byte key that encrypts secrets in the database. Every node needs the same.",
    ),
    variable(
        KEYS,
        "HUFU_KEY_FILE",
        "beside the SQLite file: ./data/hufu.key",
        "/var/lib/hufu/hufu.key",
        "Where that key is kept when SECRET_VAULT_KEK is not set; made at first start, readable by the owner only.",
    ),
    variable(
        KEYS,
        "PRIVATE_KEY_ROTATION_GRACE_PERIOD",
        "0",
        "14400",
        "Seconds between publishing a new signing key and signing with it.",
    ),
    variable(
        PROXIES,
        "TRUST_PROXY_HEADER",
        "no",
        "1",
        "Believe X-Forwarded-Proto, X-Forwarded-Host and X-Forwarded-For from trusted proxies.",
    ),
    variable(
        PROXIES,
        "HUFU_TRUSTED_PROXIES",
        "loopback and private networks",
        "10.0.0.0/8,192.168.1.7",
        "The proxies that TRUST_PROXY_HEADER means: addresses and networks by comma.",
    ),
    variable(
        PROXIES,
        "HUFU_OUTBOUND_ALLOW",
        "none",
        "10.1.0.0/16,chat.internal",
        "Private networks and host names by comma that the server may call, for logout notices, webhooks and sign-in providers on a LAN.",
    ),
    variable(
        PROXIES,
        "HUFU_OUTBOUND_CA",
        "none",
        "/etc/hufu/ca.pem",
        "PEM file with authorities that the server trusts when it calls https addresses, besides those of the system.",
    ),
    variable(
        PROXIES,
        "OIDC_PROVIDER_SSRF_PROTECTION_DISABLED",
        "no",
        "1",
        "Let the server call every private address. Clients that describe themselves (CIMD) are then off.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_ADMIN_USERNAME",
        "none",
        "admin",
        "The first administrator, made at start when there is none. With HUFU_ADMIN_PASSWORD.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_ADMIN_PASSWORD",
        "none",
        "correct horse battery staple",
        "The first administrator's password.",
    ),
    variable(
        BEHAVIOUR,
        "CASE_SENSITIVE_USERNAME",
        "yes",
        "no",
        "no makes user names case-insensitive in every tenant.",
    ),
    variable(
        BEHAVIOUR,
        "STATUS_API_KEY",
        "none",
        "b1KnJ8mYpR3tQzXc",
        "Whoever sends this in the header logto-status-api-key is told the tenant's id by /api/status.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_BREACH_SERVICE",
        "https://api.pwnedpasswords.com/range/",
        "off",
        "Where new passwords are looked up among breached ones: an address behind which five characters of the password's SHA-1 are put, or off. Nobody is turned away because it cannot be reached.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_HASH_WORKERS",
        "one for each processor",
        "2",
        "How many passwords are hashed at once.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_LOG_RETENTION_DAYS",
        "90",
        "365",
        "Days after which audit logs and the logs of webhooks are removed. 0 keeps them for ever.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_SCRIPT_WORKERS",
        "one for each processor",
        "2",
        "How many scripts of operators (custom token claims) run at once, each in a process of its own.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_SCRIPT_TIMEOUT",
        "3000",
        "1000",
        "Milliseconds after which a script is stopped.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_MOCK_CONNECTORS",
        "no",
        "1",
        "Offer connectors for tests, which write e-mail and SMS into files in place of sending them. Never where real people sign in.",
    ),
    variable(
        BEHAVIOUR,
        "MOCK_CONNECTOR_MESSAGE_DIR",
        "/tmp/logto",
        "/tmp/messages",
        "The directory of those files, mock_email_record.txt and mock_sms_record.txt, one message in a line. It also offers the connectors.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_LOG",
        "info",
        "info,sqlx=warn",
        "What is logged: a level (error, warn, info, debug, trace), or levels by module.",
    ),
    variable(
        BEHAVIOUR,
        "HUFU_LOG_FORMAT",
        "text",
        "json",
        "text for people, json for log collectors.",
    ),
    variable(
        COMPATIBLE,
        "TENANT_POOL_SIZE",
        "none",
        "100",
        "No effect: all tenants are held in memory.",
    ),
    variable(
        COMPATIBLE,
        "REDIS_URL",
        "none",
        "redis://cache.example.com:6379",
        "No effect: settings are held in memory, and nodes tell each other of changes through the database.",
    ),
    variable(
        COMPATIBLE,
        "PATH_BASED_MULTI_TENANCY",
        "no",
        "no",
        "Only no is accepted: tenants are told apart by host name.",
    ),
];
