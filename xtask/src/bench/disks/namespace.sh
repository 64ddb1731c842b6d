# Makes up a /dev and a /sys/block that have the disks that $1/disks names, as dm-0 and so on, and nothing else;
# and a folder for locks. Run in a mount namespace of its own, which takes it all away.
#
# usage: sh -ec namespace.sh sh <folder>
folder=$1
mount --make-rprivate /
mkdir "$folder/dev" "$folder/sys" "$folder/lock"
mount -t tmpfs none "$folder/dev"
nth=0
while read -r device sectors serial; do
    mkdir "$folder/sys/dm-$nth"
    echo "$sectors" >"$folder/sys/dm-$nth/size"
    echo 0 >"$folder/sys/dm-$nth/removable"
    cp -a "$device" "$folder/dev/dm-$nth"
    [ -z "$serial" ] || echo "$serial" >"$folder/dev/dm-$nth.serial"
    nth=$((nth + 1))
done <"$folder/disks"
for node in null zero urandom; do cp -a "/dev/$node" "$folder/dev/"; done
mount --bind "$folder/lock" /var/lock
mount --bind "$folder/sys" /sys/block
mount --bind "$folder/dev" /dev
