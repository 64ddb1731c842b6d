use super::*;

fn exists(key: u32) -> bool {
    cookies().unwrap().iter().any(|info| info.cookie == key)
}

#[test]
fn a_transaction_that_is_completed_ends_and_leaves_nothing() {
    let transaction = Transaction::create().unwrap();
    let key = transaction.cookie();
    transaction.inc().unwrap();
    assert_eq!(transaction.value().unwrap(), 2);
    assert!(exists(key));
    // As udev's rule does it: with flags where the key has its magic number.
    complete(0x0060 << 16 | transaction.base()).unwrap();
    transaction.wait(DEADLINE).unwrap();
    assert!(!exists(key));
}

#[test]
fn the_wait_ends_when_another_completes_the_cookie() {
    let transaction = Transaction::create().unwrap();
    transaction.inc().unwrap();
    let cookie = transaction.cookie();
    let udev = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        complete(cookie).unwrap();
    });
    let begun = Instant::now();
    transaction.wait(DEADLINE).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    udev.join().unwrap();
}

#[test]
fn a_command_that_fails_leaves_no_semaphore() {
    let failing = || -> Result<u32, (u32, CookieError)> {
        let transaction = Transaction::create().unwrap();
        let key = transaction.cookie();
        transaction.inc().map_err(|error| (key, error))?;
        Err((key, CookieError::Limit))
    };
    let (key, _) = failing().unwrap_err();
    assert!(!exists(key));
}

#[test]
fn a_cookie_that_nobody_completes_is_reported_with_its_age_and_removed() {
    let transaction = Transaction::create().unwrap();
    transaction.inc().unwrap();
    let key = transaction.cookie();
    let error = transaction.wait(Duration::from_millis(40)).unwrap_err();
    let CookieError::Expired { cookie, age } = error else { panic!("{error}") };
    assert_eq!(cookie, key);
    assert!(age >= Duration::from_millis(40));
    assert!(!exists(key));
}

#[test]
fn a_command_that_sent_no_uevent_closes_its_share_itself() {
    let transaction = Transaction::create().unwrap();
    transaction.inc().unwrap();
    transaction.dec().unwrap();
    transaction.wait(Duration::ZERO).unwrap();
}

#[test]
fn a_semaphore_that_somebody_else_removed_is_no_reason_to_wait() {
    let transaction = Transaction::create().unwrap();
    transaction.inc().unwrap();
    let key = transaction.cookie();
    let info = *cookies().unwrap().iter().find(|info| info.cookie == key).unwrap();
    let rescuer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        destroy(&info).unwrap();
    });
    let begun = Instant::now();
    transaction.wait(DEADLINE).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    rescuer.join().unwrap();
}

#[test]
fn a_cookie_of_the_callers_is_joined_and_left_to_the_caller() {
    let key = Transaction::create().unwrap().leave();
    assert!(exists(key));
    let joined = Transaction::join(key).unwrap();
    joined.inc().unwrap();
    joined.wait(Duration::ZERO).unwrap();
    assert!(exists(key));
    complete(key).unwrap();
    Transaction::join(key).unwrap().release(Duration::ZERO).unwrap();
    assert!(!exists(key));
}

#[test]
fn cookies_that_are_none_are_refused_in_the_originals_words() {
    let error = Transaction::join(0x1234_5678).unwrap_err();
    assert_eq!(error, CookieError::Prefix(0x1234_5678));
    let transaction = Transaction::create().unwrap();
    let key = transaction.cookie();
    drop(transaction);
    let error = Transaction::join(key).unwrap_err();
    let text = format!(
        "Could not find notification semaphore identified by cookie value {key} (0x{key:x})"
    );
    assert_eq!(error.to_string(), text);
}

#[test]
fn the_systems_list_has_the_cookie_as_it_is() {
    let transaction = Transaction::create().unwrap();
    let all = cookies().unwrap();
    let info = all.iter().find(|info| info.cookie == transaction.cookie()).unwrap();
    assert_eq!((info.value, info.changed), (1, 0));
    assert!(info.made > 1_600_000_000);
}

#[test]
fn semaphores_of_others_are_no_cookies() {
    assert_eq!(parse_cookie("       key      semid perms      nsems   uid"), None);
    assert_eq!(parse_cookie(" 1234 5 600 1 0 0 0 0 0 0"), None);
    assert_eq!(parse_cookie(""), None);
}

#[test]
fn udev_is_not_waited_for_where_it_is_forbidden() {
    assert!(!answers(&Env { udev_disabled: true, ..Env::default() }));
}

#[test]
fn udev_answers_only_where_it_runs() {
    assert!(is_running() || !answers(&Env::default()));
}
