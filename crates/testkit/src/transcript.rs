//! Console sessions: what was typed, what came back. One is the recording of an original tool, and the
//! measure of ours.
//!
//! ```text
//! # what is shown; `# needs: nodes` says that its commands open /dev/mapper nodes, and `# needs: dust-targets`
//! # that its tables have such targets, which some kernels are without
//! $ command                    run by `sh -c` in the session's scratch folder
//! a line of standard output
//! ! a line of standard error
//! ? exit code
//! ```
//!
//! An output line that would be read as one of these starts with a `\`; so does one that starts with `\`.
//! A line `\` after standard output says that it did not end with a newline; `!\` says so of standard error.
//! A command without `?` is not recorded yet.
pub mod compare;
pub mod run;

use std::fmt;

/// A whole session file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transcript {
    /// Its lines and steps, in order.
    pub items: Vec<Item>,
}

/// A part of a session file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A comment or an empty line, kept as it is.
    Text(String),
    /// A command.
    Step(Step),
}

/// A command and what it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The shell's words.
    pub command: String,
    /// `None` until it is recorded.
    pub output: Option<Output>,
}

/// What a command left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The shell's exit code.
    pub code: i32,
}

/// A line that has no place in a session file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for ParseError {}

impl Transcript {
    /// Reads a session file.
    pub fn parse(file: &[u8]) -> Result<Self, ParseError> {
        let mut parser = Parser { items: Vec::new(), open: None };
        let file = file.strip_suffix(b"\n").unwrap_or(file);
        if file.is_empty() {
            return Ok(Self::default());
        }
        for (index, line) in file.split(|byte| *byte == b'\n').enumerate() {
            parser.line(line).map_err(|why| ParseError { line: index + 1, why })?;
        }
        parser.leave_unrecorded().map_err(|why| ParseError { line: 0, why })?;
        Ok(Self { items: parser.items })
    }

    /// Writes it as [`Transcript::parse`] reads it.
    pub fn print(&self) -> Vec<u8> {
        let mut file = Vec::new();
        for item in &self.items {
            match item {
                Item::Text(line) => push_line(&mut file, &[line.as_bytes()]),
                Item::Step(step) => step.print(&mut file),
            }
        }
        file
    }

    /// What its `# needs:` lines name.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        self.items
            .iter()
            .filter_map(|item| match item {
                Item::Text(line) => line.strip_prefix("# needs: "),
                Item::Step(_) => None,
            })
            .flat_map(str::split_whitespace)
    }

    /// Its commands.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.items.iter().filter_map(|item| match item {
            Item::Step(step) => Some(step),
            Item::Text(_) => None,
        })
    }
}

impl Step {
    /// Appends the command and its output as they stand in a file.
    pub fn print(&self, file: &mut Vec<u8>) {
        push_line(file, &[b"$ ", self.command.as_bytes()]);
        if let Some(output) = &self.output {
            output.print(file);
        }
    }
}

impl Output {
    /// Appends the output as it stands in a file.
    pub fn print(&self, file: &mut Vec<u8>) {
        for line in lines(&self.stdout) {
            let escape: &[u8] = if is_special(line) { b"\\" } else { b"" };
            push_line(file, &[escape, line]);
        }
        if lacks_newline(&self.stdout) {
            file.extend(b"\\\n");
        }
        for line in lines(&self.stderr) {
            push_line(file, &[b"! ", line]);
        }
        if lacks_newline(&self.stderr) {
            file.extend(b"!\\\n");
        }
        push_line(file, &[b"? ", self.code.to_string().as_bytes()]);
    }
}

fn is_special(line: &[u8]) -> bool {
    let marks: [&[u8]; 6] = [b"$ ", b"! ", b"? ", b"# ", b"!\\", b"\\"];
    marks.iter().any(|mark| line.starts_with(mark))
}

fn lines(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = output.strip_suffix(b"\n").unwrap_or(output);
    whole.split(|byte| *byte == b'\n').take(if output.is_empty() { 0 } else { usize::MAX })
}

fn lacks_newline(output: &[u8]) -> bool {
    !output.is_empty() && !output.ends_with(b"\n")
}

fn push_line(file: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        file.extend_from_slice(part);
    }
    file.push(b'\n');
}

struct Parser {
    items: Vec<Item>,
    open: Option<(String, Output)>,
}

impl Parser {
    fn line(&mut self, line: &[u8]) -> Result<(), &'static str> {
        if let Some(command) = line.strip_prefix(b"$ ") {
            self.leave_unrecorded()?;
            self.open = Some((text(command)?, Output::default()));
        } else if line == b"#" || line.starts_with(b"# ") {
            self.leave_unrecorded()?;
            self.items.push(Item::Text(text(line)?));
        } else if let Some((_, output)) = &mut self.open {
            match line.strip_prefix(b"? ") {
                Some(code) => {
                    output.code = text(code)?.parse().map_err(|_| "not an exit code")?;
                    self.leave_recorded();
                }
                None => output_line(output, line)?,
            }
        } else if line.is_empty() {
            self.items.push(Item::Text(String::new()));
        } else {
            return Err("output without a command");
        }
        Ok(())
    }

    fn leave_recorded(&mut self) {
        if let Some((command, output)) = self.open.take() {
            self.items.push(Item::Step(Step { command, output: Some(output) }));
        }
    }

    fn leave_unrecorded(&mut self) -> Result<(), &'static str> {
        let Some((command, output)) = self.open.take() else { return Ok(()) };
        if !output.stderr.is_empty() || output.stdout.iter().any(|byte| *byte != b'\n') {
            return Err("the output above has no exit code");
        }
        self.items.push(Item::Step(Step { command, output: None }));
        let empty_lines = output.stdout.iter().map(|_| Item::Text(String::new()));
        self.items.extend(empty_lines);
        Ok(())
    }
}

fn output_line(output: &mut Output, line: &[u8]) -> Result<(), &'static str> {
    if let Some(line) = line.strip_prefix(b"! ") {
        push_line(&mut output.stderr, &[line]);
    } else if line == b"!\\" {
        output.stderr.pop().ok_or("no standard error to end here")?;
    } else if !output.stderr.is_empty() {
        return Err("standard output after standard error");
    } else if line == b"\\" {
        output.stdout.pop().ok_or("no standard output to end here")?;
    } else {
        push_line(&mut output.stdout, &[line.strip_prefix(b"\\").unwrap_or(line)]);
    }
    Ok(())
}

fn text(line: &[u8]) -> Result<String, &'static str> {
    String::from_utf8(line.to_vec()).map_err(|_| "not UTF-8")
}

#[cfg(test)]
mod tests;
