#!/bin/sh
# A disk of 8 TB that has 32 KiB.
. "${0%/*}/lib.sh"
need dd blockdev losetup cmp
DEVICES=fake_disk
leg 1M

printf '0 64 linear %s 0\n64 17179869120 zero\n' "$LEG" | dmsetup create fake_disk
blockdev --getsize64 $MAPPER/fake_disk

seq 1 100000 | head -c 32768 >"$SCRATCH/text"
dd if="$SCRATCH/text" of=$MAPPER/fake_disk bs=4k conv=fsync 2>/dev/null
dd if=$LEG bs=4k count=8 iflag=direct 2>/dev/null | cmp - "$SCRATCH/text" && echo "it is on the disk"
dd if=$MAPPER/fake_disk bs=4k count=8 2>/dev/null | cmp - "$SCRATCH/text" && echo "it reads back"

dd if=$MAPPER/fake_disk bs=4k skip=8 count=8 2>/dev/null | tr -d '\0' | wc -c | tr -d ' '
dd if=/dev/urandom of=$MAPPER/fake_disk bs=4k seek=2000000 count=4 conv=fsync 2>/dev/null
dd if=$MAPPER/fake_disk bs=4k skip=2000000 count=4 2>/dev/null | tr -d '\0' | wc -c | tr -d ' '
dd if=$MAPPER/fake_disk bs=4k skip=2147483647 count=2 2>/dev/null | wc -c | tr -d ' '

dmsetup table fake_disk | plain
dmsetup remove fake_disk
