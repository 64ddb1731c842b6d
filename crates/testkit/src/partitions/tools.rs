//! Images that the usual partitioning tools make.
#![allow(clippy::unwrap_used, reason = "a part of tests: what does not work here fails them")]

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Image, MIB};

/// How an image is made: its name, its size in MiB, the tool, its arguments, and what it reads.
struct Recipe(&'static str, u64, &'static str, &'static [&'static str], &'static str);

/// The image's path, among the arguments.
const IMAGE: &str = "IMAGE";

const SFDISK: &[&str] = &["-q", "--no-reread", "--no-tell-kernel", IMAGE];

static RECIPES: &[Recipe] = &[
    Recipe("sfdisk-dos", 16, "sfdisk", SFDISK, "label: dos\n2048,4096\n8192,4096,L,*\n"),
    Recipe(
        "sfdisk-logical",
        32,
        "sfdisk",
        SFDISK,
        "label: dos\n2048,4096,83\n8192,4096,82\n,0\n16384,40000,5\n18432,2048\n22528,4096\n28672,8192\n",
    ),
    Recipe("sfdisk-gpt", 16, "sfdisk", SFDISK, "label: gpt\n2048,4096,U\n,4096,S,*\n,,L\n"),
    Recipe("sfdisk-sun", 64, "sfdisk", SFDISK, "label: sun\n1: start=0, size=16065, type=83\n"),
    Recipe(
        "sgdisk",
        16,
        "sgdisk",
        &["-o", "-a", "1", "-n", "1:2048:4095", "-n", "3:4096:8191", "-n", "128:8192:10239", IMAGE],
        "",
    ),
    Recipe(
        "sgdisk-300",
        16,
        "sgdisk",
        &["-o", "-S", "300", "-n", "1:2048:4095", "-n", "300:8192:9000", IMAGE],
        "",
    ),
    Recipe("sgdisk-hybrid", 16, "sgdisk", &["-o", "-n", "1:2048:4095", "-h", "1", IMAGE], ""),
    parted(
        "parted-bsd",
        &["-s", "-a", "none", IMAGE, "mklabel", "bsd", "mkpart", "ext2", "2048s", "10239s"],
    ),
    parted(
        "parted-mac",
        &[
            "-s", "-a", "none", IMAGE, "mklabel", "mac", "mkpart", "ext2", "2048s", "10239s",
            "mkpart", "hfs", "10240s", "20479s",
        ],
    ),
    parted(
        "parted-sun",
        &["-s", "-a", "none", IMAGE, "mklabel", "sun", "mkpart", "ext2", "1cyl", "2cyl"],
    ),
    parted(
        "parted-dos",
        &[
            "-s", "-a", "none", IMAGE, "mklabel", "msdos", "mkpart", "extended", "2048s", "30719s",
            "mkpart", "logical", "4096s", "8191s",
        ],
    ),
    parted(
        "parted-gpt",
        &[
            "-s", IMAGE, "mklabel", "gpt", "mkpart", "boot", "1MiB", "4MiB", "set", "1", "boot",
            "on",
        ],
    ),
    parted("parted-loop", &["-s", IMAGE, "mklabel", "loop"]),
    Recipe("sfdisk-empty", 16, "sfdisk", SFDISK, "label: dos\n"),
    Recipe("sfdisk-gpt-empty", 16, "sfdisk", SFDISK, "label: gpt\n"),
    Recipe("sgdisk-4", 16, "sgdisk", &["-o", "-S", "4", "-n", "2:2048:4095", IMAGE], ""),
    Recipe("vfat", 8, "mkfs.vfat", &[IMAGE], ""),
];

const fn parted(name: &'static str, args: &'static [&'static str]) -> Recipe {
    Recipe(name, 32, "parted", args, "")
}

/// Makes every image whose tool is here; the names of the tools that are not.
///
/// # Panics
///
/// When a tool fails, or `folder` cannot be written.
pub fn images(folder: &Path) -> (Vec<Image>, Vec<&'static str>) {
    let (mut images, mut missing) = (Vec::new(), Vec::new());
    for recipe in RECIPES {
        match make(folder, recipe) {
            Some(image) => images.push(image),
            None if missing.contains(&recipe.2) => {}
            None => missing.push(recipe.2),
        }
    }
    (images, missing)
}

/// Makes an image; none where there is no such tool.
fn make(folder: &Path, Recipe(name, mib, tool, args, input): &Recipe) -> Option<Image> {
    let tool = ["/usr/sbin", "/sbin", "/usr/bin"].iter().map(|at| Path::new(at).join(tool));
    let tool = tool.into_iter().find(|path| path.exists())?;
    let path = folder.join(name);
    File::create(&path).unwrap().set_len(mib * MIB).unwrap();
    let place = |arg: &&str| if *arg == IMAGE { path.clone().into() } else { OsString::from(arg) };
    let mut child = Command::new(&tool)
        .args(args.iter().map(place))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    let image = read(name, &path);
    fs::remove_file(path).unwrap();
    Some(image)
}

fn read(name: &str, path: &Path) -> Image {
    let file = File::open(path).unwrap();
    let size = file.metadata().unwrap().len();
    let mut image = Image::new(name, size);
    let mut piece = vec![0; 1 << 16];
    for at in (0..size).step_by(piece.len()) {
        let read = file.read_at(&mut piece, at).unwrap();
        image.put(at, &piece[..read]);
    }
    image
}
