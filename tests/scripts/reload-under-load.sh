#!/bin/sh
# Verified random writes on linear, on striped and on a stack three deep, while the same device is
# suspended, reloaded and resumed 200 times. SECONDS_EACH and RELOADS may be set.
. "${0%/*}/lib.sh"
need fio losetup blockdev
DEVICES="top middle bottom striped plain1"
SECONDS_EACH=${SECONDS_EACH:-30}
RELOADS=${RELOADS:-200}
leg 32M
leg 32M

# load DEVICE TABLE: fio on it, and reloads with the same table under it.
load() {
    begin_writes "$1"
    count=0
    while [ $count -lt "$RELOADS" ]; do
        dmsetup suspend "$1"
        dmsetup reload "$1" --table "$2"
        dmsetup resume "$1"
        count=$((count + 1))
    done
    end_writes "$1"
    echo "$1: $count reloads, no error, no mismatch"
}

table="0 65536 linear $LEG1 0"
dmsetup create plain1 --table "$table"
load plain1 "$table"
dmsetup remove plain1

table="0 131072 striped 2 128 $LEG1 0 $LEG2 0"
dmsetup create striped --table "$table"
load striped "$table"
dmsetup remove striped

dmsetup create bottom --table "0 131072 striped 2 128 $LEG1 0 $LEG2 0"
dmsetup create middle --table "0 131072 linear $MAPPER/bottom 0"
table="0 65536 linear $MAPPER/middle 65536"
dmsetup create top --table "$table"
load top "$table"
refused dmsetup remove bottom
dmsetup remove top
dmsetup remove middle
dmsetup remove bottom
