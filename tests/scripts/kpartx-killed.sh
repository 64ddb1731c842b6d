#!/bin/sh
# A kpartx that is killed at any of its system calls: the next `kpartx -d` cleans up all of it. Also one that was to
# add over what is there, to update, and to remove.
# engine: any
. "${0%/*}/lib.sh"
. "${0%/*}/lib-killed.sh"

killed alone -a
killed over -a
killed over -u -p x
killed over -d
dmsetup remove held
