//! Pictures that are documents: only those are taken that can neither run nor load anything (attack T45).

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

const NAMESPACE: &[u8] = b"http://www.w3.org/2000/svg";

/// Elements that run something, load something, or bring another language along.
const REFUSED: [&[u8]; 12] = [
    b"script",
    b"foreignobject",
    b"iframe",
    b"embed",
    b"object",
    b"handler",
    b"listener",
    b"audio",
    b"video",
    b"link",
    b"base",
    b"meta",
];

/// The deepest nesting that is looked at.
const DEEPEST: usize = 100;

/// Whether these bytes are an SVG picture that does nothing but show itself.
pub(super) fn is_harmless(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(text) = str::from_utf8(text) else {
        return false;
    };
    // A quick look spares everything else the parser.
    text.trim_start().starts_with('<') && reads(text).unwrap_or(false)
}

/// `None` when it is no XML, or something in it is refused.
fn reads(text: &str) -> Option<bool> {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut roots, mut in_style) = (0_usize, 0_usize, false);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return Some(depth == 0 && roots == 1),
            Event::Start(element) => {
                check(&element, depth == 0)?;
                roots += usize::from(depth == 0);
                in_style = element.local_name().as_ref().eq_ignore_ascii_case(b"style");
                depth += 1;
            }
            Event::Empty(element) => {
                check(&element, depth == 0)?;
                roots += usize::from(depth == 0);
            }
            Event::End(_) => {
                in_style = false;
                depth = depth.checked_sub(1)?;
            }
            Event::Text(said) if in_style => style(&said.decode().ok()?)?,
            Event::CData(said) if in_style => style(&said.decode().ok()?)?,
            // A reference could hide what a style says.
            Event::GeneralRef(_) if in_style => return None,
            // Entities of its own could be anything, and style sheets come from elsewhere.
            Event::DocType(_) | Event::PI(_) => return None,
            Event::Text(said) if depth == 0 && !said.decode().ok()?.trim().is_empty() => {
                return None;
            }
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
    }
}

fn check(element: &BytesStart<'_>, is_root: bool) -> Option<()> {
    let name = element.local_name().as_ref().to_ascii_lowercase();
    if REFUSED.contains(&name.as_slice()) || (is_root && name != b"svg") {
        return None;
    }
    let mut has_namespace = false;
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.as_ref().to_ascii_lowercase();
        let raw = str::from_utf8(&attribute.value).ok()?;
        let value = quick_xml::escape::unescape(raw).ok()?.to_ascii_lowercase();
        has_namespace |= key == b"xmlns" && value.as_bytes() == NAMESPACE;
        let local = attribute.key.local_name().as_ref().to_ascii_lowercase();
        if local.starts_with(b"on") || local == b"base" {
            return None;
        }
        match local.as_slice() {
            b"href" | b"src" => reference(&value)?,
            // An animation may give any attribute any value.
            b"attributename" if value.contains("href") || value.starts_with("on") => return None,
            _ => style(&value)?,
        }
    }
    (has_namespace || !is_root).then_some(())
}

/// Only what is in the file, or a picture inside the address itself.
fn reference(value: &str) -> Option<()> {
    const PICTURES: [&str; 4] = [
        "data:image/png",
        "data:image/jpeg",
        "data:image/gif",
        "data:image/webp",
    ];
    let value = value.trim();
    let is_inside = value.starts_with('#') || value.is_empty();
    (is_inside || PICTURES.iter().any(|start| value.starts_with(start))).then_some(())
}

/// A style may name what is in the file and nothing else.
fn style(value: &str) -> Option<()> {
    let value: String = value
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\''))
        .flat_map(char::to_lowercase)
        .collect();
    // Escapes of CSS hide what they say.
    if value.contains('\\') || value.contains("@import") || value.contains("javascript:") {
        return None;
    }
    let mut urls = value.split("url(").skip(1);
    urls.all(|target| target.starts_with('#')).then_some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_harmless;

    fn svg(inside: &str) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>"#
        )
    }

    #[test]
    fn pictures_are_taken() {
        for picture in [
            svg(""),
            svg(
                r#"<defs><linearGradient id="g"/></defs><rect fill="url(#g)" style="stroke: url('#g')"/>"#,
            ),
            svg(r##"<style>.a{fill:#fff}</style><use xlink:href="#a"/>"##),
            svg(r#"<image href="data:image/png;base64,AAAA"/>"#),
            svg("<title>A &amp; B</title><!-- drawn by hand -->"),
            format!(
                "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
                svg("<g><path d=\"M0 0\"/></g>")
            ),
        ] {
            assert!(is_harmless(picture.as_bytes()), "{picture}");
        }
    }

    #[test]
    fn t45_pictures_that_run_or_load_something_are_refused() {
        for inside in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<a:script xmlns:a='http://www.w3.org/2000/svg'>alert(1)</a:script>",
            "<rect onload='alert(1)'/>",
            "<rect ONCLICK='alert(1)'/>",
            "<a href='javascript:alert(1)'><rect/></a>",
            "<a xlink:href='java&#115;cript:alert(1)'><rect/></a>",
            "<a href='https://evil.test'><rect/></a>",
            "<image href='https://evil.test/pixel.png'/>",
            "<image href='data:image/svg+xml;base64,AAAA'/>",
            "<use href='data:text/html,x'/>",
            "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
            "<iframe src='https://evil.test'/>",
            "<style>@import 'https://evil.test'</style>",
            "<style>a{background:url(https://evil.test)}</style>",
            "<style>a{background:u\\72l(https://evil.test)}</style>",
            "<style><![CDATA[@import 'x']]></style>",
            "<style>&#64;import 'x'</style>",
            "<rect style='fill: URL( &quot;https://evil.test&quot; )'/>",
            "<animate attributeName='href' to='javascript:alert(1)'/>",
            "<set attributeName='onmouseover' to='alert(1)'/>",
            "<g xml:base='https://evil.test'/>",
        ] {
            assert!(!is_harmless(svg(inside).as_bytes()), "{inside}");
        }
    }

    #[test]
    fn t53_what_is_no_picture_is_refused() {
        let deep = svg(&format!("{}{}", "<g>".repeat(200), "</g>".repeat(200)));
        let lol = format!("<!DOCTYPE svg [<!ENTITY a \"aaaa\">]>{}", svg("&a;"));
        let sheet = format!("<?xml-stylesheet href='https://evil.test'?>{}", svg(""));
        for text in [
            "",
            "<",
            "<svg",
            "<svg/>",
            "<svg xmlns='http://www.w3.org/1999/xhtml'/>",
            "<html xmlns='http://www.w3.org/2000/svg'/>",
            "<svg xmlns='http://www.w3.org/2000/svg'>",
            "<svg xmlns='http://www.w3.org/2000/svg'/><svg xmlns='http://www.w3.org/2000/svg'/>",
            "text <svg xmlns='http://www.w3.org/2000/svg'/>",
            "<svg xmlns='http://www.w3.org/2000/svg'></g>",
            &deep,
            &lol,
            &sheet,
        ] {
            assert!(!is_harmless(text.as_bytes()), "{text}");
        }
        let utf16: Vec<u8> = svg("").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!is_harmless(&utf16));
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(bytes: Vec<u8>, inside in "[<>/a-z&;='\" !\\[\\]-]{0,60}") {
            is_harmless(&bytes);
            is_harmless(svg(&inside).as_bytes());
        }
    }
}
