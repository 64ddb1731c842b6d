#!/bin/sh
# Every command of docs/recovery.md, on images that are made for it, as an ordinary user; the images stay as they were.
# engine: file
. "${0%/*}/lib.sh"
need dmraid raid-images mkfs.ext4 e2fsck debugfs awk sha256sum
need_files
MAPPER=$XDG_RUNTIME_DIR/dmkit/mapper
export MAPPER
DEVICES=
PAGE=${0%/*}/recovery.md
[ -r "$PAGE" ] || PAGE=${0%/*}/../../docs/recovery.md
cd "$SCRATCH"

# Each block as a file, its case and what else it wants in the name.
awk '
    /^<!-- run: / { nth++; want = $3 " " $4; next }
    /^```sh$/ && want { file = sprintf("block%02d", nth); print want >(file ".want"); on = 1; want = ""; next }
    /^```$/ { on = 0; next }
    on { print >file }
' "$PAGE"

for block in block??; do
    read -r case fill <"$block.want"
    mkdir "work-$block"
    raid-images make "$case" "work-$block"
    cd "work-$block"
    if [ "$fill" = ext4 ]; then
        echo "Dear reader, it is all there." >letter.txt
        dmraid -ay disk*.img >/dev/null
        set=$(dmraid -s -c disk*.img)
        mkfs.ext4 -q -F -b 1024 "$MAPPER/$set"
        debugfs -w -R "write letter.txt letter" "$MAPPER/$set" >/dev/null 2>&1
        dmraid -an disk*.img
    fi
    sha256sum disk*.img >before
    echo "== $block: $case"
    sh -eux "../$block" >said 2>&1 && echo "works" || cat said
    case $fill in ext4) grep -c 'it is all there' said ;; esac
    grep -E '^(erased|restored)$' said || :
    sha256sum --quiet -c before && echo "untouched"
    cd ..
    rm -rf "work-$block"
done
dmsetup ls
