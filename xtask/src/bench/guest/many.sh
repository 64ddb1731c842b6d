# Many devices of ours in the virtual machine. Set by the caller: ENGINE, MANY, BATCH.
. /lab/bench/lib.sh
export DMKIT_ENGINE=$ENGINE

memory() {
    for pid in $(named dm-engined); do
        sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/$pid/smaps_rollup
    done | { sum=0; while read -r kib; do sum=$((sum + kib)); done; echo $sum; }
}

# ran FIELD: of all the daemon's threads, from schedstat.
ran() {
    for pid in $(named dm-engined); do cut -d ' ' -f $1 /proc/$pid/task/*/schedstat; done |
        { sum=0; while read -r n; do sum=$((sum + n)); done; echo $sum; }
}

$OURS create bench0 --table "0 8 linear /dev/ram0 0" || exit 1
sleep 1
measured memory Rss 0 $(memory Rss)
measured memory Pss 0 $(memory Pss)
number=1
while [ $number -lt "$MANY" ]; do
    start=$(now)
    last=$((number + BATCH))
    from=$number
    while [ $number -lt "$MANY" ] && [ $number -lt $last ]; do
        $OURS create bench$number --table "0 8 linear /dev/ram0 0" || exit 1
        number=$((number + 1))
    done
    measured time batch $((number - from)) $(($(now) - start))
done
measured memory Rss 1 $(memory Rss)
measured memory Pss 1 $(memory Pss)
sleep 2
time=$(ran 1) slices=$(ran 3)
sleep 10
measured idle nanoseconds 1 $(($(ran 1) - time))
measured idle slices 1 $(($(ran 3) - slices))
start=$(now)
$OURS remove_all
measured time removed 1 $(($(now) - start))
