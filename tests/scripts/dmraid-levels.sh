#!/bin/sh
# Sets of every format and level, from images of their disks: each is activated, shows what was laid out over its
# disks byte by byte, and is deactivated; once more with a disk missing where it can do without; nothing is written.
. "${0%/*}/lib.sh"
need dmraid raid-images sha256sum
cd "$SCRATCH"

# activated CASE SET IMAGE...: activates, checks and deactivates.
activated() {
    case=$1 set=$2
    shift 2
    DEVICES=$set
    dmraid -ay --read-only --degraded "$@" >"$SCRATCH/said" 2>&1 || :
    if raid-images check "$case" "$MAPPER/$set"; then
        checked=$((checked + 1))
    else
        echo "== $case $set $*"
        cat "$SCRATCH/said"
        dmsetup table
    fi
    dmraid -an "$@" >"$SCRATCH/said" 2>&1 || cat "$SCRATCH/said"
    DEVICES=
}

checked=0
raid-images list >all
if [ "${EVERY_NTH:-1}" = 1 ]; then cp all list; else : >list; fi
# Where the machine is slow, one of each level, and of each way in which parity goes round.
for case in sil-stripe sil-mirror sil-ten sil-jbod sil-five \
    ddf1-four ddf1-five-0 ddf1-five-1 ddf1-five-2 ddf1-ten ddf1-mirrors-in-a-row; do
    grep -q "^$case " list || grep "^$case " all >>list
done
while read -r case set sectors disks spare; do
    mkdir disks
    raid-images make "$case" disks
    sha256sum disks/*.img >before
    activated "$case" "$set" disks/*.img
    if [ "$spare" != - ]; then
        mv "disks/disk$spare.img" away
        activated "$case" "$set" disks/*.img
        mv away "disks/disk$spare.img"
    fi
    sha256sum --quiet -c before
    rm -rf disks
done <list
[ "$checked" -gt 5 ] && echo "all show what they should"
dmsetup ls
losetup -a | grep -c "$SCRATCH" || :
