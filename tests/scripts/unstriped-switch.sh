#!/bin/sh
# A striped device taken apart again with unstriped, and two disks under one switch whose regions are told where
# to go; what lies on the disks is looked at without device-mapper.
. "${0%/*}/lib.sh"
need dd cmp losetup seq head
DEVICES="striped one two switched"
leg 4M
leg 4M
leg 8M

seq 1 600000 | head -c 2097152 >"$SCRATCH/text"
dmsetup create striped --table "0 8192 striped 2 64 $LEG1 0 $LEG2 1024"
dd if="$SCRATCH/text" of=$MAPPER/striped bs=64k conv=fsync 2>/dev/null
dmsetup remove striped

# A RAID controller would show its disks as one: a third disk has what the two have, chunk by chunk.
for chunk in $(seq 0 63); do
    dd if="$SCRATCH/text" of=$LEG3 bs=32k skip="$chunk" seek="$((chunk + 1))" count=1 conv=notrunc 2>/dev/null
done
sync
dmsetup create one --table "0 2048 unstriped 2 64 0 $LEG3 64"
dmsetup create two --table "0 2048 unstriped 2 64 1 $LEG3 64"
dmsetup table | plain
dmsetup status one
dd if=$LEG1 bs=64k count=16 2>/dev/null >"$SCRATCH/first"
dd if=$LEG2 bs=64k skip=8 count=16 2>/dev/null >"$SCRATCH/second"
dd if=$MAPPER/one bs=64k iflag=direct 2>/dev/null | cmp - "$SCRATCH/first" && echo "stripe 0 is the first disk"
dd if=$MAPPER/two bs=64k iflag=direct 2>/dev/null | cmp - "$SCRATCH/second" && echo "stripe 1 is the second disk"
dd if=/dev/zero of=$MAPPER/two bs=32k seek=3 count=1 oflag=direct conv=notrunc 2>/dev/null
dd if=$LEG3 bs=32k skip=8 count=1 iflag=direct 2>/dev/null | tr -d '\0' | wc -c
refused dmsetup reload one --table "0 2048 unstriped 2 64 3 $LEG3 64"
refused dmsetup reload one --table "0 2000 unstriped 2 64 1 $LEG3 64"
dmsetup remove one
dmsetup remove two

# Sixteen regions of 64 KiB, first dealt to the paths in turn.
for disk in $LEG1 $LEG2; do
    dd if=/dev/zero of="$disk" bs=64k count=64 oflag=direct 2>/dev/null
done
dmsetup create switched --table "0 2048 switch 2 128 0 $LEG1 0 $LEG2 1024"
dmsetup table switched | plain
dmsetup status switched

# regions: writes the text over all, and says which disk got each region of it; both are empty after.
regions() {
    dd if="$SCRATCH/text" of=$MAPPER/switched bs=64k count=16 oflag=direct conv=notrunc 2>/dev/null
    dd if=$MAPPER/switched bs=64k iflag=direct 2>/dev/null >"$SCRATCH/back"
    head -c 1048576 "$SCRATCH/text" | cmp - "$SCRATCH/back" || echo "not what was written"
    for region in $(seq 0 15); do
        dd if="$SCRATCH/text" bs=64k skip="$region" count=1 2>/dev/null >"$SCRATCH/want"
        dd if="$LEG1" bs=64k skip="$region" count=1 iflag=direct 2>/dev/null | cmp -s - "$SCRATCH/want" && printf 1
        dd if="$LEG2" bs=64k skip="$((region + 8))" count=1 iflag=direct 2>/dev/null | cmp -s - "$SCRATCH/want" &&
            printf 2
    done
    echo
    for disk in $LEG1 $LEG2; do
        dd if=/dev/zero of="$disk" bs=64k count=24 oflag=direct conv=notrunc 2>/dev/null
    done
}

regions
dmsetup message switched 0 set_region_mappings 0:1 :1 :1 f:0
regions
dmsetup message switched 0 set_region_mappings 0:0 :1 :1 R3,9 c:1 R1,3
regions
dmsetup message switched 0 set_region_mappings 5:0 6:0
regions
refused dmsetup message switched 0 set_region_mappings 0:1 10:0 1:0
regions
refused dmsetup message switched 0 set_region_mappings 0:2
refused dmsetup message switched 0 hello
# The regions stay where they are through a suspend, and are dealt anew with a new table.
dmsetup suspend switched
dmsetup message switched 0 set_region_mappings 0:1 R1,f
dmsetup resume switched
regions
dmsetup reload switched --table "0 2048 switch 2 128 0 $LEG1 0 $LEG2 1024"
dmsetup resume switched
regions
dmsetup remove switched
