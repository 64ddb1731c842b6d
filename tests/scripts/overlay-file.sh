#!/bin/sh
# The same as overlay.sh, as an ordinary user: the mapped devices are files.
# engine: file
[ -c /dev/fuse ] || { echo "skipped: no /dev/fuse"; exit 77; }
[ -n "${XDG_RUNTIME_DIR:-}" ] || { echo "skipped: no XDG_RUNTIME_DIR"; exit 77; }
MAPPER=$XDG_RUNTIME_DIR/dmkit/mapper
. "${0%/*}/overlay.sh"
