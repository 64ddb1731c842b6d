#!/bin/sh
# Likewise with a member that failed, and is there again with old metadata and old data: it is no member. On a busy
# machine md's monitor now and then misses a disk that comes or goes, and whoever writes then waits for ever: so this
# runs where MD_FAILURES is set, and what such disks say is among the testkit's samples.
. "${0%/*}/lib.sh"
[ -n "${MD_FAILURES:-}" ] || skip "md fails disks on request: MD_FAILURES=1"
. "${0%/*}/lib-mdadm.sh"

echo "== imsm, raid 1 after a failure"
box imsm 2
volume mirror 1 2 --size=6144
failed 2
checked
LOST=

echo "== imsm, raid 5 after a failure"
box imsm 3
volume five 5 3 --size=4096 --chunk=64
failed 1
checked
LOST=

echo "== imsm, raid 5 after a rebuild"
box imsm 3
volume five 5 3 --size=4096 --chunk=64
lost=$LEG1
said mdadm /dev/md/five --fail "$lost"
comes mdadm /dev/md/box --remove "$lost"
leg 64M
# md's monitor counts the disks of a container, and does not see one go and another come at once. Where it saw nothing all
# the same, the disk comes once more.
sleep 2
said mdadm /dev/md/box --add "$LEG4"
waited=0
is_whole() {
    mdadm --detail /dev/md/five | grep 'State : \(clean\|active\) *$' && return
    waited=$((waited + 1))
    if [ $((waited % 50)) = 0 ] && ! grep recovery /proc/mdstat; then
        mdadm /dev/md/box --remove "$LEG4"
        sleep 2
        mdadm /dev/md/box --add "$LEG4"
    fi
    return 1
}
comes is_whole
fill five
LOST=1
checked 2
LOST=

echo "== ddf, raid 1 after a failure"
box ddf 2
volume mirror 1 2 --size=6144
failed 1
checked
LOST=

echo "== ddf, raid 5 after a failure"
box ddf 3
volume five 5 3 --size=4096 --chunk=64 --layout=ls
failed 3
checked
LOST=

dmsetup ls
grep -c '^md' /proc/mdstat || :
