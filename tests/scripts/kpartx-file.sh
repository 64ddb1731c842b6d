#!/bin/sh
# An ordinary user maps the partitions of an image, makes a filesystem in one, and unmaps them; also after a
# kpartx that was killed on its way. No root, no loop device: each partition is a file.
# engine: file
. "${0%/*}/lib.sh"
need kpartx mkfs.ext4 debugfs dd
need_files
DEVICES=
FOLDER=$XDG_RUNTIME_DIR/dmkit/mapper
cd "$SCRATCH"
truncate -s 8M "my disk.img"
put() { dd of="my disk.img" bs=1 seek="$1" conv=notrunc 2>/dev/null; }
printf '\125\252' | put 510
# Sectors 2048 to 10239, and 10240 to 12287.
printf '\0\0\0\0\203\0\0\0\000\010\000\000\000\040\000\000' | put 446
printf '\0\0\0\0\203\0\0\0\000\050\000\000\000\010\000\000' | put 462

kpartx -l "my disk.img"
kpartx -a --dry-run "my disk.img" | sed "s,$SCRATCH/,,"
kpartx -av "my disk.img" | sed "s,$SCRATCH/,,; s,([0-9]*:,(DM:,"
stat -c '%n %s' "$FOLDER"/my_disk.img* | sed "s,$FOLDER/,,"
mkfs.ext4 -q -F -b 1024 "$FOLDER/my_disk.img1" && echo "made"
dd if="my disk.img" bs=1 skip=$((2048 * 512 + 1080)) count=2 2>/dev/null | od -An -tx1
kpartx -dv "my disk.img"

for pause in 0.001 0.003 0.01 0.03 0.06; do
    kpartx -a "my disk.img" 2>/dev/null &
    sleep $pause
    kill -9 $! 2>/dev/null || :
    wait $! 2>/dev/null || :
    kpartx -d "my disk.img"
done
dmsetup ls
