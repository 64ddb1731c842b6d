use super::*;

fn blocks(logical: u64, physical: u64) -> Limits {
    Limits {
        logical_block: Bytes::new(logical),
        physical_block: Bytes::new(physical),
        io_min: Bytes::new(physical),
        ..Limits::default()
    }
}

fn stacked(bottoms: &[Limits]) -> Limits {
    let mut top = Limits::stacking();
    for bottom in bottoms {
        top.stack(bottom);
    }
    top
}

#[test]
fn one_plain_device_stacks_to_a_plain_device() {
    assert_eq!(stacked(&[Limits::default()]), Limits::default());
}

#[test]
fn the_largest_block_counts() {
    let limits = stacked(&[blocks(512, 512), blocks(512, 4096), blocks(4096, 4096)]);
    assert_eq!(limits, blocks(4096, 4096));
}

#[test]
fn preferred_requests_combine_to_a_multiple_of_both() {
    let prefers = |bytes| Limits { io_opt: Bytes::new(bytes), ..Limits::default() };
    assert_eq!(stacked(&[prefers(65_536), prefers(98_304)]).io_opt, Bytes::new(196_608));
    assert_eq!(stacked(&[prefers(0), prefers(65_536)]).io_opt, Bytes::new(65_536));
    // 3 KiB is no number of 2 KiB: neither is lost.
    assert_eq!(stacked(&[prefers(3072), prefers(2048)]).io_opt, Bytes::new(6144));
}

#[test]
fn a_preference_that_32_bits_do_not_hold_is_none() {
    let prefers = |bytes| Limits { io_opt: Bytes::new(bytes), ..Limits::default() };
    assert_eq!(stacked(&[prefers(512 * 65_537), prefers(512 * 65_539)]).io_opt, Bytes::ZERO);
}

#[test]
fn preferences_that_no_physical_block_fits_are_dropped() {
    let odd = Limits {
        io_min: Bytes::new(6144),
        io_opt: Bytes::new(6144 * 3),
        chunk: Sectors::new(12),
        ..Limits::default()
    };
    assert_eq!(
        stacked(std::slice::from_ref(&odd)),
        Limits { max_write_zeroes: Sectors::ZERO, ..odd.clone() }
    );
    assert_eq!(stacked(&[odd, blocks(512, 4096)]), blocks(512, 4096));
}

#[test]
fn chunks_combine_to_their_common_part() {
    let chunk = |sectors| Limits { chunk: Sectors::new(sectors), ..Limits::default() };
    assert_eq!(stacked(&[chunk(128), chunk(96)]).chunk, Sectors::new(32));
    assert_eq!(stacked(&[chunk(0), chunk(128), chunk(0)]).chunk, Sectors::new(128));
}

#[test]
fn the_shortest_discard_and_the_coarsest_unit_count() {
    let discard = |sectors, granularity| Limits {
        max_discard: Sectors::new(sectors),
        discard_granularity: Bytes::new(granularity),
        ..Limits::default()
    };
    let limits = stacked(&[discard(1000, 512), discard(64, 4096), Limits::default()]);
    assert_eq!(limits.max_discard, Sectors::new(64));
    assert_eq!(limits.discard_granularity, Bytes::new(4096));
}

#[test]
fn one_device_that_writes_no_zeroes_is_enough() {
    let zeroes = |sectors| Limits { max_write_zeroes: Sectors::new(sectors), ..Limits::default() };
    assert_eq!(stacked(&[zeroes(1000), zeroes(64)]).max_write_zeroes, Sectors::new(64));
    assert_eq!(stacked(&[zeroes(1000), zeroes(0)]).max_write_zeroes, Sectors::ZERO);
}

#[test]
fn a_cache_anywhere_is_a_cache() {
    let cached = Limits { write_cache: true, ..Limits::default() };
    assert!(stacked(&[Limits::default(), cached]).write_cache);
}

#[test]
fn an_area_lies_on_its_device() {
    let fits = |start, len, size| {
        area_fits(Sectors::new(start), Sectors::new(len), Sectors::new(size), Bytes::new(512))
    };
    assert!(fits(0, 32_768, 32_768));
    assert!(fits(32_760, 8, 32_768));
    assert!(!fits(0, 32_769, 32_768));
    assert!(!fits(32_761, 8, 32_768));
    assert!(!fits(32_768, 8, 32_768));
    assert!(!fits(u64::MAX, 8, 32_768));
    assert!(fits(99, 99, 0));
}

#[test]
fn an_area_is_whole_blocks() {
    let fits = |start, len, block| {
        area_fits(Sectors::new(start), Sectors::new(len), Sectors::new(1024), Bytes::new(block))
    };
    assert!(fits(8, 16, 4096));
    assert!(!fits(9, 16, 4096));
    assert!(!fits(8, 17, 4096));
}

#[test]
fn a_boundary_inside_a_block_needs_a_target_that_parts_it() {
    let line_up = |pieces: &[(u64, u64)], block| {
        let pieces: Vec<_> =
            pieces.iter().map(|&(len, own)| (Sectors::new(len), Bytes::new(own))).collect();
        boundaries_line_up(&pieces, Bytes::new(block))
    };
    // On whole blocks.
    assert!(line_up(&[(8, 4096), (16, 4096)], 4096));
    // Sector 4 is inside a block of the first: the second takes single sectors, and ends it.
    assert!(line_up(&[(4, 512), (4, 512), (8, 4096)], 4096));
    // The second takes blocks of 8 sectors: it cannot begin at sector 4.
    assert!(!line_up(&[(4, 512), (12, 4096)], 4096));
    // The table ends inside a block.
    assert!(!line_up(&[(8, 4096), (4, 512)], 4096));
    // A short target between two that do not line up.
    assert!(line_up(&[(4, 512), (2, 512), (2, 1024), (8, 4096)], 4096));
    assert!(!line_up(&[(4, 512), (1, 512), (11, 1024)], 4096));
}

#[test]
fn common_parts_and_multiples() {
    assert_eq!(gcd(0, 7), 7);
    assert_eq!(gcd(12, 18), 6);
    assert_eq!(lcm_not_zero(0, 7), 7);
    assert_eq!(lcm_not_zero(4, 6), 12);
    assert_eq!(lcm_not_zero(u64::MAX, u64::MAX - 1), 0);
}
