#!/bin/sh
# What was written to a snapshot is there when the daemon was killed; the disk under it is as it was.
# engine: any
. "${0%/*}/lib.sh"
need dd cmp dm-engined losetup seq head
DEVICES="over forgets"
leg 2M
leg 4M
leg 4M

seq 1 400000 | head -c 2097152 >"$SCRATCH/text"
dd if="$SCRATCH/text" of=$LEG1 bs=64k conv=fsync 2>/dev/null
cp "$SCRATCH/text" "$SCRATCH/want"
dmsetup create over --table "0 4096 snapshot $LEG1 $LEG2 P 8"
dmsetup create forgets --table "0 4096 snapshot $LEG1 $LEG3 N 8"
dd if=/dev/zero of=$MAPPER/forgets bs=512 count=1 oflag=direct 2>/dev/null

for round in 1 2 3 4; do
    for write in 1 2 3 4 5 6 7 8; do
        at=$(random 4096)
        head -c 512 /dev/urandom >"$SCRATCH/piece"
        dd if="$SCRATCH/piece" of=$MAPPER/over bs=512 seek="$at" oflag=direct,dsync 2>/dev/null
        dd if="$SCRATCH/piece" of="$SCRATCH/want" bs=512 seek="$at" conv=notrunc 2>/dev/null
    done
    kill -9 "$(serving)"
    cmp $MAPPER/over "$SCRATCH/want" && echo "round $round: all of it"
done

# What was kept in memory is gone, and nobody takes the disk under it for what was written.
dmsetup status forgets
dd if=$MAPPER/forgets of=/dev/null bs=512 count=1 iflag=direct 2>&1 | grep -o 'Input/output error'
dmsetup remove forgets
dmsetup remove over
dmsetup create over --table "0 4096 snapshot $LEG1 $LEG2 P 8"
cmp $MAPPER/over "$SCRATCH/want" && echo "all of it"
dmsetup remove over
cmp $LEG1 "$SCRATCH/text" && echo "as it was"
