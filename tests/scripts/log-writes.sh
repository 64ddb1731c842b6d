#!/bin/sh
# Every write to a device is on its log, in the order in which they became durable; the log makes the device
# again, at any moment of its life.
. "${0%/*}/lib.sh"
need dd dm-engined losetup cmp sha256sum sync tr
DEVICES="logged wide short"
leg 4M
leg 8M

# text CHARACTER KIB: so many KiB of one character.
text() {
    head -c $(($2 * 1024)) /dev/zero | tr '\0' "$1"
}

# put CHARACTER AT COUNT [CONVERSION]: COUNT requests of 4 KiB, from the AT-th on, past the page cache.
put() {
    text "$1" $((4 * $3)) | dd of=$NODE bs=4k seek=$2 iflag=fullblock oflag=direct${4:+ conv=$4} 2>/dev/null
}

# show LOG: its entries, and what all its bytes are.
show() {
    dm-engined replay-log --list "$1" | sed 's/ *$//'
    sha256sum <"$1"
}

dmsetup create logged --table "0 8192 log-writes $LEG1 $LEG2"
NODE=$MAPPER/logged
dmsetup table logged | plain
dmsetup deps logged | plain
put a 2 2
dmsetup status logged
put b 3 1 fsync
dmsetup status logged
dmsetup message logged 0 mark one
put c 9 1
put d 100 3
dmsetup message logged 0 mark two
sync $NODE
dmsetup status logged
put e 7 1
dmsetup remove logged
show $LEG2

echo "what the log makes"
truncate -s 4M "$SCRATCH/again"
dm-engined replay-log --end-mark one $LEG2 "$SCRATCH/again" | sed 's/onto [^:]*/onto it/'
dd if="$SCRATCH/again" bs=4k skip=2 count=3 2>/dev/null | tr -s '\0ab' ' ab'; echo
dm-engined replay-log --start-mark one $LEG2 "$SCRATCH/again" | sed 's/onto [^:]*/onto it/'
cmp "$SCRATCH/again" $LEG1 && echo "the same disk"
dm-engined replay-log --json --list --limit 1 $LEG2

echo "a write that is durable when it is answered"
dmsetup create logged --table "0 8192 log-writes $LEG1 $LEG2"
text f 4 | dd of=$NODE bs=4k seek=20 count=1 oflag=direct,dsync 2>/dev/null
dmsetup message logged 0 mark durable
dmsetup remove logged
dm-engined replay-log --end-mark durable $LEG2 "$SCRATCH/again" >/dev/null
dd if="$SCRATCH/again" bs=4k skip=20 count=1 2>/dev/null | tr -s f; echo

echo "blocks of 4096 bytes"
leg 4M
leg 8M
losetup -d $LEG3
losetup -b 4096 $LEG3 "$SCRATCH/leg3.img"
dmsetup create wide --table "0 8192 log-writes $LEG3 $LEG4"
NODE=$MAPPER/wide
dmsetup status wide
put g 5 2
sync $NODE
dmsetup message wide 0 mark end
dmsetup status wide
dmsetup remove wide
show $LEG4
truncate -s 0 "$SCRATCH/again"
truncate -s 4M "$SCRATCH/again"
dm-engined replay-log $LEG4 "$SCRATCH/again" >/dev/null
cmp "$SCRATCH/again" $LEG3 && echo "the same disk"

echo "a log that is full"
leg 64k
dmsetup create short --table "0 8192 log-writes $LEG1 $LEG5"
NODE=$MAPPER/short
put h 0 10 fsync
dmsetup message short 0 mark full
dmsetup status short
put i 0 10 fsync
dmsetup status short
dmsetup message short 0 mark unheard
dmsetup remove short
dd if=$LEG1 bs=4k count=10 2>/dev/null | tr -s i; echo
dm-engined replay-log --list $LEG5 | sed 's/ *$//'
