#!/bin/sh
# A device grows and shrinks with its table.
. "${0%/*}/lib.sh"
need blockdev losetup dd
DEVICES=grows
leg 4M
dmsetup create grows --table "0 1024 linear $LEG 0"
blockdev --getsz $MAPPER/grows
dmsetup reload grows --table "0 8192 linear $LEG 0"
blockdev --getsz $MAPPER/grows
dmsetup suspend grows
dmsetup resume grows
blockdev --getsz $MAPPER/grows
dd if=$MAPPER/grows bs=512 skip=8191 count=1 iflag=direct 2>/dev/null | wc -c | tr -d ' '
refused dmsetup reload grows --table "0 8 nonsense"
dmsetup reload grows --table "0 8193 linear $LEG 0" 2>&1 | plain
dmsetup clear grows
dmsetup reload grows --table "0 2048 linear $LEG 16"
dmsetup resume grows
blockdev --getsz $MAPPER/grows
dmsetup table grows | plain
dmsetup rename grows grown
[ -e $MAPPER/grown ] && [ ! -e $MAPPER/grows ] && echo "renamed"
dmsetup info grown | grep -e Name -e Event
dmsetup remove grown
