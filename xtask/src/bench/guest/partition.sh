# The data path of a partition that our kpartx has mapped, beside a linear line that says the same, over one memory
# disk. Set by the caller: ENGINE, ROUNDS, MILLISECONDS, WORKLOADS (name:rw:bs:depth).
. /lab/bench/lib.sh
export DMKIT_ENGINE=$ENGINE
DISK=/dev/ram0 START=2048 LEN=28672
dd if=/dev/zero of=$DISK bs=1M 2>/dev/null
printf 'label: gpt\nstart=%d, size=%d\n' $START $LEN |
    sfdisk --quiet --no-reread --no-tell-kernel $DISK || exit 1

$OURS create line --table "0 $LEN linear $DISK $START" || exit 1
/lab/bin/kpartx -a $DISK || exit 1
SYSTEMS="line partition"
DEVICE_line=/dev/mapper/line DEVICE_partition=/dev/mapper/ram0p1
PIDS_line=$(named dm-engined | tr '\n' ' ') PIDS_partition=$PIDS_line
[ "$($OURS table line)" = "$($OURS table ram0p1)" ] || { echo "the tables differ"; $OURS table; exit 1; }
in_turns || exit 1

/lab/bin/kpartx -d $DISK
$OURS remove line
