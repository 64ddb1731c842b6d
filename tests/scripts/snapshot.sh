#!/bin/sh
# A disk that stays as it is, whatever is written to it: that goes to another, in the kernel's form, byte for byte.
. "${0%/*}/lib.sh"
need dd cmp losetup seq head sha256sum sync tr
DEVICES="over small large"
leg 4M
leg 4M

seq 1 800000 | head -c 4194304 >"$SCRATCH/text"
dd if="$SCRATCH/text" of=$LEG1 bs=64k conv=fsync 2>/dev/null
cp "$SCRATCH/text" "$SCRATCH/want"

# put CHARACTER AT COUNT: that many requests of 512 bytes, from the AT-th on, past the page cache, to the snapshot
# $NODE and to what it should be.
put() {
    head -c $(($3 * 512)) /dev/zero | tr '\0' "$1" >"$SCRATCH/piece"
    dd if="$SCRATCH/piece" of=$NODE bs=512 seek="$2" oflag=direct 2>/dev/null
    dd if="$SCRATCH/piece" of="$SCRATCH/want" bs=512 seek="$2" conv=notrunc 2>/dev/null
}

# same: whether the snapshot is what it should be, and the disk under it as it was.
same() {
    cmp $NODE "$SCRATCH/want" && cmp $LEG1 "$SCRATCH/text" && echo "the same"
}

NODE=$MAPPER/over
dmsetup create over --table "0 8192 snapshot $LEG1 $LEG2 P 8"
dmsetup table over | plain
dmsetup status over
same
put a 3 1
put b 16 8
put c 6 12
put d 8191 1
put e 2048 24
sync $NODE
dmsetup status over
same

echo "once more:"
dmsetup remove over
sha256sum <$LEG2
dmsetup create over --table "0 8192 snapshot $LEG1 $LEG2 PO 64"
dmsetup table over | plain
dmsetup status over
same
put f 4 2
put g 4000 3
dmsetup status over
dmsetup suspend over
dmsetup reload over --table "0 8192 snapshot $LEG1 $LEG2 P 8"
dmsetup resume over
dmsetup status over
put h 5000 1
same
dmsetup remove over
sha256sum <$LEG2

echo "chunks of one sector, and many areas:"
leg 1M
NODE=$MAPPER/small
dmsetup create small --table "0 8192 snapshot $LEG1 $LEG3 P 1"
cp "$SCRATCH/text" "$SCRATCH/want"
for at in 7 100 50 200 300; do
    put i $at 21
done
dmsetup status small
same
dmsetup remove small
sha256sum <$LEG3

echo "a full one:"
leg 64k
leg 64k
NODE=$MAPPER/small
for word in PO P; do
    [ $word = PO ] && cow=$LEG4 || cow=$LEG5
    dmsetup create small --table "0 8192 snapshot $LEG1 $cow $word 16"
    cp "$SCRATCH/text" "$SCRATCH/want"
    put j 0 96
    dmsetup status small
    dd if=/dev/zero of=$NODE bs=512 seek=100 count=1 oflag=direct 2>&1 | grep -o 'Input/output error'
    dmsetup status small
    [ $word = P ] || same
    dd if=$NODE of=/dev/null bs=512 count=1 iflag=direct 2>&1 | grep -o 'Input/output error' || :
    dmsetup remove small
    sha256sum <"$cow"
done
dmsetup create small --table "0 8192 snapshot $LEG1 $LEG5 P 16"
dmsetup status small
dmsetup remove small

echo "something else:"
dmsetup create small --table "0 8192 snapshot $LEG1 $LEG1 P 16" 2>&1 | grep -o 'Invalid argument'
dd if="$SCRATCH/text" of=$LEG4 bs=64k count=1 2>/dev/null
dmsetup create small --table "0 8192 snapshot $LEG1 $LEG4 P 16" 2>&1 | grep -o 'No such device or address'

echo "one that forgets:"
leg 1M
NODE=$MAPPER/large
dmsetup create large --table "0 8192 snapshot $LEG1 $LEG6 N 128"
cp "$SCRATCH/text" "$SCRATCH/want"
put k 1000 3
dmsetup table large | plain
dmsetup status large
same
dmsetup remove large
