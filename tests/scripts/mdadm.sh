#!/bin/sh
# Containers of Intel's (IMSM) and of DDF, made and filled by Linux's md: our dmraid finds their volumes in images of
# the disks and shows what was written, also with a member missing; nothing is written.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-mdadm.sh"

echo "== imsm, two volumes, the second over the disks in another order"
box imsm 3
volume stripe 0 3 --size=4096 --chunk=64
volume five 5 3 --size=4096 --chunk=64 "$LEG3" "$LEG1" "$LEG2"
checked

echo "== imsm, raid 1"
box imsm 2
volume mirror 1 2 --size=6144
checked 1 2

echo "== imsm, raid 5"
box imsm 3
volume five 5 3 --size=4096 --chunk=128
checked 1 2 3

echo "== imsm, raid 10"
box imsm 4
volume ten 10 4 --size=4096 --chunk=64
checked 1 4

echo "== ddf, two volumes"
box ddf 3
volume stripe 0 3 --size=4096 --chunk=64
volume five 5 3 --size=4096 --chunk=64 --layout=ls
checked

for layout in la ra ls; do
    echo "== ddf, raid 5, $layout"
    box ddf 3
    volume five 5 3 --size=4096 --chunk=64 --layout=$layout
    checked 1 2 3
done

echo "== ddf, raid 1"
box ddf 2
volume mirror 1 2 --size=6144
checked 1 2

echo "== ddf, raid 10"
box ddf 4
volume ten 10 4 --size=4096 --chunk=64 --layout=n2
checked 1 4

echo "== ddf, raid 4"
box ddf 3
volume four 4 3 --size=4096 --chunk=64
checked 1 3

dmsetup ls
grep -c '^md' /proc/mdstat || :
