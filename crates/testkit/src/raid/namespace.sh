# Makes up a /dev and a /sys/block that have the disks that $1/disks names, as dm-0 and so on, and nothing else;
# and a folder for locks. A line is `DEVICE SECTORS [SERIAL]`. Run in a mount namespace of its own, which takes it all
# away.
#
# usage: sh -ec namespace.sh sh <folder>
folder=$1
mount --make-rprivate /
mkdir "$folder/dev" "$folder/sys" "$folder/lock"
mount -t tmpfs none "$folder/dev"
mount -t tmpfs none "$folder/sys"
mkdir "$folder/dev/mapper" "$folder/sys/block"
nth=0
while read -r device sectors serial; do
    mkdir "$folder/sys/block/dm-$nth"
    echo "$sectors" >"$folder/sys/block/dm-$nth/size"
    echo 0 >"$folder/sys/block/dm-$nth/removable"
    cp -a "$device" "$folder/dev/dm-$nth"
    [ -z "$serial" ] || echo "$serial" >"$folder/dev/dm-$nth.serial"
    nth=$((nth + 1))
done <"$folder/disks"
for node in null zero urandom; do cp -a "/dev/$node" "$folder/dev/"; done
mount --bind "$folder/lock" /var/lock
mount --bind "$folder/sys/block" /sys/block
mount --bind "$folder/dev" /dev
