//! Pictures for cameras.

use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{QrCode, render::svg, types::QrError};

/// A QR code of a text, as an address of the scheme `data`.
///
/// # Errors
/// When the text is too long for one.
pub fn picture(text: &str) -> Result<String, QrError> {
    let code = QrCode::new(text)?;
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    Ok(format!(
        "data:image/svg+xml;base64,{}",
        STANDARD.encode(picture)
    ))
}
