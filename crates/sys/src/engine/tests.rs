use super::*;
use crate::socket;
use std::os::unix::net::UnixListener;
use std::thread;

/// An environment whose socket is in a folder of its own, and whose `/dev` is another.
fn private() -> (tempfile::TempDir, Env) {
    let top = tempfile::tempdir().unwrap();
    let env = Env {
        uid: nix::unistd::geteuid().as_raw(),
        socket: Some(top.path().join("engine.sock").into()),
        dev_dir: Some(top.path().join("dev").into()),
        ..Env::default()
    };
    (top, env)
}

/// Answers one connection for as long as it asks.
fn serve(env: &Env) -> thread::JoinHandle<()> {
    let listener = UnixListener::bind(Places::new(env).socket).unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        while let Some((_, packet)) = socket::read_request(&mut stream).unwrap() {
            socket::write_reply(&mut stream, None, &packet).unwrap();
        }
    })
}

#[test]
fn a_socket_in_the_environment_is_the_engine() {
    let (_top, env) = private();
    let daemon = serve(&env);
    let answer = choose_in(&env, None).unwrap();
    assert!(matches!(answer, Answer::Engine(_)));
    drop(answer);
    daemon.join().unwrap();
    // Not even the kernel's node was looked for.
    assert!(!Places::new(&env).dev.exists());
}

#[test]
fn the_kernel_can_be_forced_over_the_socket_by_option_and_environment() {
    let (_top, env) = private();
    let by_option = choose_in(&env, Some("kernel"));
    let by_env = choose_in(&Env { engine: Some("kernel".into()), ..env }, None);
    for answer in [by_option, by_env] {
        match answer {
            Ok(Answer::Kernel(_)) | Err(ChooseError::Kernel(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_option_counts_before_the_environment() {
    let (_top, env) = private();
    let env = Env { engine: Some("nonsense".into()), ..env };
    let daemon = serve(&env);
    assert!(matches!(choose_in(&env, Some("file")), Ok(Answer::Engine(_))));
    daemon.join().unwrap();
}

#[test]
fn an_unknown_engine_is_named() {
    let (_top, env) = private();
    let error = choose_in(&env, Some("nbd")).unwrap_err();
    assert_eq!(error.to_string(), "nbd: not an engine: kernel, ublk, fuse or file");
}

#[test]
fn ublk_is_not_there_yet_and_says_what_is_missing() {
    let (_top, env) = private();
    let error = choose_in(&env, Some("ublk")).unwrap_err();
    let ChooseError::Missing { kind: Kind::Ublk, missing } = error else { panic!("{error}") };
    let node = Missing::Node { path: "/dev/ublk-control".into(), errno: Errno::ENOENT };
    assert!(missing == node || missing == Missing::FrontEnd, "{missing}");
}

#[test]
fn loop_devices_are_for_root() {
    let (_top, env) = private();
    let env = Env { uid: 7, ..env };
    assert_eq!(needs(&env, Kind::Fuse), Err(Missing::Root));
    let error = choose_in(&env, Some("fuse")).unwrap_err();
    assert_eq!(error.to_string(), "engine fuse: needs root");
}
