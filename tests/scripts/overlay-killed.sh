#!/bin/sh
# A dmraid that is killed while it activates or deactivates a set with overlays: the next `dmraid -an` cleans up all of
# it but the overlays' files, which still have what was written. It is killed at each of its system calls where strace
# can do that, and else at moments of its run.
. "${0%/*}/lib.sh"
need dmraid raid-images sha256sum timeout
cd "$SCRATCH"
# The calls that change something for others.
CALLS=${CALLS:-"ioctl sendto sendmsg ftruncate symlink symlinkat mknod mknodat unlink unlinkat"}
MOMENTS=${MOMENTS:-16}
SET=sil_caagbhajaiah
mkdir disks cow
raid-images make sil-stripe disks
sha256sum disks/*.img >before
# What lives as long as the daemon is not started in the midst of it.
dmsetup create held --table '0 8 zero'
DEVICES="held ${SET}_overlay0 ${SET}_overlay1 $SET ${SET}1"

# A partition, sectors 2048 to 10239, and nothing else on the set's first sector.
dmraid -ay --overlay cow disks/*.img
{
    head -c 446 /dev/zero
    printf '\0\0\0\0\203\0\0\0\000\010\000\000\000\040\000\000'
    head -c 48 /dev/zero
    printf '\125\252'
} >table
dd if=table of="$MAPPER/$SET" conv=notrunc,nocreat 2>/dev/null

# clean WHAT: the set is deactivated, and nothing is left. Loop devices of overlays go when they are closed.
clean() {
    dmraid -an disks/*.img >said 2>&1 || { echo "$*: dmraid -an fails"; cat said; exit 1; }
    [ "$(dmsetup ls | sed 's/\t.*//')" = held ] || { echo "$*: left:"; cat said; dmsetup ls; exit 1; }
    tries=0
    while grep -lsF "$SCRATCH/" /sys/block/loop*/loop/backing_file >left; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || { echo "$*: left:"; cat left; losetup -a; exit 1; }
        sleep 0.1
    done
}

# before_it: the set as it is before it is killed.
before_it() {
    case $how in over) dmraid -ay --overlay cow disks/*.img >/dev/null ;; esac
}

# killed HOW OPTION...: killed ever later, up to its end.
killed() {
    how=$1
    shift
    what=$*
    kills=0
    if command -v strace >/dev/null; then at_calls dmraid "$@" disks/*.img; else in_time "$@"; fi
    [ $kills -gt 2 ] || echo "only $kills kills"
    echo "$what: all clean"
    echo "$what: $kills kills" >&3
}

# in_time OPTION...: killed at moments that are spread over the time that it takes when it is left alone.
in_time() {
    before_it
    from=$(now)
    dmraid "$@" disks/*.img >/dev/null
    took=$(($(now) - from))
    clean "$what"
    moment=1
    while [ $moment -le $MOMENTS ]; do
        before_it
        thousandths=$((took * 10 * moment / MOMENTS + 1))
        time=$((thousandths / 1000)).$(printf '%03d' $((thousandths % 1000)))
        timeout -s KILL "$time" dmraid "$@" disks/*.img >/dev/null 2>&1 && code=0 || code=$?
        clean "$what: after $time seconds"
        [ $code != 137 ] || kills=$((kills + 1))
        moment=$((moment + 1))
    done
}
exec 3>>"${COUNTS:-/dev/null}"

clean "the first time"
killed alone -ay --overlay cow
killed over -an
sha256sum --quiet -c before && echo "untouched"
dmraid -ay --overlay cow disks/*.img
dd if="$MAPPER/$SET" count=1 2>/dev/null | cmp - table && echo "read again"
clean "the last time"
dmsetup remove held
DEVICES=
