# The data path over memory disks that are alike: the kernel's targets, ours, rublk's; and what each costs
# that has no disk under it. Each has a disk to itself, for device-mapper claims those it stands on. Set by the caller: ENGINE, ROUNDS, MILLISECONDS, WORKLOADS (name:rw:bs:depth).
. /lab/bench/lib.sh
THEIRS=/dev/ram0 MINE=/dev/ram1 RUBLKS=/dev/ram2
SIZE=$(blockdev --getsz $THEIRS)
HALF=$((SIZE / 2))
for disk in $THEIRS $MINE $RUBLKS; do dd if=/dev/zero of=$disk bs=1M 2>/dev/null; done

$ORIGINAL create kernel-linear --table "0 $SIZE linear $THEIRS 0"
$ORIGINAL create kernel-striped --table "0 $SIZE striped 2 128 $THEIRS 0 $THEIRS $HALF"
$ORIGINAL create kernel-null --table "0 $SIZE zero"
export DMKIT_ENGINE=$ENGINE
$OURS create ours-linear --table "0 $SIZE linear $MINE 0" || exit 1
$OURS create ours-striped --table "0 $SIZE striped 2 128 $MINE 0 $MINE $HALF" || exit 1
$OURS create ours-null --table "0 $SIZE zero" || exit 1
SYSTEMS="kernel-linear ours-linear kernel-striped ours-striped kernel-null ours-null"
for name in $SYSTEMS; do
    eval "DEVICE_$(echo $name | tr - _)=/dev/mapper/$name"
done
DAEMON=$(named dm-engined | tr '\n' ' ')
for kind in linear striped null; do eval "PIDS_ours_$kind=\$DAEMON PIDS_kernel_$kind="; done

# rublk SYSTEM ARGUMENT...: adds a device of rublk's, if it is here.
rublk_add() {
    system=$1
    shift
    before=" $(named rublk | tr '\n' ' ')"
    nodes=" $(echo /dev/ublkb*) "
    rublk add "$@" >/lab/out/$system.log 2>&1 || { echo "rublk: $(cat /lab/out/$system.log)"; return; }
    tries=0
    while [ $tries -lt 100 ]; do
        for node in /dev/ublkb*; do
            case $nodes in *" $node "*) continue ;; esac
            [ -b "$node" ] || continue
            pids=
            for pid in $(named rublk); do
                case $before in *" $pid "*) ;; *) pids="$pids $pid" ;; esac
            done
            eval "DEVICE_$(echo $system | tr - _)=$node PIDS_$(echo $system | tr - _)=\$pids"
            SYSTEMS="$SYSTEMS $system"
            return
        done
        tries=$((tries + 1))
        sleep 0.1
    done
    echo "rublk: no node"
}
if command -v rublk >/dev/null; then
    rublk_add rublk-linear loop -f $RUBLKS -q 1
    rublk_add rublk-null null -q 1
fi

in_turns || exit 1

command -v rublk >/dev/null && rublk del -a >/dev/null 2>&1
for kind in linear striped null; do
    $OURS remove ours-$kind
    $ORIGINAL remove kernel-$kind
done
