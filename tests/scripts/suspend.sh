#!/bin/sh
# A suspended device holds its requests; resumed, it serves them, from the new table.
. "${0%/*}/lib.sh"
need dd losetup
DEVICES=held
leg 4M
printf 'one' | dd of=$LEG bs=512 seek=0 conv=notrunc,fsync 2>/dev/null
printf 'two' | dd of=$LEG bs=512 seek=8 conv=notrunc,fsync 2>/dev/null

dmsetup create held --table "0 8 linear $LEG 0"
dd if=$MAPPER/held bs=512 count=1 iflag=direct 2>/dev/null | head -c 3; echo
dmsetup suspend held
dmsetup info held | grep State
dd if=$MAPPER/held of="$SCRATCH/read" bs=512 count=1 iflag=direct 2>/dev/null &
reader=$!
sleep 1
kill -0 $reader && echo "the read waits"
dmsetup reload held --table "0 8 linear $LEG 8"
dmsetup info held | grep Tables
dmsetup table --inactive held | plain
dmsetup resume held
wait $reader
head -c 3 "$SCRATCH/read"; echo
dmsetup info held | grep -e State -e Tables
dmsetup remove held
