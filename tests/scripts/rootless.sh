#!/bin/sh
# An ordinary user stripes two image files, makes a filesystem on the result, and reads it back. No root, no
# loop device, no block device: the mapped device is a file.
# engine: file
. "${0%/*}/lib.sh"
need mkfs.ext4 debugfs dd
need_files
DEVICES=data
cd "$SCRATCH"
truncate -s 16M one.img
truncate -s 16M two.img

dmsetup create data --table '0 65536 striped 2 128 one.img 0 two.img 0'
FILE=$XDG_RUNTIME_DIR/dmkit/mapper/data
stat -c %s "$FILE"
dmsetup table data | sed "s,$SCRATCH/,,g"
dmsetup status data | sed "s,$SCRATCH/,,g"
mkfs.ext4 -q -F -b 1024 "$FILE" && echo "made"
seq 1 100000 >numbers
debugfs -w -R 'write numbers numbers' "$FILE" 2>/dev/null
debugfs -R 'cat numbers' "$FILE" 2>/dev/null | cmp - numbers && echo "read back"
e2fsck -fn "$FILE" >/dev/null 2>&1 && echo "clean"

# The superblock is 1024 bytes in, on the first image.
dd if=one.img bs=1 skip=1080 count=2 2>/dev/null | od -An -tx1
dmsetup remove data
[ ! -e "$FILE" ] && echo "nothing is left"
