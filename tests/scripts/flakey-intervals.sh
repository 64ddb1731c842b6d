#!/bin/sh
# A device that is up for 3 seconds and down for 2 keeps to the clock, from the load of its table on.
. "${0%/*}/lib.sh"
need dd losetup
DEVICES=flaky
leg 1M

# now: hundredths of a second.
now() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}"
}

# state: what a read finds.
state() {
    dd if=$MAPPER/flaky of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null && echo up || echo down
}

# watch FROM CHANGES: how many whole seconds it is up and down, from FROM on, until it has changed so often.
watch() {
    since=$1
    left=$2
    was=up
    while [ "$left" -gt 0 ]; do
        is=$(state)
        if [ "$is" != $was ]; then
            at=$(now)
            echo "$was for $(((at - since + 50) / 100)) seconds"
            since=$at
            was=$is
            left=$((left - 1))
        fi
    done
}

loaded=$(now)
dmsetup create flaky --table "0 32 flakey $LEG 0 3 2 1 error_reads"
watch "$loaded" 4

echo "== a suspend does not stop the clock"
loaded=$(now)
dmsetup reload flaky --table "0 32 flakey $LEG 0 3 2 1 error_reads"
dmsetup resume flaky
dmsetup suspend flaky
sleep 2
dmsetup resume flaky
watch "$loaded" 2

echo "== it goes from the load on, not from the resume"
loaded=$(now)
dmsetup reload flaky --table "0 32 flakey $LEG 0 3 2 1 error_reads"
sleep 2
dmsetup resume flaky
watch "$loaded" 2
dmsetup remove flaky
