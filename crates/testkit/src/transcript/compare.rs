//! How a session that was played differs from its recording.
use super::{Output, Transcript};

/// A command that answered otherwise than recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The command.
    pub command: String,
    /// Its place among the commands, from 0.
    pub index: usize,
    /// What the recording says; `None`: nothing is recorded.
    pub recorded: Option<Output>,
    /// What came back; `None`: it was not reached.
    pub played: Option<Output>,
}

/// The commands of `played` that answered otherwise than in `recorded`.
pub fn differences(recorded: &Transcript, played: &Transcript) -> Vec<Difference> {
    let mut answers = played.steps();
    let pairs = recorded.steps().map(|step| (step, answers.next().and_then(|s| s.output.as_ref())));
    pairs
        .enumerate()
        .filter(|(_, (step, played))| step.output.is_none() || step.output.as_ref() != *played)
        .map(|(index, (step, played))| Difference {
            command: step.command.clone(),
            index,
            recorded: step.output.clone(),
            played: played.cloned(),
        })
        .collect()
}

impl Difference {
    /// The lines that are only in the recording (`-`) and those only played (`+`).
    pub fn describe(&self) -> String {
        let old = text(self.recorded.as_ref(), "not recorded");
        let new = text(self.played.as_ref(), "not reached");
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let same_end = old[same..].iter().rev().zip(new[same..].iter().rev());
        let same_end = same_end.take_while(|(a, b)| a == b).count();
        let mut said = format!("$ {}\n", self.command);
        let mut tell = |mark: &str, lines: &[&str]| {
            said.extend(lines.iter().map(|line| format!("{mark}{line}\n")));
        };
        tell("  ", &old[..same]);
        tell("- ", &old[same..old.len() - same_end]);
        tell("+ ", &new[same..new.len() - same_end]);
        tell("  ", &old[old.len() - same_end..]);
        said
    }
}

fn text(output: Option<&Output>, absent: &str) -> String {
    let mut bytes = Vec::new();
    match output {
        Some(output) => output.print(&mut bytes),
        None => bytes.extend_from_slice(absent.as_bytes()),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(file: &str) -> Transcript {
        Transcript::parse(file.as_bytes()).unwrap()
    }

    #[test]
    fn a_difference_shows_only_the_lines_that_differ() {
        let recorded = session("$ a\n? 0\n$ b\none\ntwo\nthree\n? 0\n");
        let played = session("$ a\n? 0\n$ b\none\n2\nthree\n? 0\n");
        let found = differences(&recorded, &played);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].index, 1);
        assert_eq!(found[0].describe(), "$ b\n  one\n- two\n+ 2\n  three\n  ? 0\n");
    }

    #[test]
    fn a_command_that_was_not_reached_or_not_recorded_differs() {
        let recorded = session("$ a\n? 0\n$ b\n");
        assert_eq!(differences(&recorded, &session("")).len(), 2);
        assert_eq!(differences(&recorded, &session("$ a\n? 0\n$ b\n? 0\n")).len(), 1);
    }
}
