#!/bin/sh
# A disk with bad blocks, as storage software meets one: reads fail at a block and nowhere else, a write mends
# it, another fails a few writes first. Debian's kernel leaves dust out: what is expected here was recorded on
# it with the dm-dust module built from its own source.
. "${0%/*}/lib.sh"
need dd cmp losetup seq head
dmsetup target-version dust >/dev/null 2>&1 || skip "no dust targets here"
DEVICES=dusty
leg 4M

seq 1 600000 | head -c 2097152 >"$SCRATCH/text"
dd if="$SCRATCH/text" of=$LEG bs=64k conv=fsync 2>/dev/null

# copy FIRST COUNT: reads blocks of 4 KiB and says how it went.
copy() {
    if dd if=$MAPPER/dusty of="$SCRATCH/copy" bs=4k skip="$1" count="$2" iflag=direct 2>"$SCRATCH/said"; then
        dd if="$SCRATCH/text" bs=4k skip="$1" count="$2" 2>/dev/null | cmp - "$SCRATCH/copy" && echo "blocks $1+$2: fine"
    else
        echo "blocks $1+$2: $(grep -o 'Input/output error' "$SCRATCH/said")"
    fi
}

# mend BLOCK: writes a block of the text where it belongs, and says how it went.
mend() {
    if dd if="$SCRATCH/text" of=$MAPPER/dusty bs=4k skip="$1" seek="$1" count=1 oflag=direct conv=notrunc \
        2>"$SCRATCH/said"; then
        echo "block $1: written"
    else
        echo "block $1: $(grep -o 'Input/output error' "$SCRATCH/said")"
    fi
}

dmsetup create dusty --table "0 4096 dust $LEG 0 4096"
dmsetup table dusty | plain
dmsetup status dusty | plain
for block in 60 67 72; do
    dmsetup message dusty 0 addbadblock $block
done
dmsetup message dusty 0 addbadblock 100 2
dmsetup message dusty 0 countbadblocks
dmsetup message dusty 0 queryblock 67
dmsetup message dusty 0 queryblock 68
refused dmsetup message dusty 0 addbadblock 67
refused dmsetup message dusty 0 addbadblock 5000

echo "bypassed:"
copy 0 512
echo "enabled:"
dmsetup message dusty 0 enable
dmsetup status dusty | plain
copy 0 60
copy 60 1
copy 61 6
copy 66 4
copy 101 100

echo "mended:"
mend 67
copy 61 11
dmsetup message dusty 0 countbadblocks
mend 100
mend 100
copy 100 1
mend 100
copy 100 1
dmsetup message dusty 0 listbadblocks
dmsetup message dusty 0 removebadblock 72
dmsetup message dusty 0 quiet
dmsetup message dusty 0 clearbadblocks
dmsetup message dusty 0 listbadblocks
copy 0 512

# Blocks are counted on the disk, wherever the target begins on it.
dmsetup reload dusty --table "0 4096 dust $LEG 800 4096"
dmsetup resume dusty
dmsetup status dusty | plain
dmsetup message dusty 0 addbadblock 100
dmsetup message dusty 0 enable
dd if=$MAPPER/dusty of=/dev/null bs=4k count=1 iflag=direct 2>&1 | grep -o 'Input/output error'
dd if=$MAPPER/dusty of=/dev/null bs=4k skip=1 count=100 iflag=direct 2>/dev/null && echo "what is behind it is fine"
dmsetup remove dusty
dd if=$LEG bs=64k count=32 2>/dev/null | cmp - "$SCRATCH/text" && echo "the disk has what was written"
