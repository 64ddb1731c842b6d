#!/bin/sh
# The original dmsetup, its ioctls answered from the engine by the test-only preload, drives our devices and
# shows them exactly as ours does.
# engine: any
. "${0%/*}/lib.sh"
need losetup dd cmp
[ -n "${DMKIT_PRELOAD:-}" ] || skip "no preload"
ORIGINAL=/usr/sbin/dmsetup
[ -x $ORIGINAL ] || skip "no $ORIGINAL"
$ORIGINAL --version 2>/dev/null | grep -q 'Library version:   1.02.185 ' || skip "another version of the original"
DEVICES="upper lower renamed"
leg 4M
leg 4M

original() {
    LD_PRELOAD=$DMKIT_PRELOAD DM_DISABLE_UDEV=1 $ORIGINAL "$@"
}

# same ARGUMENT...: both tools print the same and end alike; what they print.
same() {
    original "$@" >"$SCRATCH/theirs" 2>&1 && code=0 || code=$?
    dmsetup "$@" >"$SCRATCH/ours" 2>&1 && ours=0 || ours=$?
    if [ $code != $ours ] || ! cmp -s "$SCRATCH/theirs" "$SCRATCH/ours"; then
        echo "dmsetup $*: theirs ended with $code, ours with $ours:" >&2
        diff "$SCRATCH/theirs" "$SCRATCH/ours" >&2
        exit 1
    fi
    plain <"$SCRATCH/ours"
}

# shown: everything that can be asked about the devices.
shown() {
    echo "== $*"
    for word in table status info deps ls "info -c" "info -c -o name,devnos_used,devs_used,names_using_dev" \
        "table --concise" "deps -o devname" "ls -o devname"; do
        same $word >"$SCRATCH/shown"
        [ "$word" = "table --concise" ] && sed 's/linear 2[0-9]*:/linear DM:/' "$SCRATCH/shown"
    done
    same ls --tree | sed 's/([0-9]*:/(N:/'
}

# The original knows of no daemon that has to be started.
dm-engined serve --frontend fuse --idle 3 >"$SCRATCH/daemon" 2>&1 &
until grep -qs ready "$SCRATCH/daemon"; do
    kill -0 $! || exit 1
    sleep 0.1
done

original create lower --table "0 16384 striped 2 16 $LEG1 0 $LEG2 0"
original create upper -u UUID-upper --table "0 8192 linear $MAPPER/lower 64"
shown created by the original
seq 1 10000 | dd of=$MAPPER/upper bs=4k conv=fsync 2>/dev/null
dd if=$MAPPER/upper bs=4k count=2 2>/dev/null | cksum

original suspend upper
same info upper | grep State
original reload upper --table "0 8192 linear $MAPPER/lower 8192"
same info upper | grep Tables
original resume upper
dd if=$MAPPER/upper bs=4k count=2 2>/dev/null | tr -d '\0' | wc -c | tr -d ' '
original rename upper renamed
shown renamed by the original
same remove lower
same status nonesuch
original remove renamed
original remove lower
same ls

dmsetup create lower --table '0 8 zero'
shown created by ours
dmsetup remove lower
