#!/bin/sh
# The life of an image: made, partitioned, mapped, a filesystem in each partition, mounted, unmapped. Many times in
# a row, then eight at once. Nothing is left of any: what the caller finds left behind fails this.
. "${0%/*}/lib.sh"
need kpartx sfdisk mkfs.ext4 debugfs awk
DEVICES=
LIVES=${LIVES:-3}

# wrong WHAT: what a life failed at.
wrong() {
    echo "$image: $*"
    return 1
}

# life NAME: says nothing when all went well.
life() {
    image=$SCRATCH/$1.img
    truncate -s 16M "$image"
    printf 'label: gpt\n2048,8192\n,12288\n' | sfdisk -q --no-reread --no-tell-kernel "$image"
    kpartx -av "$image" >"$image.out" || wrong "kpartx -a" || return 1
    [ "$(awk '/^add map/ && NF == 9 { print $6 }' "$image.out" | tr '\n' ' ')" = "8192 12288 " ] || wrong "mapped: $(cat "$image.out")" || return 1
    for part in $(awk '{ print $3 }' "$image.out"); do
        mkfs.ext4 -q -F -b 1024 -O ^has_journal "$MAPPER/$part" || wrong mkfs || return 1
        mkdir "$image.mnt"
        mount "$MAPPER/$part" "$image.mnt" || wrong mount || return 1
        echo "of $part" >"$image.mnt/file"
        umount "$image.mnt"
        rmdir "$image.mnt"
        debugfs -R 'cat file' "$MAPPER/$part" >"$image.seen" 2>"$image.err"
        [ "$(cat "$image.seen")" = "of $part" ] || wrong "$part: $(cat "$image.seen" "$image.err")" || return 1
    done
    kpartx -dv "$image" >"$image.seen" 2>"$image.err" || wrong "kpartx -d: $(cat "$image.seen" "$image.err")" || return 1
    [ "$(grep -c '^del devmap : ' "$image.seen")" = 2 ] || wrong "$(cat "$image.seen")" || return 1
    [ -z "$(attached "$image")" ] || wrong "its loop device is left" || return 1
    rm "$image" "$image.out" "$image.seen" "$image.err"
}

several() {
    nth=0
    while [ $nth -lt "$LIVES" ]; do
        life "$1" || { echo "life $nth of $1 failed"; return 1; }
        nth=$((nth + 1))
    done
}

several row
echo "in a row: all well"
eight_at_once several lane || exit 1
echo "eight at once: all well"
dmsetup ls
