//! Writes every page as a file, to look at: `cargo run -p server --example render_pages FOLDER`, then serve that folder.

#[path = "../tests/pages/sample.rs"]
mod sample;

use std::{env, fs, path::Path};

use identity::experience::SignInExperience;
use sample::{Words, frame, pages};
use server::page::asset::{ASSETS, path};

fn main() -> anyhow::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/pages".into());
    let folder = Path::new(&folder);
    for asset in &ASSETS {
        write(folder, path(asset.name), asset.file.content)?;
    }
    for locale in server::text::tags() {
        let frame = frame(&experience(), locale);
        for (name, page) in pages(&Words::plain()) {
            write(
                folder,
                &format!("{locale}/{name}.html"),
                &page.html(&frame)?,
            )?;
        }
    }
    Ok(())
}

/// One that follows the system's scheme and has everything at the foot of a page.
fn experience() -> SignInExperience {
    let mut experience = SignInExperience::default();
    experience.color.is_dark_mode_enabled = true;
    experience.terms_of_use_url = Some("https://example.com/terms".into());
    experience.privacy_policy_url = Some("https://example.com/privacy".into());
    experience.support_email = Some("help@example.com".into());
    experience
}

fn write(folder: &Path, name: &str, content: &str) -> anyhow::Result<()> {
    let path = folder.join(name.trim_start_matches('/'));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, content)?)
}
