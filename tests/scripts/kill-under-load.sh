#!/bin/sh
# engine: the daemon's process that serves is killed at random moments under verified random writes: on linear,
# on striped and on a stack three deep, and once with long ones. Nothing fails, nothing is lost, names and numbers stay.
# SECONDS_EACH and KILLS may be set.
. "${0%/*}/lib.sh"
need fio losetup dm-engined
DEVICES="top middle bottom striped plain1"
SECONDS_EACH=${SECONDS_EACH:-30}
KILLS=${KILLS:-50}
leg 16M
leg 16M

# The time that is to pass between two kills, give or take half of it.
pause() {
    each=$((SECONDS_EACH * 1000 / (KILLS + 1)))
    ms=$((each / 2 + $(random $((each + 1)))))
    sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

# What must be the same afterwards.
seen() {
    dmsetup table
    dmsetup info | grep -v '^Open count:'
    readlink $MAPPER/"$1"
}

# load DEVICE BLOCK: fio on it, and kills under it.
load() {
    seen "$1" >"$SCRATCH/before"
    begin_writes "$1" "$2"
    count=0
    while [ $count -lt "$KILLS" ]; do
        pause
        kill -9 "$(serving)"
        count=$((count + 1))
    done
    end_writes "$1"
    serving >"$SCRATCH/serving"
    seen "$1" >"$SCRATCH/after"
    diff "$SCRATCH/before" "$SCRATCH/after"
    echo "$1, $2: $count kills, no error, no mismatch, the same devices"
}

dmsetup create plain1 --table "0 32768 linear $LEG1 0"
load plain1 4k
load plain1 256k
dmsetup remove plain1

dmsetup create striped --table "0 65536 striped 2 128 $LEG1 0 $LEG2 0"
load striped 4k
dmsetup remove striped

dmsetup create bottom --table "0 65536 striped 2 128 $LEG1 0 $LEG2 0"
dmsetup create middle --table "0 65536 linear $MAPPER/bottom 0"
dmsetup create top --table "0 32768 linear $MAPPER/middle 32768"
load top 4k
dmsetup remove top
dmsetup remove middle
dmsetup remove bottom
