//! Variables as they are pasted into a file.

use std::fmt;

/// Lines for a `.env` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block(pub Vec<Line>);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A remark.
    Comment(String),
    /// A variable.
    Variable(&'static str, String),
}

impl Block {
    pub(super) fn comment(mut self, text: impl Into<String>) -> Self {
        self.0.push(Line::Comment(text.into()));
        self
    }

    pub(super) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push(Line::Variable(name, value.into()));
        self
    }

    pub(super) fn set_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    pub(super) fn comment_if(self, condition: bool, text: &str) -> Self {
        if condition { self.comment(text) } else { self }
    }

    /// The variables without remarks.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().filter_map(|line| match line {
            Line::Variable(name, value) => Some((*name, value.as_str())),
            Line::Comment(_) => None,
        })
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            match line {
                Line::Comment(text) => writeln!(f, "# {text}")?,
                Line::Variable(name, value) => writeln!(f, "{name}={}", Quoted(value))?,
            }
        }
        Ok(())
    }
}

/// A value in quotes where a shell, dotenv or Compose would otherwise end it early.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,:/@%+=~".contains(&byte);
        if self.0.bytes().all(plain) {
            return f.write_str(self.0);
        }
        write!(
            f,
            "\"{}\"",
            self.0
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('$', "\\$")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn values_are_quoted_only_where_it_matters() {
        let block = Block::default()
            .comment("A")
            .set("B", "https://a/?b=c")
            .set("D", "two words");
        assert_eq!(
            block.to_string(),
            "# A\nB=\"https://a/?b=c\"\nD=\"two words\"\n"
        );
        assert_eq!(
            Block::default().set("B", "https://a:1/b").to_string(),
            "B=https://a:1/b\n"
        );
    }
}
