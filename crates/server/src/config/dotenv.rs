//! Reading a `.env` file the way the Node tools around Logto read it, so that one file serves both: nothing is substituted.

/// The assignments of a `.env` file, in order. Lines that are none are skipped.
pub(super) fn parse(text: &str) -> Vec<(String, String)> {
    let mut assignments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, next) = rest.split_once('\n').unwrap_or((rest, ""));
        let Some((name, value)) = name(line) else {
            rest = next;
            continue;
        };
        // A quoted value may run over several lines, so it is looked for in all that follows.
        let after_name = rest.get(line.len() - value.len()..).unwrap_or_default();
        if let Some((value, after)) = quoted(after_name) {
            assignments.push((name.to_owned(), value));
            rest = after.split_once('\n').map_or("", |(_, next)| next);
        } else {
            let value = value.split('#').next().unwrap_or_default().trim();
            assignments.push((name.to_owned(), value.to_owned()));
            rest = next;
        }
    }
    assignments
}

fn name(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let name = name.strip_prefix("export ").map_or(name, str::trim_start);
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    is_name.then_some((name, value))
}

/// The value between quotes and what follows it. Double quotes turn `\n` and `\r` into line ends.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\'' | '`'))?;
    let inner = text.get(1..)?;
    let end = closing(inner, quote)?;
    let (value, after) = (inner.get(..end)?, inner.get(end + 1..)?);
    let value = if quote == '"' {
        value.replace("\\n", "\n").replace("\\r", "\r")
    } else {
        value.to_owned()
    };
    Some((value, after))
}

fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (index, character) in text.char_indices() {
        if character == quote && !escaped {
            return Some(index);
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    #[test]
    fn assignments_are_read_as_node_reads_them() {
        let cases = [
            ("PORT=3001", "3001"),
            ("  PORT = 3001  ", "3001"),
            ("export PORT=3001", "3001"),
            ("PORT=3001 # the port", "3001"),
            ("PORT='3001 # no comment'", "3001 # no comment"),
            ("PORT=\"a\\nb\"", "a\nb"),
            ("PORT='a\\nb'", "a\\nb"),
            ("PORT=\"a\nb\" # both lines", "a\nb"),
            ("PORT=`it's \"so\"`", "it's \"so\""),
            ("PORT=p$ss", "p$ss"),
            ("PORT=a=b", "a=b"),
            ("PORT=\"open", "\"open"),
            ("PORT=", ""),
            ("# PORT=1\r\nPORT=2\r\n", "2"),
            ("nonsense\nPORT=2", "2"),
        ];
        for (text, value) in cases {
            assert_eq!(
                parse(text),
                [("PORT".to_owned(), value.to_owned())],
                "{text}"
            );
        }
    }

    #[test]
    fn what_follows_a_quoted_value_is_read_too() {
        let read = parse("A=\"1\n2\"\nB=3\nC='4'\n\nD=5");
        let names: Vec<_> = read
            .iter()
            .map(|(name, value)| format!("{name}:{value}"))
            .collect();
        assert_eq!(names, ["A:1\n2", "B:3", "C:4", "D:5"]);
    }

    proptest! {
        #[test]
        fn no_file_breaks_the_reader(text in "(?s).{0,200}") {
            parse(&text);
        }

        #[test]
        fn a_value_in_single_quotes_is_kept_whole(value in "[^'\\\\]{0,60}") {
            let read = parse(&format!("A='{value}'\nB=1"));
            prop_assert_eq!(read, [("A".to_owned(), value), ("B".to_owned(), "1".to_owned())]);
        }
    }
}
