#!/bin/sh
# Sets are made on images and filled, lose a member and get another: what was in them is there again, whichever member
# is lost next. RAID 1, 10 and 5.
# engine: file
. "${0%/*}/lib.sh"
need dmraid fusermount3 sha256sum head od
[ -n "${XDG_RUNTIME_DIR:-}" ] || skip "no XDG_RUNTIME_DIR"
[ -c /dev/fuse ] || skip "no /dev/fuse"
MAPPER=$XDG_RUNTIME_DIR/dmkit/mapper
DEVICES=
cd "$SCRATCH"

# on IMAGE...: dmraid, each image with the serial number that its name is.
on() {
    options=
    images=
    while [ "$1" != -- ]; do
        images="$images $1"
        options="$options --serial $1=SERIAL${1%.img}"
        shift
    done
    shift
    # Neither has blanks.
    # shellcheck disable=SC2086
    dmraid $options "$@" $images
}

# life LEVEL IMAGE...: all but the last make the set.
life() {
    level=$1
    shift
    for image in "$@"; do
        truncate -s 112M "$image"
        new=$image
    done
    members=$(echo "$@" | sed "s/ $new\$//; s/ /,/g")
    serials=$(echo "$members" | tr , '\n' | sed 's/\(.*\)\.img/--serial \1.img=SERIAL\1/')
    # shellcheck disable=SC2086
    echo y | dmraid $serials -f isw -C Vol --type "$level" --size 100M --disk "$members" >said || cat said
    # shellcheck disable=SC2046
    set_of $(echo "$members" | tr , ' ')
    DEVICES=$set
    on $(echo "$members" | tr , ' ') -- -ay >said || cat said
    head -c 3000000 /dev/urandom >"pattern"
    dd if=pattern of="$MAPPER/$set" bs=1M conv=notrunc,fsync 2>/dev/null
    on $(echo "$members" | tr , ' ') -- -an >said || cat said
    old=$2
    left=$(echo "$members" | tr , '\n' | grep -vxF "$old" | tr '\n' ' ')
    mv "$old" lost
    # shellcheck disable=SC2086
    on $left "$new" -- -R "$set" | sed "s/$set/SET/g"
    # shellcheck disable=SC2086
    holds $left "$new"
    for lost in $left; do
        # One of each of the others is missing: the new one's data count.
        # shellcheck disable=SC2046
        holds $(echo "$left $new" | tr ' ' '\n' | grep -vxF "$lost" | grep .)
    done
    rm -f "$@" lost
    DEVICES=
}

set_of() { set=$(on "$@" -- -s -c | tail -n 1); set=${set%-[0-9]}; }

# holds IMAGE...: the set has what was written to it.
holds() {
    on "$@" -- -ay --read-only --degraded >said 2>&1 || cat said
    if head -c 3000000 "$MAPPER/$set" | cmp - pattern; then echo "of $# members: all there"; fi
    on "$@" -- -an >said 2>&1 || cat said
}

for level in 1 01 5; do
    echo "== $level"
    case $level in
        1) life 1 a.img b.img c.img ;;
        01) life 01 a.img b.img c.img d.img e.img ;;
        5) life 5 a.img b.img c.img d.img ;;
    esac
done
dmsetup ls
