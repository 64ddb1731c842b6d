# Removes everything that a benchmark has made, once its standard input ends: that is when the benchmark
# has ended, be it by a signal. What it finds is what carries the mark in its environment, or lies on the
# two folders. Prints what it could not remove.
#
# usage: janitor.sh <folder> <folder in memory>
folder=$1 memory=$2
trap '' HUP INT TERM
cat >/dev/null

marked() {
    for process in /proc/[0-9]*; do
        # One that has ended meanwhile is none of them.
        if { tr '\0' '\n' <"$process/environ"; } 2>/dev/null | grep -qx "DMKIT_BENCH=$folder"; then
            echo "${process#/proc/}"
        fi
    done
}

loops() {
    for file in /sys/block/loop*/loop/backing_file; do
        { read -r backing <"$file"; } 2>/dev/null || continue
        case $backing in
            "$folder"/* | "$memory"/*)
                device=${file#/sys/block/}
                echo "/dev/${device%%/*}"
                ;;
        esac
    done
}

mounts() {
    while read -r _ place _; do
        case $place in "$folder"/*) echo "$place" ;; esac
    done </proc/self/mounts
}

# Devices first, then what they stand on, then whoever serves them.
if [ -S "$folder/run/engine.sock" ]; then
    DMKIT_SOCKET=$folder/run/engine.sock DMKIT_ENGINE= \
        timeout 120 "$folder/bin/dmsetup" remove_all --force >/dev/null 2>&1
fi
for device in $(loops); do losetup -d "$device" 2>/dev/null; done
for place in $(mounts); do
    case $place in "$folder/nbd") umount "$place" 2>/dev/null ;; esac
done
for process in $(marked); do kill "$process" 2>/dev/null; done
tries=0
while [ -n "$(marked)" ] && [ $tries -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
for process in $(marked); do
    echo "process $process had to be killed"
    kill -9 "$process"
done
for place in $(mounts); do umount -l "$place"; done
for device in $(loops); do losetup -d "$device"; done
left=$(loops)
[ -z "$left" ] || echo "left behind: $left"
rm -rf "$folder" "$memory"
