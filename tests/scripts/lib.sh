# What every script here begins with: `. "${0%/*}/lib.sh"`.
#
# A script is a session as a user would write it. It prints what it sees; what it must see stands in the
# file of the same name that ends in .out, recorded from the original dmsetup on a real kernel
# (`cargo xtask record`). Exit 0: passed. Exit 77: skipped, the last line says why. Anything else: failed.
#
# `dmsetup` is whichever is under test: the caller sets PATH. Device numbers differ from machine to
# machine: `plain` writes LEG1, LEG2 ... for the legs and DM for device-mapper's major.

set -eu
export LC_ALL=C TZ=UTC
MAPPER=${MAPPER:-/dev/mapper}
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/dmkit-script.XXXXXX")
LEGS=
LEG_COUNT=0
PLAIN=$SCRATCH/plain.sed
: >"$PLAIN"

skip() {
    echo "skipped: $*"
    exit 77
}

# need PROGRAM...: skips the script where one is missing.
need() {
    for program in "$@"; do
        command -v "$program" >/dev/null 2>&1 || skip "no $program here"
    done
}

# need_files: skips the script where mapped devices cannot be files of an ordinary user's.
need_files() {
    need fusermount3
    [ -n "${XDG_RUNTIME_DIR:-}" ] || skip "no XDG_RUNTIME_DIR"
    [ -c /dev/fuse ] || skip "no /dev/fuse"
}

# leg SIZE: a new disk of SIZE (as truncate has it), a loop device over a sparse file; its path is in $LEG
# and in $LEG1, $LEG2 ...
leg() {
    LEG_COUNT=$((LEG_COUNT + 1))
    truncate -s "$1" "$SCRATCH/leg$LEG_COUNT.img"
    LEG=$(losetup -f --show "$SCRATCH/leg$LEG_COUNT.img")
    LEGS="$LEGS $LEG"
    eval "LEG$LEG_COUNT=$LEG"
    number=${LEG#/dev/loop}
    {
        printf '%s\n' "s/\b7:$number\b/LEG$LEG_COUNT/g"
        printf '%s\n' "s/(7, $number)/(LEG$LEG_COUNT)/g"
        printf '%s\n' "s,$LEG\b,LEG$LEG_COUNT,g"
    } >>"$PLAIN"
}

# plain: copies standard input, numbers made plain.
plain() {
    sed -f "$PLAIN" -e 's/^\(Major, minor:      \)[0-9]*, /\1DM, /' \
        -e 's/\([[:space:]](\)[0-9]*\(:[0-9]*)\)$/\1DM\2/'
}

# now: hundredths of a second.
now() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}"
}

# refused COMMAND...: runs it and says how it failed; that it did not is a failure of the script.
refused() {
    if "$@" >"$SCRATCH/refused" 2>&1; then
        echo "not refused: $*"
        exit 1
    fi
    plain <"$SCRATCH/refused"
}

# serving: the daemon's process that serves. One that has just been killed may still take a connection.
serving() {
    until pid=$(dm-engined status --json 2>/dev/null | sed -n 's/.*"pid":\([0-9]*\).*/\1/p') &&
        [ -n "$pid" ]; do
        sleep 0.02
    done
    echo "$pid"
}

# attached FILE: the loop devices that the file has. None is opened for that.
attached() { grep -lsxF "$1" /sys/block/loop*/loop/backing_file || :; }

# begin_writes DEVICE [BLOCK]: verified random writes on it for $SECONDS_EACH, in the background. With verify_backlog a block is
# read back while others are written: what happens meanwhile meets both.
begin_writes() {
    fio --name=verify --filename=$MAPPER/"$1" --direct=1 --rw=randwrite --bs="${2:-4k}" --iodepth=8 --size=8m \
        --ioengine=libaio --verify=crc32c --verify_backlog=16 --verify_fatal=1 --time_based \
        --runtime="$SECONDS_EACH" --output="$SCRATCH/fio.$1" --aux-path="$SCRATCH" &
    fio_pid=$!
}

# end_writes DEVICE: waits for them; that one failed is a failure of the script.
end_writes() {
    if ! wait $fio_pid; then
        cat "$SCRATCH/fio.$1"
        exit 1
    fi
    grep -q 'err= 0' "$SCRATCH/fio.$1" || exit 1
}

# at_calls COMMAND...: it, killed at each of its $CALLS in turn, until it comes to its end; $kills counts. What is to be
# there before is `before_it`'s matter, and `clean WHERE` looks at what is left.
at_calls() {
    for call in $CALLS; do
        nth=1
        while :; do
            before_it
            strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$nth" \
                "$@" >/dev/null 2>&1 && code=0 || code=$?
            clean "$what: $call $nth"
            [ $code = 137 ] || break
            kills=$((kills + 1))
            nth=$((nth + 1))
        done
    done
}

# eight_at_once COMMAND WORD: `COMMAND WORD1` to `COMMAND WORD8`, all at the same time; whether all went well.
eight_at_once() {
    lanes=
    for lane in 1 2 3 4 5 6 7 8; do
        "$1" "$2$lane" &
        lanes="$lanes $!"
    done
    failed=
    for lane in $lanes; do
        wait "$lane" || failed=yes
    done
    [ -z "$failed" ]
}

# random LIMIT: a number below LIMIT, which is at most 65536.
random() {
    echo $(($(od -An -N2 -tu2 /dev/urandom) % $1))
}

cleanup() {
    status=$?
    trap - EXIT
    cd /
    umount "$SCRATCH/mnt" 2>/dev/null || :
    # The devices that the script named, last first: a device goes before those it stands on.
    for name in ${DEVICES:-}; do
        if dmsetup info "$name" >/dev/null 2>&1; then
            dmsetup remove --force "$name" || :
            [ "$status" = 0 ] && echo "left behind: $name" && status=1
        fi
    done
    for device in $LEGS; do
        losetup -d "$device" || status=1
    done
    rm -rf "$SCRATCH"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
