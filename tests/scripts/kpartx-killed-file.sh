#!/bin/sh
# An ordinary user's kpartx, killed at any of its system calls: the next `kpartx -d` cleans up all of it.
# engine: file
. "${0%/*}/lib.sh"
need kpartx strace fusermount3
[ -n "${XDG_RUNTIME_DIR:-}" ] || skip "no XDG_RUNTIME_DIR"
[ -c /dev/fuse ] || skip "no /dev/fuse"
DEVICES=
# Of the calls that change nothing for others, those that read are enough.
CALLS=${CALLS:-"ioctl sendto sendmsg recvfrom recvmsg write writev openat flock symlink symlinkat mknod mknodat unlink unlinkat"}
image=$SCRATCH/disk.img
truncate -s 8M "$image"
put() { dd of="$image" bs=1 seek="$1" conv=notrunc 2>/dev/null; }
printf '\125\252' | put 510
# Sectors 2048 to 10239, and 10240 to 12287.
printf '\0\0\0\0\203\0\0\0\000\010\000\000\000\040\000\000' | put 446
printf '\0\0\0\0\203\0\0\0\000\050\000\000\000\010\000\000' | put 462
# What lives as long as the daemon is not started in the midst of it.
dmsetup create held --table '0 8 zero'
DEVICES=held

clean() {
    kpartx -d "$image" || { echo "$*: kpartx -d fails"; exit 1; }
    [ "$(dmsetup ls | sed 's/\t.*//')" = held ] || { echo "$*: left:"; dmsetup ls; exit 1; }
}

# killed HOW OPTION...: killed at each call in turn, until it comes to its end.
killed() {
    how=$1
    shift
    kills=0
    for call in $CALLS; do
        nth=1
        while :; do
            [ "$how" = alone ] || kpartx -a -p -other "$image"
            strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$nth" \
                kpartx "$@" "$image" >/dev/null 2>&1 && code=0 || code=$?
            clean "$how $*: $call $nth"
            [ $code = 137 ] || break
            kills=$((kills + 1))
            nth=$((nth + 1))
        done
    done
    [ $kills -gt 20 ] || echo "only $kills kills"
    echo "$how $*: all clean"
    echo "$how $*: $kills kills" >&3
}
exec 3>>"${COUNTS:-/dev/null}"

killed alone -a
killed over -a
killed over -u -p x
killed over -d
dmsetup remove held
