#!/bin/sh
# A disk of two partitions: listed, mapped, renamed, updated after one has gone, and unmapped, as scripts do it.
. "${0%/*}/lib.sh"
need kpartx losetup dd awk
DEVICES=
leg 4M

# entry NUMBER TYPE START COUNT: an entry of a DOS label, in octal bytes.
le() { printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }
put() { dd of="$LEG" bs=1 seek="$1" conv=notrunc 2>/dev/null; }
entry() {
    printf "\\000\\000\\000\\000\\$2\\000\\000\\000$(le "$3")$(le "$4")" | put $((446 + 16 * ($1 - 1)))
}
# base: what the disk is called becomes BASE.
base() { sed "s,${LEG#/dev/},BASE,g" | plain; }
table() { dmsetup table | grep "^${LEG#/dev/}" | base | sort; }

printf '\125\252' | put 510
entry 1 203 2048 2048
entry 2 203 4096 1024
kpartx -l "$LEG" | base
kpartx -av "$LEG" >"$SCRATCH/out"
awk '/^add map/ { print NF, $3, $6, $9 }' "$SCRATCH/out" | base
[ -b "$MAPPER/${LEG#/dev/}p1" ] && [ -b "$MAPPER/${LEG#/dev/}p2" ] && echo "both open"
echo "on the second" | dd of="$MAPPER/${LEG#/dev/}p2" conv=fsync 2>/dev/null
dd if="$LEG" bs=512 skip=4096 count=1 iflag=direct 2>/dev/null | head -n 1

# Another delimiter renames; -u with the usual one names them back and removes what is no more.
kpartx -a -p -part "$LEG"
table
entry 2 000 0 0
kpartx -u "$LEG"
table
kpartx -a -r "$LEG"
kpartx -dv -p zz "$LEG" | base
kpartx -dv "$LEG"
echo "again: $?"
table
