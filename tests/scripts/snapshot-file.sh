#!/bin/sh
# Whoever rescues a disk tries things on an image that nobody may write to: what is written goes to a sparse file.
# engine: file
. "${0%/*}/lib.sh"
need fusermount3 mkfs.ext4 debugfs seq cmp truncate
[ -n "${XDG_RUNTIME_DIR:-}" ] || skip "no XDG_RUNTIME_DIR"
[ -c /dev/fuse ] || skip "no /dev/fuse"
DEVICES=over
cd "$SCRATCH"
truncate -s 16M disk.img
mkfs.ext4 -q -F -b 1024 disk.img
chmod 444 disk.img
cp disk.img before
truncate -s 1T cow

dmsetup create over --table '0 32768 snapshot disk.img cow P 8'
FILE=$XDG_RUNTIME_DIR/dmkit/mapper/over
dmsetup table over | sed "s,$SCRATCH/,,g"
dmsetup status over
seq 1 100000 >numbers
debugfs -w -R 'write numbers numbers' "$FILE" >/dev/null 2>&1
debugfs -R 'cat numbers' "$FILE" 2>/dev/null | cmp - numbers && echo "read back"
dmsetup remove over

# Another day.
dmsetup create over --table '0 32768 snapshot disk.img cow P 8'
debugfs -R 'cat numbers' "$FILE" 2>/dev/null | cmp - numbers && echo "still there"
e2fsck -fn "$FILE" >/dev/null 2>&1 && echo "clean"
dmsetup remove over
cmp disk.img before && echo "the image is as it was"
[ "$(stat -c %b cow)" -lt 4096 ] && echo "the cow takes what was written, and little more"

# What is no cow is not made one.
cp numbers other
dmsetup create over --table '0 32768 snapshot disk.img other P 8' 2>&1 | grep -o 'No such device or address'
cmp other numbers && echo "nor written to"
