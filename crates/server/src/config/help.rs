//! The text of `hufu help env`.

use std::fmt::Write;

use super::variable::VARIABLES;

/// Every variable by heading, with its default, an example and its meaning, in lines of at most 100 characters.
pub fn text() -> String {
    let mut text = "Set variables in the environment or in a .env file in this directory or above it; the environment wins.\n\
        Yes is 1, true, y, yes, yep or yeah; no is 0, false, n, no or off.\n"
        .to_owned();
    let mut group = "";
    for variable in VARIABLES {
        if variable.group != group {
            group = variable.group;
            let _ = write!(text, "\n{group}\n");
        }
        let _ = write!(text, "\n  {}\n", variable.name);
        for line in wrapped(variable.meaning, 94) {
            let _ = writeln!(text, "      {line}");
        }
        let _ = writeln!(text, "      Default: {}", variable.default);
        let _ = writeln!(
            text,
            "      Example: {}={}",
            variable.name, variable.example
        );
    }
    text
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if let Some(line) = lines
            .last_mut()
            .filter(|line| line.is_empty() || line.len() + 1 + word.len() <= width)
        {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{super::variable::VARIABLES, text};

    #[test]
    fn every_variable_has_a_meaning_a_default_and_an_example() {
        for variable in VARIABLES {
            assert!(variable.meaning.ends_with('.'), "{}", variable.name);
            assert!(
                !variable.default.is_empty() && !variable.example.is_empty(),
                "{}",
                variable.name
            );
        }
    }

    #[test]
    fn the_list_names_each_variable_once_under_one_heading() {
        let text = text();
        for variable in VARIABLES {
            assert_eq!(
                text.matches(&format!("\n  {}\n", variable.name)).count(),
                1,
                "{}",
                variable.name
            );
        }
        assert_eq!(text.matches("\nDatabase\n").count(), 1);
    }
}
