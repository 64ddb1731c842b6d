#!/bin/sh
# A filesystem's whole life is logged; whenever the power may have gone, what was on the disk then is a
# filesystem that e2fsck mends, and what was synced is in it.
#
# e2fsck may end with 0, nothing to mend, or 1, all mended: the filesystem's journal is replayed, and orphans
# are cleared. Anything else is a failure, and so is a second look that finds more.
. "${0%/*}/lib.sh"
need dd dm-engined losetup mke2fs e2fsck mount umount cmp sync
DEVICES=logged
# A prefix ends at every entry. Where time is short, it ends at a flush or at a write with FUA, and only every so
# many-th of those is looked at.
EVERY=${EVERY_NTH:-1}
[ "$EVERY" = 1 ] && KINDS=entry || KINDS=flush,fua
export SCRATCH EVERY
leg 8M
leg 64M
dmsetup create logged --table "0 16384 log-writes $LEG1 $LEG2"
mke2fs -q -t ext4 -b 1024 $MAPPER/logged
sync $MAPPER/logged
dmsetup message logged 0 mark made

mkdir "$SCRATCH/mnt"
mount -t ext4 $MAPPER/logged "$SCRATCH/mnt"
cd "$SCRATCH/mnt"
for round in 1 2 3 4 5 6; do
    mkdir "$round"
    seq 1 $((round * 500)) >"$round/synced"
    sync "$round/synced"
    dmsetup message logged 0 mark "synced-$round"
    seq 1 3000 >"$round/large"
    mv "$round/synced" "$round/moved"
    ln -s moved "$round/link"
    for small in 1 2 3 4 5 6 7 8; do
        echo $small >"$round/$small"
    done
    sync "$round/8"
    rm "$round/large" "$round/1" "$round/2"
    seq 1 100 >>"$round/moved"
    [ $round -lt 4 ] || rm -r "$((round - 3))"
    sync "$round"
done
cd /
umount "$SCRATCH/mnt"
dmsetup message logged 0 mark unmounted
case $(dmsetup status logged) in *logging_disabled) echo "the log is full" && exit 1 ;; esac
dmsetup remove logged

cat >"$SCRATCH/check" <<'END'
number=$(($(cat "$SCRATCH/count") + 1))
echo $number >"$SCRATCH/count"
[ $((number % EVERY)) = 0 ] || exit 0
cp "$DMKIT_REPLAY_TARGET" "$SCRATCH/copy"
e2fsck -fy "$SCRATCH/copy" >"$SCRATCH/mended" 2>&1
code=$?
[ $code -le 1 ] || { echo "e2fsck -fy: exit code $code"; cat "$SCRATCH/mended"; exit 1; }
e2fsck -fn "$SCRATCH/copy" >"$SCRATCH/clean" 2>&1 ||
    { echo "not clean after e2fsck -fy"; cat "$SCRATCH/mended" "$SCRATCH/clean"; exit 1; }
echo $number >>"$SCRATCH/checked"
END
truncate -s 8M "$SCRATCH/disk"
dm-engined replay-log --end-mark made $LEG2 "$SCRATCH/disk" >/dev/null
echo 0 >"$SCRATCH/count"
: >"$SCRATCH/checked"
dm-engined replay-log --start-mark made --check $KINDS --command ". '$SCRATCH/check'" \
    $LEG2 "$SCRATCH/disk" >"$SCRATCH/summary"
[ "$(wc -l <"$SCRATCH/checked")" -ge 5 ] || { echo "too few prefixes"; cat "$SCRATCH/summary"; exit 1; }
echo "every prefix is a filesystem"
cmp "$SCRATCH/disk" $LEG1 && echo "all of it is the disk"

# What was synced when a mark was set is in the prefix that ends there.
for round in 1 3 6; do
    rm "$SCRATCH/disk"
    truncate -s 8M "$SCRATCH/disk"
    dm-engined replay-log --end-mark "synced-$round" $LEG2 "$SCRATCH/disk" >/dev/null
    e2fsck -fy "$SCRATCH/disk" >/dev/null 2>&1 || [ $? = 1 ]
    mount -t ext4 -o ro,loop "$SCRATCH/disk" "$SCRATCH/mnt"
    seq 1 $((round * 500)) | cmp - "$SCRATCH/mnt/$round/synced" && echo "synced-$round is there"
    umount "$SCRATCH/mnt"
done
