#!/bin/sh
# The same for an ordinary user, whose partitions are files: many times in a row, then eight at once.
# engine: file
. "${0%/*}/lib.sh"
need kpartx sfdisk mkfs.ext4 debugfs awk
need_files
DEVICES=
FOLDER=$XDG_RUNTIME_DIR/dmkit/mapper
LIVES=${LIVES:-3}
cd "$SCRATCH"

# wrong WHAT: what a life failed at.
wrong() {
    echo "$image: $*"
    return 1
}

# life NAME: says nothing when all went well.
life() {
    image=$1.img
    truncate -s 16M "$image"
    printf 'label: dos\n1 : start=2048, size=8192\n2 : start=10240, size=12288, type=5\n5 : size=4096\n' | sfdisk -q "$image" 2>/dev/null
    kpartx -av "$image" >"$image.out" || wrong "kpartx -a" || return 1
    [ "$(awk '/^add map/ && NF == 9 { print $6 }' "$image.out" | tr '\n' ' ')" = "8192 2 4096 " ] || wrong "mapped: $(cat "$image.out")" || return 1
    for part in "${image}1" "${image}5"; do
        mkfs.ext4 -q -F -b 1024 -O ^has_journal "$FOLDER/$part" || wrong mkfs || return 1
        echo "of $part" >"$image.file"
        debugfs -w -R "write $image.file file" "$FOLDER/$part" >/dev/null 2>&1 || return 1
        [ "$(debugfs -R 'cat file' "$FOLDER/$part" 2>/dev/null)" = "of $part" ] || wrong "what was written" || return 1
    done
    [ "$(kpartx -dv "$image" | grep -c '^del devmap : ')" = 3 ] || wrong "kpartx -d" || return 1
    rm "$image" "$image.out" "$image.file"
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
