#!/bin/sh
# A device that is up for 5 seconds and down for 3 keeps to the clock, from the load of its table on.
. "${0%/*}/lib.sh"
need dd losetup
DEVICES=flaky
leg 1M
TABLE="0 32 flakey $LEG 0 5 3 1 error_reads"

# state: what a read finds.
state() {
    dd if=$MAPPER/flaky of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null && echo up || echo down
}

# until_it_is STATE SECONDS: waits for it; whether what began between $from and $to took so long, or a second
# more or less.
until_it_is() {
    until [ "$(state)" = "$1" ]; do :; done
    at=$(now)
    if [ $((at - from)) -ge $(($2 * 100 - 100)) ] && [ $((at - to)) -le $(($2 * 100 + 100)) ]; then
        echo "$1 after $2 seconds"
    else
        echo "$1 after $((at - from)) to $((at - to)) hundredths of a second"
    fi
    from=$at to=$at
}

from=$(now)
dmsetup create flaky --table "$TABLE"
to=$(now)
until_it_is down 5
until_it_is up 3
until_it_is down 5

echo "== a suspend does not stop the clock"
from=$(now)
dmsetup reload flaky --table "$TABLE"
to=$(now)
dmsetup resume flaky
dmsetup suspend flaky
sleep 2
dmsetup resume flaky
until_it_is down 5

echo "== it goes from the load on, not from the resume"
from=$(now)
dmsetup reload flaky --table "$TABLE"
to=$(now)
sleep 2
dmsetup resume flaky
until_it_is down 5
until_it_is up 3
dmsetup remove flaky
