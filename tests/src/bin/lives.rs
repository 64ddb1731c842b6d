//! Plays the lives of images under a kpartx: in the virtual machine and on the host alike.
//!
//! `lives --kpartx <file> --dmsetup <file> --out <folder> [--odd <n>] [--share <n>] [--packed <folder>]
//! [--env <name>=<value>]...`
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use dmkit_tests::lives::{Choice, Share, Tools, play};

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "error: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let (mut tools, mut out) = (BTreeMap::new(), None);
    let (mut choice, mut share, mut env) = (Choice::default(), Share::ALL, BTreeMap::new());
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} wants a value"))?;
        match arg.as_str() {
            "--kpartx" | "--dmsetup" => drop(tools.insert(arg, PathBuf::from(value))),
            "--out" => out = Some(PathBuf::from(value)),
            "--odd" => choice.odd = value.parse()?,
            "--share" => share = Share(value.parse()?),
            "--packed" => choice.packed = Some(PathBuf::from(value)),
            "--env" => {
                let (name, value) = value.split_once('=').ok_or("--env wants a value")?;
                env.insert(name.to_owned(), value.to_owned());
            }
            _ => return Err(format!("no such option: {arg}").into()),
        }
    }
    let mut tool = |name: &str| tools.remove(name).ok_or_else(|| format!("{name} is missing"));
    let (kpartx, dmsetup) = (tool("--kpartx")?, tool("--dmsetup")?);
    let tools = Tools { kpartx, dmsetup, env, preload: None };
    play(&tools, &choice.images()?, share, &out.ok_or("--out is missing")?)?;
    Ok(())
}
