# What the scripts share that have Linux's md make containers: `. "${0%/*}/lib-mdadm.sh"`, after lib.sh.

need mdadm mdmon dmraid raid-images blockdev timeout
[ -e /proc/mdstat ] || skip "no md here"
cd "$SCRATCH"
mkdir -p /run/mdadm
[ ! -e /proc/sys/dev/raid/speed_limit_min ] || echo 100000 >/proc/sys/dev/raid/speed_limit_min
# Any disks will do, and are known by their names.
export IMSM_NO_PLATFORM=1 IMSM_DEVNAME_AS_SERIAL=1

# However this ends, md lets go of the disks first.
stopped() {
    ended=$?
    set +e
    mdadm --stop --scan >/dev/null 2>&1
    (exit "$ended")
    cleanup
}
trap stopped EXIT

# said COMMAND...: what it says is shown if it fails.
said() {
    timeout 120 "$@" >said 2>&1 || {
        echo "failed: $*"
        cat said
        cat /proc/mdstat
        exit 1
    }
}

# box FORMAT DISKS: a container of new disks.
box() {
    format=$1 count=$2 VOLUMES=
    LEG_COUNT=0
    for nth in $(seq "$count"); do leg 64M; done
    # Word splitting is wanted: each leg is a word.
    said mdadm --create /dev/md/box --run -e "$format" -n "$count" $LEGS
}

# volume NAME LEVEL MEMBERS OPTION...: a volume of the container, filled.
volume() {
    name=$1 level=$2 members=$3
    shift 3
    VOLUMES="$VOLUMES $name"
    # What it is made of comes last, if it is not all of the container.
    case ${*:-} in */dev/loop*) ;; *) set -- "$@" /dev/md/box ;; esac
    said mdadm --create "/dev/md/$name" --run -l "$level" -n "$members" "$@"
    timeout 120 mdadm --wait "/dev/md/$name" >said 2>&1 || :
    fill "$name"
}

fill() {
    head -c "$(blockdev --getsize64 "/dev/md/$1")" /dev/urandom >"$1.pattern"
    said dd if="$1.pattern" of="/dev/md/$1" bs=256k conv=fsync
}

# put_away: the volumes and the container stop; the disks are images from here on.
put_away() {
    for name in $VOLUMES; do
        said mdadm --wait-clean "/dev/md/$name"
        said mdadm --stop "/dev/md/$name"
    done
    said mdadm --stop /dev/md/box
    disk=0
    for device in $LEGS; do
        disk=$((disk + 1))
        echo "$device" >"leg$disk.img.serial"
        losetup -d "$device"
    done
    LEGS=
}

# shown: what dmraid says of the disks.
shown() {
    dmraid -r leg*.img | sed -e "$FAMILY"
    dmraid -s leg*.img 2>&1 | sed -e "$FAMILY"
}
FAMILY='s/isw_[a-j]*/isw_FAMILY/g'

# right WHAT: every volume shows what was written.
right() {
    for name in $VOLUMES; do
        DEVICES=$(dmraid -s -c leg*.img 2>said | grep "_$name\$") || {
            echo "no set $name $1"
            cat said
            continue
        }
        dmraid -ay --read-only --degraded leg*.img >said 2>&1 || :
        size=$(stat -c %s "$name.pattern")
        if cmp -n "$size" "$name.pattern" "$MAPPER/$DEVICES"; then
            echo "$name: right $1"
        else
            sed -e "$FAMILY" said
            dmsetup table
        fi
        dmraid -an leg*.img >said 2>&1 || cat said
        DEVICES=
    done
}

# checked MISSING...: the sets are shown and read, then once more without each of these disks.
checked() {
    put_away
    # One that was lost before is there again, with old metadata and old data.
    if [ -n "${LOST:-}" ]; then
        right "with disk $LOST, which was lost"
        dmraid -s leg*.img 2>&1 >said | sed -n 's/^ERROR: //; / is passed over: /p'
        mkdir lost
        mv "leg$LOST.img" "leg$LOST.img.serial" lost
    fi
    sha256sum leg*.img >before
    shown
    right "with all disks"
    for nth; do
        mv "leg$nth.img" away
        right "without disk $nth"
        mv away "leg$nth.img"
    done
    sha256sum --quiet -c before
    if [ -n "${LOST:-}" ]; then
        mv lost/* .
        rmdir lost
        LOST=
    fi
    if [ -n "${KEEP:-}" ]; then kept; fi
    rm -f leg*.img leg*.serial ./*.pattern
}

# kept: the disks without their data, all of which lie in the first half, as the testkit has them.
kept() {
    KEPT=$((${KEPT:-0} + 1))
    for image in leg*.img; do
        dd if=/dev/zero of="$image" bs=1M count=31 conv=notrunc 2>/dev/null
        od -A x -t x1 "$image"
    done >"$KEEP/$format-$KEPT.od"
    cat leg*.serial >"$KEEP/$format-$KEPT.serials"
}
