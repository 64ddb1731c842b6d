#!/bin/sh
# What is written to a set with --overlay is there the next time, and its disks are as they were: they are images that
# nobody may write to. Nothing is left but the files.
. "${0%/*}/lib.sh"
need dmraid raid-images sha256sum mkfs.ext4 debugfs e2fsck
cd "$SCRATCH"

# said: copies standard input, for whoever asks and wherever the script runs.
said() { sed "s,$MAPPER/,MAPPER/,g"; }

# bare: says what is mapped, and how many of our files have loop devices. Those of overlays go when they are closed.
bare() {
    dmsetup ls
    tries=0
    while losetup -a | grep -q "$SCRATCH" && [ $tries -lt 50 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    losetup -a | grep "$SCRATCH" || :
}

# overlaid CASE SET: from an empty folder to what was written, and back.
overlaid() {
    case=$1 set=$2
    echo "== $case"
    mkdir disks cow
    raid-images make "$case" disks
    chmod a-w disks/*.img
    sha256sum disks/*.img >before
    seq 1 20000 >numbers

    dmraid -tay --overlay cow disks/*.img | said
    ls cow
    bare

    DEVICES="$set ${set}_overlay0 ${set}_overlay1"
    dmraid -ay --overlay cow disks/*.img
    raid-images check "$case" "$MAPPER/$set" && echo "shows what is on the disks"
    dmraid -ay --overlay cow disks/*.img
    mkfs.ext4 -q -F -b 1024 "$MAPPER/$set"
    debugfs -w -R 'write numbers numbers' "$MAPPER/$set" >debugged 2>&1 || cat debugged
    # A partition: sectors 2048 to 10239. The filesystem leaves that place alone.
    printf '\0\0\0\0\203\0\0\0\000\010\000\000\000\040\000\000' >entry
    dd if=entry of="$MAPPER/$set" bs=1 seek=446 conv=notrunc,nocreat 2>/dev/null
    printf '\125\252' | dd of="$MAPPER/$set" bs=1 seek=510 conv=notrunc,nocreat 2>/dev/null
    dmraid -an disks/*.img
    bare
    sha256sum --quiet -c before && echo "untouched"

    DEVICES="$set ${set}_overlay0 ${set}_overlay1 ${set}1"
    dmraid -ay --overlay "$PWD/cow" disks/*.img | sed "s,$SCRATCH/,,"
    dmsetup ls | sed 's/\t.*//' | LC_ALL=C sort
    debugfs -R 'cat numbers' "$MAPPER/$set" 2>/dev/null | cmp - numbers && echo "read again"
    e2fsck -fn "$MAPPER/$set" >/dev/null 2>&1 && echo "clean"
    dmraid -an disks/*.img
    bare

    DEVICES=$set
    dmraid -ay --read-only disks/*.img
    raid-images check "$case" "$MAPPER/$set" && echo "without overlays as it was"
    echo "-- $case is active"
    refusal dmraid -ay --overlay cow disks/*.img
    dmraid -an disks/*.img
    DEVICES=
    bare
    sha256sum --quiet -c before && echo "untouched"
    rm -rf disks cow
}

# refusal COMMAND...: what it says; -ay succeeds whatever comes of it, as the original does.
refusal() { "$@" 2>&1 | said; }

overlaid sil-stripe sil_caagbhajaiah
overlaid sil-mirror sil_caagbhajaiah

echo "== what cannot be"
mkdir disks cow
raid-images make sil-stripe disks
sha256sum disks/*.img >before
refused dmraid -ay --overlay nowhere disks/*.img
refused dmraid -ay --overlay before disks/*.img
refused dmraid -an --overlay cow disks/*.img
refused dmraid -ay --read-only --overlay cow disks/*.img
: >cow/other
mkdir cow/sil_caagbhajaiah-1.cow
refusal dmraid -ay --overlay cow disks/*.img
rmdir cow/sil_caagbhajaiah-1.cow
truncate -s 1M cow/sil_caagbhajaiah-1.cow
refusal dmraid -ay --overlay cow disks/*.img
rm cow/sil_caagbhajaiah-1.cow
echo "-- the name of an overlay is taken"
DEVICES=sil_caagbhajaiah_overlay1
dmsetup create sil_caagbhajaiah_overlay1 --table '0 8 zero'
dmraid -ay --overlay cow disks/*.img 2>/dev/null
dmraid -an disks/*.img
dmsetup remove sil_caagbhajaiah_overlay1
DEVICES=
ls cow
bare
sha256sum --quiet -c before && echo "untouched"

echo "== disks that are mapped devices"
SET=sil_caagbhajaiah
DEVICES="disk0 disk1 ${SET}_overlay0 ${SET}_overlay1 $SET"
for nth in 0 1; do
    # The kernel maps block devices alone.
    word=$PWD/disks/disk$nth.img
    if [ -z "${DMKIT_ENGINE:-}" ]; then
        word=$(losetup -r -f --show "$word")
        LEGS="$LEGS $word"
    fi
    dmsetup create -r disk$nth --table "0 65536 linear $word 0"
done
set -- "$MAPPER/disk0" "$MAPPER/disk1"
dmraid -ay --overlay cow "$@" | said
echo data | dd of="$MAPPER/$SET" conv=notrunc,nocreat 2>/dev/null
if [ -z "${DMKIT_ENGINE:-}" ]; then
    # Here all mapped devices are looked at when none is named. An overlay shows metadata, and is no disk.
    set --
    found=$(dmraid -r | grep -c "\"$SET\"")
    [ "$found" = 2 ] || dmraid -r
fi
dmraid -an "$@"
dmsetup ls | sed 's/\t.*//' | LC_ALL=C sort
dmsetup remove disk0
dmsetup remove disk1
for device in $LEGS; do losetup -d "$device"; done
LEGS=
DEVICES=
bare
sha256sum --quiet -c before && echo "untouched"
