#!/bin/sh
# Discards are on the log, in the order of their completion, and are replayed as zeros. Through a loop device
# over FUSE they do not come: it cannot tell them from writes of zeroes, which log-writes does not take.
. "${0%/*}/lib.sh"
need dd blkdiscard dm-engined losetup cmp sync tr
DEVICES=logged
leg 4M
leg 8M
head -c 16384 /dev/zero | tr '\0' a >"$SCRATCH/text"
dmsetup create logged --table "0 8192 log-writes $LEG1 $LEG2"
NODE=$MAPPER/logged
dd if="$SCRATCH/text" of=$NODE bs=4k oflag=direct 2>/dev/null
blkdiscard -o 4096 -l 8192 $NODE
dd if="$SCRATCH/text" of=$NODE bs=4k count=1 seek=2 oflag=direct 2>/dev/null
sync $NODE
status=$(dmsetup status logged)
dmsetup remove logged
[ "${status#*log-writes 6 }" = "$status" ] || skip "no discard comes through here"
echo "$status"
dm-engined replay-log --list $LEG2 | sed 's/ *$//'
for discards in zero discard; do
    truncate -s 0 "$SCRATCH/again"
    truncate -s 4M "$SCRATCH/again"
    dm-engined replay-log --discards $discards $LEG2 "$SCRATCH/again" | sed 's/onto [^:]*/onto it/'
    tr -s '\0a' '.a' <"$SCRATCH/again"; echo
done
