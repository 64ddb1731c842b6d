#!/bin/sh
# An ordinary user's kpartx, killed at any of its system calls: the next `kpartx -d` cleans up all of it.
# engine: file
. "${0%/*}/lib.sh"
need_files
. "${0%/*}/lib-killed.sh"

killed alone -a
killed over -a
killed over -u -p x
killed over -d
dmsetup remove held
