//! Certificates that we sign ourselves: in SAML, public keys travel in no other form.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::{
    jose::{SigningAlgorithm, SigningKey},
    time::Time,
};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, SerialNumber,
    date_time_ymd,
};
use rustls::pki_types::PrivatePkcs8KeyDer;

use zeroize::Zeroizing;

use crate::{
    app::App,
    error::{ApiError, Failure},
    key::{self, NotGenerated},
    operation::OperationError,
};

/// A year in seconds.
const YEAR: i64 = 365 * 86_400;
/// How many years a certificate is good where nobody says otherwise.
pub const YEARS: i64 = 3;

/// A certificate and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// As PEM.
    pub pem: String,
    /// When it ends.
    pub expires_at: Time,
}

/// A new RSA key with its certificate.
#[derive(Debug)]
pub struct CertifiedKey {
    /// What others are given.
    pub certificate: Certificate,
    /// PKCS#8.
    pub private_key: Zeroizing<Vec<u8>>,
}

/// Makes a key whose certificate names `name` and is good for so many years. RSA keys take long to find: that happens beside the requests.
///
/// # Errors
/// When no key could be made.
pub async fn certified_key(app: &App, name: &str, years: i64) -> Result<CertifiedKey, ApiError> {
    let (name, serial, now) = (name.to_owned(), app.random_bytes::<16>(), app.now());
    let made = tokio::task::spawn_blocking(move || generate(&name, &serial, years, now));
    let made = made.await.map_err(Failure::internal)?;
    Ok(made.map_err(OperationError::from)?)
}

/// The same at once, for whoever keeps nobody waiting.
///
/// # Errors
/// When no key could be made.
pub fn generate(
    name: &str,
    serial: &[u8],
    years: i64,
    now: Time,
) -> Result<CertifiedKey, NotGenerated> {
    let key = key::generate(SigningAlgorithm::RS256)?;
    let certificate = certify(&key, name, serial, years, now)?;
    let private_key = key.to_pkcs8().map_err(|_| NotGenerated)?;
    Ok(CertifiedKey {
        certificate,
        private_key,
    })
}

/// A certificate for an RSA key, good for so many years from the beginning of the present day on.
///
/// # Errors
/// When the key is none that can sign.
pub fn certify(
    key: &SigningKey,
    name: &str,
    serial: &[u8],
    years: i64,
    now: Time,
) -> Result<Certificate, NotGenerated> {
    let pkcs8 = key.to_pkcs8().map_err(|_| NotGenerated)?;
    let pkcs8 = PrivatePkcs8KeyDer::from(pkcs8.as_slice());
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &PKCS_RSA_SHA256)
        .map_err(|_| NotGenerated)?;
    let begins = Time(now.0 - now.0.rem_euclid(86_400));
    let expires_at = begins.plus(years.saturating_mul(YEAR));
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(serial));
    let (year, month, day) = date(begins).ok_or(NotGenerated)?;
    params.not_before = date_time_ymd(year, month, day);
    let (year, month, day) = date(expires_at).ok_or(NotGenerated)?;
    params.not_after = date_time_ymd(year, month, day);
    let certificate = params.self_signed(&pair).map_err(|_| NotGenerated)?;
    Ok(Certificate {
        pem: pem(certificate.der()),
        expires_at,
    })
}

/// The SHA-256 of the certificate in PEM, in upper-case hexadecimal.
pub fn fingerprint(pem: &str) -> String {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD
        .decode(lines.collect::<String>())
        .unwrap_or_default();
    let bytes = digest(&SHA256, &der);
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

fn date(time: Time) -> Option<(i32, u8, u8)> {
    let iso = time.iso();
    let mut parts = iso.split('T').next()?.split('-');
    Some((
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    ))
}

/// RFC 7468 §2: lines of 64 characters.
fn pem(der: &[u8]) -> String {
    let text: Vec<char> = STANDARD.encode(der).chars().collect();
    let lines = text
        .chunks(64)
        .map(|line| line.iter().collect::<String>() + "\n");
    format!(
        "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n",
        lines.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use protocol::{jose::SigningAlgorithm, time::Time};

    use super::{YEARS, certify, fingerprint};
    use crate::key::generate;

    #[test]
    fn a_certificate_is_good_for_three_years_and_has_a_fingerprint() {
        let key = generate(SigningAlgorithm::RS256).unwrap();
        let now = Time(1_800_000_000);
        let certificate = certify(&key, "acme", &[1; 16], YEARS, now).unwrap();
        assert_eq!(
            certificate.expires_at.0,
            1_800_000_000 - 1_800_000_000 % 86_400 + 3 * 365 * 86_400
        );
        assert!(
            certificate
                .pem
                .starts_with("-----BEGIN CERTIFICATE-----\nMII")
        );
        assert!(certificate.pem.lines().all(|line| line.len() <= 64));
        let other = certify(&key, "acme", &[2; 16], 100, now).unwrap();
        assert_eq!(
            other.expires_at.since(certificate.expires_at),
            97 * 365 * 86_400
        );
        let prints = [&certificate, &other].map(|one| fingerprint(&one.pem));
        assert_eq!(prints[0].len(), 64);
        assert_ne!(prints[0], prints[1]);
        // What rustls reads is a certificate.
        let der = pem_bytes(&certificate.pem);
        assert!(rustls::server::ParsedCertificate::try_from(&der.into()).is_ok());
    }

    fn pem_bytes(pem: &str) -> Vec<u8> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let lines = pem.lines().filter(|line| !line.starts_with('-'));
        STANDARD.decode(lines.collect::<String>()).unwrap()
    }
}
