#!/bin/sh
# A daemon that is killed takes no time out of the intervals: its successor goes on with the same clock.
# engine: any
. "${0%/*}/lib.sh"
need dd losetup
DEVICES=flaky
leg 1M

# works: whether a read does.
works() {
    dd if=$MAPPER/flaky of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null
}

dmsetup create flaky --table "0 32 flakey $LEG 0 6 1000"
loaded=$(now)
works && echo "it is up"
sleep 3
kill -9 "$(dm-engined status --json | sed 's/.*"pid":\([0-9]*\).*/\1/')"
dmsetup table flaky | plain
begun=$(now)
while works; do
    [ $(($(now) - begun)) -lt 2000 ] || break
done
down=$(now)
[ $((down - loaded)) -ge 500 ] && echo "it is down when it was to be"
[ $((down - begun)) -lt 550 ] && echo "its time did not begin anew"
dmsetup remove flaky
