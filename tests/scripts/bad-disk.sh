#!/bin/sh
# A disk whose sector 8 cannot be read: what storage software does about it is the user's affair.
. "${0%/*}/lib.sh"
need dd blockdev losetup
DEVICES=bad_disk
leg 100M

dmsetup create bad_disk <<TABLE
0 8 linear $LEG 0
8 1 error
9 204791 linear $LEG 9
TABLE

blockdev --getsz $MAPPER/bad_disk
dd if=$MAPPER/bad_disk of=/dev/null bs=1k count=4 2>/dev/null && echo "4 blocks are fine"
dd if=$MAPPER/bad_disk of=/dev/null bs=1k count=5 2>&1 | grep -o 'Input/output error'
dd if=$MAPPER/bad_disk of=/dev/null bs=512 skip=9 count=8 2>/dev/null && echo "what is behind it is fine"

dmsetup table bad_disk | plain
dmsetup status bad_disk
dmsetup info bad_disk | plain
dmsetup deps bad_disk | plain
dmsetup ls | plain

exec 3<$MAPPER/bad_disk
dmsetup info bad_disk | grep 'Open count'
refused dmsetup remove bad_disk
exec 3<&-

dmsetup remove bad_disk
dmsetup ls
[ ! -e $MAPPER/bad_disk ] && echo "nothing is left"
