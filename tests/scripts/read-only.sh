#!/bin/sh
# A read-only table takes no writes, and its disk is opened read-only.
. "${0%/*}/lib.sh"
need blockdev losetup dd
DEVICES=quiet
leg 1M
printf 'kept' | dd of=$LEG conv=notrunc,fsync 2>/dev/null
dmsetup create --readonly quiet --table "0 2048 linear $LEG 0"
blockdev --getro $MAPPER/quiet
dmsetup info quiet | grep State
dd if=/dev/zero of=$MAPPER/quiet bs=512 count=1 conv=notrunc,fsync >/dev/null 2>&1 || echo "refused"
dd if=$LEG bs=4 count=1 2>/dev/null; echo
dmsetup remove quiet
