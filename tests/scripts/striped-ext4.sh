#!/bin/sh
# Two disks as one, striped, with a filesystem on it; then each disk's bytes, where dm-stripe puts them.
. "${0%/*}/lib.sh"
need dd mke2fs e2fsck mount umount losetup cmp
DEVICES=striped
leg 16M
leg 16M

dmsetup create striped --table "0 65536 striped 2 128 $LEG1 0 $LEG2 0"
dmsetup table striped | plain
dmsetup status striped | plain

# The same bytes lie on the disks as a few lines of dd would put them: chunk 0 on the first, 1 on the
# second, 2 on the first.
seq 1 2000000 | head -c 1048576 >"$SCRATCH/text"
dd if="$SCRATCH/text" of=$MAPPER/striped bs=64k conv=fsync 2>/dev/null
for chunk in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    eval "disk=\$LEG$((chunk % 2 + 1))"
    dd if="$SCRATCH/text" bs=64k skip=$chunk count=1 2>/dev/null >"$SCRATCH/want"
    dd if=$disk bs=64k skip=$((chunk / 2)) count=1 iflag=direct 2>/dev/null >"$SCRATCH/have"
    cmp "$SCRATCH/want" "$SCRATCH/have" || exit 1
done
echo "16 chunks lie where they belong"

mke2fs -q -t ext4 -b 1024 $MAPPER/striped && echo "made"
mkdir "$SCRATCH/mnt"
mount -t ext4 $MAPPER/striped "$SCRATCH/mnt"
cp "$SCRATCH/text" "$SCRATCH/mnt/a"
cp "${0%/*}"/*.sh "$SCRATCH/mnt/"
refused dmsetup remove striped
umount "$SCRATCH/mnt"
e2fsck -fn $MAPPER/striped >/dev/null 2>&1 && echo "clean"
mount -t ext4 -o ro $MAPPER/striped "$SCRATCH/mnt"
cmp "$SCRATCH/text" "$SCRATCH/mnt/a" && echo "the copy is whole"
umount "$SCRATCH/mnt"
dmsetup remove striped
