# How long dmsetup takes from its start to its end, on the kernel's device-mapper with 0, 1 and more devices:
# ours and the original's in turns. Set by the caller: ROUNDS, RUNS, MANY.
. /lab/bench/lib.sh
export DMKIT_ENGINE=kernel

# batch TOOL ARGUMENT...: the hundredths of a second that $RUNS runs take.
batch() {
    start=$(now)
    run=0
    while [ $run -lt $RUNS ]; do
        "$@" >/dev/null 2>&1
        run=$((run + 1))
    done
    echo $(($(now) - start))
}

compare() {
    for words in info ls table "info bench0"; do
        [ "$words" = "info bench0" ] && [ $1 = 0 ] && continue
        name=$(echo $words | tr ' ' _)
        round=1
        while [ $round -le "$ROUNDS" ]; do
            measured time ours.$1.$name $round $(batch $OURS $words)
            measured time theirs.$1.$name $round $(batch $ORIGINAL $words)
            round=$((round + 1))
        done
    done
    echo "$1 devices"
}

compare 0
$ORIGINAL create bench0 --table "0 8 linear /dev/ram0 0"
compare 1
concise=
number=1
while [ $number -lt "$MANY" ]; do
    concise="$concise;bench$number,,,rw,0 8 linear /dev/ram0 0"
    number=$((number + 1))
done
start=$(now)
$ORIGINAL create --concise "${concise#;}"
measured time made.$MANY.create 1 $(($(now) - start))
RUNS=$RUNS_MANY
compare $MANY
$ORIGINAL remove_all
