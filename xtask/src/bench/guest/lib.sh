# What the scripts of the benchmarks in the virtual machine share. They leave what they measured in
# /lab/out/measured, a line each: `<figure> <what> <round> <value>`, and fio's reports beside it.
ORIGINAL=/usr/sbin/dmsetup
OURS=/lab/bin/dmsetup
export DMKIT_SOCKET=/run/bench/engine.sock DMKIT_IDLE=60
mkdir -p -m 700 /run/bench

measured() { echo "$*" >>/lab/out/measured; }

# now: hundredths of a second.
now() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}"
}

# named COMM: the processes of that name.
named() {
    for process in /proc/[0-9]*; do
        read -r comm 2>/dev/null <"$process/comm" || continue
        [ "$comm" = "$1" ] && echo "${process#/proc/}"
    done
    :
}

# ticks PID...: the hundredths of a second that the processes have run.
ticks() {
    sum=0
    for pid in "$@"; do
        read -r line <"/proc/$pid/stat"
        set -- ${line##*)}
        sum=$((sum + ${12} + ${13}))
    done
    echo $sum
}

# in_turns: runs fio on every system of $SYSTEMS, $ROUNDS times each of $WORKLOADS. DEVICE_<system> is its node,
# PIDS_<system> those who serve it; a dash in its name is an underscore there.
in_turns() {
    mkdir -p /lab/out/fio
    round=1
    while [ $round -le "$ROUNDS" ]; do
        for workload in $WORKLOADS; do
            name=${workload%%:*} rest=${workload#*:}
            rw=${rest%%:*} rest=${rest#*:}
            bs=${rest%%:*} depth=${rest#*:}
            for system in $SYSTEMS; do
                key=$(echo $system | tr - _)
                eval "device=\$DEVICE_$key pids=\$PIDS_$key"
                before=$(ticks $pids)
                fio --name=bench --filename=$device --rw=$rw --bs=$bs --iodepth=$depth \
                    --runtime=${MILLISECONDS}ms --time_based --direct=1 --ioengine=io_uring --norandommap \
                    --output-format=json >/lab/out/fio/$system.$name.$round.json 2>/lab/out/fio.err ||
                    { cat /lab/out/fio.err; return 1; }
                after=$(ticks $pids)
                measured cpu $system.$name $round $((after - before))
            done
        done
        echo "round $round of $ROUNDS"
        round=$((round + 1))
    done
}
