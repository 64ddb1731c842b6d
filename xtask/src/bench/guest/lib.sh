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
