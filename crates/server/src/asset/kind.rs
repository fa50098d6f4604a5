//! What an uploaded file is, told by its first bytes: neither its name nor what the sender calls it counts.

use super::svg;

/// A type of file that may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// Windows icon.
    Icon,
    /// SVG without scripts.
    Svg,
    /// TIFF.
    Tiff,
    /// WebP.
    Webp,
    /// Windows bitmap.
    Bmp,
    /// ZIP.
    Zip,
}

/// All of them.
const KINDS: [Kind; 9] = [
    Kind::Jpeg,
    Kind::Png,
    Kind::Gif,
    Kind::Icon,
    Kind::Svg,
    Kind::Tiff,
    Kind::Webp,
    Kind::Bmp,
    Kind::Zip,
];

/// The media types that may be uploaded (`contract/logto-api.md` §5.3).
pub const MEDIA_TYPES: [&str; 10] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/vnd.microsoft.icon",
    "image/x-icon",
    "image/svg+xml",
    "image/tiff",
    "image/webp",
    "image/bmp",
    "application/zip",
];

impl Kind {
    /// What the file is; `None` when it is nothing that may be uploaded.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        // The size that a bitmap says it has.
        let bmp_size = bytes
            .get(2..6)
            .and_then(|size| Some(u32::from_le_bytes(size.try_into().ok()?)));
        let is_bmp = bytes.starts_with(b"BM")
            && bmp_size.is_some_and(|size| usize::try_from(size) == Ok(bytes.len()));
        let starts = |magic: &[&[u8]]| magic.iter().any(|magic| bytes.starts_with(magic));
        [
            (Self::Jpeg, starts(&[b"\xff\xd8\xff"])),
            (Self::Png, starts(&[b"\x89PNG\r\n\x1a\n"])),
            (Self::Gif, starts(&[b"GIF87a", b"GIF89a"])),
            (Self::Icon, starts(&[b"\0\0\x01\0"])),
            (Self::Tiff, starts(&[b"II*\0", b"MM\0*"])),
            (Self::Webp, is_webp),
            (Self::Bmp, is_bmp),
            (Self::Zip, starts(&[b"PK\x03\x04", b"PK\x05\x06"])),
            (Self::Svg, svg::is_harmless(bytes)),
        ]
        .into_iter()
        .find_map(|(kind, matches)| matches.then_some(kind))
    }

    /// The type whose files end like this name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        KINDS.into_iter().find(|kind| kind.extension() == extension)
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Icon => "image/x-icon",
            Self::Svg => "image/svg+xml",
            Self::Tiff => "image/tiff",
            Self::Webp => "image/webp",
            Self::Bmp => "image/bmp",
            Self::Zip => "application/zip",
        }
    }

    /// How its files end.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Icon => "ico",
            Self::Svg => "svg",
            Self::Tiff => "tiff",
            Self::Webp => "webp",
            Self::Bmp => "bmp",
            Self::Zip => "zip",
        }
    }

    /// How a browser treats a file that is opened by itself. A page shows it as an image either way.
    pub const fn disposition(self) -> &'static str {
        match self {
            // A picture that is a document of its own could do what pages can.
            Self::Svg | Self::Zip | Self::Tiff => "attachment",
            _ => "inline",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind, MEDIA_TYPES};

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], Kind::Jpeg),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind::Png),
            (b"GIF89a\x01\0", Kind::Gif),
            (b"\0\0\x01\0\x01\0", Kind::Icon),
            (b"II*\0\x08\0", Kind::Tiff),
            (b"MM\0*\0\x08", Kind::Tiff),
            (b"RIFF\x04\0\0\0WEBPVP8 ", Kind::Webp),
            (b"BM\x0a\0\0\0\0\0\0\0", Kind::Bmp),
            (b"PK\x03\x04", Kind::Zip),
            (br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#, Kind::Svg),
        ] {
            assert_eq!(Kind::of(bytes), Some(kind), "{kind:?}");
        }
    }

    #[test]
    fn t53_what_is_cut_short_or_something_else_is_nothing() {
        for bytes in [
            &b""[..],
            b"\x89PNG",
            b"GIF8",
            b"RIFF\x04\0\0\0WAVE",
            b"BM and the rest of a text",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"<html></html>",
            b"MZ\x90\0",
            b"%PDF-1.7",
            b"#!/bin/sh",
            b"\0\0\0\0",
        ] {
            assert_eq!(Kind::of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn every_kind_is_offered_and_found_again_by_its_name() {
        for kind in KINDS {
            assert!(MEDIA_TYPES.contains(&kind.media_type()), "{kind:?}");
            let name = format!("a/b.{}", kind.extension());
            assert_eq!(Kind::of_name(&name), Some(kind));
        }
        assert_eq!(Kind::of_name("page.html"), None);
        assert_eq!(Kind::of_name("png"), None);
    }
}
