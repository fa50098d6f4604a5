//! What can be seen without the network: the database, the keys, the files.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use store::{Db, StoreError, Vault, alteration, seed};

use super::{finding::Finding, outside::clock};
use crate::{command::Context, config::Tls};

/// Nothing here changes anything, or makes a file that is missing.
pub(super) async fn findings(context: &Context) -> Vec<Finding> {
    let mut findings: Vec<_> = context
        .config
        .remarks
        .iter()
        .map(|(fault, mend)| Finding::doubtful("configuration", fault, mend))
        .collect();
    findings.extend(context.config.listen.tls.iter().flat_map(certificate));
    findings.extend(key_file(context));
    findings.extend(database(context).await);
    findings
}

async fn database(context: &Context) -> Vec<Finding> {
    const CHECK: &str = "database";
    if let Some(path) = missing_file(context) {
        let message = format!("there is no file {}", path.display());
        return vec![Finding::broken(
            CHECK,
            message,
            "run hufu serve or hufu db seed, or correct DB_URL",
        )];
    }
    let db = match context.connect().await {
        Ok(db) => db,
        Err(error) => {
            let mend = "start the database, and check DB_URL: host, port, user, password, name and sslmode";
            return vec![Finding::broken(CHECK, format!("{error:#}"), mend)];
        }
    };
    let mut findings = match tables(&db).await {
        Ok(Some(finding)) => vec![finding],
        Ok(None) => vec![
            Finding::good(CHECK, "reachable, up to date and seeded"),
            vault(context, &db).await,
        ],
        Err(error) => vec![Finding::broken(
            CHECK,
            format!("{error:#}"),
            "see the database's log; hufu db alteration deploy latest creates missing tables",
        )],
    };
    if let Ok(Some(time)) = db.time().await {
        findings.push(clock(
            "database clock",
            "the database's clock",
            time.since(context.now()),
        ));
    }
    findings
}

fn missing_file(context: &Context) -> Option<PathBuf> {
    context.config.database.file().filter(|path| !path.exists())
}

/// What the tables lack.
async fn tables(db: &Db) -> Result<Option<Finding>, StoreError> {
    let pending = alteration::pending(db).await?;
    if !pending.is_empty() {
        let message = format!("{} alterations are not deployed", pending.len());
        return Ok(Some(Finding::broken(
            "database",
            message,
            "run hufu db alteration deploy latest, or let hufu serve do it",
        )));
    }
    if !seed::is_seeded(db).await? {
        return Ok(Some(Finding::broken(
            "database",
            "the tables are empty",
            "run hufu db seed, or let hufu serve do it",
        )));
    }
    Ok(None)
}

async fn vault(context: &Context, db: &Db) -> Finding {
    const CHECK: &str = "vault key";
    match opened(context, db).await {
        Ok(()) => Finding::good(CHECK, "opens the secrets in the database"),
        Err(error) => Finding::broken(
            CHECK,
            error,
            "set SECRET_VAULT_KEK, or put the key file back, as they were when the database was seeded; without that key its secrets are lost",
        ),
    }
}

async fn opened(context: &Context, db: &Db) -> Result<(), String> {
    let keys = &context.config.keys;
    if keys.vault.is_none() && !keys.file.exists() {
        return Err(format!(
            "there is neither SECRET_VAULT_KEK nor the key file {}",
            keys.file.display()
        ));
    }
    let vault: Vault = context.vault().map_err(|error| format!("{error:#}"))?;
    vault.check(db).await.map_err(|error| error.to_string())
}

fn key_file(context: &Context) -> Option<Finding> {
    const CHECK: &str = "key file";
    let keys = &context.config.keys;
    if keys.vault.is_some() || !keys.file.exists() {
        return None;
    }
    let path = keys.file.display();
    Some(match mode(&keys.file) {
        Err(error) => Finding::broken(
            CHECK,
            format!("{path} cannot be read: {error}"),
            format!("run hufu as the owner of {path}"),
        ),
        Ok(mode) if mode & 0o077 != 0 => Finding::doubtful(
            CHECK,
            format!("others can read {path} (mode {:03o})", mode & 0o777),
            format!("chmod 600 {path}"),
        ),
        Ok(_) if context.config.database.file().is_none() => {
            let mend = "set SECRET_VAULT_KEK to its contents on every node";
            Finding::doubtful(
                CHECK,
                format!(
                    "the key of a PostgreSQL database is in {path}: other nodes cannot open its secrets"
                ),
                mend,
            )
        }
        Ok(_) => Finding::good(CHECK, format!("{path} is readable by its owner only")),
    })
}

fn certificate(tls: &Tls) -> Vec<Finding> {
    let file = |path: &Path, variable: &str| match fs::File::open(path) {
        Ok(_) => None,
        Err(error) => Some(Finding::broken(
            "certificate",
            format!("{} cannot be read: {error}", path.display()),
            format!("correct {variable}, or let the user who runs hufu read the file"),
        )),
    };
    [
        file(&tls.certificate, "HTTPS_CERT_PATH"),
        file(&tls.key, "HTTPS_KEY_PATH"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn mode(path: &Path) -> std::io::Result<u32> {
    fs::File::open(path)?
        .metadata()
        .map(|metadata| metadata.permissions().mode())
}
