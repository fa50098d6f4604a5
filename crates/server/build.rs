//! Turns `text/*.json` into the struct `Text`, one field per key and one value per language, and packs the files of
//! `web/pages/`. A key that is missing or too much in a language, or whose placeholders differ, ends the build.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

/// The language that decides which keys there are.
const REFERENCE: &str = "en";

type Texts = BTreeMap<String, String>;

fn main() {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("../..");
    let out = PathBuf::from(variable("OUT_DIR"));
    let languages = read_languages(&root.join("text"));
    let reference = languages
        .get(REFERENCE)
        .unwrap_or_else(|| fail(format!("text/{REFERENCE}.json is missing")));
    for (tag, texts) in &languages {
        compare(tag, texts, reference);
    }
    write(&out.join("text.rs"), generate(&languages, reference));
    pack(&root.join("web/pages"), &out);
    pack_document(&root.join("openapi.json"), &out);
}

fn read_languages(folder: &Path) -> BTreeMap<String, Texts> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| fail(format!("{}: {error}", folder.display())));
    let files = entries.filter_map(Result::ok).map(|entry| entry.path());
    let json = files.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    json.map(|path| {
        println!("cargo::rerun-if-changed={}", path.display());
        let tag = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| fail(format!("{}: {error}", path.display())));
        let texts = serde_json::from_str(&text)
            .unwrap_or_else(|error| fail(format!("text/{tag}.json: {error}")));
        (tag, texts)
    })
    .collect()
}

/// Writes each file without its comments, and once more compressed.
fn pack(folder: &Path, out: &Path) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| fail(format!("{}: {error}", folder.display())));
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| fail(format!("{}: {error}", path.display())));
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let packed = without_comments(&text);
        write(&out.join(format!("{name}.gz")), compressed(&packed));
        write(&out.join(name), packed);
    }
}

/// Writes the description of the API without white space, and once more compressed.
fn pack_document(path: &Path, out: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(path)
        .unwrap_or_else(|error| fail(format!("{}: {error}", path.display())));
    let document: serde_json::Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| fail(format!("{}: {error}", path.display())));
    let packed = document.to_string();
    write(&out.join("openapi.json.gz"), compressed(&packed));
    write(&out.join("openapi.json"), packed);
}

/// Without indentation, empty lines, and lines that only comment: enough, since gzip does the rest.
fn without_comments(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let kept = lines.filter(|line| {
        let is_comment = line.starts_with("//") || line.starts_with("/*") && line.ends_with("*/");
        !line.is_empty() && !is_comment
    });
    kept.map(|line| format!("{line}\n")).collect()
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(text.as_bytes())
        .and_then(|()| encoder.finish())
        .unwrap_or_else(|error| fail(error.to_string()))
}

fn compare(tag: &str, texts: &Texts, reference: &Texts) {
    if let Some(key) = reference.keys().find(|key| !texts.contains_key(*key)) {
        fail(format!("text/{tag}.json lacks the key {key}"))
    }
    for (key, text) in texts {
        let Some(original) = reference.get(key) else {
            fail(format!(
                "text/{tag}.json has the key {key}, which text/{REFERENCE}.json lacks"
            ))
        };
        if placeholders(text) != placeholders(original) {
            fail(format!(
                "text/{tag}.json: {key} must have the placeholders {:?}",
                placeholders(original)
            ))
        }
        if text.trim().is_empty() {
            fail(format!("text/{tag}.json: {key} is empty"))
        }
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[expect(
    clippy::format_push_string,
    reason = "generated code reads best as pieces of text, and nobody waits for them"
)]
fn generate(languages: &BTreeMap<String, Texts>, reference: &Texts) -> String {
    let mut code = String::from(
        "/// Everything the pages say, in one language.\n#[derive(Debug)]\npub struct Text {\n",
    );
    for (key, text) in reference {
        code += &format!("    /// {text:?} in English.\n    pub {key}: &'static str,\n");
    }
    code += "}\n\nimpl Text {\n    /// Every key with its text.\n    pub const fn entries(&self) -> [(&'static str, &'static str); ";
    code += &format!("{}] {{\n        [\n", reference.len());
    for key in reference.keys() {
        code += &format!("            ({key:?}, self.{key}),\n");
    }
    code += "        ]\n    }\n";
    code += "}\n\n/// Every language, by tag.\npub static LANGUAGES: &[(&str, Text)] = &[\n";
    for (tag, texts) in languages {
        code += &format!("    ({tag:?}, Text {{\n");
        for (key, text) in texts {
            code += &format!("        {key}: {text:?},\n");
        }
        code += "    }),\n";
    }
    code += "];\n\n/// English, which is always there.\npub static ENGLISH: &Text = &Text {\n";
    for (key, text) in reference {
        code += &format!("    {key}: {text:?},\n");
    }
    code + "};\n"
}

fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::write(path, content).unwrap_or_else(|error| fail(format!("{}: {error}", path.display())));
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script where things are through variables"
)]
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| fail(format!("{name} is not set")))
}

#[expect(clippy::panic, reason = "this is how a build script stops the build")]
fn fail(why: String) -> ! {
    panic!("{why}")
}
