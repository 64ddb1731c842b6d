# What the scripts share in which kpartx is killed at its system calls: `. "${0%/*}/lib-killed.sh"`, after lib.sh.
# The image has two partitions; a device of the script's own is there, so that the daemon, if there is one, is not
# started in the midst of a kill.

need kpartx strace
# Of the calls that change nothing for others, those that read are enough.
CALLS=${CALLS:-"ioctl sendto sendmsg recvfrom recvmsg write writev openat flock symlink symlinkat mknod mknodat unlink unlinkat"}
image=$SCRATCH/disk.img
truncate -s 8M "$image"
put() { dd of="$image" bs=1 seek="$1" conv=notrunc 2>/dev/null; }
printf '\125\252' | put 510
# Sectors 2048 to 10239, and 10240 to 12287.
printf '\0\0\0\0\203\0\0\0\000\010\000\000\000\040\000\000' | put 446
printf '\0\0\0\0\203\0\0\0\000\050\000\000\000\010\000\000' | put 462
dmsetup create held --table '0 8 zero'
DEVICES=held
exec 3>>"${COUNTS:-/dev/null}"

# clean WHAT: that `kpartx -d` leaves nothing after it.
clean() {
    kpartx -d "$image" || { echo "$*: kpartx -d fails"; exit 1; }
    [ "$(dmsetup ls | sed 's/\t.*//')" = held ] || { echo "$*: left:"; dmsetup ls; exit 1; }
    [ -z "$(attached "$image")" ] || { echo "$*: left:"; attached "$image"; exit 1; }
}

before_it() { [ "$how" = alone ] || kpartx -a -p -other "$image"; }

# killed HOW OPTION...: killed at each call in turn, until it comes to its end. `alone`: with nothing mapped before;
# `over`: with the partitions mapped, called otherwise.
killed() {
    how=$1
    shift
    what="$how $*"
    kills=0
    at_calls kpartx "$@" "$image"
    [ $kills -gt 20 ] || echo "only $kills kills"
    echo "$what: all clean"
    echo "$what: $kills kills" >&3
}
