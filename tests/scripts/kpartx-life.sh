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

# attached: the loop devices that the image has. None is opened for that.
attached() { grep -lsxF "$image" /sys/block/loop*/loop/backing_file || :; }

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
    [ -z "$(attached)" ] || wrong "its loop device is left" || return 1
    rm "$image" "$image.out" "$image.seen" "$image.err"
}

nth=0
while [ $nth -lt "$LIVES" ]; do
    life "row" || { echo "life $nth in a row failed"; exit 1; }
    nth=$((nth + 1))
done
echo "in a row: all well"

several() {
    nth=0
    while [ $nth -lt "$LIVES" ]; do
        life "lane$1" || { echo "life $nth in lane $1 failed"; return 1; }
        nth=$((nth + 1))
    done
}
lanes=
for lane in 1 2 3 4 5 6 7 8; do
    several $lane &
    lanes="$lanes $!"
done
failed=
for lane in $lanes; do
    wait "$lane" || failed=yes
done
[ -z "$failed" ] || exit 1
echo "eight at once: all well"
dmsetup ls
