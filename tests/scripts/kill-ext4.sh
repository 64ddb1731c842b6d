#!/bin/sh
# engine: a mounted ext4 survives the daemon's process that serves being killed again and again under it.
# KILLS may be set.
. "${0%/*}/lib.sh"
need mkfs.ext4 e2fsck mount umount sha256sum dm-engined
DEVICES=disk
KILLS=${KILLS:-50}
leg 32M

dmsetup create disk --table "0 65536 linear $LEG1 0"
mkfs.ext4 -q $MAPPER/disk
mkdir "$SCRATCH/mnt"
mount -o errors=remount-ro $MAPPER/disk "$SCRATCH/mnt"

# Files are written, made durable and removed for as long as there are kills.
(
    while [ ! -e "$SCRATCH/enough" ]; do
        for number in 1 2 3 4 5 6 7 8; do
            head -c 300000 /dev/urandom >"$SCRATCH/data.$number"
            dd if="$SCRATCH/data.$number" of="$SCRATCH/mnt/file.$number" bs=64k conv=fsync \
                status=none || exit 1
        done
    done
) &
writer=$!
count=0
while [ $count -lt "$KILLS" ]; do
    kill -9 "$(serving)"
    sleep 0.$(random 3)
    count=$((count + 1))
done
: >"$SCRATCH/enough"
wait $writer || exit 1
for number in 1 2 3 4 5 6 7 8; do
    cmp "$SCRATCH/data.$number" "$SCRATCH/mnt/file.$number"
done
echo "files: all are whole"
grep -q " $SCRATCH/mnt ext4 rw," /proc/mounts && echo "ext4: writable still"
umount "$SCRATCH/mnt"
e2fsck -fn $MAPPER/disk >/dev/null 2>&1 && echo "e2fsck: clean"
dmsetup remove disk
