#!/bin/sh
# Requests wait before they go on; a suspend lets all of them go at once, and loses none.
. "${0%/*}/lib.sh"
need dd cmp losetup tr
DEVICES=slow
leg 1M
leg 1M

# takes COMMAND...: how many hundredths of a second, in $took.
takes() {
    began=$(now)
    "$@"
    took=$(($(now) - began))
}

read_one() {
    dd if=$MAPPER/slow of="$SCRATCH/read" bs=4k count=1 iflag=direct 2>/dev/null
}

write_one() {
    dd if="$SCRATCH/one" of=$MAPPER/slow bs=4k oflag=direct conv=notrunc 2>/dev/null
}

# load TABLE
load() {
    dmsetup reload slow --table "$1"
    dmsetup resume slow
}

yes() {
    "$@" && echo yes || echo no
}

head -c 4096 /dev/zero | tr '\0' 1 >"$SCRATCH/one"
dmsetup create slow --table "0 64 delay $LEG1 0 0"
dmsetup table slow | plain
load "0 64 delay $LEG1 0 300 $LEG2 8 0"
dmsetup table slow | plain
takes read_one
# The clock of /proc/uptime has hundredths: one may be lost at either end.
echo "a read waits 300 ms: $(yes test $took -ge 29)"
load "0 64 delay $LEG1 0 10000 $LEG2 8 0"
takes write_one
echo "a write does not wait: $(yes test $took -lt 1000)"
dd if=$LEG2 bs=4k skip=1 count=1 iflag=direct 2>/dev/null | cmp - "$SCRATCH/one" && echo "it went to its own device"
load "0 64 delay $LEG1 0 0 $LEG2 8 300"
takes write_one
echo "a write waits 300 ms: $(yes test $took -ge 29)"
load "0 64 delay $LEG1 0 0 $LEG1 0 0 $LEG1 0 300"
takes dd if=/dev/null of=$MAPPER/slow conv=notrunc,fsync 2>/dev/null
echo "a flush waits 300 ms: $(yes test $took -ge 29)"

echo "== suspend"
load "0 64 delay $LEG1 0 100000"
began=$(now)
pids=
for at in 1 2 3 4; do
    head -c 4096 /dev/zero | tr '\0' $at >"$SCRATCH/$at"
    dd if="$SCRATCH/$at" of=$MAPPER/slow bs=4k seek=$at oflag=direct conv=notrunc 2>/dev/null &
    pids="$pids $!"
done
for at in 5 6; do
    dd if=$MAPPER/slow of="$SCRATCH/read$at" bs=4k skip=$at count=1 iflag=direct 2>/dev/null &
    pids="$pids $!"
done
until [ "$(dmsetup status slow)" = "0 64 delay 2 4 0" ]; do
    [ $(($(now) - began)) -lt 6000 ] || break
    sleep 0.1
done
dmsetup status slow
dmsetup suspend slow
for pid in $pids; do
    wait "$pid" || echo "failed"
done
echo "all ended at once: $(yes test $(($(now) - began)) -lt 9000)"
dmsetup status slow
for at in 1 2 3 4; do
    dd if=$LEG1 bs=4k skip=$at count=1 iflag=direct 2>/dev/null | cmp - "$SCRATCH/$at" && echo "write $at is there"
done
dmsetup reload slow --table "0 64 delay $LEG1 0 300"
dmsetup resume slow
takes read_one
echo "a read waits again: $(yes test $took -ge 29)"
dmsetup remove slow
