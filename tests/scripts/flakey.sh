#!/bin/sh
# What a device that is always down does to data, feature by feature.
. "${0%/*}/lib.sh"
need dd cmp losetup tr
DEVICES=down
leg 1M
head -c 4096 /dev/zero | tr '\0' a >"$SCRATCH/a"
head -c 4096 /dev/zero | tr '\0' b >"$SCRATCH/b"

# block DEVICE NUMBER: 4 KiB of it, past all caches.
block() {
    dd if="$1" bs=4k skip="$2" count=1 iflag=direct 2>"$SCRATCH/said" || grep -o 'Input/output error' "$SCRATCH/said"
}

# against FILE: which bytes of standard input are not as in FILE: their place from 1, and both, octal.
against() {
    cmp -l "$SCRATCH/$1" - >"$SCRATCH/differ" && echo "all $1" || sed 's/^ */byte /' "$SCRATCH/differ"
}

# is DEVICE NUMBER FILE
is() {
    block "$1" "$2" >"$SCRATCH/block"
    if grep -q 'Input/output error' "$SCRATCH/block"; then
        cat "$SCRATCH/block"
    else
        against "$3" <"$SCRATCH/block"
    fi
}

# down FEATURES: a read of block 1, a write of block 2, a flush, and what is on the disk then.
down() {
    echo "== $*"
    for at in 0 1 2 3; do
        dd if="$SCRATCH/a" of=$LEG bs=4k seek=$at oflag=direct 2>/dev/null
    done
    dmsetup create down --table "0 32 flakey $LEG 0 0 1000 $*"
    dmsetup table down | plain
    echo "read: $(is $MAPPER/down 1 a)"
    dd if="$SCRATCH/b" of=$MAPPER/down bs=4k seek=2 oflag=direct conv=notrunc 2>"$SCRATCH/said" &&
        echo "write: done" || echo "write: $(grep -o 'Input/output error' "$SCRATCH/said")"
    dd if=/dev/null of=$MAPPER/down conv=notrunc,fsync 2>"$SCRATCH/said" &&
        echo "flush: done" || echo "flush: $(grep -o 'Input/output error' "$SCRATCH/said")"
    dmsetup remove down
    echo "what was read is: $(is $LEG 1 a)"
    [ "$(is $LEG 2 a)" = "all a" ] && echo "what was written is not there" || echo "what was written is: $(is $LEG 2 b)"
    echo "what is beside it is: $(is $LEG 3 a)"
}

down
down 1 error_reads
down 1 error_writes
down 1 drop_writes
down 2 error_reads drop_writes
down 5 corrupt_bio_byte 5 r 65 0
down 5 corrupt_bio_byte 4096 r 0 0
down 5 corrupt_bio_byte 4097 r 0 0
down 5 corrupt_bio_byte 5 r 65 1
down 5 corrupt_bio_byte 5 w 65 0
down 5 corrupt_bio_byte 4096 w 255 1
down 5 corrupt_bio_byte 4097 w 0 0
down 6 drop_writes corrupt_bio_byte 224 r 0 0
down 6 error_writes corrupt_bio_byte 224 r 0 0
down 6 error_reads corrupt_bio_byte 224 w 0 0

echo "== by chance"
dmsetup create down --table "0 32 flakey $LEG 0 0 1000 4 random_read_corrupt 1000000000 random_write_corrupt 1000000000"
count=0
while [ $count -lt 20 ]; do
    is $MAPPER/down 1 a
    count=$((count + 1))
done >"$SCRATCH/reads"
[ "$(grep -c byte "$SCRATCH/reads")" -gt 15 ] && [ "$(wc -l <"$SCRATCH/reads")" = 20 ] && echo "reads: a byte of each, at most"
echo "what was read is: $(is $LEG 1 a)"
count=0
while [ $count -lt 20 ]; do
    dd if="$SCRATCH/b" of=$MAPPER/down bs=4k seek=2 oflag=direct conv=notrunc 2>/dev/null
    is $LEG 2 b
    count=$((count + 1))
done >"$SCRATCH/writes"
[ "$(grep -c byte "$SCRATCH/writes")" -gt 15 ] && [ "$(wc -l <"$SCRATCH/writes")" = 20 ] && echo "writes: a byte of each, at most"
dmsetup remove down
