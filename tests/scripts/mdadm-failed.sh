#!/bin/sh
# Containers as in mdadm.sh with a member that failed, and is there again with old metadata and old data: none to us. On a busy
# machine md's monitor now and then misses a disk that comes or goes, and whoever writes then waits for ever: so this
# runs where MD_FAILURES is set, and what such disks say is among the testkit's samples.
. "${0%/*}/lib.sh"
[ -n "${MD_FAILURES:-}" ] || skip "md fails disks on request: MD_FAILURES=1"
. "${0%/*}/lib-mdadm.sh"

# comes COMMAND...: waits until it succeeds, two minutes at most.
comes() {
    tries=0
    until "$@" >said 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || {
            echo "in vain: $*"
            cat said /proc/mdstat
            mdadm --detail "/dev/md/${name:-box}"
            exit 1
        }
        sleep 0.2
    done
}

# goes DISK: the member fails and goes.
goes() {
    eval "lost=\$LEG$1"
    said mdadm "/dev/md/$name" --fail "$lost"
    comes mdadm /dev/md/box --remove "$lost"
}

# after_failure FORMAT DISKS DISK VOLUME...: a container of so many disks, and a volume in it that goes on without one.
after_failure() {
    box "$1" "$2"
    LOST=$3
    shift 3
    volume "$@"
    goes "$LOST"
    fill "$name"
    checked
}

echo "== imsm, raid 1 after a failure"
after_failure imsm 2 2 mirror 1 2 --size=6144

echo "== imsm, raid 5 after a failure"
after_failure imsm 3 1 five 5 3 --size=4096 --chunk=64

echo "== imsm, raid 5 after a rebuild"
box imsm 3
volume five 5 3 --size=4096 --chunk=64
goes 1
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

echo "== ddf, raid 1 after a failure"
after_failure ddf 2 1 mirror 1 2 --size=6144

echo "== ddf, raid 5 after a failure"
after_failure ddf 3 3 five 5 3 --size=4096 --chunk=64 --layout=ls

dmsetup ls
grep -c '^md' /proc/mdstat || :
